"""Forgetting a person: hidden at once, destroyed in the weekly sweep together with addresses whose time is over."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity import erasures, hearing
from bot.core.identity.people import Actor
from bot.core.identity.records import Erasure, Hearing, Steward
from bot.core.kit import Kit
from bot.core.outbox import Message
from bot.core.problems import tagging
from bot.core.problems.queries import in_steps
from bot.core.problems.records import (
    Act,
    Audit,
    Confirmation,
    Inbox,
    Problem,
    Reaction,
    Spoken,
    State,
)
from bot.core.problems.work_records import Away, Help
from bot.core.replies import destroyed, stored
from bot.core.replies.outcomes import SILENT_AFTER
from bot.core.replies.records import EarlyWord, Question, Withheld
from bot.core.store import Sessions, alone
from bot.core.teams import acts as teams
from bot.core.teams.records import Choice, LookedUp, Membership, Team

#: From closing until a sealed address is destroyed: the 30-day check, and 14 days after it.
ADDRESS_KEPT: Final = SILENT_AFTER
#: What is on its way to somebody as a raiser, and goes no further once the raiser is forgotten.
_TO_RAISERS = ("news", "tag_prompt")


class Stays(StrEnum):
    """What forgetting leaves, each for a reason that the person is told."""

    STEWARD = "steward"  # the settings or the stewards' user group say so
    MEMBERSHIP = "membership"  # the user group or the list says so, and would say it again
    WORDS = "words"  # problems stay, without anybody behind them; withdrawing is another act
    ACTS = "acts"  # the audit trail keeps what was done, by "a steward"
    TEAMS = "teams"  # what was said for a team is the team's
    ANONYMOUS = "anonymous"  # nothing leads to anonymous problems, so none can be forgotten


def forget(session: Session, actor: Actor, *, kit: Kit, left: bool = False) -> list[Stays]:
    """Hide everything that leads to this person now, and have the next sweep destroy it; says what stays.

    `left`: somebody left the company, and is taken out of teams and roles as well. What is said after this
    is not covered by it.
    """
    alone(session, "inbox")  # not while the batch moves what is hidden here
    person = actor.person
    found = stored.find(session, person, kit)
    stays = [Stays.ANONYMOUS]
    if found.raised:
        stays.append(Stays.WORDS)
    stays += _stay(session, person) if not left else []
    if _spoke_for_a_team(session, person):
        stays.append(Stays.TEAMS)
    erased = erasures.Forgotten(
        person=person,
        problems=found.raised,
        voices=[(ident, voice.hex()) for ident, voice in found.voices],
        spoken=[(ident, voice.hex()) for ident, voice, _ in found.spoken],
    )
    _drop_on_the_way(session, found, left=left)
    if _forget_own(session, person, kit):
        stays.append(Stays.ACTS)
    if left:
        teams.forget_person(session, person)
        session.execute(sa.delete(Steward).where(Steward.person == person))
    erasures.keep(session, erased, kit.sealing)
    return stays


def _stay(session: Session, person: str) -> list[Stays]:
    role = [Stays.STEWARD] if session.get(Steward, person) is not None else []
    listed = session.scalar(sa.select(sa.exists().where(Membership.person == person)))
    return [*role, Stays.MEMBERSHIP] if listed else role


def _spoke_for_a_team(session: Session, person: str) -> bool:
    answers = sa.exists().where(Team.contact == person)
    helps = sa.exists().where(Help.person == person)
    return bool(session.scalar(sa.select(sa.or_(answers, helps))))


def _drop_on_the_way(session: Session, found: stored.Found, *, left: bool) -> None:
    """What waits goes no further: messages, reactions, and today's acts but for the words of a raise."""
    messages = [ident for ident, kind in found.messages if left or kind in _TO_RAISERS]
    session.execute(sa.delete(Message).where(Message.id.in_(messages)))
    session.execute(sa.delete(Reaction).where(Reaction.mark.in_(found.reactions)))
    for mark, act, _ in found.waiting:
        if act == Act.RAISE.value:
            row = session.get_one(Inbox, mark)
            row.body = {**row.body, "address": None}
        elif act in (Act.CONFIRM.value, Act.FOLLOW_UP.value, Act.ANSWER.value):
            session.execute(sa.delete(Inbox).where(Inbox.mark == mark))
    session.flush()


