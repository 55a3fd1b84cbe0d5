"""Words that were taken down are kept apart, where no query for readers finds them, until a second steward looks.

`editions.corrections` has the acts for people: these here know nothing of posted editions.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.problems.lifecycle import CHANGED, sentence_of
from bot.core.problems.records import Problem, State
from bot.core.problems.telling import tell_raiser
from bot.core.problems.triage import destroy_voices, mine_to_change, note
from bot.core.problems.wording import TITLE_MOST, text_of
from bot.core.refusal import Refusal, Stale
from bot.core.replies.records import Proposal, Question, Reply, Withheld
from bot.words import mark

_DOWN = mark("This is taken down already; a steward looks at it.")
_STATES = (State.NEW, State.ASKED, State.OPEN, State.RESTING, State.CLOSED)


def withhold(
    session: Session, actor: Actor, problem: Problem, sentence: str, *, kit: Kit, at: dt.datetime
) -> None:
    """Take the words of a locked problem away; a steward's sentence stands in their place."""
    said = _line(sentence)
    _take(session, problem, said, steward=actor.person, reason="")
    note(session, problem, actor, "taken_down", said, kit, at)


def withhold_for(session: Session, problem: Problem, reason: str, sentence: str) -> None:
    """The same for a reader at whom it points. Nothing is written that tells who or when."""
    _take(session, problem, _line(sentence), steward=None, reason=text_of(reason))


def _line(sentence: str) -> str:
    said = " ".join(sentence_of(sentence, "Please say why, in a sentence that everybody can read.").split())
    if len(said) > TITLE_MOST:
        raise Refusal(
            "The sentence has {length} characters and can have {most}.", length=len(said), most=TITLE_MOST
        )
    return said


def _take(session: Session, problem: Problem, said: str, *, steward: str | None, reason: str) -> None:
    if problem.state == State.TAKEN_DOWN.value:
        raise Refusal(_DOWN)
    if problem.state not in [state.value for state in _STATES]:
        raise Stale(CHANGED)
    session.add(
        Withheld(
            problem_id=problem.id,
            state=problem.state,
            steward=steward,
            reason=reason,
            title=problem.title,
            hardship=problem.hardship,
            tried=problem.tried,
            guardrails=problem.guardrails,
        )
    )
    problem.state = State.TAKEN_DOWN.value
    problem.title, problem.hardship, problem.tried, problem.guardrails = said, "", "", ""
    problem.changed = True
    session.flush()


def review(
    session: Session,
    actor: Actor,
    ident: int,
    *,
    restore: bool,
    kit: Kit,
    at: dt.datetime,
    news_at: dt.datetime,
) -> Problem:
    """A steward other than the one who took it down gives the words back, or destroys them."""
    problem = mine_to_change(session, actor, ident, kit, State.TAKEN_DOWN)
    kept = session.get(Withheld, problem.id)
    if kept is None:
        raise Stale(CHANGED)
    if kept.steward == actor.person:
        raise Refusal("You took this down yourself; a second steward has to look at it.")
    if restore:
        problem.state = kept.state
        problem.title, problem.hardship = kept.title, kept.hardship
        problem.tried, problem.guardrails = kept.tried, kept.guardrails
    else:
        for table in (Question, Proposal, Reply):
            session.execute(sa.delete(table).where(table.problem_id == problem.id))
        if problem.salt is not None:
            destroy_voices(session, problem)
        # What stewards wrote beside the words may repeat them.
        problem.would_help = problem.way_around = problem.course_sentence = None
        problem.closed_on = problem.closed_on or at.date()  # from now on its raiser's address has its time
    problem.changed = True
    session.delete(kept)
    session.flush()
    note(session, problem, actor, "restored" if restore else "words_destroyed", "", kit, at)
    tell_raiser(session, problem, kit, at=news_at)
    return problem
