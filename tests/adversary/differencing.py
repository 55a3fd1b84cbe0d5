"""What two colluding accounts can work out from all that they are shown: every small company, every way it can go.

A company of eight. Who confirmed is one of 256 worlds a week; what anybody is shown is the public finding of each
edition (cards, lists, Homes and editions show nothing else of confirmations, and nothing between editions), and the
week in which it is asked whether it is still there. The two know what they did themselves. Worlds that look the same to
them are possible to them. `ordered` lays beside it where another problem stands in the same edition.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from bot.core.problems.breadth_rules import Band
from bot.core.problems.evidence import stale_from
from bot.core.problems.order_rules import score
from bot.core.problems.rules import Evidence, Finding, find
from bot.core.problems.rules import told as told_of
from bot.core.problems.said import Said

#: Teams of eight people by their sizes; the rest are of no team. k is 5: teams below are never named.
COMPANIES: tuple[tuple[int, ...], ...] = ((8,), (7,), (6, 2), (5, 3), (5, 2, 1), (5,), (4, 4), (3, 3, 2))
NAMED_FROM, PEOPLE = 5, 8
#: The week before the first edition, a Monday.
FIRST, WEEK = dt.date(2026, 11, 16), dt.timedelta(weeks=1)


@dataclass(frozen=True)
class Company:
    """People by number; `team_of` is None for somebody of no team."""

    team_of: tuple[int | None, ...]

    @classmethod
    def of(cls, sizes: Sequence[int], people: int = PEOPLE) -> Company:
        teams = [team for team, size in enumerate(sizes) for _ in range(size)]
        return cls((*teams, *([None] * (people - len(teams)))))

    def members(self, team: int) -> list[int]:
        return [who for who, of in enumerate(self.team_of) if of == team]

    @property
    def teams(self) -> list[int]:
        return sorted({team for team in self.team_of if team is not None})

    def counts(self, confirmed: frozenset[int]) -> tuple[int, ...]:
        """Voices per team, and of people without one."""
        return tuple(sum(self.team_of[who] == team for who in confirmed) for team in [*self.teams, None])

    def shown(self, confirmed: frozenset[int], seen: dict[tuple[int, ...], Finding]) -> Finding:
        """What an edition shows of a problem that somebody unknown raised and these people confirmed."""
        counts = self.counts(confirmed)
        if counts not in seen:
            seen[counts] = find(self.evidence(counts))
        return seen[counts]

    def evidence(self, counts: tuple[int, ...]) -> Evidence:
        return Evidence(
            felt={str(team): counts[index] for index, team in enumerate(self.teams)},
            elsewhere=counts[-1],
            unplaced=1,
            function_of={str(team): str(team % 2) for team in self.teams},
            members={str(team): len(self.members(team)) for team in self.teams},
        )


def still_there(way: History, band: Band) -> dt.date:
    """The week in which everybody reads "still there?", where nobody speaks again after the last edition."""
    weeks: Counter[dt.date] = Counter()
    before: frozenset[int] = frozenset()
    for number, now in enumerate(way):
        weeks[FIRST + number * WEEK] += len(now - before)
        before = now
    last = FIRST + len(way) * WEEK
    said = Said(0, 0, "open", None, 0, 0, 0, 0, None, weeks=+weeks)
    return stale_from(said.freshness(last, band), last)


def order_of(evidence: Evidence, finding: Finding) -> float:
    """What a problem's place in an edition goes by."""
    return score(told_of(evidence, finding), finding.ownership)


#: An edition after the other: who stood as confirming in each.
History = tuple[frozenset[int], ...]


@dataclass(frozen=True)
class Told:
    """Something that two accounts know and should not.

    did: which of the two stood as confirming, edition by edition. count: of the team's other members who have
    confirmed by the last edition, None where it is not certain. possible: people of that team who may have.
    """

    company: tuple[int, ...]
    accounts: tuple[int, int]
    did: History
    shown: tuple[Finding, ...]
    team: int
    count: int | None
    possible: int


