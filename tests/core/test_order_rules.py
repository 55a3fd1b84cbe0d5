"""The order inside "no single team": the printed weights, the pull to the middle, hours and freshness."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.problems.order_rules import (
    FIRST_PRIOR,
    WEIGHTS,
    Distance,
    distance,
    freshness,
    hours_order,
    is_stale,
    once,
    raw_score,
    running_prior,
    score,
)
from bot.core.problems.rules import Answer, Evidence, Ownership, find

NEAR = Distance(1, 1, Ownership.ONE_TEAM, 1, 0, 0, 0)
FAR = Distance(4, 5, Ownership.NOBODY, 3, 3, 3, 3)

distances = st.builds(
    Distance,
    needed=st.floats(0, 20),
    effective=st.floats(0, 20),
    ownership=st.none() | st.sampled_from(Ownership),
    functions=st.floats(0, 10),
    attempts=st.integers(0, 9),
    not_ours=st.integers(0, 9),
    came_back=st.integers(0, 9),
)


def test_the_weights_add_up_to_a_hundred() -> None:
    assert sum(signal.points for signal in WEIGHTS) == 100
    assert (raw_score(NEAR), raw_score(FAR)) == (0, 100)


@pytest.mark.parametrize(
    ("change", "points"),
    [
        ({"needed": 2}, 10),
        ({"needed": 3}, 20),
        ({"needed": 4}, 30),
        ({"needed": 12}, 30),
        ({"effective": 1.8}, 4),
        ({"effective": 5}, 20),
        ({"effective": 9}, 20),
        ({"ownership": Ownership.ONE_BUT_CANNOT}, 9),
        ({"ownership": Ownership.CONTESTED}, 12),
        ({"ownership": Ownership.NOBODY}, 15),
        ({"ownership": None}, 0),
        ({"functions": 2}, 5),
        ({"functions": 3}, 10),
        ({"functions": 5}, 10),
        ({"attempts": 3}, 10),
        ({"attempts": 7}, 10),
        ({"not_ours": 3}, 10),
        ({"came_back": 3}, 5),
        ({"came_back": 4}, 5),
    ],
)
def test_each_signal_earns_its_printed_points(change: dict[str, float], points: float) -> None:
    assert raw_score(NEAR._replace(**change)) == pytest.approx(points)


@given(distances)
def test_a_raw_score_stays_between_nothing_and_a_hundred(d: Distance) -> None:
    assert 0 <= raw_score(d) <= 100


@given(distances, st.sampled_from(["needed", "effective", "functions", "attempts", "not_ours", "came_back"]))
def test_further_from_one_teams_reach_never_scores_less(d: Distance, signal: str) -> None:
    assert raw_score(d._replace(**{signal: getattr(d, signal) + 1})) >= raw_score(d)


def test_without_any_evidence_a_problem_scores_the_prior() -> None:
    assert score(Evidence(felt={}), None) == FIRST_PRIOR
    assert score(Evidence(felt={}), None, prior=60) == 60


def evidence(teams: int) -> Evidence:
    answers = [Answer("A", frozenset("WXYZ")), Answer("B", frozenset("WXYZ"))]
    return Evidence(
        felt={f"team {n}": 1 for n in range(teams)},
        answers=answers,
        function_of={"W": "one", "X": "two", "Y": "three", "Z": "three"},
        attempts=3,
        not_ours=3,
        came_back=3,
    )


def test_little_evidence_is_pulled_to_the_middle() -> None:
    # One team: 30 + 0 + 15 + 10 + 10 + 10 + 5 = 80 raw, so (1 * 80 + 2 * 45) / 3.
    assert score(evidence(1), Ownership.NOBODY) == pytest.approx(170 / 3)
    # Five teams: 100 raw, so (5 * 100 + 2 * 45) / 7.
    assert score(evidence(5), Ownership.NOBODY) == pytest.approx(590 / 7)


def test_a_team_whose_voices_were_all_taken_back_is_no_evidence() -> None:
    undone = Evidence(felt={"A": 0, "B": 0}, attempts=3)
    assert score(undone, None) == FIRST_PRIOR


@given(st.integers(0, 30), st.floats(0, 100))
def test_a_score_lies_between_the_raw_one_and_the_prior(teams: int, prior: float) -> None:
    raw = raw_score(distance(evidence(teams), Ownership.NOBODY))
    low, high = sorted([raw, prior])
    assert low - 1e-9 <= score(evidence(teams), Ownership.NOBODY, prior) <= high + 1e-9


def test_needed_teams_and_functions_are_means_of_peoples_answers() -> None:
    e = dataclasses.replace(
        evidence(2),
        answers=[Answer("A", frozenset("WX")), Answer("B", frozenset("WXYZ")), Answer("C", frozenset())],
    )
    got = distance(e, None)
    assert (got.needed, got.functions, got.effective) == (3, 2.5, pytest.approx(2))


def test_the_running_mean_begins_at_forty_five_and_ends_at_the_workspaces_own() -> None:
    assert running_prior(0, 0) == 45
    assert running_prior(100, 1) == pytest.approx(50)
    assert running_prior(70 * 10_000, 10_000) == pytest.approx(70, abs=0.1)


def newsletter_and_train() -> tuple[Evidence, Evidence]:
    writers = dict.fromkeys("ABCDEF", 1)
    six = frozenset("ABCDEF")
    newsletter = Evidence(felt=writers, answers=[Answer("A", six), Answer("B", six)], hours=[(0, 0.5)] * 6)
    four = frozenset("ABCG")
    train = Evidence(
        felt={"A": 14, "B": 13, "C": 13}, answers=[Answer("A", four), Answer("B", four)], hours=[(1, 3)] * 40
    )
    return newsletter, train


def test_an_unread_newsletter_is_last_by_hours_though_not_by_score() -> None:
    newsletter, train = newsletter_and_train()
    assert find(newsletter).verdict is find(train).verdict
    assert hours_order(newsletter.hours) < hours_order(train.hours)
    assert score(newsletter, None) > score(train, None)


def test_the_order_by_hours_adds_up_the_middles() -> None:
    assert hours_order([]) == 0
    assert hours_order([(2, 4), (10, 20)]) == 18


def test_a_confirmation_counts_half_after_forty_five_days() -> None:
    assert freshness([]) == 0
    assert freshness([0]) == 1
    assert freshness([45 / 7, 45 / 7, 90 / 7]) == pytest.approx(1.25)


def test_a_lone_confirmation_goes_stale_after_ninety_days() -> None:
    assert not is_stale(freshness([12]))
    assert is_stale(freshness([13]))
    assert not is_stale(0.25)


def test_a_confirmation_from_the_future_is_new() -> None:
    assert freshness([-50]) == 1


@given(st.lists(st.floats(0, 300), max_size=30), st.floats(0, 300))
def test_one_more_confirmation_never_makes_a_problem_less_fresh(weeks: list[float], more: float) -> None:
    assert freshness([*weeks, more]) >= freshness(weeks)
    assert freshness(reversed(weeks)) == freshness(weeks)


_RANGES = st.lists(
    st.tuples(st.floats(0, 20), st.floats(0, 20)).map(lambda each: (min(each), max(each))), max_size=8
)


@given(_RANGES, st.integers(0, 10))
def test_ranges_that_may_be_there_twice_are_left_out_and_what_is_left_is_nobodys_own(
    given_: list[tuple[float, float]], twins: int
) -> None:
    left = once(given_, twins)
    assert len(left) == max(0, len(given_) - twins)
    assert all(low <= high for low, high in left)
    if not left or not twins:
        return
    assert len(set(left)) == 1
    assert sum(low for low, _ in left) <= sum(low for low, _ in given_) + 1e-9
    assert sum(high for _, high in left) == pytest.approx(sum(high for _, high in given_))
