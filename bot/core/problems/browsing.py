"""Looking through open problems by what is public of them: label, function, where they can be solved, since when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.installation import smallest_named
from bot.core.problems.records import Answer, AnswerTeam, FeltBy, Problem, State
from bot.core.problems.rules import Verdict
from bot.core.teams.records import Function, Membership, Team

_MONTH, _QUARTER = dt.timedelta(weeks=4), dt.timedelta(weeks=13)


class Age(StrEnum):
    """How long ago a problem was published."""

    MONTH = "month"  # at most four weeks
    QUARTER = "quarter"  # more, at most thirteen weeks
    OLDER = "older"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader looks for; None is anything. `function` is an id."""

    label: str | None = None
    function: int | None = None
    verdict: Verdict | None = None
    age: Age | None = None

    @property
    def anything(self) -> bool:
        return self == ANYTHING


ANYTHING: Final = Wanted()


def open_ones(
    session: Session, wanted: Wanted, *, today: dt.date, before: int | None, most: int
) -> Sequence[Problem]:
    """Open problems that fit, newest number first; `before` is the last number of the page above."""
    query = sa.select(Problem).where(Problem.state == State.OPEN.value, Problem.number.is_not(None))
    if before is not None:
        query = query.where(Problem.number < before)
    if wanted.label is not None:
        query = query.where(Problem.label == wanted.label)
    if wanted.verdict is not None:
        query = query.where(Problem.verdict == wanted.verdict.value)
    if wanted.age is not None:
        query = query.where(*_published(wanted.age, today))
    if wanted.function is not None:
        query = query.where(_concerns(wanted.function))
    return session.scalars(query.order_by(Problem.number.desc()).limit(most)).all()


def _published(age: Age, today: dt.date) -> tuple[sa.ColumnElement[bool], ...]:
    month, quarter = today - _MONTH, today - _QUARTER
    match age:
        case Age.MONTH:
            return (Problem.published_week >= month,)
        case Age.QUARTER:
            return (Problem.published_week < month, Problem.published_week >= quarter)
        case Age.OLDER:
            return (Problem.published_week < quarter,)


def _concerns(function: int) -> sa.ColumnElement[bool]:
    """Stewards said that it feels it or would have to change something; nobody else's word moves this list."""
    felt = (
        sa.select(FeltBy.problem_id)
        .join(Team, Team.id == FeltBy.team_id)
        .where(FeltBy.by_steward.is_(True), Team.function_id == function)
    )
    needed = (
        sa.select(Answer.problem_id)
        .join(AnswerTeam, AnswerTeam.answer_id == Answer.id)
        .join(Team, Team.id == AnswerTeam.team_id)
        .where(Answer.by_steward.is_(True), Team.function_id == function)
    )
    return sa.or_(Problem.id.in_(felt), Problem.id.in_(needed))


def functions_offered(session: Session) -> Sequence[sa.Row[int, str]]:
    """Functions large enough to be looked for, by name: `id` and `name` of each."""
    people = sa.func.count(sa.distinct(Membership.person))
    query = (
        sa.select(Function.id, Function.name)
        .join(Team, Team.function_id == Function.id)
        .join(Membership, Membership.team_id == Team.id)
        .where(Team.dissolved.is_(False))
        .group_by(Function.id, Function.name)
        .having(people >= smallest_named(session))
    )
    return session.execute(query.order_by(Function.name)).all()
