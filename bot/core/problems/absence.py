"""Stewards who are away. While all of them are, the clocks of every promise stand still, and that is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.people import Actor, stewards_only
from bot.core.identity.records import Steward
from bot.core.kit import Kit
from bot.core.problems.triage import note
from bot.core.problems.work_records import Away, PausedDay
from bot.core.refusal import Refusal
from bot.core.store import inserted, upsert

#: The longest that somebody can be away in one go.
LONGEST = dt.timedelta(days=120)


def say_away(
    session: Session, actor: Actor, *, until: dt.date, today: dt.date, kit: Kit, at: dt.datetime
) -> None:
    """A steward is away from today until a day, that one included."""
    stewards_only(actor)
    if not today <= until <= today + LONGEST:
        raise Refusal("Please pick a day from today on, within the next four months.")
    upsert(session, Away, {"steward": actor.person, "since": today, "until": until}, key=["steward"])
    note(session, None, actor, "away", until.isoformat(), kit, at)


def say_back(session: Session, actor: Actor, *, kit: Kit, at: dt.datetime) -> None:
    """A steward is there again."""
    stewards_only(actor)
    row = session.get(Away, actor.person)
    if row is not None:
        session.delete(row)
        note(session, None, actor, "back", "", kit, at)


def away(session: Session, *, today: dt.date) -> dict[str, dt.date]:
    """Which stewards are away, and until when."""
    return {person: until for person, until in _stewards(session, today) if until is not None}


def all_away_until(session: Session, *, today: dt.date) -> dt.date | None:
    """The last day before a steward is back, where all of them are away today; else None."""
    everybody = [until for _, until in _stewards(session, today)]
    gone = [until for until in everybody if until is not None]
    return min(gone) if gone and len(gone) == len(everybody) else None


def _stewards(session: Session, today: dt.date) -> list[tuple[str, dt.date | None]]:
    """Every steward, with the last day away of those who are."""
    absent = sa.and_(Away.steward == Steward.person, Away.until >= today)
    rows = session.execute(sa.select(Steward.person, Away.until).outerjoin(Away, absent))
    return [(person, until) for person, until in rows]


def keep_paused(session: Session, *, today: dt.date) -> bool:
    """Remember today as a day on which nobody was there. To be called daily."""
    if all_away_until(session, today=today) is None:
        return False
    return inserted(session, PausedDay, {"day": today})


def free_days(
    session: Session, holidays: Callable[[dt.date], bool], *, today: dt.date
) -> Callable[[dt.date], bool]:
    """Days that no promise counts: the calendar's, those on which all stewards were away, and those still to come."""
    paused = set(session.scalars(sa.select(PausedDay.day)))
    until = all_away_until(session, today=today)

    def free(day: dt.date) -> bool:
        return holidays(day) or day in paused or (until is not None and today <= day <= until)

    return free
