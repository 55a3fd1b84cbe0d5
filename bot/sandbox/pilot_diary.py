"""What happened in a practice pilot, written down by those who did it, and never read from the bot."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Did:
    """One thing that somebody did on a day; about: the title of a problem, or nothing. given: what was said with it."""

    on: date
    what: str
    who: str
    about: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Diary:
    """Everything in its order; missed: what could not be done, since the bot offered no such button or refused."""

    entries: list[Did] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def of(self, what: str, about: str | None = None) -> list[Did]:
        return [each for each in self.entries if each.what == what and about in (None, each.about)]

    def __iter__(self) -> Iterator[Did]:
        return iter(self.entries)
