"""The person who answers for an asked team opens what waits, and replies."""

from __future__ import annotations

from bot.core.pulse import tone
from bot.core.pulse.records import Side
from bot.core.replies import queries as replies
from bot.core.replies import right_of_reply
from bot.slack.failures import notice
from bot.slack.home.composing import refresh
from bot.slack.opening import open_form
from bot.slack.pulse.views import tone_buttons
from bot.slack.replying import reviewing, views
from bot.slack.shown import Shown
from bot.slack.turn import Answer, Listeners, Turn


def register(listeners: Listeners) -> None:
    listeners.action(views.OPEN, open_)
    listeners.submission(views.FORM, reply)
    reviewing.register(listeners)


def open_(turn: Turn) -> Answer:
    problem, team = views.read_pair(turn.value)
    with turn.bot.sessions.reading() as session:
        found = replies.for_contact(session, turn.actor(session), problem, team)
        asked = views.Asked(
            Shown.of(found.problem),
            team=found.team.id,
            name=found.team.name,
            reply=found.text,
            until=found.due_at,
            over=found.due_at is None or found.due_at <= turn.at,
        )
    form = views.reply_form(turn.words, asked)
    return open_form(turn, form, action=views.OPEN, value=f"{problem}:{team}")


def reply(turn: Turn) -> Answer:
    problem, team = views.read_pair(turn.view.get("private_metadata"))
    text = views.read_words(turn.view)
    with turn.bot.sessions.begin() as session:
        actor = turn.actor(session)
        right_of_reply.reply(session, actor, problem, team, text)
        tone.ask_steward(session, problem, team, kit=turn.bot.kit, at=turn.at)
        asked = tone.said(session, Side.FUNCTION, problem, team, turn.bot.kit)
        found = replies.for_contact(session, actor, problem, team)
        name, published = found.team.name, Shown.of(found.problem).published
    refresh(turn)
    said = views.thanks(turn.words, name, published=published)
    view = notice(turn, said)
    if not asked:
        view["blocks"] += tone_buttons(turn.words, Side.FUNCTION, problem, team)
    return {"response_action": "update", "view": view}
