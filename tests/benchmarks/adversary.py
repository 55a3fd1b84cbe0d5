"""How the attacks of docs/safety.md came out: pairs of worlds, who raised it, planted holes, differencing.

Run as `python -m tests.benchmarks.adversary [PART ...] [--worlds N] [--live N] [--pairs N] [--into docs/safety.md]`.
Without a part it runs all of them, one after the other; `--quick` is a first look of a minute or two. With `--store DIR`
worlds that were lived through are kept, and a run that was broken off goes on from there.

Every line is one figure as JSON. `--kept FILE` puts the lines into a file in place of what an earlier run of the same
part said, so that parts may be run one by one; `--into` puts all figures of that file into a page, between its two marks.
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
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from bot.core import migrating
from bot.core.store import Busy, build_engine
from bot.sandbox.errors import NotPossible
from tests.adversary import databases, pairs, pulses
from tests.adversary.adversary import Inquiry
from tests.adversary.differencing import COMPANIES, ordered, told
from tests.adversary.games import Played, play
from tests.adversary.holes import (
    GUESSED,
    TOLD_APART,
    WALKED,
    CounterOfWays,
    Hole,
    Several,
    TimeInIds,
    TransactionOfArrival,
    all_of_them,
)
from tests.adversary.live_world import company
from tests.adversary.reading import Dump, dump
from tests.adversary.roster import Size
from tests.adversary.walk import walk
from tests.adversary.world import World
from tests.benchmarks import safety_page
from tests.benchmarks.adversary_worlds import Store, Survivor, beside, fresh_on, kept_or_guessed_in
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
    processes: int
    store: Store
    say: Callable[[Figure], None]


# T1


def two_worlds(asked: Asked) -> None:
    """Pairs of worlds that differ in who did it, or in order and minute; three in five on SQLite."""
    for database, share in (("SQLite", 0.6), ("Postgres", 0.3)):
        number = round(asked.pairs * share)
        apart = sum(beside(_told_apart, database, range(number), asked.processes))
        asked.say(
            Figure("two worlds", f"{database}, by the bot's acts", apart, "pairs told apart", number, most=0)
        )
    each = max(1, asked.pairs // 20)  # of each database
    done = subprocess.run(
        [sys.executable, "-m", "pytest", WIRE, "-q", "-n", str(asked.processes), "-k", "order_and_the_minutes",
         "--tb=no"],
        env={**os.environ, "PAIRS_OF_DAYS": str(each)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    passed = sum(map(int, re.findall(r"(\d+) passed", done.stdout)))
    asked.say(
        Figure("two worlds", "both, through the app", 2 * each - passed, "pairs told apart", 2 * each, most=0)
    )


def _told_apart(fresh: databases.Fresh, seed: int) -> bool:
    return not pairs.WAYS[seed % len(pairs.WAYS)](fresh, random.Random(f"pair {seed}"))


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
    """By the bot's acts in one process a world: two hundred people and fifty problems."""
    work = partial(kept_or_guessed_in, asked.store, WHOLE, database)
    found = list(beside(work, database, range(asked.worlds), asked.processes))
    what = f"{database}, by the bot's acts, {asked.worlds} worlds of {WHOLE.people} people"
    got = play([each.clean for each in found], random.Random("guesses"))
    said_of(asked, "who raised it", what, got, promised=True)
    said_of_walk(asked, "who raised it", f"{what}: walk", found)


def said_of_walk(asked: Asked, group: str, what: str, found: Sequence[Survivor]) -> None:
    places = sorted(set().union(*(each.places for each in found)))
    asked.say(Figure(group, what, len(places), "places that betray", len(found), most=0))
    if places:
        print(*places, sep="\n", file=sys.stderr)


