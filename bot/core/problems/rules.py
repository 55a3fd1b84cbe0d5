"""Where a problem can be solved: the verdict, and why no team fixes it.

Where the table alone leaves a gap, docs/decisions/0002-verdict-and-order.md says what was chosen.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from math import fsum
from typing import Final, NamedTuple

from bot.core.problems.breadth_rules import (
    MORE_THAN_TWO,
    SEVERAL,
    WORTH_OF,
    Band,
    Breadth,
    band,
    effective_teams,
    function_breadth,
    team_breadth,
)
from bot.core.problems.naming_rules import countable

# Hours are made public from so many people's answers on: one follow-up is for stewards only.
HOURS_FROM: Final = 3


class Ownership(StrEnum):
    """Whose it is, as people see it; the later, the further from any one team's reach."""

    ONE_TEAM = "one_team"
    ONE_BUT_CANNOT = "one_but_cannot"
    CONTESTED = "contested"
    NOBODY = "nobody"


class Mechanism(StrEnum):
    """Why no team fixes it."""

    INCENTIVE = "incentive"
    AUTHORITY = "authority"
    COMMONS = "commons"
    OWNERSHIP = "ownership"
    COUPLING = "coupling"


class Verdict(StrEnum):
    """Where a problem can be solved; ONE_CARRIES is a kind of no single team."""

    TOO_EARLY = "too_early"
    TEAM_LOCAL = "team_local"
    TWO_TEAMS = "two_teams"
    ONE_OWNER_MANY_WAITING = "one_owner_many_waiting"
    ONE_CARRIES = "one_carries"
    NO_SINGLE_TEAM = "no_single_team"


class WhyEarly(StrEnum):
    """Who has to say more before there is a verdict; the first of these that is missing."""

    SECOND_PERSON = "second_person"  # another person who feels it, or another team that was asked and said no
    SECOND_TEAM = "second_team"  # people of two teams who say who would have to change
    TWO_OTHERS_ASKED = "two_others_asked"  # two teams beside the one that feels it


class Column(IntEnum):
    """Who would have to change; the later, the more teams are concerned."""

    SAME_TEAM = 0
    OTHER_TEAM = 1
    TWO_IN_ALL = 2
    THREE_OR_NOBODY = 3


