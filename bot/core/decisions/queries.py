"""Decisions as people read them, what waits for those who pay, and what each team carries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.decisions.costs import Cost
from bot.core.decisions.records import Comment, Decision, Gain, Guardrail, Payer
from bot.core.decisions.rules import (
    DecisionState,
    Door,
    Due,
    Hours,
    PayersWord,
    Review,
    ReviewWord,
    due,
    together,
)
from bot.core.identity.people import Actor, stewards_only
from bot.core.kit import Kit
from bot.core.problems.queries import visible
from bot.core.problems.records import PUBLISHED, Problem, State
from bot.core.problems.standing_rules import READ_BY_ALL
from bot.core.refusal import NotFound, Stale
from bot.core.store import is_id
from bot.core.teams.records import Team
from bot.words import mark

Row = TypeVar("Row", Payer, Gain, Comment)
STANDING = (DecisionState.PROPOSED.value, DecisionState.RUNNING.value)
READABLE = [state.value for state in READ_BY_ALL]
#: States of a problem on which a decision can stand: open, or its words were taken down for the time being.
ALIVE = (*READABLE, State.TAKEN_DOWN.value)
NOT_STANDING = mark(
    "This decision does not stand any more: it has ended, or its problem has. Nothing was saved; please look again."
)
NOT_THERE = mark(
    "There is nothing here that waits for your team's word. If somebody else answers for the team now, "
    "or the decision is over, it is not yours to answer any more."
)


@dataclass(frozen=True, slots=True)
class Pays:
    """A team that pays, and what it says of it. gone: dissolved. askable: somebody answers for it."""

    team: int
    name: str
    gone: bool
    askable: bool
    what: str
    hours: Hours | None
    since: dt.date
    until: dt.date
    word: PayersWord
    words: str
    review: ReviewWord | None
    review_words: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A line that a fix must not cross, when somebody looks, and what was found."""

    id: int
    line: str
    check_on: dt.date
    held: bool | None
    found: str


@dataclass(frozen=True, slots=True)
class Told:
    """All of a decision that everybody who can read its problem may read.

    gains: teams by name with the hours that each saves; named for stewards alone. comments: by the team's name.
    """

    id: int
    problem: int
    version: int
    state: DecisionState
    door: Door
    sentence: str
    stop_rule: str
    options: str
    disagreement: str
    decided_on: dt.date
    counts_from: dt.date | None
    review_on: dt.date
    review_asked: bool
    flagged: bool
    over_on: dt.date | None
    over_sentence: str | None
    payers: tuple[Pays, ...] = ()
    gains: tuple[tuple[int, str, Hours | None], ...] = ()
    guardrails: tuple[Checked, ...] = ()
    comments: tuple[tuple[str, str], ...] = ()

    @property
    def stands(self) -> bool:
        return self.state.value in STANDING

    @property
    def all_answered(self) -> bool:
        """At its review, each of those who pay that somebody answers for has spoken."""
        asked = [payer for payer in self.payers if payer.askable]
        return bool(asked) and all(payer.review is not None for payer in asked)

    @property
    def cost(self) -> Cost:
        """What its public line says."""
        return Cost(
            teams=tuple([payer.name for payer in self.payers]),
            hours=together([payer.hours for payer in self.payers]),
            until=max([payer.until for payer in self.payers], default=None),
            gaining=len(self.gains),
            saved=together([hours for _, _, hours in self.gains]),
            door=self.door,
            review_on=self.review_on,
        )


def alive(problem: Problem) -> bool:
    """Whether a decision on this problem can stand: it is open, or its words were taken down for the time being."""
    return problem.state in ALIVE


def standing(session: Session, problem: int) -> Decision | None:
    """The one decision on a problem that stands, whether it counts yet or not."""
    return session.scalar(
        sa.select(Decision).where(Decision.problem_id == problem, Decision.state.in_(STANDING))
    )


def of_problem(session: Session, problem: Problem) -> list[Told]:
    """A problem's decisions for whoever may read it, the one that stands first, then the newest; none of one withheld."""
    if problem.state not in PUBLISHED:
        return []
    rows = session.scalars(
        sa.select(Decision)
        .where(Decision.problem_id == problem.id, Decision.sentence != "")
        .order_by(Decision.state.in_(STANDING).desc(), Decision.decided_on.desc(), Decision.id)
    )
    return told(session, list(rows))


