"""What each team carries so that others gain: for what, and until when. Public, since those who pay must be seen."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.decisions.queries import ALIVE
from bot.core.decisions.records import Decision, Gain, Payer
from bot.core.decisions.rules import DecisionState, Door, Hours, PayersWord, carries_much, together
from bot.core.problems.records import PUBLISHED, Problem
from bot.core.teams.records import Team


@dataclass(frozen=True, slots=True)
class Carried:
    """What a team carries for others. title: None where the problem's words are not for everybody now."""

    team: int
    name: str
    gone: bool
    problem: int
    number: int | None
    title: str | None
    hours: Hours | None
    what: str
    since: dt.date
    until: dt.date
    gaining: int
    saved: Hours | None
    agreed: bool
    door: Door
    review_on: dt.date
    over_on: dt.date | None


def ledger(session: Session, *, team: int | None = None, past: bool = False) -> list[Carried]:
    """What teams carry (one team, or all), by team, the soonest end first; `past`: what they carried before."""
    over = (DecisionState.ENDED.value, DecisionState.LAPSED.value)
    query = (
        sa.select(Payer, Team, Decision, Problem)
        .join(Team, Team.id == Payer.team_id)
        .join(Decision, Decision.id == Payer.decision_id)
        .join(Problem, Problem.id == Decision.problem_id)
        .where(
            Decision.state.in_(over) if past else Decision.state == DecisionState.RUNNING.value,
            sa.true() if past else Problem.state.in_(ALIVE),
        )
        .order_by(Team.name, Payer.until.desc() if past else Payer.until, Decision.id)
    )
    if team is not None:
        query = query.where(Payer.team_id == team)
    rows = session.execute(query.limit(500)).all()
    if not rows:
        return []
    gains = _gains(session, {decision.id for _, _, decision, _ in rows})
    return [
        Carried(
            team=payers_team.id,
            name=payers_team.name,
            gone=payers_team.dissolved,
            problem=problem.id,
            number=problem.number,
            title=problem.title if problem.number is not None and problem.state in PUBLISHED else None,
            hours=payer.hours,
            what=payer.what,
            since=payer.since,
            until=payer.until,
            gaining=len(gains[decision.id]),
            saved=together(gain.hours for gain in gains[decision.id]),
            agreed=payer.word == PayersWord.AGREED.value,
            door=Door(decision.door),
            review_on=decision.review_on,
            over_on=decision.over_on,
        )
        for payer, payers_team, decision, problem in rows
    ]


def _gains(session: Session, decisions: Iterable[int]) -> defaultdict[int, list[Gain]]:
    found: defaultdict[int, list[Gain]] = defaultdict(list)
    for gain in session.scalars(sa.select(Gain).where(Gain.decision_id.in_(list(decisions)))):
        found[gain.decision_id].append(gain)
    return found


def much(carried: Iterable[Carried]) -> frozenset[int]:
    """Teams that carry so many decisions at once that somebody should look."""
    counted = Counter(each.team for each in carried)
    return frozenset(team for team, decisions in counted.items() if carries_much(decisions))
