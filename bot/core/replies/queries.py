"""Who is a raiser, and who may read what travels between raisers, stewards and teams."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.erasures import hidden
from bot.core.identity.guessing import GuessLimit
from bot.core.identity.installation import receipt_salt
from bot.core.identity.people import Actor, stewards_only
from bot.core.identity.receipts import DIGITS, digits_of, slow_hash
from bot.core.kit import Kit
from bot.core.problems import merge_queries, merging, queries
from bot.core.problems.acts import receipt_mark
from bot.core.problems.lifecycle_rules import LIFECYCLE, Hearer, Role, Step
from bot.core.problems.merge_queries import Part
from bot.core.problems.records import PUBLISHED, Audit, Inbox, Problem, RaisedAs, State
from bot.core.refusal import NotFound, Refusal
from bot.core.replies.records import Clock, EarlyWord, Proposal, Question, Reply, Withheld
from bot.core.store import is_id
from bot.core.teams.records import Team
from bot.words import mark

NO_CODE = mark(
    "A code has sixteen digits, in four groups of four. Please type it as it stood in the form's answer."
)
WRONG_CODE = mark(
    "There is nothing to read for this code. It may have a slip in it, or its problem was withdrawn. "
    "Please compare it with what you wrote down and try again."
)
WAITING = mark(
    "Your problem has arrived and waits for the next morning: then it reaches the stewards, "
    "and from then on you can read and write here with this code."
)
NOT_ASKED = mark(
    "There is nothing here that waits for your team's word. "
    "If somebody else answers for the team now, it is there for them."
)


class StillWaiting(Refusal):
    """The code is right; its problem is not there before the batch hour."""


@dataclass(frozen=True, slots=True)
class Raiser:
    """Proof that whoever acts has raised this problem; `by_receipt` and `as_raiser` alone make one."""

    problem: Problem


def hash_of(session: Session, typed: str) -> bytes | None:
    """The slow hash of a code, for `by_receipt`: it takes long, so not within a transaction that writes."""
    digits = digits_of(typed)
    return None if digits is None else slow_hash(digits, salt=receipt_salt(session) or bytes(DIGITS))


def by_receipt(session: Session, typed: str, *, guesses: GuessLimit, hashed: bytes | None = None) -> Raiser:
    """The raiser of an anonymous problem, by the code that the form's answer showed.

    A wrong and a withdrawn one get the same words after the same work; `StillWaiting` for one of today.
    hashed: what `hash_of` made of it before.
    """
    guesses.may_try()
    receipt = hashed or hash_of(session, typed)
    if receipt is None:
        raise Refusal(NO_CODE)
    problem = session.scalar(sa.select(Problem).where(Problem.receipt_hash == receipt))
    today = session.get(Inbox, receipt_mark(receipt))
    if problem is not None:
        return Raiser(problem)
    if today is not None and today.body.get("receipt") == receipt.hex():
        raise StillWaiting(WAITING)
    guesses.wrong()
    raise NotFound(WRONG_CODE)


def as_raiser(session: Session, actor: Actor, ident: int, kit: Kit) -> Raiser:
    """The raiser of a problem with an address; whoever is not is told what an unknown id is told."""
    problem = queries.visible(session, actor, ident, kit)
    theirs = queries.raised_by(problem, actor.person, kit) and problem.state != State.TAGGED.value
    if not theirs or ident in hidden(session, kit.sealing):
        raise NotFound(queries.GONE)
    return Raiser(problem)


@dataclass(frozen=True, slots=True)
class TeamsWord:
    """What a team answered; None while it has not."""

    team: int
    name: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Correspondence:
    """All that travelled about one problem, as far as its reader may read it.

    to_agree: a steward's words that wait for the raiser. suggested: the raiser's that wait for a steward.
    said: the stewards' sentences to the raiser with what they did, the newest first.
    words_gone: a second steward had the words destroyed. apart: the newest about it is that a merge was undone.
    """

    problem: Problem
    questions: list[Question] = field(default_factory=list)
    to_agree: Proposal | None = None
    suggested: Proposal | None = None
    clock: Clock | None = None
    replies: list[TeamsWord] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    said: list[tuple[Step, str]] = field(default_factory=list)
    words_gone: bool = False
    merges: list[Part] = field(default_factory=list)
    apart: bool = False

    @property
    def open_questions(self) -> list[Question]:
        return [question for question in self.questions if question.answer is None]


def for_raiser(session: Session, raiser: Raiser, *, until: dt.datetime | None = None) -> Correspondence:
    """What the raiser reads: questions and words to agree to from the batch on, replies once everybody may read them."""
    problem = raiser.problem
    to_agree = proposal_of(session, problem, by_raiser=False)
    return Correspondence(
        problem,
        questions=[question for question in questions(session, problem) if question.carried],
        to_agree=to_agree if to_agree is not None and to_agree.carried else None,
        suggested=proposal_of(session, problem, by_raiser=True),
        clock=session.get(Clock, problem.id),
        replies=beside(session, problem),
        early=early_sentences(session, problem),
        said=sentences_to_raiser(session, problem, until=until),
        words_gone=words_gone(session, problem),
        merges=merge_queries.for_raiser(session, problem),
        apart=_apart(session, problem, until),
    )


def _apart(session: Session, problem: Problem, until: dt.datetime | None) -> bool:
    """Whether the last that stewards did with it, as far as the raiser has heard, was to undo a merge."""
    acts = sa.select(Audit.act).where(Audit.problem_id == problem.id)
    if until is not None:
        acts = acts.where(Audit.at <= until)
    return session.scalar(acts.order_by(Audit.at.desc(), Audit.id).limit(1)) in merging.APART


def sentences_to_raiser(
    session: Session, problem: Problem, *, until: dt.datetime | None = None, most: int = 6
) -> list[tuple[Step, str]]:
    """What stewards said with their acts, the newest first; the one that it was closed with stands elsewhere.

    `until` is the last batch hour: what was said since is still on its way.
    """
    steps = [
        step.value
        for step, move in LIFECYCLE.items()
        if move.who is Role.STEWARD and move.sentence and Hearer.RAISER in move.says and move.to_state is None
    ]
    found = sa.select(Audit.act, Audit.sentence).where(
        Audit.problem_id == problem.id, Audit.act.in_(steps), Audit.sentence != ""
    )
    if until is not None:
        found = found.where(Audit.at <= until)
    rows = session.execute(found.order_by(Audit.at.desc(), Audit.id).limit(most))
    return [(Step(act), sentence) for act, sentence in rows]


def for_steward(session: Session, actor: Actor, ident: int, kit: Kit) -> Correspondence:
    """What a steward reads: all of it."""
    stewards_only(actor)
    problem = queries.visible(session, actor, ident, kit)
    return Correspondence(
        problem,
        questions=questions(session, problem),
        to_agree=proposal_of(session, problem, by_raiser=False),
        suggested=proposal_of(session, problem, by_raiser=True),
        clock=session.get(Clock, problem.id),
        replies=replies(session, problem),
        early=list(session.scalars(_early(problem))),
    )


def questions(session: Session, problem: Problem) -> list[Question]:
    """The open ones first; within each kind in an order that says nothing of when."""
    found = session.scalars(sa.select(Question).where(Question.problem_id == problem.id))
    return sorted(found, key=lambda question: (question.answer is not None, question.id))


def proposal_of(session: Session, problem: Problem, *, by_raiser: bool) -> Proposal | None:
    """Other words that wait for the other side's yes."""
    return session.scalar(
        sa.select(Proposal).where(Proposal.problem_id == problem.id, Proposal.by_raiser.is_(by_raiser))
    )


