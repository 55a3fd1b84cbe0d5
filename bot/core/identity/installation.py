"""What there is once for the whole installation: the salt of receipts, whether problems may be raised now, the mode."""

from __future__ import annotations

import random
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.receipts import slow_hash
from bot.core.identity.records import Installation
from bot.core.refusal import Refusal
from bot.core.store import Sessions, inserted

_ONE = 1
_SALT = 16
#: Smallest groups that are named, in the two modes.
SMALLEST_OPEN, SMALLEST_CAREFUL = 5, 10


class Mode(StrEnum):
    """How openly the bot speaks. Careful: editions to stewards alone, a reply before everything, larger groups."""

    OPEN = "open"
    CAREFUL = "careful"


def prepare(session: Session, randomness: random.Random) -> None:
    """Make the one row where it is missing; of several processes that do so at once, one wins."""
    if session.get(Installation, _ONE) is None:
        salt = randomness.randbytes(_SALT)
        inserted(session, Installation, {"id": _ONE, "receipt_salt": salt, "paused_because": None})


def _known(session: Session) -> Installation | None:
    """The one row; a session holds it, so that it is read once however much is asked of it."""
    row = session.info[Installation] = session.get(Installation, _ONE)
    return row


def receipt_salt(session: Session) -> bytes | None:
    """The salt of all receipts; None where none was ever made."""
    return session.scalar(sa.select(Installation.receipt_salt))


def slowly_hashed(sessions: Sessions, said: str, randomness: random.Random) -> bytes:
    """The slow hash of a code or of somebody's own words under that salt, which is made where it is missing.

    To be asked for outside any transaction: it takes long, and on SQLite every other writer would wait for it.
    """
    with sessions.reading() as session:
        salt = receipt_salt(session)
    if salt is None:
        with sessions.begin() as session:
            prepare(session, randomness)
            salt = receipt_salt(session)
    return slow_hash(said, salt=salt or b"")


def paused_because(session: Session) -> str | None:
    """Why no problem may be raised now; None where it may."""
    row = _known(session)
    return row.paused_because if row is not None else None


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


def mode(session: Session) -> Mode | None:
    """The mode that stewards chose; None where nobody has, which is as open."""
    row = _known(session)
    return Mode(row.mode) if row is not None and row.mode else None


def careful(session: Session) -> bool:
    """Whether stewards have chosen the careful mode."""
    return mode(session) is Mode.CAREFUL


def smallest_named(session: Session) -> int:
    """The least active members of a group that may be named."""
    return SMALLEST_CAREFUL if careful(session) else SMALLEST_OPEN


def set_mode(session: Session, chosen: Mode, sentence: str, randomness: random.Random) -> None:
    """Choose a mode; the sentence waits for the next edition."""
    prepare(session, randomness)
    row = session.get_one(Installation, _ONE, with_for_update=True, populate_existing=True)
    row.mode, row.mode_sentence = chosen.value, sentence or None
    session.flush()


def mode_sentence(session: Session) -> str | None:
    """Why the mode was changed, as long as no edition has said it."""
    return session.scalar(sa.select(Installation.mode_sentence))


def mode_sentence_said(session: Session) -> None:
    """An edition has said it."""
    session.execute(sa.update(Installation).values(mode_sentence=None))
