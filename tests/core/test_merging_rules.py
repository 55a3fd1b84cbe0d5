"""Problems that go on as one are a forest: no ring closes, and parting undoes joining in any order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.problems.merging_rules import joined, parted, root_of, within

SOME = st.integers(0, 7)
PAIRS = st.lists(st.tuples(SOME, SOME), max_size=20)


def forest(pairs: list[tuple[int, int]]) -> dict[int, int]:
    """As many of these pairs as may be joined one after another."""
    into: dict[int, int] = {}
    for one, other in pairs:
        try:
            into = joined(into, one, other)
        except ValueError:
            assert one in into or root_of(into, other) == one
    return into


@given(PAIRS)
def test_everything_goes_on_in_one_problem_that_goes_on_by_itself(pairs: list[tuple[int, int]]) -> None:
    into = forest(pairs)
    for one in range(8):
        root = root_of(into, one)
        assert root not in into
        assert one in within(into, root)
    roots = [one for one in range(8) if one not in into]
    assert sorted(each for root in roots for each in within(into, root)) == list(range(8))


@given(PAIRS, SOME, SOME)
def test_parting_is_the_way_back_from_joining(pairs: list[tuple[int, int]], one: int, other: int) -> None:
    into = forest(pairs)
    if one not in into and root_of(into, other) != one:
        assert parted(joined(into, one, other), one) == into


@given(PAIRS, SOME)
def test_what_went_into_it_stays_with_it_when_it_parts(pairs: list[tuple[int, int]], one: int) -> None:
    into = forest(pairs)
    assert within(parted(into, one), one) == within(into, one)


@pytest.mark.parametrize("into", [{}, {2: 1}, {2: 3, 3: 1}])
def test_a_ring_is_refused(into: dict[int, int]) -> None:
    with pytest.raises(ValueError, match="itself"):
        joined(into, 1, 2 if into else 1)


def test_nothing_goes_on_in_two_problems() -> None:
    with pytest.raises(ValueError, match="already"):
        joined({1: 2}, 1, 3)