def replies(session: Session, problem: Problem) -> list[TeamsWord]:
    """All asked teams by name, those without an answer too."""
    rows = session.execute(
        sa.select(Team.id, Team.name, Reply.text)
        .join(Reply, Reply.team_id == Team.id)
        .where(Reply.problem_id == problem.id)
        .order_by(Team.name)
    )
    return [TeamsWord(ident, name, text) for ident, name, text in rows]


def beside(session: Session, problem: Problem) -> list[TeamsWord]:
    """The replies that stand beside a problem for everybody: given, and of a problem that is published."""
    if problem.state not in PUBLISHED or problem.number is None:
        return []
    return [said for said in replies(session, problem) if said.text]


def early_sentences(session: Session, problem: Problem) -> list[str]:
    """Why two stewards let everybody read it before the asked teams' time was over."""
    if problem.state not in PUBLISHED or problem.number is None:
        return []
    return list(session.scalars(_early(problem)))


def _early(problem: Problem) -> sa.Select[str]:
    return sa.select(EarlyWord.sentence).where(EarlyWord.problem_id == problem.id).order_by(EarlyWord.id)


@dataclass(frozen=True, slots=True)
class AskedTeam:
    """A problem as the contact of an asked team sees it; `due_at` is until when nothing is published."""

    problem: Problem
    team: Team
    text: str | None
    due_at: dt.datetime | None


