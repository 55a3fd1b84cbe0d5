"""Loading a problem, and whether this person may: one function for both, and nobody fetches one any other way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.erasures import hidden
from bot.core.identity.people import Actor, stewards_only
from bot.core.identity.sealing import Unreadable
from bot.core.kit import Kit
from bot.core.problems import merged
from bot.core.problems import similar_records as similar_records  # words that go take their likeness along
from bot.core.problems.records import (
    PUBLISHED,
    Act,
    Answer,
    AnswerTeam,
    Confirmation,
    FeltBy,
    Inbox,
    Problem,
    State,
    Tag,
)
from bot.core.refusal import NotFound
from bot.core.store import is_id
from bot.core.teams.records import Team
from bot.words import mark

NOT_THERE = mark("There is no problem {number} that you can see. `{command} list` shows the open ones.")
GONE = mark(
    "That problem is not there any more, or not for you to see. `{command} list` shows the open ones."
)


def raiser_of(problem: Problem, kit: Kit) -> str | None:
    """Who raised it: None for an anonymous one, and where the key of a sealed address is lost."""
    if problem.sealed_address is None:
        return problem.raiser
    try:
        return kit.sealing.unseal(problem.sealed_address, bound_to=f"problem:{problem.id}")
    except Unreadable:
        return None


def reachable(problem: Problem, kit: Kit) -> bool:
    """Whether an answer still reaches the raiser; the desk says so where it does not."""
    return raiser_of(problem, kit) is not None


def raised_by(problem: Problem, person: str, kit: Kit) -> bool:
    """Whether this person raised it, as far as the bot can tell (never for an anonymous one)."""
    return raiser_of(problem, kit) == person


def known_to_all(problem: Problem) -> bool:
    """Whether everybody may read it, or the sentence that stands in the place of its words."""
    return problem.number is not None and problem.state in (*PUBLISHED, State.TAKEN_DOWN.value)


def may_see(problem: Problem, actor: Actor, kit: Kit) -> bool:
    """Everybody sees what is published, stewards what has words, a raiser what is theirs."""
    if problem.state == State.WITHDRAWN.value:
        return False
    if known_to_all(problem):
        return True
    if actor.steward and problem.state != State.TAGGED.value:
        return True
    return raised_by(problem, actor.person, kit)


def visible(session: Session, actor: Actor, ident: int, kit: Kit, *, locked: bool = False) -> Problem:
    """The problem with this id where the person may see it; `locked` where it is about to be changed."""
    problem = (
        session.get(Problem, ident, with_for_update=locked or None, populate_existing=locked)
        if is_id(ident)
        else None
    )
    if problem is None or not may_see(problem, actor, kit):
        raise NotFound(GONE)
    if not (actor.steward or known_to_all(problem)) and ident in hidden(session, kit.sealing):
        raise NotFound(GONE)
    return problem


def for_stewards(session: Session, actor: Actor, idents: Sequence[int], kit: Kit) -> dict[int, Problem]:
    """These problems by id, as far as this steward may see them."""
    stewards_only(actor)
    found = session.scalars(sa.select(Problem).where(Problem.id.in_(idents)))
    return {problem.id: problem for problem in found if may_see(problem, actor, kit)}


def visible_by_number(session: Session, actor: Actor, number: int, kit: Kit) -> Problem:
    """The problem with this public number where the person may see it."""
    problem = (
        session.scalar(sa.select(Problem).where(Problem.number == number)) if 0 < number < 2**31 else None
    )
    if problem is None or not may_see(problem, actor, kit):
        raise NotFound(NOT_THERE, number=number)
    return problem


def published(session: Session, *, before: int | None, most: int) -> list[Problem]:
    """Open problems, newest number first; `before` is the last number of the page above."""
    query = sa.select(Problem).where(Problem.state == State.OPEN.value, Problem.number.is_not(None))
    if before is not None:
        query = query.where(Problem.number < before)
    return list(session.scalars(query.order_by(Problem.number.desc()).limit(most)))


@dataclass(frozen=True, slots=True)
class Mine:
    """A person's own: those that stand, and how many still wait for the batch."""

    problems: list[Problem]
    waiting: int


