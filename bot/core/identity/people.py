"""Who acts, and what that person may do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.records import Delivery, Steward
from bot.core.refusal import Refusal
from bot.core.store import inserted

# Asked in every interaction: a statement of the core costs a third of loading an object.
_STEWARD = sa.select(sa.literal(1)).where(Steward.__table__.c.person == sa.bindparam("person"))


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind an interaction. `person` is opaque here."""

    person: str
    steward: bool = False
    locale: str = "en"


def actor(session: Session, person: str, *, locale: str = "en") -> Actor:
    """The person with the role that is known now, not the one a button claims."""
    found = session.connection().execute(_STEWARD, {"person": person}).first()
    return Actor(person, found is not None, locale)


def stewards(session: Session) -> list[str]:
    """Everybody who looks after problems, in a fixed order."""
    return list(session.scalars(sa.select(Steward.person).order_by(Steward.person)))


def set_stewards(session: Session, people: Iterable[str]) -> None:
    """Make these people the stewards, and nobody else."""
    wanted, present = set(people), set(session.scalars(sa.select(Steward.person)))
    session.execute(sa.delete(Steward).where(Steward.person.in_(present - wanted)))
    for person in sorted(wanted - present):
        inserted(session, Steward, {"person": person})


def stewards_only(actor: Actor) -> None:
    """Refuse whoever does not look after problems."""
    if not actor.steward:
        raise Refusal("This is for the stewards. `{command} help` lists what you can do here.")


def first_time(session: Session, mark: bytes, *, on: dt.date) -> bool:
    """Whether this delivery is handled now for the first time; remembers that it was."""
    return inserted(session, Delivery, {"mark": mark, "day": on})


def handled(session: Session, mark: bytes) -> bool:
    """Whether this delivery was handled before."""
    return session.get(Delivery, mark) is not None
