"""People read what they are promised and what is stored about them, and are forgotten when they ask."""

from __future__ import annotations

from bot.core.forgetting import forget_everywhere
from bot.core.pilot import acts as pilot
from bot.core.pulse.queries import stored_of
from bot.core.replies.stored import what_is_stored
from bot.slack.failures import notice
from bot.slack.help.answering import misused
from bot.slack.opening import open_form
from bot.slack.privacy import pointing, views
from bot.slack.turn import Answer, Listeners, SubCommand, Turn
from bot.words import mark


def register(listeners: Listeners) -> None:
    listeners.command(PRIVACY)
    listeners.action(views.OPEN, promise, protected=True)
    listeners.action(views.WHAT, what, protected=True)
    listeners.action(views.FORGET, before_forgetting, protected=True)
    listeners.submission(views.FORGET, forget, protected=True)
    pointing.register(listeners)


def privacy(turn: Turn, rest: str) -> Answer:
    return misused(turn, PRIVACY) if rest else promise(turn)


PRIVACY = SubCommand(
    "privacy",
    "privacy",
    mark("who can learn what, what is stored about you, and how to be forgotten"),
    privacy,
)


def promise(turn: Turn) -> Answer:
    return open_form(turn, views.promise_form(turn.words), action=views.OPEN, value="me")


def what(turn: Turn) -> Answer:
    with turn.bot.sessions.reading() as session:
        actor, kit = turn.actor(session), turn.bot.kit
        stored = [
            *what_is_stored(session, actor, kit),
            *stored_of(session, actor, kit),
            *pilot.stored_of(session, actor, kit),
        ]
    return open_form(turn, views.stored_form(turn.words, stored), action=views.WHAT, value="me")


def before_forgetting(turn: Turn) -> Answer:
    return open_form(turn, views.forget_form(turn.words), action=views.FORGET, value="me")


def forget(turn: Turn) -> Answer:
    with turn.bot.sessions.begin() as session:
        stays = forget_everywhere(session, turn.actor(session), kit=turn.bot.kit)
    return {"response_action": "update", "view": notice(turn, views.forgotten(turn.words, stays))}
