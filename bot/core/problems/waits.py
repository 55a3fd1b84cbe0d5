"""How long people wait for a first answer of a person: the true share within the promise, and all waits with censoring.

The day on which stewards could first read a problem is not kept with it, since that would date its raiser more
finely than a week. `arrivals` counts them by day; each problem has its week, and the trail its first answer. Within
a week, first come counts as first answered: the mean is exact under any order, the share an estimate.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.calendar_rules import working_days_between
from bot.core.problems.lifecycle_rules import FIRST_ANSWERS
from bot.core.problems.records import Audit, Problem
from bot.core.problems.standing_rules import State
from bot.core.problems.work_records import Arrival, WorkRule
from bot.core.store import insert, monday, upsert

#: Working days within which a first answer is promised.
PROMISED = 2
#: Fewer waits than this make no share.
SHARE_FROM = 5
#: What a share is of.
LOOKS_BACK = dt.timedelta(weeks=8)


def arrived(session: Session, number: int, *, day: dt.date, at: dt.datetime) -> None:
    """So many problems can be read by stewards from this day on."""
    if number < 1:
        return
    row = insert(session, Arrival).values(day=day, week=monday(at), number=number)
    more = {"number": Arrival.number + row.excluded.number}
    session.execute(row.on_conflict_do_update(index_elements=["day", "week"], set_=more))


@dataclass(frozen=True, slots=True)
class Wait:
    """Working days until a first answer, or, where none came yet, until now (`answered` is False: censored)."""

    days: int
    answered: bool


@dataclass(frozen=True, slots=True)
class Share:
    """Of those whose time is over or who were answered: how many were answered within the promise."""

    within: int
    of: int

    @property
    def known(self) -> bool:
        return self.of >= SHARE_FROM


def waits(
    session: Session,
    *,
    at: dt.datetime,
    zone: ZoneInfo,
    free: Callable[[dt.date], bool],
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> list[Wait]:
    """Every wait for a first answer, of problems that came from the week of `since` on and before that of `until`.

    In no order of theirs.
    """
    came = _came(session, since, until)
    first, unanswered = _answers(session, min(came, default=None))
    found: list[Wait] = []
    for week, days in came.items():
        answers = sorted(first[week])
        # Withdrawn before anybody answered: nobody waits any more, and nobody was let wait for good.
        days = sorted(days)[: len(answers) + unanswered[week]]
        for place, day in enumerate(days):
            start = dt.datetime.combine(day, dt.time(), tzinfo=zone)
            end = answers[place] if place < len(answers) else at
            found.append(Wait(working_days_between(start, end, zone, free), place < len(answers)))
    return sorted(found, key=lambda wait: (wait.days, not wait.answered))


def share(found: list[Wait]) -> Share:
    """The true share: who was answered in time, of all who were answered or have waited for longer than promised."""
    due = [wait for wait in found if wait.answered or wait.days > PROMISED]
    return Share(sum(wait.answered and wait.days <= PROMISED for wait in due), len(due))


def keep_share(
    session: Session, *, at: dt.datetime, zone: ZoneInfo, free: Callable[[dt.date], bool]
) -> Share | None:
    """Work out the share of the last weeks for everybody to read, once a week; None while too few have waited."""
    found = share(waits(session, at=at, zone=zone, free=free, since=monday(at - LOOKS_BACK)))
    if not found.known:
        return None
    upsert(session, WorkRule, {"id": 1, "share_within": found.within, "share_of": found.of}, key=["id"])
    return found


def kept_share(session: Session) -> Share | None:
    """The share as it was last worked out."""
    row = session.execute(sa.select(WorkRule.share_within, WorkRule.share_of)).first()
    return None if row is None or row[0] is None or row[1] is None else Share(row[0], row[1])


def _came(session: Session, since: dt.date | None, until: dt.date | None) -> dict[dt.date, list[dt.date]]:
    query = sa.select(Arrival.week, Arrival.day, Arrival.number)
    if since is not None:
        query = query.where(Arrival.week >= since)
    if until is not None:
        query = query.where(Arrival.week < until)
    came: defaultdict[dt.date, list[dt.date]] = defaultdict(list)
    for week, day, number in session.execute(query):
        came[week] += [day] * number
    return dict(came)


def _answers(
    session: Session, since: dt.date | None
) -> tuple[defaultdict[dt.date, list[dt.datetime]], defaultdict[dt.date, int]]:
    """First answers by the week in which their problems were raised, and how many have none."""
    first: defaultdict[dt.date, list[dt.datetime]] = defaultdict(list)
    unanswered: defaultdict[dt.date, int] = defaultdict(int)
    if since is None:
        return first, unanswered
    earliest = (
        sa.select(Audit.problem_id, sa.func.min(Audit.at).label("at"))
        .where(Audit.act.in_([step.value for step in FIRST_ANSWERS]))
        .group_by(Audit.problem_id)
        .subquery()
    )
    rows = session.execute(
        sa.select(Problem.raised_week, Problem.state, earliest.c.at)
        .outerjoin(earliest, earliest.c.problem_id == Problem.id)
        .where(Problem.raised_week >= since, Problem.state != State.TAGGED.value)
    )
    for week, state, answered in rows:
        if answered is not None:
            first[week].append(answered)
        elif state not in (State.WITHDRAWN.value, State.TAKEN_DOWN.value):
            unanswered[week] += 1
    return first, unanswered
