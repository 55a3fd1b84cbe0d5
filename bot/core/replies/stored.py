"""Everything that concerns one person, found the way it is kept: in clear, by unsealing, and by hash."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity import erasures, hearing
from bot.core.identity.people import Actor
from bot.core.identity.records import Hearing, Steward
from bot.core.identity.sealing import Unreadable
from bot.core.kit import Kit
from bot.core.outbox import Message
from bot.core.problems.queries import in_steps
from bot.core.problems.records import (
    Act,
    Audit,
    Confirmation,
    Inbox,
    Problem,
    Reaction,
    Spoken,
    State,
)
from bot.core.problems.work_records import Away, Help
from bot.core.replies.records import EarlyWord, Question, Withheld
from bot.core.teams.records import Choice, LookedUp, Membership, Team


class Kind(StrEnum):
    STEWARD = "steward"
    MEMBERSHIP = "membership"  # a user group or the imported list says so
    CHOICE = "choice"  # a person's own word on the team
    HEARING = "hearing"  # a person's own word on how to hear of news
    CONTACT = "contact"  # answers for a team
    LOOKED_UP = "looked_up"  # the id that belongs to an e-mail, kept a day
    RAISED = "raised"
    TAGGED = "tagged"  # an emoji that waits for words
    HELPS = "helps"  # offered help, to the stewards by name
    AWAY = "away"  # a steward's own word
    HOURS = "hours"  # what weeks of a pilot took, in a steward's own word
    WAITING = "waiting"  # said today, and waits for the batch
    CONFIRMED = "confirmed"
    ADDED = "added"  # a mark that a question was answered, so that it counts once
    MESSAGE = "message"  # a direct message that waits to be sent
    REACTION = "reaction"  # an emoji of this moment
    ACT = "act"  # done as a steward
    PULSE_ASKED = (
        "pulse_asked"  # a wave of the pulse asks or asked this person; never whether it was answered
    )
    PULSE_ANSWER = "pulse_answer"  # an answer, as long as its wave is open
    ERASURE = "erasure"  # hidden, and waits for the weekly sweep


@dataclass(frozen=True, slots=True)
class Stored:
    """One row that concerns a person. `what` says more where the kind alone does not: how it was raised, an act.

    title: the problem's, where the person may read it. at: of stewards' own acts alone.
    """

    kind: Kind
    problem: int | None = None
    title: str | None = None
    team: str | None = None
    what: str | None = None
    at: dt.datetime | None = None


#: Purposes of the hashes that a person can have on one problem, with the table each stands in.
VOICES: Final[tuple[tuple[str, Any, Kind], ...]] = (
    ("confirm", Confirmation, Kind.CONFIRMED),
    (Act.FOLLOW_UP.value, Spoken, Kind.ADDED),
    (Act.ANSWER.value, Spoken, Kind.ADDED),
)
_RAISERS = tuple(
    act.value
    for act in (Act.TOLD, Act.WORDS, Act.QUIET, Act.WITHDRAW, Act.OUTCOME, Act.HOLDS, Act.COST, Act.CONSENT)
)


@dataclass(frozen=True, slots=True)
class Found:
    """What concerns a person, as ids, for listing and for destroying.

    voices, spoken: (problem, hash). waiting: marks in the inbox, with the act and the problem.
    """

    raised: list[int]
    voices: list[tuple[int, bytes]]
    spoken: list[tuple[int, bytes, str]]
    waiting: list[tuple[bytes, str, int | None]]
    messages: list[tuple[int, str]]
    reactions: list[bytes]


def find(session: Session, person: str, kit: Kit) -> Found:
    """Look through everything; reads the open problems' salts and every sealed address. Writes nothing."""
    raised = [*_raised_in_clear(session, person), *_raised_sealed(session, person, kit)]
    voices: list[tuple[int, bytes]] = []
    spoken: list[tuple[int, bytes, str]] = []
    marks: dict[bytes, tuple[str, int]] = {}
    for problem in session.scalars(sa.select(Problem).where(Problem.salt.is_not(None))):
        for purpose, table, _ in VOICES:
            voice = _voice(problem, person, purpose, kit)
            if voice is None:
                continue
            marks[voice] = (purpose, problem.id)
            if table is Spoken:
                spoken.append((problem.id, voice, purpose))
            else:
                voices.append((problem.id, voice))
    stand = _standing(session, Confirmation, voices)
    told = _standing(session, Spoken, [(ident, voice) for ident, voice, _ in spoken])
    return Found(
        raised=sorted(raised),
        voices=[each for each in voices if each in stand],
        spoken=[each for each in spoken if each[:2] in told],
        waiting=list(_waiting(session, person, set(raised), marks, kit)),
        messages=[
            (row.id, row.kind)
            for row in session.scalars(sa.select(Message).where(Message.sealed_person.is_not(None)))
            if _opens(kit, row.sealed_person, f"outbox:{row.id}") == person
        ],
        reactions=[
            row.mark
            for row in session.scalars(sa.select(Reaction).where(Reaction.sealed.is_not(None)))
            if person in (_opens(kit, row.sealed, f"reaction:{row.mark.hex()}") or "").split("\x1f")
        ],
    )


