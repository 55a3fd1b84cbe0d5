"""Similar problems: found among what everybody may read, by words and by what they mean.

What is stored is derived from published words and leaves with them (`similar_records`). What is in memory follows it,
and follows nothing else: the sum of random marks tells whether it is the same, so that nothing can be missed.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.problems import queries, similar_models
from bot.core.problems.queries import in_steps
from bot.core.problems.records import PUBLISHED, Problem, State
from bot.core.problems.similar_models import Model, ModelMissing
from bot.core.problems.similar_records import Likeness
from bot.core.store import Sessions, inserted

if TYPE_CHECKING:
    from bot.core.problems.similar_index import Snapshot

#: Closeness from which two may be the same problem, from which one is worth a look beside another one,
#: and from which words that were searched for are found.
NEAR, RELATED, FOUND = 1.0, 0.75, 0.4
#: Where "hits us too" can still be said.
JOINABLE: Final = (State.OPEN.value, State.RESTING.value)
#: Seconds that an interaction waits for the index where another one is just building it, and that a search does.
_PATIENCE, _SEARCHED = 0.3, 1.0
#: Problems that are read and stored at a time, and marks: small enough that the sum of millions fits.
_STEP, _MARK_BITS = 200, 40
#: Unpublished ones that a steward's look compares, and most that any look works out.
_UNPUBLISHED_MOST, _LOOKED_AT = 300, 500


@dataclass(frozen=True, slots=True)
class Similar:
    """A problem that the reader may see. closeness: 1 and more is "perhaps the same"."""

    problem: Problem
    closeness: float


class Index:
    """What is published, as this process knows it: built at the first look, brought up to date at every one.

    `name` is the model's, as `similar_models.model_named` takes it. Where that can't be had, words alone go on, and
    `trouble` says why.
    """

    def __init__(self, name: str = similar_models.IDEAS) -> None:
        self._name = name
        self._building = threading.Lock()
        self._model: Model | None = None
        self._asked = False
        self._snapshot: Snapshot | None = None
        self._revision: tuple[int, int] | None = None
        self.trouble: str | None = None

    @property
    def model(self) -> Model | None:
        """The model, loaded at the first look."""
        if not self._asked:
            try:
                self._model = similar_models.model_named(self._name)
            except ModelMissing as missing:
                self.trouble = str(missing)
            self._asked = True
        return self._model

    def current(self, session: Session, *, patience: float = _PATIENCE) -> Snapshot | None:
        """Everything that is stored now; None where it is still being built after `patience` seconds."""
        if not self._building.acquire(timeout=patience):
            return None
        try:
            if self._snapshot is None or _revision(session) != self._revision:
                self._snapshot = snapshot = self._built(session)
                # Of what was read, not of what was there when it was asked: the two need not be the same moment's.
                self._revision = (len(snapshot), sum(each.mark for each in snapshot.rows.values()))
            return self._snapshot
        finally:
            self._building.release()

    def warm(self, sessions: Sessions) -> None:
        """Build it before anybody asks."""
        with sessions.reading() as session:
            snapshot = self.current(session, patience=-1)
        if snapshot is not None and self.model is not None:
            self.model.vectors(["warm"])

    def _built(self, session: Session) -> Snapshot:
        from bot.core.problems.similar_index import Snapshot, Weights, row

        old = self._snapshot.rows if self._snapshot else {}
        listed = session.execute(sa.select(Likeness.problem_id, Likeness.mark))
        marks = {ident: mark for ident, mark in listed}  # noqa: C416  dict() does not take typed rows
        rows = {
            ident: old[ident] for ident, mark in marks.items() if ident in old and old[ident].mark == mark
        }
        model = self.model
        columns = (Likeness.problem_id, Likeness.mark, Likeness.model, Likeness.words, Likeness.vector)
        for idents in in_steps(sorted(marks.keys() - rows.keys()), 5000 if len(rows) == 0 else 500):
            for ident, mark, name, words, vector in session.execute(
                sa.select(*columns).where(Likeness.problem_id.in_(idents))
            ):
                mine = model is not None and name == model.name
                rows[ident] = row(mark, words, vector if mine else None)
        return Snapshot(dict(sorted(rows.items())), Weights.of(model))


def near(
    session: Session, actor: Actor, index: Index, *, title: str, hardship: str, kit: Kit, most: int = 3
) -> list[Similar]:
    """Published ones that may be the same as what somebody is about to send, and that still can be joined."""
    return _closest(session, actor, index, title, hardship, kit=kit, least=NEAR, most=most, states=JOINABLE)


def beside(session: Session, actor: Actor, index: Index, problem: Problem, *, kit: Kit) -> list[Similar]:
    """Up to five that are worth a look beside one that the actor sees; for stewards unpublished ones too."""
    own = (problem.title, problem.hardship)
    found = _closest(
        session, actor, index, *own, kit=kit, least=RELATED, most=5, states=PUBLISHED, but=problem.id
    )
    if actor.steward:
        found += _unpublished(session, actor, index, problem, kit=kit)
    found.sort(key=lambda each: (-each.closeness, each.problem.id))
    return found[:5]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was searched for, best first; `more` where another page follows, `ready` once there is an index."""

    problems: list[Problem]
    more: bool
    ready: bool = True


def search(
    session: Session, actor: Actor, words: str, *, index: Index, kit: Kit, start: int = 0, most: int = 10
) -> Found:
    """Published problems that speak of these words, open ones and closed; the words are kept nowhere."""
    if _any(session) and index.current(session, patience=_SEARCHED) is None:
        return Found([], more=False, ready=False)
    wanted = min(start + most + 1, _LOOKED_AT)
    found = _closest(session, actor, index, words, "", kit=kit, least=FOUND, most=wanted, states=PUBLISHED)
    page = [each.problem for each in found[start : start + most]]
    return Found(page, len(found) > start + most)


