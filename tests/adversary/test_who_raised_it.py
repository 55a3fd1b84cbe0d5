"""An adversary who holds everything guesses who raised what: no better than by chance, in every world tried here.

The slice: 6 worlds of 60 people and 25 problems on SQLite, 3 on Postgres. `tests.adversary.games` works its lines
out: the pair
game fails above 0.628 and matching above 9 hits. The whole is `python -m tests.benchmarks.adversary`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Set

import pytest

from tests.adversary import databases
from tests.adversary.adversary import Inquiry
from tests.adversary.games import Played, hit_line, pair_line, play
from tests.adversary.holes import (
    GUESSED,
    WALKED,
    CounterOfWays,
    Hole,
    Several,
    TimeInIds,
    TransactionOfArrival,
    all_of_them,
)
from tests.adversary.reading import Dump, dump
from tests.adversary.roster import Size
from tests.adversary.walk import left_in_files, walk
from tests.adversary.world import World
from tests.conftest import Postgres

SLICE = Size(people=60, teams=6, problems=25, days=6)
WITH_HOLES = Size(people=40, teams=5, problems=25, days=5)


def played(worlds: list[tuple[World, Dump]], hidden: Set[str] = frozenset()) -> Played:
    inquiries = [Inquiry.into(read.without(hidden), world.watched, world.cases) for world, read in worlds]
    return play(inquiries, random.Random("guesses"))


@pytest.fixture(scope="module")
def fresh() -> Iterator[databases.Fresh]:
    with databases.sqlite() as made:
        yield made


def lived(
    fresh: databases.Fresh, worlds: int, size: Size, hole: Callable[[], Hole] = Hole
) -> list[tuple[World, Dump]]:
    """So many worlds, each read when it ended."""
    found = []
    for seed in range(worlds):
        world = World(fresh(), seed, size, hole()).live()
        found.append((world, dump(world.sessions)))
    return found


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def whole_worlds(request: pytest.FixtureRequest) -> Iterator[list[tuple[World, Dump]]]:
    """Worlds as the bot is."""
    if request.param == "sqlite":
        yield lived(request.getfixturevalue("fresh"), 6, SLICE)
        return
    with databases.postgres(request.getfixturevalue("postgres")) as on_a_server:
        yield lived(on_a_server, 3, SLICE)


@pytest.fixture(scope="module")
def leaky_worlds(fresh: databases.Fresh) -> list[tuple[World, Dump]]:
    """Worlds with every hole that lies in tables of its own."""
    hole = all_of_them()
    return lived(fresh, 4, WITH_HOLES, lambda: hole)


def holes_of(world: World) -> Several:
    assert isinstance(world.hole, Several)
    return world.hole


def test_the_lines_of_a_slice_are_crossed_by_chance_as_seldom_as_those_of_the_whole() -> None:
    assert pair_line(2000) == pytest.approx(0.535)
    assert pair_line(500) == pytest.approx(0.57)
    assert hit_line(10.0) == 21
    assert hit_line(1.5) == 7


def test_nobody_who_holds_everything_guesses_who_raised(whole_worlds: list[tuple[World, Dump]]) -> None:
    assert sum(len(world.cases) for world, _ in whole_worlds) == 25 * len(whole_worlds)
    got = played(whole_worlds)
    assert got.holds, got


def test_a_walk_over_all_that_is_kept_and_said_finds_nobody(whole_worlds: list[tuple[World, Dump]]) -> None:
    for world, read in whole_worlds:
        gone = [case.earlier_words for case in world.cases]
        assert walk(read, world.watched, world.kit.sealing, gone=gone) == set()
        assert left_in_files(read, world.watched, gone) == set()


def test_there_is_something_to_find_in_every_room(whole_worlds: list[tuple[World, Dump]]) -> None:
    lived_in = {name for _, read in whole_worlds for name, rows in read.tables.items() if rows}
    assert lived_in >= {"decision_payers", "merges", "replies", "pulse_waves", "pulse_links", "pilot_weeks"}
    assert any('"event": "published"' in each for world, _ in whole_worlds for each in world.watched.exports)
    assert any("<!doctype html>" in each for world, _ in whole_worlds for each in world.watched.exports)


@pytest.mark.parametrize("name", GUESSED)
def test_a_planted_hole_lets_the_adversary_guess(name: str, leaky_worlds: list[tuple[World, Dump]]) -> None:
    got = played(leaky_worlds, holes_of(leaky_worlds[0][0]).hidden_for(name))
    assert not got.holds, got
    assert got.rate > 0.6, got


def test_without_the_holes_the_same_worlds_tell_nothing(leaky_worlds: list[tuple[World, Dump]]) -> None:
    got = played(leaky_worlds, holes_of(leaky_worlds[0][0]).hidden_for(None))
    assert got.holds, got


@pytest.mark.parametrize(("hole", "worlds"), [(TimeInIds, 3), (CounterOfWays, 8)])
def test_a_hole_outside_of_tables_lets_the_adversary_guess(
    fresh: databases.Fresh, hole: type[Hole], worlds: int
) -> None:
    got = played(lived(fresh, worlds, WITH_HOLES, hole))
    assert not got.holds, got


def test_transactions_in_the_order_of_arrival_let_the_adversary_guess(postgres: Postgres) -> None:
    with databases.postgres(postgres) as fresh:
        got = played(lived(fresh, 3, WITH_HOLES, TransactionOfArrival))
    assert not got.holds, got


@pytest.mark.parametrize("name", WALKED)
def test_the_walk_finds_a_planted_hole(name: str, leaky_worlds: list[tuple[World, Dump]]) -> None:
    world, read = leaky_worlds[0]
    gone = [case.earlier_words for case in world.cases]
    seen = walk(read.without(holes_of(world).hidden_for(name)), world.watched, world.kit.sealing, gone=gone)
    assert {place.split(".")[0] for place in seen} == {
        table.split()[2]
        for table in WALKED[name].tables  # type: ignore[attr-defined]  # a class of a hole
    }
