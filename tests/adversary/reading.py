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
    """`tables`: rows in storage order by name of table; `raw`: the files themselves, where they are files."""

    tables: dict[str, list[Mapping[str, Any]]]
    raw: bytes = field(default=b"", repr=False)

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
    if sessions.dialect != "sqlite":
        return b""
    path = Path(str(sessions.engine.url.database))
    beside = [path.with_name(path.name + ending) for ending in ("", "-wal", "-journal")]
    return b"".join(each.read_bytes() for each in beside if each.exists())
