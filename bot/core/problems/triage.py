"""What stewards do with a problem. Each act stands in the audit trail with the steward's id, never the raiser's."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.people import Actor, stewards_only
from bot.core.kit import Kit
from bot.core.problems import merged, queries, writing
from bot.core.problems.lifecycle import CHANGED, sentence_of, take, to_step
from bot.core.problems.lifecycle_rules import Step
from bot.core.problems.records import (
    Act,
    Answer,
    AnswerTeam,
    Audit,
    Confirmation,
    Ending,
    FeltBy,
    Inbox,
    Outcome,
    Problem,
    Spoken,
    State,
    Tally,
)
from bot.core.problems.rules import Ownership, Verdict
from bot.core.problems.standing_rules import STANDING
from bot.core.problems.telling import tell_raiser
from bot.core.problems.wording import text_of
from bot.core.problems.work_records import Hand, SponsorsAnswer, TeamsAnswer
from bot.core.refusal import Refusal, Stale
from bot.core.store import alone, insert, monday, new_id
from bot.core.teams import queries as teams
from bot.words import mark

UNAGREED = mark(
    "Other words for this one wait for the raiser's yes. "
    "Until it comes nothing is published; you can take your words back."
)
#: In the audit trail, by what they set: of each the last one stands, and a form knows which it was opened after.
INPUTS, VERDICT, HOLD = ("inputs_set",), ("overruled", "overrule_taken_back"), ("held", "let_in")
SET_MEANWHILE = mark(
    "Another steward has set this meanwhile, so nothing was saved. What stands now is below; what you put is still "
    "here. Send it again to put it in its place, or close this form to leave it."
)
ASK_FIRST = mark(
    "A team would have to change something here and has not been heard yet. "
    "Please ask it first; it has five working days."
)


def publish(
    session: Session, actor: Actor, ident: int, *, kit: Kit, at: dt.datetime, news_at: dt.datetime
) -> Problem:
    """Let everybody read what concerns no team that could be asked first; `replies.acts.publish` knows the others."""
    problem = to_step(session, actor, ident, Step.PUBLISHED, kit)
    if problem.state != State.NEW.value:
        raise Stale(CHANGED)
    if not problem.agreed:
        raise Refusal(UNAGREED)
    if queries.to_ask(session, problem):
        raise Refusal(ASK_FIRST)
    return let_read(session, actor, problem, kit=kit, at=at, news_at=news_at)


def let_read(
    session: Session,
    actor: Actor,
    problem: Problem,
    *,
    kit: Kit,
    at: dt.datetime,
    news_at: dt.datetime,
    act: str = "published",
    sentence: str = "",
) -> Problem:
    """Let everybody read it: it gets its public number, and the next edition may carry it. Who may, is asked before."""
    alone(session, "numbers")
    problem.number = (session.scalar(sa.select(sa.func.max(Problem.number))) or 0) + 1
    take(problem, Step.PUBLISHED)
    problem.published_week, problem.changed = monday(at), True
    note(session, problem, actor, act, sentence, kit, at)
    tell_raiser(session, problem, kit, at=news_at)
    return problem


def close(
    session: Session,
    actor: Actor,
    ident: int,
    sentence: str,
    *,
    kit: Kit,
    at: dt.datetime,
    news_at: dt.datetime,
    ending: Ending = Ending.OTHER,
    step: Step = Step.CLOSED,
    seen: str | None = None,
) -> Problem:
    """Close with a sentence; who confirmed is destroyed, voices per team stay."""
    alone(session, "inbox")  # not while the batch counts the voices that are destroyed here
    problem = to_step(session, actor, ident, step, kit, seen=seen)
    closing = sentence_of(sentence, "Nothing is closed without a sentence back. What should people read?")
    take(problem, step, sentence=closing)
    over(session, problem, ending, closing, at=at)
    note(session, problem, actor, step.value, closing, kit, at)
    tell_raiser(session, problem, kit, at=news_at)
    return problem


def over(session: Session, problem: Problem, ending: Ending, closing: str, *, at: dt.datetime) -> None:
    """Write how it ended; whom else it waited for is let go, and the raiser is asked what became of it.

    What goes on in it is over as well, by the same sentence.
    """
    _ended(problem, ending, closing, at=at)
    others = merged.members(session, problem)
    for each in others:
        _ended(each, Ending.MERGED, closing, at=at)
    session.flush()
    release(session, problem)
    destroy_voices(session, problem, others)


def _ended(problem: Problem, ending: Ending, closing: str, *, at: dt.datetime) -> None:
    problem.closing, problem.ending = closing, ending.value
    problem.closed_week, problem.closed_on, problem.changed = monday(at), at.date(), True
    problem.course_sentence = problem.course_until = problem.held_because = None
    heard = (
        problem.receipt_hash is not None or problem.sealed_address is not None or problem.raiser is not None
    )
    problem.outcome = (Outcome.WAITING if heard else Outcome.NOT_CONFIRMED).value
    problem.outcome_words, problem.holds = None, None
    problem.asked_cost = problem.asked_holds = problem.said_cost = problem.others_spoke = False


def release(session: Session, problem: Problem) -> None:
    """Nobody is waited for any longer: a team that was asked to take it, or the sponsor."""
    waiting = (Hand.problem_id == problem.id, Hand.answer == TeamsAnswer.WAITING.value)
    session.execute(sa.update(Hand).where(*waiting).values(answer=TeamsAnswer.TAKEN_BACK.value))
    unanswered = (SponsorsAnswer.problem_id == problem.id, SponsorsAnswer.text.is_(None))
    session.execute(sa.delete(SponsorsAnswer).where(*unanswered))


def overrule(
    session: Session,
    actor: Actor,
    ident: int,
    verdict: Verdict | None,
    sentence: str,
    *,
    kit: Kit,
    at: dt.datetime,
    since: int | None = None,
) -> Problem:
    """Put a steward's word in the place of the worked-out verdict, with the reason; None takes it back.

    since: the last such word when the form was opened (`last_word`); None where that does not matter.
    """
    problem = mine_to_change(session, actor, ident, kit, *STANDING)
    _as_it_was(session, problem, VERDICT, since)
    reason = sentence_of(sentence, "Please say why, in a sentence that everybody can read.")
    problem.overrule_verdict = verdict.value if verdict else None
    problem.overrule_sentence = reason if verdict else None
    problem.changed = True
    note(session, problem, actor, "overruled" if verdict else "overrule_taken_back", reason, kit, at)
    return problem


def set_inputs(
    session: Session,
    actor: Actor,
    ident: int,
    *,
    felt_by: frozenset[int],
    needed_from: frozenset[int],
    ownership: Ownership | None,
    kit: Kit,
    at: dt.datetime,
    since: int | None = None,
) -> Problem:
    """A steward's own word on who feels it, who would have to change and who owns it; it replaces the last one."""
    problem = mine_to_change(session, actor, ident, kit, *STANDING)
    _as_it_was(session, problem, INPUTS, since)
    if teams.existing(session, felt_by | needed_from) != felt_by | needed_from:
        raise Stale("One of those teams is not there any more. Nothing was saved; please look again.")
    session.execute(sa.delete(FeltBy).where(FeltBy.problem_id == problem.id, FeltBy.by_steward.is_(True)))
    for team in sorted(felt_by):
        statement = insert(session, FeltBy).values(problem_id=problem.id, team_id=team, by_steward=True)
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["problem_id", "team_id"], set_={"by_steward": True}
            )
        )
    # The stewards' word is one, however often they set it right.
    session.execute(sa.delete(Answer).where(Answer.problem_id == problem.id, Answer.by_steward.is_(True)))
    if needed_from or ownership:
        writing.answer(
            session, problem, kit=kit, needed_from=needed_from, by_steward=True, ownership=ownership
        )
    problem.changed = True
    note(session, problem, actor, "inputs_set", "", kit, at)
    return problem


