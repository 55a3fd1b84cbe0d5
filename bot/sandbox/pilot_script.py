"""What is to become of each problem of a practice pilot: drawn from a seed, before anybody does anything."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

#: Three days of a week on which people do something: Monday, Tuesday and Thursday.
DAYS_A_WEEK: Final = 3
WEEKS: Final = 14
INTAKE: Final = 8
A_WEEK: Final = 3
_FEWEST_TEAMS: Final = 3

COMMAND, SHORTCUT, TAG = "command", "shortcut", "tag"
CONFIDENTIAL, ANONYMOUS, NAMED = "confidential", "anonymous", "named"
SOLVED, ASKED, HANDED, DECIDED, WATCHED, PUT_OFF, LEFT = (
    *("solved", "asked", "handed", "decided", "watched", "put off", "left"),
)
HOURS: Final = ("0-1", "1-3", "3-8")
_KINDS: Final = (
    *(SOLVED, DECIDED, ASKED, DECIDED, HANDED, SOLVED, ASKED, DECIDED, SOLVED),
    *(DECIDED, HANDED, WATCHED, SOLVED, ASKED, DECIDED, HANDED, DECIDED, LEFT),
    *(ASKED, SOLVED, PUT_OFF, SOLVED, LEFT, ASKED),
)
_TITLES: Final = (
    "Customers hear about releases from us last",
    "The same action has four event names",
    "Reviews wait about three weeks",
    "Two dashboards give different numbers",
    "Sign-in changes wait for about six weeks",
    "The test environment is often broken",
    "Each survey tool has its own contract",
    "Roadmaps come in five formats",
    "Old feature switches are never removed",
    "Support can't tell which variant a customer sees",
    "The release calendar is out of date by Tuesday",
    "Cloud cost is one bill that nobody can read",
    "Churn reasons live in free text",
    "Three launches reach one customer on one day",
    "Access to figures takes nine days",
    "Each team writes its own wrapper",
    "Interviews reach the same twelve customers",
    "Decisions of one board are opened again in another",
    "Work items live in two trackers",
    "Nobody sees how much is under way",
    "Prices and contracts go live on different days",
    "The help pages describe an older product",
    "Templates are filled in afterwards",
    "Studies stop half way for want of consent forms",
)


@dataclass(frozen=True, slots=True)
class Story:
    """One problem from raising to its end; days are counted in `DAYS_A_WEEK` from the pilot's first Monday.

    through: how it is raised, way: who may learn by whom. answered: day of the first answer, None for never.
    felt_by: who says "hits us too", with how many hours. needed: teams that would have to change. team: who is asked,
    takes it or pays. yes: what that team says. overruled: a steward says otherwise later where it can be solved.
    pays: hours a week. kept: what the payer says at the review. held: what is found of the guardrail.
    ends: day of the closing sentence. outcome, cost, holds: the raiser's words, None for silence. felt: how contacts
    feel to those who answer for a team.
    """

    title: str
    kind: str
    raiser: str
    through: str
    way: str
    raised: int
    answered: int | None
    felt_by: tuple[tuple[str, str], ...]
    needed: tuple[str, ...]
    team: str
    yes: bool
    overruled: bool
    pays: str
    kept: bool
    held: bool
    ends: int | None
    outcome: str | None
    cost: str | None
    holds: str | None
    felt: int


def stories(
    seed: int, raisers: Sequence[str], teams: Mapping[str, Sequence[str]], askable: Sequence[str]
) -> list[Story]:
    """All problems of one pilot.

    Raisers are handles, and so are those who read, by team; askable: teams that somebody answers for. Raises ValueError
    for a company that is too small for one.
    """
    if len(raisers) < A_WEEK or len(teams) < _FEWEST_TEAMS or not askable:
        raise ValueError(
            "a practice pilot needs three people who raise, three teams, and one that can be asked"
        )
    chance = random.Random(seed)  # noqa: S311  a play, and no secret
    made = []
    for week in range(INTAKE):
        people = chance.sample(raisers, A_WEEK)
        ways = [_way(A_WEEK * week + place) for place in range(A_WEEK)]
        kinds = list(_KINDS[A_WEEK * week : A_WEEK * (week + 1)])
        # In a week those that stewards can read first are answered first: that is all that the bot's figure knows.
        order = sorted(
            range(A_WEEK), key=lambda place: (kinds[place] == LEFT, not _read_at_once(*ways[place]), place)
        )
        after = sorted(chance.choices((1, 2, 3, 4), (9, 6, 3, 2), k=A_WEEK))
        for place, days in zip(order, after, strict=True):
            made.append(
                _story(
                    chance, _TITLES[A_WEEK * week + place], kinds[place], people[place], ways[place], week, days, teams,
                    askable,
                )
            )  # fmt: skip
    return made


def _way(number: int) -> tuple[str, str]:
    """How and as whom: the command in all three ways, a message's menu, an emoji."""
    return (
        (COMMAND, CONFIDENTIAL),
        (COMMAND, ANONYMOUS),
        (SHORTCUT, CONFIDENTIAL),
        (COMMAND, NAMED),
        (TAG, CONFIDENTIAL),
    )[number % 5]


def _read_at_once(through: str, way: str) -> bool:
    """Whether it waits for no batch: the name is shown, or everybody saw the emoji."""
    return way == NAMED or through == TAG


def _story(
    chance: random.Random, title: str, kind: str, raiser: str, how: tuple[str, str], week: int, after: int,
    teams: Mapping[str, Sequence[str]], askable: Sequence[str],
) -> Story:  # fmt: skip
    through, way = how
    raised = DAYS_A_WEEK * week
    answered = None if kind == LEFT else raised + after
    runs = {SOLVED: 9, ASKED: 8, HANDED: 9, DECIDED: 15, WATCHED: 9, PUT_OFF: 6, LEFT: 0}[kind]
    last = DAYS_A_WEEK * WEEKS - 3
    ends = None if answered is None or answered + runs > last else answered + runs
    # One of each of several teams: so many that something can be said of where it can be solved.
    readers = [
        chance.choice([who for who in teams[team] if who != raiser] or teams[team])
        for team in chance.sample(sorted(teams), min(len(teams), chance.choice((3, 3, 4))))
    ]
    return Story(
        title=title,
        kind=kind,
        raiser=raiser,
        through=through,
        way=way,
        raised=raised,
        answered=answered,
        felt_by=tuple((who, chance.choice(HOURS)) for who in readers),
        needed=tuple(chance.sample(askable, min(len(askable), chance.choice((1, 2, 3))))),
        team=chance.choice(askable),
        yes=kind == HANDED and chance.random() < 0.75,
        overruled=kind in (SOLVED, HANDED) and chance.random() < 0.3,
        pays=chance.choice(("1-2", "2-3", "2-4")),
        kept=chance.random() < 0.6,
        held=chance.choice((True, True, True, False)),
        # A decision that nobody looks at again would lapse by itself.
        ends=ends if chance.random() < 0.9 or kind == DECIDED else None,
        outcome=chance.choice(("Yes", "Yes", "Yes", "In part", "No", None)),
        cost=chance.choice(("No", "No", "No", "A little", "Yes", None)),
        holds=chance.choice(("Yes, it still holds", "Yes, it still holds", "No, it is back", None)),
        felt=chance.choice((1, 3, 3, 4, 5)),
    )
