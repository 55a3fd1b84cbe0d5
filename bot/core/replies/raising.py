"""What raisers do after raising, which `problems/acts.py` writes: one inbox row each; the batch moves them without order."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from bot.core.kit import Kit
from bot.core.problems.merge_records import Merge, MergeState
from bot.core.problems.records import Act, Inbox, Problem, State
from bot.core.problems.standing_rules import STANDING
from bot.core.problems.wording import Wording, said, text_of
from bot.core.refusal import Refusal, Stale
from bot.core.replies.queries import Raiser, words_gone
from bot.core.replies.records import Proposal, Question
from bot.core.store import is_id, upsert
from bot.words import mark

OVER = mark(
    "This one is closed or gone, so nothing can be changed any more. If it is still in your way, raise it again."
)
REPLACED = mark(
    "These words are not the ones that wait for you any more. Please look again; nothing was saved."
)


NO_MERGE = mark("Nobody asks that any more: your problem stands as it stood. Nothing was saved.")


def answer_question(session: Session, raiser: Raiser, question: int, text: str, *, kit: Kit) -> None:
    """Answer a steward; until the batch, the last answer counts."""
    problem = _standing(session, raiser)
    answer = text_of(text)
    if not said(answer):
        raise Refusal("Please write a word or two; or close the form, nothing is lost.")
    asked = session.get(Question, question) if is_id(question) else None
    if asked is None or asked.problem_id != problem.id or not asked.carried:
        raise Stale("That question is not there any more. Nothing was saved.")
    if asked.answer is not None:
        raise Refusal("You have answered this one already, and it stands.")
    say(session, problem, Act.TOLD, {"question": question, "answer": answer}, kit, str(question))


def edit_words(session: Session, raiser: Raiser, wording: Wording, *, kit: Kit) -> None:
    """Other words of the raiser's own: at once where nothing is published yet, else once a steward agrees."""
    problem = _standing(session, raiser)
    wording = wording.checked()
    body = {
        "title": wording.title,
        "hardship": wording.hardship,
        "tried": wording.tried,
        "guardrails": wording.guardrails,
    }
    say(session, problem, Act.WORDS, body, kit)


def agree(session: Session, raiser: Raiser, proposal: int, *, kit: Kit) -> None:
    """Yes to a steward's words, to these and no others."""
    say(session, _asked(session, raiser, proposal), Act.WORDS, {"proposal": proposal, "yes": True}, kit)


def refuse(session: Session, raiser: Raiser, proposal: int, *, kit: Kit) -> None:
    """No to a steward's words: the raiser's own stand."""
    say(session, _asked(session, raiser, proposal), Act.WORDS, {"proposal": proposal, "yes": False}, kit)


def consent(session: Session, raiser: Raiser, merge: int, *, yes: bool, kit: Kit) -> None:
    """Whether a problem is the same as another that stewards see as one with it; until the batch, the last word counts.

    A no is heard at any time, as long as both are not closed.
    """
    row = session.get(Merge, merge) if is_id(merge) else None
    if row is None or raiser.problem.id not in (row.problem_id, row.into_id):
        raise Stale(NO_MERGE)
    if not row.carried or row.state == MergeState.REFUSED.value or raiser.problem.closed_week is not None:
        raise Stale(NO_MERGE)
    say(session, raiser.problem, Act.CONSENT, {"merge": merge, "yes": yes}, kit, str(merge))


def no_more_questions(session: Session, raiser: Raiser, *, kit: Kit) -> None:
    """Be asked nothing further; what was asked may still be answered."""
    say(session, _standing(session, raiser), Act.QUIET, {}, kit)


def withdraw(session: Session, raiser: Raiser, *, kit: Kit) -> None:
    """Take the problem back: with the next batch its words and all that leads to its raiser are destroyed."""
    if raiser.problem.state == State.WITHDRAWN.value:
        raise Refusal(OVER)
    say(session, raiser.problem, Act.WITHDRAW, {}, kit)


def _standing(session: Session, raiser: Raiser) -> Problem:
    standing = (*[state.value for state in STANDING], State.TAKEN_DOWN.value)
    if raiser.problem.state not in standing or words_gone(session, raiser.problem):
        raise Refusal(OVER)
    return raiser.problem


def _asked(session: Session, raiser: Raiser, proposal: int) -> Problem:
    problem = _standing(session, raiser)
    row = session.get(Proposal, proposal) if is_id(proposal) else None
    if row is None or row.problem_id != problem.id or row.by_raiser or not row.carried:
        raise Stale(REPLACED)
    return problem


def say(
    session: Session, problem: Problem, act: Act, body: Mapping[str, object], kit: Kit, of: str = ""
) -> None:
    """One thing that a raiser says, into today's inbox."""
    # One row for each thing that can be said: a second click is harmless, and the last word counts.
    mark = kit.sealing.mark_of("raiser", act.value, str(problem.id), of)
    row = {"mark": mark, "act": act.value, "problem_id": problem.id, "body": dict(body)}
    upsert(session, Inbox, row, key=["mark"])
