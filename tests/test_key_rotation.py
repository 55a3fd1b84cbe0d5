"""The sealing key is changed by two commands, while the bot goes on, and nothing is lost."""

from __future__ import annotations

import base64
import datetime as dt
import random
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from bot.__main__ import app
from bot.core.identity.sealing import Sealing
from bot.core.kit import Kit
from bot.core.problems import acts, queries
from bot.core.problems.records import Problem
from bot.core.store import Sessions
from bot.core.teams.records import Choice
from bot.jobs.keys import done_with, missing
from bot.own_key import BusyKeys, put_in_front
from bot.setting_kinds import sealing_key_text
from tests.company import RAISER, STRANGER, WORDS, published, run_batch, team, together
from tests.conftest import KEY
from tests.slack import conftest as office_room

lite = office_room.lite
NEW = bytes(reversed(range(32)))


@pytest.fixture
def file(tmp_path: Path, lite: Sessions, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that holds the key, as the settings name it."""
    path = tmp_path / "sealing.key"
    path.write_text(sealing_key_text(KEY) + "\n")
    monkeypatch.setenv("DATABASE_URL", str(lite.engine.url))
    monkeypatch.setenv("GROUNDSWELL_SEALING_KEY_FILE", str(path))
    monkeypatch.setattr("bot.logs.configure", lambda *_given: None)
    return path


def typed(*words: str) -> Any:
    return CliRunner().invoke(app, ["key", *words], catch_exceptions=False)


def test_a_new_key_takes_over_and_the_old_one_goes_when_nothing_needs_it(
    file: Path, lite: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with lite.begin() as session:
        acts.raise_confidential(session, RAISER, WORDS, form="V1", kit=kit)
    run_batch(lite, kit, at)
    assert "start every process again" in typed("rotate").output
    first, second = file.read_text().strip().split(",")
    assert (second, first == second) == (sealing_key_text(KEY), False)
    assert file.stat().st_mode & 0o077 == 0
    said = typed("reseal").output
    assert "1 were sealed anew" in said
    assert "needed still" in said, "the open problem's hashes stand under the old key"
    with lite.begin() as session:
        session.execute(sa.update(Problem).values(salt=None, salt_mark=None))
    assert "Nothing needs key number 2" in typed("reseal").output
    file.write_text(first)
    with lite.reading() as session:
        problem = session.scalars(sa.select(Problem)).one()
        alone = Kit.of(Sealing([material(first)], random.Random(1)), random.Random(2))
        assert queries.raiser_of(problem, alone) == RAISER.person
    assert "one key" in typed("reseal").output


def material(text: str) -> bytes:
    return base64.b64decode(text)


def test_what_waits_for_the_batch_keeps_its_key_needed(lite: Sessions, kit: Kit, at: dt.datetime) -> None:
    with lite.begin() as session:
        acts.raise_confidential(session, RAISER, WORDS, form="V1", kit=kit)
    with lite.reading() as session:
        assert done_with(session, [NEW, KEY]) == []
        assert missing(session, [NEW])


def test_a_team_that_was_picked_today_keeps_its_key_needed_too(
    lite: Sessions, kit: Kit, at: dt.datetime
) -> None:
    newer = Kit.of(Sealing([NEW, KEY], kit.randomness), kit.randomness)
    with lite.begin() as session:
        problem, picked = published(session, kit, at), team(session, kit, "Sales").id
        acts.confirm_problem(session, STRANGER, problem, kit=newer, chosen=picked)
    with lite.reading() as session:
        assert done_with(session, [bytes(32), NEW, KEY]) == []
    run_batch(lite, newer, at)
    with lite.reading() as session:
        assert done_with(session, [bytes(32), NEW, KEY]) == [2]
        assert session.scalars(sa.select(Choice.team_id)).one() == picked


def test_two_rotations_at_once_lose_no_key(tmp_path: Path) -> None:
    path = tmp_path / "sealing.key"
    path.write_text("first\n")

    def rotate(number: int) -> bool:
        try:
            put_in_front(path, f"key{number}")
        except BusyKeys:
            return False
        return True

    done = [f"key{number}" for number, worked in enumerate(together(6, rotate)) if worked]
    keys = path.read_text().strip().split(",")
    assert done
    assert sorted(keys[:-1]) == sorted(done)
    assert keys[-1] == "first"


def test_a_key_in_the_settings_is_printed_for_whoever_keeps_them(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GROUNDSWELL_SEALING_KEY_FILE")
    monkeypatch.setenv("GROUNDSWELL_SEALING_KEY", sealing_key_text(KEY))
    before = file.read_text()
    assert "Put this one in front" in typed("rotate").output
    assert file.read_text() == before


def test_a_rotation_that_was_cut_off_says_what_to_delete(file: Path) -> None:
    beside = file.with_name("sealing.key.new")
    beside.write_text("")
    told = typed("rotate")
    assert told.exit_code == 1
    assert str(beside) in told.output
