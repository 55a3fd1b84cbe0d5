"""How contacts between a steward and a function felt: one tap each, of nobody in particular, no finer than a week."""

from __future__ import annotations

import datetime as dt
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.problems.lifecycle_rules import Step
from bot.core.problems.records import Audit
from bot.core.problems.work_records import Hand, TeamsAnswer
from bot.core.pulse.records import Side, ToneCount, ToneMark, ToneShown
from bot.core.refusal import Refusal
from bot.core.replies.records import Reply
from bot.core.store import alone, insert, inserted, is_id, monday
from bot.core.teams.records import Team

#: From 1, defensive, to 5, open.
LEAST, MOST = 1, 5
#: A figure needs so many answers, and so many more before it is shown anew.
STEP: Final = 5


def rate(
    session: Session,
    actor: Actor,
    side: Side,
    problem: int,
    team: int,
    value: int,
    *,
    kit: Kit,
    at: dt.datetime,
) -> None:
    """One side's word on a contact, once. Refused for whoever was no part of it."""
    if not LEAST <= value <= MOST:
        raise Refusal("That button is out of date. Nothing was saved.")
    if side not in sides(session, actor, problem, team):
        raise Refusal("There is nothing here that you could be asked about.")
    alone(session, "tone")
    mark = kit.sealing.mark_of("tone", side.value, str(problem), str(team))
    if not inserted(session, ToneMark, {"mark": mark}):
        raise Refusal("That was said already. Thank you.")
    row = {"week": monday(at), "side": side.value, "value": value, "times": 1}
    statement = insert(session, ToneCount).values(**row)
    once_more = {"times": ToneCount.times + 1}
    session.execute(statement.on_conflict_do_update(index_elements=["week", "side", "value"], set_=once_more))
    _show(session, side)


def sides(session: Session, actor: Actor, problem: int, team: int) -> list[Side]:
    """The sides on which somebody was part of a contact: a team answered what a steward asked or handed to it."""
    if not (is_id(problem) and is_id(team)):
        return []
    reply = session.get(Reply, (problem, team))
    if (reply is None or reply.text is None) and not _said_whether_it_takes_it(session, problem, team):
        return []
    found = [Side.STEWARD] if asked_by(session, problem, team) == actor.person else []
    contact = session.scalar(sa.select(Team.contact).where(Team.id == team))
    return [*found, Side.FUNCTION] if contact == actor.person else found


def _said_whether_it_takes_it(session: Session, problem: int, team: int) -> bool:
    """Whether a team that it was handed to has said yes, or that it is not its own."""
    said = (TeamsAnswer.YES.value, TeamsAnswer.NOT_OURS.value)
    there = sa.exists().where(Hand.problem_id == problem, Hand.team_id == team, Hand.answer.in_(said))
    return bool(session.scalar(sa.select(there)))


def asked_by(session: Session, problem: int, team: int) -> str | None:
    """The steward whom this team has answered, as long as that is known.

    Of those who handed the problem on the newest, since one team has it at a time; else who asked teams first.
    """
    by = sa.select(Audit.steward).where(Audit.problem_id == problem, Audit.steward.is_not(None)).limit(1)
    if _said_whether_it_takes_it(session, problem, team):
        return session.scalar(by.where(Audit.act == Step.HANDED.value).order_by(Audit.at.desc()))
    return session.scalar(by.where(Audit.act == Step.ASKED_TEAMS.value).order_by(Audit.at))


def said(session: Session, side: Side, problem: int, team: int, kit: Kit) -> bool:
    """Whether a side of a contact has said how it felt."""
    mark = kit.sealing.mark_of("tone", side.value, str(problem), str(team))
    return session.get(ToneMark, mark) is not None


def ask_steward(session: Session, problem: int, team: int, *, kit: Kit, at: dt.datetime) -> None:
    """A team has answered: the steward who asked it is asked how the contact felt, once."""
    steward = asked_by(session, problem, team)
    if steward is not None and not said(session, Side.STEWARD, problem, team, kit):
        about = {"problem": problem, "team": team}
        kit.outbox.to_person(session, steward, "tone", about, at=at, once=f"tone:{problem}:{team}")


def _show(session: Session, side: Side) -> None:
    rows = session.execute(
        sa.select(ToneCount.value, sa.func.sum(ToneCount.times))
        .where(ToneCount.side == side.value)
        .group_by(ToneCount.value)
    )
    counts = {value: int(times) for value, times in rows}
    last = session.get(ToneShown, side.value)
    if sum(counts.values()) - (sum(last.counts.values()) if last else 0) < STEP:
        return
    kept = {str(value): counts.get(value, 0) for value in range(LEAST, MOST + 1)}
    if last is None:
        session.add(ToneShown(side=side.value, counts=kept))
    else:
        last.counts = kept
    session.flush()


def figures(session: Session) -> dict[Side, dict[int, int]]:
    """How often each value was said, by side; a side with fewer than five answers is missing."""
    return {
        Side(row.side): {int(value): times for value, times in row.counts.items()}
        for row in session.scalars(sa.select(ToneShown))
    }
