"""What those who pay say, by whoever answers for the team: agreed or not, and at a review first of all."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from bot.core.decisions import queries
from bot.core.decisions.queries import AskedPayer
from bot.core.decisions.records import Comment, Payer
from bot.core.decisions.rules import PayersWord, ReviewWord
from bot.core.identity.people import Actor
from bot.core.problems.lifecycle import sentence_of
from bot.core.problems.wording import text_of
from bot.core.refusal import Refusal, Stale
from bot.core.store import upsert
from bot.words import mark

_CHANGED: Final = mark(
    "The stewards have changed what your team carries since you opened this. Nothing was saved and your words are "
    "still here; please open it again."
)


def agree(session: Session, actor: Actor, decision: int, team: int, *, version: int) -> Payer:
    """The team agrees to carry it."""
    return _say(session, actor, decision, team, PayersWord.AGREED, "", version)


def disagree(session: Session, actor: Actor, decision: int, team: int, text: str, *, version: int) -> Payer:
    """The team does not agree, in its own words, which stand beside the decision."""
    words = sentence_of(
        text, "Please say in a sentence what speaks against it; it stands beside the decision."
    )
    return _say(session, actor, decision, team, PayersWord.DISAGREES, words, version)


def answer_review(
    session: Session, actor: Actor, decision: int, team: int, word: ReviewWord, text: str, *, version: int
) -> Payer:
    """The team says at a review whether it should go on, before the stewards do."""
    found = _mine(session, actor, decision, team, version)
    if not found.reviewed:
        raise Refusal("Its review has not begun. You are asked first when it does.")
    words = text_of(text)
    if word is not ReviewWord.KEEP:
        words = sentence_of(words, "Please say in a sentence what should change, or why it should end.")
    payer = session.get_one(Payer, (decision, team))
    payer.review_word, payer.review_words = word.value, words
    return _spoken(session, found, payer)


def comment(session: Session, actor: Actor, decision: int, team: int, text: str) -> Comment:
    """Before a one-way door counts, whoever answers for a team says what speaks for or against it; the last word stays."""
    words = sentence_of(text, "Please write a sentence; everybody who can read the problem reads it.")
    found = queries.for_comment(session, actor, decision, team, locked=True)
    upsert(
        session,
        Comment,
        {"decision_id": decision, "team_id": team, "text": words},
        key=["decision_id", "team_id"],
    )
    found.problem.others_spoke = True
    session.flush()
    return session.get_one(Comment, (decision, team), populate_existing=True)


def _say(
    session: Session, actor: Actor, decision: int, team: int, word: PayersWord, words: str, version: int
) -> Payer:
    found = _mine(session, actor, decision, team, version)
    payer = session.get_one(Payer, (decision, team))
    payer.word, payer.words = word.value, words
    return _spoken(session, found, payer)


def _mine(session: Session, actor: Actor, decision: int, team: int, version: int) -> AskedPayer:
    found = queries.for_payer(session, actor, decision, team, locked=True)
    if found.told.version != version:
        raise Stale(_CHANGED)
    return found


def _spoken(session: Session, found: AskedPayer, payer: Payer) -> Payer:
    """It waits on the desk until a steward does something; nothing says when it was said."""
    found.problem.others_spoke = True
    session.flush()
    return payer
