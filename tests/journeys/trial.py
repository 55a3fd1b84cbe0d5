"""`groundswell try` as its own process, as a visitor starts it."""

import json
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

UP_WITHIN = 90.0
ENDS_WITHIN = 25.0


class Trial:
    """A running `try`: its url, what it printed, and its processes."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "try", "--no-browser", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder, start_new_session=True,
        )  # fmt: skip
        self.said: list[str] = []
        self._told = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._told.wait(UP_WITHIN) or not self.url:
            self.end()
            raise AssertionError("no URL was printed: " + "".join(self.said))

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as words:
            for line in words:
                self.said.append(line)
                if "http://" in line:
                    self._told.set()
        self._told.set()

    @property
    def url(self) -> str:
        found = re.search(r"http://127\.0\.0\.1:\d+", "".join(self.said))
        return found[0] if found else ""

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.url + path, timeout=5) as answer:
            return json.load(answer)

    def bot_is(self) -> dict[str, Any]:
        return dict(self.get("/practice/bot")["process"])

    def wait_for(self, state: str) -> dict[str, Any]:
        """Wait until the bot is in this state; AssertionError with its last words when it dies instead."""
        end = time.monotonic() + UP_WITHIN
        while time.monotonic() < end:
            told = self.bot_is()
            if told["state"] == state:
                return told
            if told["state"] == "died":
                raise AssertionError("the bot died: " + "\n".join(told["log"]))
            threading.Event().wait(0.05)
        raise AssertionError(f"the bot was not {state} in time")

    def wait_up(self) -> float:
        """Wait until the bot answers; seconds since the start."""
        self.wait_for("running")
        return time.monotonic() - self.began

    def folder(self) -> Path:
        """Where this run keeps its files, by where the bot's first process works."""
        end = time.monotonic() + UP_WITHIN
        while time.monotonic() < end:
            with suppress(psutil.NoSuchProcess):
                for process in self.everybody()[1:]:
                    # A child that was only just forked still stands where its parent does.
                    if (place := Path(process.cwd())).parent.name.startswith("groundswell-try-"):
                        return place.parent
            threading.Event().wait(0.02)
        raise AssertionError("no process of the bot ever ran")

    def everybody(self) -> list[psutil.Process]:
        """The command's process and all that it started."""
        own = psutil.Process(self.process.pid)
        return [own, *own.children(recursive=True)]

    def end(self, how: signal.Signals = signal.SIGINT) -> list[psutil.Process]:
        """Ctrl-C; the processes that were left, which are gone afterwards."""
        if self.process.poll() is not None:
            return []
        started = self.everybody()
        self.process.send_signal(how)
        try:
            self.process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._reader.join(5)
        left = [one for one in started if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
        for one in left:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        return left


@contextmanager
def trial(folder: Path, *arguments: str) -> Iterator[Trial]:
    running = Trial(folder, *arguments)
    try:
        yield running
    finally:
        running.end()
