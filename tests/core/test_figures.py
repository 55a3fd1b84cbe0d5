"""Figures of small groups: known values, what they refuse, and that the intervals hold what they claim."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bot.core import figures
from bot.core.figures import (
    MissingLibraries,
    cliffs_delta,
    difference,
    kaplan_meier,
    overlap,
    t_interval,
    wilson,
)

_ANSWERS = st.lists(st.integers(1, 7), min_size=1, max_size=40)


def test_a_share_of_none_or_all_ends_there_and_not_beside_it() -> None:
    for n in range(1, 200):
        assert (wilson(0, n).low, wilson(n, n).high) == (0.0, 1.0)


def test_a_share_has_wilsons_interval() -> None:
    found = wilson(8, 10)
    assert (found.n, found.hits, found.share) == (10, 8, 0.8)
    assert (round(found.low, 4), round(found.high, 4)) == (0.4902, 0.9433)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_within_its_interval_and_that_within_nothing_and_all(given_: tuple[int, int]) -> None:
    found = wilson(*given_)
    known = stats.binomtest(*given_).proportion_ci(0.95, method="wilson")
    assert (found.low, found.high) == (
        pytest.approx(known.low, abs=1e-9),
        pytest.approx(known.high, abs=1e-9),
    )
    assert 0 <= found.low <= found.share + 1e-12
    assert found.share - 1e-12 <= found.high <= 1


@pytest.mark.parametrize(("hits", "n"), [(1, 0), (0, 0), (3, 2), (-1, 4)])
def test_a_share_of_nothing_is_refused(hits: int, n: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        wilson(hits, n)


def test_a_mean_has_students_interval() -> None:
    found = t_interval([4, 5, 6, 7, 3])
    assert (found.n, found.mean) == (5, 5.0)
    assert found.low is not None
    assert found.high is not None
    assert (round(found.low, 3), round(found.high, 3)) == (3.037, 6.963)  # t = 2.776 at 4 degrees


def test_one_answer_has_a_mean_and_no_interval() -> None:
    found = t_interval([6])
    assert (found.mean, found.low, found.high) == (6.0, None, None)
    with pytest.raises(ValueError, match="nothing"):
        t_interval([])


def test_of_many_small_groups_about_95_in_100_intervals_hold_the_truth() -> None:
    """At six answers, where the percentile bootstrap holds 86 in 100."""
    chance = random.Random(5)
    values, weights = [1, 2, 3, 4, 5, 6, 7], [1, 2, 4, 6, 6, 4, 2]
    truth = sum(v * w for v, w in zip(values, weights, strict=True)) / sum(weights)
    held = 0
    for _ in range(2000):
        found = t_interval(chance.choices(values, weights, k=6))
        assert found.low is not None
        assert found.high is not None
        held += found.low <= truth <= found.high
    assert 0.93 <= held / 2000 <= 0.97


def test_a_difference_has_welchs_interval() -> None:
    found = difference([4, 5, 6, 5, 4, 6], [6, 7, 6, 5, 7])
    assert (found.n_first, found.n_second, round(found.difference, 3)) == (6, 5, 1.2)
    known = stats.ttest_ind([6, 7, 6, 5, 7], [4, 5, 6, 5, 4, 6], equal_var=False).confidence_interval(0.95)
    assert (found.low, found.high) == (pytest.approx(known.low), pytest.approx(known.high))
    assert difference([4], [6, 7]).low is None
    assert difference([4, 4], [4, 4]).high == 0.0
    with pytest.raises(ValueError, match="nothing"):
        difference([], [1])


@given(_ANSWERS, _ANSWERS)
def test_cliffs_delta_counts_every_pair(first: list[int], second: list[int]) -> None:
    found = cliffs_delta(first, second)
    higher = sum(b > a for a in first for b in second) / (len(first) * len(second))
    lower = sum(b < a for a in first for b in second) / (len(first) * len(second))
    assert found.higher == pytest.approx(higher)
    assert found.lower == pytest.approx(lower)
    assert found.equal == pytest.approx(1 - higher - lower)
    assert found.delta == pytest.approx(higher - lower)
    back = cliffs_delta(second, first)
    assert back.delta == pytest.approx(-found.delta)


def test_an_empty_group_is_compared_with_nothing() -> None:
    with pytest.raises(ValueError, match="empty"):
        overlap({1: 2}, {})


def test_waits_that_go_on_count_for_as_long_as_they_have_lasted() -> None:
    found = kaplan_meier([1, 2, 2, 4, 5, 7], [True, True, False, True, False, True])
    assert (found.n, found.over, found.median) == (6, 4, 4.0)
    assert [(step.at, round(step.waiting, 4), step.at_risk) for step in found.steps] == [
        (1.0, 0.8333, 6),
        (2.0, 0.6667, 5),
        (4.0, 0.4444, 3),
        (7.0, 0.0, 1),
    ]
    assert all(0 <= step.low <= step.waiting <= step.high <= 1 for step in found.steps)


def test_where_most_still_wait_there_is_no_median() -> None:
    assert kaplan_meier([1, 5, 5, 5], [True, False, False, False]).median is None
    nobody = kaplan_meier([3, 4], [False, False])
    assert (nobody.n, nobody.over, nobody.steps, nobody.median) == (2, 0, (), None)
    with pytest.raises(ValueError, match="own word"):
        kaplan_meier([1, 2], [True])


@given(
    st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=30),
)
def test_a_curve_only_falls_and_its_numbers_at_risk_as_well(waits: list[tuple[int, bool]]) -> None:
    found = kaplan_meier([wait for wait, _ in waits], [over for _, over in waits])
    assert found.over == sum(over for _, over in waits)
    shares = [step.waiting for step in found.steps]
    risks = [step.at_risk for step in found.steps]
    assert shares == sorted(shares, reverse=True)
    assert risks == sorted(risks, reverse=True)
    assert all(step.low <= step.waiting + 1e-9 and step.waiting <= step.high + 1e-9 for step in found.steps)


def test_without_the_library_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "find_spec", lambda _name: None)
    assert not figures.available()
    with pytest.raises(MissingLibraries, match="reports"):
        wilson(1, 2)
    assert cliffs_delta([1], [2]).higher == 1.0


def test_importing_the_figures_imports_no_library() -> None:
    said = (
        "import sys, bot.core.figures; print(any(n.split('.')[0] in ('scipy', 'numpy') for n in sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert ended.stdout == "False\n"
