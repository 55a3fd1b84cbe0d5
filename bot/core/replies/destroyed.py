"""What was destroyed, noted in a file beside the database, so that a restored backup forgets it again.

The file holds ids and keyed hashes in the order of their text: nothing of when, but the week of a choice.
"""

from __future__ import annotations

import datetime as dt
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity import hearing
from bot.core.identity.records import Hearing
from bot.core.kit import Kit
from bot.core.problems import triage
from bot.core.problems.queries import in_steps
from bot.core.problems.records import (
    Audit,
    Confirmation,
    Problem,
    RaisedAs,
    Spoken,
    State,
)
from bot.core.problems.work_records import Help
from bot.core.replies.moving import destroy_all
from bot.core.replies.records import EarlyWord, Question, Withheld
from bot.core.store import Base, alone, monday
from bot.core.teams.records import Choice

#: How long a choice is remembered to be destroyed: longer than backups are kept.
KEPT: Final = dt.timedelta(days=42)
_NAMED = (RaisedAs.NAMED.value, RaisedAs.TAGGED.value)
_OVER = (State.CLOSED.value, State.WITHDRAWN.value, State.TAKEN_DOWN.value)
_VOICED: Final[Mapping[str, Any]] = {"voice": Confirmation, "spoken": Spoken}


def voice_line(problem: int, voice: bytes) -> str:
    """A confirmation that was destroyed while its problem was open."""
    return f"voice {problem} {voice.hex()}"


def spoken_line(problem: int, voice: bytes) -> str:
    return f"spoken {problem} {voice.hex()}"


def choice_lines(person: str, kit: Kit, *, at: dt.datetime) -> list[str]:
    """A person's own choices, of a team and of how to hear, as keyed hashes."""
    week = monday(at).isoformat()
    chose = f"choice {kit.sealing.mark_of('choice', person).hex()} {week}"
    return [chose, *[f"hearing {mark} {week}" for mark in hearing.marks_of(person, kit.sealing)]]


def note(session: Session, path: Path, more: Iterable[str] = (), *, at: dt.datetime) -> None:
    """Bring the file up to what is destroyed in the database, and to what is about to be (`more`).

    To be called before the transaction ends that destroys something, and once a day. Raises OSError where
    the file can't be written: then nothing is to be destroyed either.
    """
    alone(session, "destroyed list")
    lines = {line for line in _read(path) if _needed(session, line, at)} | set(more)
    for kind, ident in _gone():
        lines |= {f"{kind} {each}" for each in session.scalars(ident)}
    _write(path, lines)


def said_anew(session: Session, path: Path, *, kit: Kit) -> set[str]:
    """Lines of what somebody who was forgotten has said anew since: not to be destroyed a second time.

    What a restored backup brings is destroyed at the start, so whatever stands after that was said since.
    """
    lines = [line for line in _read(path) if line.split()[0] in (*_VOICED, "choice", "hearing")]
    if not lines:
        return set()
    chosen = {("choice", mark) for mark in _chosen(session, kit)}
    chosen |= {("hearing", mark) for mark in session.scalars(sa.select(Hearing.person))}
    return {line for line in lines if _stands(session, line) or (line.split()[0], line.split()[1]) in chosen}


def leave_out(session: Session, path: Path, *, kit: Kit) -> None:
    """Take out of the file what was said anew. Raises OSError as `note` does.

    Looked up where nobody destroys meanwhile: a sweep writes its lines while what they name still stands for others.
    """
    alone(session, "destroyed list")
    _write(path, set(_read(path)) - said_anew(session, path, kit=kit))


def _chosen(session: Session, kit: Kit) -> Iterable[str]:
    for person in session.scalars(sa.select(Choice.person)):
        yield from (mark.hex() for mark in kit.sealing.marks_of("choice", person))


