"""Everything that people said of a problem is found, counted once, and made public with an edition alone."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.problems import acts, batch, breadth_rules, evidence, order_rules, rules, triage
from bot.core.problems.breadth_rules import Breadth
from bot.core.problems.records import (
    Answer,
    AnswerTeam,
    Asked,
    Confirmation,
    FeltBy,
    FollowUp,
    Problem,
    RaisedAs,
    State,
)
from bot.core.problems.rules import Mechanism, Ownership, Verdict, WhyEarly
from bot.core.problems.wording import Wording
from bot.core.store import Sessions, monday
from bot.core.teams.records import Function, Team

STEWARD = Actor("U0STEWARD", steward=True)
MONDAY = dt.date(2026, 11, 16)


def a_problem(session: Session, ident: int = 1, **values: Any) -> Problem:
    standing: dict[str, Any] = {
        "number": ident,
        "raised_as": RaisedAs.CONFIDENTIAL.value,
        "state": State.OPEN.value,
        "raised_week": MONDAY,
        "published_week": MONDAY,
        "title": f"Problem {ident}",
        "hardship": "It costs us a day.",
    }
    problem = Problem(id=ident, **{**standing, **values})
    session.add(problem)
    session.flush()
    return problem


def team(session: Session, ident: int, function: int | None = None) -> None:
    if function is not None and session.get(Function, function) is None:
        session.add(Function(id=function, name=f"Function {function}"))
        session.flush()
    session.add(Team(id=ident, name=f"Team {ident}", function_id=function))
    session.flush()


_voices = itertools.count(1)


def confirm(
    session: Session,
    problem: int,
    team: int | None,
    people: int = 1,
    *,
    week: dt.date = MONDAY,
    trusted: bool = True,
) -> None:
    for _ in range(people):
        voice = next(_voices).to_bytes(16, "big")
        session.add(Confirmation(problem_id=problem, voice=voice, team_id=team, trusted=trusted, week=week))
    session.flush()


_answers = itertools.count(1)


def answer(
    session: Session, problem: int, by: int | None, *teams: int, ownership: Ownership | None = None
) -> None:
    ident = next(_answers)
    session.add(Answer(id=ident, problem_id=problem, by_team_id=by, ownership=ownership))
    session.flush()
    session.add_all(AnswerTeam(answer_id=ident, team_id=one) for one in teams)
    session.flush()


def found(sessions: Sessions, ident: int = 1) -> rules.Evidence:
    with sessions.reading() as session:
        return evidence.evidence(session, [ident])[ident]


def stored(sessions: Sessions, ident: int = 1) -> Problem:
    with sessions.reading() as session:
        return session.get_one(Problem, ident)


def test_voices_count_per_team_whoever_vouches_for_the_team(sessions: Sessions) -> None:
    with sessions.begin() as session:
        a_problem(session)
        team(session, 11)
        team(session, 12)
        confirm(session, 1, 11, 3)
        confirm(session, 1, 12, trusted=False)
        confirm(session, 1, None, 2)

    said = found(sessions)

    assert said.felt == {"11": 3, "12": 1}
    assert said.elsewhere == 2


@pytest.mark.parametrize(
    ("values", "felt", "elsewhere", "unplaced"),
    [
        ({"raised_as": "confidential"}, {}, 0, 1),
        ({"raised_as": "anonymous"}, {}, 0, 1),
        ({"raised_as": "named", "raiser": "U1", "raiser_team_id": 11}, {"11": 1}, 0, 0),
        ({"raised_as": "named", "raiser": "U1"}, {}, 1, 0),
        ({"raised_as": "tagged", "raiser": "U1", "raiser_team_id": 11}, {"11": 1}, 0, 0),
        ({"raised_as": "tagged"}, {}, 0, 0),
    ],
)
def test_the_raiser_is_one_voice_of_the_team_that_is_kept(
    sessions: Sessions, values: dict[str, Any], felt: dict[str, int], elsewhere: int, unplaced: int
) -> None:
    with sessions.begin() as session:
        team(session, 11)
        a_problem(session, **values)

    said = found(sessions)

    assert (said.felt, said.elsewhere, said.unplaced) == (felt, elsewhere, unplaced)


def test_a_team_that_is_only_said_to_feel_it_counts_once_a_steward_or_the_team_says_so(
    sessions: Sessions,
) -> None:
    with sessions.begin() as session:
        a_problem(session)
        for ident in (11, 12, 13, 14, 15):
            team(session, ident)
        session.add_all(
            [
                FeltBy(problem_id=1, team_id=11, by_steward=False),
                FeltBy(problem_id=1, team_id=12, by_steward=True),
                FeltBy(problem_id=1, team_id=13, by_steward=True),
                Asked(problem_id=1, team_id=13, feels_it=True),
                Asked(problem_id=1, team_id=14, feels_it=False),
                Asked(problem_id=1, team_id=15, feels_it=None),
            ]
        )
        confirm(session, 1, 12, 4)

    said = found(sessions)

    assert said.felt == {"12": 4, "13": 1}
    assert said.asked_said_no == {"14"}


def test_answers_follow_ups_and_returns_are_all_found(sessions: Sessions) -> None:
    with sessions.begin() as session:
        a_problem(session, attempts=2, not_ours=1, came_back=3)
        team(session, 11, function=7)
        team(session, 12, function=8)
        team(session, 13)
        answer(session, 1, 11, 12, 13, ownership=Ownership.CONTESTED)
        answer(session, 1, None)
        session.add_all(
            [
                FollowUp(id=1, problem_id=1, hours_low=2, hours_high=4, mechanism=Mechanism.COMMONS),
                FollowUp(id=2, problem_id=1, mechanism=Mechanism.COMMONS),
                FollowUp(id=3, problem_id=1, hours_low=0, hours_high=1),
            ]
        )

    said = found(sessions)

    assert sorted(said.answers, key=lambda one: len(one.teams)) == [
        rules.Answer(None),
        rules.Answer("11", frozenset({"12", "13"}), Ownership.CONTESTED),
    ]
    assert (said.attempts, said.not_ours, said.came_back) == (2, 1, 3)
    assert said.mechanisms == {Mechanism.COMMONS: 2}
    assert sorted(said.hours) == [(0, 1), (2, 4)]
    assert {key: said.function_of[key] for key in ("11", "12")} == {"11": "7", "12": "8"}
    assert "13" not in said.function_of


def test_the_number_of_statements_does_not_grow_with_the_problems(sessions: Sessions) -> None:
    with sessions.begin() as session:
        for ident in range(1, 41):
            a_problem(session, ident)
            confirm(session, ident, None, 2)

    def statements(idents: list[int]) -> int:
        seen: list[str] = []

        def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.startswith("SELECT"):
                seen.append(statement)

        sa.event.listen(sessions.engine, "before_cursor_execute", count)
        with sessions.reading() as session:
            assert len(evidence.evidence(session, idents)) == len(idents)
        sa.event.remove(sessions.engine, "before_cursor_execute", count)
        return len(seen)

    assert statements([1]) == statements(list(range(1, 41))) <= 11


def no_single_team(session: Session, ident: int = 1, **values: Any) -> None:
    """Five teams in two functions feel it, and people of two teams say that nobody owns it."""
    a_problem(session, ident, **values)
    for number in range(5):
        if session.get(Team, 11 + number) is None:
            team(session, 11 + number, function=1 + number % 2)
        confirm(session, ident, 11 + number, 2)
    answer(session, ident, 11, 12, 13, 14, ownership=Ownership.NOBODY)
    answer(session, ident, 12, 12, 13, ownership=Ownership.NOBODY)


def test_what_is_worked_out_comes_back_as_it_was(sessions: Sessions, at: dt.datetime) -> None:
    with sessions.begin() as session:
        no_single_team(session, attempts=2)
        session.add_all(
            FollowUp(id=n, problem_id=1, hours_low=2, hours_high=6, mechanism=Mechanism.INCENTIVE)
            for n in (1, 2, 3)
        )
    expected = rules.find(found(sessions))

    with sessions.begin() as session:
        evidence.work_out(session, at=at)

    problem = stored(sessions)
    assert evidence.finding_of(problem) == expected
    assert expected.verdict is Verdict.NO_SINGLE_TEAM
    assert expected.hours == (6, 20)
    assert expected.teams is Breadth.MANY
    assert problem.verdict == "no_single_team"
    assert problem.hours == 12
    assert problem.changed is False
    raw = order_rules.raw_score(order_rules.distance(found(sessions), Ownership.NOBODY))
    assert problem.raw_score == pytest.approx(raw)
    prior = order_rules.running_prior(raw, 1)
    assert problem.score == pytest.approx((5 * raw + 2 * prior) / 7)


@given(
    finding=st.builds(
        rules.Finding,
        verdict=st.sampled_from(Verdict),
        likely=st.booleans(),
        teams=st.none() | st.sampled_from(Breadth),
        functions=st.none() | st.sampled_from(Breadth),
        band=st.sampled_from(breadth_rules.Band),
        needed_low=st.none() | st.integers(1, 9),
        needed_high=st.none() | st.integers(1, 9),
        ownership=st.none() | st.sampled_from(Ownership),
        attempts=st.integers(0, 9),
        not_ours=st.integers(0, 9),
        came_back=st.integers(0, 9),
        mechanism=st.none() | st.sampled_from(Mechanism),
        hours=st.none() | st.tuples(st.floats(0, 99), st.floats(0, 99)),
        why_early=st.none() | st.sampled_from(WhyEarly),
    )
)
def test_every_finding_survives_its_storage(finding: rules.Finding) -> None:
    kept = json.loads(json.dumps(evidence.public(finding, "So.")))
    assert evidence.read_finding(kept) == finding
    assert kept["because"] == "So."


def test_nothing_public_moves_between_two_editions(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        no_single_team(session)
        evidence.work_out(session, at=at)
    before = stored(sessions)

    with sessions.begin() as session:
        confirm(session, 1, 11, 9)
        triage.overrule(session, STEWARD, 1, Verdict.TWO_TEAMS, "Two of them agreed on it.", kit=kit, at=at)
    between = stored(sessions)
    assert evidence.finding_of(between) == evidence.finding_of(before)
    assert (between.verdict, between.score) == (before.verdict, before.score)

    with sessions.begin() as session:
        evidence.work_out(session, at=at)
    after = stored(sessions)
    assert after.verdict == "two_teams"
    assert evidence.overruled_because(after) == "Two of them agreed on it."
    now = evidence.finding_of(after)
    was = evidence.finding_of(before)
    assert now is not None
    assert was is not None
    assert now == replace(
        was, verdict=Verdict.TWO_TEAMS, band=breadth_rules.Band.TWENTY_AND_MORE, teams=now.teams
    )


def test_only_what_is_published_and_not_held_is_worked_out(sessions: Sessions, at: dt.datetime) -> None:
    with sessions.begin() as session:
        a_problem(session, 1)
        a_problem(session, 2, state=State.NEW.value, number=None, published_week=None)
        a_problem(session, 3, held_because="The function concerned asked for a week.")
        a_problem(session, 4, state=State.CLOSED.value, closing="Solved.")
        a_problem(session, 5, state=State.CLOSED.value, closing="Not ours.", number=None, published_week=None)
        a_problem(session, 6, state=State.WITHDRAWN.value)
        evidence.work_out(session, at=at)

    with sessions.begin() as session:
        worked_out = session.scalars(sa.select(Problem.id).where(Problem.finding.is_not(None)))
        assert sorted(worked_out) == [1, 4]
        assert evidence.facts(session, at=at)[0] == []


def test_words_that_an_act_has_just_written_survive_the_working_out(
    sessions: Sessions, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        problem = a_problem(session)
        problem.title = "Better words"
        evidence.work_out(session, at=at)
        assert problem.title == "Better words"
        assert problem.changed is False
    assert stored(sessions).title == "Better words"


def test_closing_destroys_who_spoke_and_keeps_what_was_found(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        no_single_team(session)
        confirm(session, 1, None, 2)
    before = found(sessions)

    with sessions.begin() as session:
        triage.close(session, STEWARD, 1, "We look again in March.", kit=kit, at=at, news_at=at)

    after = found(sessions)
    assert after.felt == before.felt
    assert after.elsewhere == before.elsewhere == 2


def test_the_same_words_in_the_batch_and_by_hand_give_the_same_evidence(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        team(session, 11)
        wording = Wording(
            "Releases reach us last", "We read of them in tickets.", needed_from=frozenset({11})
        )
        acts.raise_confidential(session, Actor("U1"), wording, form="f1", kit=kit)
        batch.run(session, day=at.date(), kit=kit, at=at)
        ident = session.scalars(sa.select(Problem.id)).one()
        triage.publish(session, STEWARD, ident, kit=kit, at=at, news_at=at)
        acts.confirm(session, Actor("U2"), ident, kit=kit)
        batch.run(session, day=at.date() + dt.timedelta(days=1), kit=kit, at=at)

    said = found(sessions, ident)

    assert (said.felt, said.elsewhere, said.unplaced) == ({}, 1, 1)
    assert said.answers == [rules.Answer(None, frozenset({"11"}))]


def test_freshness_is_that_of_the_newest_voice_and_decays_from_there(
    sessions: Sessions, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        a_problem(session, published_week=MONDAY - dt.timedelta(weeks=9))
        confirm(session, 1, None, 3, week=MONDAY - dt.timedelta(weeks=2))
        confirm(session, 1, None, 1, week=MONDAY - dt.timedelta(weeks=1))
        evidence.work_out(session, at=at)

    problem = stored(sessions)
    ages = [1]
    assert problem.freshness == pytest.approx(order_rules.freshness(ages))
    assert problem.fresh_at == monday(at)
    later = at + dt.timedelta(weeks=5)
    assert evidence.freshness_at(problem, later) == pytest.approx(
        order_rules.freshness([age + 5 for age in ages])
    )
    last = problem.stale_from
    assert last is not None
    weeks = (last - MONDAY).days // 7
    assert order_rules.is_stale(order_rules.freshness([age + weeks for age in ages]))
    assert not order_rules.is_stale(order_rules.freshness([age + weeks - 1 for age in ages]))


@pytest.mark.parametrize(("people", "least"), [(1, 1), (8, 1), (9, 10), (18, 10), (19, 20), (60, 20)])
def test_how_long_a_problem_stays_fresh_tells_its_band_and_no_number(
    sessions: Sessions, at: dt.datetime, people: int, least: int
) -> None:
    with sessions.begin() as session:
        a_problem(session, published_week=MONDAY)  # its raiser is one more
        confirm(session, 1, None, people, week=MONDAY)
        evidence.work_out(session, at=at)
    assert stored(sessions).freshness == least


@given(ages=st.lists(st.integers(0, 200), max_size=30))
def test_stale_from_is_the_first_week_under_the_gate(ages: list[int]) -> None:
    first = evidence.stale_from(order_rules.freshness(ages), MONDAY)
    weeks = (first - MONDAY).days // 7
    assert first.weekday() == 0
    assert order_rules.freshness([age + weeks for age in ages]) < order_rules.STALE_UNDER + 1e-9
    assert (
        weeks == 0
        or order_rules.freshness([age + weeks - 1 for age in ages]) >= order_rules.STALE_UNDER - 1e-9
    )


def test_the_mean_that_little_evidence_is_pulled_to_runs_over_all_that_was_worked_out(
    sessions: Sessions, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        no_single_team(session, 1)
        no_single_team(session, 2)
        mean = evidence.work_out(session, at=at)
        high = session.get_one(Problem, 1).raw_score
        assert high is not None
        assert mean == (pytest.approx(2 * high), 2)
        a_problem(session, 3)
        session.get_one(Problem, 1).changed = True
        session.get_one(Problem, 1).not_ours += 3
        mean = evidence.work_out(session, at=at, mean=mean)

    # Three returns are worth ten points. Of the third nobody's team is known: all of its score is the mean.
    assert mean == (pytest.approx(2 * high + 10), 3)
    assert stored(sessions, 3).raw_score == 0
    assert stored(sessions, 3).score == pytest.approx((10 * 45 + 2 * high + 10) / 13)
