"""Stewards take words down at once; another steward gives them back or destroys them."""

from __future__ import annotations

from bot.core.editions import corrections
from bot.slack.desk import forms, views
from bot.slack.desk.looking import again, back, ident_of, look_at, news_at
from bot.slack.turn import Answer, Listeners, Turn


def register(listeners: Listeners) -> None:
    listeners.submission(views.TAKE_DOWN, take_down)
    listeners.action(views.RESTORE, review)
    listeners.action(views.DESTROY, review)


def take_down(turn: Turn) -> Answer:
    ident, sentence, bot = ident_of(turn), forms.read_sentence(turn.view), turn.bot
    with bot.sessions.begin() as session:
        corrections.take_down(session, turn.actor(session), ident, sentence, kit=bot.kit, at=turn.at)
        view = look_at(turn, session, ident)
    return back(turn, view)


def review(turn: Turn) -> Answer:
    """Give the words back, or destroy them."""
    ident, bot = views.read_ident(turn.value), turn.bot
    restore = str(turn.action.get("action_id")).partition(":")[0] == views.RESTORE
    with bot.sessions.begin() as session:
        corrections.review_take_down(
            session,
            turn.actor(session),
            ident,
            restore=restore,
            kit=bot.kit,
            at=turn.at,
            news_at=news_at(turn),
        )
        view = look_at(turn, session, ident)
    return again(turn, view)
