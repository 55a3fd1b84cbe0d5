"""What a weekly edition says: which problems, in which place, and how much is left for App Home."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import nsmallest
from typing import Final

# Values of the verdict. Rules know nothing but the standard library, so they stand here as words, and
# a test holds them against the verdict's own.
NO_SINGLE_TEAM: Final = frozenset({"no_single_team", "one_carries"})
ONE_OWNER: Final = "one_owner_many_waiting"
# More eyes do not help what is already with the one or two teams that can settle it.
WITH_THEIR_TEAMS: Final = frozenset({"team_local", "two_teams"})

BY_SCORE: Final = 3
BY_HOURS: Final = 2
# Lines in the thread before "the rest is in App Home".
NEW_LINES: Final = 10
DECISION_LINES: Final = 5
ONE_OWNER_LINES: Final = 5
STILL_THERE_LINES: Final = 5


class Order(StrEnum):
    """Which of the two orders put a problem into the edition."""

    SCORE = "score"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A problem that might be in the edition; only what composing needs, the words are looked up by number.

    verdict: the verdict's value. score, hours: the two orders' figures (the higher, the earlier).
    open: not closed. stale: freshness is under the gate. asked_still_there: it got its one question.
    new, answered, solved: since the last edition. waiting: working days without a person's answer, None once
    there was one. decision_due: its decision is up for review. seen: how widely it has been seen so far.
    held: by a steward, or not public yet; nothing of it is said, but its waiting counts.
    """

    number: int
    verdict: str
    score: float = 0.0
    hours: float = 0.0
    open: bool = True
    stale: bool = False
    asked_still_there: bool = False
    new: bool = False
    answered: bool = False
    solved: bool = False
    waiting: int | None = None
    decision_due: bool = False
    seen: float = 0.0
    held: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One of the edition's five."""

    number: int
    by: Order


@dataclass(frozen=True, slots=True)
class Moved:
    """What changed since the last edition; what was answered and solved counts as solved."""

    answered: int
    solved: int
    new: int


@dataclass(frozen=True, slots=True)
class Lines:
    """Problems with a line each, and how many more there are in App Home."""

    numbers: tuple[int, ...] = ()
    rest: int = 0


@dataclass(frozen=True, slots=True)
class EditionPlan:
    """An edition before its words.

    The message: moved, items (three by score, then two by hours), rest (no single team, not among the five),
    you_said. The thread: new, decisions, least_seen, one_owner, oldest_waiting (working days), and still_there:
    what everybody is asked about before it rests. What has no room there is asked about in a later edition.
    """

    moved: Moved
    items: tuple[Item, ...]
    rest: int
    you_said: int | None
    new: Lines
    decisions: Lines
    least_seen: int | None
    one_owner: Lines
    oldest_waiting: int | None
    still_there: tuple[int, ...]

    @property
    def quiet(self) -> bool:
        """Whether the week is one short line."""
        return not self.items and self.you_said is None


def compose(candidates: Iterable[Candidate]) -> EditionPlan:
    """Plan an edition; the same candidates in any order give the same plan (ties go by number)."""
    everything = list(candidates)
    sayable = [c for c in everything if not c.held]
    fresh = [c for c in sayable if c.open and not c.stale]
    unowned = [c for c in fresh if c.verdict in NO_SINGLE_TEAM]
    solved = [c for c in sayable if c.solved]

    items = _five(unowned)
    shown = {item.number for item in items}
    owners = [c for c in fresh if c.verdict == ONE_OWNER]
    one_owner = _lines(nsmallest(ONE_OWNER_LINES, owners, key=_by_score), len(owners))
    shown.update(one_owner.numbers)
    new = [c for c in fresh if c.new and c.number not in shown]
    unseen = [c for c in fresh if not c.new and c.number not in shown and c.verdict not in WITH_THEIR_TEAMS]
    due = [c for c in sayable if c.decision_due]
    stale = [c.number for c in sayable if c.open and c.stale and not c.asked_still_there]
    return EditionPlan(
        moved=Moved(
            answered=sum(1 for c in sayable if c.answered and not c.solved),
            solved=len(solved),
            new=sum(1 for c in sayable if c.new),
        ),
        items=items,
        rest=len(unowned) - len(items),
        you_said=min(solved, key=_by_hours).number if solved else None,
        new=_lines(nsmallest(NEW_LINES, new, key=_by_number), len(new)),
        decisions=_lines(nsmallest(DECISION_LINES, due, key=_by_number), len(due)),
        least_seen=min(unseen, key=_by_seen).number if unseen else None,
        one_owner=one_owner,
        oldest_waiting=max((c.waiting for c in everything if c.open and c.waiting is not None), default=None),
        still_there=tuple(nsmallest(STILL_THERE_LINES, stale)),
    )


def _five(unowned: Sequence[Candidate]) -> tuple[Item, ...]:
    """Three by score, then two by hours of the others; where hours run short, the next by score."""
    most = BY_SCORE + BY_HOURS
    by_score = [c.number for c in nsmallest(most, unowned, key=_by_score)]
    by_hours = [c.number for c in nsmallest(most, [c for c in unowned if c.hours > 0], key=_by_hours)]
    first = by_score[:BY_SCORE]
    second = [number for number in by_hours if number not in first][:BY_HOURS]
    fill = [number for number in by_score if number not in first and number not in second]
    first += fill[: most - len(first) - len(second)]
    return (
        *(Item(number, Order.SCORE) for number in first),
        *(Item(number, Order.HOURS) for number in second),
    )


def _lines(shown: Sequence[Candidate], of: int) -> Lines:
    return Lines(tuple([c.number for c in shown]), of - len(shown))


def _by_score(c: Candidate) -> tuple[float, int]:
    return -c.score, c.number


def _by_hours(c: Candidate) -> tuple[float, float, int]:
    return -c.hours, -c.score, c.number


def _by_number(c: Candidate) -> int:
    return c.number


def _by_seen(c: Candidate) -> tuple[float, int]:
    return c.seen, c.number
