"""Stewards set where a problem can be solved, who is concerned, and whether the edition may carry it.

Of two at once one wins; the other finds what stands by now, with the own words still in the form.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from bot.core.identity.people import stewards_only
from bot.core.problems import queries, triage
from bot.core.problems.records import Problem
from bot.core.problems.rules import Verdict
from bot.core.problems.triage import Inputs
from bot.core.refusal import Stale
from bot.core.teams import queries as teams
from bot.slack.desk import forms, setting_views, views
from bot.slack.desk.forms import Held
from bot.slack.desk.looking import back, look_at
from bot.slack.failures import said, show
from bot.slack.teams.views import team_groups
from bot.slack.turn import Answer, Listeners, Turn

#: By which acts in the trail each of them is set.
_SETS: Final = {views.OVERRULE: triage.VERDICT, views.INPUTS: triage.INPUTS, views.HOLD: triage.HOLD}


def register(listeners: Listeners) -> None:
    for act in _SETS:
        listeners.action(act, ask)
    listeners.submission(views.OVERRULE, overrule)
    listeners.submission(views.INPUTS, set_inputs)
    listeners.submission(views.HOLD, hold)


def ask(turn: Turn) -> Answer:
    """Open the form with what stands by the stewards' word."""
    act, ident = str(turn.action.get("action_id")).partition(":")[0], views.read_ident(turn.value)
    with turn.bot.sessions.reading() as session:
        problem = _problem(turn, session, ident)
        held = Held(
            stood=_seen(session, problem, act),
            sentence=(problem.overrule_sentence or "") if act == views.OVERRULE else "",
            verdict=_verdict(problem),
        )
        view = _form(turn, session, problem, act, triage.inputs_of(session, problem), held)
    show(turn, view)
    return None


def _problem(turn: Turn, session: Session, ident: int) -> Problem:
    actor = turn.actor(session)
    stewards_only(actor)
    return queries.visible(session, actor, ident, turn.bot.kit)


def _verdict(problem: Problem) -> Verdict | None:
    """The steward's word that stands now; readers see it from the next edition on."""
    return Verdict(problem.overrule_verdict) if problem.overrule_verdict else None


def _seen(session: Session, problem: Problem, act: str) -> str:
    return str(triage.last_word(session, problem, _SETS[act]))


def _form(
    turn: Turn, session: Session, problem: Problem, act: str, chosen: Inputs, held: Held
) -> dict[str, Any]:
    if act == views.INPUTS:
        groups = team_groups(turn.words, teams.teams(session))
        return setting_views.inputs_form(turn.words, problem.id, groups, chosen, held)
    if act == views.OVERRULE:
        return setting_views.overrule_form(turn.words, problem.id, held)
    return forms.sentence_form(turn.words, act, problem.id, held)


def overrule(turn: Turn) -> Answer:
    ident, seen = forms.read_seen(turn.view)
    verdict, sentence = setting_views.read_verdict(turn.view), forms.read_sentence(turn.view)
    kit, since = turn.bot.kit, forms.read_since(seen)
    try:
        with turn.bot.sessions.begin() as session:
            actor = turn.actor(session)
            triage.overrule(session, actor, ident, verdict, sentence, kit=kit, at=turn.at, since=since)
            view = look_at(turn, session, ident)
    except Stale as stale:
        return _again(turn, ident, views.OVERRULE, stale, Held(sentence=sentence, verdict=verdict))
    return back(turn, view)


def set_inputs(turn: Turn) -> Answer:
    (ident, seen), given = forms.read_seen(turn.view), setting_views.read_inputs(turn.view)
    try:
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
                since=forms.read_since(seen),
            )
            view = look_at(turn, session, ident)
    except Stale as stale:
        return _again(turn, ident, views.INPUTS, stale, Held(), given)
    return back(turn, view)


def hold(turn: Turn) -> Answer:
    (ident, seen), reason = forms.read_seen(turn.view), forms.read_sentence(turn.view)
    kit, since = turn.bot.kit, forms.read_since(seen)
    try:
        with turn.bot.sessions.begin() as session:
            triage.hold(session, turn.actor(session), ident, reason, kit=kit, at=turn.at, since=since)
            view = look_at(turn, session, ident)
    except Stale as stale:
        return _again(turn, ident, views.HOLD, stale, Held(sentence=reason))
    return back(turn, view)


def _again(
    turn: Turn, ident: int, act: str, stale: Stale, held: Held, chosen: Inputs = setting_views.NOTHING_SAID
) -> Answer:
    """The form once more: what stands by now, and what was put into it."""
    if stale.text != triage.SET_MEANWHILE:
        raise stale
    with turn.bot.sessions.reading() as session:
        problem = _problem(turn, session, ident)
        changed = [said(turn, stale), *_now(turn, session, problem, act)]
        held = Held(_seen(session, problem, act), held.sentence, None, held.verdict, changed)
        view = _form(turn, session, problem, act, chosen, held)
    return {"response_action": "update", "view": view}


def _now(turn: Turn, session: Session, problem: Problem, act: str) -> Sequence[str]:
    words = turn.words
    if act == views.HOLD:
        return [setting_views.hold_said(words, problem.held_because)]
    if act == views.OVERRULE:
        return [setting_views.word_said(words, _verdict(problem), problem.overrule_sentence)]
    names = {team.id: team.name for team in teams.teams(session)}
    return [setting_views.inputs_said(words, triage.inputs_of(session, problem), names)]
