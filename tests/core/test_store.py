"""Engine and sessions: one writer at a time, readers free, short waits, and destroyed means destroyed."""

from __future__ import annotations

import datetime as dt
import sqlite3
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.core.identity.records import Delivery, Steward
from bot.core.problems.records import Inbox, Problem, State
from bot.core.store import Busy, Sessions, UtcTime, build_engine, inserted, monday
from bot.core.teams.records import Choice, Function, Team
from tests.company import ON_POSTGRES, empty, together


@pytest.fixture
def file(sqlite_template: Path, tmp_path: Path) -> Path:
    path = tmp_path / "alone.db"
    path.write_bytes(sqlite_template.read_bytes())
    return path


@pytest.fixture
def lite(file: Path) -> Iterator[Sessions]:
    sessions = Sessions(build_engine(f"sqlite:///{file}"))
    yield sessions
    sessions.engine.dispose()


def test_no_read_modify_write_is_lost_between_threads(lite: Sessions) -> None:
    with lite.begin() as session:
        session.add(Function(id=1, name="0"))

    def count_up(number: int) -> None:
        for _ in range(62 if number else 66):
            with lite.begin(patient=True) as session:
                row = session.get(Function, 1)
                assert row is not None
                row.name = str(int(row.name) + 1)

    together(8, count_up)
    with lite.reading() as session:
        assert session.scalar(sa.select(Function.name)) == "500"


def test_a_reader_is_not_in_a_writers_way_nor_a_writer_in_a_readers(sessions: Sessions) -> None:
    with sessions.begin() as writing:
        writing.add(Function(id=1, name="being written"))
        writing.flush()
        with sessions.reading() as looking:
            assert looking.scalar(sa.select(sa.func.count()).select_from(Function)) == 0
    with sessions.reading() as looking:
        looking.scalar(sa.select(sa.func.count()).select_from(Function))
        with sessions.begin() as writing:
            writing.add(Function(id=2, name="written beside a reader"))


def test_who_waits_for_a_writer_of_the_same_process_is_told_within_about_a_second(lite: Sessions) -> None:
    with lite.begin():
        since = time.monotonic()
        with pytest.raises(Busy), lite.begin():
            pass
        assert 0.5 < time.monotonic() - since < 2


def test_who_waits_for_a_writer_of_another_process_is_told_within_about_a_second(
    lite: Sessions, file: Path
) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    since = time.monotonic()
    with pytest.raises(Busy), lite.begin():
        pass
    assert 0.5 < time.monotonic() - since < 2
    other.execute("ROLLBACK")
    other.close()
    with lite.begin() as session:
        assert inserted(session, Steward, {"person": "U1"})


@ON_POSTGRES
def test_who_waits_for_a_locked_row_is_told_within_about_a_second(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.add(Function(id=1, name="held"))
    with sessions.begin() as holding:
        holding.get(Function, 1, with_for_update=True)
        since = time.monotonic()
        with pytest.raises(Busy), sessions.begin() as waiting:
            waiting.get(Function, 1, with_for_update=True)
        assert 0.5 < time.monotonic() - since < 2


def test_an_error_rolls_everything_back(sessions: Sessions) -> None:
    class Surprise(Exception):
        pass

    def break_half_way() -> None:
        with sessions.begin() as session:
            session.add(Function(id=1, name="never"))
            session.flush()
            raise Surprise

    with pytest.raises(Surprise):
        break_half_way()
    with sessions.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Function)) == 0


def test_foreign_keys_are_on(sessions: Sessions) -> None:
    with pytest.raises(sa.exc.IntegrityError), sessions.begin() as session:
        session.add(Choice(person="U1", team_id=4711))


def test_checks_are_on(sessions: Sessions, at: dt.datetime) -> None:
    with pytest.raises(sa.exc.IntegrityError), sessions.begin() as session:
        session.add(Problem(id=1, raised_as="rumour", state="new", raised_week=monday(at)))
    with pytest.raises(sa.exc.IntegrityError), sessions.begin() as session:
        session.add(Problem(id=1, raised_as="confidential", raiser="U1", state="new", raised_week=monday(at)))
    with pytest.raises(sa.exc.IntegrityError), sessions.begin() as session:
        session.add(
            Problem(id=1, raised_as="named", raiser="U1", state=State.CLOSED.value, raised_week=monday(at))
        )


def test_sqlite_keeps_its_promises_by_settings(lite: Sessions) -> None:
    with lite.reading() as session:
        settings = {
            name: session.execute(sa.text(f"PRAGMA {name}")).scalar()
            for name in ("secure_delete", "foreign_keys", "synchronous", "journal_mode", "temp_store")
        }
    assert settings == {
        "secure_delete": 1,
        "foreign_keys": 1,
        "synchronous": 2,
        "journal_mode": "wal",
        "temp_store": 2,
    }


def test_a_new_sqlite_file_can_be_read_by_its_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    engine = build_engine(f"sqlite:///{path}")
    assert not path.exists()
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE here (it INTEGER)")
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()}
    engine.dispose()
    assert modes.pop("new.db") == 0o600
    assert set(modes.values()) <= {0o600}


