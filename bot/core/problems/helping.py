"""Somebody offers a team's hands, stewards say yes, and everybody reads which teams help."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.people import Actor, stewards_only
from bot.core.kit import Kit
from bot.core.problems import queries
from bot.core.problems.lifecycle import sentence_of, standing_of, to_step
from bot.core.problems.lifecycle_rules import Step, fits
from bot.core.problems.records import Problem
from bot.core.problems.triage import note
from bot.core.problems.work_records import Help, HelpState
from bot.core.refusal import Refusal, Stale
from bot.core.store import inserted, is_id, new_id
from bot.core.teams import queries as teams
from bot.core.teams.records import Team


def to_help(session: Session, actor: Actor, ident: int, kit: Kit) -> Problem:
    """The problem that somebody can offer help with."""
    problem = queries.visible(session, actor, ident, kit)
    if not fits(Step.OFFERED_HELP, standing_of(problem)):
        raise Refusal("Help can be offered while a problem is published and open; this one is not any more.")
    return problem


def offer_help(session: Session, actor: Actor, ident: int, text: str, *, kit: Kit) -> Problem:
    """Offer what one's team could do; the stewards read it with the name, nobody else does."""
    problem = to_help(session, actor, ident, kit)
    said = sentence_of(text, "Please say in a sentence what your team could do.")
    belonging = teams.team_of(session, actor.person)
    row = session.scalar(_of(problem).where(Help.person == actor.person))
    if row is None:
        key = {"problem_id": problem.id, "person": actor.person}
        # Of two clicks at once one makes it, and both write their words.
        inserted(session, Help, {"id": new_id(kit.randomness), **key, "text": "", "state": HelpState.OFFERED})
        row = session.scalars(_of(problem).where(Help.person == actor.person)).one()
    row.text, row.state = said, HelpState.OFFERED.value
    row.team_id = belonging.team.id if belonging else None
    problem.others_spoke = True
    session.flush()
    return problem


def take_help_back(session: Session, actor: Actor, ident: int, *, kit: Kit) -> bool:
    """Take an offer back. False where there was none."""
    problem = queries.visible(session, actor, ident, kit)
    row = session.scalar(_of(problem).where(Help.person == actor.person))
    if row is not None:
        session.delete(row)
        session.flush()
    return row is not None


def answer_help(
    session: Session, actor: Actor, ident: int, offer: int, *, accept: bool, kit: Kit, at: dt.datetime
) -> Problem:
    """A steward says yes to an offer, and the team stands with the problem as one that helps; or no, thank you."""
    problem = to_step(session, actor, ident, Step.ANSWERED_HELP, kit)
    row = session.get(Help, offer) if is_id(offer) else None
    if row is None or row.problem_id != problem.id:
        raise Stale("That offer was taken back meanwhile.")
    row.state = (HelpState.ACCEPTED if accept else HelpState.DECLINED).value
    session.flush()
    note(session, problem, actor, Step.ANSWERED_HELP.value, "", kit, at)
    return problem


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer as stewards read it; a person who was forgotten is None, a team may be as well."""

    id: int
    person: str | None
    team: str | None
    text: str
    state: str


def offers(session: Session, actor: Actor, ident: int, *, kit: Kit) -> list[Offer]:
    """All offers on a problem, for stewards; the open ones first."""
    stewards_only(actor)
    problem = queries.visible(session, actor, ident, kit)
    rows = session.execute(
        sa.select(Help, Team.name)
        .outerjoin(Team, Team.id == Help.team_id)
        .where(Help.problem_id == problem.id)
        .order_by(Help.id)
    )
    found = [Offer(row.id, row.person, name, row.text, row.state) for row, name in rows]
    return sorted(found, key=lambda offer: (offer.state != HelpState.OFFERED.value, offer.id))


def teams_that_help(session: Session, problem: Problem) -> list[str]:
    """Names of the teams that help, for everybody."""
    rows = session.scalars(
        sa.select(Team.name)
        .join(Help, Help.team_id == Team.id)
        .where(
            Help.problem_id == problem.id, Help.state == HelpState.ACCEPTED.value, Team.dissolved.is_(False)
        )
        .distinct()
        .order_by(Team.name)
    )
    return list(rows)


def _of(problem: Problem) -> sa.Select[Help]:
    return sa.select(Help).where(Help.problem_id == problem.id)
