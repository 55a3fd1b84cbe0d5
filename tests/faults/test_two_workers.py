"""Several workers on one Postgres: one edition, each direct message once, and the turn passes on when one dies."""

from __future__ import annotations

import threading
from pathlib import Path

import sqlalchemy as sa

from bot.core.outbox import Message
from bot.core.problems.records import Batch
from bot.core.store import Sessions
from bot.jobs.only_one import OnlyOne
from bot.sandbox.workspace import PracticeWorkspace
from tests import company
from tests.conftest import Postgres, new_kit
from tests.faults.conftest import NOW
from tests.faults.test_kill_between_commit_and_post import editions_in, opened, with_something_open
from tests.processes import environment, started, wait_for

NEWS = "There is news on something you follow."


def waiting(sessions: Sessions) -> int:
    with sessions.reading() as session:
        query = sa.select(sa.func.count()).select_from(Message).where(Message.sealed_person.is_not(None))
        return session.scalar(query) or 0


def test_one_edition_and_each_message_once(
    practice: PracticeWorkspace, postgres: Postgres, tmp_path: Path
) -> None:
    url = postgres.create()
    kit = new_kit(9)
    people = [each.id for each in practice.members("support")]
    with opened(url) as sessions:
        with_something_open(sessions)
        with sessions.begin() as session:
            for person in people:
                kit.outbox.to_person(session, person, "news", {}, at=NOW)
        given = environment(practice, url)
        with (
            started(given, tmp_path / "one", "worker") as one,
            started(given, tmp_path / "two", "worker") as two,
        ):
            wait_for(lambda: editions_in(practice) and waiting(sessions) == 0, 60, lambda: one.log + two.log)
            wait_for(lambda: practice.replies("priya", editions_in(practice)[0]), 30)
            for process in (one, two):
                assert "surprise" not in process.log
        assert len(editions_in(practice)) == 1
        told = [[each["text"] for each in practice.dms(person)] for person in people]
        assert [said.count(NEWS) for said in told] == [1] * len(people)
        # One of them is a steward too, and hears once what waits on the desk.
        assert sorted(len(said) for said in told) == [1] * (len(people) - 1) + [2]
        assert [said for said in told if len(said) != len(set(said))] == []
        with sessions.reading() as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Batch)) == 1
        practice.assert_no_objections()
    postgres.drop(url)


def test_when_the_sender_dies_the_other_one_sends(
    practice: PracticeWorkspace, postgres: Postgres, tmp_path: Path
) -> None:
    url = postgres.create()
    kit = new_kit(9)
    with opened(url) as sessions:
        given = environment(practice, url)
        with (
            started(given, tmp_path / "one", "worker") as one,
            started(given, tmp_path / "two", "worker") as two,
        ):
            one.says("the worker runs")
            two.says("the worker runs")
            for number, dies in enumerate((one, None)):
                person = practice.person("priya" if number == 0 else "tomasz").id
                with sessions.begin() as session:
                    kit.outbox.to_person(session, person, "news", {}, at=NOW)
                wait_for(lambda who=person: practice.dms(who), 30, lambda: one.log + two.log)
                if dies is not None:
                    dies.kill()
    postgres.drop(url)


def test_one_turn_among_many_connections(postgres: Postgres) -> None:
    url = postgres.create()
    with opened(url) as first, opened(url) as second:
        with OnlyOne(first) as one, OnlyOne(second) as other:
            assert one.mine()
            assert one.mine()
            assert not other.mine()
            one.leave()
            assert other.mine()
            assert not one.mine()
        with OnlyOne(first) as one:
            assert one.mine()
            with first.reading() as session:
                session.execute(
                    sa.text(
                        "SELECT pg_terminate_backend(pid) FROM pg_locks "
                        "WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
                    )
                )
            assert one.mine()  # taken anew, on another connection
    postgres.drop(url)


def test_many_senders_at_once_never_take_one_row_twice(postgres: Postgres) -> None:
    from bot.core import outbox
    from bot.jobs.noting import LEASE

    url = postgres.create()
    kit = new_kit(3)
    with opened(url) as sessions:
        with sessions.begin() as session:
            for number in range(60):
                kit.outbox.to_person(session, company.person(number).person, "news", {}, at=NOW)
        taken: list[int] = []
        lock = threading.Lock()

        def take() -> None:
            for _ in range(8):
                with sessions.begin(patient=True) as session:
                    rows = [row.id for row in outbox.claim(session, at=NOW, most=5, lease=LEASE)]
                with lock:
                    taken.extend(rows)

        threads = [threading.Thread(target=take) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(taken) == len(set(taken)) == 60
    postgres.drop(url)
