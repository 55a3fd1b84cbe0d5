"""The pilot's line in the desk."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.core.pilot import counting, queries
from bot.slack.pilot import views
from bot.slack.turn import Viewer


def desk_rows(viewer: Viewer, session: Session) -> list[dict[str, object]]:
    """The week of the pilot, or that none is set up."""
    found = queries.shown(session)
    facts = counting.latest(session) if found and found.times else None
    return views.desk_rows(viewer.words, found, facts, today=today(viewer))


def today(viewer: Viewer) -> dt.date:
    return viewer.at.astimezone(viewer.bot.settings.time_zone).date()
