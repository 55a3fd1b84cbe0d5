"""Brings a database to the tables that this release knows."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.core.store import locked_out

#: How often a migration is tried that meets a lock, and how long it rests between two tries, in seconds.
TRIES = 6
REST = 1.0


def folder() -> Path:
    """Where the migrations are: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_migrations"
    return installed if installed.is_dir() else package.parent / "migrations"


def upgrade(engine: sa.Engine, *, pause: Callable[[float], None] = time.sleep) -> None:
    """Bring the tables up to this release; does nothing where they are so or newer.

    Waits for a lock for about ten seconds on SQLite and half a minute on Postgres, then raises
    SQLAlchemy's OperationalError. Leaves nothing where it fails or is killed.
    """
    if pending(engine):
        _unlocked(lambda: command.upgrade(_config(engine), "head"), pause)


def downgrade(engine: sa.Engine, to: str, *, pause: Callable[[float], None] = time.sleep) -> None:
    """Take the tables back to an older revision, "base" for none at all."""
    _unlocked(lambda: command.downgrade(_config(engine), to), pause)


def pending(engine: sa.Engine) -> bool:
    """Whether this release knows tables that the database does not have yet.

    False where the database is newer than this release: the previous release survives a migration.
    """
    scripts = ScriptDirectory.from_config(_config(engine))
    with engine.execution_options(groundswell_looking=True).connect() as connection:
        there = MigrationContext.configure(connection).get_current_heads()
    known = {script.revision for script in scripts.walk_revisions()}
    if any(revision not in known for revision in there):
        return False
    return set(scripts.get_heads()) != set(there)


def _config(engine: sa.Engine) -> Config:
    config = Config(attributes={"engine": engine})
    config.set_main_option("script_location", str(folder()).replace("%", "%%"))
    return config


def _unlocked(move: Callable[[], None], pause: Callable[[float], None]) -> None:
    for last in (*(False,) * (TRIES - 1), True):
        try:
            move()
            return
        except sa.exc.OperationalError as error:
            if last or not locked_out(error):
                raise
        pause(REST)
