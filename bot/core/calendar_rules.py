"""When weekly and daily work is due, in any time zone and through any change of its clocks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_SECOND: Final = timedelta(seconds=1)
_WEEKEND: Final = frozenset({5, 6})
# Longer than any run of free days, so a calendar that calls every day free is an error and no endless loop.
_MOST_FREE_DAYS: Final = 366


@dataclass(frozen=True, slots=True)
class Workdays:
    """Which days are worked on: Monday to Friday in a zone, but for those that are `free`."""

    zone: ZoneInfo
    free: Callable[[date], bool] = lambda _day: False

    def between(self, start: datetime, end: datetime) -> int:
        """How many of them passed."""
        return working_days_between(start, end, self.zone, self.free)


@dataclass(frozen=True, slots=True)
class Period:
    """One edition's time: from the instant at which the one before was due to its own, both in UTC.

    key: ISO year and week of the local day it was planned for ("2026-W47"). At most one period bears it,
    also where the weekday or the zone is changed in the middle of a week.
    """

    key: str
    opens_at: datetime
    due_at: datetime

    def late(self, now: datetime) -> timedelta:
        """How long it has been due."""
        return now - self.due_at


def period_due(now: datetime, weekday: int, hour: int, zone: ZoneInfo, *, minute: int = 0) -> Period:
    """The latest weekly period whose instant has come; weekday is 0 for Monday.

    Raises ValueError for a `now` without a zone.
    """
    at = time(hour, minute)
    today = _local_day(now, zone)
    # Clocks put back over midnight show yesterday's date again, so the coming day may have been due already.
    day = today + timedelta(days=(weekday - today.weekday()) % 7)
    while instant(day, at, zone) > now:
        day -= _WEEK
    year, week, _ = day.isocalendar()
    return Period(f"{year}-W{week:02}", instant(day - _WEEK, at, zone), instant(day, at, zone))


def batch_due(now: datetime, hour: int, zone: ZoneInfo, *, minute: int = 0) -> date:
    """The latest local day whose batch hour has come.

    Raises ValueError for a `now` without a zone.
    """
    at = time(hour, minute)
    day = _local_day(now, zone) + _DAY
    while instant(day, at, zone) > now:
        day -= _DAY
    return day


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant at which the clocks there show this time.

    A time shown twice is its first showing; one that is left out is the instant at which the clocks jump.
    """
    local = datetime.combine(day, at.replace(fold=0), tzinfo=zone)
    found = local.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return found
    # In a gap, fold=0 reads the time by the old offset and so lands after the jump, fold=1 before it.
    before = local.replace(fold=1).astimezone(UTC).replace(microsecond=0)
    new = found.astimezone(zone).utcoffset()
    seconds = range(int((found - before).total_seconds()) + 1)
    jump = bisect_left(
        seconds, True, key=lambda s: (before + s * _SECOND).astimezone(zone).utcoffset() == new
    )
    return before + jump * _SECOND


def is_working_day(day: date, holidays: Callable[[date], bool]) -> bool:
    """Monday to Friday, and no holiday."""
    return day.weekday() not in _WEEKEND and not holidays(day)


def working_days_between(
    start: datetime, end: datetime, zone: ZoneInfo, holidays: Callable[[date], bool]
) -> int:
    """Working days after the local day of `start`, up to and with that of `end`; 0 where `end` is no later.

    Raises ValueError for a time without a zone.
    """
    day, last = _local_day(start, zone), _local_day(end, zone)
    count = 0
    while day < last:
        day += _DAY
        count += is_working_day(day, holidays)
    return count


def add_working_days(
    start: datetime, days: int, zone: ZoneInfo, holidays: Callable[[date], bool]
) -> datetime:
    """The same time of day so many working days later, in UTC; 0 days is `start` itself.

    Raises ValueError for a time without a zone, fewer than 0 days, or a calendar without a working day in a year.
    """
    if days < 0:
        raise ValueError("working days are counted forward only")
    day = _local_day(start, zone)
    if days == 0:
        return start.astimezone(UTC)
    for _ in range(days):
        day = _next_working_day(day, holidays)
    return instant(day, start.astimezone(zone).time(), zone)


def _next_working_day(day: date, holidays: Callable[[date], bool]) -> date:
    for _ in range(_MOST_FREE_DAYS):
        day += _DAY
        if is_working_day(day, holidays):
            return day
    raise ValueError("this calendar has no working day in a year")


def _local_day(moment: datetime, zone: ZoneInfo) -> date:
    if moment.tzinfo is None:
        raise ValueError("a time without a zone says nothing here")
    return moment.astimezone(zone).date()
