"""How a person wants to hear that there is news: each morning that there is some, on Mondays, or never."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.people import Actor
from bot.core.identity.records import Hearing, Hears
from bot.core.store import upsert


def hears(session: Session, person: str) -> Hears:
    """What this person chose; mornings where nothing was."""
    found = session.scalar(sa.select(Hearing.hears).where(Hearing.person == person))
    return Hears(found) if found is not None else Hears.MORNINGS


def choose(session: Session, actor: Actor, how: Hears) -> None:
    """Keep a person's choice; the default leaves no row."""
    if how is Hears.MORNINGS:
        session.execute(sa.delete(Hearing).where(Hearing.person == actor.person))
    else:
        upsert(session, Hearing, {"person": actor.person, "hears": how.value}, key=["person"])
    session.flush()
