"""What waits for stewards, each problem once: all of it in two statements, however much there is.

Plain columns and statements that are put together once, since every steward's Home asks this each time it is shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.problems.due import DAYS
from bot.core.problems.flag_records import Flag, Review, Why
from bot.core.problems.records import Problem
from bot.core.problems.standing_rules import READ_BY_ALL, STANDING, UNDER_WAY, Course, State
from bot.core.replies.records import Clock, Proposal, Reply, Withheld
from bot.core.store import UtcTime, monday


class Waits(StrEnum):
    """What a problem waits for on the desk; where two fit, the first one is said."""

    DOWN = "down"  # taken down, and no second steward has looked
    SPOKE = "spoke"  # its raiser has written
    AGAIN = "again"  # worth a second look, or a team asks for one
    READY = "ready"  # asked teams have answered, or had their time
    ASKED = "asked"  # asked teams still have time
    NEW = "new"  # nobody else reads it
    ANSWERED = "answered"  # a team, a helper or the sponsor has spoken, or did not in time
    DUE = "due"  # a day that was set has come
    UNANSWERED = "unanswered"  # everybody reads it, and its raiser has no answer
    HELD = "held"  # kept out of the edition
    UNDECIDED = "undecided"  # published and answered, and nobody has said what comes next


@dataclass(frozen=True, slots=True)
class Row:
    """A problem in a line: `week` is the one in which it was raised, `until` the day of its course."""

    id: int
    title: str
    week: dt.date
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class Found:
    """Some of what waits for the same thing, whoever waits longest first, and how many there are in all."""

    rows: Sequence[Row] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class Desk:
    """open: how many problems everybody can read and speak of. oldest: the week of the longest wait for an answer."""

    of: Mapping[Waits, Found]
    open: int
    oldest: dt.date | None

    def __getitem__(self, waits: Waits) -> Found:
        return self.of.get(waits, Found())


_READ: Final = [state.value for state in READ_BY_ALL]
_P: Final = Problem.__table__.c
_AT: Final = sa.bindparam("at", type_=UtcTime())
_TODAY: Final = sa.bindparam("today", type_=sa.Date())
_WEEK: Final = sa.bindparam("week", type_=sa.Date())
#: Of these there may be thousands, so they are counted and looked up apart: by course, in these states.
_MANY: Final[Mapping[Waits, tuple[Course, Sequence[str]]]] = {
    Waits.UNANSWERED: (Course.WAITING, _READ),
    Waits.UNDECIDED: (Course.ACKNOWLEDGED, [State.OPEN.value]),
}


def _many(waits: Waits) -> sa.ColumnElement[bool]:
    course, states = _MANY[waits]
    return sa.and_(_P.course == course.value, _P.state.in_(states))


def _held_up() -> sa.ColumnElement[bool]:
    """An asked problem's clock runs, and a team that publishing waits for has not answered."""
    clock, reply = Clock.__table__.c, Reply.__table__.c
    runs = sa.exists().where(clock.problem_id == _P.id, clock.due_at > _AT)
    unheard = sa.exists().where(reply.problem_id == _P.id, reply.holds.is_(True), reply.text.is_(None))
    return sa.and_(runs, unheard)


