"""`groundswell pilot`: a file is written, read, locked, shown and reported on, without Slack."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.core.kit import Kit
from bot.core.pilot import acts
from bot.core.pilot.rules import Definition
from bot.core.store import Sessions
from bot.setting_kinds import sealing_key_text
from tests.company import AMARA
from tests.conftest import KEY
from tests.slack import conftest as office_room

lite = office_room.lite


@pytest.fixture
def command(lite: Sessions, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("DATABASE_URL", str(lite.engine.url))
    monkeypatch.setenv("GROUNDSWELL_SEALING_KEY", sealing_key_text(KEY))
    monkeypatch.setattr("bot.logs.configure", lambda *_given: None)
    return lambda *arguments: CliRunner().invoke(app, ["pilot", *arguments])


def test_a_pilot_is_written_locked_and_shown(command: Any, tmp_path: Path) -> None:
    assert "No pilot" in command("show").output
    file = tmp_path / "pilot.yml"
    example = command("example").output
    file.write_text(example.replace("functions: [Engineering, Support]\n", ""))
    assert "Written down" in command("start", str(file), "--draft").output
    assert "has not started" in command("show").output
    assert "begins on" in command("start", str(file)).output
    shown = command("show").output
    assert "Do problems between our teams" in shown
    assert "continue from 80 %, stop at 50 %" in shown
    assert "continue up to 10 %, stop from 30 %" in shown
    again = command("start", str(file))
    assert again.exit_code == 1
    assert "can only be changed" in again.output
    assert "Nothing is counted yet" in command("report", "--to", str(tmp_path / "out")).output


def test_a_file_that_can_be_no_pilot_starts_nothing(command: Any, tmp_path: Path) -> None:
    file = tmp_path / "pilot.yml"
    for text, said in (("lines: [", "no YAML"), ("question: q", "decides"), ("{", "no YAML")):
        file.write_text(text)
        told = command("start", str(file))
        assert (told.exit_code, said in told.output) == (1, True), told.output
    assert "can't be read" in command("start", str(tmp_path / "none.yml")).output
    assert "No pilot" in command("show").output


def test_the_report_is_written_as_files(command: Any, lite: Sessions, kit: Kit, tmp_path: Path) -> None:
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(weeks=20)
    with lite.begin() as session:
        acts.write_down(session, AMARA, Definition("Worth it?", "Them", "Judging"), kit=kit, at=long_ago)
        acts.start(session, AMARA, kit=kit, at=long_ago)
    told = command("report", "--to", str(tmp_path / "out"))
    assert told.exit_code == 0, told.output
    assert {each.name for each in (tmp_path / "out").iterdir()} >= {"pilot-report.html", "pilot-report.csv"}
    assert "No line can be answered" in told.output
    page = (tmp_path / "out" / "pilot-report.html").read_text(encoding="utf-8")
    assert "Worth it?" in page
