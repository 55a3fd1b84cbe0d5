"""The batch with everything that a raiser did: answers, words, "no more questions" and withdrawals move with the rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.kit import Kit
from bot.core.problems import batch, merged, merging, writing
from bot.core.problems.flag_records import Flag, Review
from bot.core.problems.merge_records import Merge
from bot.core.problems.records import (
    Act,
    Answer,
    Asked,
    Confirmation,
    Course,
    FeltBy,
    FollowUp,
    Problem,
    Spoken,
    State,
    Tag,
    Tally,
)
from bot.core.problems.standing_rules import STANDING
from bot.core.problems.wording import Wording
from bot.core.problems.work_records import CostCount, Hand, Help, SponsorsAnswer
from bot.core.replies import outcomes, unsent
from bot.core.replies.queries import proposal_of, words_gone
from bot.core.replies.records import Clock, EarlyWord, Proposal, Question, Reply, Withheld
from bot.core.store import new_id


def run(session: Session, *, day: dt.date, kit: Kit, at: dt.datetime) -> int | None:
    """Move the whole inbox, as `problems.batch.run` says; jobs call this one, which knows every act."""
    moved = batch.run(session, day=day, kit=kit, at=at, also=MOVES)
    if moved is not None:
        merging.settle(session, day=day, kit=kit, at=at)
    if moved is not None:
        carry(session)
    if moved is not None and session.get_bind().dialect.name != "sqlite":
        _even_out(session)
    return moved


def carry(session: Session) -> None:
    """What stewards asked and proposed since the last batch gets to the raisers."""
    for table in (Question, Proposal):
        session.execute(sa.update(table).where(table.carried.is_(False)).values(carried=True))
    unsent.carried(session)


def _even_out(session: Session) -> None:
    """Write what raisers and teams answered anew: on Postgres a row's transaction would tell the day of the answer."""
    standing = sa.select(Problem.id).where(Problem.state.in_([state.value for state in STANDING]))
    for table in (Question, Proposal, Hand, Help, Reply, SponsorsAnswer):
        batch.rewrite(session, table, table.problem_id.in_(standing.scalar_subquery()))
    batch.rewrite(session, CostCount)
    batch.rewrite(session, Flag)
    batch.rewrite(session, Merge)
    batch.rewrite(session, Confirmation, Confirmation.problem_id.in_(merged.all_idents(session)))


def _told(session: Session, problem: Problem, body: Mapping[str, Any], _kit: Kit) -> None:
    asked = session.get(Question, body["question"])
    if asked is not None and asked.problem_id == problem.id:
        asked.answer = body["answer"]
        problem.raiser_spoke = True
        session.flush()


def _words(session: Session, problem: Problem, body: Mapping[str, Any], kit: Kit) -> None:
    if problem.state in (State.CLOSED.value, State.WITHDRAWN.value) or words_gone(session, problem):
        return
    problem.raiser_spoke = True
    if "proposal" in body:
        _settle(session, problem, body["proposal"], yes=body["yes"])
        return
    wording = Wording(body["title"], body["hardship"], body["tried"], body["guardrails"])
    drop_proposals(session, problem, kit)
    problem.agreed = True
    if problem.state in (State.NEW.value, State.ASKED.value):
        writing.put_words(problem, wording)
    else:
        # Everybody has read the old words, or a steward is looking at them: these wait for a steward.
        session.add(
            Proposal(
                id=new_id(kit.randomness),
                problem_id=problem.id,
                by_raiser=True,
                title=wording.title,
                hardship=wording.hardship,
                tried=wording.tried,
                guardrails=wording.guardrails,
            )
        )
    session.flush()


def _settle(session: Session, problem: Problem, ident: int, *, yes: bool) -> None:
    proposal = session.get(Proposal, ident)
    if proposal is None or proposal.problem_id != problem.id or proposal.by_raiser:
        return  # other words wait by now: a yes is for the words that were read
    if yes:
        take_over(session, problem, proposal)
    else:
        session.delete(proposal)
    problem.agreed = True
    session.flush()


def take_over(session: Session, problem: Problem, proposal: Proposal) -> None:
    """Put agreed words in the place of the old ones, which are gone with that."""
    wording = Wording(proposal.title, proposal.hardship, proposal.tried, proposal.guardrails)
    kept = session.get(Withheld, problem.id) if problem.state == State.TAKEN_DOWN.value else None
    if kept is None:
        writing.put_words(problem, wording)
    else:
        kept.title, kept.hardship = wording.title, wording.hardship
        kept.tried, kept.guardrails = wording.tried, wording.guardrails
    session.delete(proposal)


def drop_proposals(session: Session, problem: Problem, kit: Kit) -> None:
    """Forget other words of either side."""
    for by_raiser in (False, True):
        proposal = proposal_of(session, problem, by_raiser=by_raiser)
        if proposal is not None:
            unsent.drop(session, problem, proposal, kit)


def _quiet(_session: Session, problem: Problem, _body: Mapping[str, Any], _kit: Kit) -> None:
    problem.no_more_questions = problem.raiser_spoke = True


def _withdraw(session: Session, problem: Problem, _body: Mapping[str, Any], _kit: Kit) -> None:
    destroy_all(session, problem)


def destroy_all(session: Session, problem: Problem) -> None:
    """Destroy the words and whatever leads to anybody; a public number stays, so that no other takes it."""
    problem.state = State.WITHDRAWN.value
    problem.title = problem.hardship = problem.tried = problem.guardrails = ""
    problem.label = problem.finding = problem.held_because = None
    problem.course, problem.course_until, problem.course_sentence = Course.WAITING.value, None, None
    problem.would_help = problem.way_around = None
    problem.outcome = problem.outcome_words = problem.holds = None
    problem.changed, problem.agreed, problem.raiser_spoke = True, True, False
    problem.sealed_address = problem.receipt_hash = None
    problem.raiser = problem.raiser_team_id = None
    problem.salt = problem.salt_mark = None
    for table in _OF_A_PROBLEM:
        session.execute(sa.delete(table).where(table.problem_id == problem.id))
    session.flush()


#: All that was said of a problem and by whom; what is left are stewards' sentences in the audit trail.
_OF_A_PROBLEM: Final = (
    *(Question, Proposal, Reply, Clock, EarlyWord, Withheld),
    *(Hand, Help, SponsorsAnswer),
    *(Flag, Review),
    *(Confirmation, Spoken, Tally, FollowUp, Answer, FeltBy, Asked, Tag),
)


MOVES: Final[Mapping[Act, batch.Moving]] = {
    Act.TOLD: _told,
    Act.WORDS: _words,
    Act.QUIET: _quiet,
    Act.WITHDRAW: _withdraw,
    Act.OUTCOME: outcomes.take_outcome,
    Act.HOLDS: outcomes.take_holds,
    Act.COST: outcomes.take_cost,
    Act.CONSENT: merging.hear,
}
