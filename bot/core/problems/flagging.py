"""Problems that are worth a second look are flagged to stewards, in words that accuse nobody.

A flag is kept by the week, and one that confirmations brought about is read from the next week on: it neither
dates nor names anybody. docs/decisions/0011-flags.md says what a flag tells all the same.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.hourly import Hourly
from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.problems import flag_rules
from bot.core.problems.flag_records import Flag, Why
from bot.core.problems.lifecycle import CHANGED
from bot.core.problems.queries import in_steps
from bot.core.problems.records import Answer, AnswerTeam, Confirmation, FeltBy, Problem, State
from bot.core.problems.standing_rules import STANDING
from bot.core.problems.triage import mine_to_change, note
from bot.core.refusal import Stale
from bot.core.store import insert, inserted, monday
from bot.core.teams import queries as teams
from bot.core.teams.records import Team

#: How far back a flow and words alike are looked for.
LOOKED_BACK: Final = dt.timedelta(weeks=8)
_STANDING: Final = [state.value for state in STANDING]
_READ: Final = [State.OPEN.value, State.RESTING.value]


def confirmed(session: Session, actor: Actor, problem: Problem, *, hourly: Hourly, at: dt.datetime) -> None:
    """Count a confirmation in memory; flag the problem where many people of one team came within an hour."""
    team = _counted_for(session, actor)
    if team is None:
        return
    voices = hourly.add(_about(problem, team), actor.person)
    if voices >= flag_rules.BURST_FROM and flag_rules.burst(voices, teams.sizes(session).get(team, 0)):
        row = {"problem_id": problem.id, "why": Why.BURST.value, "week": monday(at), "looked": False}
        statement = insert(session, Flag).values(**row)
        later = {"week": row["week"], "looked": False}
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["problem_id", "why"], set_=later, where=Flag.week < row["week"]
            )
        )


def taken_back(session: Session, actor: Actor, problem: Problem, *, hourly: Hourly) -> None:
    """Somebody took it back; a flag that stands stays."""
    team = _counted_for(session, actor)
    if team is not None:
        hourly.take_back(_about(problem, team), actor.person)


def _counted_for(session: Session, actor: Actor) -> int | None:
    belonging = teams.team_of(session, actor.person)
    return belonging.team.id if belonging is not None and belonging.trusted else None


def _about(problem: Problem, team: int) -> str:
    return f"{problem.id}:{team}"


def look_over(session: Session, *, at: dt.datetime) -> int:
    """Once a week, with the edition: flag flows that go one way, and words that are alike; how many are new."""
    since = monday(at - LOOKED_BACK)
    recent = (Problem.raised_week >= since, Problem.state.in_(_STANDING))
    idents = sorted(session.scalars(sa.select(Problem.id).where(*recent)))
    found = [(ident, Why.ONE_WAY) for ident in sorted(flag_rules.one_way(_flowing(session, idents)))]
    public = sa.select(Problem.id, Problem.title, Problem.hardship)
    public = public.where(*recent, Problem.state.in_(_READ), Problem.number.is_not(None))
    texts = {ident: f"{title} {hardship}" for ident, title, hardship in session.execute(public)}
    found += [(ident, Why.ALIKE) for ident in sorted(flag_rules.alike(texts))]
    return sum(
        inserted(
            session,
            Flag,
            {"problem_id": ident, "why": why.value, "week": monday(at), "looked": False},
        )
        for ident, why in found
    )


def _flowing(session: Session, idents: list[int]) -> list[flag_rules.Flowing]:
    needed: defaultdict[int, set[int]] = defaultdict(set)
    felt: defaultdict[int, set[int]] = defaultdict(set)
    for step in in_steps(idents):
        named = (
            sa.select(Answer.problem_id, Team.function_id)
            .join(AnswerTeam, AnswerTeam.answer_id == Answer.id)
            .join(Team, Team.id == AnswerTeam.team_id)
            .where(Answer.problem_id.in_(step), Team.function_id.is_not(None))
        )
        _put(session, named, needed)
        for table, team in (
            (Confirmation, Confirmation.team_id),
            (FeltBy, FeltBy.team_id),
        ):
            feeling = sa.select(table.problem_id, Team.function_id).join(Team, Team.id == team)
            feeling = feeling.where(table.problem_id.in_(step), Team.function_id.is_not(None))
            _put(session, feeling, felt)
        raisers = sa.select(Problem.id, Team.function_id).join(Team, Team.id == Problem.raiser_team_id)
        _put(session, raisers.where(Problem.id.in_(step), Team.function_id.is_not(None)), felt)
    return [flag_rules.Flowing(each, frozenset(needed[each]), frozenset(felt[each])) for each in idents]


def _put(session: Session, query: Any, into: defaultdict[int, set[int]]) -> None:
    for ident, function in session.execute(query):
        into[ident].add(function)


def _readable(at: dt.datetime) -> sa.ColumnElement[bool]:
    """What confirmations brought about is read from the next week on: till then it would date them."""
    return sa.or_(Flag.why != Why.BURST.value, Flag.week < monday(at))


def flagged(session: Session, *, at: dt.datetime, most: int = 50) -> list[Problem]:
    """Problems that no steward has looked at again yet, in an order that says nothing of when."""
    unseen = sa.select(Flag.problem_id).where(Flag.looked.is_(False), _readable(at))
    query = sa.select(Problem).where(Problem.id.in_(unseen), Problem.state.in_(_STANDING))
    return list(session.scalars(query.order_by(Problem.id).limit(most)))


def why_flagged(session: Session, problem: Problem, *, at: dt.datetime) -> list[Why]:
    """Why it is worth a second look, as long as no steward has had one."""
    found = sa.select(Flag.why).where(Flag.problem_id == problem.id, Flag.looked.is_(False), _readable(at))
    return [Why(why) for why in sorted(session.scalars(found))]


def looked(session: Session, actor: Actor, ident: int, *, kit: Kit, at: dt.datetime) -> Problem:
    """A steward has had a second look; nothing else changes, and nobody is told."""
    problem = mine_to_change(session, actor, ident, kit, *STANDING)
    if not why_flagged(session, problem, at=at):
        raise Stale(CHANGED)
    session.execute(sa.update(Flag).where(Flag.problem_id == problem.id, _readable(at)).values(looked=True))
    note(session, problem, actor, "looked_again", "", kit, at)
    return problem
