"""What two colluding accounts can work out from all that they are shown: every small company, every way it can go.

A company of eight. Who confirmed is one of 256 worlds a week; what anybody is shown is the public finding of each
edition (cards, lists, Homes and editions show nothing else of confirmations, and nothing between editions). The two
know what they did themselves. Worlds that look the same to them are possible to them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from bot.core.problems.rules import Evidence, Finding, find

#: Teams of eight people by their sizes; the rest are of no team. k is 5: teams below are never named.
COMPANIES: tuple[tuple[int, ...], ...] = ((8,), (7,), (6, 2), (5, 3), (5, 2, 1), (5,), (4, 4), (3, 3, 2))
NAMED_FROM, PEOPLE = 5, 8


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
            felt = {str(team): counts[index] for index, team in enumerate(self.teams)}
            functions = {str(team): str(team % 2) for team in self.teams}
            members = {str(team): len(self.members(team)) for team in self.teams}
            evidence = Evidence(
                felt=felt, elsewhere=counts[-1], unplaced=1, function_of=functions, members=members
            )
            seen[counts] = find(evidence)
        return seen[counts]


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
    for pair in combinations(range(people), 2):
        two = frozenset(pair)
        views: dict[object, list[History]] = defaultdict(list)
        for way in ways:
            views[tuple([(now & two, company.shown(now, seen)) for now in way])].append(way)
        for same in views.values():
            for team in teams:
                others = frozenset(company.members(team)) - two
                counts = {len(way[-1] & others) for way in same}
                possible = len({who for way in same for who in way[-1] & others})
                certain = len(counts) == 1 and counts != {0}
                if certain or (0 not in counts and possible < 3):
                    did = tuple([now & two for now in same[0]])
                    shown = tuple([company.shown(now, seen) for now in same[0]])
                    yield Told(sizes, pair, did, shown, team, counts.pop() if certain else None, possible)
