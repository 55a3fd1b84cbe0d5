"""The whole as it is put together: every feature is in it, and the commands say what they do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner

import bot.slack
from bot import wiring
from bot.__main__ import app
from bot.core.store import Sessions, build_engine
from bot.settings import Settings, load

ROOT = Path(__file__).parent.parent


def test_every_feature_that_listens_is_in_the_list() -> None:
    folders = {path.parent.name for path in Path(bot.slack.__path__[0]).glob("*/listeners.py")}
    assert {feature.__name__.split(".")[-2] for feature in wiring.FEATURES} == folders


def test_the_table_can_be_filled_and_has_the_command() -> None:
    table = wiring.listeners()
    assert "" in table.commands
    assert {"reaction_added", "app_home_opened", "user_change"} <= set(table.events)


def test_every_command_is_listed_with_what_it_does() -> None:
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"})
    assert shown.exit_code == 0
    for name in ("run", "web", "worker", "migrate", "manifest", "key", "teams", "doctor", "version"):
        assert name in shown.output


def test_help_imports_nothing_of_the_bot() -> None:
    script = (
        "import sys; from typer.testing import CliRunner; from bot.__main__ import app\n"
        "CliRunner().invoke(app, ['--help'])\n"
        "print([name for name in ('sqlalchemy', 'slack_bolt', 'alembic', 'aiohttp') if name in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, timeout=60, check=False
    )
    assert (ended.stdout.strip(), ended.stderr) == ("[]", "")


def test_a_new_key_is_one_that_the_settings_take(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = {CliRunner().invoke(app, ["key"]).output.strip() for _ in range(2)}
    assert len(made) == 2
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GROUNDSWELL_SEALING_KEY", ",".join(made))
    assert len(load("migrate").sealing_keys) == 2


def test_a_folder_for_the_database_is_made(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/a/b/groundswell.db")  # type: ignore[arg-type]  # pydantic makes it a secret
    sessions = wiring.sessions_of(settings)
    with sessions.reading() as session:
        assert session is not None
    sessions.engine.dispose()
    assert (tmp_path / "a" / "b").is_dir()


def test_what_is_away_is_waited_for_and_a_stop_ends_the_wait() -> None:
    stopping = threading.Event()
    tries: list[int] = []

    def attempt() -> str:
        tries.append(1)
        if len(tries) < 2:
            raise OSError
        return "there"

    assert wiring.patiently(attempt, passing=(OSError,), what="it", stopping=stopping) == "there"
    stopping.set()
    with pytest.raises(wiring.Stopped):
        wiring.patiently(attempt, passing=(OSError,), what="it", stopping=stopping)


def test_what_waiting_would_not_mend_is_not_waited_for() -> None:
    def attempt() -> None:
        raise ValueError

    with pytest.raises(ValueError):
        wiring.patiently(attempt, passing=(OSError,), what="it", stopping=threading.Event())


def test_a_database_that_can_not_be_opened_is_not_healthy(tmp_path: Path) -> None:
    sessions = Sessions(build_engine(f"sqlite:///{tmp_path}/no/folder.db"))
    assert not wiring.healthy(sessions)
    sessions.engine.dispose()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_and_what_was_before_comes_back(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with wiring.stopped_by_signals() as stopping:
        os.kill(os.getpid(), number)
        assert stopping.wait(5)
    assert signal.getsignal(number) is before
