"""Somebody says "we can help", from an edition, a list or a problem's own card."""

from __future__ import annotations

from bot.core.problems import helping
from bot.core.teams.queries import team_of
from bot.slack import cards
from bot.slack.failures import notice
from bot.slack.fields import typed
from bot.slack.helping import views
from bot.slack.opening import open_form
from bot.slack.shown import Shown
from bot.slack.turn import Answer, Listeners, Turn


def register(listeners: Listeners) -> None:
    listeners.action(cards.WE_HELP, offer)
    listeners.submission(views.FORM, offered)


def offer(turn: Turn) -> Answer:
    ident = views.read_ident(turn.value)
    with turn.bot.sessions.reading() as session:
        actor = turn.actor(session)
        problem = helping.to_help(session, actor, ident, turn.bot.kit)
        belonging = team_of(session, actor.person)
        view = views.help_form(turn.words, Shown.of(problem), team=belonging.team.name if belonging else None)
    return open_form(turn, view, action=cards.WE_HELP, value=str(ident))


def offered(turn: Turn) -> Answer:
    ident = views.read_ident(turn.view.get("private_metadata"))
    with turn.bot.sessions.begin() as session:
        text = typed(turn.view, views.WORDS)
        helping.offer_help(session, turn.actor(session), ident, text, kit=turn.bot.kit)
    return {"response_action": "update", "view": notice(turn, views.thanks(turn.words))}
