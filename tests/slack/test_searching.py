"""Problems by words: a page at a time, only what is published, and no word of it in a log."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.problems import similar
from bot.core.refusal import Refusal
from bot.slack.searching import views
from bot.slack.shown import Shown
from bot.words import Words
from tests.company import published, raised
from tests.slack import limits
from tests.slack.conftest import Office
from tests.slack.test_reading import whisper

ENGLISH = Words.of("en")


@pytest.fixture
def features() -> Sequence[str]:
    return ("raising", "reading", "searching", "help")


def there_are(office: Office, *titles: str) -> None:
    with office.sessions.begin() as session:
        for title in titles:
            published(session, office.kit, office.now, title=title)
        raised(session, office.kit, office.now, title="Releases that only stewards know of")
    similar.keep_up(office.sessions, office.bot.similar, office.kit.randomness)


def test_what_is_published_is_found_page_after_page_and_no_word_is_logged(lite_office: Office) -> None:
    there_are(lite_office, *(f"Releases surprise us in area {n}" for n in range(9)))
    first = whisper(lite_office.slash("niamh", "search releases quixotic"))
    assert "What speaks of “releases quixotic”" in first["text"]
    assert first["text"].count("Releases surprise us") == 7
    assert "only stewards" not in first["text"]
    second = lite_office.practice.press("niamh", views.MORE)
    said = whisper(second)["text"]
    assert said.count("Releases surprise us") == 2
    assert not set(first["text"].splitlines()[1:8]) & set(said.splitlines()[1:])
    assert "quixotic" not in str(lite_office.log)
    lite_office.practice.assert_no_objections()


def test_nothing_found_offers_to_raise_it_and_no_words_say_how(lite_office: Office) -> None:
    there_are(lite_office, "Releases surprise us")
    said = whisper(lite_office.slash("niamh", "search a leaking coffee machine"))
    assert "Nothing published speaks of that" in said["text"]
    outcome = lite_office.practice.press("niamh", "raise.open_again")
    assert "a leaking coffee machine" in str(outcome.views[-1])
    assert "search WORDS" in whisper(lite_office.slash("niamh", "search"))["text"]
    lite_office.practice.assert_no_objections()


@given(
    said=limits.hostile(4000), title=limits.hostile(), start=st.sampled_from([0, 7, 9999]), more=st.booleans()
)
@settings(max_examples=60, deadline=None)
def test_any_page_fits_and_its_button_brings_the_same_words_back(
    said: str, title: str, start: int, more: bool
) -> None:
    words = views.searched(said)
    found = [Shown(id=n, title=title, number=n) for n in range(1, 8)]
    for page in (found, []):
        text, blocks = views.page(ENGLISH, words, page, start=start, more=more)
        limits.check_message(text, blocks)
        limits.check_view(views.form(ENGLISH, (text, blocks)))
        for button in limits.buttons(blocks):
            if button["action_id"] == views.MORE and words:
                assert views.read_more(button["value"]) == (min(start + 7, 10_000), words)


@pytest.mark.parametrize("value", ["", "x", "7", "7:", "-1:a", "999999:a", "٣:a"])
def test_a_button_that_is_none_of_ours_is_refused(value: str) -> None:
    with pytest.raises(Refusal):
        views.read_more(value)


def test_right_after_a_start_it_says_so() -> None:
    text, _ = views.page(ENGLISH, "releases", [], start=0, more=False, ready=False)
    assert "again in a few seconds" in text


def test_line_breaks_and_gaps_are_one_space() -> None:
    assert views.searched("  two   words \n") == "two words"
