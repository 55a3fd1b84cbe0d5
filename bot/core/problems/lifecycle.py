"""Taking a step of the lifecycle: whether it may be taken from where the problem stands, and what it leaves behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.people import Actor, stewards_only
from bot.core.kit import Kit
from bot.core.problems import queries
from bot.core.problems.lifecycle_rules import LIFECYCLE, Hearer, Role, Step, after, fits
from bot.core.problems.records import Audit, Problem
from bot.core.problems.standing_rules import Course, Standing, State
from bot.core.problems.wording import said, text_of
from bot.core.refusal import Refusal, Stale, Unsaid
from bot.words import mark

CHANGED: Final = mark(
    "Somebody else was quicker: this problem has changed since you opened it. Nothing was saved; please look again."
)
#: What another steward did meanwhile, for whoever comes second with a form that was opened before it.
MEANWHILE: Final[Mapping[Step, str]] = {
    Step.ACKNOWLEDGED: mark(
        "Another steward has answered the raiser meanwhile. Nothing was saved; please look again."
    ),
    Step.ASKED_TEAMS: mark(
        "Another steward has asked teams meanwhile. Nothing was saved; please look again."
    ),
    Step.PUBLISHED: mark("Another steward has published it meanwhile. Nothing was saved; please look again."),
    Step.HANDED: mark(
        "Another steward has handed it to a team meanwhile. Nothing was saved; please look again."
    ),
    Step.TOOK_BACK: mark(
        "Another steward has taken it back meanwhile. Nothing was saved; please look again."
    ),
    Step.OBSERVED: mark(
        "Another steward has put it under observation meanwhile. Nothing was saved; please look again."
    ),
    Step.TRIED: mark("A decision was recorded meanwhile. Nothing was saved; please look again."),
    Step.TRIAL_OVER: mark("What was tried came to its end meanwhile. Nothing was saved; please look again."),
    Step.ASKED_SPONSOR: mark(
        "Another steward has asked the sponsor meanwhile. Nothing was saved; please look again."
    ),
    Step.NOT_NOW: mark("Another steward has put it off meanwhile. Nothing was saved; please look again."),
    Step.CLOSED: mark("Another steward has closed it meanwhile. Nothing was saved; please look again."),
    Step.NOT_FOR_US: mark("Another steward has closed it meanwhile. Nothing was saved; please look again."),
    Step.MERGED: mark("Another steward has merged it meanwhile. Nothing was saved; please look again."),
    Step.REOPENED: mark("Another steward has reopened it meanwhile. Nothing was saved; please look again."),
    Step.TAKEN_DOWN: mark("It was taken down meanwhile. Nothing was saved; please look again."),
}
#: What was noted in the trail before the table had its words.
_OLDER: Final = {"published_early": Step.PUBLISHED}


def standing_of(problem: Problem) -> Standing:
    """Where a problem is."""
    return Standing(State(problem.state), Course(problem.course))


def seen_of(problem: Problem) -> str:
    """What a form remembers of where the problem stood when it was opened."""
    until = problem.course_until.isoformat() if problem.course_until else ""
    return f"{problem.state}.{problem.course}.{until}"


def to_step(
    session: Session, actor: Actor, ident: int, step: Step, kit: Kit, *, seen: str | None = None
) -> Problem:
    """The problem for a steward to take this step with, locked; `Stale` says what happened since it was seen."""
    stewards_only(actor)
    problem = queries.visible(session, actor, ident, kit, locked=True)
    if (seen is not None and seen != seen_of(problem)) or not fits(step, standing_of(problem)):
        what = _meanwhile(session, problem)
        raise Stale(CHANGED) if what is None else Stale(what)
    return problem


def take(
    problem: Problem,
    step: Step,
    *,
    role: Role = Role.STEWARD,
    until: dt.date | None = None,
    sentence: str = "",
) -> None:
    """Move a locked problem along the table; the sentence stands beside it where readers get it."""
    there = after(step, role, standing_of(problem))
    move = LIFECYCLE[step]
    problem.state = there.state.value
    if move.to_course is not None:
        problem.course_until = until
        problem.course_sentence = sentence or None if Hearer.READERS in move.says else None
    problem.course = there.course.value


def sentence_of(typed: str, ask: str) -> str:
    """A sentence that has to be there; `ask` says so where it is not."""
    text = text_of(typed)
    if not said(text):
        raise Unsaid(ask)
    return text


def later(until: dt.date, *, today: dt.date) -> dt.date:
    """A day on which somebody looks again: in the future, and within a year."""
    if until <= today:
        raise Refusal("Please pick a day after today.")
    if until > today + dt.timedelta(days=366):
        raise Refusal("That is more than a year away. Please pick a nearer day, or close it with a sentence.")
    return until


def last_of(session: Session, problem: Problem) -> Audit | None:
    """The newest of stewards' acts on it."""
    return session.scalar(
        sa.select(Audit).where(Audit.problem_id == problem.id).order_by(Audit.at.desc(), Audit.id).limit(1)
    )


def _meanwhile(session: Session, problem: Problem) -> str | None:
    last = last_of(session, problem)
    if last is None:
        return None
    step = _OLDER.get(last.act) or (Step(last.act) if last.act in [each.value for each in Step] else None)
    return MEANWHILE.get(step) if step else None
