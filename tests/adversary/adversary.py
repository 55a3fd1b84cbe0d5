"""Somebody who wants to know who raised what, holds everything that the threat says, and knows this bot's source.

Clues are not chosen by hand: every cell of every row that leads to a problem is read for people, teams, times and
order, and what is worth something is learned from worlds whose answers are known, then used on others.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean
from typing import Any

from bot.core.identity.sealing import Sealing, Unreadable
from tests.adversary.reading import Dump
from tests.adversary.roster import MINUTES, minute_of, moment
from tests.adversary.traces import PREFIX, Atom, Fingerprints, atoms, joins, times
from tests.adversary.world import Case, Watched

#: A value for a person, the higher the more it speaks for (or, as may be learned, against) having raised it.
Clue = Callable[[str], float]
#: People beside the raiser on whom a clue is compared while learning.
COMPARED = 15
#: So many standard errors has a clue to stand out before anything is built on it.
WORTH = 1.0
_NEAR = dt.timedelta(minutes=3)


@dataclass
class Investigation:
    """Everything that can be read of one world, and the clues that it gives for each of its problems."""

    dump: Dump
    watched: Watched
    with_sealing_key: bool
    rows: dict[str, list[Mapping[str, Any]]] = field(init=False)
    clocks: dict[str, list[dt.datetime | None]] = field(init=False)

    def __post_init__(self) -> None:
        self.rows = self.dump.tables
        held = [*self.watched.secrets.values()]
        if self.with_sealing_key:
            held.append(self.watched.sealing_key)
        self.prints = Fingerprints(self.watched.people, held)
        self.team_of = {
            each.id: self.watched.teams.get(each.team or 0) for each in self.watched.people if each.team
        }
        self.problem_of = {row["title"]: row for row in self.rows["problems"]}
        self.holders = self._holders()
        self.acted = defaultdict(list)
        for who, at, _ in self.watched.named:
            self.acted[who].append(at)
        self.known = self._known_times()
        self.floating = self._floating()
        self.listed = self._listed()
        self.order = self._orders()

    # Reading the whole database once

    def _holders(self) -> dict[Atom, list[tuple[str, int]]]:
        """In which rows a key stands."""
        found: dict[Atom, list[tuple[str, int]]] = defaultdict(list)
        for table, rows in self.rows.items():
            for place, row in enumerate(rows):
                for key in {key for value in row.values() for key in joins(value)}:
                    found[key].append((table, place))
        return found

    def linked(self, ident: int) -> list[tuple[str, int]]:
        """Rows that lead to a problem: they bear its id, or a rare key that such a row bears."""
        near = self.holders.get(ident, [])
        found = dict.fromkeys(near)
        for table, place in near:
            for value in self.rows[table][place].values():
                for key in joins(value):
                    there = self.holders[key]
                    if key != ident and key not in self.ids and len(there) <= 4:
                        found.update(dict.fromkeys(there))
        return list(found)

    def _known_times(self) -> dict[tuple[str, int], dt.datetime]:
        """Rows whose time is known to all: they lead to a problem that somebody raised by name, or bear it."""
        self.ids = {row["id"] for row in self.rows["problems"]} | set(self.watched.teams.values())
        by_words = {words: at for _, at, words in self.watched.named}
        found = {}
        for title, row in self.problem_of.items():
            if title in by_words:
                found.update(dict.fromkeys(self.linked(row["id"]), by_words[title]))
        for place, row in enumerate(self.rows["audit"]):
            found["audit", place] = min(times(row["at"]))
        return found

    def _aligned(self, keyed: Sequence[tuple[Any, tuple[str, int]]]) -> dict[tuple[str, int], dt.datetime]:
        """Rows that name one person each, laid beside the named acts as they came, as far as the order fits."""
        acts = sorted((at, who) for who, at, _ in self.watched.named)
        named = [(at, next(iter(who))) for _, at in keyed if len(who := self._of(at)) == 1]
        found, next_act = {}, 0
        for row, who in named:
            for index in range(next_act, min(len(acts), next_act + 5)):
                if acts[index][1] == who:
                    found[row], next_act = acts[index][0], index + 1
                    break
        return found if len(found) > 0.9 * len(named) else {}

    def _floating(self) -> dict[str, list[dt.datetime]]:
        """Times that belong to no problem and to no named act."""
        named = {at.replace(second=0, microsecond=0) for _, at, _ in self.watched.named}
        found: dict[str, list[dt.datetime]] = {}
        for table, rows in self.rows.items():
            for column in rows[0] if rows else ():
                seen = [at for row in rows for at in times(row[column]) if 0 <= minute_of(at) < MINUTES]
                found[f"{table}.{column}"] = [
                    at for at in seen if at.replace(second=0, microsecond=0) not in named
                ]
        exported = "\n".join(self.watched.exports)
        for name, text in (
            ("log", self.watched.log),
            ("metrics", self.watched.metrics),
            ("exports", exported),
        ):
            found[name] = [at for line in text.splitlines() for at in times(line)]
        found["scrapes"] = [at for at in self.watched.scraped if at not in named]
        return {name: seen for name, seen in found.items() if seen}

    def _listed(self) -> dict[str, set[str]]:
        """Whom each table has a row about."""
        found = {}
        for table, rows in self.rows.items():
            people = {who for row in rows for value in row.values() for who in self.prints.people(value)}
            if people:
                found[table] = people
        return found

    def _orders(self) -> dict[str, list[tuple[Any, tuple[str, int]]]]:
        """The rows of each table in the order of their place, of their transaction, and of each column."""
        found = {}
        for table, rows in self.rows.items():
            for column in rows[0] if rows else ():
                keyed = [(row[column], (table, place)) for place, row in enumerate(rows)]
                keyed = [
                    (bytes(key) if isinstance(key, memoryview) else key, at)
                    for key, at in keyed
                    if key is not None
                ]
                kinds = {type(key) for key, _ in keyed}
                different = len({key for key, _ in keyed}) > 3
                if different and len(kinds) == 1 and kinds <= {int, float, str, bytes, dt.datetime}:
                    found[f"{table}.{column}"] = sorted(keyed)
        self.clocks = {name: self._clock(keyed) for name, keyed in found.items()}
        return found

    def _clock(self, keyed: Sequence[tuple[Any, tuple[str, int]]]) -> list[dt.datetime | None]:
        """The known times in an order, None where a row's is not known; empty where they are in no order."""
        known = self.known | self._aligned(keyed)
        clock = [known.get(at) for _, at in keyed]
        when = [at for at in clock if at is not None]
        return clock if len(when) >= 6 and _in_step(when) else []

    # Clues for one problem

    def clues(self, title: str) -> dict[str, Clue]:
        """All that speaks for one person or another."""
        row = self.problem_of.get(title)
        if row is None:
            return {}
        day, linked = self.watched.days[title], self.linked(row["id"])
        found: dict[str, Clue] = {}
        self._in_cells(found, linked, row, day)
        self._in_order(found, linked, day)
        self._around(found, day)
        return found

    def _in_cells(
        self, found: dict[str, Clue], linked: Sequence[tuple[str, int]], row: Mapping[str, Any], day: dt.date
    ) -> None:
        people: dict[str, set[str]] = defaultdict(set)
        teams: dict[str, set[int]] = defaultdict(set)
        seen: dict[str, list[dt.datetime]] = defaultdict(list)
        voices = self._voices(row)
        for table, place in linked:
            for column, value in self.rows[table][place].items():
                name = f"{table}.{column}"
                people[name] |= self.prints.people(value)
                for atom in atoms(value):
                    if isinstance(atom, bytes) and atom[:PREFIX] in voices:
                        people[name].add(voices[atom[:PREFIX]])
                    if isinstance(atom, int) and atom in self.ids:
                        teams[name].add(atom)
                seen[name] += [at for at in times(value) if at.date() == day and 0 <= minute_of(at) < MINUTES]
        for name, who in people.items():
            if who:
                found[f"person in {name}"] = _is_in(who)
        for name, which in teams.items():
            found[f"team in {name}"] = lambda who, which=which: float(self.team_of.get(who) in which)
        for name, when in seen.items():
            if when:
                found[f"there at {name}"] = self._there(when, around=0)
                found[f"acted near {name}"] = self._acted_near(when)

    def _voices(self, row: Mapping[str, Any]) -> dict[bytes, str]:
        """Everybody's hash for this problem under the sealing key, where that is held; and who stands in its seal."""
        if not self.with_sealing_key or not row["salt"]:
            return {}
        sealing = Sealing([self.watched.sealing_key], random.Random(0))
        salt, mark = bytes(row["salt"]), bytes(row["salt_mark"])
        found = {}
        for person in self.watched.people:
            for purpose in ("confirm", "raise", "follow_up", "answer"):
                try:
                    voice = sealing.voice(person.id, salt=salt, mark=mark, purpose=purpose)
                except Unreadable:
                    return {}
                found[voice[:PREFIX]] = person.id
        return found

    def _in_order(self, found: dict[str, Clue], linked: Sequence[tuple[str, int]], day: dt.date) -> None:
        """Where a row stands among others whose time is known, or among those of the same day."""
        mine = set(linked)
        for name, keyed in self.order.items():
            places = [index for index, (_, at) in enumerate(keyed) if at in mine]
            if not places or len(places) == len(keyed):
                continue
            index = places[0]
            clock = self.clocks[name]
            if clock:
                before = max([moment(day, 0), *[at for at in clock[:index] if at]])
                after = min([moment(day, MINUTES - 1), *[at for at in clock[index + 1 :] if at]])
                found[f"between in {name}"] = self._through(before, after)
            others = {
                who
                for near in (index - 1, index + 1)
                if 0 <= near < len(keyed)
                for who in self._of(keyed[near][1])
            }
            if others:
                found[f"beside in {name}"] = _is_in(others)

    def _of(self, where: tuple[str, int]) -> set[str]:
        table, place = where
        return {who for value in self.rows[table][place].values() for who in self.prints.people(value)}

    def _around(self, found: dict[str, Clue], day: dt.date) -> None:
        """What is known of the day, and of people as such."""
        for name, when in self.floating.items():
            today = [at for at in when if at.date() == day]
            if today:
                found[f"there at a time in {name}"] = self._there(today, around=0)
        for table, who in self.listed.items():
            found[f"listed in {table}"] = _is_in(who)
        found["acted on the day"] = lambda who: float(any(at.date() == day for at in self.acted[who]))
        found["there that day"] = self._there([moment(day, MINUTES // 2)], around=MINUTES // 2)

    def _there(self, when: Sequence[dt.datetime], *, around: int) -> Clue:
        seen = self.watched.presence.seen
        return lambda who: fmean(seen(who, at, around=around) for at in when)

    def _through(self, before: dt.datetime, after: dt.datetime) -> Clue:
        if after < before:
            return lambda _who: 0.0
        middle, around = before + (after - before) / 2, int((after - before).total_seconds() // 120)
        return lambda who: self.watched.presence.seen(who, middle, around=around)

    def _acted_near(self, when: Sequence[dt.datetime]) -> Clue:
        return lambda who: float(any(abs(at - each) < _NEAR for at in self.acted[who] for each in when))


def _is_in(people: set[str]) -> Clue:
    return lambda who: float(who in people)


def _in_step(when: Sequence[dt.datetime]) -> bool:
    """Whether times come in the order in which they stand, nearly all of them."""
    steps = [before <= after for before, after in pairwise(when)]
    return fmean(steps) > 0.9


def candidates(watched: Watched, title: str) -> list[str]:
    """Everybody but stewards and those who are known to have confirmed it, and so did not raise it."""
    known = watched.excluded.get(title, set())
    return [each.id for each in watched.people[2:] if each.id not in known]


@dataclass
class Inquiry:
    """One world as the adversary works on it: two investigations, since anonymous promises more than confidential."""

    watched: Watched
    cases: list[Case]
    anonymous: Investigation
    confidential: Investigation
    _found: dict[str, dict[str, Clue]] = field(default_factory=dict)

    @classmethod
    def into(cls, dump: Dump, watched: Watched, cases: Iterable[Case]) -> Inquiry:
        return cls(
            watched,
            list(cases),
            Investigation(dump, watched, with_sealing_key=True),
            Investigation(dump, watched, with_sealing_key=False),
        )

    def clues(self, case: Case) -> dict[str, Clue]:
        if case.title not in self._found:
            investigation = self.anonymous if case.anonymous else self.confidential
            self._found[case.title] = investigation.clues(case.title)
        return self._found[case.title]


Weights = dict[str, float]


def learn(inquiries: Iterable[Inquiry], chance: random.Random) -> Weights:
    """How far raisers stood out by each clue, in worlds whose answers are known."""
    stood: dict[str, list[float]] = defaultdict(list)
    problems = 0
    for inquiry in inquiries:
        for case in inquiry.cases:
            problems += 1
            others = [who for who in candidates(inquiry.watched, case.title) if who != case.raiser]
            compared = chance.sample(others, min(COMPARED, len(others)))
            for name, clue in inquiry.clues(case).items():
                values = [clue(who) for who in (case.raiser, *compared)]
                stood[name].append(_standardised(values)[0])
    weights = {}
    for name, stands in stood.items():
        mean = sum(stands) / problems
        spread = (sum(each**2 for each in stands) / problems - mean**2 + 1 / problems) ** 0.5
        error = spread / problems**0.5
        if abs(mean) > WORTH * error:
            weights[name] = mean / spread**2
    return weights


def scores(inquiry: Inquiry, case: Case, weights: Weights, people: Sequence[str]) -> list[float]:
    """How much speaks for each of these people; all 0 where nothing that was learned is there."""
    total = [0.0] * len(people)
    clues = inquiry.clues(case)
    everybody = candidates(inquiry.watched, case.title)
    for name, weight in weights.items():
        clue = clues.get(name)
        if clue is None:
            continue
        values = [clue(who) for who in everybody]
        mean = fmean(values)
        spread = fmean([(value - mean) ** 2 for value in values]) ** 0.5
        if spread > 0:
            total = [
                so_far + weight * (clue(who) - mean) / spread
                for so_far, who in zip(total, people, strict=True)
            ]
    return total


def _standardised(values: Sequence[float]) -> list[float]:
    mean = fmean(values)
    spread = fmean([(value - mean) ** 2 for value in values]) ** 0.5
    return [(value - mean) / spread if spread else 0.0 for value in values]
