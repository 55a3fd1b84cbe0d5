"""Stewards decide, change, keep and end; what was found is written beside it."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy.orm import Session

from bot.core.decisions import acts, ledger, queries
from bot.core.identity.people import stewards_only
from bot.core.problems.lifecycle import seen_of
from bot.core.problems.queries import visible
from bot.core.refusal import Refusal
from bot.core.teams import queries as teams
from bot.slack.client import ViewChanged
from bot.slack.days import free_days
from bot.slack.days import today as today_of
from bot.slack.deciding import buttons, forms, ledger_views, paying
from bot.slack.deciding.forms import About, Pick, unpacked
from bot.slack.desk.looking import again, back, look_at, news_at
from bot.slack.desk.views import read_ident
from bot.slack.failures import beside, show
from bot.slack.fields import typed
from bot.slack.teams.views import team_groups
from bot.slack.turn import Answer, Listeners, Turn


def register(listeners: Listeners) -> None:
    listeners.action(buttons.DECIDE, ask)
    listeners.action(buttons.CHANGE, ask_change)
    listeners.action(buttons.SECOND, second)
    listeners.action(forms.MORE, unfold)
    listeners.action(forms.END, ask_sentence)
    listeners.action(forms.KEEP, ask_sentence)
    listeners.action(forms.FOUND, ask_found)
    listeners.action(ledger_views.LEDGER, show_ledger)
    listeners.submission(forms.FORM, decide)
    listeners.submission(forms.END, end)
    listeners.submission(forms.KEEP, keep)
    listeners.submission(forms.FOUND, found)
    paying.register(listeners)


def ask(turn: Turn) -> Answer:
    """Open the form for a new decision."""
    with turn.bot.sessions.reading() as session:
        actor = turn.actor(session)
        stewards_only(actor)
        problem = visible(session, actor, read_ident(turn.value), turn.bot.kit)
        groups = team_groups(turn.words, teams.teams(session))
    about = About(problem.id, seen=seen_of(problem))
    show(turn, forms.decide_form(turn.words, about, groups, today=today_of(turn.bot, turn.at)))
    return None


def ask_change(turn: Turn) -> Answer:
    """Open the same form with what stands."""
    ident, _ = buttons.read_pair(turn.value)
    with turn.bot.sessions.reading() as session:
        told = queries.for_steward(session, turn.actor(session), ident, turn.bot.kit)
        groups = team_groups(turn.words, teams.teams(session))
    about = About(told.problem, told.id, told.version)
    show(turn, forms.decide_form(turn.words, about, groups, today=today_of(turn.bot, turn.at), told=told))
    return None


def unfold(turn: Turn) -> Answer:
    """Add the optional fields, for the teams that are picked so far; Slack keeps what was typed."""
    about, picked = unpacked(turn.view.get("private_metadata")), forms.read_teams(turn.view, forms.PAYERS)
    with turn.bot.sessions.reading() as session:
        stewards_only(turn.actor(session))
        known = teams.teams(session)
    review = forms.read_day(turn.view, forms.REVIEW)
    picks = [Pick(team.id, team.name) for team in known if team.id in picked]
    groups, today = team_groups(turn.words, known), today_of(turn.bot, turn.at)
    form = forms.decide_form(turn.words, about, groups, today=today, unfolded=picks, review=review)
    with suppress(ViewChanged):  # of a second click: the first one has unfolded it
        turn.slack.update_view(str(turn.view.get("id")), form, expected=str(turn.view.get("hash")))
    return None


def decide(turn: Turn) -> Answer:
    """A new decision, or other words for one that stands."""
    about = unpacked(turn.view.get("private_metadata"))
    if wrong := _wrong_hours(turn):
        return beside(turn, wrong)
    with turn.bot.sessions.begin() as session:
        (_change if about.decision else _record)(turn, session, about)
        view = look_at(turn, session, about.problem)
    return back(turn, view)


def _change(turn: Turn, session: Session, about: About) -> None:
    today = today_of(turn.bot, turn.at)
    acts.change(
        session,
        turn.actor(session),
        about.decision,
        forms.read_draft(turn.view, today=today),
        version=about.version,
        today=today,
        kit=turn.bot.kit,
        at=turn.at,
    )


def _record(turn: Turn, session: Session, about: About) -> None:
    today = today_of(turn.bot, turn.at)
    acts.record(
        session,
        turn.actor(session),
        about.problem,
        forms.read_draft(turn.view, today=today),
        today=today,
        free=free_days(session, turn.bot, turn.at),
        kit=turn.bot.kit,
        at=turn.at,
        news_at=news_at(turn),
        seen=about.seen,
    )


def _wrong_hours(turn: Turn) -> dict[str, Refusal]:
    """What is said beside the fields in which hours can't be read; everything typed stays."""
    wrong = {}
    for block in forms.hours_blocks(turn.view):
        try:
            forms.read_hours(turn.view, block)
        except Refusal as refusal:
            wrong[block] = refusal
    return wrong


