"""The catalogue is whole: what people pick labels from, and start from."""

from __future__ import annotations

from bot.core.problems.catalogue import catalogue, named
from bot.core.problems.rules import Mechanism


def test_there_are_sixteen_functions_with_three_examples_each() -> None:
    functions = catalogue()
    assert [function.code for function in functions] == [f"F{number}" for number in range(1, 17)]
    assert {len(function.examples) for function in functions} == {3}
    assert all(example.problem and example.teams for function in functions for example in function.examples)


def test_every_name_fits_beside_a_menu_s_mark() -> None:
    assert all(len(function.name) <= 75 for function in catalogue())
    assert len({function.name for function in catalogue()}) == 16


def test_every_mechanism_has_examples() -> None:
    seen = {example.mechanism for function in catalogue() for example in function.examples}
    assert seen == set(Mechanism)


def test_a_code_finds_its_function_and_an_unknown_one_none() -> None:
    function = named("F8")
    assert function is not None
    assert function.name == "Dependencies and cross-team coordination"
    assert named("F17") is None
    assert named(None) is None
