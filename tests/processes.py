"""The bot as its own process in a practice workspace, as an operator starts it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sandbox.workspace import PracticeWorkspace
from bot.setting_kinds import sealing_key_text
from tests.conftest import KEY

ROOT = Path(__file__).parent.parent


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def environment(practice: PracticeWorkspace, database: str, **more: str) -> dict[str, str]:
    """What an operator of the practice company would export."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/tmp"),
        "SLACK_BOT_TOKEN": practice.bot_token,
        "SLACK_APP_TOKEN": practice.app_token,
        "SLACK_SIGNING_SECRET": practice.signing_secret,
        "SLACK_API_URL": practice.api_url,
        "DATABASE_URL": database,
        "GROUNDSWELL_DIGEST_CHANNEL": practice.place("product-weekly").id,
        "GROUNDSWELL_STEWARDS": ",".join(each.id for each in practice.stewards),
        "GROUNDSWELL_MISCONDUCT_CHANNEL": practice.place("people-help").id,
        "GROUNDSWELL_SEALING_KEY": sealing_key_text(KEY),
        "GROUNDSWELL_PRACTICE_CLOCK": str(practice.clock_file),
        "GROUNDSWELL_DESTROYED_LIST": str(Path(practice.clock_file).with_name("destroyed.txt")),
        "GROUNDSWELL_LOG_FORMAT": "json",
        "GROUNDSWELL_PORT": str(free_port()),
        **more,
    }


@dataclass
class Process:
    """A running `groundswell` command; its log is in a file."""

    child: subprocess.Popen[bytes]
    log_file: Path
    port: int

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def says(self, words: str, timeout: float = 60) -> None:
        """Wait until its log has these words."""
        wait_for(lambda: words in self.log, timeout, lambda: f"{words!r} is not in the log:\n{self.log}")

    def ready(self, timeout: float = 60) -> None:
        """Wait until it says so over HTTP."""
        wait_for(self.is_ready, timeout, lambda: f"not ready:\n{self.log}")

    def is_ready(self) -> bool:
        if self.child.poll() is not None:
            raise AssertionError(f"it ended with {self.child.returncode}:\n{self.log}")
        return self.get("/readyz") == 200

    def get(self, path: str) -> int:
        """The status of a page; 0 where nothing listens."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            return 0

    def terminate(self) -> float:
        """SIGTERM; the seconds until it ended, with exit code 0."""
        started = time.monotonic()
        self.child.send_signal(signal.SIGTERM)
        code = self.child.wait(20)
        assert code == 0, f"it ended with {code}:\n{self.log}"
        return time.monotonic() - started

    def kill(self) -> None:
        self.child.kill()
        self.child.wait(10)


def wait_for(true: Callable[[], Any], timeout: float = 60, why: Callable[[], str] = lambda: "") -> None:
    """Look again and again; AssertionError when it is not true in time."""
    end = time.monotonic() + timeout
    while not true():
        if time.monotonic() > end:
            raise AssertionError(why() or f"not true within {timeout:g} s: {true}")
        time.sleep(0.02)


def migrate(given: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, "-m", "bot", "migrate"], env=given, cwd=ROOT, check=True, capture_output=True
    )


@contextmanager
def started(given: dict[str, str], log_file: Path, *command: str) -> Iterator[Process]:
    """Run `groundswell COMMAND`; whatever is left of it is killed at the end."""
    with log_file.open("ab") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "bot", *command], env=given, cwd=ROOT, stdout=log, stderr=log
        )
    try:
        yield Process(child, log_file, int(given["GROUNDSWELL_PORT"]))
    finally:
        if child.poll() is None:
            child.kill()
            child.wait(10)
