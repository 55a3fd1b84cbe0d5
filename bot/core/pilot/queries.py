"""The pilot that stands, as it was written down and as it was changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.pilot.records import Pilot, PilotChange
from bot.core.pilot.rules import Changed, Definition, Figure, Line, Phase, Times


@dataclass(frozen=True, slots=True)
class Standing:
    """The pilot as a report or the desk reads it back; `times` is None of a draft.

    functions: their names, none where the pilot is of all. changes: since it started, oldest first.
    """

    definition: Definition
    functions: tuple[str, ...]
    times: Times | None = None
    ended_because: str | None = None
    changes: tuple[Changed, ...] = ()

    def phase(self, day: dt.date) -> Phase:
        return Phase.BEFORE if self.times is None else self.times.phase(day)


def standing(session: Session) -> Pilot | None:
    """The pilot that the desk shows: a draft, one that runs, or the last one."""
    return session.scalar(sa.select(Pilot).where(Pilot.standing.is_(True)))


def shown(session: Session) -> Standing | None:
    """The same, read back."""
    pilot = standing(session)
    if pilot is None:
        return None
    rows = session.scalars(
        sa.select(PilotChange)
        .where(PilotChange.pilot_id == pilot.id)
        .order_by(PilotChange.at, PilotChange.what)
    )
    return Standing(
        definition(pilot),
        tuple(name for _, name in pilot.functions),
        times(pilot) if pilot.starts_on else None,
        pilot.ended_because,
        tuple(Changed(row.what, row.was, row.becomes, row.because, row.at.date()) for row in rows),
    )


def definition(pilot: Pilot) -> Definition:
    return Definition(
        pilot.question,
        pilot.decides,
        pilot.not_used_for,
        tuple(int(ident) for ident, _ in pilot.functions),
        pilot.intake_weeks,
        pilot.follow_weeks,
        pilot.review_weeks,
        {Figure(name): Line(*line) for name, line in pilot.lines.items()},
    )


def times(pilot: Pilot) -> Times:
    """When a started pilot is where; raises ValueError for a draft."""
    if pilot.starts_on is None:
        raise ValueError("a draft has no times")
    return Times(pilot.starts_on, pilot.intake_weeks, pilot.follow_weeks, pilot.ended_on)
