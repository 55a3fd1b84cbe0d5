"""Where a problem goes on, and what goes on in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.problems.merge_records import Merge
from bot.core.problems.records import Confirmation, Ending, Problem

_TWINS: Final = "twins"
#: Problems that go on by themselves: an edition counts no others.
BY_ITSELF = sa.func.coalesce(Problem.ending, "") != Ending.MERGED.value


def goes_on(session: Session, problem: Problem) -> Problem:
    """The problem that this one goes on in: itself, unless it was merged."""
    if problem.ending != Ending.MERGED.value:
        return problem
    root = session.scalar(
        sa.select(Problem).join(Merge, Merge.root_id == Problem.id).where(Merge.problem_id == problem.id)
    )
    return problem if root is None else root


def members(session: Session, problem: Problem) -> list[Problem]:
    """All that go on in this problem, by id; none for one that was merged itself."""
    query = sa.select(Problem).join(Merge, Merge.problem_id == Problem.id).where(Merge.root_id == problem.id)
    return list(session.scalars(query.order_by(Problem.id)))


def together(session: Session, problem: Problem) -> list[Problem]:
    """Wherever this goes on, with all that go on there; that one first."""
    root = goes_on(session, problem)
    return [root, *members(session, root)]


def idents_within(session: Session, idents: Iterable[int]) -> dict[int, int]:
    """Of these problems, what goes on in each: where, by the id of what went into it."""
    query = sa.select(Merge.problem_id, Merge.root_id).where(Merge.root_id.in_(list(idents)))
    return {ident: root for ident, root in session.execute(query) if root is not None}


def twins_within(session: Session, idents: Iterable[int]) -> dict[int, int]:
    """Of these problems that went into another, how many voices each has of people who are counted there already.

    What was kept at closing stands in for voices that are destroyed.
    """
    listed = list(idents)
    rows = sa.select(Merge.problem_id, Merge.kept).where(Merge.problem_id.in_(listed))
    found = {ident: int((kept or {}).get(_TWINS, 0)) for ident, kept in session.execute(rows)}
    live = (
        sa.select(Confirmation.problem_id, sa.func.count())
        .where(Confirmation.problem_id.in_(listed), Confirmation.twin)
        .group_by(Confirmation.problem_id)
    )
    for ident, count in session.execute(live):
        found[ident] = max(found.get(ident, 0), count)
    return {ident: count for ident, count in found.items() if count}


def keep_twins(session: Session, problem: Problem, twins: int) -> None:
    """Before the voices of one that goes on in another are destroyed: how many of them were counted there as well."""
    row = session.scalar(sa.select(Merge).where(Merge.problem_id == problem.id, Merge.root_id.is_not(None)))
    if row is not None and twins:
        row.kept = {**(row.kept or {}), _TWINS: twins}


def opened_again(session: Session, problem: Problem) -> None:
    """What goes on in one that is open again is not over either: its own sentence stands beside it, as before."""
    rows = sa.select(Problem, Merge.sentence).join(Merge, Merge.problem_id == Problem.id)
    for each, sentence in session.execute(rows.where(Merge.root_id == problem.id)):
        each.closing, each.closed_week, each.closed_on = sentence, None, None
        each.outcome = each.outcome_words = each.holds = None


def all_idents(session: Session) -> list[int]:
    """Every problem that goes on in another, and every one that another goes on in."""
    rows = session.execute(sa.select(Merge.problem_id, Merge.root_id).where(Merge.root_id.is_not(None)))
    return sorted({ident for row in rows for ident in row})


def changed(session: Session, problems: Iterable[Problem]) -> None:
    """What was said of one that was merged is news of the one that it goes on in."""
    for problem in problems:
        if problem.ending == Ending.MERGED.value:
            goes_on(session, problem).changed = True
