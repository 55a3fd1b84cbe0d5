"""What stewards have to look at: a day that they set has come, or somebody whom they asked has spoken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.problems.lifecycle_rules import LIFECYCLE, Step
from bot.core.problems.records import Problem
from bot.core.problems.standing_rules import STANDING, Course, State

_STANDING: Final = Problem.state.in_([state.value for state in STANDING])
#: Courses with a day of the stewards' own; decisions under trial have reviews, and a list of their own.
DAYS: Final = sorted(
    course.value for course in (LIFECYCLE[Step.DAY_CAME].courses or frozenset()) - {Course.TRIED}
)


def come(session: Session, *, today: dt.date, most: int = 50) -> list[Problem]:
    """Whose day has come: watched long enough, put off until now, the sponsor's answer due; the longest first."""
    query = sa.select(Problem).where(_STANDING, Problem.course.in_(DAYS), Problem.course_until <= today)
    return list(session.scalars(query.order_by(Problem.course_until, Problem.id).limit(most)))


def others_spoke(session: Session, *, most: int = 50) -> list[Problem]:
    """Where a team, a helper or the sponsor has said something since a steward last did something."""
    query = sa.select(Problem).where(Problem.others_spoke).order_by(Problem.id)
    return list(session.scalars(query.limit(most)))


def unanswered(session: Session, *, states: Iterable[State] = tuple(State), most: int = 50) -> list[Problem]:
    """Where nobody has answered the raiser yet, the weeks that are longest ago first."""
    found: list[Problem] = []
    # State by state, so that an index holds each in its order: of thousands the first few are read.
    for state in STANDING & frozenset(states):
        here = (Problem.course == Course.WAITING.value, Problem.state == state.value)
        query = sa.select(Problem).where(*here).order_by(Problem.raised_week, Problem.id)
        found += session.scalars(query.limit(most))
    return sorted(found, key=lambda problem: (problem.raised_week, problem.id))[:most]


def unanswered_count(session: Session, states: Iterable[State]) -> int:
    """How many those are."""
    here = Problem.state.in_([state.value for state in STANDING & frozenset(states)])
    query = (
        sa.select(sa.func.count()).select_from(Problem).where(Problem.course == Course.WAITING.value, here)
    )
    return session.scalar(query) or 0
