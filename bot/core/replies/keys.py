"""A new sealing key takes over: addresses are sealed anew, a few at a time, and nothing is lost where two do it at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.records import Erasure
from bot.core.identity.sealing import Sealing, Unreadable
from bot.core.kit import Kit
from bot.core.outbox import Message
from bot.core.problems.queries import sealed_under
from bot.core.problems.records import Act, Inbox, Problem
from bot.core.store import Sessions

STEP: Final = 200


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many were sealed anew, and how many nobody can open because their key is not held."""

    done: int
    lost: int


@dataclass(frozen=True, slots=True)
class _Column:
    """Where sealed texts stand, and what each is bound to."""

    ident: Any
    sealed: Any
    bound: str


_SEALED: Final = (
    _Column(Problem.id, Problem.sealed_address, "problem"),
    _Column(Message.id, Message.sealed_person, "outbox"),
    _Column(Erasure.id, Erasure.sealed, "erasure"),
)


def reseal(sessions: Sessions, kit: Kit) -> Resealed:
    """Seal every kept address under the newest key; several processes may do it at once.

    What waits in the inbox or as a reaction is left alone: the old key has to be held for a day more, and
    for as long as `keys_in_use` names it.
    """
    done = lost = 0
    for column in _SEALED:
        last = -1
        while True:
            with sessions.reading() as session:
                rows = _older(session, column, last, kit.sealing)
            if not rows:
                break
            last = rows[-1][0]
            fresh = list(_anew(column, rows, kit.sealing))
            lost += len(rows) - len(fresh)
            with sessions.begin(patient=True) as session:
                done += sum([_swap(session, column, *each) for each in fresh])
    return Resealed(done, lost)


def _older(session: Session, column: _Column, last: int, sealing: Sealing) -> list[tuple[int, bytes]]:
    query = sa.select(column.ident, column.sealed).where(column.ident > last, column.sealed.is_not(None))
    query = query.where(sealed_under(column.sealed) != sealing.newest)
    return [(ident, sealed) for ident, sealed in session.execute(query.order_by(column.ident).limit(STEP))]


def _anew(
    column: _Column, rows: Iterable[tuple[int, bytes]], sealing: Sealing
) -> Iterable[tuple[int, bytes, bytes]]:
    for ident, old in rows:
        bound = f"{column.bound}:{ident}"
        try:
            yield ident, old, sealing.seal(sealing.unseal(old, bound_to=bound), bound_to=bound)
        except Unreadable:
            continue


def _swap(session: Session, column: _Column, ident: int, old: bytes, new: bytes) -> int:
    """Put the new bytes where the old ones still stand; another process, or a destruction, may have been quicker."""
    table = column.ident.class_
    changed = session.execute(
        sa.update(table).where(column.ident == ident, column.sealed == old).values({column.sealed.key: new})
    )
    return int(getattr(changed, "rowcount", 0))


def keys_in_use(session: Session) -> set[bytes]:
    """Fingerprints of the keys that something kept still needs: addresses, today's too, and hashes of open problems."""
    found = set(
        session.scalars(sa.select(Problem.salt_mark).where(Problem.salt_mark.is_not(None)).distinct())
    )
    for column in _SEALED:
        sealed = sa.select(sealed_under(column.sealed)).where(column.sealed.is_not(None))
        found |= {bytes(mark) for mark in session.scalars(sealed.distinct())}
    waiting = sa.select(Inbox.body).where(Inbox.act.in_([Act.RAISE.value, Act.CONFIRM.value]))
    addresses = [body.get("address") or body.get("chosen") for body in session.scalars(waiting)]
    found |= {bytes.fromhex(address)[1:5] for address in addresses if address}
    return {bytes(mark) for mark in found if mark}
