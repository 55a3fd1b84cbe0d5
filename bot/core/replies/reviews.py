"""A team that would have to change something may ask for a second look; another steward than the first answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.people import Actor, stewards
from bot.core.kit import Kit
from bot.core.problems import queries
from bot.core.problems.flag_records import Review
from bot.core.problems.lifecycle import CHANGED, sentence_of
from bot.core.problems.records import Audit, Problem, State
from bot.core.problems.triage import mine_to_change, note
from bot.core.refusal import NotFound, Refusal, Stale
from bot.core.store import inserted
from bot.core.teams.records import Team
from bot.words import mark

#: A review is asked of what everybody reads and something may still come of.
REVIEWABLE = (State.OPEN, State.RESTING)
_PUBLISHED = ("published", "published_early")
NOT_YOURS = mark(
    "Only somebody who answers for a team that would have to change something here can ask for that."
)


@dataclass(frozen=True, slots=True)
class Asking:
    """A team's wish for a second look: its sentence, None before it has asked, and the stewards' answer."""

    team: int
    name: str
    sentence: str | None
    answer: str | None


def may_ask(session: Session, actor: Actor, problem: Problem) -> list[Asking]:
    """The teams under "would have to change" that this person answers for, with what was asked and answered."""
    if problem.number is None or problem.state not in [state.value for state in REVIEWABLE]:
        return []
    mine = [team for team in queries.named(session, problem) if team.contact == actor.person]
    found = []
    for team in mine:
        row = session.get(Review, (problem.id, team.id))
        found.append(Asking(team.id, team.name, row.sentence if row else None, row.answer if row else None))
    return found


def answered(session: Session, actor: Actor, ident: int, team: int, *, kit: Kit) -> Asking:
    """What stewards answered the team, for whoever answers for it now."""
    problem = queries.visible(session, actor, ident, kit)
    for each in may_ask(session, actor, problem):
        if each.team == team and each.answer is not None:
            return each
    raise NotFound(NOT_YOURS)


def ask_review(session: Session, actor: Actor, ident: int, team: int, sentence: str, *, kit: Kit) -> Problem:
    """Ask the stewards to look at it again, once a team; the sentence is for them. Nothing tells when, or who."""
    problem = queries.visible(session, actor, ident, kit)
    asking = {each.team: each for each in may_ask(session, actor, problem)}.get(team)
    if asking is None:
        raise NotFound(NOT_YOURS)
    said = sentence_of(sentence, "Please say in a sentence what the stewards should look at.")
    row = {"problem_id": problem.id, "team_id": team, "sentence": said, "answer": None}
    if asking.sentence is not None or not inserted(session, Review, row):
        raise Refusal("Your team has asked for that already, and it stands.")
    problem.others_spoke = True
    session.flush()
    return problem


def asked(session: Session, problem: Problem) -> list[Asking]:
    """What teams asked to have looked at again, by the team's name; for stewards."""
    rows = session.execute(
        sa.select(Team.id, Team.name, Review.sentence, Review.answer)
        .join(Review, Review.team_id == Team.id)
        .where(Review.problem_id == problem.id)
        .order_by(Team.name)
    )
    return [Asking(*row) for row in rows]


def waiting(session: Session, *, most: int = 50) -> list[Problem]:
    """Problems with a wish that no steward has answered."""
    standing = [state.value for state in (*REVIEWABLE, State.TAKEN_DOWN)]
    unanswered = sa.select(Review.problem_id).where(Review.answer.is_(None))
    query = sa.select(Problem).where(Problem.id.in_(unanswered), Problem.state.in_(standing))
    return list(session.scalars(query.order_by(Problem.id).limit(most)))


def answer_review(
    session: Session,
    actor: Actor,
    ident: int,
    team: int,
    sentence: str,
    *,
    kit: Kit,
    at: dt.datetime,
) -> Problem:
    """A second steward's answer, which the team's contact reads; whoever published it leaves that to another one."""
    problem = mine_to_change(session, actor, ident, kit, *REVIEWABLE, State.TAKEN_DOWN)
    row = session.get(Review, (problem.id, team), with_for_update=True, populate_existing=True)
    if row is None or row.answer is not None:
        raise Stale(CHANGED)
    if actor.person == _publisher(session, problem) and set(stewards(session)) - {actor.person}:
        raise Refusal("You published this one yourself, so a second steward answers here.")
    row.answer = sentence_of(sentence, "Please answer in a sentence; the team that asked reads it.")
    session.flush()
    note(session, problem, actor, "answered_review", "", kit, at)
    _tell_contact(session, problem, team, kit, at=at)
    return problem


def _publisher(session: Session, problem: Problem) -> str | None:
    acts = sa.select(Audit.steward).where(Audit.problem_id == problem.id, Audit.act.in_(_PUBLISHED))
    return session.scalar(acts.order_by(Audit.at.desc()).limit(1))


def _tell_contact(session: Session, problem: Problem, team: int, kit: Kit, *, at: dt.datetime) -> None:
    contact = session.get_one(Team, team).contact
    if contact is not None:
        about = {"problem": problem.id, "team": team}
        kit.outbox.to_person(session, contact, "reviewed", about, at=at, once=f"reviewed:{problem.id}:{team}")