def second(turn: Turn) -> Answer:
    ident, _ = buttons.read_pair(turn.value)
    with turn.bot.sessions.begin() as session:
        today, news = today_of(turn.bot, turn.at), news_at(turn)
        actor = turn.actor(session)
        made = acts.second(session, actor, ident, today=today, kit=turn.bot.kit, at=turn.at, news_at=news)
        view = look_at(turn, session, made.problem_id)
    return again(turn, view)


def ask_sentence(turn: Turn) -> Answer:
    """Open the form that asks why it ends, or why it goes on."""
    ident, version = buttons.read_pair(turn.value)
    with turn.bot.sessions.reading() as session:
        told = queries.for_steward(session, turn.actor(session), ident, turn.bot.kit)
    about = About(told.problem, told.id, version)
    act = str(turn.action.get("action_id"))
    show(turn, forms.sentence_form(turn.words, act, about, today=today_of(turn.bot, turn.at)))
    return None


def end(turn: Turn) -> Answer:
    about, bot = unpacked(turn.view.get("private_metadata")), turn.bot
    with bot.sessions.begin() as session:
        made = acts.end(
            session,
            turn.actor(session),
            about.decision,
            typed(turn.view, forms.SENTENCE),
            version=about.version,
            today=today_of(bot, turn.at),
            kit=bot.kit,
            at=turn.at,
            news_at=news_at(turn),
        )
        view = look_at(turn, session, made.problem_id)
    return back(turn, view)


def keep(turn: Turn) -> Answer:
    about, bot, today = unpacked(turn.view.get("private_metadata")), turn.bot, today_of(turn.bot, turn.at)
    with bot.sessions.begin() as session:
        made = acts.keep(
            session,
            turn.actor(session),
            about.decision,
            typed(turn.view, forms.SENTENCE),
            review_on=forms.read_day(turn.view, forms.REVIEW) or today,
            version=about.version,
            today=today,
            free=free_days(session, bot, turn.at),
            kit=bot.kit,
            at=turn.at,
        )
        view = look_at(turn, session, made.problem_id)
    return back(turn, view)


def ask_found(turn: Turn) -> Answer:
    """Open the form for what was found of one line."""
    ident = read_ident(turn.value)
    with turn.bot.sessions.reading() as session:
        row, problem = queries.guardrail_for_steward(session, turn.actor(session), ident, turn.bot.kit)
    show(turn, forms.found_form(turn.words, About(problem.id, ident), row.line))
    return None


def found(turn: Turn) -> Answer:
    about, held = unpacked(turn.view.get("private_metadata")), forms.read_held(turn.view)
    text = typed(turn.view, forms.SENTENCE)
    with turn.bot.sessions.begin() as session:
        actor = turn.actor(session)
        acts.found(session, actor, about.decision, text, held=held, kit=turn.bot.kit, at=turn.at)
        view = look_at(turn, session, about.problem)
    return back(turn, view)


def show_ledger(turn: Turn) -> Answer:
    with turn.bot.sessions.reading() as session:
        stewards_only(turn.actor(session))
        now, before = ledger.ledger(session), ledger.ledger(session, past=True)
    show(turn, ledger_views.ledger_form(turn.words, now, before))
    return None