def _raised_in_clear(session: Session, person: str) -> list[int]:
    return list(session.scalars(sa.select(Problem.id).where(Problem.raiser == person)))


def _raised_sealed(session: Session, person: str, kit: Kit) -> list[int]:
    rows = session.execute(
        sa.select(Problem.id, Problem.sealed_address).where(Problem.sealed_address.is_not(None))
    )
    return [ident for ident, address in rows if _opens(kit, address, f"problem:{ident}") == person]


def _waiting(
    session: Session, person: str, raised: set[int], marks: dict[bytes, tuple[str, int]], kit: Kit
) -> Iterator[tuple[bytes, str, int | None]]:
    for row in session.scalars(sa.select(Inbox)):
        address = row.body.get("address") if row.act == Act.RAISE.value else None
        if row.mark in marks or (row.act in _RAISERS and row.problem_id in raised):
            yield row.mark, row.act, row.problem_id
        elif address and _opens(kit, bytes.fromhex(address), f"inbox:{row.mark.hex()}") == person:
            yield row.mark, row.act, None


def _standing(session: Session, table: Any, keys: list[tuple[int, bytes]]) -> set[tuple[int, bytes]]:
    found: set[tuple[int, bytes]] = set()
    hashes = {voice for _, voice in keys}
    for idents in in_steps(sorted({ident for ident, _ in keys})):
        rows = session.execute(sa.select(table.problem_id, table.voice).where(table.problem_id.in_(idents)))
        found |= {(ident, voice) for ident, voice in rows if voice in hashes}
    return found


def _voice(problem: Problem, person: str, purpose: str, kit: Kit) -> bytes | None:
    try:
        return kit.sealing.voice(
            person, salt=problem.salt or b"", mark=problem.salt_mark or b"", purpose=purpose
        )
    except Unreadable:
        return None


def _opens(kit: Kit, sealed: bytes | None, bound_to: str) -> str | None:
    try:
        return kit.sealing.unseal(sealed or b"", bound_to=bound_to)
    except Unreadable:
        return None


