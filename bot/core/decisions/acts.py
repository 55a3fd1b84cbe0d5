"""Stewards record a decision, let a one-way door count, change it, keep it and end it; each in the audit trail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.decisions import queries
from bot.core.decisions.drafts import Draft, write
from bot.core.decisions.records import Decision, Guardrail, Payer
from bot.core.decisions.rules import (
    COMMENT_DAYS,
    DecisionState,
    Door,
    Due,
    counts,
    working_day,
)
from bot.core.identity.people import Actor, stewards_only
from bot.core.kit import Kit
from bot.core.problems import courses
from bot.core.problems import queries as problems
from bot.core.problems.lifecycle import later, sentence_of, to_step
from bot.core.problems.lifecycle_rules import Step
from bot.core.problems.records import Audit, Problem
from bot.core.problems.standing_rules import READ_BY_ALL
from bot.core.problems.triage import note
from bot.core.refusal import NotFound, Refusal, Stale
from bot.core.store import is_id, new_id
from bot.words import mark

PROPOSED: Final = "proposed_decision"
CHANGED: Final = mark(
    "The decision was changed since you opened it. Nothing was saved and your words are still here: "
    "copy what you need, and open it again."
)


def record(
    session: Session,
    actor: Actor,
    ident: int,
    draft: Draft,
    *,
    today: dt.date,
    free: Callable[[dt.date], bool],
    kit: Kit,
    at: dt.datetime,
    news_at: dt.datetime,
    seen: str | None = None,
) -> Decision:
    """Decide what is tried. A two-way door runs at once; a one-way door waits for comments and a second steward.

    Those who pay are asked whether they agree, and read so; `free` tells holidays.
    """
    problem = to_step(session, actor, ident, Step.TRIED, kit, seen=seen)
    if queries.standing(session, problem.id) is not None:
        raise Stale("A decision was recorded meanwhile. Nothing was saved; please look again.")
    if problem.state not in [state.value for state in READ_BY_ALL]:
        raise Refusal("Please publish it first: whoever pays has to be able to read what for.")
    draft = draft.checked(today=today)
    one_way = draft.door is Door.ONE_WAY
    decision = Decision(
        id=new_id(kit.randomness),
        problem_id=problem.id,
        state=(DecisionState.PROPOSED if one_way else DecisionState.RUNNING).value,
        door=draft.door.value,
        decided_on=today,
        counts_from=working_day(today, COMMENT_DAYS, free) if one_way else None,
        review_asked=False,
        flagged=False,
        version=0,
    )
    write(session, decision, draft, kit=kit, at=at)
    if one_way:
        courses.room_for_more(session, problem)
        note(session, problem, actor, PROPOSED, decision.sentence, kit, at)
    else:
        courses.try_out(
            session,
            actor,
            ident,
            decision.sentence,
            review_on=draft.review_on,
            kit=kit,
            at=at,
            news_at=news_at,
        )
    return decision


def second(
    session: Session,
    actor: Actor,
    ident: int,
    *,
    today: dt.date,
    kit: Kit,
    at: dt.datetime,
    news_at: dt.datetime,
) -> Decision:
    """Another steward lets a one-way door count, once everybody concerned had the time to object."""
    decision, problem = mine_to_decide(session, actor, ident, kit, DecisionState.PROPOSED)
    if not counts(
        today=today,
        from_=decision.counts_from,
        proposed_by=_proposed_by(session, problem),
        second=actor.person,
    ):
        raise Refusal(
            "This one is hard to undo, so it counts once another steward than the one who proposed it says so, "
            "and not before {day}: until then teams can object.",
            day=decision.counts_from,
        )
    decision.state, decision.decided_on = DecisionState.RUNNING.value, today
    decision.version += 1
    review = decision.review_on = max(decision.review_on, today + dt.timedelta(days=1))
    session.flush()
    courses.try_out(
        session,
        actor,
        problem.id,
        decision.sentence,
        review_on=review,
        kit=kit,
        at=at,
        news_at=news_at,
    )
    return decision


def change(
    session: Session,
    actor: Actor,
    ident: int,
    draft: Draft,
    *,
    version: int,
    today: dt.date,
    kit: Kit,
    at: dt.datetime,
) -> Decision:
    """Put a standing decision in other words or figures; a team whose load changes is asked anew."""
    decision, problem = mine_to_decide(
        session, actor, ident, kit, DecisionState.PROPOSED, DecisionState.RUNNING
    )
    if decision.version != version:
        raise Stale(CHANGED)
    write(session, decision, replace(draft.checked(today=today), door=Door(decision.door)), kit=kit, at=at)
    _review_anew(session, decision)
    if decision.state == DecisionState.RUNNING.value:
        courses.trial_changed(problem, decision.sentence, review_on=decision.review_on)
    note(session, problem, actor, "changed_decision", decision.sentence, kit, at)
    return decision


def keep(
    session: Session,
    actor: Actor,
    ident: int,
    sentence: str,
    *,
    review_on: dt.date,
    version: int,
    today: dt.date,
    free: Callable[[dt.date], bool],
    kit: Kit,
    at: dt.datetime,
) -> Decision:
    """At its review, let it run to another day; those who pay have been asked by then."""
    decision, problem = mine_to_decide(session, actor, ident, kit, DecisionState.RUNNING)
    if decision.version != version:
        raise Stale(CHANGED)
    match queries.due_now(session, decision, today=today, free=free):
        case Due.PAYERS:
            raise Refusal("Those who pay are asked first; they have five working days from the review on.")
        case Due.NOT_YET:
            raise Refusal(
                "Its review is on {day}. Until then it runs, or you end it.", day=decision.review_on
            )
        case Due.LAPSES:
            raise Refusal(
                "Its review is over and nobody said in time that it should go on: it lapses with the next morning. "
                "You can record a new decision then."
            )
    why = sentence_of(sentence, "Please say in a sentence why it goes on; everybody reads it.")
    decision.review_on = later(review_on, today=today)
    for payer in session.scalars(sa.select(Payer).where(Payer.decision_id == decision.id)):
        payer.until = max(payer.until, decision.review_on)
    decision.version += 1
    _review_anew(session, decision)
    courses.trial_changed(problem, decision.sentence, review_on=decision.review_on)
    note(session, problem, actor, "kept_decision", why, kit, at)
    return decision


def end(
    session: Session,
    actor: Actor,
    ident: int,
    sentence: str,
    *,
    version: int,
    today: dt.date,
    kit: Kit,
    at: dt.datetime,
    news_at: dt.datetime,
) -> Decision:
    """End what runs, or take back what does not count yet; everybody reads why."""
    decision, problem = mine_to_decide(
        session, actor, ident, kit, DecisionState.PROPOSED, DecisionState.RUNNING
    )
    if decision.version != version:
        raise Stale(CHANGED)
    why = sentence_of(sentence, "Please say in a sentence why it ends; everybody reads it.")
    ran = decision.state == DecisionState.RUNNING.value
    over(decision, DecisionState.ENDED if ran else DecisionState.DROPPED, today=today, sentence=why)
    session.flush()
    if ran:
        courses.trial_over(session, actor, problem.id, why, kit=kit, at=at, news_at=news_at)
    else:
        note(session, problem, actor, "dropped_decision", why, kit, at)
    return decision


def found(
    session: Session,
    actor: Actor,
    guardrail: int,
    text: str,
    *,
    held: bool,
    kit: Kit,
    at: dt.datetime,
) -> Guardrail:
    """What somebody found on looking whether a fix does what it must not; everybody reads it."""
    row, _ = queries.guardrail_for_steward(session, actor, guardrail, kit)
    decision, problem = mine_to_decide(session, actor, row.decision_id, kit, DecisionState.RUNNING)
    row.held = held
    row.found = sentence_of(text, "Please say in a sentence what you found.")
    decision.version += 1
    note(session, problem, actor, "checked_guardrail", row.found, kit, at)
    return row


def over(decision: Decision, state: DecisionState, *, today: dt.date, sentence: str | None = None) -> None:
    """It does not stand any more; nobody carries anything for it from today on."""
    decision.state, decision.over_on, decision.over_sentence = state.value, today, sentence
    decision.flagged = False
    decision.version += 1


def mine_to_decide(
    session: Session, actor: Actor, ident: int, kit: Kit, *states: DecisionState
) -> tuple[Decision, Problem]:
    """The decision in one of these states and its problem, locked, for a steward; `Stale` where it is over by now."""
    stewards_only(actor)
    decision = session.get(Decision, ident) if is_id(ident) else None
    if decision is None:
        raise NotFound(queries.NOT_STANDING)
    problem = problems.visible(session, actor, decision.problem_id, kit, locked=True)
    session.refresh(decision)
    if decision.state not in [state.value for state in states] or not queries.alive(problem):
        raise Stale(queries.NOT_STANDING)
    return decision, problem


def _review_anew(session: Session, decision: Decision) -> None:
    """Its next review is still to come: nobody has been asked or has said anything for it."""
    decision.review_asked = decision.flagged = False
    session.execute(
        sa.update(Payer).where(Payer.decision_id == decision.id).values(review_word=None, review_words="")
    )
    session.flush()


def _proposed_by(session: Session, problem: Problem) -> str | None:
    """The steward who proposed what does not count yet; None once that one was forgotten."""
    return session.scalar(
        sa.select(Audit.steward)
        .where(Audit.problem_id == problem.id, Audit.act == PROPOSED)
        .order_by(Audit.at.desc(), Audit.id)
        .limit(1)
    )
