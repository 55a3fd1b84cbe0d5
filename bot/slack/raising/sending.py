"""The form is sent: read the words once more together with the person, then keep them."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy.orm import Session

from bot.core.identity.installation import slowly_hashed
from bot.core.identity.people import first_time
from bot.core.problems import acts, tagging
from bot.core.refusal import Refusal
from bot.core.teams import queries as teams
from bot.slack import failures
from bot.slack.client import ViewChanged
from bot.slack.home.composing import refresh
from bot.slack.raising import check_views, given, views
from bot.slack.raising.around import around
from bot.slack.raising.given import Given
from bot.slack.raising.prefill import Prefill
from bot.slack.raising.twins import looked, twins
from bot.slack.raising.views import Tagged
from bot.slack.teams.views import team_groups
from bot.slack.turn import Answer, Kind, Listeners, Turn


def register(listeners: Listeners) -> None:
    listeners.submission(views.FORM, sent, protected=True)
    listeners.submission(check_views.AS_IT_IS, sent_as_it_is, protected=True)
    listeners.action(check_views.AS_IT_IS, sent_as_it_is, protected=True)
    listeners.action(check_views.USE, use_these, protected=True)
    listeners.action(check_views.EDIT, edit, protected=True)


def sent(turn: Turn) -> Answer:
    """Show what the local look and the look for twins found, before anything is stored; else keep the words."""
    form = given.read_form(turn.view)
    if form.faults:
        return failures.beside(turn, form.faults)
    with turn.bot.sessions.reading() as session:
        seen, others = looked(session, turn, form), twins(session, turn, form)
    if seen or others:
        return {"response_action": "update", "view": check_views.found(turn.words, form, seen, others)}
    return {"response_action": "update", "view": kept(turn, form)}


def use_these(turn: Turn) -> Answer:
    """Keep the words with the offers; where they are not those that were shown, show them first."""
    form = _sound(given.read_form(turn.view))
    with turn.bot.sessions.reading() as session:
        seen = looked(session, turn, form)
        others = twins(session, turn, form) if seen.name != form.carried.shown else []
    if seen.name != form.carried.shown:
        return _replace(turn, check_views.found(turn.words, form, seen, others))
    return _replace(turn, kept(turn, _sound(form.saying(seen.offered))))


def sent_as_it_is(turn: Turn) -> Answer:
    """Keep the words as they were typed, whatever was found in them."""
    form = given.read_form(turn.view)
    if form.faults and turn.kind is Kind.SUBMISSION:
        return failures.beside(turn, form.faults)
    return _replace(turn, kept(turn, _sound(form)))


def edit(turn: Turn) -> Answer:
    """Back to the form, with everything in it."""
    form = given.read_form(turn.view)
    said, choices = form.wording, form.choices
    more = said.tried or said.guardrails or choices.felt_by or choices.needed_from or choices.label
    with turn.bot.sessions.reading() as session:
        groups = team_groups(turn.words, teams.teams(session)) if more or choices.unknown else None
        here = around(session, turn.bot, turn.at)
    view = views.form(
        turn.words,
        here,
        Prefill(said.title, said.hardship, tried=said.tried, guardrails=said.guardrails),
        choices=choices,
        receipt=form.carried.receipt,
        tagged=None if form.tag is None else Tagged(form.tag),
        team_groups=groups,
    )
    return _replace(turn, view)


def kept(turn: Turn, form: Given) -> dict[str, object]:
    """Keep what was sent, and say what happens next; a second click is answered like the first."""
    code = form.carried.receipt if form.anonymous else None
    hashed = slowly_hashed(turn.bot.sessions, code, turn.bot.kit.randomness) if code else None
    with turn.bot.sessions.begin() as session:
        _keep(session, turn, form, hashed)
        here = around(session, turn.bot, turn.at)
    if form.tag is not None:
        refresh(
            turn
        )  # it no longer waits for words; what was raised otherwise moves nothing that could be seen
    return views.heard(
        turn.words,
        here,
        form.wording.checked(),
        at_once=form.with_name or form.tag is not None,
        receipt=code,
    )


def _keep(session: Session, turn: Turn, form: Given, hashed: bytes | None) -> None:
    # The form's name stays with it through all its steps, so that it is sent once.
    name, kit = str(turn.view.get("id")), turn.bot.kit
    if form.anonymous:
        if form.carried.receipt is None:
            raise Refusal("This form has no code with it. Please copy your words and open it again.")
        acts.raise_anonymous(session, form.wording, digits=form.carried.receipt, kit=kit, hashed=hashed)
        return
    actor, day = turn.actor(session), turn.at.astimezone(turn.bot.settings.time_zone).date()
    if form.tag is not None:
        if first_time(session, kit.sealing.mark_of("word", name), on=turn.at.date()):
            tagging.word(session, actor, form.tag, form.wording, kit=kit, at=turn.at, day=day)
    elif form.with_name:
        acts.raise_named(session, actor, form.wording, form=name, kit=kit, at=turn.at, day=day)
    else:
        acts.raise_confidential(session, actor, form.wording, form=name, kit=kit)


def _sound(form: Given) -> Given:
    for fault in form.faults.values():
        raise fault
    return form


def _replace(turn: Turn, view: dict[str, object]) -> Answer:
    """Show this in the place of the form: in the answer to a form that was sent, by a call after a button."""
    if turn.kind is Kind.SUBMISSION:
        return {"response_action": "update", "view": view}
    with suppress(ViewChanged):  # closed meanwhile
        turn.slack.update_view(str(turn.view.get("id")), view)
    return None
