"""Examples: "does this sound familiar?", by function, and the form that starts from one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings

from bot.core.problems import catalogue
from bot.core.problems.catalogue import EXAMPLES_MOST, FUNCTIONS_MOST, Example, Function, Malformed
from bot.core.problems.rules import Mechanism
from bot.slack.examples import views
from bot.words import Words
from tests.slack.conftest import Office
from tests.slack.limits import check_view, hostile

WORDS = Words.of("en")


@pytest.fixture
def ours() -> Iterator[None]:
    yield
    catalogue.use(None)


def test_examples_are_shown_by_function_and_one_starts_the_form(lite_office: Office) -> None:
    office = lite_office
    first = office.slash("priya", "examples").views[-1]
    function = catalogue.catalogue()[7]
    assert catalogue.catalogue()[0].examples[0].problem[:40] in json.dumps(first)
    office.practice.choose("priya", views.PICK, function.code)
    assert function.examples[1].problem[:40] in json.dumps(office.practice.views("priya")[-1])
    form = office.practice.press("priya", f"{views.START}:1").views[-1]
    assert function.examples[1].problem[:40] in json.dumps(form)
    assert form["callback_id"] != views.FORM


def test_every_function_of_ours_fits_into_the_form() -> None:
    for function in catalogue.catalogue():
        check_view(views.examples_form(WORDS, catalogue.catalogue(), function))


@given(hostile(75), hostile(300), hostile(200))
@settings(max_examples=15, deadline=None)
def test_a_whole_catalogue_of_anybody_s_words_fits(name: str, about: str, problem: str) -> None:
    examples = tuple([Example(problem, (name,) * 5, Mechanism.COMMONS)] * EXAMPLES_MOST)
    functions = [Function(str(n), f"{n} {name}"[:75], about, examples) for n in range(FUNCTIONS_MOST)]
    check_view(views.examples_form(WORDS, functions, functions[-1]))


@pytest.mark.usefixtures("ours")
def test_an_operator_s_own_file_takes_its_place_as_examples_and_labels(tmp_path: Path) -> None:
    path = tmp_path / "own.yml"
    path.write_text(
        "- {code: A, name: Clinics, about: What clinics share, examples: [{problem: Two lists of beds., "
        "teams: [Wards], mechanism: coupling}]}\n",
        encoding="utf-8",
    )
    catalogue.use(path)
    assert [each.name for each in catalogue.catalogue()] == ["Clinics"]
    assert catalogue.named("F1") is None


@pytest.mark.parametrize(
    "written", ["", "[]", "a: b", "- 3", "- {code: A}", "[", "- {code: A, name: B, about: C, examples: 3}"]
)
def test_a_file_that_can_t_be_used_is_refused_with_the_reason(tmp_path: Path, written: str) -> None:
    path = tmp_path / "own.yml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(Malformed, match="it "):
        catalogue.use(path)
    assert len(catalogue.catalogue()) == 16


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="can't be read"):
        catalogue.use(tmp_path / "none.yml")