def for_steward(session: Session, actor: Actor, ident: int, kit: Kit) -> Told:
    """One decision for a steward."""
    stewards_only(actor)
    decision = session.get(Decision, ident) if is_id(ident) else None
    if decision is None:
        raise NotFound(NOT_STANDING)
    visible(session, actor, decision.problem_id, kit)
    return told(session, [decision])[0]


def guardrail_for_steward(session: Session, actor: Actor, ident: int, kit: Kit) -> tuple[Guardrail, Problem]:
    """A line of what a fix must not do, and the problem that it is for."""
    stewards_only(actor)
    row = session.get(Guardrail, ident) if is_id(ident) else None
    if row is None:
        raise NotFound(NOT_STANDING)
    decision = session.get_one(Decision, row.decision_id)
    return row, visible(session, actor, decision.problem_id, kit)


def told(session: Session, decisions: Sequence[Decision]) -> list[Told]:
    """Decisions with everything around them, in the order given."""
    if not decisions:
        return []
    idents = [decision.id for decision in decisions]
    payers: defaultdict[int, list[Pays]] = defaultdict(list)
    for payer, team in session.execute(_with_team(Payer, idents)):
        payers[payer.decision_id].append(pays(payer, team))
    gains: defaultdict[int, list[tuple[int, str, Hours | None]]] = defaultdict(list)
    for gain, team in session.execute(_with_team(Gain, idents)):
        gains[gain.decision_id].append((team.id, team.name, gain.hours))
    comments: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for comment, team in session.execute(_with_team(Comment, idents)):
        comments[comment.decision_id].append((team.name, comment.text))
    lines: defaultdict[int, list[Checked]] = defaultdict(list)
    rows = sa.select(Guardrail).where(Guardrail.decision_id.in_(idents))
    for row in session.scalars(rows.order_by(Guardrail.check_on, Guardrail.id)):
        lines[row.decision_id].append(Checked(row.id, row.line, row.check_on, row.held, row.found))
    return [
        Told(
            id=each.id,
            problem=each.problem_id,
            version=each.version,
            state=DecisionState(each.state),
            door=Door(each.door),
            sentence=each.sentence,
            stop_rule=each.stop_rule,
            options=each.options,
            disagreement=each.disagreement,
            decided_on=each.decided_on,
            counts_from=each.counts_from,
            review_on=each.review_on,
            review_asked=each.review_asked,
            flagged=each.flagged,
            over_on=each.over_on,
            over_sentence=each.over_sentence,
            payers=tuple(payers[each.id]),
            gains=tuple(gains[each.id]),
            guardrails=tuple(lines[each.id]),
            comments=tuple(comments[each.id]),
        )
        for each in decisions
    ]


def _with_team(table: type[Row], idents: list[int]) -> sa.Select[Row, Team]:
    return (
        sa.select(table, Team)
        .join(Team, Team.id == table.team_id)
        .where(table.decision_id.in_(idents))
        .order_by(Team.name)
    )


def pays(payer: Payer, team: Team) -> Pays:
    return Pays(
        team=team.id,
        name=team.name,
        gone=team.dissolved,
        askable=team.contact is not None and not team.dissolved,
        what=payer.what,
        hours=payer.hours,
        since=payer.since,
        until=payer.until,
        word=PayersWord(payer.word),
        words=payer.words,
        review=ReviewWord(payer.review_word) if payer.review_word else None,
        review_words=payer.review_words,
    )


# Reviews


def due_of(told: Told, *, today: dt.date, free: Callable[[dt.date], bool]) -> Due:
    """What a running decision's review waits for."""
    askable = [payer for payer in told.payers if payer.askable or payer.review is not None]
    said = [payer.review for payer in askable if payer.review is not None]
    return due(Review(told.door, told.review_on, len(askable), said), today=today, free=free)


def due_now(session: Session, decision: Decision, *, today: dt.date, free: Callable[[dt.date], bool]) -> Due:
    return due_of(told(session, [decision])[0], today=today, free=free)


def up_for_review(session: Session, *, until: dt.date, most: int = 50) -> list[tuple[Problem, Told]]:
    """Decisions whose review has come or comes by a day, the soonest first, with their problems; for stewards."""
    query = _of(DecisionState.RUNNING).where(Decision.review_on <= until, Problem.state.in_(ALIVE))
    return _paired(session, query.order_by(Decision.review_on, Decision.id).limit(most))