#: While a problem is in one of these, an asked team may answer or change its answer.
ANSWERABLE = (State.ASKED.value, State.OPEN.value, State.RESTING.value)


def asked_of(session: Session, actor: Actor, *, most: int = 20) -> list[AskedTeam]:
    """What waits for an answer of the teams that this person answers for."""
    rows = session.execute(_asked(actor).where(Reply.text.is_(None)).limit(most))
    return [AskedTeam(problem, asked, text, due) for problem, asked, text, due in rows]


def is_asked(session: Session, actor: Actor, ident: int) -> bool:
    """Whether this person answers for a team that was asked about it."""
    asked = _asked(actor).where(Problem.id == ident) if is_id(ident) else None
    return asked is not None and session.execute(asked).first() is not None


def for_contact(session: Session, actor: Actor, ident: int, team: int) -> AskedTeam:
    """The problem that a team was asked about, for the person who answers for it now."""
    if not (is_id(ident) and is_id(team)):
        raise NotFound(NOT_ASKED)
    row = session.execute(_asked(actor).where(Problem.id == ident, Team.id == team)).first()
    if row is None:
        raise NotFound(NOT_ASKED)
    problem, asked, text, due = row
    return AskedTeam(problem, asked, text, due)


def _asked(actor: Actor) -> sa.Select[Problem, Team, str | None, dt.datetime]:
    return (
        sa.select(Problem, Team, Reply.text, Clock.due_at)
        .join(Reply, Reply.problem_id == Problem.id)
        .join(Team, Team.id == Reply.team_id)
        .outerjoin(Clock, Clock.problem_id == Problem.id)
        .where(Team.contact == actor.person, Team.dissolved.is_(False), Problem.state.in_(ANSWERABLE))
        .order_by(Clock.due_at, Problem.id, Team.name)
    )


def name_of(problem: Problem) -> str | None:
    """The raiser who wanted the name shown, from publication on; None for everybody else."""
    if problem.raised_as != RaisedAs.NAMED.value or problem.state not in PUBLISHED or problem.number is None:
        return None
    return problem.raiser


def words_gone(session: Session, problem: Problem) -> bool:
    """Whether a second steward had the words of a taken-down problem destroyed: nothing can come in their place."""
    return problem.state == State.TAKEN_DOWN.value and session.get(Withheld, problem.id) is None


def words_withheld(session: Session, actor: Actor, ident: int, kit: Kit) -> Withheld:
    """The words that were taken down, for stewards; NotFound once they are destroyed or given back."""
    stewards_only(actor)
    problem = queries.visible(session, actor, ident, kit)
    kept = session.get(Withheld, problem.id)
    if kept is None:
        raise NotFound(queries.GONE)
    return kept


def raisers_spoke(session: Session, *, most: int = 50) -> list[Problem]:
    """Problems whose raisers have said something since a steward last did something there."""
    return list(
        session.scalars(sa.select(Problem).where(Problem.raiser_spoke).order_by(Problem.id).limit(most))
    )


def waiting_for_review(session: Session) -> list[Problem]:
    """What was taken down and no second steward has looked at."""
    return list(
        session.scalars(
            sa.select(Problem).join(Withheld, Withheld.problem_id == Problem.id).order_by(Problem.id)
        )
    )


def suggested(session: Session, *, most: int = 20) -> list[Problem]:
    """Problems with other words of the raiser's that wait for a steward."""
    return list(
        session.scalars(
            sa.select(Problem)
            .join(Proposal, Proposal.problem_id == Problem.id)
            .where(Proposal.by_raiser.is_(True))
            .order_by(Problem.id)
            .limit(most)
        )
    )
