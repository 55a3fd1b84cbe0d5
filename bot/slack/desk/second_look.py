"""Stewards take a second look at what was flagged, and answer a team that asked for one."""

from __future__ import annotations

from bot.core.problems import flagging
from bot.core.replies import queries as replies
from bot.core.replies import reviews
from bot.slack.desk import second_look_views, views
from bot.slack.desk.looking import again, back, look_at
from bot.slack.failures import show
from bot.slack.fields import typed
from bot.slack.turn import Answer, Listeners, Turn


def register(listeners: Listeners) -> None:
    listeners.action(views.LOOKED, looked)
    listeners.action(views.REVIEW, review_form)
    listeners.submission(views.REVIEW, answer)


def looked(turn: Turn) -> Answer:
    ident = views.read_ident(turn.value)
    with turn.bot.sessions.begin() as session:
        flagging.looked(session, turn.actor(session), ident, kit=turn.bot.kit, at=turn.at)
        view = look_at(turn, session, ident)
    return again(turn, view)


def review_form(turn: Turn) -> Answer:
    ident, team = views.read_pair(turn.value)
    with turn.bot.sessions.reading() as session:
        replies.for_steward(session, turn.actor(session), ident, turn.bot.kit)
    show(turn, second_look_views.review_form(turn.words, ident, team))
    return None


def answer(turn: Turn) -> Answer:
    ident, team = views.read_pair(turn.view.get("private_metadata"))
    sentence = typed(turn.view, second_look_views.SENTENCE)
    with turn.bot.sessions.begin() as session:
        actor, kit = turn.actor(session), turn.bot.kit
        reviews.answer_review(session, actor, ident, team, sentence, kit=kit, at=turn.at)
        view = look_at(turn, session, ident)
    return back(turn, view)
