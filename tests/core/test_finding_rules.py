"""What a finding says beside its verdict, and what may never happen to either."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.problems.breadth_rules import Breadth, band, effective_teams
from bot.core.problems.naming_rules import fold
from bot.core.problems.rules import (
    Answer,
    Evidence,
    Mechanism,
    Overrule,
    Ownership,
    Verdict,
    agreed_ownership,
    find,
    public_hours,
    why_it_stays,
)

BREADTHS = [None, *Breadth]
TEAMS = tuple("ABCDEFGH")


def said(by: str | None, *teams: str, ownership: Ownership | None = None) -> Answer:
    return Answer(by, frozenset(teams), ownership)


voices = st.integers(1, 40)
team = st.sampled_from(TEAMS)
felt_by = st.dictionaries(team, voices, max_size=6)
answer = st.builds(
    Answer,
    by_team=st.none() | team,
    teams=st.frozensets(team, max_size=5),
    ownership=st.none() | st.sampled_from(Ownership),
    by_steward=st.booleans(),
)
evidence = st.builds(
    Evidence,
    felt=felt_by,
    elsewhere=st.integers(0, 30),
    unplaced=st.integers(0, 1),
    answers=st.lists(answer, max_size=6),
    function_of=st.dictionaries(team, st.sampled_from(["x", "y", "z"])),
    asked_said_no=st.frozensets(team, max_size=4),
    attempts=st.integers(0, 5),
    not_ours=st.integers(0, 5),
    came_back=st.integers(0, 5),
    mechanisms=st.dictionaries(st.sampled_from(Mechanism), st.integers(0, 9)),
    hours=st.lists(st.tuples(st.floats(0, 10), st.floats(10, 40)), max_size=6),
)


@given(evidence)
def test_every_evidence_gets_an_answer_that_says_why_it_is_early_exactly_where_it_is(e: Evidence) -> None:
    found = find(e)
    assert (found.verdict is Verdict.TOO_EARLY) is (found.why_early is not None)
    assert not (found.likely and found.why_early)


@given(evidence, team)
def test_a_confirmation_from_a_new_team_never_lowers_breadth(e: Evidence, new: str) -> None:
    if new in e.felt:
        e = dataclasses.replace(e, felt={t: count for t, count in e.felt.items() if t != new})
    more = dataclasses.replace(e, felt={**e.felt, new: 1})
    before, after = find(e), find(more)
    assert effective_teams(more.felt) > effective_teams(e.felt)
    assert BREADTHS.index(after.teams) >= BREADTHS.index(before.teams)
    assert BREADTHS.index(after.functions) >= BREADTHS.index(before.functions)


@given(evidence, st.permutations(TEAMS))
def test_other_names_and_another_order_change_nothing(e: Evidence, names: list[str]) -> None:
    other = dict(zip(TEAMS, names, strict=True))
    renamed = Evidence(
        felt={other[t]: count for t, count in reversed(e.felt.items())},
        elsewhere=e.elsewhere,
        unplaced=e.unplaced,
        answers=[
            dataclasses.replace(
                a,
                by_team=a.by_team and other[a.by_team],
                teams=frozenset(other[t] for t in a.teams),
            )
            for a in reversed(e.answers)
        ],
        function_of={other[t]: f"not {function}" for t, function in e.function_of.items()},
        asked_said_no=frozenset(other[t] for t in e.asked_said_no),
        attempts=e.attempts,
        not_ours=e.not_ours,
        came_back=e.came_back,
        mechanisms=dict(reversed(e.mechanisms.items())),
        hours=list(reversed(e.hours)),
    )
    assert find(renamed) == find(e)


@given(st.integers(2, 500), st.integers(2, 25), st.integers(0, 1), st.frozensets(team, max_size=4))
def test_any_number_of_people_of_one_team_stay_local(
    people: int, answering: int, unplaced: int, asked: frozenset[str]
) -> None:
    found = find(
        Evidence(
            felt={"A": people}, unplaced=unplaced, answers=[said("A", "A")] * answering, asked_said_no=asked
        )
    )
    assert (found.verdict, found.teams, found.likely) == (Verdict.TEAM_LOCAL, Breadth.ONE, False)


@given(felt_by, team, st.integers(0, 1000))
def test_more_voices_from_one_team_never_make_more_than_the_teams_there_are(
    felt: dict[str, int], loud: str, more: int
) -> None:
    louder = {**felt, loud: felt.get(loud, 0) + more}
    teams = sum(1 for count in louder.values() if count)
    assert effective_teams(louder) <= teams + 1e-9
    if teams == 1:
        assert find(Evidence(felt=louder)).teams is Breadth.ONE


@given(evidence)
def test_no_more_functions_feel_it_than_teams(e: Evidence) -> None:
    found = find(e)
    assert BREADTHS.index(found.functions) <= BREADTHS.index(found.teams)


@given(evidence)
def test_once_anybody_says_nobody_owns_it_one_team_can_is_no_finding(e: Evidence) -> None:
    nobody = said("A", ownership=Ownership.NOBODY)
    assert find(dataclasses.replace(e, answers=[*e.answers, nobody])).ownership is not Ownership.ONE_TEAM


@given(evidence, team)
def test_asking_one_more_team_never_takes_a_verdict_away(e: Evidence, asked: str) -> None:
    before = find(e)
    after = find(dataclasses.replace(e, asked_said_no=e.asked_said_no | {asked}))
    if before.verdict is not Verdict.TOO_EARLY:
        assert after == before


def test_ownership_goes_by_most_answers_and_the_further_of_a_tie() -> None:
    def agreed(*words: Ownership | None) -> Ownership | None:
        return agreed_ownership([said("A", ownership=word) for word in words])

    one, cannot, contested, nobody = Ownership
    assert agreed() is None
    assert agreed(None, None) is None
    assert agreed(one, one, contested) is one
    assert agreed(one, cannot) is cannot
    assert agreed(cannot, contested) is contested
    assert agreed(one, one, one, nobody) is nobody
    assert agreed(contested, contested, nobody) is contested


def test_the_mechanism_is_what_most_tapped_and_a_tie_says_nothing() -> None:
    assert why_it_stays({}) is None
    assert why_it_stays({Mechanism.COMMONS: 0}) is None
    assert why_it_stays({Mechanism.COMMONS: 2, Mechanism.COUPLING: 1}) is Mechanism.COMMONS
    assert why_it_stays({Mechanism.COMMONS: 2, Mechanism.COUPLING: 2}) is None


def test_hours_are_added_up_and_rounded_outward() -> None:
    assert public_hours([(2, 4)] * 5) == (10, 20)
    assert public_hours([(11, 19), (11, 19), (12, 20)]) == (30, 60)
    assert public_hours([(0, 0.2)] * 3) == (0, 1)


def test_the_hours_of_fewer_than_three_people_are_not_public() -> None:
    assert public_hours([(2, 4)] * 2) is None
    assert public_hours([(2, 4)] * 3) == (6, 15)


@given(st.lists(st.tuples(st.floats(0, 80), st.floats(80, 168)), min_size=3, max_size=200))
def test_public_hours_hold_what_was_given(ranges: list[tuple[float, float]]) -> None:
    shown = public_hours(ranges)
    assert shown is not None
    assert shown[0] <= sum(low for low, _ in ranges) + 1e-6
    assert shown[1] >= sum(high for _, high in ranges) - 1e-6


def test_hours_past_all_reason_still_have_a_round_number() -> None:
    assert public_hours([(1e9, 1e9)] * 3) == (80_000, 80_000)


@pytest.mark.parametrize(
    ("people", "expected"),
    [(0, "<10"), (1, "<10"), (9, "<10"), (10, "10-19"), (19, "10-19"), (20, "20+")],
)
def test_people_come_in_bands(people: int, expected: str) -> None:
    assert band(people) == expected


@pytest.mark.parametrize(
    ("teams", "breadth"), [(1, "one"), (2, "two"), (3, "several"), (4, "several"), (5, "many"), (8, "many")]
)
def test_breadth_comes_in_words(teams: int, breadth: str) -> None:
    felt = dict.fromkeys(TEAMS[:teams], 2)
    found = find(Evidence(felt=felt, function_of={t: f"of {t}" for t in TEAMS}))
    assert (found.teams, found.functions) == (breadth, breadth)


def test_a_thin_second_team_makes_no_second_function() -> None:
    felt, function_of = {"A": 25, "B": 1}, {"A": "x", "B": "y"}
    assert find(Evidence(felt=felt, function_of=function_of)).functions is Breadth.ONE


@given(st.lists(voices, max_size=40))
def test_the_order_of_teams_does_not_show_in_the_last_digit(counts: list[int]) -> None:
    felt = {f"team {n}": count for n, count in enumerate(counts)}
    assert effective_teams(dict(reversed(felt.items()))) == effective_teams(felt)


def test_functions_that_nobody_knows_are_not_counted() -> None:
    assert find(Evidence(felt={"A": 1, "B": 1})).functions is None
    assert find(Evidence(felt={"A": 1, "B": 1}, function_of={"A": "x"})).functions is Breadth.ONE


@pytest.mark.parametrize("sentence", ["", "  \n", "\u200b\u2060", "...", "\u00ad"])
def test_an_overrule_without_a_sentence_is_refused(sentence: str) -> None:
    with pytest.raises(ValueError, match="sentence"):
        Overrule(Verdict.TEAM_LOCAL, sentence)


def test_an_overrule_speaks_any_language() -> None:
    assert Overrule(Verdict.TEAM_LOCAL, "一个团队可以解决").verdict is Verdict.TEAM_LOCAL


def test_a_threshold_can_be_raised_but_not_lowered() -> None:
    felt, sizes = {"A": 3, "B": 1, "C": 2}, {"A": 5, "B": 4}
    assert (fold(felt, sizes).named, fold(felt, sizes).small) == ({"A": 3}, 3)
    assert (fold(felt, sizes, k=6).named, fold(felt, sizes, k=6).small) == ({}, 6)
    with pytest.raises(ValueError, match="never lowered"):
        fold(felt, sizes, k=4)


@given(felt_by, st.dictionaries(team, st.integers(0, 12)), st.integers(5, 12), st.integers(0, 5))
def test_folding_names_no_small_team_and_loses_no_voice(
    felt: dict[str, int], sizes: dict[str, int], k: int, more: int
) -> None:
    folded, stricter = fold(felt, sizes, k), fold(felt, sizes, k + more)
    assert sum(folded.named.values()) + folded.small == sum(felt.values())
    assert all(sizes[t] >= k and folded.named[t] == felt[t] for t in folded.named)
    assert all(t in folded.named for t in felt if sizes.get(t, 0) >= k)
    assert stricter.named.keys() <= folded.named.keys()
