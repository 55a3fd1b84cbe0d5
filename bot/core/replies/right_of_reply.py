"""The teams that would have to change something are heard before everybody reads: in private, with one clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.calendar_rules import add_working_days
from bot.core.identity import installation
from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.problems import due, flagging, queries
from bot.core.problems.lifecycle import sentence_of
from bot.core.problems.records import Problem, State
from bot.core.problems.telling import tell_raiser
from bot.core.problems.triage import ASK_FIRST, UNAGREED, let_read, mine_to_change, note
from bot.core.refusal import Refusal, Stale
from bot.core.replies.queries import for_contact, waiting_for_review
from bot.core.replies.records import Clock, EarlyWord, Reply
from bot.core.store import inserted, new_id
from bot.core.teams import queries as teams
from bot.core.teams.records import Team

#: Working days that asked teams have, and the most that a steward may give them in all.
DAYS = 5
DAYS_MOST = 10


def ask_teams(
    session: Session,
    actor: Actor,
    ident: int,
    asked: Iterable[int],
    *,
    zone: ZoneInfo,
    holidays: Callable[[dt.date], bool],
    kit: Kit,
    at: dt.datetime,
    news_at: dt.datetime,
) -> Clock:
    """Ask these teams, by id, before others read; one added later is heard too and holds nothing up.

    A team that nobody answers for is noted all the same: nothing that anybody sees tells which one that is.
    """
    problem = mine_to_change(session, actor, ident, kit, State.NEW, State.ASKED, State.OPEN, State.RESTING)
    if not problem.agreed:
        raise Refusal(UNAGREED)
    wanted = frozenset(asked)
    if not wanted:
        raise Refusal("Please pick at least one team to ask.")
    if teams.existing(session, wanted) != wanted:
        raise Stale("One of those teams is not there any more. Nothing was saved; please look again.")
    first = problem.state == State.NEW.value
    clock = session.get(Clock, problem.id)
    if clock is None:
        clock = Clock(problem_id=problem.id, began_at=at, due_at=add_working_days(at, DAYS, zone, holidays))
        session.add(clock)
    if first:
        problem.state = State.ASKED.value
    session.flush()
    for team in sorted(wanted):
        row = {"problem_id": problem.id, "team_id": team, "holds": first, "text": None}
        if inserted(session, Reply, row):
            _tell_contact(session, problem, team, kit, at=at)
    note(session, problem, actor, "asked_teams", "", kit, at)
    if first:
        tell_raiser(session, problem, kit, at=news_at)
    return clock


def _tell_contact(session: Session, problem: Problem, team: int, kit: Kit, *, at: dt.datetime) -> None:
    contact = session.get_one(Team, team).contact
    if contact is not None:
        about = {"problem": problem.id, "team": team}
        kit.outbox.to_person(session, contact, "asked_team", about, at=at, once=f"asked:{problem.id}:{team}")


def give_time(
    session: Session,
    actor: Actor,
    ident: int,
    *,
    days: int,
    zone: ZoneInfo,
    holidays: Callable[[dt.date], bool],
    kit: Kit,
    at: dt.datetime,
) -> Clock:
    """Give the asked teams so many working days in all, counted from when the first one was asked."""
    problem = mine_to_change(session, actor, ident, kit, State.ASKED)
    if not DAYS < days <= DAYS_MOST:
        raise Refusal(
            "Asked teams have {usual} working days, and {most} in all at the most.",
            usual=DAYS,
            most=DAYS_MOST,
        )
    clock = session.get_one(Clock, problem.id)
    later = add_working_days(clock.began_at, days, zone, holidays)
    if later > clock.due_at:
        clock.due_at = later
        note(session, problem, actor, "gave_time", "", kit, at)
    return clock


def reply(session: Session, actor: Actor, ident: int, team: int, text: str) -> Reply:
    """A team's own words, by the person who answers for it now; they stand beside the problem. The last ones count."""
    asked = for_contact(session, actor, ident, team)
    words = sentence_of(text, "Please write a sentence: it will stand beside the problem.")
    row = session.get_one(Reply, (asked.problem.id, asked.team.id), with_for_update=True)
    row.text = words
    session.flush()
    return row