def mine(session: Session, actor: Actor, kit: Kit, *, most: int = 100) -> Mine:
    """What this person raised; confidential ones are found by unsealing in memory, and by no index."""
    forgotten = hidden(session, kit.sealing)
    standing = (Problem.state != State.WITHDRAWN.value,)
    found = list(session.scalars(sa.select(Problem).where(Problem.raiser == actor.person, *standing)))
    sealed = session.execute(
        sa.select(Problem.id, Problem.sealed_address).where(Problem.sealed_address.is_not(None), *standing)
    )
    theirs = [
        ident
        for ident, address in sealed
        if address and _opens(kit, address, f"problem:{ident}", actor.person)
    ]
    for start in range(0, len(theirs), 500):
        found += session.scalars(sa.select(Problem).where(Problem.id.in_(theirs[start : start + 500])))
    found = [problem for problem in found if problem.id not in forgotten]
    found.sort(
        key=lambda problem: (problem.state == State.CLOSED.value, -(problem.number or 2**31), problem.title)
    )
    waiting = sum(
        _opens(kit, bytes.fromhex(body["address"]), f"inbox:{mark.hex()}", actor.person)
        for mark, body in session.execute(
            sa.select(Inbox.mark, Inbox.body).where(Inbox.act == Act.RAISE.value)
        )
        if body.get("address")
    )
    return Mine(found[:most], waiting)


def unreachable(session: Session, kit: Kit, *, most: int = 50) -> list[Problem]:
    """Problems with a sealed address whose key is not held: no answer gets to their raisers, and the desk says so."""
    mark = sealed_under(Problem.sealed_address)
    sealed = (Problem.sealed_address.is_not(None), Problem.state != State.WITHDRAWN.value)
    lost = [
        bytes(each)
        for each in session.scalars(sa.select(mark).where(*sealed).distinct())
        if not kit.sealing.holds(bytes(each))
    ]
    if not lost:
        return []  # the usual case: nothing is unsealed to find that out, however many there are
    return list(
        session.scalars(sa.select(Problem).where(*sealed, mark.in_(lost)).order_by(Problem.id).limit(most))
    )


def sealed_under(sealed: Any) -> sa.ColumnElement[bytes]:
    """The fingerprint of the key that a column's values are sealed with (`Sealing.seal` puts it second)."""
    return sa.func.substr(sealed, 2, 4, type_=sa.LargeBinary())


def _opens(kit: Kit, sealed: bytes, bound_to: str, person: str) -> bool:
    try:
        return kit.sealing.unseal(sealed, bound_to=bound_to) == person
    except Unreadable:
        return False


def tagged_by(session: Session, person: str) -> list[Problem]:
    """Tags of this person that wait for words."""
    return list(
        session.scalars(
            sa.select(Problem).where(Problem.raiser == person, Problem.state == State.TAGGED.value).limit(20)
        )
    )


def tag_of(session: Session, problem: Problem) -> Tag | None:
    return session.scalar(sa.select(Tag).where(Tag.problem_id == problem.id))


def count_in(session: Session, state: State) -> int:
    return (
        session.scalar(sa.select(sa.func.count()).select_from(Problem).where(Problem.state == state.value))
        or 0
    )


def voice_of(problem: Problem, person: str, kit: Kit, *, purpose: str = "confirm") -> bytes:
    """This person's hash for this problem; `Unreadable` where its key is lost or destroyed."""
    if problem.salt is None or problem.salt_mark is None:
        raise Unreadable
    return kit.sealing.voice(person, salt=problem.salt, mark=problem.salt_mark, purpose=purpose)


