"""The time, as a thing that is passed in."""

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Says what time it is, as an aware UTC value."""

    def __call__(self) -> datetime: ...


def system_clock() -> datetime:
    """The machine's own time, in UTC."""
    return datetime.now(UTC)


def practice_clock(path: Path, base: Clock = system_clock) -> Clock:
    """A clock that is ahead of `base` by the seconds that stand in the file `path`, as text.

    The file may change while the clock runs. A file that is missing or does not hold a number counts as 0.
    """
    seen: tuple[int, int, timedelta] = (-1, -1, timedelta())

    def now() -> datetime:
        nonlocal seen
        try:
            stat = path.stat()
            if (stat.st_mtime_ns, stat.st_size) != seen[:2]:
                seen = (stat.st_mtime_ns, stat.st_size, _offset(path.read_text(encoding="utf-8")))
        except OSError:
            return base()
        try:
            return base() + seen[2]
        except OverflowError:  # past the year 9999: as broken as no number at all
            return base()

    return now


def _offset(text: str) -> timedelta:
    try:
        seconds = float(text.strip())
        return timedelta(seconds=seconds) if math.isfinite(seconds) else timedelta()
    except (ValueError, OverflowError):
        return timedelta()
