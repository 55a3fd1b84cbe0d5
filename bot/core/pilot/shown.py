"""A report as it is shown: figures with how many they stand on, sections, and what a reader hears of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.pilot.rules import Call, Line, Unit

_NARROW = "\u00a0"  # a number and its unit stay on one line


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure.

    key: its name in the sheet. value, low, high: in `unit`, shares from 0 to 1; none where nothing can be said or (leverage,
    hours) no single value should be. n: of how many. sentence: for a busy reader. says: what its line says of it.
    """

    key: str
    name: str
    unit: Unit
    n: int
    sentence: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    line: Line | None = None
    call: Call | None = None
    says: str = ""

    @property
    def there(self) -> bool:
        return self.low is not None and self.high is not None


@dataclass(frozen=True, slots=True)
class Table:
    """Figures behind a picture, for whoever does not see it; the first cell of a row is its head."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's two forms, and what it shows in words; `svg` and `png` are empty where it was not drawn."""

    name: str
    title: str
    alt: str
    svg: bytes = b""
    png: bytes = b""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the report."""

    key: str
    title: str
    figures: Sequence[Shown] = ()
    notes: Sequence[str] = ()
    picture: Picture | None = None
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """All of it. facts: (what, words) of what was written down first; changes: the same of what was changed since."""

    title: str
    lead: Sequence[str]
    written: Sequence[tuple[str, str]]
    changes: Sequence[str]
    cannot: Sequence[str]
    sections: Sequence[Section]
    methods: Sequence[str]
    locale: str = "en"

    @property
    def figures(self) -> list[Shown]:
        return [figure for section in self.sections for figure in section.figures]

    @property
    def pictures(self) -> list[Picture]:
        return [section.picture for section in self.sections if section.picture and section.picture.png]


def written(value: float, unit: Unit) -> str:
    """A value as people read it, never finer than it is known."""
    match unit:
        case Unit.SHARE:
            return f"{round(100 * value)}{_NARROW}%"
        case Unit.HOURS:
            return f"{rounded(value)}{_NARROW}h"
        case Unit.TIMES:
            return f"{value:.1f}" if abs(value) < 10 else f"{round(value)}"
        case Unit.DAYS:
            return f"{value:.1f}".removesuffix(".0")
        case _:
            return f"{value:.1f}"


def rounded(hours: float) -> str:
    """Hours to two figures: nobody knows them better."""
    step = 10 ** max(0, len(str(int(abs(hours)))) - 2)
    whole = round(hours / step) * step
    return f"{whole:,}".replace(",", "\u202f").replace("-", "\u2212")


def day(date: dt.date) -> str:
    """A day as everywhere else, with its month as a word: whatever the order of day and month at home."""
    return f"{date:%-d %B %Y}"
