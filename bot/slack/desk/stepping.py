"""Stewards say what comes next; of two at once one wins, and the other finds the own words and what happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy.orm import Session

from bot.core.identity.people import Actor, stewards_only
from bot.core.problems import courses, handing, helping, queries, sponsoring
from bot.core.problems.courses import When
from bot.core.problems.lifecycle import seen_of, standing_of
from bot.core.problems.lifecycle_rules import Role, Step, fits, steps_of
from bot.core.problems.records import Problem
from bot.core.refusal import Stale
from bot.core.teams import queries as teams
from bot.slack.days import today, working_days_on
from bot.slack.desk import doing_views, step_views, views
from bot.slack.desk.looking import again, back, look_at, news_at
from bot.slack.failures import notice, said, show, typed
from bot.slack.fields import picked
from bot.slack.teams.views import team_groups
from bot.slack.turn import Answer, Listeners, Turn

#: Working days that a form offers at first.
_USUAL: Final = {
    Step.HANDED: handing.DAYS,
    Step.ASKED_SPONSOR: sponsoring.DAYS,
    Step.OBSERVED: 20,
    Step.NOT_NOW: 60,
}


def register(listeners: Listeners) -> None:
    listeners.action(doing_views.NEXT, next_)
    listeners.submission(step_views.CHOSEN, chosen)
    listeners.submission(step_views.STEP, taken)
    listeners.action(doing_views.ACCEPT, answer_help)
    listeners.action(doing_views.DECLINE, answer_help)


def next_(turn: Turn) -> Answer:
    ident = views.read_ident(turn.value)
    with turn.bot.sessions.reading() as session:
        ways = steps_of(Role.STEWARD, standing_of(_problem(turn, session, ident)))
    show(turn, step_views.next_form(turn.words, ident, ways))
    return None


def chosen(turn: Turn) -> Answer:
    """Put the form of the picked step in the place of the list."""
    ident = views.read_ident(turn.view.get("private_metadata"))
    step = step_views.read_step(picked(turn.view, step_views.WAY))
    with turn.bot.sessions.reading() as session:
        view = _form(turn, session, _problem(turn, session, ident), step)
    return {"response_action": "update", "view": view}


def _problem(turn: Turn, session: Session, ident: int) -> Problem:
    actor = turn.actor(session)
    stewards_only(actor)
    return queries.visible(session, actor, ident, turn.bot.kit)


def _form(turn: Turn, session: Session, problem: Problem, step: Step, **more: Any) -> dict[str, Any]:
    days = _USUAL.get(step)
    return step_views.step_form(
        turn.words,
        step,
        problem.id,
        seen=seen_of(problem),
        day=working_days_on(session, turn.bot, turn.at, days) if days else None,
        groups=team_groups(turn.words, teams.teams(session)) if step is Step.HANDED else (),
        **more,
    )


def taken(turn: Turn) -> Answer:
    ident, step, seen = step_views.read_metadata(turn.view.get("private_metadata"))
    try:
        with turn.bot.sessions.begin() as session:
            _ACTS[step](turn, session, turn.actor(session), ident, seen)
            view = look_at(turn, session, ident)
    except Stale as stale:
        return _stale(turn, ident, step, stale)
    return back(turn, view)


def _stale(turn: Turn, ident: int, step: Step, stale: Stale) -> Answer:
    """What happened meanwhile, with the typed words: in the form again where the step is still possible."""
    told = said(turn, stale)
    with turn.bot.sessions.reading() as session:
        problem = _problem(turn, session, ident)
        if fits(step, standing_of(problem)):
            has = step_views.read_typed(turn.view)
            view = _form(turn, session, problem, step, has=has, changed=told)
        else:
            view = notice(turn, told, typed(turn.view))
    return {"response_action": "update", "view": view}


def _when(turn: Turn, seen: str) -> When:
    return {"kit": turn.bot.kit, "at": turn.at, "news_at": news_at(turn), "seen": seen}


def _acknowledge(turn: Turn, session: Session, actor: Actor, ident: int, seen: str) -> None:
    courses.acknowledge(session, actor, ident, _sentence(turn), **_when(turn, seen))


def _write(turn: Turn, session: Session, actor: Actor, ident: int, seen: str) -> None:
    courses.write(session, actor, ident, _sentence(turn), **_when(turn, seen))


def _hand(turn: Turn, session: Session, actor: Actor, ident: int, seen: str) -> None:
    handing.hand(
        session,
        actor,
        ident,
        step_views.read_team(turn.view),
        _sentence(turn),
        due_on=step_views.read_day(turn.view),
        today=today(turn.bot, turn.at),
        **_when(turn, seen),
    )


def _sponsor(turn: Turn, session: Session, actor: Actor, ident: int, seen: str) -> None:
    sponsoring.ask_sponsor(
        session,
        actor,
        ident,
        _sentence(turn),
        sponsor=turn.bot.settings.sponsor,
        due_on=step_views.read_day(turn.view),
        today=today(turn.bot, turn.at),
        **_when(turn, seen),
    )


def _observe(turn: Turn, session: Session, actor: Actor, ident: int, seen: str) -> None:
    until, now = step_views.read_day(turn.view), today(turn.bot, turn.at)
    courses.observe(session, actor, ident, _sentence(turn), until=until, today=now, **_when(turn, seen))


def _not_now(turn: Turn, session: Session, actor: Actor, ident: int, seen: str) -> None:
    until, now = step_views.read_day(turn.view), today(turn.bot, turn.at)
    courses.not_now(session, actor, ident, _sentence(turn), until=until, today=now, **_when(turn, seen))


def _take_back(turn: Turn, session: Session, actor: Actor, ident: int, seen: str) -> None:
    courses.take_back(session, actor, ident, _sentence(turn), **_when(turn, seen))


def _not_for_us(turn: Turn, session: Session, actor: Actor, ident: int, seen: str) -> None:
    instead = step_views.read_typed(turn.view).instead
    courses.not_for_us(session, actor, ident, _sentence(turn), instead=instead, **_when(turn, seen))


def _reopen(turn: Turn, session: Session, actor: Actor, ident: int, seen: str) -> None:
    courses.reopen(session, actor, ident, _sentence(turn), **_when(turn, seen))


def _way_around(turn: Turn, session: Session, actor: Actor, ident: int, seen: str) -> None:
    courses.say_way_around(session, actor, ident, _sentence(turn), **_when(turn, seen))


def _helps(turn: Turn, session: Session, actor: Actor, ident: int, _seen: str) -> None:
    courses.say_what_helps(session, actor, ident, _sentence(turn), kit=turn.bot.kit, at=turn.at)


def _label(turn: Turn, session: Session, actor: Actor, ident: int, _seen: str) -> None:
    code = step_views.read_label(turn.view)
    courses.label(session, actor, ident, code, kit=turn.bot.kit, at=turn.at)


def _sentence(turn: Turn) -> str:
    return step_views.read_typed(turn.view).sentence


_ACTS: Final[dict[Step, Callable[[Turn, Session, Actor, int, str], None]]] = {
    Step.ACKNOWLEDGED: _acknowledge,
    Step.WROTE: _write,
    Step.HANDED: _hand,
    Step.ASKED_SPONSOR: _sponsor,
    Step.OBSERVED: _observe,
    Step.NOT_NOW: _not_now,
    Step.TOOK_BACK: _take_back,
    Step.NOT_FOR_US: _not_for_us,
    Step.REOPENED: _reopen,
    Step.SAID_WAY_AROUND: _way_around,
    Step.SAID_WHAT_HELPS: _helps,
    Step.LABELLED: _label,
}


def answer_help(turn: Turn) -> Answer:
    """Yes or not for now, to an offer."""
    (ident, offer), bot = views.read_pair(turn.value), turn.bot
    accept = str(turn.action.get("action_id")).partition(":")[0] == doing_views.ACCEPT
    with bot.sessions.begin() as session:
        actor = turn.actor(session)
        helping.answer_help(session, actor, ident, offer, accept=accept, kit=bot.kit, at=turn.at)
        view = look_at(turn, session, ident)
    return again(turn, view)