# (felt by several, who would have to change). Two cells cannot be: where several feel it, "only the team that
# feels it" is another team to the rest of them; where one feels it, "one other team" is two teams in all.
TABLE: Final[Mapping[tuple[bool, Column], Verdict]] = {
    (False, Column.SAME_TEAM): Verdict.TEAM_LOCAL,
    (False, Column.TWO_IN_ALL): Verdict.TWO_TEAMS,
    (False, Column.THREE_OR_NOBODY): Verdict.ONE_CARRIES,  # once two other teams were asked
    (True, Column.OTHER_TEAM): Verdict.ONE_OWNER_MANY_WAITING,
    (True, Column.TWO_IN_ALL): Verdict.TWO_TEAMS,
    (True, Column.THREE_OR_NOBODY): Verdict.NO_SINGLE_TEAM,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One person's answer to "who would have to change"; no teams and no ownership is "don't know"."""

    by_team: str | None
    teams: frozenset[str] = frozenset()
    ownership: Ownership | None = None
    by_steward: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that people have said of one problem; teams and functions are opaque names.

    felt: voices per known team (confirmations, and the raiser where the raiser's team is known).
    elsewhere: people without a team. unplaced: people whose team is not kept (a protected raiser).
    asked_said_no: teams that were asked and do not feel it. attempts: tried before and failed.
    not_ours: times a team handed it back. came_back: times it returned after it was closed.
    hours: each answer's range of hours a week. members: active people per team; of a team that is large enough
    to be named, never so many voices count that fewer than three of its people could have said nothing.
    """

    felt: Mapping[str, int]
    elsewhere: int = 0
    unplaced: int = 0
    answers: Sequence[Answer] = ()
    function_of: Mapping[str, str] = field(default_factory=dict)
    asked_said_no: frozenset[str] = frozenset()
    attempts: int = 0
    not_ours: int = 0
    came_back: int = 0
    mechanisms: Mapping[Mechanism, int] = field(default_factory=dict)
    hours: Sequence[tuple[float, float]] = ()
    members: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict with all that its one line of reasons needs, and nothing finer than may be shown.

    likely: answers lie in more than one cell of the table. teams, functions: None where none is known.
    needed_low, needed_high: None until two people named teams. hours: None until enough people gave a range.
    why_early: set exactly where the verdict is "too early".
    """

    verdict: Verdict
    likely: bool
    teams: Breadth | None
    functions: Breadth | None
    band: Band
    needed_low: int | None
    needed_high: int | None
    ownership: Ownership | None
    attempts: int
    not_ours: int
    came_back: int
    mechanism: Mechanism | None
    hours: tuple[float, float] | None
    why_early: WhyEarly | None


@dataclass(frozen=True, slots=True)
class Overrule:
    """A steward's verdict in place of the found one, with the sentence that everybody can read."""

    verdict: Verdict
    sentence: str

    def __post_init__(self) -> None:
        # Letters or digits of any script: blanks, invisible characters and dots explain nothing.
        if not any(character.isalnum() for character in self.sentence):
            raise ValueError("a verdict is overruled with a sentence only")


def find(evidence: Evidence) -> Finding:
    """Place a problem in the table."""
    sizes = evidence.members
    felt = {
        team: countable(voices, sizes.get(team, 0)) for team, voices in evidence.felt.items() if voices > 0
    }
    effective = effective_teams(felt)
    people = sum(felt.values()) + evidence.elsewhere + evidence.unplaced
    ownership = agreed_ownership(evidence.answers)
    several = effective >= SEVERAL
    feeling = _feeling(felt, effective)
    reading = _read(evidence.answers, feeling, several, ownership)

    why_early: WhyEarly | None = None
    if people < 2 and not (people == 1 and evidence.asked_said_no - felt.keys()):
        why_early = WhyEarly.SECOND_PERSON
    elif not reading.heard_enough:
        why_early = WhyEarly.SECOND_TEAM
    elif (
        not several
        and reading.column is Column.THREE_OR_NOBODY
        # A team that says "us too" was asked as well, even where its voices are too few for "several".
        and len((evidence.asked_said_no | felt.keys()) - feeling.surely) < 2
    ):
        why_early = WhyEarly.TWO_OTHERS_ASKED

    return Finding(
        verdict=TABLE[several, reading.column] if why_early is None else Verdict.TOO_EARLY,
        likely=reading.likely and why_early is None,
        teams=team_breadth(effective),
        functions=function_breadth(felt, evidence.function_of, effective),
        band=band(people),
        needed_low=reading.low,
        needed_high=reading.high,
        ownership=ownership,
        attempts=evidence.attempts,
        not_ours=evidence.not_ours,
        came_back=evidence.came_back,
        mechanism=why_it_stays(evidence.mechanisms),
        hours=public_hours(evidence.hours),
        why_early=why_early,
    )


def told(evidence: Evidence, finding: Finding) -> Evidence:
    """What the order goes by: of who feels it no more than the word for it that everybody reads.

    Else where a problem stands beside others would tell how many of a team confirmed it.
    """
    teams = 0 if finding.teams is None else WORTH_OF[finding.teams]
    return replace(evidence, felt={f"{number}": 1 for number in range(teams)})


def agreed_ownership(answers: Iterable[Answer]) -> Ownership | None:
    """What most people say; "one team can" stands aside once anybody says that nobody owns it."""
    said: dict[Ownership, int] = {}
    for answer in answers:
        if answer.ownership is not None:
            said[answer.ownership] = said.get(answer.ownership, 0) + 1
    if not said:
        return None
    if Ownership.NOBODY in said:
        said.pop(Ownership.ONE_TEAM, None)
    return max(said, key=lambda ownership: (said[ownership], _REACH[ownership]))


def why_it_stays(taps: Mapping[Mechanism, int]) -> Mechanism | None:
    """The mechanism that most confirmers tapped; None where none leads."""
    if not taps:
        return None
    most = max(taps.values())
    leading = [mechanism for mechanism, count in taps.items() if count == most]
    return leading[0] if most > 0 and len(leading) == 1 else None


def public_hours(ranges: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    """All that people gave, in hours a week: lows and highs added up, rounded outward to round numbers."""
    if len(ranges) < HOURS_FROM:
        return None
    low = bisect_right(_ROUND_HOURS, fsum([low for low, _ in ranges])) - 1
    high = bisect_left(_ROUND_HOURS, fsum([high for _, high in ranges]))
    last = len(_ROUND_HOURS) - 1
    return _ROUND_HOURS[max(0, low)], _ROUND_HOURS[min(high, last)]


_WIDEST_FIRST: Final = tuple(reversed(Column))
_REACH: Final = {ownership: reach for reach, ownership in enumerate(Ownership)}
_ROUND_HOURS: Final[tuple[float, ...]] = (
    *(0, 1, 2, 3, 4, 6, 8),
    *(step * ten for ten in (10, 100, 1000, 10_000) for step in (1, 1.5, 2, 3, 4, 6, 8)),
)


class _Feeling(NamedTuple):
    """The teams that count as feeling it: as many of the loudest as the voices are worth (one, two, all)."""

    surely: frozenset[str]
    tied: frozenset[str]  # equally loud candidates for the places that are left
    places: int
    unnamed: bool  # somebody feels it, of no known team

    def beside(self, teams: frozenset[str]) -> int:
        """How many of the teams that feel it are not among these."""
        others = len(self.surely - teams) + self.unnamed
        if self.places:
            # Which of the equally loud ones counts must not hang on a name, so one of `teams` comes first.
            others += max(0, self.places - len(self.tied & teams))
        return others


def _feeling(felt: Mapping[str, int], effective: float) -> _Feeling:
    if not felt:
        return _Feeling(frozenset(), frozenset(), 0, unnamed=True)
    count = 1 if effective < SEVERAL else 2 if effective < MORE_THAN_TWO else len(felt)
    if count >= len(felt):
        return _Feeling(frozenset(felt), frozenset(), 0, unnamed=False)
    limit = sorted(felt.values(), reverse=True)[count - 1]
    surely = frozenset([team for team, voices in felt.items() if voices > limit])
    tied = frozenset([team for team, voices in felt.items() if voices == limit])
    places = count - len(surely)
    if len(tied) == places:
        return _Feeling(surely | tied, frozenset(), 0, unnamed=False)
    return _Feeling(surely, tied, places, unnamed=False)


class _Reading(NamedTuple):
    column: Column
    likely: bool
    heard_enough: bool
    low: int | None
    high: int | None


def _read(
    answers: Sequence[Answer], feeling: _Feeling, several: bool, ownership: Ownership | None
) -> _Reading:
    """Read every answer as a column, and take the one that most share; of two, the wider."""
    nobody = ownership is Ownership.NOBODY
    votes = [0, 0, 0, 0]
    named: list[frozenset[str]] = []
    sizes: list[int] = []
    for answer in answers:
        if answer.teams:
            sizes.append(len(answer.teams))
        if answer.ownership is Ownership.NOBODY or (answer.teams and nobody and answer.ownership is None):
            votes[Column.THREE_OR_NOBODY] += 1
        elif answer.teams:
            named.append(answer.teams)

    named, disputed = _settle_owners(named)
    unsure = disputed > 0
    for teams in named:
        others = feeling.beside(teams)
        column = _column(len(teams), others)
        votes[column] += 1
        if feeling.unnamed and column is not _column(len(teams), 0):
            unsure = True

    most = max(votes)
    best = _WIDEST_FIRST[0] if nobody else next(c for c in _WIDEST_FIRST if votes[c] == most)
    several_people = len(sizes) > 1
    return _Reading(
        column=best,
        likely=unsure or votes.count(0) < 3,
        heard_enough=_heard_enough(answers, feeling, several),
        low=min(sizes) if several_people else None,
        high=max(*sizes, disputed) if several_people else None,
    )


def _column(needed: int, others: int) -> Column:
    """The column for so many teams that would have to change and so many others that feel it."""
    if needed + others < 3:
        return Column.SAME_TEAM if needed + others == 1 else Column.TWO_IN_ALL
    return Column.OTHER_TEAM if needed == 1 else Column.THREE_OR_NOBODY


def _settle_owners(named: list[frozenset[str]]) -> tuple[list[frozenset[str]], int]:
    """Where people name different single teams, read those without a lead as "all of these".

    Returns the answers, and how many teams are in dispute (0 where none are).
    """
    single: dict[frozenset[str], int] = {}
    for teams in named:
        if len(teams) == 1:
            single[teams] = single.get(teams, 0) + 1
    if len(single) < 2:
        return named, 0
    most = max(single.values())
    leading = [teams for teams, count in single.items() if count == most]
    union = frozenset().union(*single)
    keep = leading if len(leading) == 1 else []
    return [teams if len(teams) > 1 or teams in keep else union for teams in named], len(union)


def _heard_enough(answers: Sequence[Answer], feeling: _Feeling, several: bool) -> bool:
    """Two people from different teams have answered, or a team's own people say that it is theirs alone."""
    said = [answer for answer in answers if answer.teams or answer.ownership is Ownership.NOBODY]
    if len(said) < 2:
        return False
    # A steward without a team sits for itself; others without a team may be of any team, the same one too.
    seats = {answer.by_team for answer in said if answer.by_team is not None or answer.by_steward}
    if len(seats) > 1:
        return True
    if several or any(a.teams != feeling.surely or a.ownership is Ownership.NOBODY for a in said):
        return False
    return any(answer.by_team in feeling.surely for answer in said)
