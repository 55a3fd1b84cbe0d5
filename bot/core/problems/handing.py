"""A problem is handed to one team: it says yes, or "not ours", or nothing in time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.installation import smallest_named
from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.problems.courses import room_for_more
from bot.core.problems.lifecycle import later, sentence_of, take, to_step
from bot.core.problems.lifecycle_rules import Role, Step
from bot.core.problems.records import FeltBy, Problem
from bot.core.problems.standing_rules import STANDING, Course
from bot.core.problems.telling import tell_raiser
from bot.core.problems.triage import note, release
from bot.core.problems.wording import text_of
from bot.core.problems.work_records import Hand, TeamsAnswer
from bot.core.refusal import NotFound, Refusal, Stale
from bot.core.store import is_id, new_id
from bot.core.teams import queries as teams
from bot.core.teams.records import Team
from bot.words import mark

#: Working days that a team has for its answer, unless a steward says another day.
DAYS = 5
#: From that day until stewards look how a team that said yes gets on.
LOOK_AGAIN = dt.timedelta(days=28)
NOT_THERE = mark(
    "There is nothing here that waits for your team's answer. "
    "If somebody else answers for the team now, or a steward took it back, it is not yours to answer any more."
)


def hand(
    session: Session,
    actor: Actor,
    ident: int,
    team: int,
    asks: str,
    *,
    due_on: dt.date,
    today: dt.date,
    kit: Kit,
    at: dt.datetime,
    news_at: dt.datetime,
    seen: str | None = None,
) -> Hand:
    """Ask a team to take a published problem; whoever answers for it is told in private."""
    problem = to_step(session, actor, ident, Step.HANDED, kit, seen=seen)
    said = sentence_of(asks, "Please say what you ask of the team, in a sentence.")
    due_on = later(due_on, today=today)
    found = session.get(Team, team) if is_id(team) else None
    if found is None or found.dissolved:
        raise Stale("That team is not there any more. Nothing was saved; please pick another one.")
    if found.contact is None:
        raise Refusal("Nobody answers for that team yet. Name somebody first, or talk to the team yourself.")
    _not_a_small_teams_own(session, problem, found)
    room_for_more(session, problem)
    release(session, problem)
    row = Hand(
        id=new_id(kit.randomness),
        problem_id=problem.id,
        team_id=found.id,
        asks=said,
        due_on=due_on,
        answer=TeamsAnswer.WAITING.value,
        text="",
    )
    session.add(row)
    take(problem, Step.HANDED, until=due_on)
    session.flush()
    note(session, problem, actor, Step.HANDED.value, said, kit, at)
    about = {"problem": problem.id, "team": found.id}
    once = f"handed:{row.id}"
    kit.outbox.to_person(session, found.contact, "handed_team", about, at=at, once=once)
    tell_raiser(session, problem, kit, at=news_at)
    return row


def _not_a_small_teams_own(session: Session, problem: Problem, team: Team) -> None:
    """A team under k that is said to feel it would know whose it is: its raiser gets help instead."""
    said = sa.exists().where(FeltBy.problem_id == problem.id, FeltBy.team_id == team.id)
    if session.scalar(sa.select(said)) and teams.sizes(session).get(team.id, 0) < smallest_named(session):
        raise Refusal(
            "That team feels it and is too small to be given it: its people would know whose it is. "
            "Help the raiser instead; a question reaches them without a name."
        )


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A problem as whoever answers for the team finds it."""

    problem: Problem
    team: Team
    hand: Hand


def waiting_for(session: Session, actor: Actor, *, most: int = 20) -> list[HandedOver]:
    """What waits for the teams that this person answers for."""
    rows = session.execute(_handed(actor).limit(most))
    return [HandedOver(problem, team, hand) for problem, team, hand in rows]


def for_contact(session: Session, actor: Actor, ident: int, team: int, *, locked: bool = False) -> HandedOver:
    """The problem that was handed to a team and waits for its answer, for whoever answers for it now."""
    if not (is_id(ident) and is_id(team)):
        raise NotFound(NOT_THERE)
    query = _handed(actor).where(Problem.id == ident, Team.id == team)
    row = session.execute(query.with_for_update(of=Problem) if locked else query).first()
    if row is None:
        raise NotFound(NOT_THERE)
    problem, found, hand = row
    return HandedOver(problem, found, hand)


def _handed(actor: Actor) -> sa.Select[Problem, Team, Hand]:
    return (
        sa.select(Problem, Team, Hand)
        .join(Hand, Hand.problem_id == Problem.id)
        .join(Team, Team.id == Hand.team_id)
        .where(
            Team.contact == actor.person,
            Team.dissolved.is_(False),
            Hand.answer == TeamsAnswer.WAITING.value,
            Problem.course == Course.HANDED.value,
            Problem.state.in_([state.value for state in STANDING]),
        )
        .order_by(Hand.due_on, Hand.id)
    )


def say_yes(
    session: Session, actor: Actor, ident: int, team: int, text: str, *, kit: Kit, news_at: dt.datetime
) -> Problem:
    """The team takes it; what it wants to say about it, everybody may read."""
    found = for_contact(session, actor, ident, team, locked=True)
    found.hand.answer, found.hand.text = TeamsAnswer.YES.value, text_of(text)
    # Counted from the day that the team was given, so that nothing dates its answer.
    take(found.problem, Step.TEAM_YES, role=Role.TEAM, until=found.hand.due_on + LOOK_AGAIN)
    found.problem.others_spoke = True
    session.flush()
    tell_raiser(session, found.problem, kit, at=news_at)
    return found.problem


def say_not_ours(session: Session, actor: Actor, ident: int, team: int, text: str) -> Problem:
    """The team says that it is not theirs, and why; it counts for how far a problem is from any one team."""
    found = for_contact(session, actor, ident, team, locked=True)
    said = sentence_of(
        text, "Please say why it is not yours, and whose it may be; it helps to find the next step."
    )
    found.hand.answer, found.hand.text = TeamsAnswer.NOT_OURS.value, said
    take(found.problem, Step.TEAM_NOT_OURS, role=Role.TEAM)
    found.problem.not_ours += 1
    found.problem.others_spoke = found.problem.changed = True
    session.flush()
    return found.problem


def lapse(session: Session, *, today: dt.date) -> int:
    """What no team has answered in time, or whose team is gone, is on the stewards' desk again; how many."""
    rows = session.execute(
        sa.select(Problem, Hand, Team)
        .join(Hand, Hand.problem_id == Problem.id)
        .join(Team, Team.id == Hand.team_id)
        .where(
            Hand.answer == TeamsAnswer.WAITING.value,
            Problem.course == Course.HANDED.value,
            Problem.state.in_([state.value for state in STANDING]),
            sa.or_(Hand.due_on < today, Team.dissolved, Team.contact.is_(None)),
        )
        .with_for_update(of=Problem)
    ).all()
    for problem, row, team in rows:
        gone = team.dissolved or team.contact is None
        row.answer = (TeamsAnswer.GONE if gone else TeamsAnswer.SILENT).value
        take(problem, Step.NO_ANSWER, role=Role.TIME)
        problem.others_spoke = True
    session.flush()
    return len(rows)


def hands_of(session: Session, problem: Problem) -> list[tuple[str, Hand]]:
    """Every team that was asked to take it, with its answer, by name."""
    rows = session.execute(
        sa.select(Team.name, Hand)
        .join(Team, Team.id == Hand.team_id)
        .where(Hand.problem_id == problem.id)
        .order_by(Team.name, Hand.id)
    )
    return [(name, row) for name, row in rows]
