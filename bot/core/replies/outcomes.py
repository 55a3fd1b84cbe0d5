"""What became of a closed problem, in its raiser's word: did it help, does it hold, what did raising it cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.kit import Kit
from bot.core.problems.records import Act, Ending, Outcome, Problem, State
from bot.core.problems.telling import tell_raiser
from bot.core.problems.wording import text_of
from bot.core.problems.work_records import CostCount
from bot.core.refusal import Refusal, Stale
from bot.core.replies.queries import Raiser
from bot.core.replies.raising import say
from bot.core.store import upsert

#: From the day of closing until the raiser is asked what raising it cost, whether it holds, and is asked no more.
COST_AFTER: Final = dt.timedelta(days=14)
HOLDS_AFTER: Final = dt.timedelta(days=30)
SILENT_AFTER: Final = dt.timedelta(days=44)
#: Answers from which a rate is shown; and only after as many more is it shown anew.
RATE_FROM: Final = 5


class Cost(StrEnum):
    NO = "no"
    LITTLE = "little"
    YES = "yes"


def say_outcome(session: Session, raiser: Raiser, outcome: Outcome, text: str, *, kit: Kit) -> None:
    """Whether the ending settles it; a no comes with what is missing, where the raiser wants to say so."""
    if outcome not in (Outcome.CONFIRMED, Outcome.PARTLY, Outcome.DENIED):
        raise ValueError("the raiser says yes, partly or no")
    problem = _closed(raiser)
    say(session, problem, Act.OUTCOME, {"outcome": outcome.value, "text": text_of(text)}, kit)


def say_holds(session: Session, raiser: Raiser, holds: bool, *, kit: Kit) -> None:
    """Whether it still holds, a month later."""
    problem = _closed(raiser)
    if not problem.asked_holds:
        raise Stale("That is not asked yet.")
    say(session, problem, Act.HOLDS, {"holds": holds}, kit)


def say_cost(session: Session, raiser: Raiser, cost: Cost, *, kit: Kit) -> None:
    """Whether raising it cost anything: kept as a sum alone, of nobody and of no problem."""
    problem = _closed(raiser)
    if not problem.asked_cost:
        raise Stale("That is not asked yet.")
    if problem.said_cost:
        raise Refusal("You have answered this one already; of what you said a sum alone is kept.")
    say(session, problem, Act.COST, {"cost": cost.value}, kit)


def _closed(raiser: Raiser) -> Problem:
    problem = raiser.problem
    goes_on = problem.ending == Ending.MERGED.value and problem.closed_week is None
    if problem.state != State.CLOSED.value or goes_on:
        raise Stale("This one is not closed any more. Nothing was saved; please look again.")
    return problem


# How the batch moves these


def take_outcome(session: Session, problem: Problem, body: Mapping[str, Any], _kit: Kit) -> None:
    """The raiser's word on the ending; a no brings it back to the desk, a yes into the next edition."""
    if problem.state != State.CLOSED.value:
        return  # open again meanwhile: it is asked anew when it ends
    said, before = Outcome(body["outcome"]), problem.outcome
    problem.outcome, problem.outcome_words = said.value, body["text"] or None
    # A second yes is none of this week's news: an edition has told it.
    first_yes = said is Outcome.CONFIRMED and before != said.value
    if first_yes and problem.ending == Ending.SOLVED.value:
        problem.changed = True
    if said is not Outcome.CONFIRMED or body["text"]:
        problem.raiser_spoke = True
    session.flush()


def take_holds(session: Session, problem: Problem, body: Mapping[str, Any], _kit: Kit) -> None:
    """Whether it still holds; a no brings it back to the desk."""
    if problem.state != State.CLOSED.value:
        return
    problem.holds = bool(body["holds"])
    problem.raiser_spoke = problem.raiser_spoke or not problem.holds
    session.flush()


def take_cost(session: Session, problem: Problem, body: Mapping[str, Any], _kit: Kit) -> None:
    """One more in a sum; what is shown of the sums moves in steps of five."""
    if problem.said_cost:
        return
    problem.said_cost = True
    counts = {row.answer: row for row in session.scalars(sa.select(CostCount))}
    for each in Cost:
        if each.value not in counts:
            upsert(session, CostCount, {"answer": each.value, "number": 0, "shown": 0}, key=["answer"])
    counts = {row.answer: row for row in session.scalars(sa.select(CostCount))}
    counts[Cost(body["cost"]).value].number += 1
    session.flush()
    if sum(row.number - row.shown for row in counts.values()) >= RATE_FROM:
        for row in counts.values():
            row.shown = row.number
    session.flush()


@dataclass(frozen=True, slots=True)
class CostRate:
    """Of so many answers how many say that raising something cost a little, or more; None of it under five."""

    answers: int
    little: int
    yes: int


def cost_rate(session: Session) -> CostRate | None:
    """What raising cost people, as it was last shown."""
    shown = {row.answer: row.shown for row in session.scalars(sa.select(CostCount))}
    total = sum(shown.values())
    if total < RATE_FROM:
        return None
    return CostRate(total, shown.get(Cost.LITTLE.value, 0), shown.get(Cost.YES.value, 0))


# What comes by itself


def ask_later(session: Session, *, today: dt.date, kit: Kit, at: dt.datetime) -> int:
    """Two weeks after closing, and after 30 days, there is news for each raiser: a question waits. How many."""
    due = sa.or_(
        sa.and_(~Problem.asked_cost, Problem.closed_on <= today - COST_AFTER),
        sa.and_(~Problem.asked_holds, Problem.closed_on <= today - HOLDS_AFTER),
    )
    count = 0
    for problem in session.scalars(_over(due).order_by(Problem.id).with_for_update()):
        closed_on = problem.closed_on
        if closed_on is None or closed_on <= today - SILENT_AFTER:
            problem.asked_cost = problem.asked_holds = True  # too late to ask: the address goes now
            continue
        asked = not problem.asked_cost
        problem.asked_cost = True
        if closed_on <= today - HOLDS_AFTER:
            problem.asked_holds = True
            asked = asked or problem.ending == Ending.SOLVED.value
        if asked and tell_raiser(session, problem, kit, at=at, alone=True):
            count += 1
    session.flush()
    return count


def fall_silent(session: Session, *, today: dt.date) -> None:
    """Whoever has not said whether it helped by then is not taken to have said yes."""
    over = _over(Problem.outcome == Outcome.WAITING.value, Problem.closed_on <= today - SILENT_AFTER)
    for problem in session.scalars(over.with_for_update()):
        problem.outcome = Outcome.NOT_CONFIRMED.value
    session.flush()


def _over(*which: sa.ColumnElement[bool]) -> sa.Select[Problem]:
    return sa.select(Problem).where(Problem.state == State.CLOSED.value, *which)
