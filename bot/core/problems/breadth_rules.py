"""How widely a problem is felt: how many teams its voices are worth, and the words that anybody is told."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from math import exp, fsum, log, sqrt
from typing import Final

# "Several" teams feel it from here on, in effective teams; from MORE_THAN_TWO on they are more than two.
SEVERAL: Final = 1.8
MORE_THAN_TWO: Final = 2.5
# Where "several" becomes "many": five in effect, as far as the score tells teams apart.
MANY: Final = 4.5


class Breadth(StrEnum):
    """How many teams or functions feel it, as finely as anybody is told."""

    ONE = "one"
    TWO = "two"
    SEVERAL = "several"
    MANY = "many"


class Band(StrEnum):
    """How many people feel it, as finely as anybody is told."""

    FEWER_THAN_TEN = "<10"
    TEN_TO_NINETEEN = "10-19"
    TWENTY_AND_MORE = "20+"

    @classmethod
    def _missing_(cls, value: object) -> Band | None:
        """Facts that were stored before docs/decisions/0012-bands.md know two bands below ten."""
        return cls.FEWER_THAN_TEN if value in ("1-4", "5-9") else None


#: So many teams a word for breadth is worth in the order of problems.
WORTH_OF: Final[Mapping[Breadth, int]] = {
    Breadth.ONE: 1,
    Breadth.TWO: 2,
    Breadth.SEVERAL: 3,
    Breadth.MANY: 5,
}
#: So many people feel it at least, as far as its band says.
LEAST_OF: Final[Mapping[Band, int]] = {
    Band.FEWER_THAN_TEN: 1,
    Band.TEN_TO_NINETEEN: 10,
    Band.TWENTY_AND_MORE: 20,
}


def effective_teams(felt: Mapping[str, int]) -> float:
    """How many equally loud teams the voices are worth: exp of the entropy of their square roots."""
    voices = [count for count in felt.values() if count > 0]
    if len(voices) < 2:
        return float(len(voices))
    # fsum, not sum: the order in which teams come out of a query must not show in the last digit.
    weights = [sqrt(count) for count in voices]
    total = fsum(weights)
    return total * exp(-fsum([weight * log(weight) for weight in weights]) / total)


def team_breadth(effective: float) -> Breadth | None:
    """The word for so many teams in effect; None where none is known."""
    if effective == 0:
        return None
    if effective < SEVERAL:
        return Breadth.ONE
    if effective < MORE_THAN_TWO:
        return Breadth.TWO
    return Breadth.SEVERAL if effective < MANY else Breadth.MANY


def function_breadth(
    felt: Mapping[str, int], function_of: Mapping[str, str], effective: float
) -> Breadth | None:
    """Functions by number, in the same words; never more of them than of teams."""
    functions = {function_of[team] for team in felt if team in function_of}
    teams = team_breadth(effective)
    if not functions or teams is None:
        return None
    count = len(functions)
    level = count - 1 if count < 3 else 2 if count < MANY else 3
    return _BREADTHS[min(level, _BREADTHS.index(teams))]


def band(people: int) -> Band:
    """The band that a number of people falls in."""
    if people < 10:
        return Band.FEWER_THAN_TEN
    return Band.TEN_TO_NINETEEN if people < 20 else Band.TWENTY_AND_MORE


_BREADTHS: Final = tuple(Breadth)
