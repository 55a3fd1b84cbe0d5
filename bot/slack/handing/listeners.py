"""Whoever answers for a team says yes or "not ours"; the sponsor answers what no team can decide."""

from __future__ import annotations

from bot.core.problems import handing, sponsoring
from bot.core.pulse import tone
from bot.core.pulse.records import Side
from bot.slack.desk.looking import news_at
from bot.slack.failures import notice
from bot.slack.handing import views
from bot.slack.opening import open_form
from bot.slack.pulse.views import tone_buttons
from bot.slack.shown import Shown
from bot.slack.turn import Answer, Listeners, Turn


def register(listeners: Listeners) -> None:
    listeners.action(views.TEAM_OPEN, open_for_team)
    listeners.submission(views.TEAM_FORM, team_answers)
    listeners.action(views.SPONSOR_OPEN, open_for_sponsor)
    listeners.submission(views.SPONSOR_FORM, sponsor_answers)


def open_for_team(turn: Turn) -> Answer:
    problem, team = views.read_pair(turn.value)
    with turn.bot.sessions.reading() as session:
        found = handing.for_contact(session, turn.actor(session), problem, team)
        view = views.team_form(
            turn.words,
            Shown.of(found.problem),
            team=found.team.id,
            name=found.team.name,
            asks=found.hand.asks,
            due_on=found.hand.due_on,
            command=turn.bot.settings.command,
        )
    return open_form(turn, view, action=views.TEAM_OPEN, value=f"{problem}:{team}")


def team_answers(turn: Turn) -> Answer:
    problem, team = views.read_pair(turn.view.get("private_metadata"))
    yes, text = views.read_answer(turn.view)
    bot = turn.bot
    with bot.sessions.begin() as session:
        actor = turn.actor(session)
        name = handing.for_contact(session, actor, problem, team).team.name
        if yes:
            handing.say_yes(session, actor, problem, team, text, kit=bot.kit, news_at=news_at(turn))
        else:
            handing.say_not_ours(session, actor, problem, team, text)
        tone.ask_steward(session, problem, team, kit=bot.kit, at=turn.at)
        asked = tone.said(session, Side.FUNCTION, problem, team, bot.kit)
    view = notice(turn, views.team_thanks(turn.words, name, yes=yes))
    if not asked:
        view["blocks"] += tone_buttons(turn.words, Side.FUNCTION, problem, team)
    return {"response_action": "update", "view": view}


def open_for_sponsor(turn: Turn) -> Answer:
    ident, settings = views.read_ident(turn.value), turn.bot.settings
    with turn.bot.sessions.reading() as session:
        actor = turn.actor(session)
        problem, asked = sponsoring.for_sponsor(session, actor, ident, sponsor=settings.sponsor)
        view = views.sponsor_form(
            turn.words, Shown.of(problem), asks=asked.asks, due_on=asked.due_on, command=settings.command
        )
    return open_form(turn, view, action=views.SPONSOR_OPEN, value=str(ident))


def sponsor_answers(turn: Turn) -> Answer:
    ident, text = views.read_ident(turn.view.get("private_metadata")), views.read_words(turn.view)
    sponsor, kit = turn.bot.settings.sponsor, turn.bot.kit
    with turn.bot.sessions.begin() as session:
        actor = turn.actor(session)
        sponsoring.answer(session, actor, ident, text, sponsor=sponsor, kit=kit, news_at=news_at(turn))
    return {"response_action": "update", "view": notice(turn, views.sponsor_thanks(turn.words))}
