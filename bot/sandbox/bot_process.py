"""The real bot as processes of its own beside the workspace: started, watched, started again, ended."""

import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from bot.sandbox.errors import JSON

LINES = 80
#: Seconds: that the bot has to end by itself (it promises ten), and between two looks whether it is up.
ENDS_WITHIN, LOOKS = 11.0, 0.1

Process = subprocess.Popen[str]


class BotProcess:
    """The bot's process, or its two (web and worker): it is dead when any of them is.

    `commands` are argument lists; `is_up` says whether the bot answers; `told` is called, from any thread, when
    `plain()` has changed.
    """

    def __init__(
        self,
        commands: Sequence[Sequence[str]],
        *,
        environment: Mapping[str, str],
        folder: Path,
        is_up: Callable[[], bool],
        told: Callable[[], None],
    ) -> None:
        self._commands = commands
        self._environment = dict(environment)
        self._folder = folder
        self._is_up = is_up
        self._told = told
        # Two locks, since ending waits for threads that still say how it went.
        self._starting_and_ending = threading.RLock()
        self._noting = threading.Lock()
        self._running: list[Process] = []
        self._threads: list[threading.Thread] = []
        self._log: deque[str] = deque(maxlen=LINES)
        self._state = "stopped"
        self._code: int | None = None
        self._over = threading.Event()
        self._ended = False

    def plain(self) -> JSON:
        """{"state": "starting" | "running" | "died" | "stopped", "code": of the one that died, "log": last lines}"""
        return {"state": self._state, "code": self._code, "log": list(self._log)}

    @property
    def pids(self) -> list[int]:
        return [process.pid for process in self._running]

    def prepare(self, arguments: Sequence[str]) -> bool:
        """Run one command of the bot to its end, its words among the log lines; whether it went well."""
        if self._state == "stopped":
            self._become("starting")
        process = self._open(arguments)
        if process is None:
            return False
        self._read(process)
        code = process.wait()
        with self._noting:
            self._running = [other for other in self._running if other is not process]
        if code and not self._over.is_set():
            self._become("died", code)
        return code == 0

    def start(self) -> None:
        """Start the bot, unless `stop` was called before."""
        with self._starting_and_ending:
            if self._over.is_set():
                return
            self._become("starting")
            opened = [self._open(command) for command in self._commands]
            works: list[Callable[[], None]] = [partial(self._watch, one) for one in opened if one]
            for work in [*works, self._look]:
                thread = threading.Thread(target=work, name="bot", daemon=True)
                self._threads.append(thread)
                thread.start()

    def stop(self) -> None:
        """End every process, kindly first, and leave none; nothing starts afterwards but by `restart`."""
        self._over.set()
        with self._starting_and_ending:
            with self._noting:
                ending = list(self._running)
            for process in ending:
                with suppress(ProcessLookupError):
                    process.send_signal(signal.SIGTERM)
            for process in ending:
                try:
                    process.wait(ENDS_WITHIN)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            for thread in self._threads:
                thread.join()
            with self._noting:
                self._threads, self._running = [], []
        self._become("stopped")

    def restart(self) -> None:
        """Stop, and start again; does nothing after `end`."""
        with self._starting_and_ending:
            if not self._ended:
                self.stop()
                self._over.clear()
                self._log.clear()
                self.start()

    def end(self) -> None:
        """Stop for good: a restart that was asked for meanwhile starts nothing."""
        self._ended = True
        self.stop()

    def _open(self, arguments: Sequence[str]) -> Process | None:
        with self._noting:
            if self._over.is_set() or self._ended:
                return None
            process = subprocess.Popen(  # noqa: S603  our own command, no shell
                [*arguments],
                env=self._environment,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                # Ctrl-C goes to all that share the terminal; the bot is ended by `stop` alone.
                start_new_session=True,
            )
            self._running.append(process)
            return process

    def _watch(self, process: Process) -> None:
        self._read(process)
        code = process.wait()
        if not self._over.is_set():
            self._become("died", code)

    def _look(self) -> None:
        while self._state == "starting" and not self._over.is_set():
            if self._is_up():
                self._become("running")
            self._over.wait(LOOKS)

    def _read(self, process: Process) -> None:
        if process.stdout is not None:
            with process.stdout as words:
                self._log.extend(line.rstrip("\n") for line in words)

    def _become(self, state: str, code: int | None = None) -> None:
        with self._noting:
            if self._state == "died" and state == "running":
                return
            changed = (state, code) != (self._state, self._code)
            self._state, self._code = state, code
        if changed:
            self._told()
