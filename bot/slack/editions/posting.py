"""An edition's rows of the outbox: what each looks like, in what order they go, and what is noted once one stands."""

from __future__ import annotations

import datetime as dt
from typing import Final

from sqlalchemy.orm import Session

from bot.core import outbox
from bot.core.editions import acts, queries
from bot.core.editions.records import Edition, EditionState
from bot.core.outbox import Message, Sending
from bot.core.problems.records import State
from bot.slack.editions import views
from bot.slack.editions.thread_views import edition_thread
from bot.slack.rendered import Nothing, NotYet, Rendered, Said, Untraced
from bot.slack.turn import Bot

#: Until a correction is tried again whose edition is still on its way: longer than what is behind it waits.
_LATER: Final = dt.timedelta(seconds=20)


def in_channel(session: Session, bot: Bot, row: Message, _person: str | None) -> Rendered:
    """The short message."""
    edition = queries.by_id(session, row.about.get("edition"))
    if edition is None:
        return Nothing()
    said, blocks = views.edition_message(
        bot.words(), edition, queries.composed(session, edition), command=bot.settings.command
    )
    return Said(said, blocks, metadata=views.metadata(edition.id))


def to_steward(session: Session, bot: Bot, row: Message, person: str | None) -> Rendered:
    """In the careful mode: the edition as the channel would have read it."""
    said = in_channel(session, bot, row, person)
    return Said(said.text, said.blocks) if isinstance(said, Said) else said


def channel_stands(session: Session, bot: Bot, row: Message, ts: str, at: dt.datetime) -> None:
    """From now on the edition is posted, and its thread can follow."""
    acts.posted(session, int(row.about["edition"]), ts, kit=bot.kit, at=at)


def channel_held(session: Session, row: Message) -> None:
    """It waits for a steward's word; so does its thread."""
    acts.held(session, int(row.about["edition"]))


def in_thread(session: Session, bot: Bot, row: Message, _person: str | None) -> Rendered:
    """One part of the thread, after the message and the parts before it."""
    edition = queries.by_id(session, row.about.get("edition"))
    if edition is None:
        return Nothing()
    part = int(row.about["part"])
    if edition.message_ts is None or _before(session, edition, part):
        return NotYet()
    said, blocks = edition_thread(bot.words(), queries.composed(session, edition), part)
    about = views.metadata(edition.id)
    payload = {**about["event_payload"], "part": part}
    return Said(said, blocks, thread=edition.message_ts, metadata={**about, "event_payload": payload})


def part_stands(session: Session, _bot: Bot, row: Message, ts: str, _at: dt.datetime) -> None:
    """Where it stands is kept, so that it can be corrected."""
    acts.thread_posted(session, int(row.about["edition"]), int(row.about["part"]), ts)


def corrected(session: Session, bot: Bot, row: Message, _person: str | None) -> Rendered:
    """A posted message anew, after words in it were taken down or given back."""
    edition = queries.by_id(session, row.about.get("edition"))
    part = int(row.about.get("part", 0))
    if edition is None:
        return Nothing()
    stands = queries.message_of(edition, part)
    if stands is None:
        # What was not put in words yet will be by the words that stand now.
        if _on_its_way(session, edition, part):
            return NotYet(_LATER)
        return Untraced() if _seen_there(session, edition, part) else Nothing()
    words, content, command = bot.words(), queries.composed(session, edition), bot.settings.command
    if part:
        said, blocks = edition_thread(words, content, part)
    else:
        down = queries.how_many(session, content, State.TAKEN_DOWN)
        what = views.corrected(words, down, queries.how_many(session, content, State.WITHDRAWN))
        said, blocks = views.edition_message(words, edition, content, command=command, correction=what)
    return Said(said, blocks, replaces=stands)


def _on_its_way(session: Session, edition: Edition, part: int) -> bool:
    """Whether a message of an edition may still come to stand, or waits for a steward's word on whether it does."""
    return outbox.any_of(session, [_once(edition, part)], *(set(Sending) - {Sending.SENT}))


def _seen_there(session: Session, edition: Edition, part: int) -> bool:
    """Whether a steward may have seen a message in the channel of which it was not known whether it went out."""
    if not part and edition.state != EditionState.HELD.value:
        return False  # it never went out, and was not wanted any more
    return outbox.any_of(session, [_once(edition, part)], Sending.SENT)


def _before(session: Session, edition: Edition, part: int) -> bool:
    """Whether an earlier part of the thread is still on its way."""
    earlier = [_once(edition, each) for each in range(1, part)]
    return outbox.any_of(session, earlier, Sending.WAITING, Sending.CLAIMED, Sending.UNKNOWN)


def _once(edition: Edition, part: int) -> str:
    return f"edition:{edition.period}" + (f":part:{part}" if part else "")