def _forget_own(session: Session, person: str, kit: Kit) -> bool:
    """What is this person's own goes at once, ids in clear above all. True where acts of a steward were among them."""
    for problem in session.scalars(sa.select(Problem).where(Problem.raiser == person)).all():
        problem.raiser = problem.raiser_team_id = None
        session.flush()
        if problem.state == State.TAGGED.value and not tagging.anybody(session, problem):
            session.execute(sa.delete(Inbox).where(Inbox.problem_id == problem.id))
            session.delete(problem)
    session.execute(sa.delete(Choice).where(Choice.person == person))
    session.execute(sa.delete(Hearing).where(hearing.of(person, kit.sealing)))
    session.execute(sa.delete(LookedUp).where(LookedUp.person == person))
    session.execute(sa.update(Team).where(Team.contact == person).values(contact=None))
    session.execute(sa.delete(Away).where(Away.steward == person))
    # An offer stays as the team's.
    session.execute(sa.update(Help).where(Help.person == person).values(person=None))
    count = 0
    for table in _BY_STEWARDS:
        changed = session.execute(sa.update(table).where(table.steward == person).values(steward=None))
        count += getattr(changed, "rowcount", 0)
    session.flush()
    return count > 0


_BY_STEWARDS: Final[tuple[Any, ...]] = (Audit, Question, EarlyWord, Withheld)


def sweep(sessions: Sessions, *, kit: Kit, at: dt.datetime, path: Path) -> int:
    """Destroy what was asked to be forgotten and what has been kept long enough; says how many addresses and hashes.

    `path` is the file of what was destroyed, which is written first. To be run weekly. Raises `Busy` where
    somebody is in the way: running it again does what is left.
    """
    with sessions.begin(patient=True) as session:
        alone(session, "inbox")
        count, lines = _destroy(session, kit, at)
        session.flush()
        destroyed.note(session, path, lines, at=at)
    sessions.destroy(thorough=True)
    return count


def _destroy(session: Session, kit: Kit, at: dt.datetime) -> tuple[int, list[str]]:
    # The release before this one knew the week alone.
    closed = sa.func.coalesce(Problem.closed_on, Problem.closed_week, type_=sa.Date)
    over = sa.select(Problem.id).where(
        Problem.sealed_address.is_not(None), closed <= (at - ADDRESS_KEPT).date()
    )
    problems = set(session.scalars(over))
    lines: list[str] = []
    count = 0
    for ident, forgotten in erasures.waiting(session, kit.sealing):
        session.execute(sa.delete(Erasure).where(Erasure.id == ident))
        if forgotten is None:
            continue  # its key is lost: nothing that it covers leads to anybody any more
        problems |= set(forgotten.problems)
        lines += destroyed.choice_lines(forgotten.person, kit, at=at)
        for table, keys, line in (
            (Confirmation, forgotten.voices, destroyed.voice_line),
            (Spoken, forgotten.spoken, destroyed.spoken_line),
        ):
            for problem, voice in keys:
                count += _forget_voice(session, table, problem, bytes.fromhex(voice))
                lines.append(line(problem, bytes.fromhex(voice)))
    for idents in in_steps(sorted(problems)):
        sealed = (Problem.id.in_(idents), Problem.sealed_address.is_not(None))
        changed = session.execute(sa.update(Problem).where(*sealed).values(sealed_address=None))
        count += getattr(changed, "rowcount", 0)
    return count, lines


def _forget_voice(session: Session, table: Any, problem: int, voice: bytes) -> int:
    gone = session.execute(sa.delete(table).where(table.problem_id == problem, table.voice == voice))
    if table is Confirmation:
        session.execute(sa.update(Problem).where(Problem.id == problem).values(changed=True))
    return int(getattr(gone, "rowcount", 0))