def confirms(session: Session, problem: Problem, voice: bytes) -> bool:
    """Whether this voice stands now: today's word counts before what the last batch wrote."""
    today = session.get(Inbox, voice)
    if today is not None:
        return bool(today.body["standing"])
    return session.get(Confirmation, (problem.id, voice)) is not None


def voices_of(
    together: Iterable[Problem], person: str, kit: Kit, *, purpose: str = "confirm"
) -> Iterator[tuple[Problem, bytes]]:
    """This person's hash for each of these problems, but for those where nobody can be told apart any more."""
    for each in together:
        with suppress(Unreadable):
            yield each, voice_of(each, person, kit, purpose=purpose)


def stands(
    session: Session, together: Iterable[Problem], person: str, kit: Kit
) -> list[tuple[Problem, bytes]]:
    """With which voices this person says now that it hits them, among problems that are one."""
    return [
        (each, voice) for each, voice in voices_of(together, person, kit) if confirms(session, each, voice)
    ]


def hits(session: Session, problem: Problem, person: str, kit: Kit, *, again: bool = False) -> bool:
    """Whether this person says that it hits them, of this problem or one that it is merged with.

    again: whether saying it once more would change nothing; of one that rests it wakes it.
    """
    first, *others = merged.together(session, problem)
    if again and first.state == State.RESTING.value:
        return any(has_spoken(session, first, voice) for _, voice in voices_of([first], person, kit))
    return bool(stands(session, [first, *others], person, kit))


def has_spoken(session: Session, problem: Problem, voice: bytes) -> bool:
    """Whether saying it once more would change nothing: of one that rests, today's word alone counts, since it wakes it."""
    if problem.state != State.RESTING.value:
        return confirms(session, problem, voice)
    today = session.get(Inbox, voice)
    return today is not None and bool(today.body["standing"])


def concerning(session: Session, team: int, *, most: int = 20) -> list[Problem]:
    """Published open problems that are said to be felt by a team, or that stewards say it would have to change.

    Confirmations are left out: in a team of five, a row that appears would tell who confirmed.
    """
    felt = sa.exists().where(FeltBy.problem_id == Problem.id, FeltBy.team_id == team)
    needed = sa.exists().where(
        Answer.problem_id == Problem.id,
        Answer.by_steward.is_(True),
        AnswerTeam.answer_id == Answer.id,
        AnswerTeam.team_id == team,
    )
    return list(
        session.scalars(
            sa.select(Problem)
            .where(Problem.state == State.OPEN.value, sa.or_(felt, needed))
            .order_by(Problem.number.desc())
            .limit(most)
        )
    )


def named(session: Session, problem: Problem) -> list[Team]:
    """Teams that are said to have to change something, by name; who said so stays out of it."""
    return list(
        session.scalars(
            sa.select(Team)
            .where(Team.id.in_(_named(session, problem)), Team.dissolved.is_(False))
            .order_by(Team.name)
        )
    )


def to_ask(session: Session, problem: Problem) -> list[int]:
    """Teams that are said to have to change something and that somebody answers for, by id."""
    return list(
        session.scalars(
            sa.select(Team.id)
            .where(
                Team.id.in_(_named(session, problem)),
                Team.contact.is_not(None),
                Team.dissolved.is_(False),
            )
            .order_by(Team.id)
        )
    )


def _named(session: Session, problem: Problem) -> sa.Select[int]:
    """Teams that somebody says would have to change something, also of what goes on in this problem."""
    idents = [problem.id, *merged.idents_within(session, [problem.id])]
    said = sa.select(AnswerTeam.team_id).join(Answer, Answer.id == AnswerTeam.answer_id)
    return said.where(Answer.problem_id.in_(idents))


def in_steps(idents: list[int], size: int = 500) -> Iterator[list[int]]:
    """Lists short enough for one statement."""
    for start in range(0, len(idents), size):
        yield idents[start : start + size]
