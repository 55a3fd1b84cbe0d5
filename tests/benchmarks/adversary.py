"""How the attacks of docs/safety.md came out: pairs of worlds, who raised it, planted holes, differencing.

Run as `python -m tests.benchmarks.adversary [PART ...] [--worlds N] [--live N] [--pairs N] [--into docs/safety.md]`.
Without a part it runs all of them, one after the other; `--quick` is a first look of half a minute. Every line is
one figure as JSON. `--kept FILE` puts the lines into a file in place of what an earlier run of the same part said, so
that parts may be run one by one; `--into` puts all figures of that file into a page, between its two marks.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from bot.core import migrating
from bot.core.identity import receipts
from bot.core.store import build_engine
from bot.sandbox.errors import NotPossible
from tests.adversary import databases, pairs
from tests.adversary.adversary import Inquiry
from tests.adversary.differencing import COMPANIES, told
from tests.adversary.games import Played, play
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
from tests.adversary.live_world import LiveWorld, company
from tests.adversary.reading import Dump, dump
from tests.adversary.roster import Size
from tests.adversary.walk import left_in_files, walk
from tests.adversary.world import World
from tests.benchmarks import safety_page
from tests.benchmarks.safety_page import Figure
from tests.conftest import Postgres
from tests.journeys.stories import SIGNED_HTTP, SOCKET_MODE, in_a_file

WHOLE, LEAKY = Size(), Size(people=60, teams=6, problems=30, days=8)
LIVE = Size(people=60, teams=6, problems=50, days=5)
LEAKY_WORLDS = 8
#: The lines that the page was made from.
KEPT = Path("docs/safety-figures.jsonl")
WIRE = "tests/adversary/test_two_worlds_over_the_wire.py"


@dataclass(frozen=True)
class Asked:
    """How much of it is run, and where the lines go."""

    worlds: int
    live: int
    pairs: int
    beside: int
    say: Callable[[Figure], None]


@contextmanager
def fresh_on(database: str, kept: int = 1) -> Iterator[databases.Fresh]:
    """Empty databases of either kind."""
    if database == "SQLite":
        with databases.sqlite() as fresh:
            yield fresh
    else:
        with databases.server() as server, databases.postgres(server, kept) as fresh:
            yield fresh


# T1


def two_worlds(asked: Asked) -> None:
    """Pairs of worlds that differ in who did it, or in order and minute; three in five on SQLite."""
    wire = asked.pairs // 10
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(receipts._COST, "n", 2)  # the cost of the slow hash is no part of this
        for database, share in (("SQLite", 0.6), ("Postgres", 0.3)):
            with fresh_on(database, kept=2) as fresh:
                number = round(asked.pairs * share)
                apart = sum(
                    not pairs.WAYS[seed % len(pairs.WAYS)](fresh, random.Random(f"pair {seed}"))
                    for seed in range(number)
                )
            asked.say(
                Figure(
                    "two worlds", f"{database}, by the bot's acts", apart, "pairs told apart", number, most=0
                )
            )
    number = max(2, wire)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", WIRE, "-q", "-n", "0", "-k", "order_and_the_minutes", "--tb=no"],
        env={**os.environ, "PAIRS_OF_DAYS": str(number // 2)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    passed = sum(map(int, re.findall(r"(\d+) passed", done.stdout)))
    asked.say(
        Figure(
            "two worlds",
            "both, through the app",
            number // 2 * 2 - passed,
            "pairs told apart",
            number // 2 * 2,
            most=0,
        )
    )


# T2 and T3


def lived(
    fresh: databases.Fresh, size: Size, worlds: int, hole: Hole | None = None
) -> list[tuple[World, Dump]]:
    """So many worlds, each read when it ended; of the files is kept what the walk says of them."""
    found = []
    for seed in range(worlds):
        world = World(fresh(), seed, size, hole or Hole()).live()
        found.append((world, dump(world.sessions)))
        found[-1][1].let_go_of_files()
    return found


def guessed(worlds: Sequence[tuple[World, Dump]], hidden: set[str]) -> Played:
    inquiries = [Inquiry.into(read.without(hidden), world.watched, world.cases) for world, read in worlds]
    return play(inquiries, random.Random("guesses"))


def said_of(asked: Asked, group: str, what: str, got: Played, *, promised: bool) -> None:
    """Both games; `promised`: they have to stay below their lines, else one of them has to be above."""
    low, high = got.interval(random.Random("bootstrap"))
    asked.say(
        Figure(
            *(group, f"{what}: which of two", got.rate, "decided rightly", got.pairs),
            *(0.5, (low, high)),
            most=got.line if promised else None,
            seen=None if promised else not got.holds,
        )
    )
    asked.say(
        Figure(
            *(group, f"{what}: who of all", got.hits, "hits", got.pairs, got.expected),
            most=got.most_hits if promised else None,
            seen=None if promised else not got.holds,
        )
    )


def who_raised_it(asked: Asked, database: str) -> None:
    """By the bot's acts in one process: two hundred people and fifty problems a world."""
    inquiries, places = [], set()
    with fresh_on(database) as fresh:
        for seed in range(asked.worlds):
            world = World(fresh(), seed, WHOLE).live()
            read, gone = dump(world.sessions), [case.earlier_words for case in world.cases]
            places |= walk(read, world.watched, world.kit.sealing, gone=gone)
            places |= left_in_files(read, world.watched, gone)
            read.let_go_of_files()
            inquiries.append(Inquiry.into(read, world.watched, world.cases))
    what = f"{database}, by the bot's acts, {asked.worlds} worlds of {WHOLE.people} people"
    said_of(asked, "who raised it", what, play(inquiries, random.Random("guesses")), promised=True)
    asked.say(
        Figure("who raised it", f"{what}: walk", len(places), "places that betray", len(inquiries), most=0)
    )


