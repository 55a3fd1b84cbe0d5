"""Stewards look through all that waits, is under way, rests or is closed, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from bot.core.identity.people import stewards_only
from bot.core.problems.queries import for_stewards
from bot.core.problems.records import Problem
from bot.core.replies import desk
from bot.core.replies.desk import Look, Row, Waits
from bot.slack import cards
from bot.slack.days import today
from bot.slack.desk import views, waiting_views
from bot.slack.desk.looking import again
from bot.slack.desk.waiting_views import PAGE, Line
from bot.slack.doing import lines
from bot.slack.failures import show
from bot.slack.shown import Shown
from bot.slack.turn import Answer, Listeners, Turn
from bot.words import Words


def register(listeners: Listeners) -> None:
    listeners.action(views.BROWSE, browse)
    listeners.action(views.LIST, turn_page)


def browse(turn: Turn) -> Answer:
    chosen = (turn.action.get("selected_option") or {}).get("value")
    return _list(turn, waiting_views.read_kind(chosen), 0)


def turn_page(turn: Turn) -> Answer:
    return _list(turn, *waiting_views.read_list(turn.value))


def _list(turn: Turn, kind: Waits | Look, start: int) -> Answer:
    """In the place of the desk or of the page before: Slack holds three forms on each other, and an act is one."""
    with turn.bot.sessions.reading() as session:
        stewards_only(turn.actor(session))
        rows = _rows(turn, session, kind, start)
        found = _lines(turn, session, kind, rows[:PAGE])
    now = today(turn.bot, turn.at)
    view = waiting_views.list_form(turn.words, kind, found, start=start, more=len(rows) > PAGE, today=now)
    if turn.view.get("callback_id") in (views.LISTED, views.DESK):
        return again(turn, view)
    show(turn, view)
    return None


def _rows(turn: Turn, session: Session, kind: Waits | Look, start: int) -> Sequence[Row]:
    if isinstance(kind, Look):
        return desk.look_through(session, kind, start=start, most=PAGE + 1)
    now = today(turn.bot, turn.at)
    return desk.page(session, kind, at=turn.at, today=now, start=start, most=PAGE + 1)


def _lines(turn: Turn, session: Session, kind: Waits | Look, rows: Sequence[Row]) -> list[Line]:
    if isinstance(kind, Waits):
        return [Line(row) for row in rows]
    problems = for_stewards(session, turn.actor(session), [row.id for row in rows], turn.bot.kit)
    return [Line(row, _standing(turn.words, problems[row.id])) for row in rows if row.id in problems]


def _standing(words: Words, problem: Problem) -> str:
    """The title, and what is being done or how it ended."""
    shown = Shown.of(problem)
    done: list[Any] = [] if not shown.open else lines(words, shown.done, marked=False)
    if not done:
        return cards.line(words, shown)
    return f"*{cards.name_of(words, shown, most=400)}*\n{done[0]}"
