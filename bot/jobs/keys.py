"""Which sealing keys are still needed, all of the database's rooms together, and which are held."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.sealing import fingerprint
from bot.core.pulse.records import Wave
from bot.core.replies.keys import keys_in_use


def needed(session: Session) -> set[bytes]:
    """Fingerprints of the keys that something kept can't do without."""
    waves = session.scalars(sa.select(Wave.salt_mark).where(Wave.salt_mark.is_not(None)))
    return keys_in_use(session) | {bytes(mark) for mark in waves if mark}


def done_with(session: Session, keys: Sequence[bytes]) -> list[int]:
    """Which of these keys, newest first, nothing needs any more; counted from 1, never the newest."""
    wanted = needed(session)
    return [place for place, key in enumerate(keys[1:], start=2) if fingerprint(key) not in wanted]


def missing(session: Session, keys: Sequence[bytes]) -> bool:
    """Whether something kept needs a key that is not among these."""
    return bool(keys_in_use(session) - {fingerprint(key) for key in keys})
