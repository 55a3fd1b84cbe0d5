"""Stewards have the teams heard that would have to change something, before others read; or say why it can't wait."""

from __future__ import annotations

from bot.core.calendar_rules import add_working_days
from bot.core.problems import queries
from bot.core.replies import queries as replies
from bot.core.replies import right_of_reply
from bot.slack.days import free_days
from bot.slack.desk import forms, views
from bot.slack.desk.looking import back, ident_of, look_at, news_at
from bot.slack.failures import show
from bot.slack.turn import Answer, Listeners, Turn


def register(listeners: Listeners) -> None:
    listeners.action(views.ASK_TEAMS, teams_form)
    listeners.action(views.MORE_TIME, time_form)
    listeners.submission(views.ASK_TEAMS, ask_teams)
    listeners.submission(views.MORE_TIME, give_time)
    listeners.submission(views.EARLY, publish_early)


def teams_form(turn: Turn) -> Answer:
    ident, settings = views.read_ident(turn.value), turn.bot.settings
    with turn.bot.sessions.reading() as session:
        found = replies.for_steward(session, turn.actor(session), ident, turn.bot.kit)
        asked = {said.team for said in found.replies}
        teams = [
            forms.Askable(team.id, team.name, contact=team.contact is not None, asked=team.id in asked)
            for team in queries.named(session, found.problem)
        ]
        clock = found.clock.due_at if found.clock else None
        free = free_days(session, turn.bot, turn.at)
    until = clock or add_working_days(turn.at, right_of_reply.DAYS, settings.time_zone, free)
    show(turn, forms.teams_form(turn.words, ident, teams, until=until, running=clock is not None))
    return None


def ask_teams(turn: Turn) -> Answer:
    ident, asked, bot = ident_of(turn), forms.read_teams(turn.view), turn.bot
    with bot.sessions.begin() as session:
        right_of_reply.ask_teams(
            session,
            turn.actor(session),
            ident,
            asked,
            zone=bot.settings.time_zone,
            holidays=free_days(session, bot, turn.at),
            kit=bot.kit,
            at=turn.at,
            news_at=news_at(turn),
        )
        view = look_at(turn, session, ident)
    return back(turn, view)


def time_form(turn: Turn) -> Answer:
    ident = views.read_ident(turn.value)
    with turn.bot.sessions.reading() as session:
        replies.for_steward(session, turn.actor(session), ident, turn.bot.kit)
    show(turn, forms.time_form(turn.words, ident))
    return None


def give_time(turn: Turn) -> Answer:
    ident, days, bot = ident_of(turn), forms.read_days(turn.view), turn.bot
    with bot.sessions.begin() as session:
        right_of_reply.give_time(
            session,
            turn.actor(session),
            ident,
            days=days,
            zone=bot.settings.time_zone,
            holidays=free_days(session, bot, turn.at),
            kit=bot.kit,
            at=turn.at,
        )
        view = look_at(turn, session, ident)
    return back(turn, view)


def publish_early(turn: Turn) -> Answer:
    ident, sentence, bot = ident_of(turn), forms.read_sentence(turn.view), turn.bot
    with bot.sessions.begin() as session:
        right_of_reply.publish_early(
            session,
            turn.actor(session),
            ident,
            sentence,
            kit=bot.kit,
            at=turn.at,
            news_at=news_at(turn),
        )
        view = look_at(turn, session, ident)
    return back(turn, view)
