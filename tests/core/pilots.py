"""Pilots and facts for tests of the report."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.core import figures
from bot.core.pilot.facts_rules import Facts, Range, Side, Stage, TeamActed, Told, Wait, Wave
from bot.core.pilot.queries import Standing
from bot.core.pilot.rules import Changed, Definition, Times

MONDAY = dt.date(2026, 11, 23)
WEEK = dt.timedelta(weeks=1)
PILOT = Definition("Does it help?", "The two heads", "Judging people")
FUNCTIONS = ("Engineering", "Support", "Design & Research", "Legal")


def standing(*changes: Changed, definition: Definition = PILOT, weeks: int = 14) -> Standing:
    times = Times(MONDAY, weeks - definition.follow_weeks, definition.follow_weeks)
    return Standing(definition, ("Engineering",), times, None, changes)


def facts(seed: int = 1, *, problems: int = 80, weeks: int = 14, over: bool = True) -> Facts:
    """A pilot in which something of everything has happened."""
    chance = random.Random(seed)
    stages = [Stage.RAISED, *[Stage.ANSWERED] * 4, *[Stage.DECIDED] * 2, Stage.TRIED, *[Stage.CONFIRMED] * 2]
    told = tuple(
        Told(
            chance.choice(stages),
            reversed=chance.random() < 0.1,
            came_back=chance.choice([None, False, False, True]),
            crosses=frozenset(chance.sample(FUNCTIONS, 2)),
        )
        for _ in range(problems)
    )
    return Facts(
        starts=MONDAY,
        counted_to=MONDAY + weeks * WEEK,
        over=over,
        waits=tuple(Wait(chance.choice([0, 1, 1, 2, 3, 5]), chance.random() < 0.9) for _ in told),
        problems=told,
        teams=tuple(TeamActed(name, chance.random() < 0.6) for name in FUNCTIONS for _ in range(6)),
        given_back=tuple(Range.of(5, chance.uniform(20, 40)) for _ in range(10)),
        costs=tuple(Range.of(2, 6) for _ in range(4)),
        spent=tuple(Range.of(3, 5) for _ in range(2 * weeks)),
        weeks_with_hours=weeks,
        tone={side: {1: 2, 2: 3, 3: 5, 4: 9, 5: 4} for side in Side},
        cost={"no": 14, "little": 3, "yes": 1},
        guardrails=(9, 2, 1),
        decisions=8,
        reviewed=5,
        before=wave([chance.gauss(4.0, 1) for _ in range(40)]),
        after=wave([chance.gauss(4.8, 1) for _ in range(38)]),
    )


def wave(means: Sequence[float], *, invited: int = 50) -> Wave:
    """A wave from people's own means over four questions, all of them answered alike."""
    found = figures.t_interval(means)
    counts = Counter(min(7, max(1, round(mean))) for mean in means for _ in range(4))
    return Wave(invited, len(means), found.mean, found.low, found.high, dict(counts))


def nothing(weeks: int = 14) -> Facts:
    return Facts(MONDAY, MONDAY + weeks * WEEK, over=True)


def with_one_function(given: Facts) -> Facts:
    return replace(
        given,
        teams=tuple(TeamActed("Engineering", team.acted) for team in given.teams),
        problems=tuple(replace(each, crosses=frozenset({"Engineering"})) for each in given.problems),
    )
