"""What a text comes to for comparing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.problems.likeness_rules import folded, ideas_from, key, terms, told, words_of
from bot.core.problems.similar_models import model_named

IDEAS = ideas_from("release: releas* | auslieferung* | lanza*\nwait: wait*, queue | wart* | esper*\nui: ui\n")


def test_capitals_accents_and_endings_do_not_matter() -> None:
    assert terms("Übersetzungen FEHLEN") == terms("ubersetzung fehlend")
    assert terms("releases") == terms("RELEASED")
    assert folded("Straße Él") == "strasse el"


def test_words_that_say_nothing_are_left_out_in_four_languages() -> None:
    assert terms("and the of und der die los las que les des") == []


def test_a_script_without_spaces_is_read_two_characters_at_a_time() -> None:
    assert list(words_of("顧客の声")) == ["顧客", "客の", "の声"]


def test_an_idea_is_known_by_its_words_in_every_language_and_in_compounds() -> None:
    assert IDEAS.of("released") == IDEAS.of("auslieferungen") == IDEAS.of("lanzamos") == {"release"}
    assert IDEAS.of("queue") == IDEAS.of("warten") == {"wait"}
    assert IDEAS.of("queues") == frozenset()
    assert IDEAS.of("warteauslieferung") == {"wait", "release"}
    assert IDEAS.names == ("release", "wait", "ui")


@pytest.mark.parametrize("line", ["no colon", ": words", "name:"])
def test_a_line_that_is_wrong_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="line 2"):
        ideas_from(f"fine: word\n{line}")


def test_a_hash_is_the_same_on_every_machine() -> None:
    assert key("releas") == 754765380


@given(st.text(max_size=300))
def test_anything_can_be_read(text: str) -> None:
    found = terms(text)
    assert found == sorted(set(found))
    assert all(0 <= each < 2**32 for each in found)
    for word in told(text):
        IDEAS.of(word)


def test_the_ideas_that_we_ship_can_be_read_and_each_has_a_word() -> None:
    model = model_named("ideas")
    assert model is not None
    assert model.size > 100
    vectors = model.vectors(["We wait for the release", "Wir warten auf die Auslieferung", ""])
    assert vectors.shape == (3, model.size)
    assert not vectors[2].any()
    assert (vectors[0] * vectors[1]).sum() > 0
