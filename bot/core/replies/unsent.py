"""Words of a steward's that no batch has carried: the raiser never heard of them, so they answered nobody."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.sealing import Unreadable
from bot.core.kit import Kit
from bot.core.outbox import Message, Sending
from bot.core.problems import queries
from bot.core.problems.lifecycle_rules import FIRST_ANSWERS, Step
from bot.core.problems.records import Audit, Course, Problem
from bot.core.replies.records import Proposal

#: What "proposed words" becomes in the audit trail where they were dropped before they were sent.
UNSENT: Final = "proposed_unsent"


def drop(session: Session, problem: Problem, proposal: Proposal) -> None:
    """Forget a proposal; where it never left, it counts as no answer, and the problem waits as it did before."""
    session.delete(proposal)
    session.flush()
    if proposal.by_raiser or proposal.carried:
        return
    proposed = sa.select(Audit).where(Audit.problem_id == problem.id, Audit.act == Step.PROPOSED_WORDS.value)
    newest = session.scalar(proposed.order_by(Audit.at.desc(), Audit.id).limit(1))
    if newest is not None:
        newest.act = UNSENT
        session.flush()
    if problem.course == Course.ACKNOWLEDGED.value and not _answered(session, problem):
        problem.course = Course.WAITING.value
        session.flush()


def hush(session: Session, problem: Problem, kit: Kit, *, at: dt.datetime) -> None:
    """There is no news after all: one message less waits for the raiser. One that is due is on its way and stays."""
    person = queries.raiser_of(problem, kit)
    waiting = sa.select(Message).where(
        Message.kind == "news", Message.sending == Sending.WAITING.value, Message.due_at > at
    )
    for row in session.scalars(waiting.order_by(Message.due_at, Message.id)):
        with suppress(Unreadable):
            sealed = row.sealed_person or b""
            if person is not None and kit.sealing.unseal(sealed, bound_to=f"outbox:{row.id}") == person:
                session.delete(row)
                session.flush()
                return


def _answered(session: Session, problem: Problem) -> bool:
    answers = [step.value for step in FIRST_ANSWERS]
    found = sa.select(Audit.id).where(Audit.problem_id == problem.id, Audit.act.in_(answers)).limit(1)
    return session.scalar(found) is not None