def hold(
    session: Session,
    actor: Actor,
    ident: int,
    reason: str,
    *,
    kit: Kit,
    at: dt.datetime,
    since: int | None = None,
) -> Problem:
    """Keep a problem out of the next editions, with a reason; an empty one lets it in again."""
    problem = mine_to_change(session, actor, ident, kit, State.OPEN)
    _as_it_was(session, problem, HOLD, since)
    problem.held_because = text_of(reason) or None
    note(
        session,
        problem,
        actor,
        "held" if problem.held_because else "let_in",
        problem.held_because or "",
        kit,
        at,
    )
    return problem


@dataclass(frozen=True, slots=True)
class Inputs:
    """What stewards said: who feels it, who would have to change, whose it is. Ids of teams."""

    felt_by: frozenset[int] = frozenset()
    needed_from: frozenset[int] = frozenset()
    ownership: Ownership | None = None


def inputs_of(session: Session, problem: Problem) -> Inputs:
    """The stewards' word on the inputs as it stands; what others said is not in it."""
    felt = sa.select(FeltBy.team_id).where(FeltBy.problem_id == problem.id, FeltBy.by_steward.is_(True))
    theirs = (Answer.problem_id == problem.id, Answer.by_steward.is_(True))
    needed = sa.select(AnswerTeam.team_id).join(Answer, Answer.id == AnswerTeam.answer_id).where(*theirs)
    owner = session.scalar(sa.select(Answer.ownership).where(*theirs).limit(1))
    return Inputs(
        frozenset(session.scalars(felt)),
        frozenset(session.scalars(needed)),
        Ownership(owner) if owner else None,
    )