def _some(waits: Waits | sa.ColumnElement[str], *which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    kind = sa.literal(waits.value) if isinstance(waits, Waits) else waits
    among = sa.case(*[(_many(each), each.value) for each in _MANY], else_="")
    row = (_P.id, _P.title, _P.raised_week, _P.course_until)
    return sa.select(kind.label("kind"), among.label("among"), _P.state, *row).where(*which)


def _with(table: Any, *which: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return _P.id.in_(sa.select(table.problem_id).where(*which))


_ASKED: Final = sa.case((sa.and_(_P.agreed, ~_held_up()), Waits.READY.value), else_=Waits.ASKED.value)
_SEEN_LATER: Final = sa.and_(Flag.why == Why.BURST.value, Flag.week >= _WEEK)
_WAITING: Final = sa.union_all(
    _some(Waits.DOWN, _with(Withheld)),
    _some(Waits.SPOKE, _P.raiser_spoke),
    _some(Waits.SPOKE, _with(Proposal, Proposal.by_raiser.is_(True))),
    _some(Waits.AGAIN, _with(Review, Review.answer.is_(None))),
    _some(Waits.AGAIN, _with(Flag, Flag.looked.is_(False), ~_SEEN_LATER)),
    _some(_ASKED, _P.state == State.ASKED.value),
    _some(Waits.NEW, _P.state == State.NEW.value),
    _some(Waits.ANSWERED, _P.others_spoke),
    _some(
        Waits.DUE,
        _P.state.in_([state.value for state in STANDING]),
        _P.course.in_(DAYS),
        _P.course_until <= _TODAY,
    ),
    _some(Waits.HELD, _P.held_because.is_not(None)),
)
#: States for what few rows have: asked for in the statement, they would lead it to thousands first.
_ONLY_IN: Final = {Waits.AGAIN.value: _READ, Waits.HELD.value: [State.OPEN.value]}
#: Each counted by itself: then an index has all that it needs.
_COUNTS: Final = sa.select(
    sa.select(sa.func.count()).where(_P.state == State.OPEN.value).scalar_subquery(),
    *[sa.select(sa.func.count()).where(_many(each)).scalar_subquery() for each in _MANY],
)


def _first_of(waits: Waits) -> sa.CompoundSelect[Any]:
    """State by state, so that an index holds each in its order: of thousands the first few are read."""
    course, states = _MANY[waits]
    each = [
        sa.select(_P.id, _P.title, _P.raised_week, _P.course_until)
        .where(_P.course == course.value, _P.state == state)
        .order_by(_P.raised_week, _P.id)
        .limit(sa.bindparam("most", type_=sa.Integer()))
        .subquery()
        for state in states
    ]
    return sa.union_all(*[sa.select(some) for some in each])


_LONGEST: Final = {waits: _first_of(waits) for waits in _MANY}


def on_desk(session: Session, *, at: dt.datetime, today: dt.date, most: int) -> Desk:
    """All that waits, at most so many of each kind; `today` is the operator's day."""
    kinds, elsewhere = _waiting(session, at, today)
    everybody_reads, *many = session.connection().execute(_COUNTS).one()
    found = {kind: Found(rows[:most], len(rows)) for kind, rows in kinds.items()}
    for waits, count in zip(_MANY, many, strict=True):
        total = count - len(elsewhere[waits])
        if total:
            found[waits] = Found(_longest(session, waits, elsewhere[waits], 0, most), total)
    weeks = [found[kind].rows[0].week for kind in (Waits.NEW, Waits.UNANSWERED) if kind in found]
    return Desk(found, everybody_reads, min(weeks, default=None))


def page(
    session: Session, waits: Waits, *, at: dt.datetime, today: dt.date, start: int, most: int
) -> list[Row]:
    """Some of what waits for one thing, from a place in its order on."""
    kinds, elsewhere = _waiting(session, at, today)
    if waits in _MANY:
        return _longest(session, waits, elsewhere[waits], start, most)
    return kinds.get(waits, [])[start : start + most]


def _waiting(
    session: Session, at: dt.datetime, today: dt.date
) -> tuple[dict[Waits, list[Row]], dict[Waits, set[int]]]:
    """All that waits but those of which there may be thousands, and which of those stand elsewhere already."""
    values = {"at": at, "today": today, "week": monday(at)}
    first: dict[int, tuple[Waits, Row]] = {}
    elsewhere: dict[Waits, set[int]] = {waits: set() for waits in _MANY}
    order = [waits.value for waits in Waits]
    rows = session.connection().execute(_WAITING, values).all()
    for kind, among, state, *row in sorted(rows, key=lambda each: order.index(each.kind)):
        if state not in _ONLY_IN.get(kind, [state]):
            continue
        if among and order.index(among) < order.index(kind):
            continue  # held, and its raiser waits for an answer: that is said first
        first.setdefault(row[0], (Waits(kind), Row(*row)))
        if among:
            elsewhere[Waits(among)].add(row[0])
    kinds: dict[Waits, list[Row]] = {}
    for waits, one in first.values():
        kinds.setdefault(waits, []).append(one)
    for waits, some in kinds.items():
        some.sort(key=lambda one: ((waits is Waits.DUE and one.until) or one.week, one.week, one.id))
    return kinds, elsewhere


def _longest(session: Session, waits: Waits, elsewhere: set[int], start: int, most: int) -> list[Row]:
    """Whoever waits longest first; without those that stand under another heading."""
    rows = session.connection().execute(_LONGEST[waits], {"most": start + most + len(elsewhere)})
    found = [Row(*row) for row in rows if row[0] not in elsewhere]
    return sorted(found, key=lambda one: (one.week, one.id))[start : start + most]


class Look(StrEnum):
    """What a steward may look through beside what waits."""

    UNDER_WAY = "under_way"  # handed, with a team, tried, or with the sponsor
    PUT_OFF = "put_off"  # watched, or not now
    RESTING = "resting"
    CLOSED = "closed"


_COURSES: Final[Mapping[Look, Sequence[str]]] = {
    Look.UNDER_WAY: sorted(course.value for course in UNDER_WAY),
    Look.PUT_OFF: [Course.NOT_NOW.value, Course.OBSERVED.value],
}


def look_through(session: Session, which: Look, *, start: int, most: int) -> list[Row]:
    """The soonest day first of what has one, else the newest first."""
    query = sa.select(_P.id, _P.title, _P.raised_week, _P.course_until)
    if which in _COURSES:
        standing = _P.state.in_([state.value for state in STANDING])
        query = query.where(standing, _P.course.in_(_COURSES[which])).order_by(_P.course_until, _P.id)
    elif which is Look.RESTING:
        query = query.where(_P.state == State.RESTING.value).order_by(_P.number.desc(), _P.id)
    else:
        week = sa.func.coalesce(_P.closed_week, _P.raised_week)
        query = query.where(_P.state == State.CLOSED.value).order_by(week.desc(), _P.number.desc(), _P.id)
    return [Row(*row) for row in session.connection().execute(query.offset(start).limit(most))]
