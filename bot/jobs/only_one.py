"""One sender at a time among all processes on a database, so that the pace holds for all of them together."""

from __future__ import annotations

import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

import sqlalchemy as sa

from bot.core.store import Sessions

_NAME = "groundswell sender"


class OnlyOne:
    """Whether this process is the one. On Postgres the lock is the server's and goes with the connection;
    a SQLite file has one process that sends, and rows are claimed there as everywhere.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._connection: sa.Connection | None = None
        self._lock = threading.Lock()

    def mine(self) -> bool:
        """True while this process may send; takes the turn where nobody has it."""
        if self._sessions.dialect == "sqlite":
            return True
        with self._lock:
            return self._holds() or self._takes()

    def leave(self) -> None:
        """Let another process take the turn."""
        with self._lock:
            self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    def _holds(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.exec_driver_sql("SELECT 1")
        except sa.exc.DBAPIError:
            self._drop()
            return False
        return True

    def _takes(self) -> bool:
        connection = self._sessions.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        # Never back to the pool: the lock is let go with the connection, and with nothing else.
        connection.detach()
        # A server that hears nothing of a machine that has vanished would keep its lock for two hours.
        for setting, value in (("idle", 20), ("interval", 10), ("count", 3)):
            connection.exec_driver_sql(f"SET tcp_keepalives_{setting} = {value}")
        got = connection.scalar(sa.select(sa.func.pg_try_advisory_lock(sa.func.hashtext(_NAME))))
        if got:
            self._connection = connection
            return True
        connection.close()
        return False

    def _drop(self) -> None:
        if self._connection is not None:
            with suppress(sa.exc.DBAPIError):  # it may be broken already
                self._connection.close()
            self._connection = None
