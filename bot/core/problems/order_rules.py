"""How problems are ordered: by their distance from any one team's reach, by hours, and by freshness.

It orders and explains; it never hides or closes anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import fsum
from typing import Final, NamedTuple

from bot.core.problems.breadth_rules import effective_teams
from bot.core.problems.rules import Evidence, Ownership

# The score that a problem has before anybody has said anything, until the workspace has a mean of its own.
FIRST_PRIOR: Final = 45.0
# A confirmation counts half after so many days.
HALF_LIFE_DAYS: Final = 45
# Under this a problem gets one "still there?" and then rests.
STALE_UNDER: Final = 0.25
# So many problems' worth of the first prior stay in the running mean, so the first few do not swing it.
_PRIOR_WEIGHT: Final = 10
# So many teams' worth of the prior stay in a score.
_PULL: Final = 2


class Distance(NamedTuple):
    """What the score is made of, on no screen; `needed` and `functions` are means over the answers."""

    needed: float
    effective: float
    ownership: Ownership | None
    functions: float
    attempts: int
    not_ours: int
    came_back: int


class Signal(NamedTuple):
    """One row of the table of weights: its points, and the share of them (0 to 1) that a problem earns."""

    name: str
    points: int
    share: Callable[[Distance], float]


# What nobody has said earns nothing: the prior stands in for it.
OWNERSHIP_SHARE: Final[Mapping[Ownership | None, float]] = {
    None: 0.0,
    Ownership.ONE_TEAM: 0.0,
    Ownership.ONE_BUT_CANNOT: 0.6,
    Ownership.CONTESTED: 0.8,
    Ownership.NOBODY: 1.0,
}

WEIGHTS: Final[tuple[Signal, ...]] = (
    Signal("teams needed to fix it", 30, lambda d: _part(d.needed - 1, 3)),
    Signal("effective teams that feel it", 20, lambda d: _part(d.effective - 1, 4)),
    Signal("ownership", 15, lambda d: OWNERSHIP_SHARE[d.ownership]),
    Signal("functions needed", 10, lambda d: _part(d.functions - 1, 2)),
    Signal("attempts that failed", 10, lambda d: _part(d.attempts, 3)),
    Signal('"not ours" returns', 10, lambda d: _part(d.not_ours, 3)),
    Signal("came back", 5, lambda d: _part(d.came_back, 3)),
)


def score(evidence: Evidence, ownership: Ownership | None, prior: float = FIRST_PRIOR) -> float:
    """The first order, 0 to 100; little evidence is pulled towards the prior.

    ownership: as found (`Finding.ownership`). prior: see `running_prior`.
    """
    teams = sum(1 for voices in evidence.felt.values() if voices > 0)
    return (teams * raw_score(distance(evidence, ownership)) + _PULL * prior) / (teams + _PULL)


def raw_score(d: Distance) -> float:
    """The weights' sum, 0 to 100, before any pull."""
    return fsum([signal.points * signal.share(d) for signal in WEIGHTS])


def distance(evidence: Evidence, ownership: Ownership | None) -> Distance:
    """Boil the evidence down to what is weighed."""
    named = [answer.teams for answer in evidence.answers if answer.teams]
    function_of = evidence.function_of
    needed = functions = 0.0
    if named:
        needed = sum([len(teams) for teams in named]) / len(named)
        crossed = [len({function_of[team] for team in teams if team in function_of}) for teams in named]
        functions = sum(crossed) / len(named)
    return Distance(
        needed,
        effective_teams(evidence.felt),
        ownership,
        functions,
        evidence.attempts,
        evidence.not_ours,
        evidence.came_back,
    )


def running_prior(raw_sum: float, problems: int) -> float:
    """The workspace's running mean of raw scores, 45 to begin with."""
    return (_PRIOR_WEIGHT * FIRST_PRIOR + raw_sum) / (_PRIOR_WEIGHT + problems)


def once(given: Sequence[tuple[float, float]], twins: int) -> list[tuple[float, float]]:
    """Ranges of hours for one problem, where so many of its voices are of people who are counted elsewhere already.

    Nobody can tell which range is whose, so as many are left out as may be there twice. The lows are added up as if
    all of them were, the highs as if none was; each range that is left is an average, and nobody's own.
    """
    left = len(given) - min(twins, len(given))
    if left == len(given) or not left:
        return list(given) if left else []
    low = fsum([low for low, _ in given]) / len(given)
    high = fsum([high for _, high in given]) / left
    return [(low, high)] * left


def hours_order(ranges: Sequence[tuple[float, float]]) -> float:
    """The second order: hours a week, the middle of all the ranges given, added up."""
    return fsum([low + high for low, high in ranges]) / 2


def freshness(weeks_ago: Iterable[float]) -> float:
    """How many confirmations' worth of recent interest there is; a gate, never a factor.

    weeks_ago: the age of each confirmation in weeks; one from the future (a clock put back) is new.
    """
    return fsum([2.0 ** (-max(weeks, 0.0) * 7 / HALF_LIFE_DAYS) for weeks in weeks_ago])


def is_stale(fresh: float) -> bool:
    """Whether a problem of this freshness rests instead of being ordered."""
    return fresh < STALE_UNDER


def _part(amount: float, whole: int) -> float:
    return min(max(amount, 0.0), whole) / whole
