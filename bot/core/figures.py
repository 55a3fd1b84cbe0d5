"""Honest figures from small groups: each carries how many it stands on, and an interval. Never a p-value.

Student t for means, Wilson for shares, Kaplan-Meier for waits. scipy comes with the extra `reports` and takes seconds
to import, so it is asked for by the jobs and commands that work figures out, and never while a person waits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final

#: How often an interval made like this holds the truth.
LEVEL: Final = 0.95


class MissingLibraries(Exception):
    """The extra `reports` is not installed, so no interval can be worked out."""

    def __init__(self) -> None:
        super().__init__("scipy is missing: install the extra `reports` (`pip install groundswell[reports]`)")


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n`, with its Wilson interval as shares from 0 to 1."""

    n: int
    hits: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.hits / self.n


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of `n` values with its Student-t interval, in the values' own unit; no interval from one value."""

    n: int
    mean: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """The second group's mean less the first's, with Welch's t interval; no interval where it can't be told."""

    n_first: int
    n_second: int
    difference: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Overlap:
    """Pick one of each group at random: the shares of picks in which the second is higher, equal and lower."""

    n_first: int
    n_second: int
    higher: float
    equal: float
    lower: float

    @property
    def delta(self) -> float:
        """Cliff's delta, from -1 (always lower) to 1 (always higher)."""
        return self.higher - self.lower


@dataclass(frozen=True, slots=True)
class Step:
    """From `at` on the share `waiting` still waits (with its interval); so many were `at_risk` just before."""

    at: float
    waiting: float
    low: float
    high: float
    at_risk: int


@dataclass(frozen=True, slots=True)
class Waits:
    """A Kaplan-Meier curve of `n` waits, `over` of which have ended; the others count for as long as they waited.

    median: when half no longer waits; None where more than half still does. Units are those of the waits.
    """

    n: int
    over: int
    steps: tuple[Step, ...]
    median: float | None


def available() -> bool:
    """Whether intervals can be worked out here; imports nothing."""
    return find_spec("scipy") is not None


def wilson(hits: int, n: int) -> Share:
    """A share with its interval; `n` is at least 1. Raises ValueError for counts that are none."""
    if not 0 <= hits <= n or n < 1:
        raise ValueError("a share needs at least one of which it is one")
    # In closed form: a large company's pulse has thousands, and the library's way works out a test for each as well.
    z, share = _z(), hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # At the ends the two cancel out but for what a float can't hold, which would be read as a figure.
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    return Share(n, hits, low, 1.0 if hits == n else min(1.0, middle + half))


def t_interval(values: Sequence[float]) -> Mean:
    """A mean with its interval. Raises ValueError without values."""
    n = len(values)
    if n == 0:
        raise ValueError("there is no mean of nothing")
    mean = math.fsum(values) / n
    if n == 1:
        return Mean(1, mean, None, None)
    half = _t(n - 1) * math.sqrt(_variance(values, mean) / n)
    return Mean(n, mean, mean - half, mean + half)


def difference(first: Sequence[float], second: Sequence[float]) -> Difference:
    """How far the second group's mean is from the first's; the two are different people's, or may be."""
    n, m = len(first), len(second)
    if not n or not m:
        raise ValueError("there is no difference to nothing")
    a, b = math.fsum(first) / n, math.fsum(second) / m
    if n < 2 or m < 2:
        return Difference(n, m, b - a, None, None)
    u, v = _variance(first, a) / n, _variance(second, b) / m
    return _welch(n, m, b - a, u, v)


def difference_of_means(first: Mean, second: Mean) -> Difference:
    """The same from two means with their intervals, where the values are not kept."""
    off = second.mean - first.mean
    if first.low is None or second.low is None:
        return Difference(first.n, second.n, off, None, None)
    u, v = (
        ((mean.mean - low) / _t(mean.n - 1)) ** 2 for mean, low in ((first, first.low), (second, second.low))
    )
    return _welch(first.n, second.n, off, u, v)


def _welch(n: int, m: int, off: float, u: float, v: float) -> Difference:
    """Around a difference, from the variances of both means."""
    if u + v == 0:
        return Difference(n, m, off, off, off)
    freedom = (u + v) ** 2 / (u**2 / (n - 1) + v**2 / (m - 1))
    half = _t(freedom) * math.sqrt(u + v)
    return Difference(n, m, off, off - half, off + half)


def cliffs_delta(first: Sequence[float], second: Sequence[float]) -> Overlap:
    """How the two groups' values lie to one another; needs no library."""
    counts: dict[float, list[int]] = {}
    for place, group in enumerate((first, second)):
        for value in group:
            counts.setdefault(value, [0, 0])[place] += 1
    return overlap({value: both[0] for value, both in counts.items()}, {v: b[1] for v, b in counts.items()})


def overlap(
    first: Mapping[int, int] | Mapping[float, int], second: Mapping[int, int] | Mapping[float, int]
) -> Overlap:
    """The same from counts by value."""
    n, m = sum(first.values()), sum(second.values())
    if not n or not m:
        raise ValueError("two groups can't be compared where one is empty")
    below = higher = equal = 0
    for value in sorted({*first, *second}):
        here = second.get(value, 0)
        higher += here * below
        equal += here * first.get(value, 0)
        below += first.get(value, 0)
    pairs = n * m
    return Overlap(n, m, higher / pairs, equal / pairs, (pairs - higher - equal) / pairs)


def kaplan_meier(waits: Sequence[float], over: Sequence[bool]) -> Waits:
    """How long it takes until something ends; `over` says of each wait whether it has ended or still goes on.

    Raises ValueError without waits, or where the two differ in length.
    """
    if not waits or len(waits) != len(over):
        raise ValueError("each wait needs its own word on whether it is over")
    ended = sorted(wait for wait, done in zip(waits, over, strict=True) if done)
    standing = sorted(wait for wait, done in zip(waits, over, strict=True) if not done)
    if not ended:
        return Waits(len(waits), 0, (), None)
    stats = _stats()
    curve = stats.ecdf(stats.CensoredData(uncensored=ended, right=standing)).sf
    low, high = _around(curve)
    steps = tuple(
        Step(at, waiting, low[place], high[place], sum(1 for wait in waits if wait >= at))
        for place, (at, waiting) in enumerate(
            zip(map(float, curve.quantiles), map(float, curve.probabilities), strict=True)
        )
        if at in set(ended)
    )
    median = next((step.at for step in steps if step.waiting <= 0.5 + 1e-12), None)
    return Waits(len(waits), len(ended), steps, median)


def _around(curve: Any) -> tuple[list[float], list[float]]:
    """The interval at every step, log-log, which stays within 0 and 1; where it can't be told, all of that."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # it can't be told where all or nobody waits
        found = curve.confidence_interval(LEVEL, method="log-log")
    low = [0.0 if math.isnan(each) else float(each) for each in found.low.probabilities]
    high = [1.0 if math.isnan(each) else float(each) for each in found.high.probabilities]
    return low, high


def _variance(values: Sequence[float], mean: float) -> float:
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)


def _z() -> float:
    if not available():
        raise MissingLibraries
    from scipy.special import ndtri

    return float(ndtri((1 + LEVEL) / 2))


def _t(freedom: float) -> float:
    if not available():
        raise MissingLibraries
    from scipy.special import stdtrit  # a hundred times quicker than the distribution's own method

    return float(stdtrit(freedom, (1 + LEVEL) / 2))


def _stats() -> Any:
    if not available():
        raise MissingLibraries
    from scipy import stats

    return stats