def on_real_processes(asked: Asked) -> None:
    """The bot as processes of its own, spoken to by commands and forms; half of the companies on each database."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="groundswell-live-")))
        template = folder / "template.db"
        engine = build_engine(f"sqlite:///{template}")
        migrating.upgrade(engine)
        engine.dispose()
        side_by_side = stack.enter_context(ThreadPoolExecutor(asked.beside))
        server = stack.enter_context(databases.server())
        one = partial(_or_given_up, lambda seed: _lived_through(asked.store, folder, template, server, seed))
        tried = list(side_by_side.map(one, range(asked.live)))
    found, on_sqlite, on_postgres = (
        [each for each in some if each is not None] for some in (tried, tried[::2], tried[1::2])
    )
    asked.say(
        Figure(
            "on real processes", "companies given up, since this machine was too busy to answer",
            len(tried) - len(found), "companies", len(tried), most=asked.live // 10,
        )
    )  # fmt: skip
    if not on_sqlite or not on_postgres:
        return
    for what, some in (
        (f"both databases, companies of {LIVE.people} people", found),
        ("those on SQLite, by Socket Mode", on_sqlite),
        ("those on Postgres, by web and worker", on_postgres),
    ):
        got = play([each.clean for each in some], random.Random("guesses"))
        said_of(asked, "on real processes", what, got, promised=True)
    said_of_walk(asked, "on real processes", "walk", found)
    got = play([each.planted for each in found if each.planted], random.Random("guesses"))
    said_of(asked, "planted holes", "an exact time, on real processes", got, promised=False)


def _or_given_up(live: Callable[[int], Survivor], seed: int) -> Survivor | None:
    """A company; None, and a line that says so, where this machine was too busy: that says nothing of who raised."""
    try:
        return live(seed)
    except (
        AssertionError,
        NotPossible,
        OSError,
        subprocess.SubprocessError,
        sa.exc.DBAPIError,
        Busy,
    ) as trouble:
        where = traceback.extract_tb(trouble.__traceback__)[-1]
        said = f"company {seed} was given up at {where.name}: {type(trouble).__name__} {str(trouble)[:300]}"
        print(said, file=sys.stderr, flush=True)
        return None


def _lived_through(store: Store, folder: Path, template: Path, server: Postgres, seed: int) -> Survivor:
    def live() -> Survivor:
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

    return store.kept(f"live-{LIVE.people}-{seed}", live)


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
        for name, planted in TOLD_APART.items():
            apart = not pairs.afterwards(fresh, random.Random(1), hole=planted)
            asked.say(
                Figure("planted holes", f"{name}: two worlds", int(apart), "pairs told apart", 1, seen=apart)
            )
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
    """What two accounts know for certain, over every company of eight people and two of twelve."""
    tried = [(COMPANIES, 8, 1), (COMPANIES, 8, 2), (((5, 5, 2), (7, 5)), 12, 1)]
    for companies, people, editions in tried if asked.worlds > 1 else tried[:1]:
        found = [view for sizes in companies for view in told(sizes, editions, people=people)]
        named = (
            f"{len(companies)} companies of {people} people, every pair of accounts, "
            f"{editions} edition{'s'[: editions - 1]}"
        )
        certain = [each for each in found if each.count is not None]
        few = [each for each in found if each.possible < 3]
        for what, some in (("fewer than three possible", few), ("a team's number is certain", certain)):
            asked.say(Figure("differencing", f"{named}: {what}", len(some), "views", None, most=0))
    beside_another = [view for sizes in COMPANIES for view in ordered(sizes)]
    what = f"{len(COMPANIES)} companies of 8 people, two problems in one edition: a team's number is certain"
    asked.say(Figure("differencing", what, len(beside_another), "views", None, most=0))
    waves = pulses.bounded(random.Random("pulses"), sampled=40 if asked.worlds > 1 else 4)
    for what, number, of in waves:
        asked.say(Figure("differencing", what, number, "answers bounded", of, most=0))


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
    parser.add_argument("--beside", type=int, default=4, help="companies that live beside each other (4)")
    parser.add_argument("--processes", type=int, default=2, help="worlds that live beside each other (2)")
    parser.add_argument("--store", type=Path, help="a folder for what was lived through, to go on from later")
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
                processes=given.processes,
                store=Store(given.store),
                say=partial(safety_page.say, kept=kept, part=name),
            )
        )
    if given.into:
        safety_page.write(given.into, safety_page.read(kept))


if __name__ == "__main__":
    main()