def on_real_processes(asked: Asked) -> None:
    """The bot as processes of its own, spoken to by commands and forms; half of the companies on each database."""
    folder = Path(tempfile.mkdtemp(prefix="groundswell-live-"))
    template = folder / "template.db"
    engine = build_engine(f"sqlite:///{template}")
    migrating.upgrade(engine)
    engine.dispose()

    def one(seed: int, server: Postgres) -> Survivor | None:
        try:
            return lived_through(seed, server)
        except (AssertionError, NotPossible) as trouble:  # of this machine: it says nothing of who raised
            where = traceback.extract_tb(trouble.__traceback__)[-1]
            said = f"company {seed} was given up at {where.name}: {str(trouble)[:300]}"
            print(said, file=sys.stderr, flush=True)
            return None

    def lived_through(seed: int, server: Postgres) -> Survivor:
        inside = folder / str(seed)
        inside.mkdir()
        if seed % 2:
            url, way = server.create(), SIGNED_HTTP
        else:
            url, way = in_a_file(inside, template), SOCKET_MODE
        with company(inside, way, url, seed=seed, size=LIVE) as world:
            found = Survivor.of(world.live())
        if seed % 2:
            server.drop(url)
        shutil.rmtree(inside)
        return found

    with ThreadPoolExecutor(asked.beside) as beside, databases.server() as server:
        tried = list(beside.map(lambda seed: one(seed, server), range(asked.live)))
    shutil.rmtree(folder)
    found, on_sqlite, on_postgres = (
        [each for each in some if each is not None] for some in (tried, tried[::2], tried[1::2])
    )
    for what, some in (
        (f"both databases, companies of {LIVE.people} people", found),
        ("those on SQLite, by Socket Mode", on_sqlite),
        ("those on Postgres, by web and worker", on_postgres),
    ):
        got = play([each.clean for each in some], random.Random("guesses"))
        said_of(asked, "on real processes", what, got, promised=True)
    places = set().union(*(each.places for each in found))
    asked.say(Figure("on real processes", "walk", len(places), "places that betray", len(found), most=0))
    got = play([each.planted for each in found], random.Random("guesses"))
    said_of(asked, "planted holes", "an exact time, on real processes", got, promised=False)


@dataclass(frozen=True)
class Survivor:
    """What is looked at of a company that has lived: as it is, and with a hole planted afterwards."""

    clean: Inquiry
    planted: Inquiry
    places: set[str]

    @classmethod
    def of(cls, world: LiveWorld) -> Survivor:
        read = world.read()
        places = walk(read, world.watched, world.kit.sealing) | left_in_files(read, world.watched, [])
        world.plant_times()
        planted = world.read()
        for each in (read, planted):
            each.let_go_of_files()
        clean, holed = (Inquiry.into(each, world.watched, world.cases) for each in (read, planted))
        return cls(clean, holed, places)


