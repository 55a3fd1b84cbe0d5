"""Flags: raised by what people do, read by stewards a week later, and silent on who and when."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from bot.core.identity.hourly import Hourly
from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.problems import acts, flagging, writing
from bot.core.problems.flag_records import Flag, Why
from bot.core.problems.records import Problem
from bot.core.store import Sessions, monday
from tests.company import AMARA, STRANGER, appoint, person, published, refused, run_batch, team

WEEK = dt.timedelta(weeks=1)


def confirm(sessions: Sessions, kit: Kit, who: Actor, ident: int, hourly: Hourly, at: dt.datetime) -> None:
    with sessions.begin() as session:
        problem = session.get_one(Problem, ident)
        acts.confirm_problem(session, who, problem, kit=kit)
        flagging.confirmed(session, who, problem, hourly=hourly, at=at)


def company(sessions: Sessions, kit: Kit, at: dt.datetime, *, size: int = 8) -> int:
    appoint(sessions)
    with sessions.begin() as session:
        team(session, kit, "Checkout", map(person, range(size)), function="Engineering")
        return published(session, kit, at).id


def read(sessions: Sessions, at: dt.datetime) -> list[int]:
    with sessions.reading() as session:
        return [problem.id for problem in flagging.flagged(session, at=at)]


def test_five_of_a_team_within_an_hour_are_read_from_the_next_week_on(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    ident, hourly = company(sessions, kit, at), Hourly(lambda: at)
    for number in range(5):
        confirm(sessions, kit, person(number), ident, hourly, at)
    assert read(sessions, at) == []
    assert read(sessions, at + WEEK) == [ident]
    with sessions.reading() as session:
        rows = session.execute(sa.select(Flag.__table__)).all()
    assert [tuple(row) for row in rows] == [(ident, Why.BURST.value, monday(at), False)]


def test_spread_over_hours_or_in_a_small_team_or_taken_back_nothing_is_flagged(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    ident = company(sessions, kit, at)
    now = [at]
    hourly = Hourly(lambda: now[0])
    for number in range(5):
        now[0] = at + dt.timedelta(hours=number)
        confirm(sessions, kit, person(number), ident, hourly, at)
    with sessions.begin() as session:
        small = published(session, kit, at, title="Another one").id
        team(session, kit, "Seven", map(person, range(20, 27)), function="Engineering")
    for number in range(20, 27):
        confirm(sessions, kit, person(number), small, hourly, at)
    third = Hourly(lambda: at)
    with sessions.begin() as session:
        problem = session.get_one(Problem, ident)
        for _ in range(9):  # one person, again and again
            flagging.confirmed(session, person(5), problem, hourly=third, at=at)
        for number in range(4):
            flagging.confirmed(session, person(number), problem, hourly=third, at=at)
            flagging.taken_back(session, person(number), problem, hourly=third)
        flagging.confirmed(session, person(4), problem, hourly=third, at=at)
    assert read(sessions, at + WEEK) == []


def test_the_batch_writes_flags_anew_and_changes_none(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    ident, hourly = company(sessions, kit, at), Hourly(lambda: at)
    for number in range(5):
        confirm(sessions, kit, person(number), ident, hourly, at)
    run_batch(sessions, kit, at, days=1)
    assert read(sessions, at + WEEK) == [ident]


def test_a_steward_has_looked_and_it_comes_back_with_another_week_alone(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    ident, hourly = company(sessions, kit, at), Hourly(lambda: at)
    for number in range(5):
        confirm(sessions, kit, person(number), ident, hourly, at)
    later = at + WEEK
    assert refused(sessions, flagging.looked, STRANGER, ident, kit=kit, at=later)
    assert refused(sessions, flagging.looked, AMARA, ident, kit=kit, at=at)  # nothing to be seen yet
    with sessions.begin() as session:
        flagging.looked(session, AMARA, ident, kit=kit, at=later)
    assert read(sessions, later) == []
    with sessions.begin() as session:
        problem = session.get_one(Problem, ident)
        for number in range(8):
            flagging.confirmed(session, person(number), problem, hourly=Hourly(lambda: later), at=later)
        again = Hourly(lambda: later)
        for number in range(5):
            flagging.confirmed(session, person(number), problem, hourly=again, at=later)
    assert read(sessions, later) == []
    assert read(sessions, later + WEEK) == [ident]


def test_a_flow_and_words_alike_are_found_with_the_week(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    appoint(sessions)
    with sessions.begin() as session:
        legal = team(session, kit, "Contracts", function="Legal").id
        team(session, kit, "Deals", map(person, range(3)), function="Sales")
        idents = []
        for number in range(5):
            problem = published(
                session, kit, at, title=f"Contract {number} waits for its review since a while"
            )
            problem.raiser_team_id = None
            writing.answer(session, problem, kit=kit, needed_from=frozenset({legal}))
            idents.append(problem.id)
    with sessions.begin() as session:
        assert flagging.look_over(session, at=at) == 10
        assert flagging.look_over(session, at=at) == 0
        why = flagging.why_flagged(session, session.get_one(Problem, idents[0]), at=at)
    assert why == [Why.ALIKE, Why.ONE_WAY]
    assert read(sessions, at) == sorted(idents)


def test_nothing_of_an_hour_is_left_when_it_is_over(at: dt.datetime) -> None:
    now, keys = [at], iter([b"one", b"two", b"three"])
    hourly = Hourly(lambda: now[0], lambda: next(keys))
    assert [hourly.add("problem", who) for who in ("a", "b", "b")] == [1, 2, 2]
    assert "problem" not in repr(hourly.__dict__)
    now[0] += dt.timedelta(hours=1)
    assert hourly.count("problem") == 0
