"""The bot as processes of its own, spoken to by commands and forms: what they leave behind tells nobody who raised.

Two small companies, one over Socket Mode on SQLite and one over signed HTTP on Postgres. The processes draw their
own chance: of 1,000 runs one crosses a line by bad luck. The whole is `python -m tests.benchmarks.adversary live`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.adversary.adversary import Inquiry
from tests.adversary.games import play
from tests.adversary.live_world import LiveWorld, company
from tests.adversary.reading import Dump
from tests.adversary.roster import Size
from tests.adversary.walk import left_in_files, walk
from tests.conftest import Postgres
from tests.journeys.stories import SIGNED_HTTP, SOCKET_MODE, in_a_file

SIZE = Size(people=40, teams=5, problems=30, days=2)


@pytest.fixture(scope="module")
def lived(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, postgres: Postgres
) -> Iterator[list[tuple[LiveWorld, Dump]]]:
    """Both companies, which live beside each other, and what was left of each."""
    folders = [tmp_path_factory.mktemp("company") for _ in range(2)]
    url = postgres.create()
    begun = [(SOCKET_MODE, in_a_file(folders[0], sqlite_template)), (SIGNED_HTTP, url)]
    with ExitStack() as stack:
        worlds = [
            stack.enter_context(company(folder, way, database, seed=seed, size=SIZE))
            for seed, (folder, (way, database)) in enumerate(zip(folders, begun, strict=True))
        ]
        with ThreadPoolExecutor(2) as beside:
            list(beside.map(LiveWorld.live, worlds))
        yield [(world, world.read()) for world in worlds]
    postgres.drop(url)


def test_nobody_who_holds_all_that_the_processes_leave_guesses_who_raised(
    lived: list[tuple[LiveWorld, Dump]],
) -> None:
    assert sum(len(world.cases) for world, _ in lived) == 60
    got = play([Inquiry.into(read, world.watched, world.cases) for world, read in lived], random.Random(1))
    assert got.holds, got


def test_a_walk_over_rows_files_logs_metrics_and_messages_finds_nobody(
    lived: list[tuple[LiveWorld, Dump]],
) -> None:
    for world, read in lived:
        assert len(world.watched.log.splitlines()) > 3
        assert "groundswell_ack_seconds_count" in world.watched.metrics
        assert world.watched.said
        assert walk(read, world.watched, world.kit.sealing) == set()
        assert left_in_files(read, world.watched, []) == set()
        # A busy machine may be late with an answer: then the person presses once more.
        world.office.practice.assert_no_objections("late_ack", "failed_delivery")


def test_the_time_of_a_raise_kept_beside_it_lets_the_adversary_guess(
    lived: list[tuple[LiveWorld, Dump]],
) -> None:
    for world, _ in lived:
        world.plant_times()
    got = play(
        [Inquiry.into(world.read(), world.watched, world.cases) for world, _ in lived], random.Random(1)
    )
    assert not got.holds, got
