"""The people of a made-up company: what anybody there may know of them, and who was present in which minute."""

from __future__ import annotations

import datetime as dt
import random
from array import array
from dataclasses import dataclass
from itertools import accumulate

MINUTES = 480
#: Of the minutes in which somebody was present, so many are seen wrongly, and so many of the others.
MISREAD = 0.05
OPENS = dt.time(9, 0)


@dataclass(frozen=True)
class Person:
    """One member of the company; `team` is the number of a team, None for nobody's."""

    id: str
    mail: str
    direct: str  # the id of the bot's direct messages with this person
    team: int | None


@dataclass(frozen=True)
class Size:
    """How large a world is."""

    people: int = 200
    teams: int = 20
    problems: int = 50
    days: int = 15


def recruit(size: Size, chance: random.Random) -> list[Person]:
    """Everybody, with ids as Slack makes them; one in twenty is of no team."""
    found = []
    for number in range(size.people):
        word = "".join(chance.choices("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", k=9))
        team = None if number % 20 == 19 else number % size.teams
        found.append(
            Person(f"U{word}", f"member{number}.{word[:3].lower()}@corp.example", f"D{word[::-1]}", team)
        )
    return found


class Presence:
    """Who was there in which minute of which working day, and what somebody who watches saw of it."""

    def __init__(self, people: list[Person], days: list[dt.date], chance: random.Random) -> None:
        self.days = days
        self._there: dict[tuple[str, dt.date], bytes] = {}
        self._sums: dict[tuple[str, dt.date], array[int]] = {}
        for person in people:
            for day in days:
                there = _sessions(chance)
                self._there[person.id, day] = there
                seen = bytearray(there)
                for minute in _some(MINUTES, MISREAD, chance):
                    seen[minute] ^= 1
                self._sums[person.id, day] = array("H", [0, *accumulate(seen)])

    def minutes(self, person: str, day: dt.date) -> list[int]:
        """The truth, for the world alone."""
        return [minute for minute, there in enumerate(self._there[person, day]) if there]

    def seen(self, person: str, at: dt.datetime, *, around: int = 0) -> float:
        """The share of the minutes around a time in which this person was seen; 0.5 outside of working hours."""
        sums = self._sums.get((person, at.date()))
        minute = minute_of(at)
        low, high = max(0, minute - around), min(MINUTES, minute + around + 1)
        if sums is None or low >= high:
            return 0.5
        return (sums[high] - sums[low]) / (high - low)


def moment(day: dt.date, minute: int, second: int = 0) -> dt.datetime:
    """A minute of a working day as a time."""
    return dt.datetime.combine(day, OPENS, dt.UTC) + dt.timedelta(minutes=minute, seconds=second)


def minute_of(at: dt.datetime) -> int:
    """The minute of its working day that a time falls in; negative before it begins."""
    since = at - dt.datetime.combine(at.date(), OPENS, dt.UTC)
    return int(since.total_seconds() // 60)


def _sessions(chance: random.Random) -> bytes:
    """At work in Slack for some minutes and away for longer by turns: about one minute in seven."""
    there = bytearray(chance.randrange(60))
    while len(there) < MINUTES:
        there += b"\x01" * chance.randrange(4, 24)
        there += bytes(chance.randrange(30, 130))
    return bytes(there[:MINUTES])


def _some(most: int, share: float, chance: random.Random) -> list[int]:
    """Each number below `most` with this probability, in few draws."""
    count = round(most * share + chance.gauss(0, (most * share * (1 - share)) ** 0.5))
    return chance.sample(range(most), max(0, min(most, count)))
