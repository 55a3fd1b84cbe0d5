"""Merges of a problem, gathered for whoever looks at it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from bot.core.problems import merge_queries
from bot.core.problems.merge_queries import Part
from bot.core.problems.records import Problem
from bot.slack.merging.views import Side
from bot.slack.shown import Shown


def sides(parts: Iterable[Part]) -> list[Side]:
    """Ready to be shown."""
    return [
        Side(
            part.id,
            part.goes,
            Shown.of(part.other) if part.other is not None else None,
            part.sentence,
            part.due_on,
            part.stands,
        )
        for part in parts
    ]


def for_steward(session: Session, problem: Problem) -> list[Side]:
    return sides(merge_queries.for_steward(session, problem))
