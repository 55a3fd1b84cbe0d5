"""Stewards publish, set right, hold and close."""

from __future__ import annotations

from bot.core.identity.people import stewards_only
from bot.core.problems import queries, triage
from bot.core.replies import right_of_reply
from bot.core.teams import queries as teams
from bot.slack.desk import forms, views
from bot.slack.desk.looking import again, back, ident_of, look_at, news_at
from bot.slack.failures import show
from bot.slack.teams.views import team_groups
from bot.slack.turn import Answer, Listeners, Turn


def register(listeners: Listeners) -> None:
    listeners.action(views.PUBLISH, publish)
    listeners.action(views.LET_IN, let_in)
    for act in (views.CLOSE, views.HOLD, views.OVERRULE, views.INPUTS, views.EARLY, views.TAKE_DOWN):
        listeners.action(act, ask)
    listeners.submission(views.CLOSE, close)
    listeners.submission(views.HOLD, hold)
    listeners.submission(views.OVERRULE, overrule)
    listeners.submission(views.INPUTS, set_inputs)


def publish(turn: Turn) -> Answer:
    ident, bot = views.read_ident(turn.value), turn.bot
    with bot.sessions.begin() as session:
        actor = turn.actor(session)
        right_of_reply.publish(session, actor, ident, kit=bot.kit, at=turn.at, news_at=news_at(turn))
        view = look_at(turn, session, ident)
    return again(turn, view)


def let_in(turn: Turn) -> Answer:
    ident = views.read_ident(turn.value)
    with turn.bot.sessions.begin() as session:
        triage.hold(session, turn.actor(session), ident, "", kit=turn.bot.kit, at=turn.at)
        view = look_at(turn, session, ident)
    return again(turn, view)


def ask(turn: Turn) -> Answer:
    """Open the form of an act that asks something."""
    act, ident = str(turn.action.get("action_id")).partition(":")[0], views.read_ident(turn.value)
    with turn.bot.sessions.reading() as session:
        stewards_only(turn.actor(session))
        queries.visible(session, turn.actor(session), ident, turn.bot.kit)
        groups = team_groups(turn.words, teams.teams(session)) if act == views.INPUTS else []
    if act == views.INPUTS:
        show(turn, forms.inputs_form(turn.words, ident, groups))
    elif act == views.OVERRULE:
        show(turn, forms.overrule_form(turn.words, ident))
    else:
        show(turn, forms.sentence_form(turn.words, act, ident))
    return None


def close(turn: Turn) -> Answer:
    ident, sentence, bot = ident_of(turn), forms.read_sentence(turn.view), turn.bot
    ending = forms.read_ending(turn.view)
    with bot.sessions.begin() as session:
        actor = turn.actor(session)
        triage.close(
            session,
            actor,
            ident,
            sentence,
            ending=ending,
            kit=bot.kit,
            at=turn.at,
            news_at=news_at(turn),
        )
        view = look_at(turn, session, ident)
    return back(turn, view)


def hold(turn: Turn) -> Answer:
    ident, reason = ident_of(turn), forms.read_sentence(turn.view)
    with turn.bot.sessions.begin() as session:
        triage.hold(session, turn.actor(session), ident, reason, kit=turn.bot.kit, at=turn.at)
        view = look_at(turn, session, ident)
    return back(turn, view)


def overrule(turn: Turn) -> Answer:
    ident, verdict = ident_of(turn), forms.read_verdict(turn.view)
    sentence = forms.read_sentence(turn.view)
    with turn.bot.sessions.begin() as session:
        triage.overrule(session, turn.actor(session), ident, verdict, sentence, kit=turn.bot.kit, at=turn.at)
        view = look_at(turn, session, ident)
    return back(turn, view)


def set_inputs(turn: Turn) -> Answer:
    ident, given = ident_of(turn), forms.read_inputs(turn.view)
    with turn.bot.sessions.begin() as session:
        triage.set_inputs(
            session,
            turn.actor(session),
            ident,
            felt_by=given.felt_by,
            needed_from=given.needed_from,
            ownership=given.ownership,
            kit=turn.bot.kit,
            at=turn.at,
        )
        view = look_at(turn, session, ident)
    return back(turn, view)
