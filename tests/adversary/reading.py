"""What somebody reads who holds a database: every table, in the order of its storage, with the system's own columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.core.store import Sessions

#: How the database's own columns are called in a dump.
PLACE, TRANSACTION = "(place)", "(transaction)"


@dataclass
class Dump:
    """`tables`: rows in storage order by name of table; `raw`: the database's files, write-ahead log and all."""

    tables: dict[str, list[Mapping[str, Any]]]
    raw: bytes = field(default=b"", repr=False)

    def let_go_of_files(self) -> None:
        """They are large; whoever keeps many dumps has looked at them."""
        self.raw = b""

    def without(self, tables: Set[str]) -> Dump:
        """The same for somebody who looks away from some tables."""
        return Dump({name: rows for name, rows in self.tables.items() if name not in tables}, self.raw)


def dump(sessions: Sessions) -> Dump:
    """Everything that stands in the database, also in tables that the bot does not know."""
    names = sorted(sa.inspect(sessions.engine).get_table_names())
    tables: dict[str, list[Mapping[str, Any]]] = {}
    with sessions.reading() as session:
        connection = session.connection()
        for name in names:
            if sessions.dialect == "sqlite":
                rows = connection.exec_driver_sql(f'SELECT * FROM "{name}"').mappings()
                tables[name] = _rows(rows)
            else:
                rows = connection.exec_driver_sql(
                    f'SELECT xmin::text::bigint AS "{TRANSACTION}", * FROM "{name}" ORDER BY ctid'
                ).mappings()
                tables[name] = _rows(rows)
    return Dump(tables, _files(sessions))


def _rows(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """With JSON as its text, which one of the databases opens by itself."""
    return [
        {PLACE: place, **{name: _as_stored(value) for name, value in row.items()}}
        for place, row in enumerate(rows)
    ]


def _as_stored(value: Any) -> Any:
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else value


def _files(sessions: Sessions) -> bytes:
    """SQLite's file and what lies beside it; of a Postgres server the log of all, and this database's folder."""
    if sessions.dialect == "sqlite":
        path = Path(str(sessions.engine.url.database))
        return _bytes(path.with_name(path.name + ending) for ending in ("", "-wal", "-journal"))
    with sessions.reading() as session:
        where = "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
        folder, ident = session.execute(sa.text(where)).one()
        log = _bytes(Path(folder, "pg_wal").rglob("*"))
        session.execute(
            sa.text("CHECKPOINT")
        )  # what is in memory is in the files soon; parts of the log may go
    # Mostly it is pages that nobody has written to yet.
    return (log + _bytes(Path(folder, "base", str(ident)).iterdir())).replace(bytes(64), b"")


def _bytes(files: Iterable[Path]) -> bytes:
    return b"".join(each.read_bytes() for each in files if each.is_file())
