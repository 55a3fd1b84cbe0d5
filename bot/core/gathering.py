"""Small writes of many threads in one transaction: whoever comes first commits for all who wait."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.base import Executable

from bot.core.store import PATIENCE, Busy, Sessions

#: Most writes of one transaction.
TOGETHER = 100


class _Waiting:
    """One write: `woken` once it is done, or once it is its thread's turn to commit (`leads`)."""

    __slots__ = ("alone", "leads", "statement", "values", "woken")

    def __init__(self, statement: Executable, values: Mapping[str, Any]) -> None:
        self.statement = statement
        self.values = values
        self.woken = threading.Event()
        self.leads = False
        self.alone = False


class Gathering:
    """Commits what has gathered. A synced commit costs the same for one row and for fifty.

    For single statements that may be written in any order. Where one fails, each of that moment is
    written again in a transaction of its own, so that it fails alone.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._queue: deque[_Waiting] = deque()
        self._guard = threading.Lock()
        self._led = False

    def write(self, statement: Executable, values: Mapping[str, Any]) -> None:
        """Returns once it is committed; raises the database's error, or `Busy` where others take too long."""
        mine = _Waiting(statement, values)
        with self._guard:
            self._queue.append(mine)
            mine.leads, self._led = not self._led, True
        if not mine.leads:
            self._wait(mine)
        if mine.leads:
            self._lead()
        if mine.alone:
            self._together([mine])

    def _wait(self, mine: _Waiting) -> None:
        if mine.woken.wait(PATIENCE):
            return
        with self._guard:
            if mine in self._queue and not mine.leads:
                self._queue.remove(mine)
                raise Busy
        mine.woken.wait()  # it is being committed at this moment

    def _lead(self) -> None:
        """Commit what waits, this thread's own among it, and let the next one lead what has come since."""
        with self._guard:
            together = [self._queue.popleft() for _ in range(min(TOGETHER, len(self._queue)))]
        failed = True
        try:
            self._together(together)
            failed = False
        except (sa.exc.SQLAlchemyError, Busy):
            pass  # each tries by itself, and its own thread hears of it
        finally:
            with self._guard:
                following = self._queue[0] if self._queue else None
                self._led = following is not None
                if following is not None:
                    following.leads = True
            for each in together:
                each.alone = failed
                each.woken.set()
            if following is not None:
                following.woken.set()

    def _together(self, waiting: list[_Waiting]) -> None:
        rows: dict[Executable, list[Mapping[str, Any]]] = {}
        for each in waiting:
            rows.setdefault(each.statement, []).append(each.values)
        with self._sessions.writing() as connection:
            for statement, values in rows.items():
                connection.execute(statement, values)
