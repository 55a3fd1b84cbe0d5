"""Worlds and companies of the adversary's games, several beside each other; what was lived through may be kept.

A world is a matter of the seed and of the source alone. With a store a run that was broken off goes on where it was:
what was lived through by the same source is read and not lived again.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TypeVar

from bot.core.identity import receipts
from tests.adversary import databases
from tests.adversary.adversary import Inquiry
from tests.adversary.live_world import LiveWorld
from tests.adversary.reading import dump
from tests.adversary.roster import Size
from tests.adversary.walk import left_in_files, walk
from tests.adversary.world import World
from tests.processes import ROOT

Made = TypeVar("Made")
#: What a world depends on.
SOURCES = ("bot", "migrations", "tests/adversary", "tests/benchmarks", "tests/journeys")


@dataclass(frozen=True)
class Survivor:
    """What is looked at of a world that was lived through: as it is, and of a company with a hole planted afterwards."""

    clean: Inquiry
    places: set[str]
    planted: Inquiry | None = None

    @classmethod
    def of(cls, world: LiveWorld) -> Survivor:
        read = world.read()
        places = walk(read, world.watched, world.kit.sealing) | left_in_files(read, world.watched, [])
        world.plant_times()
        planted = world.read()
        for each in (read, planted):
            each.let_go_of_files()
        clean, holed = (Inquiry.into(each, world.watched, world.cases) for each in (read, planted))
        return cls(clean, places, holed)


@dataclass(frozen=True)
class Store:
    """A folder of survivors, by the source that they lived under; without a folder nothing is kept."""

    folder: Path | None

    def kept(self, name: str, live: Callable[[], Survivor]) -> Survivor:
        if self.folder is None:
            return live()
        file = self.folder / _source() / f"{name}.pickle"
        if file.exists():
            found: Survivor = pickle.loads(file.read_bytes())
            return found
        made = live()
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(".part")
        unfinished.write_bytes(pickle.dumps(made))
        unfinished.replace(file)
        return made


def _source() -> str:
    digest = hashlib.sha256()
    for folder in SOURCES:
        for file in sorted((ROOT / folder).rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def fresh_on(database: str, kept: int = 1) -> Iterator[databases.Fresh]:
    """Empty databases of either kind."""
    if database == "SQLite":
        with databases.sqlite() as fresh:
            yield fresh
    else:
        with databases.server() as server, databases.postgres(server, kept) as fresh:
            yield fresh


def beside(
    work: Callable[[databases.Fresh, int], Made], database: str, seeds: Iterable[int], processes: int
) -> Iterator[Made]:
    """The same for every seed, in so many processes that have databases of their own."""
    begin = {"initializer": _begin, "initargs": (database,), "mp_context": get_context("spawn")}
    with ProcessPoolExecutor(processes, **begin) as pool:  # type: ignore[arg-type]  # each by its name
        yield from pool.map(partial(_do, work), seeds)


_fresh: list[databases.Fresh] = []


def _begin(database: str) -> None:
    stack = ExitStack()
    _fresh.append(stack.enter_context(fresh_on(database, kept=2)))
    Finalize(None, stack.close, exitpriority=100)
    receipts._COST["n"] = 2  # the cost of the slow hash is no part of any of this


def _do(work: Callable[[databases.Fresh, int], Made], seed: int) -> Made:
    return work(_fresh[0], seed)


def guessed_in(size: Size, fresh: databases.Fresh, seed: int) -> Survivor:
    """One world by the bot's acts, walked over and ready to be guessed in."""
    world = World(fresh(), seed, size).live()
    read, gone = dump(world.sessions), [case.earlier_words for case in world.cases]
    places = walk(read, world.watched, world.kit.sealing, gone=gone)
    places |= left_in_files(read, world.watched, gone)
    read.let_go_of_files()
    return Survivor(Inquiry.into(read, world.watched, world.cases), places)


def kept_or_guessed_in(
    store: Store, size: Size, database: str, fresh: databases.Fresh, seed: int
) -> Survivor:
    return store.kept(f"{database}-{size.people}-{seed}", partial(guessed_in, size, fresh, seed))
