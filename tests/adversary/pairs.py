"""Pairs of worlds by the number: what the tests of two worlds try a few times, the benchmark tries hundreds of times."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace

from tests.adversary import test_two_worlds_anonymous as anonymous
from tests.adversary import test_two_worlds_of_a_day as of_a_day
from tests.adversary.databases import Fresh
from tests.adversary.holes import Kept
from tests.adversary.later_world import BEGINS, DAYS, LaterWorld
from tests.company import person

AT = dt.datetime(2026, 11, 18, 14, 7, 31, 123456, tzinfo=dt.UTC)
EVERYBODY = range(of_a_day.TEAMS * of_a_day.IN_A_TEAM)


def anonymous_by_others(fresh: Fresh, chance: random.Random) -> bool:
    """Newcomers, other teams, another locale: not a byte differs."""
    days = anonymous.story(chance)
    others = [*anonymous.NEWCOMERS, *anonymous.MEMBERS]
    changed = [[replace(step, who=chance.choice(others)) for step in steps] for steps in days]
    return _anonymous(fresh, days, changed)


def anonymous_in_another_order(fresh: Fresh, chance: random.Random) -> bool:
    days = anonymous.story(chance)
    return _anonymous(fresh, days, [chance.sample(steps, len(steps)) for steps in days])


def confidential_by_others(fresh: Fresh, chance: random.Random) -> bool:
    """The sealed address apart."""
    others = [*map(person, of_a_day.NEWCOMERS), *map(person, EVERYBODY)]

    def other(step: of_a_day.Step) -> of_a_day.Step:
        return replace(step, who=chance.choice(others)) if step.kind == "raise" else step

    return _of_a_day(fresh, chance, lambda steps: [other(step) for step in steps], of_a_day.SEALED)


def a_day_in_another_order(fresh: Fresh, chance: random.Random) -> bool:
    return _of_a_day(fresh, chance, lambda steps: chance.sample(steps, len(steps)), of_a_day.SEALED)


def confirmed_by_a_colleague(fresh: Fresh, chance: random.Random) -> bool:
    """The hash apart."""
    of = of_a_day.IN_A_TEAM
    turned = [chance.randrange(1, of) for _ in range(of_a_day.TEAMS)]

    def other(step: of_a_day.Step) -> of_a_day.Step:
        who = int(step.who.person[1:])
        colleague = person(who // of * of + (who + turned[who // of]) % of)
        return step if step.kind == "raise" else replace(step, who=colleague)

    masked = of_a_day.SEALED | of_a_day.VOICES
    return _of_a_day(fresh, chance, lambda steps: [other(step) for step in steps], masked)


def afterwards(fresh: Fresh, chance: random.Random, *, hole: Callable[[], Kept] | None = None) -> bool:
    """What follows once problems can be read, and two pulses: not a byte differs."""
    turned, until = chance.randrange(1, of_a_day.IN_A_TEAM), DAYS[-1] if hole is None else 7
    one, other = (
        LaterWorld(fresh(), BEGINS, turned=by, until=until, hole=hole() if hole else None)
        for by in (0, turned)
    )
    return same_afterwards(one.live(None), other.live(chance))


def same_afterwards(one: LaterWorld, other: LaterWorld) -> bool:
    """Nothing tells them apart: neither what is kept nor what went out. Addresses of stewards and teams are sealed."""
    if one.told != other.told or one.dump(of_a_day.SEALED) != other.dump(of_a_day.SEALED):
        return False
    return one.sessions.dialect != "sqlite" or one.raw() == other.raw()


#: Ways in which the two worlds of a pair differ; each says whether afterwards nothing tells them apart.
_OF_A_DAY = (
    anonymous_by_others,
    anonymous_in_another_order,
    confidential_by_others,
    a_day_in_another_order,
    confirmed_by_a_colleague,
)
WAYS: tuple[Callable[[Fresh, random.Random], bool], ...] = (*_OF_A_DAY, *_OF_A_DAY, afterwards)


def _anonymous(fresh: Fresh, days: list[list[anonymous.Step]], changed: list[list[anonymous.Step]]) -> bool:
    one, other = (anonymous.AnonymousWorld(fresh(), AT) for _ in range(2))
    return anonymous.same(anonymous.lived(one, days), anonymous.lived(other, changed))


def _of_a_day(
    fresh: Fresh,
    chance: random.Random,
    change: Callable[[list[of_a_day.Step]], list[of_a_day.Step]],
    masked: set[str],
) -> bool:
    days = [of_a_day.a_day(chance, day) for day in range(2)]
    one, other = (of_a_day.World(fresh(), AT) for _ in range(2))
    of_a_day.lived(one, days)
    of_a_day.lived(other, [change(steps) for steps in days])
    if one.dump(masked) != other.dump(masked):
        return False
    blanked = one.sessions.dialect == "sqlite" and not masked & of_a_day.VOICES
    return not blanked or one.raw() == other.raw()
