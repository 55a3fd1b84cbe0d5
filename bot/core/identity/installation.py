"""What there is once for the whole installation: the salt of receipts, and whether problems may be raised now."""

from __future__ import annotations

import random

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.records import Installation
from bot.core.refusal import Refusal
from bot.core.store import inserted

_ONE = 1
_SALT = 16


def prepare(session: Session, randomness: random.Random) -> None:
    """Make the one row where it is missing; of several processes that do so at once, one wins."""
    if session.get(Installation, _ONE) is None:
        salt = randomness.randbytes(_SALT)
        inserted(session, Installation, {"id": _ONE, "receipt_salt": salt, "paused_because": None})


def receipt_salt(session: Session) -> bytes | None:
    """The salt of all receipts; None where none was ever made."""
    return session.scalar(sa.select(Installation.receipt_salt))


def paused_because(session: Session) -> str | None:
    """Why no problem may be raised now; None where it may."""
    return session.scalar(sa.select(Installation.paused_because))


def set_paused(session: Session, because: str | None, randomness: random.Random) -> bool:
    """Pause intake with a sentence, or let it go on (None). False where it was so already."""
    prepare(session, randomness)
    row = session.get_one(Installation, _ONE, with_for_update=True, populate_existing=True)
    if row.paused_because == because:
        return False
    row.paused_because = because
    session.flush()
    return True


def while_open(session: Session) -> None:
    """Refuse kindly while intake is paused."""
    because = paused_because(session)
    if because is not None:
        raise Refusal(
            "Raising is paused for now: {because}\n"
            "Nothing was saved. Please copy your words and send them once it goes on.",
            because=because,
        )
