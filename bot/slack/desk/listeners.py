"""The desk: what waits for stewards, a look at one of it, and messages that wait for a steward's word."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.core import outbox
from bot.core.identity.installation import paused_because
from bot.core.identity.people import stewards_only
from bot.core.problems import queries
from bot.core.replies.desk import on_desk
from bot.settings import Settings
from bot.slack.confirming.views import DETAILS_FORM
from bot.slack.days import today
from bot.slack.deciding import ledger_views
from bot.slack.deciding.showing import reviews
from bot.slack.desk import (
    asking,
    cover_views,
    covering,
    listing,
    replying,
    second_look,
    setting,
    stepping,
    taking_down,
    triaging,
    views,
    waiting_views,
)
from bot.slack.desk.looking import again, look_at
from bot.slack.desk.waiting_views import Waiting
from bot.slack.failures import show
from bot.slack.help.answering import misused
from bot.slack.opening import open_form
from bot.slack.pilot.rows import desk_rows as pilot_rows
from bot.slack.pulse.stewarding import desk_row
from bot.slack.turn import Answer, Listeners, SubCommand, Turn, Viewer
from bot.words import Words, mark

#: Of each kind that waits, as many as Home has room for beside the rest, and the desk's own form.
_IN_HOME, _IN_FORM = 3, 5


def register(listeners: Listeners) -> None:
    listeners.action(views.OPEN, open_desk)
    listeners.action(views.LOOK, look)
    listeners.action(views.SEND_AGAIN, send_again)
    listeners.action(views.DROP, drop)
    listeners.command(DESK)
    for part in (triaging, setting, asking, replying, second_look, taking_down, stepping, covering, listing):
        part.register(listeners)


def desk_blocks(viewer: Viewer, session: Session, *, whole: bool = False) -> list[dict[str, object]]:
    """What waits for stewards, for Home, and `whole` for the desk's form.

    Whom no answer reaches is looked for there alone: every sealed address is read for it.
    """
    most = _IN_FORM if whole else _IN_HOME
    bot, now = viewer.bot, today(viewer.bot, viewer.at)
    waiting = Waiting(
        on_desk(session, at=viewer.at, today=now, most=most),
        now,
        lost=len(queries.unreachable(session, bot.kit)) if whole else 0,
        unsent=[
            views.Unsent(each.id, each.kind, each.channel, each.problem_class or "")
            for each in outbox.unsent(session)[:most]
        ],
        paused=paused_because(session),
        reviews=reviews(viewer, session),
        unnamed=_unnamed(viewer.words, bot.settings),
    )
    blocks = waiting_views.desk_blocks(viewer.words, waiting, ledger_views.opens(viewer.words))
    return [*blocks, *desk_row(viewer, session), *pilot_rows(viewer, session)]


def open_desk(turn: Turn) -> Answer:
    with turn.bot.sessions.reading() as session:
        stewards_only(turn.actor(session))
        view = _desk(turn, session)
    if turn.view.get("callback_id") == views.LISTED:
        return again(turn, view)
    return open_form(turn, view, action=views.OPEN, value="desk")


def _desk(turn: Turn, session: Session) -> dict[str, object]:
    """The desk in its own form, with what stewards set for themselves at its foot."""
    foot = cover_views.cover_blocks(turn.words, covering.cover_of(turn, session))
    return views.desk_form(turn.words, [*desk_blocks(turn, session, whole=True), *foot])


def desk(turn: Turn, rest: str) -> Answer:
    return misused(turn, DESK) if rest else open_desk(turn)


DESK = SubCommand("desk", "desk", mark("what waits for you as a steward"), desk, stewards=True)


def look(turn: Turn) -> Answer:
    with turn.bot.sessions.reading() as session:
        view = look_at(turn, session, views.read_ident(turn.value))
    if turn.view.get("callback_id") in (DETAILS_FORM, views.PROBLEM):
        return again(turn, view)  # in its place: Slack holds three forms on each other, and an act is one
    show(turn, view)
    return None


def send_again(turn: Turn) -> Answer:
    with turn.bot.sessions.begin() as session:
        stewards_only(turn.actor(session))
        outbox.again(session, views.read_ident(turn.value), at=turn.at)
    return _refreshed(turn)


def drop(turn: Turn) -> Answer:
    with turn.bot.sessions.begin() as session:
        stewards_only(turn.actor(session))
        outbox.drop(session, views.read_ident(turn.value))
    return _refreshed(turn)


def _refreshed(turn: Turn) -> Answer:
    """Show the desk as it is after the act: in its form, or in a new one over Home."""
    with turn.bot.sessions.reading() as session:
        form = _desk(turn, session)
    if turn.view.get("type") == "modal":
        return again(turn, form)
    show(turn, form)
    return None


def _unnamed(words: Words, settings: Settings) -> list[str]:
    """What the operator has not said yet, and what comes of it."""
    said = []
    if settings.digest_channel is None:
        said.append(
            words(
                "*No channel is named for the weekly edition*, so none is posted. The operator can name one."
            )
        )
    if settings.people_channel is None:
        said.append(
            words(
                "*No place is named for misconduct, harassment and safety*, so the form can't say where they go. "
                "Please have the operator name one before you tell everybody about this."
            )
        )
    return said
