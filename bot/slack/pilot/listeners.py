"""Stewards write a pilot down, start it, give their hours, read and post its report, change and end it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.core import figures
from bot.core.identity.people import stewards_only
from bot.core.pilot import acts, counting, queries
from bot.core.pilot.rules import Phase
from bot.core.refusal import Refusal
from bot.core.teams import queries as teams
from bot.slack.desk.looking import again, back
from bot.slack.failures import beside, notice, show
from bot.slack.fields import typed
from bot.slack.pilot import counted, views
from bot.slack.pilot.rows import today
from bot.slack.turn import Answer, Listeners, Turn, Viewer


def register(listeners: Listeners) -> None:
    listeners.action(views.OPEN, open_pilot)
    listeners.action(views.WRITE, ask_definition)
    listeners.action(views.CHANGE, ask_definition)
    listeners.submission(views.WRITE, write_down)
    listeners.submission(views.CHANGE, change)
    listeners.action(views.START, start)
    listeners.action(views.HOURS, ask_hours)
    listeners.submission(views.HOURS, give_hours)
    listeners.action(views.END, ask_end)
    listeners.submission(views.END, end)
    listeners.action(views.READ, read)
    listeners.action(views.POST, post)


def open_pilot(turn: Turn) -> Answer:
    """What stands, or the form to write one down where none does."""
    with turn.bot.sessions.reading() as session:
        stewards_only(turn.actor(session))
        view = _pilot(turn, session)
        show(turn, view or views.write_form(turn.words, _functions(session), None, started=False))
    return None


def ask_definition(turn: Turn) -> Answer:
    with turn.bot.sessions.reading() as session:
        stewards_only(turn.actor(session))
        found = queries.shown(session)
        started = found is not None and found.times is not None and found.phase(today(turn)) is not Phase.OVER
        now = found.definition if found else None
        show(turn, views.write_form(turn.words, _functions(session), now, started=started))
    return None


def write_down(turn: Turn) -> Answer:
    try:
        definition = views.read_definition(turn.view)
    except views.Slips as slips:
        return beside(turn, slips.faults)
    with turn.bot.sessions.begin() as session:
        acts.write_down(session, turn.actor(session), definition, kit=turn.bot.kit, at=turn.at)
        view = _pilot(turn, session)
    return back(turn, view) if view else None


def change(turn: Turn) -> Answer:
    try:
        definition = views.read_definition(turn.view)
    except views.Slips as slips:
        return beside(turn, slips.faults)
    because = typed(turn.view, views.BECAUSE)
    with turn.bot.sessions.begin() as session:
        acts.change(session, turn.actor(session), definition, because, kit=turn.bot.kit, at=turn.at)
        view = _pilot(turn, session)
    return back(turn, view) if view else None


def start(turn: Turn) -> Answer:
    with turn.bot.sessions.begin() as session:
        felt = counted.tone_by_side(session)
        acts.start(session, turn.actor(session), kit=turn.bot.kit, at=turn.at, tone=felt)
        view = _pilot(turn, session)
    return again(turn, view) if view else None


def ask_hours(turn: Turn) -> Answer:
    with turn.bot.sessions.reading() as session:
        stewards_only(turn.actor(session))
    show(turn, views.hours_form(turn.words, _week_asked(today(turn))))
    return None


def give_hours(turn: Turn) -> Answer:
    try:
        low, high = views.read_hours(turn.view)
        week = dt.date.fromisoformat(str(turn.view.get("private_metadata")))
    except views.Slips as slips:
        return beside(turn, slips.faults)
    except ValueError:
        raise Refusal("That form is out of date. Nothing was saved.") from None
    with turn.bot.sessions.begin() as session:
        acts.give_hours(session, turn.actor(session), low, high, week=week, kit=turn.bot.kit, at=turn.at)
        view = _pilot(turn, session)
    return back(turn, view) if view else None


def ask_end(turn: Turn) -> Answer:
    with turn.bot.sessions.reading() as session:
        stewards_only(turn.actor(session))
    show(turn, views.end_form(turn.words))
    return None


def end(turn: Turn) -> Answer:
    because = typed(turn.view, views.BECAUSE)
    with turn.bot.sessions.begin() as session:
        acts.end(session, turn.actor(session), because, kit=turn.bot.kit, at=turn.at)
        view = _pilot(turn, session)
    return back(turn, view) if view else None


def read(turn: Turn) -> Answer:
    """The worker works it out and sends it: its libraries take longer to load than a person waits."""
    with turn.bot.sessions.begin() as session:
        acts.send_report(session, turn.actor(session), kit=turn.bot.kit, at=turn.at)
    show(turn, notice(turn, turn.words("The report comes as a direct message, in a minute at most.")))
    return None


def post(turn: Turn) -> Answer:
    with turn.bot.sessions.begin() as session:
        acts.post_report(
            session, turn.actor(session), turn.bot.settings.digest_channel, kit=turn.bot.kit, at=turn.at
        )
        view = _pilot(turn, session)
    return again(turn, view) if view else None


def _pilot(viewer: Viewer, session: Session) -> dict[str, object] | None:
    found = queries.shown(session)
    if found is None:
        return None
    return views.pilot_form(
        viewer.words,
        found,
        counting.latest(session),
        today=today(viewer),
        figures=figures.available(),
        channel=viewer.bot.settings.digest_channel is not None,
    )


def _functions(session: Session) -> list[tuple[int, str]]:
    return sorted(teams.functions(session).items(), key=lambda each: each[1].casefold())


def _week_asked(today: dt.date) -> dt.date:
    """From Thursday on the week that runs; before that the one that is over."""
    monday = today - dt.timedelta(days=today.weekday())
    return monday if today.weekday() > 2 else monday - dt.timedelta(weeks=1)
