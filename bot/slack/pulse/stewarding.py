"""Stewards plan a pulse, call one off, raise its thresholds, and choose the mode."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.core.identity import installation
from bot.core.identity.people import Actor, stewards_only
from bot.core.pulse import acts, instrument, queries, rules, silence, tone
from bot.core.pulse.records import Wave, WaveState
from bot.core.refusal import Refusal
from bot.core.replies import careful
from bot.core.teams.queries import functions, teams
from bot.slack.desk.looking import again, back
from bot.slack.failures import show
from bot.slack.pulse import desk_views, views
from bot.slack.turn import Answer, Listeners, Turn, Viewer


def register(listeners: Listeners) -> None:
    listeners.action(views.DESK, open_desk)
    listeners.action(views.PLAN, ask_plan)
    listeners.submission(views.PLAN, plan)
    listeners.action(views.CALL_OFF, call_off)
    listeners.action(views.THRESHOLDS, ask_thresholds)
    listeners.submission(views.THRESHOLDS, raise_thresholds)
    listeners.action(views.MODE, ask_mode)
    listeners.submission(views.MODE, choose_mode)


def open_desk(turn: Turn) -> Answer:
    with turn.bot.sessions.reading() as session:
        stewards_only(turn.actor(session))
        view = _overview(turn, session)
    show(turn, view)
    return None


def _overview(viewer: Viewer, session: Session) -> dict[str, object]:
    mode, wave, closed, found = (
        installation.mode(session),
        queries.current(session),
        queries.closed(session),
        silence.latest(session),
    )
    seen = desk_views.Overview(
        mode=mode,
        ever_run=bool(closed),
        running=_running(wave) if wave else None,
        closed=[(each.id, each.closes_at) for each in closed],
        offered=_offered(viewer, session),
        line=viewer.bot.settings.careful_line,
        quiet=silence.named(session, found) if found else (),
        fell=found is not None and found.fell,
        tones=tone.figures(session),
    )
    return desk_views.overview(viewer.words, seen)


def _offered(viewer: Viewer, session: Session) -> tuple[float, float, float] | None:
    """The mean and its range by which the careful mode may be left; None where it is not on, or the range says no."""
    if not installation.careful(session):
        return None
    closed = queries.closed(session)
    last = queries.shown(closed[0]).line if closed else None
    if last is None or not rules.clears(last.low, viewer.bot.settings.careful_line):
        return None
    return last.mean or 0.0, last.low or 0.0, last.high or 0.0


def _running(wave: Wave) -> desk_views.Running:
    return desk_views.Running(wave.id, wave.state == WaveState.OPEN.value, wave.opens_at, wave.closes_at)


def ask_plan(turn: Turn) -> Answer:
    with turn.bot.sessions.reading() as session:
        stewards_only(turn.actor(session))
        known = sorted(functions(session).items(), key=lambda each: each[1].casefold())
        groups = [(team.id, team.name) for team in teams(session) if team.group]
        least = queries.thresholds(session)
    _asks(turn)  # before anything is filled in for nothing
    if not known and not groups:
        raise Refusal(
            "Nobody is known to belong to a function or a user group yet. The operator can import teams."
        )
    today = turn.at.astimezone(turn.bot.settings.time_zone).date()
    show(turn, desk_views.plan_form(turn.words, known, groups, least=least, today=today))
    return None


def _asks(turn: Turn) -> instrument.Instrument:
    """The questions that are configured; a steward is told why they can't be asked."""
    try:
        return instrument.load(turn.bot.settings.pulse_file)
    except instrument.Malformed as error:
        raise Refusal(
            "The file of the pulse's questions can't be used; the operator sees with `doctor` why: {fault}",
            fault=error.faults[0],
        ) from None


def plan(turn: Turn) -> Answer:
    asks, zone = _asks(turn), turn.bot.settings.time_zone
    decided = desk_views.read_plan(turn.view, zone=zone, now=turn.at)
    with turn.bot.sessions.begin() as session:
        acts.plan(session, turn.actor(session), decided, instrument=asks, kit=turn.bot.kit, at=turn.at)
        view = _overview(turn, session)
    return back(turn, view)


def call_off(turn: Turn) -> Answer:
    ident = views.read_wave(turn.value)
    with turn.bot.sessions.begin() as session:
        acts.call_off(session, turn.actor(session), ident, kit=turn.bot.kit, at=turn.at)
        view = _overview(turn, session)
    return again(turn, view)


def ask_thresholds(turn: Turn) -> Answer:
    ident = views.read_wave(turn.value)
    with turn.bot.sessions.reading() as session:
        actor = turn.actor(session)
        stewards_only(actor)
        wave = queries.to_be_seen(session, actor, ident)
    show(turn, desk_views.thresholds_form(turn.words, ident, (wave.figures_from, wave.texts_from)))
    return None


def raise_thresholds(turn: Turn) -> Answer:
    ident = views.read_wave(turn.view.get("private_metadata"))
    figures, texts = desk_views.read_thresholds(turn.view)
    with turn.bot.sessions.begin() as session:
        actor, kit = turn.actor(session), turn.bot.kit
        acts.raise_thresholds(
            session, actor, ident, figures_from=figures, texts_from=texts, kit=kit, at=turn.at
        )
        view = _overview(turn, session)
    return back(turn, view)


def ask_mode(turn: Turn) -> Answer:
    with turn.bot.sessions.reading() as session:
        stewards_only(turn.actor(session))
        view = desk_views.mode_form(turn.words, installation.mode(session))
    show(turn, view)
    return None


def choose_mode(turn: Turn) -> Answer:
    chosen, sentence = desk_views.read_mode(turn.view)
    with turn.bot.sessions.begin() as session:
        careful.choose(session, turn.actor(session), chosen, sentence, kit=turn.bot.kit, at=turn.at)
        view = _overview(turn, session)
    return back(turn, view)


def desk_row(viewer: Viewer, session: Session) -> list[dict[str, object]]:
    """The desk's way to the pulse, for Home and the desk's form."""
    offered = _offered(viewer, session) is not None
    # One that is planned or open is on its way to what is recommended.
    ever_run = queries.ever_run(session) or queries.current(session) is not None
    return desk_views.row(viewer.words, installation.mode(session), ever_run=ever_run, offered=offered)


def home_rows(viewer: Viewer, session: Session, actor: Actor) -> list[dict[str, object]]:
    """What Home has of the pulse for this person."""
    wave = queries.waiting_for(session, actor, at=viewer.at)
    closed = queries.closed(session) if queries.may_see(session, actor) else []
    return views.rows(
        viewer.words,
        waiting=(wave.id, wave.closes_at) if wave else None,
        results=(closed[0].id, closed[0].closes_at) if closed else None,
    )
