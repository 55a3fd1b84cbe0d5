"""Alembic's entry: the engine comes from the caller, the tables from the rooms of core."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

from bot.core import tables
from bot.core.store import build_engine


def run(connection: sa.Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # A batch change copies a table and drops the old one: with foreign keys on, its children would be emptied.
        # The pragma does nothing inside a transaction, so it goes first. This connection is thrown away afterwards.
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('groundswell migrations'))")
    context.configure(
        connection=connection,
        target_metadata=tables.metadata,
        render_as_batch=True,
        compare_type=True,
        user_module_prefix="store.",
        transactional_ddl=False,  # the transaction is begun above, also on SQLite
    )
    context.run_migrations()
    if sqlite:
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration leaves {len(broken)} rows that refer to nothing")


given = context.config.attributes.get("engine")
# By hand: `alembic -x url=sqlite:///some.db check`. `groundswell migrate` hands over its engine.
url = context.get_x_argument(as_dictionary=True).get("url")
if given is None and not url:
    raise SystemExit("Say which database: alembic -x url=sqlite:///groundswell.db ...")
engine = given if given is not None else build_engine(str(url))
with engine.connect() as opened:
    # Never back to the pool: on SQLite its foreign keys are off.
    opened.detach()
    with opened.begin():
        run(opened)
if given is None:
    engine.dispose()