def _write(path: Path, lines: Iterable[str]) -> None:
    text = "".join(f"{line}\n" for line in sorted(lines))
    beside = path.with_name(path.name + ".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def replay(session: Session, path: Path, *, kit: Kit) -> int:
    """Destroy again what a restored backup has brought back; says how many rows. To be called at every start."""
    listed: dict[str, list[list[str]]] = defaultdict(list)
    for line in _read(path):
        kind, *rest = line.split()
        listed[kind].append(rest)
    count = 0
    for kind, again in _AGAIN.items():
        if listed[kind]:
            count += again(session, listed[kind], kit)
    session.flush()
    return count


def listed_of(path: Path, kind: str) -> list[int]:
    """The ids of one kind in the file, for rooms that know what these are."""
    return [int(line.split()[1]) for line in _read(path) if line.split()[0] == kind]


def _read(path: Path) -> list[str]:
    return path.read_text(encoding="ascii").splitlines() if path.exists() else []


def _needed(session: Session, line: str, at: dt.datetime) -> bool:
    kind, ident, *rest = line.split()
    if kind in ("choice", "hearing"):
        return at.date() - dt.date.fromisoformat(rest[0]) <= KEPT
    if kind in _VOICED:
        # Once closed, all of its hashes are destroyed together.
        problem = session.get(Problem, int(ident))
        return problem is not None and problem.salt is not None and not _stands(session, line)
    return True


def _stands(session: Session, line: str) -> bool:
    """Whether a hash that was destroyed is there again: a restored one is gone since the start, so it was said anew."""
    kind, ident, *rest = line.split()
    table = _VOICED.get(kind)
    if table is None:
        return False
    there = sa.exists().where(table.problem_id == int(ident), table.voice == bytes.fromhex(rest[0]))
    return bool(session.scalar(sa.select(there)))


def _gone() -> Iterable[tuple[str, sa.Select[Any]]]:
    """What can be seen in the database to have been destroyed, by kind."""
    yield (
        "address",
        sa.select(Problem.id).where(
            Problem.raised_as == RaisedAs.CONFIDENTIAL.value, Problem.sealed_address.is_(None)
        ),
    )
    yield (
        "raiser",
        sa.select(Problem.id).where(
            Problem.raised_as.in_(_NAMED), Problem.raiser.is_(None), Problem.state != State.TAGGED.value
        ),
    )
    # With how often it had come back: a later round's voices are not those that were destroyed.
    ended = sa.cast(Problem.id, sa.String) + " " + sa.cast(Problem.came_back, sa.String)
    yield "voices", sa.select(ended).where(Problem.salt.is_(None), Problem.state.in_(_OVER))
    yield "withdrawn", sa.select(Problem.id).where(Problem.state == State.WITHDRAWN.value)
    kept = sa.exists().where(Withheld.problem_id == Problem.id)
    yield "words", sa.select(Problem.id).where(Problem.state == State.TAKEN_DOWN.value, ~kept)
    yield "offer", sa.select(Help.id).where(Help.person.is_(None))
    for kind, table in _BY_STEWARDS.items():
        yield kind, sa.select(table.id).where(table.steward.is_(None))


_BY_STEWARDS: Final[Mapping[str, Any]] = {"audit": Audit, "question": Question, "early": EarlyWord}


def _offers(session: Session, rows: list[list[str]], _kit: Kit) -> int:
    count = 0
    for idents in in_steps([int(row[0]) for row in rows]):
        named = (Help.id.in_(idents), Help.person.is_not(None))
        count += getattr(session.execute(sa.update(Help).where(*named).values(person=None)), "rowcount", 0)
    return count


def _problems(session: Session, rows: list[list[str]], *which: sa.ColumnElement[bool]) -> list[Problem]:
    found: list[Problem] = []
    for idents in in_steps([int(row[0]) for row in rows]):
        found += session.scalars(sa.select(Problem).where(Problem.id.in_(idents), *which))
    return found


def _addresses(session: Session, rows: list[list[str]], _kit: Kit) -> int:
    found = _problems(session, rows, Problem.sealed_address.is_not(None))
    for problem in found:
        problem.sealed_address = None
    return len(found)


def _raisers(session: Session, rows: list[list[str]], _kit: Kit) -> int:
    found = _problems(session, rows, Problem.raiser.is_not(None))
    for problem in found:
        problem.raiser = problem.raiser_team_id = None
    return len(found)


def _all_voices(session: Session, rows: list[list[str]], kit: Kit) -> int:
    rounds: dict[int, int] = {}
    for ident, *came_back in rows:  # lines of an older release have no round: it was the first
        last = int(came_back[0]) if came_back else 0
        rounds[int(ident)] = max(last, rounds.get(int(ident), 0))
    found = [
        problem
        for problem in _problems(session, rows, Problem.salt.is_not(None))
        if problem.came_back <= rounds[problem.id]
    ]
    for problem in found:
        triage.destroy_voices(session, problem)
        if problem.state not in _OVER:
            # Open again by the restore: whoever says "hits us too" from now on is told apart by a new salt.
            problem.salt, problem.salt_mark = kit.randomness.randbytes(16), kit.sealing.newest
    return len(found)


def _withdrawn(session: Session, rows: list[list[str]], _kit: Kit) -> int:
    found = _problems(session, rows, Problem.state != State.WITHDRAWN.value)
    for problem in found:
        destroy_all(session, problem)
    return len(found)


def _words(session: Session, rows: list[list[str]], _kit: Kit) -> int:
    count = 0
    for problem in _problems(session, rows):
        kept = session.get(Withheld, problem.id)
        if kept is not None:
            session.delete(kept)
        if kept is not None or problem.state != State.TAKEN_DOWN.value:
            # Where the sentence is not restored, the title stays empty rather than telling what was destroyed.
            if problem.state != State.TAKEN_DOWN.value:
                problem.title = ""
            problem.state = State.TAKEN_DOWN.value
            problem.hardship = problem.tried = problem.guardrails = ""
            count += 1
    return count


def _stewards(table: type[Any]) -> Callable[[Session, list[list[str]], Kit], int]:
    def again(session: Session, rows: list[list[str]], _kit: Kit) -> int:
        count = 0
        for idents in in_steps([int(row[0]) for row in rows]):
            changed = session.execute(
                sa.update(table).where(table.id.in_(idents), table.steward.is_not(None)).values(steward=None)
            )
            count += getattr(changed, "rowcount", 0)
        return count

    return again


def _hashes(table: type[Base]) -> Callable[[Session, list[list[str]], Kit], int]:
    def again(session: Session, rows: list[list[str]], _kit: Kit) -> int:
        count = 0
        for problem, voice in rows:
            row = session.get(table, (int(problem), bytes.fromhex(voice)))
            if row is not None:
                session.delete(row)
                count += 1
        return count

    return again


def _choices(session: Session, rows: list[list[str]], kit: Kit) -> int:
    marks = {bytes.fromhex(row[0]) for row in rows}
    theirs = [
        person
        for person in session.scalars(sa.select(Choice.person))
        if marks & set(kit.sealing.marks_of("choice", person))
    ]
    session.execute(sa.delete(Choice).where(Choice.person.in_(theirs)))
    return len(theirs)


def _hearing(session: Session, rows: list[list[str]], kit: Kit) -> int:
    hearing.hide_older(session, kit.sealing)
    gone = session.execute(sa.delete(Hearing).where(Hearing.person.in_([row[0] for row in rows])))
    return int(getattr(gone, "rowcount", 0))


_AGAIN: Final[Mapping[str, Callable[[Session, list[list[str]], Kit], int]]] = {
    "withdrawn": _withdrawn,
    "words": _words,
    "address": _addresses,
    "raiser": _raisers,
    **{kind: _hashes(table) for kind, table in _VOICED.items()},
    "voices": _all_voices,
    "choice": _choices,
    "hearing": _hearing,
    "offer": _offers,
    **{kind: _stewards(table) for kind, table in _BY_STEWARDS.items()},
}
