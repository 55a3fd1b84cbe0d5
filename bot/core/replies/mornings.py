"""What comes by itself each morning, in the batch's own transaction."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.core.kit import Kit
from bot.core.problems import absence, handing
from bot.core.replies import outcomes


def each_day(session: Session, *, today: dt.date, kit: Kit, at: dt.datetime) -> None:
    """Teams that have not answered in time, questions to raisers after closing, days on which no steward is there."""
    absence.keep_paused(session, today=today)
    handing.lapse(session, today=today)
    outcomes.ask_later(session, today=today, kit=kit, at=at)
    outcomes.fall_silent(session, today=today)