def waiting_for_a_second(session: Session, *, today: dt.date, most: int = 50) -> list[tuple[Problem, Told]]:
    """One-way doors whose comments are over, for stewards."""
    query = _of(DecisionState.PROPOSED).where(Decision.counts_from <= today, Problem.state.in_(READABLE))
    return _paired(session, query.order_by(Decision.counts_from, Decision.id).limit(most))


def _of(state: DecisionState) -> sa.Select[Problem, Decision]:
    joined = sa.select(Problem, Decision).join(Decision, Decision.problem_id == Problem.id)
    return joined.where(Decision.state == state.value)


def anything_to_review(session: Session, *, today: dt.date) -> bool:
    """Whether a decision waits for stewards today: its review has come, or its second steward is due."""
    return bool(
        up_for_review(session, until=today, most=1) or waiting_for_a_second(session, today=today, most=1)
    )


def _paired(session: Session, query: sa.Select[Problem, Decision]) -> list[tuple[Problem, Told]]:
    found = session.execute(query).all()
    each = told(session, [decision for _, decision in found])
    return [(problem, one) for (problem, _), one in zip(found, each, strict=True)]


# Those who pay


@dataclass(frozen=True, slots=True)
class AskedPayer:
    """A decision as whoever answers for a team that pays finds it. reviewed: its review is on."""

    problem: Problem
    told: Told
    payer: Pays
    reviewed: bool


def waiting_for(session: Session, actor: Actor, *, most: int = 10) -> list[AskedPayer]:
    """What waits for the word of the teams that this person answers for."""
    silent = sa.or_(
        Payer.word == PayersWord.INFORMED.value,
        sa.and_(Decision.review_asked, Payer.review_word.is_(None)),
    )
    rows = session.execute(_asked(actor).where(silent).limit(most)).all()
    each = told(session, [decision for _, decision, _, _ in rows])
    return [
        AskedPayer(problem, one, pays(payer, team), decision.review_asked)
        for (problem, decision, payer, team), one in zip(rows, each, strict=True)
    ]


def for_payer(
    session: Session, actor: Actor, decision: int, team: int, *, locked: bool = False
) -> AskedPayer:
    """The decision that a team pays for, for whoever answers for the team now."""
    if not (is_id(decision) and is_id(team)):
        raise NotFound(NOT_THERE)
    query = _asked(actor).where(Decision.id == decision, Team.id == team)
    row = session.execute(query.with_for_update(of=Problem) if locked else query).first()
    if row is None:
        raise NotFound(NOT_THERE)
    problem, found, payer, payers_team = row
    if locked:
        session.refresh(found)
        session.refresh(payer)
    one = told(session, [found])[0]
    return AskedPayer(problem, one, pays(payer, payers_team), found.review_asked)


@dataclass(frozen=True, slots=True)
class Commented:
    """A one-way door that does not count yet, and the team that may object."""

    decision: Decision
    problem: Problem
    team: Team


def for_comment(
    session: Session, actor: Actor, decision: int, team: int, *, locked: bool = False
) -> Commented:
    """The decision for whoever answers for the team now; `Stale` where it takes no comments any more."""
    found = session.get(Decision, decision) if is_id(decision) else None
    mine = session.get(Team, team) if is_id(team) else None
    if found is None or mine is None or mine.dissolved or mine.contact != actor.person:
        raise NotFound(NOT_THERE)
    problem = session.get_one(Problem, found.problem_id, with_for_update=locked or None)
    if locked:
        session.refresh(found)
    if found.state != DecisionState.PROPOSED.value or problem.state not in READABLE:
        raise Stale(NOT_STANDING)
    return Commented(found, problem, mine)


def _asked(actor: Actor) -> sa.Select[Problem, Decision, Payer, Team]:
    return (
        sa.select(Problem, Decision, Payer, Team)
        .join(Decision, Decision.problem_id == Problem.id)
        .join(Payer, Payer.decision_id == Decision.id)
        .join(Team, Team.id == Payer.team_id)
        .where(
            Team.contact == actor.person,
            Team.dissolved.is_(False),
            Decision.state.in_(STANDING),
            Problem.state.in_(READABLE),
        )
        .order_by(Decision.review_on, Decision.id, Team.name)
    )
