"""kill -9 while a message is on its way: the edition stands exactly once, or waits for a steward's word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.core.editions.records import Edition, EditionState
from bot.core.outbox import Message, Sending
from bot.core.store import Sessions, build_engine
from bot.jobs.noting import LEASE
from bot.manifest import manifest_path
from bot.sandbox.workspace import PracticeWorkspace
from tests import company
from tests.conftest import new_kit
from tests.faults.conftest import NOW
from tests.processes import environment, started, wait_for

CHANNEL = "product-weekly"


@contextmanager
def opened(url: str) -> Iterator[Sessions]:
    sessions = Sessions(build_engine(url))
    try:
        yield sessions
    finally:
        sessions.engine.dispose()


def with_something_open(sessions: Sessions) -> None:
    """Two problems of weeks ago, so that the bot was there and the missed edition is made up for at once."""
    kit = new_kit(5)
    with sessions.begin() as session:
        for number in range(2):
            company.published(session, kit, NOW - dt.timedelta(days=14), title=f"Problem {number}")
        session.execute(sa.delete(Message))


def editions_in(practice: PracticeWorkspace) -> list[dict[str, object]]:
    return [each for each in practice.messages("priya", CHANNEL) if "eek 47" in each["text"]]


def state(sessions: Sessions) -> str | None:
    with sessions.reading() as session:
        return session.scalar(sa.select(Edition.state))


def claimed(sessions: Sessions) -> bool:
    with sessions.reading() as session:
        query = sa.select(Message).where(Message.kind == "edition", Message.sending == Sending.CLAIMED.value)
        return session.scalar(query) is not None


def posts_to_the_channel(practice: PracticeWorkspace) -> bool:
    """A steward's own message of the morning may go out first."""
    place = practice.place(CHANNEL).id
    return any(each["args"].get("channel") == place for each in practice.calls("chat.postMessage"))


def killed_while_posting(
    practice: PracticeWorkspace, sessions: Sessions, given: dict[str, str], log: Path
) -> None:
    """Run the worker until its post is under way at Slack, then kill it."""
    with started(given, log, "worker") as process:
        wait_for(lambda: claimed(sessions) and posts_to_the_channel(practice), 30, lambda: process.log)
        process.kill()
    assert claimed(sessions)


def test_what_slack_did_post_is_found_again(
    practice: PracticeWorkspace, databases: Callable[[], str], tmp_path: Path
) -> None:
    url = databases()
    given = environment(practice, url)
    with opened(url) as sessions:
        with_something_open(sessions)
        # Slack takes its time and posts; the worker is dead by then and never hears of it.
        practice.fault("chat.postMessage", channel=practice.place(CHANNEL).id, delay=1.5)
        killed_while_posting(practice, sessions, given, tmp_path / "log")
        wait_for(lambda: editions_in(practice))
        practice.move_clock(LEASE.total_seconds() + 1)
        with started(given, tmp_path / "log", "worker") as process:
            wait_for(lambda: state(sessions) == EditionState.POSTED.value, 30, lambda: process.log)
            wait_for(lambda: practice.replies("priya", editions_in(practice)[0]), 30, lambda: process.log)
        assert len(editions_in(practice)) == 1


def test_what_slack_never_got_is_posted_once(
    practice: PracticeWorkspace, databases: Callable[[], str], tmp_path: Path
) -> None:
    url = databases()
    given = environment(practice, url)
    with opened(url) as sessions:
        with_something_open(sessions)
        practice.fault("chat.postMessage", channel=practice.place(CHANNEL).id, delay=1.5, drop=True)
        killed_while_posting(practice, sessions, given, tmp_path / "log")
        practice.move_clock(LEASE.total_seconds() + 1)
        with started(given, tmp_path / "log", "worker") as process:
            wait_for(lambda: state(sessions) == EditionState.POSTED.value, 30, lambda: process.log)
        assert len(editions_in(practice)) == 1


def test_where_nobody_can_look_it_waits_for_a_stewards_word(tmp_path: Path, sqlite_template: Path) -> None:
    file = tmp_path / "groundswell.db"
    file.write_bytes(sqlite_template.read_bytes())
    url = f"sqlite:///{file}"
    folder = tmp_path / "practice"
    folder.mkdir()
    with (
        PracticeWorkspace.started(
            manifest=manifest_path(),
            folder=folder,
            starts_at=NOW,
            without_scopes=("channels:history", "groups:history"),
        ) as practice,
        opened(url) as sessions,
    ):
        given = environment(practice, url)
        with_something_open(sessions)
        practice.fault("chat.postMessage", channel=practice.place(CHANNEL).id, delay=1.5)
        killed_while_posting(practice, sessions, given, tmp_path / "log")
        wait_for(lambda: editions_in(practice))
        practice.move_clock(LEASE.total_seconds() + 1)
        with started(given, tmp_path / "log", "worker") as process:
            wait_for(lambda: state(sessions) == EditionState.HELD.value, 30, lambda: process.log)
            practice.move_clock(dt.timedelta(hours=3).total_seconds())
            process.terminate()
        assert len(editions_in(practice)) == 1
        with sessions.reading() as session:
            waiting = session.scalars(sa.select(Message).where(Message.kind == "edition")).one()
        assert (waiting.sending, waiting.problem_class) == (Sending.HELD.value, "Unanswered")


@pytest.mark.parametrize("times", [1, 4])
def test_killed_again_and_again_it_still_stands_once(
    practice: PracticeWorkspace, tmp_path: Path, sqlite_template: Path, times: int
) -> None:
    file = tmp_path / "groundswell.db"
    file.write_bytes(sqlite_template.read_bytes())
    url = f"sqlite:///{file}"
    given = environment(practice, url)
    with opened(url) as sessions:
        with_something_open(sessions)
        practice.fault("conversations.history", delay=1.5, times=times)
        practice.fault("chat.postMessage", channel=practice.place(CHANNEL).id, delay=1.0)
        killed_while_posting(practice, sessions, given, tmp_path / "log")
        for number in range(1, times + 1):
            practice.move_clock(dt.timedelta(minutes=10).total_seconds())
            with started(given, tmp_path / "log", "worker") as process:
                wait_for(lambda n=number: len(practice.calls("conversations.history")) >= n, 30)
                process.kill()
        practice.move_clock(dt.timedelta(minutes=10).total_seconds())
        with started(given, tmp_path / "log", "worker") as process:
            wait_for(lambda: state(sessions) == EditionState.POSTED.value, 30, lambda: process.log)
        assert len(editions_in(practice)) == 1
