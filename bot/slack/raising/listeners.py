"""People raise problems: by the command, by shortcuts, and by an emoji on a message."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy.orm import Session

from bot.core.identity.installation import paused_because
from bot.core.identity.receipts import digits_of, new_receipt
from bot.core.problems import queries, tagging
from bot.core.problems.records import State
from bot.core.refusal import Refusal
from bot.core.teams import queries as teams
from bot.slack import failures
from bot.slack.client import ViewChanged
from bot.slack.opening import open_form
from bot.slack.raising import fields, given, reactions, sending, twins, views
from bot.slack.raising.around import around
from bot.slack.raising.carried import unpacked
from bot.slack.raising.prefill import Prefill, from_message, from_words
from bot.slack.raising.views import Tagged
from bot.slack.teams.views import team_groups
from bot.slack.turn import Answer, Listeners, Turn

#: The message shortcut and the global one, as manifest.yml declares them.
RAISE, RAISE_FROM_MESSAGE = "raise_problem", "raise_from_message"


def register(listeners: Listeners) -> None:
    listeners.event("reaction_added", reacted)
    listeners.event("reaction_removed", reacted)
    listeners.shortcut(RAISE, open_empty)
    listeners.shortcut(RAISE_FROM_MESSAGE, open_from_message)
    listeners.action(views.OPEN, open_empty)
    listeners.action(views.OPEN_AGAIN, open_again)
    listeners.action(views.WORD_IT, put_in_words)
    listeners.action(views.LATER, later)
    listeners.action(fields.MORE, unfold)
    listeners.action(views.MESSAGE, followed)
    sending.register(listeners)
    twins.register(listeners)


def open_with(turn: Turn, said: str) -> Answer:
    """The form with somebody's words in it."""
    return _open(turn, from_words(said), said)


def open_empty(turn: Turn) -> Answer:
    return _open(turn, Prefill(), "")


def open_again(turn: Turn) -> Answer:
    return open_with(turn, given.kept(turn.value))


def open_from_message(turn: Turn) -> Answer:
    message = turn.body.get("message") or {}
    prefill = from_message(turn.words, message, bot_user=turn.bot.workspace.bot_user)
    said = prefill.hardship + prefill.rest or prefill.title
    return _open(turn, prefill, said, of_message=True)


def put_in_words(turn: Turn) -> Answer:
    """The form for a message that the person has tagged."""
    ident = given.number(turn.value)
    with turn.bot.sessions.reading() as session:
        tag = _tag(session, turn, ident)
        here = around(session, turn.bot, turn.at)
        because = paused_because(session)
    view = views.form(turn.words, here, tagged=tag)
    if because is not None:  # the tag waits on
        view = failures.notice(turn, views.paused(turn.words, because))
    return open_form(turn, view, action=f"{views.WORD_IT}:{ident}", value=str(ident))


def later(turn: Turn) -> Answer:
    given.number(turn.value)
    failures.respond(turn, views.later(turn.words))
    return None


def followed(_turn: Turn) -> Answer:
    """Slack tells of link buttons too, and wants to hear that it was heard."""
    return None


def unfold(turn: Turn) -> Answer:
    """Add the optional fields; what was typed stays, since Slack keeps it."""
    carried = unpacked(turn.view.get("private_metadata"))
    ident = carried.tag
    notes = [
        block
        for block in turn.view.get("blocks") or []
        if str(block.get("block_id", "")).startswith(views.NOTE)
    ]
    with turn.bot.sessions.reading() as session:
        tag = None if ident is None else _tag(session, turn, ident)
        groups = team_groups(turn.words, teams.teams(session))
        here = around(session, turn.bot, turn.at)
    view = views.form(
        turn.words,
        here,
        choices=None,
        receipt=carried.receipt,
        tagged=tag,
        team_groups=groups,
        kept=notes,
    )
    with suppress(ViewChanged):  # of a second click: the first one has unfolded it
        turn.slack.update_view(str(turn.view.get("id")), view, expected=str(turn.view.get("hash")))
    return None


def reacted(turn: Turn) -> Answer:
    """Note a reaction with one of the configured emoji; the worker finds out what it means."""
    settings, here = turn.bot.settings, turn.bot.workspace
    seen = reactions.read(turn.event, emoji=settings.emoji, bot_user=here.bot_user)
    if seen is None:
        return None
    row = tagging.noted(
        seen.channel,
        seen.message_ts,
        seen.person,
        seen.emoji,
        event_ts=seen.event_ts,
        there=seen.there,
        kit=turn.bot.kit,
        at=turn.at,
    )
    turn.bot.gathering.write(tagging.noting(turn.bot.sessions.dialect), row)
    return None


def _open(turn: Turn, prefill: Prefill, said: str, *, of_message: bool = False) -> Answer:
    with turn.bot.sessions.reading() as session:
        here = around(session, turn.bot, turn.at)
        because = paused_because(session)
    rest = "" if given.fits(said) else said
    if because is None:
        # The code of an anonymous raise is made now, so that a second click on "Send" shows the same one.
        receipt = digits_of(new_receipt(turn.bot.kit.randomness))
        view = views.form(turn.words, here, prefill, receipt=receipt, from_message=of_message)
    else:
        view = failures.notice(turn, views.paused(turn.words, because), {"words": said} if said else None)
    return open_form(turn, view, action=views.OPEN_AGAIN, value=given.keeping(said), kept=rest)


def _tag(session: Session, turn: Turn, ident: int) -> Tagged:
    problem = queries.visible(session, turn.actor(session), ident, turn.bot.kit)
    if problem.state != State.TAGGED.value:
        raise Refusal("These words were already sent. `{command} mine` shows where it stands.")
    tag = queries.tag_of(session, problem)
    return Tagged(problem.id, tag.permalink if tag else None)