def _closest(
    session: Session,
    actor: Actor,
    index: Index,
    title: str,
    hardship: str,
    *,
    kit: Kit,
    least: float,
    most: int,
    states: Sequence[str],
    but: int | None = None,
) -> list[Similar]:
    snapshot = index.current(session) if title.strip() and _any(session) else None
    if not snapshot:
        return []
    from bot.core.problems.similar_index import best, closeness

    close_to = closeness(snapshot, index.model, title, hardship)
    # A few more than are wanted, for those that the reader may not see, or not in this state.
    listed = best(snapshot, close_to, least=least, most=most + 10)
    found = _visible(session, actor, [ident for ident, _ in listed if ident != but], states, kit)
    return [Similar(found[ident], close) for ident, close in listed if ident in found][:most]


def _visible(
    session: Session, actor: Actor, idents: list[int], states: Sequence[str], kit: Kit
) -> dict[int, Problem]:
    """Those in one of the states that the actor may see: what is in memory is asked of the database again."""
    found: dict[int, Problem] = {}
    for step in in_steps(idents):
        query = sa.select(Problem).where(Problem.id.in_(step), Problem.state.in_(states))
        found |= {each.id: each for each in session.scalars(query) if queries.may_see(each, actor, kit)}
    return found


def _unpublished(
    session: Session, actor: Actor, index: Index, problem: Problem, *, kit: Kit
) -> list[Similar]:
    """The same among what waits to be published: read now, and kept in no index."""
    waiting = (State.NEW.value, State.ASKED.value)
    query = sa.select(Problem).where(Problem.state.in_(waiting), Problem.id != problem.id)
    others = {each.id: each for each in session.scalars(query.order_by(Problem.id).limit(_UNPUBLISHED_MOST))}
    if not others:
        return []
    from bot.core.problems.similar_index import Snapshot, Weights, best, closeness, row, stored

    model = index.model if index.model is not None and index.model.quick else None
    read = stored([(each.title, each.hardship) for each in others.values()], model)
    rows = {ident: row(0, *each) for ident, each in zip(others, read, strict=True)}
    snapshot = Snapshot(rows, Weights.of(model))
    listed = best(
        snapshot, closeness(snapshot, model, problem.title, problem.hardship), least=RELATED, most=5
    )
    found = [(others[ident], close) for ident, close in listed]
    return [Similar(each, close) for each, close in found if queries.may_see(each, actor, kit)]


def _any(session: Session) -> bool:
    """Whether there is anything to compare with; where there is not, nobody waits for numpy."""
    return session.scalar(sa.select(Likeness.mark).limit(1)) is not None


def _revision(session: Session) -> tuple[int, int]:
    """How many rows are stored, and the sum of their marks: another one after every change, whoever makes it."""
    count, total = session.execute(sa.select(sa.func.count(), sa.func.sum(Likeness.mark))).one()
    return int(count), int(total or 0)


def keep_up(sessions: Sessions, index: Index, randomness: random.Random) -> int:
    """Read what was published and has no likeness yet; how many. Where nothing is to do, nothing is written."""
    missing = sa.select(Problem.id, Problem.title, Problem.hardship).where(
        Problem.state.in_(PUBLISHED),
        Problem.number.is_not(None),
        ~sa.exists().where(Likeness.problem_id == Problem.id),
    )
    return _read_all(sessions, index, missing, randomness)


def rebuild(sessions: Sessions, index: Index, randomness: random.Random) -> int:
    """Read everything anew that another model has read; how many. Raises ModelMissing where ours can't be had."""
    name = _name_of(index)
    if index.trouble:
        raise ModelMissing(index.trouble)
    with sessions.begin(patient=True) as session:
        session.execute(sa.delete(Likeness).where(Likeness.model != name))
    return keep_up(sessions, index, randomness)


def of_another_model(session: Session, index: Index) -> int:
    """How many wait for `rebuild`; until then they are found by their words alone."""
    other = sa.select(sa.func.count()).where(Likeness.model != _name_of(index))
    return session.scalar(other) or 0


def _name_of(index: Index) -> str:
    return index.model.name if index.model else similar_models.WORDS


def _read_all(
    sessions: Sessions, index: Index, missing: sa.Select[int, str, str], randomness: random.Random
) -> int:
    count = 0
    while True:
        with sessions.reading() as session:
            page = session.execute(missing.order_by(Problem.id).limit(_STEP)).all()
        if not page:
            return count
        count += _keep(sessions, index, page, randomness)


def _keep(
    sessions: Sessions, index: Index, page: Sequence[sa.Row[int, str, str]], randomness: random.Random
) -> int:
    from bot.core.problems.similar_index import stored

    # Outside the transaction, since a model may take its time.
    read = stored([(title, hardship) for _, title, hardship in page], index.model)
    kept = 0
    with sessions.begin(patient=True) as session:
        still = sa.select(Problem).where(
            Problem.id.in_([ident for ident, *_ in page]), Problem.state.in_(PUBLISHED)
        )
        locked = still.order_by(Problem.id).with_for_update()
        now = {each.id: (each.title, each.hardship) for each in session.scalars(locked)}
        for (ident, *words), (hashes, numbers) in zip(page, read, strict=True):
            if now.get(ident) != tuple(words):
                continue  # taken away or worded anew meanwhile
            values = {
                "problem_id": ident,
                "mark": randomness.getrandbits(_MARK_BITS) + 1,
                "model": _name_of(index),
                "words": hashes,
                "vector": numbers,
            }
            kept += inserted(session, Likeness, values)
    return kept
