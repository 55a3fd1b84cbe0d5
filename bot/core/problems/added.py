"""What confirmers say would help: for stewards, by function, and by none where that would lead to somebody."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.installation import smallest_named
from bot.core.problems import merged
from bot.core.problems.records import FollowUp, Problem
from bot.core.teams import queries as teams

#: Texts that are read at once.
MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Added:
    """One person's words; function is None of a small one, and where none is known."""

    function: str | None
    text: str


def what_would_help(session: Session, problem: Problem) -> list[Added]:
    """All that was added to a problem and to what goes on in it, in an order that says nothing of when or who."""
    idents = [problem.id, *merged.idents_within(session, [problem.id])]
    rows = session.execute(
        sa.select(FollowUp.function_id, FollowUp.would_help)
        .where(FollowUp.problem_id.in_(idents), FollowUp.would_help != "")
        .order_by(FollowUp.id)
        .limit(MOST)
    ).all()
    names, people = teams.functions(session), _people(session)
    least = smallest_named(session)
    return [
        Added(names.get(function or 0) if people[function or 0] >= least else None, said)
        for function, said in rows
    ]


def _people(session: Session) -> Counter[int]:
    """People of each function, by trusted word."""
    sizes = teams.sizes(session)
    found: Counter[int] = Counter()
    for team in teams.teams(session):
        if team.function_id is not None:
            found[team.function_id] += sizes.get(team.id, 0)
    return found
