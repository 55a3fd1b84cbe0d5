"""How a person wants to hear that there is news: each morning that there is some, on Mondays, or never.

Kept under a keyed hash of the person: in clear, such a row would say of somebody "has raised something", since
nobody else gets news; and a message that waits for Monday would say that it is theirs.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.people import Actor
from bot.core.identity.records import Hearing, Hears
from bot.core.identity.sealing import Sealing
from bot.core.store import inserted, upsert

#: Characters of a hash; a row of an older release bears a shorter id in clear.
_HASHED = 32


def hears(session: Session, person: str, sealing: Sealing) -> Hears:
    """What this person chose; mornings where nothing was."""
    found = session.scalar(sa.select(Hearing.hears).where(of(person, sealing)))
    return Hears(found) if found is not None else Hears.MORNINGS


def choose(session: Session, actor: Actor, how: Hears, *, sealing: Sealing) -> None:
    """Keep a person's choice; the default leaves no row."""
    newest = marks_of(actor.person, sealing)[0]
    kept = Hearing.person == newest if how is not Hears.MORNINGS else sa.false()
    session.execute(sa.delete(Hearing).where(of(actor.person, sealing), ~kept))
    if how is not Hears.MORNINGS:
        upsert(session, Hearing, {"person": newest, "hears": how.value}, key=["person"])
    session.flush()


def marks_of(person: str, sealing: Sealing) -> list[str]:
    """What a person's row bears, under each key that is held; the newest first."""
    return [mark.hex() for mark in sealing.marks_of("hearing", person)]


def of(person: str, sealing: Sealing) -> sa.ColumnElement[bool]:
    """The row of this person, an older release's too."""
    return Hearing.person.in_([*marks_of(person, sealing), person])


def hide_older(session: Session, sealing: Sealing) -> None:
    """Put a hash in the place of each id that an older release has kept in clear."""
    clear = sa.select(Hearing).where(sa.func.length(Hearing.person) < _HASHED)
    for row in session.scalars(clear).all():
        person, how = row.person, row.hears
        session.delete(row)
        session.flush()
        inserted(session, Hearing, {"person": marks_of(person, sealing)[0], "hears": how})
