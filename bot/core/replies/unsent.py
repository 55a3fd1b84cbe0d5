"""Words of a steward's that no batch has carried: the raiser never heard of them, so they answered nobody."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

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


def _answered(session: Session, problem: Problem) -> bool:
    answers = [step.value for step in FIRST_ANSWERS]
    found = sa.select(Audit.id).where(Audit.problem_id == problem.id, Audit.act.in_(answers)).limit(1)
    return session.scalar(found) is not None
