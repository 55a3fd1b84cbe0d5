"""Two worlds that differ only in who did it, or in the order and minute of a day: afterwards nothing tells them apart.

The dumps are in storage order with the system columns, and on SQLite the file itself, byte for byte.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.core import tables
from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.problems import acts, batch
from bot.core.problems.acts import Told
from bot.core.problems.records import Mechanism, Ownership
from bot.core.problems.wording import Wording
from bot.core.store import Sessions
from tests.company import ON_POSTGRES, ON_SQLITE, appoint, person, published, team
from tests.conftest import new_kit

SEALED = {"sealed_address", "sealed_person"}
VOICES = {"voice"}
TEAMS = 4
IN_A_TEAM = 6
NEWCOMERS = range(900, 906)  # of no team, never seen before


@dataclass(frozen=True)
class Step:
    """One protected act: what is done, by whom, and about what."""

    kind: str
    who: Actor
    number: int  # of the words raised, or of the problem spoken of


@dataclass
class World:
    """One database with one company in it, made the same way each time."""

    sessions: Sessions
    at: dt.datetime
    kit: Kit = field(default_factory=lambda: new_kit(seed=5))
    problems: list[int] = field(default_factory=list)
    teams: list[int] = field(default_factory=list)

    def found(self) -> None:
        appoint(self.sessions)
        with self.sessions.begin() as session:
            for number in range(TEAMS):
                people = [person(number * IN_A_TEAM + each) for each in range(IN_A_TEAM)]
                made = team(session, self.kit, f"Team {number}", people, function=f"Function {number % 2}")
                self.teams.append(made.id)
            for number in range(3):
                made = published(session, self.kit, self.at, title=f"Known {number}")
                self.problems.append(made.id)

    def do(self, step: Step) -> None:
        with self.sessions.begin() as session:
            if step.kind == "raise":
                wording = Wording(
                    f"Words {step.number}",
                    "For us this means waiting.",
                    tried="a rota" * (step.number % 3),
                    felt_by=frozenset({self.teams[step.number % TEAMS]}),
                    needed_from=frozenset(self.teams[: step.number % TEAMS]),
                )
                acts.raise_confidential(session, step.who, wording, form=f"V{step.number}", kit=self.kit)
                return
            ident = self.problems[step.number]
            acts.confirm(session, step.who, ident, kit=self.kit)
            told = Told((1, 2), Mechanism.COMMONS, f"a list for {step.number}")
            acts.follow_up(session, step.who, ident, told, kit=self.kit)
            acts.give_answer(
                session,
                step.who,
                ident,
                needed_from=frozenset({self.teams[step.number]}),
                ownership=Ownership.NOBODY,
                kit=self.kit,
            )

    def end_day(self, day: int) -> None:
        at = self.at + dt.timedelta(days=day)
        with self.sessions.begin() as session:
            batch.run(session, day=at.date(), kit=self.kit, at=at)

    def dump(self, masked: set[str]) -> list[Any]:
        """Every table in storage order, with place and transactions on Postgres (their ranks, not their numbers)."""
        found: list[Any] = []
        place = "ctid::text, xmin::text, xmax::text, " if self.sessions.dialect != "sqlite" else ""
        order = "ORDER BY ctid" if place else ""
        known = tables.metadata.tables
        reflected = sa.MetaData()
        reflected.reflect(self.sessions.engine, only=lambda name, _tables: name not in known)
        with self.sessions.reading() as session:
            # Tables that the bot does not know as well: what a hole would keep.
            for table in [*tables.metadata.sorted_tables, *reflected.sorted_tables]:
                names = ", ".join(f'"{column.name}"' for column in table.columns)
                rows = session.execute(
                    sa.text(f'SELECT {place}{names} FROM "{table.name}" {order}')
                ).mappings()
                kept = [
                    {name: "masked" if value and name in masked else value for name, value in row.items()}
                    for row in rows
                ]
                if not place and masked & VOICES and "voice" in table.columns:
                    kept.sort(key=str)  # the hash is the place, and random: it says nothing without the key
                found.append((table.name, kept))
        return _ranked(found, "xmin", "xmax")

    def raw(self) -> bytes:
        """The database file with the sealed bytes blanked; there is nothing else beside it."""
        path = Path(str(self.sessions.engine.url.database))
        beside = path.with_name(path.name + "-wal")
        assert not beside.exists() or beside.stat().st_size == 0
        content = path.read_bytes()
        with self.sessions.reading() as session:
            for table in tables.metadata.sorted_tables:
                for name in SEALED & set(table.columns.keys()):
                    for sealed in session.scalars(sa.select(table.c[name]).where(table.c[name].is_not(None))):
                        assert sealed in content
                        content = content.replace(sealed, b"-" * len(sealed))
        return content


def _ranked(found: list[Any], *columns: str) -> list[Any]:
    for column in columns:
        numbers = {int(row[column]) for _, rows in found for row in rows if column in row}
        ranks = {number: rank for rank, number in enumerate(sorted(numbers))}
        for _, rows in found:
            for row in rows:
                if column in row:
                    row[column] = ranks[int(row[column])]
    return found


def a_day(chance: random.Random, day: int) -> list[Step]:
    """Raises by six people, and confirmations by one or two people of several teams for each known problem."""
    raisers = chance.sample(range(TEAMS * IN_A_TEAM), 6)
    steps = [Step("raise", person(who), day * 10 + number) for number, who in enumerate(raisers)]
    for problem in range(3):
        for of in chance.sample(range(TEAMS), 2):
            # Half of a team on each day, so that nobody speaks twice.
            who = of * IN_A_TEAM + day * 3 + problem
            steps.append(Step("confirm", person(who), problem))
    return steps


def lived(
    world: World,
    days: list[list[Step]],
    *,
    destroyed: bool = True,
) -> World:
    world.found()
    for day, steps in enumerate(days):
        for step in steps:
            world.do(step)
        world.end_day(day)
        if destroyed:
            world.sessions.destroy()
    return world


@pytest.fixture
def two(worlds: Callable[[], Sessions], at: dt.datetime) -> tuple[World, World]:
    return World(worlds(), at), World(worlds(), at)


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_a_day_leaves_nothing(two: tuple[World, World], seed: int) -> None:
    chance = random.Random(seed)
    days = [a_day(chance, day) for day in range(2)]
    one = lived(two[0], days)
    other = lived(two[1], [chance.sample(steps, len(steps)) for steps in days])
    assert one.dump(SEALED) == other.dump(SEALED)
    if one.sessions.dialect == "sqlite":
        assert one.raw() == other.raw()


@pytest.mark.parametrize("seed", range(4))
def test_who_raised_leaves_nothing_but_a_sealed_address(two: tuple[World, World], seed: int) -> None:
    chance = random.Random(seed)
    days = [a_day(chance, day) for day in range(2)]
    others = [*map(person, NEWCOMERS), *map(person, range(TEAMS * IN_A_TEAM))]

    def by_others(step: Step) -> Step:
        return Step(step.kind, chance.choice(others), step.number) if step.kind == "raise" else step

    one = lived(two[0], days)
    other = lived(two[1], [[by_others(step) for step in chance.sample(steps, len(steps))] for steps in days])
    assert one.dump(SEALED) == other.dump(SEALED)
    if one.sessions.dialect == "sqlite":
        assert one.raw() == other.raw()


@pytest.mark.parametrize("seed", range(4))
def test_who_of_a_team_confirmed_leaves_nothing_but_a_hash(two: tuple[World, World], seed: int) -> None:
    chance = random.Random(seed)
    days = [a_day(chance, day) for day in range(2)]
    turned = {of: chance.randrange(1, IN_A_TEAM) for of in range(TEAMS)}

    def by_a_colleague(step: Step) -> Step:
        if step.kind == "raise":
            return step
        who = int(step.who.person[1:])
        of = who // IN_A_TEAM
        return Step(step.kind, person(of * IN_A_TEAM + (who + turned[of]) % IN_A_TEAM), step.number)

    one = lived(two[0], days)
    other = lived(two[1], [[by_a_colleague(step) for step in steps] for steps in days])
    masked = SEALED | VOICES
    assert one.dump(masked) == other.dump(masked)


# Two holes, planted: the comparison above sees them.


@ON_SQLITE
def test_a_file_that_is_not_written_anew_tells_the_order(two: tuple[World, World]) -> None:
    steps = [step for step in a_day(random.Random(1), 0) if step.kind == "raise"]
    for world, order in zip(two, (steps, steps[::-1]), strict=True):
        lived(world, [order], destroyed=False)
        log = Path(str(world.sessions.engine.url.database) + "-wal").read_bytes()
        arrived = sorted(order, key=lambda step, log=log: log.index(f"Words {step.number}".encode()))
        assert arrived == order


@ON_POSTGRES
def test_a_batch_in_the_order_of_arrival_would_tell(
    two: tuple[World, World], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch._Moved, "said", property(lambda _moved: 0))
    monkeypatch.setattr(random.Random, "shuffle", lambda _chance, _rows: None)
    steps = a_day(random.Random(1), 0)
    one, other = lived(two[0], [steps]), lived(two[1], [steps[::-1]])
    assert one.dump(SEALED) != other.dump(SEALED)
