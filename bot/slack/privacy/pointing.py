"""Whoever a problem points at has it taken down at once, without a word of who that was."""

from __future__ import annotations

from typing import Final

from bot.core.editions import corrections
from bot.slack import cards
from bot.slack.failures import notice
from bot.slack.opening import open_form
from bot.slack.privacy import pointing_views as views
from bot.slack.shown import Shown
from bot.slack.turn import Answer, Listeners, Turn

#: What is counted of it: how many within the hour in the whole workspace, never of whom.
POINTED: Final = "points at somebody"


def register(listeners: Listeners) -> None:
    listeners.action(cards.POINTS_AT_ME, points_form, protected=True)
    listeners.submission(views.FORM, take_down, protected=True)


def points_form(turn: Turn) -> Answer:
    ident = views.read_ident(turn.value)
    with turn.bot.sessions.reading() as session:
        problem = corrections.readable(session, turn.actor(session), ident, turn.bot.kit)
        form = views.points_form(turn.words, Shown.of(problem))
    return open_form(turn, form, action=cards.POINTS_AT_ME, value=str(ident))


def take_down(turn: Turn) -> Answer:
    ident, reason = views.read_ident(turn.view.get("private_metadata")), views.read_reason(turn.view)
    views.refuse_more_than(turn.bot.hourly.count(POINTED))
    sentence = views.in_its_place(turn.bot.words())  # everybody reads it: in the workspace's language
    with turn.bot.sessions.begin() as session:
        actor = turn.actor(session)
        corrections.points_at_me(
            session, actor, ident, reason, sentence=sentence, kit=turn.bot.kit, at=turn.at
        )
    turn.bot.hourly.add(POINTED, str(ident))
    return {"response_action": "update", "view": notice(turn, views.taken_down(turn.words))}
