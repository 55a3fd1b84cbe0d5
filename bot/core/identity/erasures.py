"""What people asked to be forgotten and the next sweep has not destroyed yet."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.records import Erasure
from bot.core.identity.sealing import Sealing, Unreadable
from bot.core.store import new_id

#: Characters that each is filled up to, so that its length does not tell how much somebody has said.
_PAGE = 4096


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What one person's erasure covers: what stood when it was asked for, and nothing that came later.

    problems: ids of those this person raised. voices: (problem's id, hash in hex) of "hits us too".
    spoken: the same of questions answered.
    """

    person: str = field(repr=False)
    problems: list[int] = field(default_factory=list)
    voices: list[tuple[int, str]] = field(default_factory=list)
    spoken: list[tuple[int, str]] = field(default_factory=list)


def keep(session: Session, forgotten: Forgotten, sealing: Sealing) -> None:
    """Remember, sealed, what is to be destroyed."""
    ident = new_id(sealing.randomness)
    said = json.dumps(asdict(forgotten))
    sealed = sealing.seal(said.ljust(-(-len(said) // _PAGE) * _PAGE), bound_to=bound(ident))
    session.add(Erasure(id=ident, sealed=sealed))
    session.flush()


def waiting(session: Session, sealing: Sealing) -> list[tuple[int, Forgotten | None]]:
    """Every erasure that waits, by id; None in its place where its key is lost."""
    found: list[tuple[int, Forgotten | None]] = []
    for ident, sealed in session.execute(sa.select(Erasure.id, Erasure.sealed).order_by(Erasure.id)):
        try:
            read = json.loads(sealing.unseal(sealed, bound_to=bound(ident)))
        except Unreadable:
            found.append((ident, None))
            continue
        for name in ("voices", "spoken"):
            read[name] = [(problem, voice) for problem, voice in read[name]]
        found.append((ident, Forgotten(**read)))
    return found


def hidden(session: Session, sealing: Sealing) -> frozenset[int]:
    """Problems whose raiser asked to be forgotten: nothing leads from or to the raiser any more."""
    return frozenset(
        ident
        for _, forgotten in waiting(session, sealing)
        if forgotten is not None
        for ident in forgotten.problems
    )


def bound(ident: int) -> str:
    """What an erasure's seal is bound to."""
    return f"erasure:{ident}"
