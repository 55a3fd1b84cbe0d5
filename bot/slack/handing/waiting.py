"""What waits for a person who answers for a team, or who is the sponsor: lines of their Home."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bot.core.identity.people import Actor
from bot.core.problems import handing, sponsoring
from bot.slack.days import today
from bot.slack.handing import views
from bot.slack.turn import Viewer


def waiting_rows(viewer: Viewer, session: Session, actor: Actor, *, most: int) -> list[dict[str, Any]]:
    """At most so many of each kind; what comes first is due first, and what is overdue says so."""
    now = today(viewer.bot, viewer.at)
    rows = [
        views.team_row(viewer.words, each.team.name, each.problem.id, each.team.id)
        for each in handing.waiting_for(session, actor, most=most)
    ]
    asked = sponsoring.asked_of(session, actor, sponsor=viewer.bot.settings.sponsor)
    rows += [
        views.sponsor_row(viewer.words, problem.id, row.due_on, overdue=row.due_on < now)
        for problem, row in asked[:most]
    ]
    return rows
