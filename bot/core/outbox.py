"""What the bot has to say, written in the same transaction as what it says it about.

A row says what is to be said and to whom (kind and references), not how it looks.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.core.store import Base, inserted, is_id, new_id, one_of, random_id


class Sending(StrEnum):
    WAITING = "waiting"
    CLAIMED = "claimed"  # a sender has it; after `claimed_until` its outcome is unknown
    UNKNOWN = "unknown"  # sent, but Slack's answer was lost: looked for before it is sent again
    HELD = "held"  # waits for a steward's word
    FAILED = "failed"  # could not be sent; a steward sees why
    SENT = "sent"  # kept for channel messages alone, without their text


class Message(Base):
    """One message that waits to be sent. Personal ones are sealed and gone once sent."""

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("sending", [state.value for state in Sending]),
        sa.CheckConstraint(
            "(channel IS NULL) <> (sealed_person IS NULL) OR kind = 'tag_prompt'", name="one_recipient"
        ),
        sa.Index("ix_outbox_sending_due", "sending", "due_at"),
    )

    id: Mapped[int] = random_id()
    kind: Mapped[str] = mapped_column(sa.String(40))
    once: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    channel: Mapped[str | None] = mapped_column(sa.String(32))
    sealed_person: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    about: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    due_at: Mapped[dt.datetime]
    sending: Mapped[str] = mapped_column(sa.String(10), default=Sending.WAITING.value)
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    claimed_until: Mapped[dt.datetime | None]
    problem_class: Mapped[str | None] = mapped_column(sa.String(40))


#: A sender has it or had it. A late one must not bring back what another has settled meanwhile.
_UNDER_WAY = Message.sending.in_([Sending.CLAIMED.value, Sending.UNKNOWN.value])


class Seal(Protocol):
    """Seals a short text for storage, bound to the row that it belongs to; marks what is to be known again."""

    def seal(self, text: str, *, bound_to: str) -> bytes: ...

    def mark_of(self, *parts: str) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Outbox:
    """Writes messages to be sent."""

    seal: Seal
    randomness: random.Random

    def to_person(
        self,
        session: Session,
        person: str,
        kind: str,
        about: Mapping[str, Any],
        *,
        at: dt.datetime,
        once: str | None = None,
    ) -> bool:
        """A direct message; `at` is when it may go. False where the same thing waits for this person already.

        `once` is kept as a keyed hash and goes with the row: once sent, nothing of it is left.
        """
        ident = new_id(self.randomness)
        sealed = self.seal.seal(person, bound_to=f"outbox:{ident}")
        mark = None if once is None else self.seal.mark_of("once", person, once).hex()
        return self._write(session, ident, kind, about, at, mark, sealed_person=sealed)

    def to_people(
        self, session: Session, people: Sequence[str], kind: str, about: Mapping[str, Any], *, at: dt.datetime
    ) -> None:
        """The same direct message to many, written at once. For what happens once: nothing keeps it from a second time."""
        rows = []
        for person in people:
            ident = new_id(self.randomness)
            rows.append(
                {
                    "id": ident,
                    "kind": kind,
                    "sealed_person": self.seal.seal(person, bound_to=f"outbox:{ident}"),
                    "about": dict(about),
                    "due_at": at,
                    "sending": Sending.WAITING.value,
                    "attempts": 0,
                }
            )
        if rows:
            session.execute(sa.insert(Message), rows)

    def to_channel(
        self,
        session: Session,
        channel: str,
        kind: str,
        about: Mapping[str, Any],
        *,
        at: dt.datetime,
        once: str | None = None,
    ) -> bool:
        """A message for everybody in a channel. False where the same thing was said before, also long ago."""
        return self._write(session, new_id(self.randomness), kind, about, at, once, channel=channel)

    def to_person_in(
        self,
        session: Session,
        person: str,
        channel: str,
        kind: str,
        about: Mapping[str, Any],
        *,
        at: dt.datetime,
    ) -> bool:
        """Something in a channel that one person alone sees."""
        ident = new_id(self.randomness)
        sealed = self.seal.seal(person, bound_to=f"outbox:{ident}")
        return self._write(session, ident, kind, about, at, None, channel=channel, sealed_person=sealed)

    def _write(
        self,
        session: Session,
        ident: int,
        kind: str,
        about: Mapping[str, Any],
        at: dt.datetime,
        once: str | None,
        **to: Any,
    ) -> bool:
        values = {
            "id": ident,
            "kind": kind,
            "once": once,
            "about": dict(about),
            "due_at": at,
            "sending": Sending.WAITING.value,
            "attempts": 0,
            **to,
        }
        return inserted(session, Message, values)


def anything(session: Session, *, at: dt.datetime) -> bool:
    """Whether anything is due, or was left behind by a sender that died; nothing is written to find that out."""
    due = sa.and_(Message.sending == Sending.WAITING.value, Message.due_at <= at)
    return bool(session.scalar(sa.select(sa.exists().where(sa.or_(due, _abandoned(at))))))


def any_of(session: Session, once: Sequence[str], *sending: Sending) -> bool:
    """Whether one of a channel's messages, named by what they say once, is in one of these states."""
    here = sa.and_(Message.once.in_(once), Message.sending.in_([each.value for each in sending]))
    return bool(session.scalar(sa.select(sa.exists().where(here))))