def last_word(session: Session, problem: Problem, acts: Sequence[str]) -> int:
    """Which of such acts in the trail is the newest; 0 before the first."""
    found = sa.select(Audit.id).where(Audit.problem_id == problem.id, Audit.act.in_(acts))
    return session.scalar(found.order_by(Audit.at.desc(), Audit.id).limit(1)) or 0


def _as_it_was(session: Session, problem: Problem, acts: Sequence[str], since: int | None) -> None:
    if since is not None and since != last_word(session, problem, acts):
        raise Stale(SET_MEANWHILE)


def mine_to_change(session: Session, actor: Actor, ident: int, kit: Kit, *states: State) -> Problem:
    """The problem for a steward to change, locked; `Stale` where it is in none of these states any more."""
    stewards_only(actor)
    problem = queries.visible(session, actor, ident, kit, locked=True)
    if problem.state not in [state.value for state in states]:
        raise Stale(CHANGED)
    return problem


def destroy_voices(session: Session, problem: Problem, others: Sequence[Problem] = ()) -> None:
    """Leave voices per team and nobody's hash; today's words count, and what was added to them waits on.

    others: what goes on in it. Their voices go too; each keeps its own number, and the one all of them, once a person.
    """
    together: Counter[int] = Counter()
    for each in (*others, problem):
        standing = _standing(session, each)
        together += Counter(team for team, twin in standing if not twin)
        own = Counter(team for team, _ in standing)
        if each is not problem:
            merged.keep_twins(session, each, sum(twin for _, twin in standing))
        for team, voices in (together if each is problem else own).items():
            kept = session.get(Tally, (each.id, team))
            if kept is None:
                session.add(Tally(problem_id=each.id, team=team, voices=voices))
            else:
                kept.voices = max(kept.voices, voices)  # of an earlier round: who spoke in both can't be told
        for table in (Confirmation, Spoken):
            session.execute(sa.delete(table).where(table.problem_id == each.id))
        each.salt = each.salt_mark = None
    session.flush()


def _standing(session: Session, problem: Problem) -> list[tuple[int, bool]]:
    """The team of each voice (0: none), and whether it is counted elsewhere already; today's words with them."""
    stood = sa.select(Confirmation.voice, Confirmation.team_id, Confirmation.twin)
    rows = session.execute(stood.where(Confirmation.problem_id == problem.id))
    standing = {voice: (team or 0, twin) for voice, team, twin in rows}
    today = sa.delete(Inbox).where(Inbox.problem_id == problem.id, Inbox.act == Act.CONFIRM.value)
    for voice, body in session.execute(today.returning(Inbox.mark, Inbox.body)):
        standing.pop(voice, None)
        if body["standing"]:
            standing[voice] = (body["team"] or 0, body.get("twin", False))
    return list(standing.values())


def note(
    session: Session,
    problem: Problem | None,
    actor: Actor,
    act: str,
    sentence: str,
    kit: Kit,
    at: dt.datetime,
) -> None:
    """Put a steward's act into the audit trail; what the raiser said before it is heard with that.

    The steward's own Home is shown anew; nobody else's.
    """
    if problem is not None:
        problem.raiser_spoke = problem.others_spoke = False
    session.add(
        Audit(
            id=new_id(kit.randomness),
            problem_id=problem.id if problem else None,
            steward=actor.person,
            act=act,
            sentence=sentence,
            at=at,
        )
    )
    if problem is not None:
        kit.outbox.to_person(session, actor.person, "home", {}, at=at, once="home")
    session.flush()
