"""Migrations on both databases: up, down, up with rows in the tables; nothing is left half-way."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.core import migrating, tables
from bot.core.editions.corrections import take_down
from bot.core.editions.moving import channel_moved
from bot.core.identity.guessing import GuessLimit
from bot.core.kit import Kit
from bot.core.problems.acts import (
    Told,
    confirm,
    follow_up,
    give_answer,
    raise_anonymous,
    raise_confidential,
)
from bot.core.problems.records import Kind, Problem
from bot.core.problems.rules import Mechanism, Ownership
from bot.core.problems.tagging import note, tag
from bot.core.refusal import NotFound
from bot.core.replies.acts import pause_intake
from bot.core.replies.queries import by_receipt
from bot.core.replies.raising import no_more_questions
from bot.core.store import Sessions, build_engine
from tests.company import AMARA, RAISER, WORDS, appoint, person, published, run_batch, team


def rows(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return sum(
            connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in tables.metadata.sorted_tables
        )


def names(engine: sa.Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names())


def filled(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    """Something in nearly every table, with references between them."""
    appoint(sessions)
    with sessions.begin() as session:
        checkout = team(session, kit, "Checkout", [person(1)], function="Engineering").id
        ident = published(session, kit, at).id
        confirm(session, person(1), ident, kit=kit)
        follow_up(session, person(1), ident, Told((1, 2), Mechanism.COMMONS, "one list"), kit=kit)
        give_answer(
            session,
            person(2),
            ident,
            needed_from=frozenset({checkout}),
            ownership=Ownership.NOBODY,
            kit=kit,
        )
        tag(
            session,
            person(3),
            channel="C1",
            message_ts="1.2",
            place=Kind.PUBLIC,
            permalink=None,
            kit=kit,
            at=at,
        )
        note(
            session,
            channel="C1",
            message_ts="1.2",
            person="U1",
            emoji="jigsaw",
            event_ts="1.3",
            there=True,
            kit=kit,
            at=at,
        )
    run_batch(sessions, kit, at)
    with sessions.begin() as session:
        channel_moved(session, "C1", "C2")
        raise_confidential(session, RAISER, WORDS, form="V1", kit=kit)
        confirm(session, person(4), ident, kit=kit)


def test_up_down_up_with_rows_in_the_tables(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    filled(sessions, kit, at)
    assert rows(sessions.engine) > 15
    sessions.engine.dispose()
    migrating.downgrade(sessions.engine, "base")
    assert names(sessions.engine) <= {"alembic_version"}
    assert migrating.pending(sessions.engine)
    migrating.upgrade(sessions.engine)
    assert not migrating.pending(sessions.engine)
    assert rows(sessions.engine) == 0
    filled(sessions, kit, at)


def test_the_migrations_make_exactly_the_tables_of_the_code(sessions: Sessions) -> None:
    with sessions.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"target_metadata": tables.metadata, "compare_type": True}
        )
        assert compare_metadata(context, tables.metadata) == []
    config = Config(attributes={"engine": sessions.engine})
    config.set_main_option("script_location", str(migrating.folder()))
    command.check(config)


def test_every_table_is_checked_and_keyed_as_the_code_says(sessions: Sessions) -> None:
    seen = sa.inspect(sessions.engine)
    for table in tables.metadata.sorted_tables:
        checks = {each["name"] for each in seen.get_check_constraints(table.name)}
        wanted = {str(each.name) for each in table.constraints if isinstance(each, sa.CheckConstraint)}
        assert checks == wanted, table.name


def test_a_second_upgrade_does_nothing(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    filled(sessions, kit, at)
    before = rows(sessions.engine)
    migrating.upgrade(sessions.engine)
    assert rows(sessions.engine) == before


def test_an_older_release_starts_on_a_newer_database(sessions: Sessions) -> None:
    with sessions.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'newer'"))
    assert not migrating.pending(sessions.engine)
    migrating.upgrade(sessions.engine)


def test_foreign_keys_are_on_again_after_a_migration(sessions: Sessions) -> None:
    migrating.downgrade(sessions.engine, "base")
    migrating.upgrade(sessions.engine)
    with pytest.raises(sa.exc.IntegrityError), sessions.begin() as session:
        session.execute(sa.text("INSERT INTO choices (person, team_id) VALUES ('U1', 4711)"))


@pytest.fixture
def broken_migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The migrations that ship, and one after them that breaks half-way."""
    copied = tmp_path / "migrations"
    shutil.copytree(migrating.folder(), copied, ignore=shutil.ignore_patterns("__pycache__"))
    config = Config()
    config.set_main_option("script_location", str(copied))
    head = ScriptDirectory.from_config(config).get_current_head()
    (copied / "versions" / "9999_breaks.py").write_text(
        "import os\n"
        "import sqlalchemy as sa\n"
        "from alembic import op\n"
        f"revision, down_revision, branch_labels, depends_on = '9999', '{head}', None, None\n"
        "def upgrade():\n"
        "    op.create_table('half', sa.Column('it', sa.Integer()))\n"
        '    op.execute("INSERT INTO half VALUES (1)")\n'
        "    if os.environ.get('KILLED'):\n"
        "        os.kill(os.getpid(), 9)\n"
        "    raise RuntimeError('half-way')\n"
        "def downgrade():\n"
        "    pass\n"
    )
    monkeypatch.setattr(migrating, "folder", lambda: copied)
    return copied


