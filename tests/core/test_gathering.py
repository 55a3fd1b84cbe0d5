"""Writes of one moment share a commit, and each fails or holds by itself."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from bot.core.gathering import Gathering
from bot.core.kit import Kit
from bot.core.problems import tagging
from bot.core.problems.records import Reaction
from bot.core.store import Busy, Sessions


@pytest.fixture
def row(kit: Kit, at: dt.datetime) -> Callable[..., dict[str, Any]]:
    def made(number: int, *, event_ts: str = "1.1", there: bool = True) -> dict[str, Any]:
        return tagging.noted(
            "C1", f"{number}.1", "U1", "jigsaw", event_ts=event_ts, there=there, kit=kit, at=at
        )

    return made


def stored(sessions: Sessions) -> list[Reaction]:
    with sessions.reading() as session:
        return list(session.scalars(sa.select(Reaction)))


def test_many_threads_need_few_commits_and_lose_nothing(sessions: Sessions, row: Any) -> None:
    gathering, statement = Gathering(sessions), tagging.noting(sessions.dialect)
    commits: list[int] = []
    sa.event.listen(sessions.engine, "commit", lambda _connection: commits.append(1))
    gathering._led = True  # as if one were just committing, so that they gather
    with ThreadPoolExecutor(24) as pool:
        asked = [pool.submit(gathering.write, statement, row(number)) for number in range(24)]
        while len(gathering._queue) < 24:
            threading.Event().wait(0.005)
        gathering._lead()
        for each in asked:
            each.result()
    assert len(stored(sessions)) == 24
    assert len(commits) == 1


def test_what_fails_fails_alone(sessions: Sessions, row: Any) -> None:
    gathering, statement = Gathering(sessions), tagging.noting(sessions.dialect)
    gathering._led = True
    with ThreadPoolExecutor(3) as pool:
        good = [pool.submit(gathering.write, statement, row(number)) for number in (1, 2)]
        bad = pool.submit(gathering.write, statement, {**row(3), "event_ts": None})
        while len(gathering._queue) < 3:
            threading.Event().wait(0.005)
        gathering._lead()
        for each in good:
            each.result()
        with pytest.raises(sa.exc.IntegrityError):
            bad.result()
    assert len(stored(sessions)) == 2


def test_a_late_added_does_not_undo_a_removed_within_one_commit(sessions: Sessions, row: Any) -> None:
    gathering, statement = Gathering(sessions), tagging.noting(sessions.dialect)
    gathering.write(statement, row(1, event_ts="2.0", there=False))
    gathering.write(statement, row(1, event_ts="1.0", there=True))
    assert [(each.event_ts, each.there) for each in stored(sessions)] == [("2.0", False)]


def test_who_waits_too_long_is_told_and_nothing_is_written(sessions: Sessions, row: Any) -> None:
    gathering, statement = Gathering(sessions), tagging.noting(sessions.dialect)
    gathering._led = True
    with ThreadPoolExecutor(1) as pool, pytest.raises(Busy):
        pool.submit(gathering.write, statement, row(1)).result()
    gathering._led = False
    gathering.write(statement, row(2))
    assert len(stored(sessions)) == 1


def test_bursts_of_many_threads_are_all_written(sessions: Sessions, row: Any) -> None:
    gathering, statement = Gathering(sessions), tagging.noting(sessions.dialect)
    rows = [row(number) for number in range(400)]
    with ThreadPoolExecutor(16) as pool:
        for each in [pool.submit(gathering.write, statement, values) for values in rows]:
            each.result(timeout=30)
    assert len(stored(sessions)) == 400
    assert not gathering._led
    assert not gathering._queue