# T4


def holes(asked: Asked) -> None:
    """Each hole has to be seen: by a game, or by the walk."""
    with fresh_on("SQLite") as fresh:
        hole = all_of_them()
        leaky = lived(fresh, LEAKY, LEAKY_WORLDS, hole)
        for name in GUESSED:
            said_of(asked, "planted holes", name, guessed(leaky, hole.hidden_for(name)), promised=False)
        control = guessed(leaky, hole.hidden_for(None))
        said_of(asked, "planted holes", "the same worlds without their holes", control, promised=True)
        for name in WALKED:
            found = len(_walked(leaky[0], hole, name))
            asked.say(
                Figure("planted holes", f"{name}: walk", found, "places that betray", 1, seen=found > 0)
            )
        for name, made in (("ids that begin with the time", TimeInIds), ("a metric of ways", CounterOfWays)):
            got = guessed(lived(fresh, LEAKY, LEAKY_WORLDS // 2, made()), set())
            said_of(asked, "planted holes", name, got, promised=False)
    with fresh_on("Postgres") as fresh:
        got = guessed(lived(fresh, LEAKY, LEAKY_WORLDS // 2, TransactionOfArrival()), set())
        said_of(asked, "planted holes", "the transaction of arrival (Postgres)", got, promised=False)


def _walked(one: tuple[World, Dump], hole: Several, name: str) -> Iterable[str]:
    world, read = one
    gone = [case.earlier_words for case in world.cases]
    return walk(read.without(hole.hidden_for(name)), world.watched, world.kit.sealing, gone=gone)


# Differencing


def differencing(asked: Asked) -> None:
    """What two accounts know for certain, over every company of eight people and one of twelve."""
    tried = [(sizes, 8, editions) for editions in (1, 2) for sizes in COMPANIES] + [((5, 5, 2), 12, 1)]
    for sizes, people, editions in tried if asked.worlds > 1 else tried[:2]:
        found = list(told(sizes, editions, people=people))
        named = (
            f"{people} people, teams of {', '.join(map(str, sizes))}, {editions} edition{'s'[: editions - 1]}"
        )
        for what, some in (
            ("fewer than three possible", [each for each in found if each.possible < 3]),
            ("a team's number is certain", [each for each in found if each.count is not None]),
        ):
            asked.say(Figure("differencing", f"{named}: {what}", len(some), "views", None, most=0))


PARTS: dict[str, Callable[[Asked], None]] = {
    "differencing": differencing,
    "holes": holes,
    "pairs": two_worlds,
    "raised-sqlite": lambda asked: who_raised_it(asked, "SQLite"),
    "raised-postgres": lambda asked: who_raised_it(asked, "Postgres"),
    "live": on_real_processes,
}
QUICK = ("differencing", "pairs", "raised-sqlite", "live")


def main() -> None:
    """Run what is asked for, and print all figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all where none is named"
    )
    parser.add_argument("--quick", action="store_true", help="a few small ones, for a first look")
    parser.add_argument("--worlds", type=int, default=40, help="worlds of each database (40)")
    parser.add_argument("--live", type=int, default=40, help="companies on real processes (40)")
    parser.add_argument("--pairs", type=int, default=500, help="pairs of worlds (500)")
    parser.add_argument("--beside", type=int, default=3, help="companies that live beside each other (3)")
    parser.add_argument("--kept", type=Path, help=f"a file for the lines ({KEPT} with --into)")
    parser.add_argument("--into", type=Path, help="a page that gets the figures, of --kept as well")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    kept = given.kept or (KEPT if given.into else Path(tempfile.mkstemp(suffix=".jsonl")[1]))
    few = given.quick
    for name in given.parts or (QUICK if few else PARTS):
        safety_page.forget(kept, name)
        PARTS[name](
            Asked(
                worlds=1 if few else given.worlds,
                live=2 if few else given.live,
                pairs=10 if few else given.pairs,
                beside=given.beside,
                say=partial(safety_page.say, kept=kept, part=name),
            )
        )
    if given.into:
        safety_page.write(given.into, safety_page.read(kept))


if __name__ == "__main__":
    main()
