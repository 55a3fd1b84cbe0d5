"""Words of a steward's that no batch has carried: the raiser never heard of them, so they answered nobody."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.kit import Kit
from bot.core.outbox import Message, Sending
from bot.core.problems import queries
from bot.core.problems.lifecycle_rules import FIRST_ANSWERS, Step
from bot.core.problems.records import Audit, Course, Problem
from bot.core.replies.records import Proposal

#: What "proposed words" becomes in the audit trail where they were dropped before they were sent.
UNSENT: Final = "proposed_unsent"


def of(proposal: Proposal) -> str:
    """What the message that there is news of it is known by, until it is carried."""
    return f"proposed:{proposal.id}"


def drop(session: Session, problem: Problem, proposal: Proposal, kit: Kit) -> None:
    """Forget a proposal; where it never left, it is no news and no answer, and the problem waits as it did before."""
    session.delete(proposal)
    session.flush()
    if proposal.by_raiser or proposal.carried:
        return
    _hush(session, problem, proposal, kit)
    proposed = sa.select(Audit).where(Audit.problem_id == problem.id, Audit.act == Step.PROPOSED_WORDS.value)
    newest = session.scalar(proposed.order_by(Audit.at.desc(), Audit.id).limit(1))
    if newest is not None:
        newest.act = UNSENT
        session.flush()
    if problem.course == Course.ACKNOWLEDGED.value and not _answered(session, problem):
        problem.course = Course.WAITING.value
        session.flush()


def carried(session: Session) -> None:
    """What is on its way is taken back no more: its messages are like all others again."""
    known = sa.and_(Message.kind == "news", Message.once.is_not(None))
    session.execute(sa.update(Message).where(known).values(once=None))


def _hush(session: Session, problem: Problem, proposal: Proposal, kit: Kit) -> None:
    """Take its own message out; never another one to the same person, since that would tell whose both problems are."""
    person = queries.raiser_of(problem, kit)
    if person is None:
        return
    marks = [mark.hex() for mark in kit.sealing.marks_of("once", person, of(proposal))]
    waits = Message.sending == Sending.WAITING.value
    session.execute(sa.delete(Message).where(Message.once.in_(marks), waits))
    session.flush()


def _answered(session: Session, problem: Problem) -> bool:
    answers = [step.value for step in FIRST_ANSWERS]
    found = sa.select(Audit.id).where(Audit.problem_id == problem.id, Audit.act.in_(answers)).limit(1)
    return session.scalar(found) is not None
