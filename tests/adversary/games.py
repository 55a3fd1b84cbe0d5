"""The two games that an adversary plays, and the lines above which the promise is broken.

The pair game: of two people who both might have raised a problem, which one did? The whole is 2,000 pairs of 40
worlds and fails above 0.535, 3.13 standard errors above a coin. Matching: of everybody, who raised it? The whole
has ten hits by chance and fails above 21; 1 time in 1,400 chance alone comes above that. Fewer pairs or problems
get the line that is crossed by chance as seldom.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from tests.adversary.adversary import Inquiry, candidates, learn, scores

LINE, PAIRS = 0.535, 2000
HITS, BY_CHANCE = 21, 10.0
FOLDS = 4


@dataclass(frozen=True)
class Played:
    """How it went, world by world: pairs decided rightly (a tie is half), hits, and what chance would have given."""

    right: list[list[float]]
    hits: int
    expected: float
    used: list[str]

    @property
    def pairs(self) -> int:
        return sum(map(len, self.right))

    @property
    def rate(self) -> float:
        return fmean([each for world in self.right for each in world])

    @property
    def line(self) -> float:
        """What the rate may come to."""
        return pair_line(self.pairs)

    @property
    def most_hits(self) -> int:
        return hit_line(self.expected)

    @property
    def holds(self) -> bool:
        return self.rate <= self.line and self.hits <= self.most_hits

    def interval(self, chance: random.Random, *, times: int = 1000) -> tuple[float, float]:
        """Nineteen times in twenty the rate lies in here, by drawing worlds anew."""
        drawn = sorted(
            fmean([each for world in chance.choices(self.right, k=len(self.right)) for each in world])
            for _ in range(times)
        )
        return drawn[int(0.025 * times)], drawn[int(0.975 * times)]


def pair_line(pairs: int) -> float:
    """The rate for so many pairs that a coin comes above as seldom as above 0.535 in 2,000."""
    return 0.5 + (LINE - 0.5) * math.sqrt(PAIRS / pairs)


def hit_line(expected: float) -> int:
    """The hits that chance comes above as seldom as above 21 where ten are expected."""
    seldom = _above(HITS, BY_CHANCE)
    most = 0
    while _above(most, expected) > seldom:
        most += 1
    return most


def _above(hits: int, expected: float) -> float:
    """The probability of more hits than this, where each of many problems is hit seldom."""
    return 1 - sum(math.exp(-expected) * expected**n / math.factorial(n) for n in range(hits + 1))


def play(inquiries: Sequence[Inquiry], chance: random.Random) -> Played:
    """Learn from some worlds and guess in the others, until each world was guessed in."""
    folds = min(FOLDS, len(inquiries))
    right: list[list[float]] = []
    hits, expected, used = 0, 0.0, set()
    for fold in range(folds):
        weights = learn([each for n, each in enumerate(inquiries) if n % folds != fold], chance)
        used |= set(weights)
        for inquiry in [each for n, each in enumerate(inquiries) if n % folds == fold]:
            world = []
            for case in inquiry.cases:
                everybody = candidates(inquiry.watched, case.title)
                speaks = dict(zip(everybody, scores(inquiry, case, weights, everybody), strict=True))
                world.append(_more(speaks[case.raiser], speaks[case.decoy]))
                most = max(speaks.values())
                hits += chance.choice([who for who, score in speaks.items() if score == most]) == case.raiser
                expected += 1 / len(everybody)
            right.append(world)
    return Played(right, hits, expected, sorted(used))


def _more(one: float, other: float) -> float:
    return 0.5 if one == other else float(one > other)
