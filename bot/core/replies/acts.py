"""What stewards write to a raiser whom they don't know, and what they may open or pause."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity import installation
from bot.core.identity.people import Actor, stewards_only
from bot.core.kit import Kit
from bot.core.problems import queries
from bot.core.problems.lifecycle import CHANGED, sentence_of, take, to_step
from bot.core.problems.lifecycle_rules import Step
from bot.core.problems.records import Problem, RaisedAs, State
from bot.core.problems.standing_rules import STANDING
from bot.core.problems.telling import tell_raiser
from bot.core.problems.triage import mine_to_change, note
from bot.core.problems.wording import Wording
from bot.core.refusal import Refusal, Stale
from bot.core.replies import unsent
from bot.core.replies.moving import take_over
from bot.core.replies.queries import proposal_of
from bot.core.replies.records import Proposal, Question
from bot.core.store import new_id
from bot.words import mark

#: Open questions a raiser may have at once.
QUESTIONS_MOST = 3
UNHEARD = mark(
    "Nobody can be reached for this one any more, so a yes would never come. The raiser's own words stand: "
    "publish these, or close it with a sentence."
)
SAME_WORDS = mark(
    "These are the raiser's own words, so there is nothing to say yes to. Change something, or close this form."
)


def ask(
    session: Session,
    actor: Actor,
    ident: int,
    text: str,
    *,
    kit: Kit,
    at: dt.datetime,
    news_at: dt.datetime,
) -> Question:
    """Ask the raiser something; the bot carries it there and the answer back."""
    problem = to_step(session, actor, ident, Step.ASKED_RAISER, kit)
    words = sentence_of(text, "Please write the question first.")
    if problem.no_more_questions:
        raise Refusal(
            "Whoever raised this asked for no more questions. "
            "Please decide with what is there, or close it with a sentence."
        )
    again = sa.select(Question).where(Question.problem_id == problem.id, Question.steward == actor.person)
    same = session.scalar(again.where(Question.carried.is_(False), Question.text == words).limit(1))
    if same is not None:
        return same  # a second click
    standing = sa.select(sa.func.count()).select_from(Question)
    standing = standing.where(Question.problem_id == problem.id, Question.answer.is_(None))
    if (session.scalar(standing) or 0) >= QUESTIONS_MOST:
        raise Refusal(
            "{most} questions wait for an answer here already; more would be a burden. "
            "Please wait for one of them first.",
            most=QUESTIONS_MOST,
        )
    question = Question(
        id=new_id(kit.randomness), problem_id=problem.id, steward=actor.person, text=words, answer=None
    )
    session.add(question)
    take(problem, Step.ASKED_RAISER)
    note(session, problem, actor, "asked_raiser", "", kit, at)
    tell_raiser(session, problem, kit, at=news_at, alone=True)
    return question


def propose(
    session: Session,
    actor: Actor,
    ident: int,
    wording: Wording,
    *,
    kit: Kit,
    at: dt.datetime,
    news_at: dt.datetime,
) -> Proposal:
    """Offer other words; nothing is asked of a team and nothing is published before the raiser says yes to them."""
    problem = to_step(session, actor, ident, Step.PROPOSED_WORDS, kit)
    wording = wording.checked()
    if problem.receipt_hash is None and not queries.reachable(problem, kit):
        raise Refusal(UNHEARD)
    if wording == Wording(problem.title, problem.hardship, problem.tried, problem.guardrails):
        raise Refusal(SAME_WORDS)
    _drop(session, problem, kit)
    proposal = Proposal(
        id=new_id(kit.randomness),
        problem_id=problem.id,
        by_raiser=False,
        title=wording.title,
        hardship=wording.hardship,
        tried=wording.tried,
        guardrails=wording.guardrails,
    )
    session.add(proposal)
    problem.agreed = False
    take(problem, Step.PROPOSED_WORDS)
    note(session, problem, actor, "proposed_words", "", kit, at)
    tell_raiser(session, problem, kit, at=news_at, alone=True, once=unsent.of(proposal))
    return proposal


def take_back_proposal(session: Session, actor: Actor, ident: int, *, kit: Kit, at: dt.datetime) -> Problem:
    """A steward's words wait no longer: the raiser's own stand as they were sent.

    Words that no batch has carried were no answer: whoever waited for one waits on.
    """
    problem = mine_to_change(session, actor, ident, kit, *STANDING)
    if not _drop(session, problem, kit):
        raise Stale(CHANGED)
    problem.agreed = True
    note(session, problem, actor, "took_words_back", "", kit, at)
    return problem


def settle_words(
    session: Session,
    actor: Actor,
    ident: int,
    proposal: int,
    *,
    accept: bool,
    kit: Kit,
    at: dt.datetime,
    news_at: dt.datetime,
) -> Problem:
    """A steward's yes or no to other words that the raiser sent after publication."""
    problem = mine_to_change(session, actor, ident, kit, State.OPEN, State.RESTING, State.TAKEN_DOWN)
    waiting = proposal_of(session, problem, by_raiser=True)
    if waiting is None or waiting.id != proposal:
        raise Stale(CHANGED)
    if accept:
        take_over(session, problem, waiting)
    else:
        session.delete(waiting)
    session.flush()
    note(session, problem, actor, "took_words" if accept else "left_words", "", kit, at)
    tell_raiser(session, problem, kit, at=news_at, alone=True)
    return problem


def heard(session: Session, actor: Actor, ident: int, *, kit: Kit, at: dt.datetime) -> Problem:
    """A steward has read what the raiser said; it waits on the desk no longer."""
    problem = mine_to_change(session, actor, ident, kit, *STANDING, State.CLOSED, State.TAKEN_DOWN)
    if problem.raiser_spoke:
        note(session, problem, actor, "heard", "", kit, at)
    return problem


def open_name(session: Session, actor: Actor, ident: int, *, kit: Kit, at: dt.datetime) -> str:
    """Who raised a problem "show my name", before it is published; the audit trail keeps that it was looked at."""
    problem = mine_to_change(session, actor, ident, kit, *STANDING)
    if problem.raised_as != RaisedAs.NAMED.value or problem.raiser is None:
        raise Refusal("Whoever raised this did not ask for the name to be shown, so there is none to open.")
    note(session, problem, actor, "opened_name", "", kit, at)
    return problem.raiser


def pause_intake(session: Session, actor: Actor, sentence: str, *, kit: Kit, at: dt.datetime) -> None:
    """Nothing can be raised from now on; whoever tries reads the sentence."""
    stewards_only(actor)
    because = sentence_of(sentence, "Please say why, in a sentence for those who want to raise something.")
    if installation.set_paused(session, because, kit.randomness):
        note(session, None, actor, "paused_intake", because, kit, at)


def resume_intake(session: Session, actor: Actor, *, kit: Kit, at: dt.datetime) -> None:
    """Problems can be raised again."""
    stewards_only(actor)
    if installation.set_paused(session, None, kit.randomness):
        note(session, None, actor, "resumed_intake", "", kit, at)


def _drop(session: Session, problem: Problem, kit: Kit) -> bool:
    found = proposal_of(session, problem, by_raiser=False)
    if found is not None:
        unsent.drop(session, problem, found, kit)
    return found is not None
