"""Pure rules of the pulse: when the careful mode may be left, who is quiet, and whether the flow has fallen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from math import comb
from typing import Final

#: Fewer voices than this in a quarter, none among them, are one answer: hardly any.
HARDLY_ANY: Final = 5
#: A function is asked about from twice that many people on: then fewer than five voices say little of each.
SIZE_ASKED_ABOUT: Final = 10
#: The flow of the last weeks is held against that of the weeks before them.
LAST_WEEKS: Final = 4
WEEKS_BEFORE: Final = 12
#: Fewer than so many in all weeks together say nothing of a fall.
FLOW_LEAST: Final = 20
#: How rarely a steady flow may look like a fall in one week's look.
FALSE_ALARM: Final = 0.005

_BANDS: Final = ((1, 3), (4, 4), (5, 7))


def bands(counts: Mapping[int, int]) -> tuple[int, int, int]:
    """How many rather disagree, are in between and rather agree, of a seven-point scale."""
    low, middle, high = (sum(counts.get(point, 0) for point in range(a, b + 1)) for a, b in _BANDS)
    return low, middle, high


def index(
    given: Mapping[str, int], items: Mapping[str, bool], *, least: int = 1, most: int = 7
) -> float | None:
    """One person's mean over the items of the line; None where fewer than half of them were answered.

    items: by id, whether agreeing is the bad news.
    """
    said = [
        least + most - given[item] if turned else given[item]
        for item, turned in items.items()
        if item in given
    ]
    return sum(said) / len(said) if said and 2 * len(said) >= len(items) else None


def clears(low: float | None, line: float) -> bool:
    """Whether the careful mode may be offered to be left: the whole interval is above the line, never the mean alone."""
    return low is not None and low > line


def rate_moved(first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Whether the shares who answered (answered, invited) differ by more than 15 points: then a change may be theirs."""
    (a, n), (b, m) = first, second
    return bool(n and m) and abs(100 * a / n - 100 * b / m) > 15


def fell(weekly: Sequence[int]) -> bool:
    """Whether the last four weeks brought fewer than the twelve before them would let expect.

    weekly: counts of the workspace, oldest first, at least sixteen weeks. Given all that came, in a steady flow each is
    as likely to have come in any week: so few in the last four would then be seen in one look of two hundred.
    """
    weeks = list(weekly)[-(LAST_WEEKS + WEEKS_BEFORE) :]
    total, late = sum(weeks), sum(weeks[-LAST_WEEKS:])
    if len(weeks) < LAST_WEEKS + WEEKS_BEFORE or total < FLOW_LEAST:
        return False
    share = LAST_WEEKS / (LAST_WEEKS + WEEKS_BEFORE)
    tail = sum(comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(late + 1))
    return tail < FALSE_ALARM


def quiet(voices: Mapping[int, int], sizes: Mapping[int, int]) -> list[int]:
    """Functions of ten people or more with hardly any voice, by id: whether it was none or four is not told."""
    return sorted(
        function
        for function, size in sizes.items()
        if size >= SIZE_ASKED_ABOUT and voices.get(function, 0) < HARDLY_ANY
    )


def quarter(day: dt.date) -> str:
    """The quarter of a day, as 2026-Q4."""
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"


def quarter_before(day: dt.date) -> tuple[dt.date, dt.date]:
    """The first day of the quarter that was over before this day's, and the first day after it."""
    end = dt.date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    last = end - dt.timedelta(days=1)
    return dt.date(last.year, 3 * ((last.month - 1) // 3) + 1, 1), end
