"""The pulse's job: nothing closes that could come back unseen, and stewards are asked once a quarter."""

from __future__ import annotations

import datetime as dt
import struct
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.core.pulse import acts
from bot.core.pulse.acts import Plan
from bot.core.pulse.instrument import load
from bot.core.pulse.records import PulseAnswer, Silence, Wave, WaveState
from bot.core.teams.records import Function
from bot.jobs.forgetting import Forgetting
from bot.jobs.pulse import Pulse
from tests.company import raised
from tests.jobs.conftest import Jobs


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "beside" / "destroyed.txt"


def opened(jobs: Jobs, pulse: Pulse) -> int:
    """A wave that asks everybody for ten days, with one answer."""
    office = jobs.office
    with office.sessions.begin() as session:
        everybody = list(session.scalars(sa.select(Function.id)))
        decided = Plan(everybody, [], office.now, office.now + dt.timedelta(days=10))
        wave = acts.plan(
            session, office.actor("amara"), decided, instrument=load(), kit=office.kit, at=office.now
        ).id
    pulse.run()
    with office.sessions.begin() as session:
        acts.answer(session, office.actor("priya"), wave, 1, {"A1": 3}, kit=office.kit, at=office.now)
    return wave


def transactions(jobs: Jobs) -> set[int]:
    """Postgres's number of the transaction in which each answer that stands was written."""
    with jobs.office.sessions.reading() as session:
        return set(session.scalars(sa.text("SELECT xmin::text::bigint FROM pulse_answers")))


def test_the_batch_takes_the_order_of_answers_away_from_the_tables_pages_too(jobs: Jobs, path: Path) -> None:
    office = jobs.office
    wave = opened(jobs, Pulse(office.bot, path))
    for who in ("niamh", "kwame", "fatima"):
        with office.sessions.begin() as session:
            acts.answer(session, office.actor(who), wave, 1, {"A1": 5}, kit=office.kit, at=office.now)
    if office.sessions.dialect == "sqlite":
        before: set[int] = set()
    else:
        before = transactions(jobs)
        assert len(before) == 4
    jobs.later(days=1)
    assert jobs.calendar.batch() is not None
    with office.sessions.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(PulseAnswer)) == 4
        if office.sessions.dialect == "sqlite":
            return
        pages = session.scalar(sa.text("SELECT pg_read_binary_file(pg_relation_filepath('pulse_answers'))"))
    assert len(transactions(jobs)) == 1
    assert not [each for each in before if struct.pack("<I", each) in bytes(pages)]


def state(jobs: Jobs, wave: int) -> str:
    with jobs.office.sessions.reading() as session:
        return session.get_one(Wave, wave).state


def test_a_wave_closes_once_it_is_noted_beside_the_database_what_is_destroyed(jobs: Jobs, path: Path) -> None:
    pulse = Pulse(jobs.office.bot, path)
    wave = opened(jobs, pulse)
    jobs.later(days=11)
    path.parent.write_text("no folder")
    pulse.run()
    assert state(jobs, wave) == WaveState.OPEN.value, "it could not be noted"
    assert any("list of what was destroyed" in str(line) for line in jobs.office.log)
    path.parent.unlink()
    pulse.run()
    assert state(jobs, wave) == WaveState.CLOSED.value
    assert path.read_text() == f"pulse {wave}\n"
    with jobs.office.sessions.reading() as session:
        assert session.scalars(sa.select(PulseAnswer)).all() == []


def test_a_restored_backup_calls_a_wave_off_that_had_closed(lite_jobs: Jobs, path: Path) -> None:
    office = lite_jobs.office
    wave = opened(lite_jobs, Pulse(office.bot, path))
    path.parent.mkdir()
    path.write_text(f"pulse {wave}\n")  # the backup is of before it closed
    Forgetting(office.bot, path).run()
    assert state(lite_jobs, wave) == WaveState.CALLED_OFF.value
    with office.sessions.reading() as session:
        assert session.scalars(sa.select(PulseAnswer)).all() == []
    assert f"pulse {wave}" in path.read_text()


def test_stewards_are_asked_once_a_quarter_on_a_working_day(lite_jobs: Jobs, path: Path) -> None:
    office = lite_jobs.office
    with office.sessions.begin() as session:
        raised(session, office.kit, dt.datetime(2026, 10, 1, 9, tzinfo=dt.UTC))
    pulse = Pulse(office.bot, path)
    # The practice company has functions of ten and more, and nobody has spoken in the last quarter of the year.
    new_year = dt.datetime(2027, 1, 2, 9, tzinfo=dt.UTC)  # a Saturday
    lite_jobs.later(seconds=(new_year - office.now).total_seconds())
    for _ in range(5):
        pulse.run()
        with lite_jobs.only_one:
            lite_jobs.sender.run()
        lite_jobs.later(days=1)
    asked = [
        each["text"]
        for each in office.practice.dms("amara")
        if "Hardly any voice last quarter" in each["text"]
    ]
    assert len(asked) == 1
    assert "Support" in asked[0]
    with office.sessions.reading() as session:
        assert sorted(session.scalars(sa.select(Silence.quarter))) == ["2026-Q4"]


def test_what_a_killed_process_left_in_the_files_is_destroyed_by_the_next_one(
    lite_jobs: Jobs, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between closing a wave and clearing the files: rows are gone by then, the log of the database still has them."""
    office = lite_jobs.office
    destroyed: list[bool] = []
    wave = opened(lite_jobs, Pulse(office.bot, path))
    lite_jobs.later(days=11)

    def killed(*, thorough: bool = False) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(office.sessions, "destroy", killed)
        with pytest.raises(KeyboardInterrupt):
            Pulse(office.bot, path).run()
    assert state(lite_jobs, wave) == WaveState.CLOSED.value
    monkeypatch.setattr(office.sessions, "destroy", lambda *, thorough=False: destroyed.append(thorough))
    after = Pulse(office.bot, path)
    after.run()
    after.run()
    assert destroyed == [True]
