"""Engine, sessions and the column types that keep the promises."""

from __future__ import annotations

import datetime as dt
import os
import random
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

UTC = dt.UTC
#: Longest wait for a lock, a pooled connection or a busy database inside an interaction, in seconds.
PATIENCE = 1.0
#: The same for a job, which nobody waits for.
JOBS_PATIENCE = 30.0
#: Tables whose rows stay for a day at most.
BRIEF = ("inbox", "outbox", "reactions", "deliveries", "choices", "looked_up", "erasures")
#: Tables that people's own transactions write to and the batch writes anew: a dead row would tell when it came.
_WRITTEN_ANEW = ("flags", "hearing", "installation", "pulse_answers", "tone_marks", "tones")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcTime(sa.types.TypeDecorator[dt.datetime]):
    """An aware UTC time; a naive one is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, _dialect: sa.Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy reads a plain class attribute
        dt.datetime: UtcTime,
        dict[str, Any]: sa.JSON,
    }


def random_id() -> Any:
    """A primary key drawn at random: it orders nothing, and on SQLite it is also the place in the file."""
    return mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False
    )


def reference(target: str, **options: Any) -> Any:
    """A foreign key to a table whose key is a `random_id`."""
    return mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        sa.ForeignKey(target, ondelete="CASCADE"),
        **options,
    )


def one_of(name: str, values: Sequence[str], column: str | None = None) -> sa.CheckConstraint:
    """A check that a text column holds one of a few words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column or name} IN ({listed})", name=name)


def monday(at: dt.datetime) -> dt.date:
    """The week of a time, as its Monday in UTC: the finest time that a protected act may carry."""
    day = at.astimezone(UTC).date()
    return day - dt.timedelta(days=day.weekday())


def new_id(randomness: random.Random) -> int:
    """A random positive 63-bit id."""
    return randomness.getrandbits(63) or 1


def is_id(ident: int) -> bool:
    """Whether a number can be a key at all; one that a forged button bears need not fit into the database."""
    return 0 < ident < 2**63


class Busy(Exception):
    """Another writer held the database for longer than an interaction may wait. Nothing was saved."""


_POSTGRES_LOCKS = {"55P03", "40P01", "57014"}  # lock_not_available, deadlock_detected, query_canceled
_SQLITE_LOCKS = {5, 6}  # busy, locked; an extended code carries these in its lowest byte


def locked_out(error: BaseException) -> bool:
    """Whether an error of the database says that somebody else holds it."""
    if isinstance(error, sa.exc.TimeoutError):
        return True  # no connection came free in time
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _SQLITE_LOCKS
    return getattr(cause, "sqlstate", None) in _POSTGRES_LOCKS


class Sessions:
    """Opens transactions: `begin()` to write (one writer at a time on SQLite), `reading()` to look.

    Both yield a Session. `begin()` commits at the end of the block; an error rolls everything back.
    Where somebody else is in the way for too long, both raise `Busy`.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.dialect = engine.dialect.name
        self._looking = engine.execution_options(groundswell_looking=True)
        self._writer = threading.Lock()

    @contextmanager
    def begin(self, *, patient: bool = False) -> Iterator[Session]:
        """A writing transaction; `patient` is for jobs, which may wait longer than a person."""
        with (
            self._turn(JOBS_PATIENCE if patient else PATIENCE) as left,
            _busy(),
            Session(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            # Begun here and not by the first statement, so that a wait ends before anything was worked out.
            session.connection(execution_options={"groundswell_wait": left})
            if patient and self.dialect != "sqlite":
                session.execute(sa.text("SET LOCAL statement_timeout = '300s'"))
                session.execute(sa.text(f"SET LOCAL lock_timeout = '{int(JOBS_PATIENCE)}s'"))
            yield session

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A writing transaction of plain statements, for what comes in bursts: a third cheaper than a Session's."""
        with self._turn(PATIENCE) as left, _busy():
            options = {"groundswell_wait": left}
            with self.engine.connect().execution_options(**options) as connection, connection.begin():
                yield connection

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A look at what was committed; on SQLite no writer is in its way."""
        with _busy(), Session(self._looking, expire_on_commit=False, autoflush=False) as session:
            yield session

    def destroy(self, *, thorough: bool = False) -> None:
        """Make deleted rows unreadable in the files: write-ahead log, free pages and dead tuples too.

        On Postgres that is done for the tables whose rows stay a day or are written anew, and where it is `thorough` for all
        of them, each of which nobody can use meanwhile; SQLite has one file and does it all each time.

        On SQLite every table is also written anew in the order of its key, so that nothing of the
        order of arrival stays in the file. On Postgres the write-ahead log, which tells when each row
        came, goes too where the server lets go of it (`lets_go_of_log`). Raises `Busy` where somebody
        is in the way for half a minute (on Postgres for a second): then it has to be done again.
        """
        with self._turn(JOBS_PATIENCE), _busy(), self.engine.connect() as connection:
            if self.dialect == "sqlite":
                _destroy_sqlite(connection)
            else:
                _destroy_postgres(connection.execution_options(isolation_level="AUTOCOMMIT"), thorough)

    def lets_go_of_log(self) -> bool:
        """Whether old parts of the write-ahead log are removed, so that nothing destroyed can be read there."""
        if self.dialect == "sqlite":
            return True
        with self.reading() as session:
            return bool(session.scalar(_KEEPS_NO_LOG)) and bool(session.scalar(_MAY_CHECKPOINT))

    @contextmanager
    def _turn(self, patience: float) -> Iterator[float]:
        """This process's turn to write on SQLite; yields the seconds that may still be waited for others."""
        if self.dialect != "sqlite":
            yield patience
            return
        since = time.monotonic()
        if not self._writer.acquire(timeout=patience):
            raise Busy
        try:
            yield max(0.0, patience - (time.monotonic() - since))
        finally:
            self._writer.release()


