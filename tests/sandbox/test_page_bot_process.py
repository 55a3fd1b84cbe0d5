"""The bot beside the workspace: its last words, its death, its restart, its end."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from bot.sandbox import bot_process
from bot.sandbox.bot_process import BotProcess

SOON = 10.0


class Told:
    """Hears of changes, and waits until the state is the one wanted."""

    def __init__(self) -> None:
        self.bot: BotProcess | None = None
        self.changed = threading.Condition()

    def __call__(self) -> None:
        with self.changed:
            self.changed.notify_all()

    def words(self) -> list[str]:
        return [] if self.bot is None else list(self.bot.plain()["log"])

    def wait(self, state: str) -> None:
        with self.changed:
            assert self.changed.wait_for(
                lambda: self.bot is not None and self.bot.plain()["state"] == state, SOON
            )


def started(folder: Path, *scripts: str) -> tuple[BotProcess, Told]:
    told = Told()
    told.bot = BotProcess(
        [[sys.executable, "-c", script] for script in scripts],
        environment={"PYTHONUNBUFFERED": "1"}, folder=folder, is_up=lambda: "here" in told.words(), told=told,
    )  # fmt: skip
    return told.bot, told


@pytest.fixture
def ended() -> Iterator[list[BotProcess]]:
    made: list[BotProcess] = []
    yield made
    for one in made:
        one.stop()


STAYS = "import time\nprint('here', flush=True)\nwhile True: time.sleep(9)"
STUBBORN = f"import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n{STAYS}"


def test_a_bot_that_answers_is_running_until_it_is_stopped(tmp_path: Path, ended: list[BotProcess]) -> None:
    bot, told = started(tmp_path, STAYS)
    ended.append(bot)
    bot.start()
    told.wait("running")
    (pid,) = bot.pids
    bot.stop()
    assert bot.plain()["state"] == "stopped"
    assert not psutil.pid_exists(pid)


def test_a_death_is_told_with_its_code_and_last_words(tmp_path: Path, ended: list[BotProcess]) -> None:
    bot, told = started(tmp_path, "print('first'); print('last'); raise SystemExit(3)")
    ended.append(bot)
    bot.start()
    told.wait("died")
    assert bot.plain() == {"state": "died", "code": 3, "log": ["first", "last"]}


def test_the_bot_is_dead_when_one_of_its_two_processes_is(tmp_path: Path, ended: list[BotProcess]) -> None:
    bot, told = started(tmp_path, STAYS, "raise SystemExit(1)")
    ended.append(bot)
    bot.start()
    told.wait("died")
    assert bot.plain()["code"] == 1


def test_a_restart_ends_what_is_left_and_begins_anew(tmp_path: Path, ended: list[BotProcess]) -> None:
    bot, told = started(tmp_path, STAYS)
    ended.append(bot)
    bot.start()
    told.wait("running")
    (pid,) = bot.pids
    psutil.Process(pid).kill()
    told.wait("died")
    bot.restart()
    told.wait("running")
    assert pid not in bot.pids
    assert len(bot.pids) == 1


def test_a_bot_that_does_not_end_by_itself_is_killed(
    tmp_path: Path, ended: list[BotProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot_process, "ENDS_WITHIN", 0.3)
    bot, told = started(tmp_path, STUBBORN)
    ended.append(bot)
    bot.start()
    told.wait("running")
    (pid,) = bot.pids
    bot.stop()
    assert not psutil.pid_exists(pid)


def test_nothing_starts_after_the_end(tmp_path: Path, ended: list[BotProcess]) -> None:
    bot, _told = started(tmp_path, STAYS)
    ended.append(bot)
    bot.stop()
    assert not bot.prepare([sys.executable, "-c", "open('made', 'w')"])
    bot.start()
    assert bot.pids == []
    assert not (tmp_path / "made").exists()


def test_a_failed_preparation_is_a_death_with_its_words(tmp_path: Path, ended: list[BotProcess]) -> None:
    bot, _told = started(tmp_path, STAYS)
    ended.append(bot)
    assert not bot.prepare([sys.executable, "-c", "print('no table'); raise SystemExit(2)"])
    assert bot.plain() == {"state": "died", "code": 2, "log": ["no table"]}


def test_no_restart_comes_after_the_end(tmp_path: Path, ended: list[BotProcess]) -> None:
    bot, told = started(tmp_path, STAYS)
    ended.append(bot)
    bot.start()
    told.wait("running")
    bot.end()
    bot.restart()
    assert bot.pids == []
    assert bot.plain()["state"] == "stopped"
