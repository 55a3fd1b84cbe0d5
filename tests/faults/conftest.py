"""Bad days happen to processes: each test has a practice workspace of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.manifest import manifest_path
from bot.sandbox.workspace import PracticeWorkspace

NOW = dt.datetime(2026, 11, 18, 14, 7, 31, tzinfo=dt.UTC)


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[PracticeWorkspace]:
    """Over Socket Mode, on a Wednesday afternoon; its clock runs."""
    folder = tmp_path / "practice"
    folder.mkdir()
    with PracticeWorkspace.started(manifest=manifest_path(), folder=folder, starts_at=NOW) as running:
        yield running
