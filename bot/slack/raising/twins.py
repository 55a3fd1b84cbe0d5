"""Before anything is stored: does somebody's problem stand there already, and is it theirs too?"""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy.orm import Session

from bot.core.identity.installation import while_open
from bot.core.problems import similar
from bot.core.refusal import Refusal
from bot.slack import failures
from bot.slack.client import ViewChanged
from bot.slack.confirming import listeners as confirming
from bot.slack.confirming import views as confirming_views
from bot.slack.raising import check_views, checking, given, twin_views
from bot.slack.raising.checking import Seen
from bot.slack.raising.given import Given
from bot.slack.shown import Shown
from bot.slack.turn import Answer, Listeners, Turn


def register(listeners: Listeners) -> None:
    listeners.action(twin_views.THIS_ONE, this_one, protected=True)


def looked(session: Session, turn: Turn, form: Given) -> Seen:
    """What the local look finds in the words of a form."""
    if form.tag is None:
        while_open(session)
    known = form.tag is not None or form.with_name
    return checking.look(session, turn, form.texts, needed_from=form.choices.needed_from, known=known)


def twins(session: Session, turn: Turn, form: Given) -> list[Shown]:
    """Published ones that may be the same; the words are compared in memory and kept nowhere."""
    found = similar.near(
        session,
        turn.actor(session),
        turn.bot.similar,
        title=form.wording.title,
        hardship=form.wording.hardship,
        kit=turn.bot.kit,
    )
    return [Shown.of(each.problem) for each in found]


def this_one(turn: Turn) -> Answer:
    """Say "hits us too" in the place of sending; where that can't be, the form stays with the reason above it."""
    form, ident = given.read_form(turn.view), given.number(turn.value)
    try:
        view = _joined(turn, ident, form)
    except Refusal as refusal:
        view = _asked_again(turn, form, failures.said(turn, refusal))
    with suppress(ViewChanged):  # closed meanwhile
        turn.slack.update_view(str(turn.view.get("id")), view)
    return None


def _joined(turn: Turn, ident: int, form: Given) -> dict[str, object]:
    with turn.bot.sessions.begin() as session:
        said = confirming.said_too(session, turn, ident)
    view = confirming_views.as_form(turn.words, said)
    own = twin_views.not_sent(turn.words, form.texts, tagged=form.tag is not None)
    return {**view, "blocks": [*view["blocks"], *own]}


def _asked_again(turn: Turn, form: Given, note: str) -> dict[str, object]:
    with turn.bot.sessions.reading() as session:
        seen, others = looked(session, turn, form), twins(session, turn, form)
    return check_views.found(turn.words, form, seen, others, noted=note)
