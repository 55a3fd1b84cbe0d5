"""One command reads everything anew after another model was named, and changes nothing where it can't be had."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from bot.__main__ import app
from bot.core.kit import Kit
from bot.core.problems.similar import Index, keep_up
from bot.core.problems.similar_records import Likeness
from bot.core.store import Sessions
from bot.setting_kinds import sealing_key_text
from tests.company import published
from tests.conftest import KEY
from tests.slack import conftest as office_room

lite = office_room.lite


def models(sessions: Sessions) -> list[str]:
    with sessions.reading() as session:
        return [name.partition("-")[0] for name in session.scalars(sa.select(Likeness.model))]


def test_after_another_model_was_named_one_command_reads_all_anew(
    lite: Sessions, kit: Kit, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", str(lite.engine.url))
    monkeypatch.setenv("GROUNDSWELL_SEALING_KEY", sealing_key_text(KEY))
    monkeypatch.setattr("bot.logs.configure", lambda *_given: None)

    def rebuild(model: str) -> Any:
        monkeypatch.setenv("GROUNDSWELL_SIMILAR", model)
        return CliRunner().invoke(app, ["similar", "rebuild"], catch_exceptions=False)

    with lite.begin() as session:
        for number in range(3):
            published(session, kit, at, title=f"Releases surprise area {number}")
    keep_up(lite, Index("words"), kit.randomness)
    assert models(lite) == ["words"] * 3
    assert "3 published problems were read anew" in rebuild("ideas").output
    assert models(lite) == ["ideas"] * 3
    failed = rebuild("nowhere.at_all:make")
    assert failed.exit_code == 1
    assert "Nothing was changed" in failed.output
    assert models(lite) == ["ideas"] * 3