def test_a_migration_that_breaks_half_way_leaves_nothing(
    sessions: Sessions, kit: Kit, at: dt.datetime, broken_migrations: Path
) -> None:
    filled(sessions, kit, at)
    before = rows(sessions.engine)
    with pytest.raises(RuntimeError, match="half-way"):
        migrating.upgrade(sessions.engine)
    assert "half" not in names(sessions.engine)
    assert rows(sessions.engine) == before
    assert migrating.pending(sessions.engine)


def _migrate(url: str) -> None:
    engine = build_engine(url)
    migrating.upgrade(engine)
    engine.dispose()


def _killed(url: str, folder: Path) -> None:
    os.environ["KILLED"] = "1"
    migrating.folder = lambda: folder
    _migrate(url)


def test_a_migration_that_is_killed_half_way_leaves_nothing(
    databases: Callable[[], str], broken_migrations: Path
) -> None:
    url = databases()
    process = multiprocessing.get_context("spawn").Process(target=_killed, args=(url, broken_migrations))
    process.start()
    process.join(60)
    assert process.exitcode == -9
    engine = build_engine(url)
    assert "half" not in names(engine)
    assert migrating.pending(engine)
    engine.dispose()


def test_two_replicas_that_migrate_at_once_both_come_up(databases: Callable[[], str]) -> None:
    url = databases()
    engine = build_engine(url)
    migrating.downgrade(engine, "base")
    spawn = multiprocessing.get_context("spawn")
    both = [spawn.Process(target=_migrate, args=(url,)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
    assert [process.exitcode for process in both] == [0, 0]
    assert not migrating.pending(engine)
    engine.dispose()


def test_a_lock_is_waited_for(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "locked.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = build_engine(f"sqlite:///{path}")
    migrating.downgrade(engine, "base")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    rests: list[float] = []

    def rest(seconds: float) -> None:
        rests.append(seconds)
        other.execute("ROLLBACK")

    migrating.upgrade(engine, pause=rest)
    assert rests == [migrating.REST]
    assert not migrating.pending(engine)
    other.close()
    engine.dispose()


def test_stewards_stand_in_the_audit_and_not_in_the_protected_rows(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    filled(sessions, kit, at)
    found: dict[str, set[str]] = {}
    with sessions.engine.connect() as connection:
        for table in tables.metadata.sorted_tables:
            text = str([tuple(row) for row in connection.execute(sa.select(table))])
            for who in (AMARA, RAISER, *map(person, range(1, 5))):
                if who.person in text:
                    found.setdefault(table.name, set()).add(who.person)
    assert found == {
        "stewards": {AMARA.person},
        "audit": {AMARA.person},
        "memberships": {person(1).person},
        "problems": {RAISER.person, person(3).person},
    }


def test_the_second_migration_goes_down_and_up_again_with_rows(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    filled(sessions, kit, at)
    with sessions.begin() as session:
        raise_anonymous(session, WORDS, digits="1234567890123456", kit=kit)
    run_batch(sessions, kit, at, days=1)
    with sessions.begin() as session:
        ident = session.scalars(sa.select(Problem.id).where(Problem.receipt_hash.is_not(None))).one()
        number = session.scalar(sa.select(sa.func.count()).select_from(Problem))
        take_down(session, AMARA, ident, "It pointed at a person.", kit=kit, at=at)
        raiser = by_receipt(session, "1234567890123456", guesses=GuessLimit(lambda: at))
        no_more_questions(session, raiser, kit=kit)
        pause_intake(session, AMARA, "A name may have leaked.", kit=kit, at=at)
    sessions.engine.dispose()
    migrating.downgrade(sessions.engine, "0001")
    with sessions.engine.connect() as connection:
        said = connection.execute(sa.text("SELECT state, title FROM problems WHERE id = :id"), {"id": ident})
        assert tuple(said.one()) == ("withdrawn", "It pointed at a person.")
        assert connection.scalar(sa.text("SELECT count(*) FROM problems")) == number
    migrating.upgrade(sessions.engine)
    with sessions.begin() as session:
        assert session.get_one(Problem, ident).agreed
        # What the release before knew nothing of is gone: the receipt opens nothing any more.
        with pytest.raises(NotFound):
            by_receipt(session, "1234567890123456", guesses=GuessLimit(lambda: at))
        raise_confidential(session, RAISER, WORDS, form="V9", kit=kit)
    assert run_batch(sessions, kit, at, days=2)


def test_the_release_before_writes_into_the_tables_of_this_one(sessions: Sessions, at: dt.datetime) -> None:
    new = {"receipt_hash", "agreed", "no_more_questions", "raiser_spoke"}
    new |= {"others_spoke", "course", "asked_cost", "asked_holds", "said_cost"}
    values = {
        "id": 1,
        "raised_as": "named",
        "state": "new",
        "raised_week": at.date(),
        **dict.fromkeys(("title", "hardship", "tried", "guardrails"), ""),
        **dict.fromkeys(("attempts", "not_ours", "came_back", "editions"), 0),
        **dict.fromkeys(("score", "hours", "freshness"), 0.0),
        "changed": True,
    }
    assert not new & set(values)
    with sessions.engine.begin() as connection:
        names = ", ".join(values)
        slots = ", ".join(f":{name}" for name in values)
        connection.execute(sa.text(f"INSERT INTO problems ({names}) VALUES ({slots})"), values)
    with sessions.reading() as session:
        problem = session.get_one(Problem, 1)
        assert (problem.agreed, problem.no_more_questions, problem.raiser_spoke) == (True, False, False)
        assert (problem.course, problem.outcome, problem.others_spoke) == ("waiting", None, False)