def histories(people: int, editions: int, *, taken_back: bool) -> list[History]:
    """Every way in which so many people can come to confirm; without `taken_back` nobody changes their mind."""
    worlds = [frozenset(some) for size in range(people + 1) for some in combinations(range(people), size)]
    found: list[History] = [()]
    for _ in range(editions):
        found = [
            (*before, now)
            for before in found
            for now in worlds
            if taken_back or not before or before[-1] <= now
        ]
    return found


def told(
    sizes: tuple[int, ...], editions: int = 1, *, taken_back: bool = False, people: int = PEOPLE
) -> Iterator[Told]:
    """Every view in which fewer than three people of a team remain possible, or a team's number is certain.

    That nobody of a team has confirmed is no confirmation, and is left out.
    """
    company = Company.of(sizes, people)
    ways = histories(people, editions, taken_back=taken_back)
    seen: dict[tuple[int, ...], Finding] = {}
    teams = [team for team in company.teams if len(company.members(team)) >= NAMED_FROM]
    shown = [tuple([company.shown(now, seen) for now in way]) for way in ways]
    asked = [still_there(way, each[-1].band) for way, each in zip(ways, shown, strict=True)]
    for pair in combinations(range(people), 2):
        two = frozenset(pair)
        views: dict[object, list[History]] = defaultdict(list)
        for way, findings, week in zip(ways, shown, asked, strict=True):
            views[(*[now & two for now in way], findings, week)].append(way)
        for same in views.values():
            for team in teams:
                others = frozenset(company.members(team)) - two
                counts = {len(way[-1] & others) for way in same}
                possible = len({who for way in same for who in way[-1] & others})
                certain = len(counts) == 1 and counts != {0}
                if certain or (0 not in counts and possible < 3):
                    did = tuple([now & two for now in same[0]])
                    findings = tuple([company.shown(now, seen) for now in same[0]])
                    yield Told(sizes, pair, did, findings, team, counts.pop() if certain else None, possible)


@dataclass(frozen=True)
class Ordered:
    """What the place beside another problem gives away: `team`'s number among the others, which is certain."""

    company: tuple[int, ...]
    accounts: tuple[int, int]
    did: tuple[frozenset[int], frozenset[int]]
    above: bool
    team: int
    count: int


def ordered(sizes: tuple[int, ...], *, people: int = PEOPLE) -> Iterator[Ordered]:
    """Every view of two problems in one edition, of which one stands above the other, that makes a number certain.

    Nobody knows who confirmed either of them; of equal scores the lower number stands above, which everybody reads.
    """
    company = Company.of(sizes, people)
    seen: dict[tuple[int, ...], Finding] = {}
    named = [place for place, team in enumerate(company.teams) if len(company.members(team)) >= NAMED_FROM]
    worlds = [way[0] for way in histories(people, 1, taken_back=False)]
    scores = {}
    for world in worlds:
        counts, finding = company.counts(world), company.shown(world, seen)
        scores[counts] = order_of(company.evidence(counts), finding)
    for pair in combinations(range(people), 2):
        two = frozenset(pair)
        views: dict[tuple[frozenset[int], Finding], set[tuple[int, ...]]] = defaultdict(set)
        for world in worlds:
            views[world & two, company.shown(world, seen)].add(company.counts(world))
        for (mine, _), counts in views.items():
            own = company.counts(mine)
            for (others, _), beside in views.items():
                among = [scores[each] for each in beside]
                for above in (True, False):
                    left = [
                        each
                        for each in counts
                        if (scores[each] >= min(among) if above else scores[each] <= max(among))
                    ]
                    for place in named:
                        numbers = {each[place] - own[place] for each in left}
                        if len(numbers) == 1 and numbers != {0}:
                            did = (mine, others)
                            yield Ordered(sizes, pair, did, above, company.teams[place], numbers.pop())
