"""The Monday's count of a pilot, with what the pulse's room knows beside it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping

from sqlalchemy.orm import Session

from bot.core.pilot import counting
from bot.core.pilot import queries as pilots
from bot.core.pilot.counting import Beside
from bot.core.pilot.facts_rules import Side, Wave
from bot.core.pilot.rules import Times
from bot.core.problems import absence
from bot.core.pulse import queries, tone
from bot.core.pulse.instrument import Instrument
from bot.core.pulse.records import Side as Asked
from bot.core.pulse.records import Wave as Run
from bot.core.pulse.results import EVERYBODY, Results
from bot.slack.turn import Bot

_SIDES = {Asked.STEWARD: Side.STEWARDS, Asked.FUNCTION: Side.FUNCTIONS}
#: A wave that closes so soon after the start still tells how it was before.
_EARLY = dt.timedelta(weeks=2)
_SCALE = 8  # a point and what it is turned round make eight


def keep(bot: Bot) -> bool:
    """Count what is due, once a Monday; whether anything was."""
    now = bot.clock()
    with bot.sessions.reading() as session:
        if counting.due(session, at=now) is None:
            return False
    with bot.sessions.begin(patient=True) as session:
        pilot = pilots.standing(session)
        if pilot is None or pilot.starts_on is None:
            return False
        return counting.keep(
            session,
            beside(session, pilots.times(pilot)),
            at=now,
            zone=bot.settings.time_zone,
            # The same days as in Home's share: two figures of one promise must not differ.
            free=absence.free_days(
                session, bot.settings.is_holiday, today=now.astimezone(bot.settings.time_zone).date()
            ),
        )


def tone_by_side(session: Session) -> dict[Side, dict[int, int]]:
    """How contacts felt, as the pulse's room shows it."""
    return {_SIDES[side]: counts for side, counts in tone.figures(session).items()}


def beside(session: Session, times: Times) -> Beside:
    """How contacts felt, and the waves before and after, as their own rooms may show them."""
    closed = queries.closed(session)  # newest first
    before = next((run for run in closed if run.closes_at.date() < times.starts + _EARLY), None)
    late = [run for run in closed if run.closes_at.date() >= times.intake_ends - _EARLY and run is not before]
    after = late[0] if late else None
    comparable = (
        after is not None
        and before is not None
        and closed.index(before) == closed.index(after) + 1
        and _change_is_shown(after)
    )
    return Beside(tone_by_side(session), _wave(before, counts=comparable), _wave(after, counts=comparable))


def _change_is_shown(after: Run) -> bool:
    """Whether the pulse itself shows what has changed for everybody: too few who came or went would come out of it."""
    changes = queries.shown(after).changes
    line = [item.id for item in queries.questions(after).items if item.line]
    return bool(line) and all(EVERYBODY in changes.get(item, {}) for item in line)


def _wave(run: Run | None, *, counts: bool) -> Wave | None:
    found = queries.shown(run) if run is not None else None
    if run is None or found is None or found.line is None or found.line.mean is None:
        return None
    line = found.line
    kept = _points(found, queries.questions(run)) if counts else {}
    return Wave(found.invited, line.n, line.mean or 0.0, line.low, line.high, kept)


def _points(found: Results, asks: Instrument) -> Mapping[int, int]:
    """How often each point was given to the questions of the line, turned where agreeing is the bad news."""
    points: Counter[int] = Counter()
    for item in asks.items:
        figure = found.items.get(item.id, {}).get(EVERYBODY) if item.line else None
        for point, times in figure.points().items() if figure else ():
            points[_SCALE - point if item.reversed else point] += times
    return dict(points)