def test_a_naive_time_is_refused(sessions: Sessions) -> None:
    naive = dt.datetime(2026, 1, 1)  # noqa: DTZ001  that is the point
    with pytest.raises(sa.exc.StatementError), sessions.begin() as session:
        session.execute(sa.select(sa.bindparam("at", naive, type_=UtcTime)))


def test_the_week_of_a_time_is_its_monday_in_utc() -> None:
    sunday = dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
    assert monday(sunday) == dt.date(2026, 11, 23)
    assert monday(sunday.replace(tzinfo=dt.UTC)) == dt.date(2026, 11, 16)


def test_an_error_of_the_database_prints_no_parameters(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.add(Team(id=1, name="Checkout", dissolved=False))
    with pytest.raises(sa.exc.DBAPIError) as caught, sessions.begin() as session:
        session.add(Choice(person="U0SECRET", team_id=4711))
    assert "U0SECRET" not in str(caught.value)


WORDS = "what nobody is to find again"


def test_deleted_words_are_in_no_file_after_destroy(lite: Sessions, file: Path) -> None:
    with lite.begin() as session:
        for number in range(200):
            body = {"title": f"{WORDS} {number}"}
            session.add(Inbox(mark=number.to_bytes(16), act="raise", problem_id=None, body=body))
    assert any(WORDS.encode() in each.read_bytes() for each in file.parent.iterdir())
    with lite.begin() as session:
        empty(session)
    lite.destroy()
    for each in file.parent.iterdir():
        assert WORDS.encode() not in each.read_bytes(), each.name


def test_destroy_says_when_a_reader_keeps_the_log_from_being_emptied(
    lite: Sessions, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.core.store.JOBS_PATIENCE", 0.2)
    with lite.begin() as session:
        session.add(Function(id=1, name=WORDS))
    with lite.reading() as looking:
        looking.scalar(sa.select(Function.name))
        with lite.begin() as session:
            session.execute(sa.delete(Function))
        with pytest.raises(Busy):
            lite.destroy()
    lite.destroy()
    assert WORDS.encode() not in file.read_bytes()


@ON_POSTGRES
def test_destroy_leaves_nothing_of_an_emptied_inbox_on_postgres(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.add(Inbox(mark=b"0" * 16, act="raise", problem_id=None, body={"title": WORDS}))
        session.add(Inbox(mark=b"1" * 16, act="raise", problem_id=None, body={"title": "stays"}))
    with sessions.begin() as session:
        session.execute(sa.delete(Inbox).where(Inbox.mark == b"0" * 16))
    sessions.destroy()
    with sessions.begin() as session:
        session.execute(sa.text("CHECKPOINT"))
        pages = session.scalar(sa.text("SELECT pg_read_binary_file(pg_relation_filepath('inbox'))"))
    assert b"stays" in bytes(pages)
    assert WORDS.encode() not in bytes(pages)


@ON_POSTGRES
def test_destroy_leaves_nothing_of_it_in_the_write_ahead_log_either(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.add(Inbox(mark=b"0" * 16, act="raise", problem_id=None, body={"title": WORDS}))
    with sessions.begin() as session:
        session.execute(sa.delete(Inbox))
    assert WORDS.encode() in _write_ahead_log(sessions)
    sessions.destroy()
    assert WORDS.encode() not in _write_ahead_log(sessions)


def _write_ahead_log(sessions: Sessions) -> bytes:
    with sessions.reading() as session:
        parts = sa.text("SELECT pg_read_binary_file('pg_wal/' || name) FROM pg_ls_waldir()")
        return b"".join(map(bytes, session.scalars(parts)))


@ON_POSTGRES
def test_a_role_that_may_not_end_the_log_destroys_the_rest_and_the_check_up_can_tell(
    sessions: Sessions,
) -> None:
    assert sessions.lets_go_of_log()
    url = sessions.engine.url.set(username="plain_role")
    with sessions.begin() as session:
        for each in (
            "DROP ROLE IF EXISTS plain_role",
            "CREATE ROLE plain_role LOGIN",
            "GRANT ALL ON ALL TABLES IN SCHEMA public TO plain_role",
            "GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO plain_role",
        ):
            session.execute(sa.text(each))
    plain = Sessions(build_engine(url.render_as_string(hide_password=False)))
    assert not plain.lets_go_of_log()
    plain.destroy()
    plain.engine.dispose()
    with sessions.begin() as session:
        for each in (
            "GRANT pg_checkpoint TO plain_role",
            "GRANT EXECUTE ON FUNCTION pg_switch_wal() TO plain_role",
        ):
            session.execute(sa.text(each))
    plain = Sessions(build_engine(url.render_as_string(hide_password=False)))
    assert plain.lets_go_of_log()
    plain.destroy()
    plain.engine.dispose()
    with sessions.begin() as session:
        session.execute(sa.text("DROP OWNED BY plain_role"))
        session.execute(sa.text("DROP ROLE plain_role"))


def test_a_row_is_new_once(sessions: Sessions, at: dt.datetime) -> None:
    row = {"mark": b"m" * 16, "day": at.date()}
    with sessions.begin() as session:
        assert inserted(session, Delivery, row)
        assert not inserted(session, Delivery, row)
    with sessions.begin() as session:
        assert not inserted(session, Delivery, row)
