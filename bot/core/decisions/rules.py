"""What holds of a decision: who pays and who gains in hours, when it counts, and what becomes of it at its review."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import fsum
from typing import Final

#: Until the first review, unless the stewards say another day.
FIRST_REVIEW: Final = dt.timedelta(weeks=6)
#: Working days in which everybody concerned can object before a one-way door counts.
COMMENT_DAYS: Final = 5
#: Working days from the review on in which those who pay are asked first, and until when it has to be settled.
PAYERS_DAYS: Final = 5
SETTLE_DAYS: Final = 10
#: From so many decisions on, one team carries a lot.
MUCH: Final = 3
#: Most hours a week that one team can be said to carry or to save.
HOURS_MOST: Final = 999.0


class Door(StrEnum):
    TWO_WAY = "two_way"  # easily undone
    ONE_WAY = "one_way"  # hard to undo: a second steward, and a comment window before it counts


class DecisionState(StrEnum):
    PROPOSED = "proposed"  # a one-way door that does not count yet
    RUNNING = "running"
    ENDED = "ended"  # by the stewards, with a sentence, or with its problem
    LAPSED = "lapsed"  # nobody said at its review that it should go on
    DROPPED = "dropped"  # it never counted


class PayersWord(StrEnum):
    """What a team that pays has said of it."""

    INFORMED = "informed"  # it was told, and has said nothing
    AGREED = "agreed"
    DISAGREES = "disagrees"


class ReviewWord(StrEnum):
    KEEP = "keep"
    CHANGE = "change"
    END = "end"


class Due(StrEnum):
    """What a review waits for."""

    NOT_YET = "not_yet"
    PAYERS = "payers"  # those who pay are asked first
    STEWARDS = "stewards"
    LAPSES = "lapses"
    FLAGGED = "flagged"  # a one-way door that nobody has looked at in time


@dataclass(frozen=True, slots=True)
class Hours:
    """A range of hours a week."""

    low: float
    high: float

    @property
    def one(self) -> bool:
        """Whether it is one figure."""
        return self.low == self.high


_FIGURE: Final = r"(\d{1,4}(?:[.,]\d{1,2})?)"
_RANGE: Final = re.compile(rf"\s*{_FIGURE}(?:\s*(?:-|\u2013|\u2014|to|bis|a)\s*{_FIGURE})?\s*h?\s*")


def hours_of(typed: str) -> Hours | None:
    """Hours a week as somebody typed them ("3", "2-4", "2 to 4"); None for nothing. Raises ValueError for all else."""
    if not typed.strip():
        return None
    found = _RANGE.fullmatch(typed.lower())
    if found is None:
        raise ValueError("no range of hours")
    low = float(found[1].replace(",", "."))
    high = float((found[2] or found[1]).replace(",", "."))
    if low > high:
        low, high = high, low
    if high > HOURS_MOST:
        raise ValueError("more hours than a team has")
    return Hours(low, high)


def together(each: Iterable[Hours | None]) -> Hours | None:
    """The sum of what is known; None where nothing is."""
    known = [hours for hours in each if hours is not None]
    if not known:
        return None
    return Hours(fsum(hours.low for hours in known), fsum(hours.high for hours in known))


def working_day(start: dt.date, days: int, free: Callable[[dt.date], bool]) -> dt.date:
    """The day so many working days after `start`. Raises ValueError where a year has none."""
    day, left = start, days
    for _ in range(366 + days):
        if left <= 0:
            return day
        day += dt.timedelta(days=1)
        left -= day.weekday() < 5 and not free(day)
    raise ValueError("this calendar has no working day in a year")


@dataclass(frozen=True, slots=True)
class Review:
    """Where a review stands. askable: how many of those who pay somebody answers for; said: what was answered."""

    door: Door
    on: dt.date
    askable: int
    said: Sequence[ReviewWord]


def due(review: Review, *, today: dt.date, free: Callable[[dt.date], bool]) -> Due:
    """What a running decision's review waits for today.

    Those who pay are asked first. Where none of them has said anything in their days, or stewards do not settle
    it in theirs, a two-way door lapses and a one-way door is flagged; nothing goes on by silence.
    """
    if today < review.on:
        return Due.NOT_YET
    over = Due.LAPSES if review.door is Door.TWO_WAY else Due.FLAGGED
    if today > working_day(review.on, SETTLE_DAYS, free):
        return over
    if len(review.said) < review.askable:
        if today <= working_day(review.on, PAYERS_DAYS, free):
            return Due.PAYERS
        if not review.said:
            return over
    return Due.STEWARDS


def counts(*, today: dt.date, from_: dt.date | None, proposed_by: str | None, second: str) -> bool:
    """Whether a one-way door counts once this steward says so: another one than who proposed it, after the comments."""
    return from_ is not None and today >= from_ and second != proposed_by


def carries_much(decisions: int) -> bool:
    """Whether one team carries so many that somebody should look."""
    return decisions >= MUCH
