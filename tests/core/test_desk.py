"""The desk: what waits for stewards, each problem once, and lists of what is under way, put off, resting or closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest
from sqlalchemy.orm import Session

from bot.core.kit import Kit
from bot.core.problems.flag_records import Flag, Why
from bot.core.problems.records import Problem
from bot.core.problems.standing_rules import Course, State
from bot.core.replies import desk
from bot.core.replies.desk import Look, Waits
from bot.core.store import Sessions, monday
from tests.company import raised

TODAY = dt.date(2026, 11, 18)
#: What makes a problem wait for each; a problem where several fit stands under the first of `Waits`.
MADE: dict[Waits, dict[str, object]] = {
    Waits.SPOKE: {"raiser_spoke": True},
    Waits.READY: {"state": State.ASKED.value},
    Waits.NEW: {"state": State.NEW.value},
    Waits.ANSWERED: {"others_spoke": True},
    Waits.DUE: {"course": Course.NOT_NOW.value, "course_until": TODAY},
    Waits.UNANSWERED: {"course": Course.WAITING.value},
    Waits.HELD: {"held_because": "Why."},
    Waits.UNDECIDED: {"course": Course.ACKNOWLEDGED.value},
}


def made(session: Session, kit: Kit, at: dt.datetime, title: str, *, week: int = 0) -> Problem:
    """A problem that waits for nothing: everybody reads it, and it was answered."""
    one = raised(session, kit, at, title=title)
    one.raised_week = monday(at) - dt.timedelta(weeks=week)
    put(one, {"state": State.OPEN.value, "course": Course.OBSERVED.value})
    return one


def put(one: Problem, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(one, name, value)


def waits(session: Session, at: dt.datetime, most: int = 5) -> desk.Desk:
    return desk.on_desk(session, at=at, today=TODAY, most=most)


def test_each_problem_stands_once_whoever_waits_longest_first(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        for kind, make in MADE.items():
            for week in range(4):
                put(made(session, kit, at, f"{kind} {week}", week=week), make)
        made(session, kit, at, "nothing")
    with sessions.reading() as session:
        found = waits(session, at, most=3)
        assert {kind: one.total for kind, one in found.of.items() if one.total} == dict.fromkeys(MADE, 4)
        for kind in MADE:
            rest = desk.page(session, kind, at=at, today=TODAY, start=3, most=3)
            titles = [row.title for row in (*found[kind].rows, *rest)]
            assert titles == [f"{kind} {week}" for week in (3, 2, 1, 0)]
        assert found.oldest == monday(at) - dt.timedelta(weeks=3)
        assert found.open == 6 * 4 + 1


def test_what_fits_under_two_headings_stands_under_the_first(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        one = made(session, kit, at, "all of it")
        put(one, {**MADE[Waits.UNANSWERED], **MADE[Waits.HELD], **MADE[Waits.ANSWERED], **MADE[Waits.SPOKE]})
        session.add(Flag(problem_id=one.id, why=Why.ALIKE.value, week=monday(at), looked=False))
        ident = one.id

    def stands() -> list[Waits]:
        with sessions.reading() as session:
            found = waits(session, at)
            return [kind for kind in Waits if found[kind].total]

    def change(**values: object) -> None:
        with sessions.begin() as session:
            put(session.get_one(Problem, ident), values)

    assert stands() == [Waits.SPOKE]
    change(raiser_spoke=False, state=State.ASKED.value)
    assert stands() == [Waits.READY], "what is not published is looked at there"
    change(state=State.OPEN.value)
    change(raiser_spoke=False)
    assert stands() == [Waits.AGAIN]
    with sessions.begin() as session:
        session.get_one(Flag, (ident, Why.ALIKE.value)).looked = True
    assert stands() == [Waits.ANSWERED]
    change(others_spoke=False)
    assert stands() == [Waits.UNANSWERED]
    change(course=Course.NOT_NOW.value, course_until=TODAY)
    assert stands() == [Waits.DUE]
    change(course_until=TODAY + dt.timedelta(days=1))
    assert stands() == [Waits.HELD]
    change(course=Course.ACKNOWLEDGED.value)
    assert stands() == [Waits.HELD]
    change(held_because=None)
    assert stands() == [Waits.UNDECIDED]
    change(course=Course.TAKEN.value)
    assert stands() == []


def test_what_a_burst_flagged_stands_there_from_the_next_week_on(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        ident = made(session, kit, at, "a burst").id
        session.add(Flag(problem_id=ident, why=Why.BURST.value, week=monday(at), looked=False))
    with sessions.reading() as session:
        assert waits(session, at)[Waits.AGAIN].total == 0
        assert waits(session, at + dt.timedelta(weeks=1))[Waits.AGAIN].total == 1


@pytest.mark.parametrize(
    ("which", "make"),
    [
        (Look.UNDER_WAY, {"course": Course.TAKEN.value, "course_until": TODAY}),
        (Look.PUT_OFF, {"course": Course.OBSERVED.value, "course_until": TODAY}),
        (Look.RESTING, {"state": State.RESTING.value}),
        (Look.CLOSED, {"state": State.CLOSED.value, "closing": "Done."}),
    ],
)
def test_what_is_under_way_put_off_resting_or_closed_is_looked_through_page_by_page(
    sessions: Sessions, kit: Kit, at: dt.datetime, which: Look, make: dict[str, object]
) -> None:
    with sessions.begin() as session:
        for number in range(5):
            put(made(session, kit, at, f"{number}"), make)
        put(made(session, kit, at, "another"), MADE[Waits.UNDECIDED])
    with sessions.reading() as session:
        pages = [desk.look_through(session, which, start=start, most=2) for start in (0, 2, 4, 6)]
        assert [len(page) for page in pages] == [2, 2, 1, 0]
        assert sorted(row.title for page in pages for row in page) == ["0", "1", "2", "3", "4"]
