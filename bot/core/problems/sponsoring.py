"""Problems of authority: no team can convene the people or set the rule, so the sponsor answers, by a day."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.problems.courses import room_for_more
from bot.core.problems.lifecycle import later, sentence_of, take, to_step
from bot.core.problems.lifecycle_rules import Role, Step
from bot.core.problems.records import Problem
from bot.core.problems.standing_rules import STANDING, Course
from bot.core.problems.telling import tell_raiser
from bot.core.problems.triage import note, release
from bot.core.problems.work_records import SponsorsAnswer
from bot.core.refusal import NotFound, Refusal
from bot.core.store import is_id, new_id
from bot.words import mark

#: Working days until the sponsor's answer, unless a steward says another day.
DAYS = 10
NOT_YOURS = mark("There is nothing here that waits for your answer. A steward may have taken it back.")


def ask_sponsor(
    session: Session,
    actor: Actor,
    ident: int,
    asks: str,
    *,
    sponsor: str | None,
    due_on: dt.date,
    today: dt.date,
    kit: Kit,
    at: dt.datetime,
    news_at: dt.datetime,
    seen: str | None = None,
) -> SponsorsAnswer:
    """Ask the sponsor to decide something by a day; the answer stands beside the problem for everybody."""
    problem = to_step(session, actor, ident, Step.ASKED_SPONSOR, kit, seen=seen)
    said = sentence_of(asks, "Please say what the sponsor is asked to decide, in a sentence.")
    if sponsor is None:
        raise Refusal("No sponsor is named. The operator names one in the settings (GROUNDSWELL_SPONSOR).")
    due_on = later(due_on, today=today)
    room_for_more(session, problem)
    release(session, problem)
    row = SponsorsAnswer(
        id=new_id(kit.randomness), problem_id=problem.id, asks=said, due_on=due_on, text=None
    )
    session.add(row)
    take(problem, Step.ASKED_SPONSOR, until=due_on)
    session.flush()
    note(session, problem, actor, Step.ASKED_SPONSOR.value, said, kit, at)
    kit.outbox.to_person(
        session, sponsor, "asked_sponsor", {"problem": problem.id}, at=at, once=f"sponsor:{row.id}"
    )
    tell_raiser(session, problem, kit, at=news_at)
    return row


def asked_of(session: Session, actor: Actor, *, sponsor: str | None) -> list[tuple[Problem, SponsorsAnswer]]:
    """What waits for the sponsor, the soonest first; nothing for anybody else."""
    if sponsor is None or actor.person != sponsor:
        return []
    return [(problem, row) for problem, row in session.execute(_asked())]


def for_sponsor(
    session: Session, actor: Actor, ident: int, *, sponsor: str | None, locked: bool = False
) -> tuple[Problem, SponsorsAnswer]:
    """One problem that waits for the sponsor's answer."""
    if sponsor is None or actor.person != sponsor or not is_id(ident):
        raise NotFound(NOT_YOURS)
    query = _asked().where(Problem.id == ident)
    row = session.execute(query.with_for_update(of=Problem) if locked else query).first()
    if row is None:
        raise NotFound(NOT_YOURS)
    problem, asked = row
    return problem, asked


def _asked() -> sa.Select[Problem, SponsorsAnswer]:
    return (
        sa.select(Problem, SponsorsAnswer)
        .join(SponsorsAnswer, SponsorsAnswer.problem_id == Problem.id)
        .where(
            SponsorsAnswer.text.is_(None),
            Problem.course == Course.SPONSOR.value,
            Problem.state.in_([state.value for state in STANDING]),
        )
        .order_by(SponsorsAnswer.due_on, SponsorsAnswer.id)
    )


def answer(
    session: Session,
    actor: Actor,
    ident: int,
    text: str,
    *,
    sponsor: str | None,
    kit: Kit,
    news_at: dt.datetime,
) -> Problem:
    """The sponsor's answer: a decision, or who will decide until when."""
    problem, row = for_sponsor(session, actor, ident, sponsor=sponsor, locked=True)
    row.text = sentence_of(text, "Please write your answer: everybody who can read the problem reads it.")
    take(problem, Step.SPONSOR_ANSWERED, role=Role.SPONSOR, sentence=row.text)
    problem.others_spoke = True
    session.flush()
    tell_raiser(session, problem, kit, at=news_at)
    return problem


def answers_of(session: Session, problem: Problem) -> list[SponsorsAnswer]:
    """What the sponsor was asked about a problem, the open question last."""
    rows = session.scalars(
        sa.select(SponsorsAnswer)
        .where(SponsorsAnswer.problem_id == problem.id)
        .order_by(SponsorsAnswer.due_on)
    )
    return sorted(rows, key=lambda row: (row.text is None, row.due_on))
