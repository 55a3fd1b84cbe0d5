"""Stewards write to a raiser whom they don't know; everything gets there at the batch hour."""

from __future__ import annotations

from bot.core.identity.people import stewards_only
from bot.core.problems import queries
from bot.core.problems.wording import Wording
from bot.core.replies import acts
from bot.core.replies import queries as replies
from bot.slack.desk import forms, views
from bot.slack.desk.looking import again, back, ident_of, look_at, news_at
from bot.slack.failures import show
from bot.slack.turn import Answer, Listeners, Turn


def register(listeners: Listeners) -> None:
    listeners.action(views.ASK, ask_form)
    listeners.action(views.PROPOSE, propose_form)
    listeners.action(views.TAKE_BACK, take_back)
    listeners.action(views.TAKE_THEIRS, settle)
    listeners.action(views.LEAVE_THEIRS, settle)
    listeners.action(views.NAME, open_name)
    listeners.action(views.HEARD, heard)
    listeners.submission(views.ASK, ask)
    listeners.submission(views.PROPOSE, propose)


def ask_form(turn: Turn) -> Answer:
    ident = views.read_ident(turn.value)
    with turn.bot.sessions.reading() as session:
        found = replies.for_steward(session, turn.actor(session), ident, turn.bot.kit)
        asked = [(question.text, question.answer) for question in found.questions]
    show(turn, forms.ask_form(turn.words, ident, asked))
    return None


def ask(turn: Turn) -> Answer:
    ident, text, bot = ident_of(turn), forms.read_sentence(turn.view), turn.bot
    with bot.sessions.begin() as session:
        acts.ask(session, turn.actor(session), ident, text, kit=bot.kit, at=turn.at, news_at=news_at(turn))
        view = look_at(turn, session, ident)
    return back(turn, view)


def propose_form(turn: Turn) -> Answer:
    ident = views.read_ident(turn.value)
    with turn.bot.sessions.reading() as session:
        actor = turn.actor(session)
        stewards_only(actor)
        problem = queries.visible(session, actor, ident, turn.bot.kit)
        now = Wording(problem.title, problem.hardship, problem.tried, problem.guardrails)
    show(turn, forms.propose_form(turn.words, ident, now))
    return None


def propose(turn: Turn) -> Answer:
    ident, wording, bot = ident_of(turn), forms.read_wording(turn.view), turn.bot
    with bot.sessions.begin() as session:
        actor = turn.actor(session)
        acts.propose(session, actor, ident, wording, kit=bot.kit, at=turn.at, news_at=news_at(turn))
        view = look_at(turn, session, ident)
    return back(turn, view)


def take_back(turn: Turn) -> Answer:
    ident = views.read_ident(turn.value)
    with turn.bot.sessions.begin() as session:
        acts.take_back_proposal(session, turn.actor(session), ident, kit=turn.bot.kit, at=turn.at)
        view = look_at(turn, session, ident)
    return again(turn, view)


def settle(turn: Turn) -> Answer:
    """Take the raiser's other words, or leave what everybody reads as it is."""
    (ident, proposal), bot = views.read_pair(turn.value), turn.bot
    accept = str(turn.action.get("action_id")).partition(":")[0] == views.TAKE_THEIRS
    with bot.sessions.begin() as session:
        acts.settle_words(
            session,
            turn.actor(session),
            ident,
            proposal,
            accept=accept,
            kit=bot.kit,
            at=turn.at,
            news_at=news_at(turn),
        )
        view = look_at(turn, session, ident)
    return again(turn, view)


def heard(turn: Turn) -> Answer:
    ident = views.read_ident(turn.value)
    with turn.bot.sessions.begin() as session:
        acts.heard(session, turn.actor(session), ident, kit=turn.bot.kit, at=turn.at)
        view = look_at(turn, session, ident)
    return again(turn, view)


def open_name(turn: Turn) -> Answer:
    ident = views.read_ident(turn.value)
    with turn.bot.sessions.begin() as session:
        person = acts.open_name(session, turn.actor(session), ident, kit=turn.bot.kit, at=turn.at)
    show(turn, forms.name_form(turn.words, person))
    return None
