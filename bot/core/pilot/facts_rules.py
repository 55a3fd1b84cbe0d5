"""What a report is made of: teams, problems and sums of whole weeks; no id, no name of a person, no time."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from itertools import combinations
from math import fsum
from typing import Final

from bot.core.pilot.rules import FEWEST

#: Working days in which a first human answer is promised.
PROMISED_DAYS: Final = 2
#: A cell of the picture of where problems cross is left blank under this.
FEWEST_CROSSING: Final = 3


class Stage(IntEnum):
    """How far a problem has come; who has come further has come this far."""

    RAISED = 0
    ANSWERED = 1
    DECIDED = 2
    TRIED = 3
    CONFIRMED = 4


class Side(StrEnum):
    """Who was asked how a contact felt."""

    STEWARDS = "stewards"
    FUNCTIONS = "functions"


@dataclass(frozen=True, slots=True)
class Range:
    """Hours from low over likely to high."""

    low: float
    likely: float
    high: float

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.likely + other.likely, self.high + other.high)

    def __sub__(self, other: Range) -> Range:
        """The least that can be left to the most."""
        return Range(self.low - other.high, self.likely - other.likely, self.high - other.low)

    def times(self, factor: float) -> Range:
        return Range(self.low * factor, self.likely * factor, self.high * factor)

    @classmethod
    def of(cls, low: float, high: float) -> Range:
        """From two ends, with the middle as the likely."""
        return cls(low, (low + high) / 2, high)


NOTHING: Final = Range(0.0, 0.0, 0.0)


def total(ranges: Iterable[Range]) -> Range:
    """All of them, low with low and high with high."""
    every = list(ranges)
    return Range(
        fsum(each.low for each in every),
        fsum(each.likely for each in every),
        fsum(each.high for each in every),
    )


@dataclass(frozen=True, slots=True)
class Wait:
    """How many working days a problem has waited for a first human answer, and whether it came."""

    days: float
    over: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One problem of the pilot.

    partly, denied: its raiser says that it helped in part, or not (then it is not `CONFIRMED`). asked: closed,
    and its raiser can still say. reversed: its first verdict was another one; None without a verdict.
    came_back: None until a month after its ending somebody said whether it holds. crosses: functions that feel
    it or would have to change something, those large enough to be named.
    """

    stage: Stage
    partly: bool = False
    asked: bool = False
    reversed: bool | None = None
    came_back: bool | None = None
    crosses: frozenset[str] = frozenset()
    denied: bool = False


@dataclass(frozen=True, slots=True)
class TeamActed:
    """A team of five or more, and whether at least one act of somebody in it is known."""

    function: str
    acted: bool


@dataclass(frozen=True, slots=True)
class Wave:
    """A wave of the pulse as its results show it to everybody who was asked.

    n, mean, low, high: of people's own means over the questions that the careful mode goes by. counts: how often each
    point was given to these questions, turned where agreeing is the bad news; empty where no change may be shown.
    """

    invited: int
    n: int
    mean: float
    low: float | None
    high: float | None
    counts: Mapping[int, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        return self.n / self.invited if self.invited else 0.0

    def part(self, point: int) -> float:
        """The share of answers at a point; 0 without any."""
        return self.counts.get(point, 0) / max(1, sum(self.counts.values()))


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a report says, and nothing that tells whom it is about.

    counted_to: the Monday up to which whole weeks were counted; over: that is the pilot's end.
    given_back: hours of each ending that helped, up to then (in part: from nothing to half).
    costs: hours that each fix cost those who pay. spent: stewards' hours, a range for each week that
    somebody gave. tone: how many contacts felt 1 to 5, by side. cost: answers to "did raising this
    cost you?", as they may be shown. guardrails: (held, not held, not checked yet).
    """

    starts: dt.date
    counted_to: dt.date
    over: bool = False
    waits: tuple[Wait, ...] = ()
    problems: tuple[Told, ...] = ()
    teams: tuple[TeamActed, ...] = ()
    given_back: tuple[Range, ...] = ()
    costs: tuple[Range, ...] = ()
    spent: tuple[Range, ...] = ()
    weeks_with_hours: int = 0
    tone: Mapping[Side, Mapping[int, int]] = field(default_factory=dict)
    cost: Mapping[str, int] = field(default_factory=dict)
    guardrails: tuple[int, int, int] = (0, 0, 0)
    decisions: int = 0
    reviewed: int = 0
    #: Endings that helped, and nobody ever said what they cost before: they count no hour.
    without_hours: int = 0
    #: Tone and cost are of answers since it started, and not of all that there are.
    felt_since_start: bool = False
    before: Wave | None = None
    after: Wave | None = None
    #: What this release cannot know yet, by figure: said in that place.
    missing: frozenset[str] = frozenset()

    @property
    def weeks(self) -> int:
        return (self.counted_to - self.starts).days // 7


def funnel(problems: Iterable[Told]) -> dict[Stage, int]:
    """How many problems have come at least so far."""
    exact = Counter(problem.stage for problem in problems)
    return {stage: sum(exact[each] for each in Stage if each >= stage) for stage in Stage}


def by_function(teams: Iterable[TeamActed], others: str, *, k: int = FEWEST) -> dict[str, tuple[int, int]]:
    """(acted, teams) a function in alphabetical order; those with fewer than `k` teams under `others`, last.

    Where the others together are fewer than `k`, the smallest of the rest joins them, so that no remainder of the whole
    tells what is hidden; none at all where that leaves a single one.
    """
    sums: dict[str, tuple[int, int]] = {}
    for team in teams:
        acted, there = sums.get(team.function, (0, 0))
        sums[team.function] = (acted + team.acted, there + 1)
    named = {name: both for name, both in sums.items() if name and both[1] >= k}
    folded = [both for name, both in sums.items() if name not in named]
    while folded and sum(there for _, there in folded) < k and named:
        smallest = min(named, key=lambda name: (named[name][1], name))
        folded.append(named.pop(smallest))
    found = {name: named[name] for name in sorted(named, key=str.casefold)}
    if sum(there for _, there in folded) >= k:
        found[others] = (sum(acted for acted, _ in folded), sum(there for _, there in folded))
    return found if len(found) > 1 else {}


def crossings(problems: Iterable[Told]) -> tuple[tuple[str, ...], dict[tuple[str, str], int]]:
    """Functions by name, and how many problems touch two of them; pairs under three are left out."""
    counts: Counter[tuple[str, str]] = Counter()
    for problem in problems:
        for first, second in combinations(sorted(problem.crosses, key=str.casefold), 2):
            counts[first, second] += 1
    shown = {pair: count for pair, count in counts.items() if count >= FEWEST_CROSSING}
    return tuple(sorted({name for pair in shown for name in pair}, key=str.casefold)), shown


def leverage(given: Range, spent: Range) -> tuple[float, float] | None:
    """Hours given back for each hour spent, from the least to the most; None where the least spent is nothing."""
    if spent.low <= 0:
        return None
    return given.low / spent.high, given.high / spent.low