def claim(
    session: Session, *, at: dt.datetime, most: int, lease: dt.timedelta, kinds: Sequence[str] = ()
) -> list[Message]:
    """Take due messages for sending; nobody else takes them until the lease ends."""
    query = (
        sa.select(Message)
        .where(Message.sending == Sending.WAITING.value, Message.due_at <= at)
        .order_by(Message.due_at, Message.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    if kinds:
        query = query.where(Message.kind.in_(kinds))
    messages = list(session.scalars(query))
    for message in messages:
        message.sending = Sending.CLAIMED.value
        message.attempts += 1
        message.claimed_until = at + lease
    session.flush()
    return messages


def _abandoned(at: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(_UNDER_WAY, Message.claimed_until <= at)


def any_abandoned(session: Session, *, at: dt.datetime) -> bool:
    """Whether `abandoned` would find any; nothing is written to find that out."""
    return bool(session.scalar(sa.select(sa.exists().where(_abandoned(at)))))


def abandoned(
    session: Session, *, at: dt.datetime, lease: dt.timedelta = dt.timedelta(minutes=1)
) -> list[Message]:
    """Messages whose sender died, or was not answered: whether they went out is not known.

    Whoever takes them has until the end of the lease to find that out; then they are given out again.
    """
    query = sa.select(Message).where(_abandoned(at)).with_for_update(skip_locked=True)
    messages = list(session.scalars(query))
    for message in messages:
        message.sending = Sending.UNKNOWN.value
        message.claimed_until = at + lease
    session.flush()
    return messages


def unsure(session: Session, ident: int, *, at: dt.datetime, problem_class: str) -> None:
    """It may have gone out: Slack's answer was lost. `abandoned` gives it out from `at` on."""
    session.execute(
        sa.update(Message)
        .where(Message.id == ident, _UNDER_WAY)
        .values(sending=Sending.UNKNOWN.value, claimed_until=at, problem_class=problem_class)
    )


def sent(session: Session, ident: int) -> None:
    """It went out. What was personal is deleted; a channel's row stays, so that it is never said twice."""
    session.execute(sa.delete(Message).where(Message.id == ident, Message.sealed_person.is_not(None)))
    session.execute(
        sa.update(Message)
        .where(Message.id == ident)
        .values(sending=Sending.SENT.value, claimed_until=None, problem_class=None, about={})
    )


def postpone(session: Session, ident: int, *, until: dt.datetime, problem_class: str) -> None:
    """Try again later."""
    session.execute(
        sa.update(Message)
        .where(Message.id == ident, _UNDER_WAY)
        .values(sending=Sending.WAITING.value, due_at=until, claimed_until=None, problem_class=problem_class)
    )


def give_up(session: Session, ident: int, *, problem_class: str, held: bool = False) -> None:
    """Stop trying; stewards see it in their Home with what to do."""
    state = Sending.HELD if held else Sending.FAILED
    session.execute(
        sa.update(Message)
        .where(Message.id == ident, _UNDER_WAY)
        .values(sending=state.value, claimed_until=None, problem_class=problem_class)
    )


def unsent(session: Session) -> list[Message]:
    """What could not be sent or waits for a steward's word."""
    return list(
        session.scalars(
            sa.select(Message)
            .where(Message.sending.in_([Sending.FAILED.value, Sending.HELD.value]))
            .order_by(Message.due_at)
            .limit(50)
        )
    )


def again(session: Session, ident: int, *, at: dt.datetime) -> bool:
    """A steward's word: send it (again). False where it no longer waits for one."""
    if not is_id(ident):
        return False
    result = session.execute(
        sa.update(Message)
        .where(Message.id == ident, Message.sending.in_([Sending.FAILED.value, Sending.HELD.value]))
        .values(sending=Sending.WAITING.value, due_at=at, attempts=0)
    )
    return bool(getattr(result, "rowcount", 0))


def drop(session: Session, ident: int) -> bool:
    """A steward's word: it has been seen in the channel, or is not wanted. It is not said again.

    False where it no longer waits for one.
    """
    found = (
        session.get(Message, ident, with_for_update=True, populate_existing=True) if is_id(ident) else None
    )
    if found is None or found.sending not in (Sending.FAILED.value, Sending.HELD.value):
        return False
    sent(session, ident)
    return True