def what_is_stored(session: Session, actor: Actor, kit: Kit) -> list[Stored]:
    """Every row that concerns this person. Anonymous problems can't be among them: nothing leads there."""
    found = find(session, actor.person, kit)
    hidden = [
        each for _, each in erasures.waiting(session, kit.sealing) if each and each.person == actor.person
    ]
    problems = {ident for each in hidden for ident in each.problems}
    voices = {(ident, voice) for each in hidden for ident, voice in (*each.voices, *each.spoken)}
    listed = [each for part in _PARTS for each in part(session, actor.person, kit)]
    titles: dict[int, Problem] = {}
    wanted = {*found.raised, *(ident for ident, _ in found.voices), *(each[0] for each in found.spoken)}
    wanted |= {ident for *_, ident in found.waiting if ident is not None}
    for idents in in_steps(sorted(wanted)):
        rows = session.scalars(sa.select(Problem).where(Problem.id.in_(idents)))
        titles |= {problem.id: problem for problem in rows}
    for ident in found.raised:
        problem = titles[ident]
        if ident not in problems:
            kind = Kind.TAGGED if problem.state == State.TAGGED.value else Kind.RAISED
            listed.append(Stored(kind, ident, problem.title or None, what=problem.raised_as))
    for mark_kind, act, about in [(Kind.WAITING, act, about) for _, act, about in found.waiting]:
        known = titles.get(about) if about is not None else None
        listed.append(Stored(mark_kind, about, known.title if known else None, what=act))
    for ident, voice in found.voices:
        if (ident, voice.hex()) not in voices:
            listed.append(Stored(Kind.CONFIRMED, ident, titles[ident].title))
    for ident, voice, purpose in found.spoken:
        if (ident, voice.hex()) not in voices:
            listed.append(Stored(Kind.ADDED, ident, titles[ident].title, what=purpose))
    listed += [Stored(Kind.MESSAGE, what=kind) for _, kind in found.messages]
    listed += [Stored(Kind.REACTION) for _ in found.reactions]
    listed += [Stored(Kind.ERASURE) for _ in hidden]
    return listed


def _role(session: Session, person: str, _kit: Kit) -> Iterator[Stored]:
    if session.get(Steward, person) is not None:
        yield Stored(Kind.STEWARD)


def _teams(session: Session, person: str, _kit: Kit) -> Iterator[Stored]:
    memberships = sa.select(Team.name, Membership.source).join(Membership, Membership.team_id == Team.id)
    for name, source in session.execute(memberships.where(Membership.person == person).order_by(Team.name)):
        yield Stored(Kind.MEMBERSHIP, team=name, what=source)
    chosen = sa.select(Team.name).join(Choice, Choice.team_id == Team.id).where(Choice.person == person)
    for name in session.scalars(chosen):
        yield Stored(Kind.CHOICE, team=name)
    for name in session.scalars(sa.select(Team.name).where(Team.contact == person).order_by(Team.name)):
        yield Stored(Kind.CONTACT, team=name)
    for _ in session.scalars(sa.select(LookedUp.mark).where(LookedUp.person == person)):
        yield Stored(Kind.LOOKED_UP)


def _heard(session: Session, person: str, kit: Kit) -> Iterator[Stored]:
    for how in session.scalars(sa.select(Hearing.hears).where(hearing.of(person, kit.sealing))):
        yield Stored(Kind.HEARING, what=how)


def _work(session: Session, person: str, _kit: Kit) -> Iterator[Stored]:
    offers = sa.select(Help.problem_id, Team.name).outerjoin(Team, Team.id == Help.team_id)
    for problem, team in session.execute(offers.where(Help.person == person).order_by(Help.problem_id)):
        yield Stored(Kind.HELPS, problem, team=team)
    if session.get(Away, person) is not None:
        yield Stored(Kind.AWAY)


def _acts(session: Session, person: str, _kit: Kit) -> Iterator[Stored]:
    for row in session.scalars(sa.select(Audit).where(Audit.steward == person).order_by(Audit.at)):
        yield Stored(Kind.ACT, row.problem_id, what=row.act, at=row.at)
    for table in (Question, EarlyWord, Withheld):
        for problem in session.scalars(sa.select(table.problem_id).where(table.steward == person)):
            yield Stored(Kind.ACT, problem, what=table.__tablename__)


_PARTS: Final[tuple[Callable[[Session, str, Kit], Iterator[Stored]], ...]] = (
    _role,
    _teams,
    _heard,
    _work,
    _acts,
)
