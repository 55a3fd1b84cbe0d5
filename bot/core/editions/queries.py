"""Editions and what stood in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.decisions.costs import Cost, read_cost
from bot.core.editions.records import Edition, EditionItem, EditionState, Section
from bot.core.editions.rules import Moved
from bot.core.problems.evidence import public, read_finding
from bot.core.problems.records import Problem, State
from bot.core.problems.rules import Finding

#: The messages of an edition's thread, and which sections each carries.
PARTS: Final[tuple[tuple[Section, ...], ...]] = (
    (Section.NEW,),
    (Section.REVIEW, Section.LEAST_SEEN, Section.WAITING_ON_ONE, Section.STILL_THERE),
)

#: Among an edition's facts: where its thread's messages stand, by part.
THREAD: Final = "thread"


@dataclass(frozen=True, slots=True)
class Line:
    """One problem in one place of an edition, as it is said there.

    number: the public one. by: which order brought it into the lead, "score" or "hours". because: the
    steward's sentence where the verdict is a steward's. would_help: the stewards' line, in the lead.
    """

    section: Section
    position: int
    problem: int
    number: int
    title: str
    finding: Finding | None = None
    because: str | None = None
    by: str | None = None
    would_help: str | None = None
    cost: Cost | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What an edition says beside its problems; all are numbers of problems, never of people.

    rest: no single team, and not in the lead. more_new, more_decisions, more_waiting_on_one: what its
    section has no room for. oldest_waiting: working days since the Monday of the week in which the
    longest unanswered was raised.
    """

    moved: Moved
    quiet: bool
    rest: int
    more_new: int
    more_decisions: int
    more_waiting_on_one: int
    oldest_waiting: int | None


@dataclass(frozen=True, slots=True)
class Composed:
    """An edition's content in its order, posted or not yet."""

    told: Told
    lines: tuple[Line, ...]
    note: str | None = None

    def section(self, *sections: Section) -> list[Line]:
        """The lines of these sections, one section after the other."""
        return [line for section in sections for line in self.lines if line.section is section]

    def parts(self) -> list[int]:
        """Which messages of the thread have something to say, counted from 1."""
        return [
            part
            for part, sections in enumerate(PARTS, start=1)
            if self.section(*sections)
            or (part == len(PARTS) and not self.told.quiet and self.told.oldest_waiting is not None)
        ]


def part_of(section: Section) -> int:
    """Which message of an edition carries a section: 0 is the channel's own, the thread's count from 1."""
    return next((part for part, sections in enumerate(PARTS, start=1) if section in sections), 0)


def items(session: Session, edition: Edition) -> list[EditionItem]:
    """What stood in it, in its order."""
    place = {section.value: order for order, section in enumerate(Section)}
    found = session.scalars(sa.select(EditionItem).where(EditionItem.edition_id == edition.id))
    return sorted(found, key=lambda item: (place[item.section], item.position))


def composed(session: Session, edition: Edition) -> Composed:
    """A stored edition's content, for whoever puts it in words."""
    return Composed(
        told=_told(edition.facts),
        lines=tuple([_line(item) for item in items(session, edition)]),
        note=edition.note,
    )


def latest(session: Session) -> Edition | None:
    """The newest edition, posted or not."""
    return session.scalar(sa.select(Edition).order_by(Edition.due_at.desc()).limit(1))


def by_id(session: Session, ident: int | None) -> Edition | None:
    """The edition that a message names; None where there is none any more."""
    return session.get(Edition, ident) if ident is not None else None


def how_many(session: Session, content: Composed, state: State) -> int:
    """How many of the problems that stood in it are in this state now."""
    idents = {line.problem for line in content.lines}
    here = sa.select(sa.func.count()).where(Problem.id.in_(idents), Problem.state == state.value)
    return session.scalar(here) or 0


def by_period(session: Session, period: str) -> Edition | None:
    return session.scalar(sa.select(Edition).where(Edition.period == period))


def last_posted_before(session: Session, edition: Edition) -> Edition | None:
    """The edition that readers saw before this one."""
    return session.scalar(
        sa.select(Edition)
        .where(Edition.state == EditionState.POSTED.value, Edition.due_at < edition.due_at)
        .order_by(Edition.due_at.desc())
        .limit(1)
    )


def as_stored(told: Told) -> dict[str, Any]:
    """What an edition says beside its problems, for its row."""
    return asdict(told)


def shown(line: Line) -> dict[str, Any]:
    """A line's words and ranges, for its row; nothing finer than may be shown."""
    kept: dict[str, Any] = {"number": line.number}
    if line.by is not None:
        kept["by"] = line.by
    if line.finding is not None:
        kept["finding"] = public(line.finding, line.because)
    if line.would_help:
        kept["would_help"] = line.would_help
    if line.cost is not None:
        kept["cost"] = line.cost.stored()
    return kept


def _told(stored: Mapping[str, Any]) -> Told:
    said = {name: value for name, value in stored.items() if name != THREAD}
    return Told(**{**said, "moved": Moved(**said["moved"])})


def message_of(edition: Edition, part: int) -> str | None:
    """Where a message of it stands, 0 for the channel's own and from 1 for the thread's; None where that is unknown."""
    if part == 0:
        return edition.message_ts
    found = edition.facts.get(THREAD, {}).get(str(part))
    return str(found) if found else None


def _line(item: EditionItem) -> Line:
    finding = item.shown.get("finding")
    return Line(
        section=Section(item.section),
        position=item.position,
        problem=item.problem_id,
        number=item.shown["number"],
        title=item.title,
        finding=read_finding(finding) if finding else None,
        because=finding.get("because") if finding else None,
        by=item.shown.get("by"),
        cost=read_cost(item.shown["cost"]) if item.shown.get("cost") else None,
        would_help=item.shown.get("would_help"),
    )
