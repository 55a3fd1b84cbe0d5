"""Stewards link items of other tools, and copy public words for them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bot.core.identity.people import stewards_only
from bot.core.problems import trackers
from bot.core.problems.queries import visible
from bot.slack.desk.looking import again, back, ident_of, look_at
from bot.slack.desk.views import read_ident
from bot.slack.failures import show
from bot.slack.fields import typed
from bot.slack.shown import Shown
from bot.slack.tracking import views
from bot.slack.turn import Answer, Listeners, Turn


def register(listeners: Listeners) -> None:
    listeners.action(views.OPEN, open_)
    listeners.action(views.REMOVE, remove)
    listeners.submission(views.FORM, save)


def open_(turn: Turn) -> Answer:
    with turn.bot.sessions.reading() as session:
        view = _form(turn, session, read_ident(turn.value))
    show(turn, view)
    return None


def save(turn: Turn) -> Answer:
    """Keep the link that was typed; what was copied or changed in the words goes nowhere."""
    ident, url = ident_of(turn), typed(turn.view, views.URL)
    with turn.bot.sessions.begin() as session:
        if url.strip():
            trackers.link(session, turn.actor(session), ident, url, kit=turn.bot.kit, at=turn.at)
        view = look_at(turn, session, ident)
    return back(turn, view)


def remove(turn: Turn) -> Answer:
    ident, link = views.read_pair(turn.value)
    with turn.bot.sessions.begin() as session:
        trackers.unlink(session, turn.actor(session), ident, link, kit=turn.bot.kit, at=turn.at)
        view = _form(turn, session, ident)
    return again(turn, view)


def _form(turn: Turn, session: Session, ident: int) -> dict[str, Any]:
    actor = turn.actor(session)
    stewards_only(actor)
    problem = visible(session, actor, ident, turn.bot.kit)
    return views.tracking_form(turn.words, Shown.of(problem), trackers.links_of(session, problem))