def publish(
    session: Session, actor: Actor, ident: int, *, kit: Kit, at: dt.datetime, news_at: dt.datetime
) -> Problem:
    """Let everybody read it, once whoever has to be asked was heard or had the time."""
    problem = mine_to_change(session, actor, ident, kit, State.NEW, State.ASKED)
    if not problem.agreed:
        raise Refusal(UNAGREED)
    if problem.state == State.NEW.value and queries.to_ask(session, problem):
        raise Refusal(ASK_FIRST)
    if problem.state == State.NEW.value and installation.careful(session):
        raise Refusal(
            "In the careful mode a team is heard before anything is published, also where none would have to change. "
            "Please ask one that knows this; where it can't wait, two stewards may publish it early."
        )
    if problem.state == State.ASKED.value and held_up(session, problem, at=at):
        raise Refusal(
            "Asked teams still have time to answer. Once they have, or their time is over, it can be published. "
            "Where it can't wait, two stewards may publish it early, each with a sentence."
        )
    return let_read(session, actor, problem, kit=kit, at=at, news_at=news_at)


def held_up(session: Session, problem: Problem, *, at: dt.datetime) -> bool:
    """Whether an asked team may still answer before others read."""
    return bool(session.scalar(sa.select(sa.exists().where(Problem.id == problem.id, _held_up(at)))))


def _held_up(at: dt.datetime) -> sa.ColumnElement[bool]:
    """As a condition on problems: their clock runs, and a team that publishing waits for has not answered."""
    runs = sa.exists().where(Clock.problem_id == Problem.id, Clock.due_at > at)
    unheard = sa.exists().where(Reply.problem_id == Problem.id, Reply.holds.is_(True), Reply.text.is_(None))
    return sa.and_(runs, unheard)


def publish_early(
    session: Session,
    actor: Actor,
    ident: int,
    sentence: str,
    *,
    kit: Kit,
    at: dt.datetime,
    news_at: dt.datetime,
) -> bool:
    """One of two stewards' words that this can't wait; everybody can read both. True where it is published now."""
    problem = mine_to_change(session, actor, ident, kit, State.NEW, State.ASKED)
    if not problem.agreed:
        raise Refusal(UNAGREED)
    reason = sentence_of(sentence, "Please say why it can't wait, in a sentence that everybody can read.")
    row = {
        "id": new_id(kit.randomness),
        "problem_id": problem.id,
        "steward": actor.person,
        "sentence": reason,
    }
    if not inserted(session, EarlyWord, row):
        raise Refusal("You have said so already. A second steward has to say it too.")
    words = session.scalar(
        sa.select(sa.func.count()).select_from(EarlyWord).where(EarlyWord.problem_id == problem.id)
    )
    if (words or 0) < 2:
        note(session, problem, actor, "said_early", reason, kit, at)
        return False
    let_read(session, actor, problem, kit=kit, at=at, news_at=news_at, act="published_early", sentence=reason)
    return True


def ready(session: Session, *, at: dt.datetime) -> list[Problem]:
    """Asked problems whose teams have all answered or had their time: they wait for a steward."""
    asked = sa.select(Problem).where(Problem.state == State.ASKED.value, Problem.agreed, ~_held_up(at))
    return list(session.scalars(asked.order_by(Problem.id)))


def anything_waits(session: Session, *, at: dt.datetime, today: dt.date | None = None) -> bool:
    """Whether stewards have something to do: for the morning message, which says no more than that."""
    waits = sa.or_(Problem.state == State.NEW.value, Problem.raiser_spoke, Problem.others_spoke)
    if due.come(session, today=today or at.date(), most=1):
        return True
    if session.scalar(sa.select(sa.exists().where(waits))) or waiting_for_review(session):
        return True
    if flagging.flagged(session, at=at, most=1) or due.unanswered(session, most=1):
        return True
    return bool(ready(session, at=at))
