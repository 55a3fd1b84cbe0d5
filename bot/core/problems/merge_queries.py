"""What is to be seen of merges, from either side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.people import Actor, stewards_only
from bot.core.kit import Kit
from bot.core.problems import merged, queries, similar
from bot.core.problems.merge_records import Merge, MergeState
from bot.core.problems.records import Problem, State
from bot.core.problems.standing_rules import STANDING

#: Problems that are offered to be picked from, and unpublished ones that are looked through.
OFFERED, _LOOKED_THROUGH = 20, 300


@dataclass(frozen=True, slots=True)
class Part:
    """A problem's part in a merge. goes: it goes on in the other one, or is to; else the other one in it.

    other: None where this reader may not read it. stands: it has taken effect; before that both raisers are asked.
    carried: the raisers see it, from the batch hour on.
    """

    id: int
    goes: bool
    other: Problem | None
    sentence: str
    due_on: dt.date
    stands: bool
    carried: bool


def for_steward(session: Session, problem: Problem) -> list[Part]:
    """Every merge that this problem is part of, in an order that says nothing of when."""
    either = sa.or_(Merge.problem_id == problem.id, Merge.into_id == problem.id)
    rows = session.scalars(
        sa.select(Merge).where(either, Merge.state != MergeState.REFUSED.value).order_by(Merge.id)
    )
    return [
        Part(
            row.id,
            row.problem_id == problem.id,
            session.get_one(Problem, row.into_id if row.problem_id == problem.id else row.problem_id),
            row.sentence,
            row.due_on,
            row.state == MergeState.STANDS.value,
            row.carried,
        )
        for row in rows
    ]


def for_raiser(session: Session, problem: Problem) -> list[Part]:
    """The same for whoever raised it, from the batch on: of the other one what everybody may read; none once it is over."""
    if problem.closed_week is not None:
        return []
    return [
        replace(each, other=_if_public(each.other)) for each in for_steward(session, problem) if each.carried
    ]


def _if_public(other: Problem | None) -> Problem | None:
    return other if other is not None and queries.known_to_all(other) else None


@dataclass(frozen=True, slots=True)
class Public:
    """What everybody may read beside a problem: where it goes on, and what goes on in it."""

    goes_on: Problem | None = None
    also: Sequence[Problem] = ()


#: Of a problem that stands by itself.
APART: Final = Public()


def for_everybody(session: Session, problem: Problem) -> Public:
    """Both are told of published problems alone."""
    root = merged.goes_on(session, problem)
    others = [each for each in merged.members(session, problem) if queries.known_to_all(each)]
    return Public(_if_public(root) if root.id != problem.id else None, others)


def to_merge_with(
    session: Session, actor: Actor, ident: int, typed: str, *, index: similar.Index, kit: Kit
) -> list[Problem]:
    """What a steward may want to merge a problem with: by number, by words, and without any what is similar."""
    stewards_only(actor)
    problem = queries.visible(session, actor, ident, kit)
    said = typed.strip().removeprefix("#")
    if said.isascii() and said.isdigit() and len(said) < 10:
        numbered = session.scalars(sa.select(Problem).where(Problem.number == int(said)))
        found = [merged.goes_on(session, each) for each in numbered]
    elif said:
        found = similar.search(session, actor, said, index=index, kit=kit, most=OFFERED).problems
        found += [each for each in _unpublished(session) if said.casefold() in each.title.casefold()]
    else:
        found = [each.problem for each in similar.beside(session, actor, index, problem, kit=kit)]
    standing = [state.value for state in STANDING]
    kept = {each.id: each for each in found if each.id != problem.id and each.state in standing}
    return list(kept.values())[:OFFERED]


def _unpublished(session: Session) -> list[Problem]:
    waiting = (State.NEW.value, State.ASKED.value)
    query = sa.select(Problem).where(Problem.state.in_(waiting)).order_by(Problem.id)
    return list(session.scalars(query.limit(_LOOKED_THROUGH)))