@contextmanager
def _busy() -> Iterator[None]:
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.TimeoutError, sqlite3.OperationalError) as error:
        if locked_out(error):
            raise Busy from error
        raise


def _destroy_sqlite(connection: sa.Connection) -> None:
    # On the raw connection: a VACUUM can't run inside the transaction that SQLAlchemy would begin.
    raw: Any = connection.connection.driver_connection
    connection.info.pop("groundswell_wait", None)
    raw.execute(f"PRAGMA busy_timeout={int(JOBS_PATIENCE * 1000)}")
    raw.execute("VACUUM")
    in_the_way, *_ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if in_the_way:
        raise Busy


def _destroy_postgres(connection: sa.Connection, thorough: bool) -> None:
    connection.exec_driver_sql("SET statement_timeout = 0")
    for table in sorted(Base.metadata.tables) if thorough else (*BRIEF, *_WRITTEN_ANEW):
        # A plain VACUUM leaves the bytes of a dead row in its page; these tables are small enough to write anew.
        connection.exec_driver_sql(f"VACUUM (FULL) {table}")
    connection.exec_driver_sql("VACUUM")
    if connection.scalar(_MAY_CHECKPOINT):
        # The log has every row as it came, with its time: begin a new part, and let the server be done with the old.
        connection.exec_driver_sql("SELECT pg_switch_wal()")
        connection.exec_driver_sql("CHECKPOINT")
    connection.exec_driver_sql("RESET statement_timeout")


#: Whether this role may end a part of the log; before Postgres 15 only a superuser makes a checkpoint.
_MAY_CHECKPOINT = sa.text(
    "SELECT has_function_privilege('pg_switch_wal()', 'EXECUTE') AND (rolsuper OR EXISTS "
    "(SELECT FROM pg_roles WHERE rolname = 'pg_checkpoint' AND pg_has_role(oid, 'USAGE'))) "
    "FROM pg_roles WHERE rolname = current_user"
)
#: Whether parts of the log that are done with are removed, and neither used again as they are nor kept elsewhere.
_KEEPS_NO_LOG = sa.text(
    "SELECT current_setting('wal_recycle') = 'off' AND current_setting('wal_keep_size') = '0' "
    "AND current_setting('archive_mode') = 'off' AND NOT EXISTS (SELECT FROM pg_replication_slots)"
)


def build_engine(url: str) -> sa.Engine:
    """An engine that waits at most `PATIENCE`, prints no parameters and keeps foreign keys on."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    return sa.create_engine(
        parsed,
        hide_parameters=True,
        pool_size=8,
        max_overflow=8,
        pool_timeout=PATIENCE,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 2,
            "application_name": "groundswell",
            "options": "-c statement_timeout=1500 -c lock_timeout=1000 -c timezone=UTC",
        },
    )


def _sqlite(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(
        url,
        hide_parameters=True,
        pool_timeout=PATIENCE,
        connect_args={"timeout": PATIENCE, "check_same_thread": False},
    )

    @event.listens_for(engine, "do_connect")
    def _connecting(*_driver: object) -> None:
        _own_file(url.database)

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        # The driver's own BEGIN would come too late to be IMMEDIATE: two read-modify-writes would both win.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={int(PATIENCE * 1000)}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            "temp_store=MEMORY",  # a VACUUM would leave a copy of everything in a temporary file
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        wait = int(1000 * options.get("groundswell_wait", PATIENCE))
        if connection.info.get("groundswell_wait") != wait:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={wait}")
            connection.info["groundswell_wait"] = wait
        connection.exec_driver_sql("BEGIN" if options.get("groundswell_looking") else "BEGIN IMMEDIATE")

    return engine


def _own_file(path: str | None) -> None:
    """Make a new database file that this user alone can read; the log beside it takes over its rights."""
    if path and path != ":memory:" and not path.startswith("file:"):
        with suppress(OSError):  # already there, or no such folder: connecting says what is wrong
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))


def insert(session: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT of this database's dialect, for `on_conflict_do_nothing` and its kin."""
    return insert_into(session.get_bind().dialect.name, table)


def insert_into(dialect: str, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """The same for a database that is named, where no session is at hand."""
    target: Any = table.__table__
    return sqlite.insert(target) if dialect == "sqlite" else postgresql.insert(target)


def inserted(session: Session, table: type[Base], values: Mapping[str, Any]) -> bool:
    """Insert a row unless one with the same key stands there; says whether it was new."""
    columns: Any = table.__table__
    statement = insert(session, table).values(**values).on_conflict_do_nothing()
    # By RETURNING: psycopg's row count says -1 where SQLAlchemy asks for keys on its own.
    return session.execute(statement.returning(*columns.primary_key)).first() is not None


def upsert(session: Session, table: type[Base], values: Mapping[str, Any], *, key: Sequence[str]) -> None:
    """Insert a row, or put these values into the row that has the same key."""
    statement = insert(session, table).values(**values)
    changed = {name: value for name, value in values.items() if name not in key}
    session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=changed))


def alone(session: Session, what: str) -> None:
    """Wait until no other transaction does the same; on SQLite there is one writer anyway."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(f"groundswell {what}"))))


def beside(session: Session, what: str) -> None:
    """Wait for a transaction that does this alone; others that do it beside one another do not wait."""
    if session.get_bind().dialect.name != "sqlite":
        key = sa.func.hashtext(f"groundswell {what}")
        session.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(key)))
