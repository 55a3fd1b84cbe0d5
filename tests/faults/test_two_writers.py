"""Two processes on one database: nothing twice, nothing lost, and a killed one leaves nothing half-done."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import signal
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from bot.core import outbox
from bot.core.kit import Kit
from bot.core.problems import acts, batch
from bot.core.problems.records import Confirmation, Inbox, Problem
from bot.core.refusal import Refusal
from bot.core.store import Sessions, build_engine
from bot.core.teams.records import Function
from tests.company import WORDS, person, published, run_batch
from tests.conftest import new_kit

AT = dt.datetime(2026, 11, 18, 14, 0, tzinfo=dt.UTC)
Work = Callable[[Sessions, Kit, int], Any]


def run_the_batch(sessions: Sessions, kit: Kit, _number: int) -> int | None:
    return run_batch(sessions, kit, AT)


def count_up(sessions: Sessions, _kit: Kit, _number: int) -> None:
    for _ in range(100):
        with sessions.begin(patient=True) as session:
            row = session.get(Function, 1, with_for_update=True)
            assert row is not None
            row.name = str(int(row.name) + 1)


def claim_all(sessions: Sessions, _kit: Kit, _number: int) -> list[int]:
    taken: list[int] = []
    while True:
        with sessions.begin(patient=True) as session:
            messages = outbox.claim(session, at=AT, most=7, lease=dt.timedelta(minutes=1))
        if not messages:
            return taken
        taken += [message.id for message in messages]


def confirm_all(sessions: Sessions, kit: Kit, _number: int) -> int:
    """The same twenty people from each process: how many it was told were noted."""
    noted = 0
    with sessions.reading() as session:
        ident = session.scalars(sa.select(Problem.id)).one()
    for who in range(20):
        try:
            with sessions.begin(patient=True) as session:
                acts.confirm(session, person(who), ident, kit=kit)
            noted += 1
        except Refusal:
            pass
    return noted


def die_within_the_batch(sessions: Sessions, kit: Kit, _number: int) -> None:
    with sessions.begin(patient=True) as session:
        batch.run(session, day=AT.date(), kit=kit, at=AT)
        session.flush()
        os.kill(os.getpid(), signal.SIGKILL)


def _child(url: str, work: Work, number: int, start: Any, results: Any) -> None:
    sessions = Sessions(build_engine(url))
    start.wait()
    results.put(work(sessions, new_kit(seed=number * 10), number))
    sessions.engine.dispose()


def in_processes(url: str, work: Work, count: int = 2) -> list[Any]:
    """Do the same in several processes that start at once; what each came to, for those that lived."""
    spawn = multiprocessing.get_context("spawn")
    start, results = spawn.Barrier(count), spawn.Queue()
    processes = [
        spawn.Process(target=_child, args=(url, work, number, start, results)) for number in range(count)
    ]
    for process in processes:
        process.start()
    lived = [results.get(timeout=60) for _ in processes] if work is not die_within_the_batch else []
    for process in processes:
        process.join(60)
    results.close()
    results.join_thread()
    expected = -signal.SIGKILL if work is die_within_the_batch else 0
    assert [process.exitcode for process in processes] == [expected] * count
    return lived


@pytest.fixture
def url(databases: Callable[[], str]) -> str:
    return databases()


@pytest.fixture
def here(url: str) -> Any:
    sessions = Sessions(build_engine(url))
    yield sessions
    sessions.engine.dispose()


def test_one_of_two_processes_runs_the_batch(url: str, here: Sessions, kit: Kit) -> None:
    with here.begin() as session:
        for number in range(30):
            acts.raise_confidential(session, person(number), WORDS, form=f"V{number}", kit=kit)
    assert sorted(in_processes(url, run_the_batch), key=str) == [30, None]
    with here.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Problem)) == 30


def test_no_read_modify_write_is_lost_between_processes(url: str, here: Sessions) -> None:
    with here.begin() as session:
        session.add(Function(id=1, name="0"))
    in_processes(url, count_up)
    with here.reading() as session:
        assert session.scalar(sa.select(Function.name)) == "200"


def test_two_processes_never_claim_the_same_message(url: str, here: Sessions, kit: Kit) -> None:
    with here.begin() as session:
        for number in range(100):
            kit.outbox.to_channel(session, "C1", "edition", {"n": number}, at=AT)
    taken = [ident for part in in_processes(url, claim_all) for ident in part]
    assert len(taken) == len(set(taken)) == 100


def test_twenty_people_who_click_on_two_replicas_count_once_each(url: str, here: Sessions, kit: Kit) -> None:
    with here.begin() as session:
        published(session, kit, AT)
    assert sum(in_processes(url, confirm_all)) == 20
    run_batch(here, kit, AT)
    with here.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Confirmation)) == 20


def test_a_process_that_is_killed_within_the_batch_moves_nothing(url: str, here: Sessions, kit: Kit) -> None:
    with here.begin() as session:
        for number in range(30):
            acts.raise_confidential(session, person(number), WORDS, form=f"V{number}", kit=kit)
    in_processes(url, die_within_the_batch, count=1)
    with here.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Inbox)) == 30
        assert session.scalar(sa.select(sa.func.count()).select_from(Problem)) == 0
    assert run_batch(here, kit, AT) == 30
