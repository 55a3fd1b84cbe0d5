"""The report of an eight-week pilot with 2,000 problems and 5,000 people: from the tables to the files.

    python -m tests.benchmarks.report

Goals: at most 10 s and 300 MB, in a process that has loaded nothing of it before. Libraries are compiled by then, as in the
image: a run on a copy comes first and is not counted.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.core import migrating
from bot.core.pilot import acts as pilots
from bot.core.pilot import counting
from bot.core.pilot.counting import Beside
from bot.core.pilot.facts_rules import Side
from bot.core.pilot.rules import Definition
from bot.core.problems.records import Audit, Confirmation, FollowUp, Problem
from bot.core.problems.standing_rules import Course, Ending, Outcome, State
from bot.core.problems.work_records import Arrival
from bot.core.store import Sessions, build_engine, new_id
from bot.core.teams.records import Function, Membership, Team
from tests.benchmarks.figures import quick, say
from tests.company import AMARA
from tests.conftest import new_kit
from tests.core.pilots import wave

MONDAY = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
UTC = ZoneInfo("UTC")


def fill(sessions: Sessions, *, problems: int, people: int, seed: int = 1) -> None:
    """A company in which all of this has happened, written straight into the tables."""
    chance, kit = random.Random(seed), new_kit()
    with sessions.begin(patient=True) as session:
        functions = [Function(id=new_id(chance), name=f"Function {number:02}") for number in range(16)]
        session.add_all(functions)
        session.flush()
        teams = [
            Team(
                id=new_id(chance),
                name=f"Team {number:03}",
                function_id=functions[number % 16].id,
                dissolved=False,
            )
            for number in range(people // 12)
        ]
        session.add_all(teams)
        session.flush()
        session.execute(
            sa.insert(Membership),
            [
                {"person": f"U{number:06}", "team_id": teams[number % len(teams)].id, "source": "list"}
                for number in range(people)
            ],
        )
        pilots.write_down(session, AMARA, Definition("Worth it?", "Them", "Judging"), kit=kit, at=MONDAY)
        pilots.start(session, AMARA, kit=kit, at=MONDAY)
        rows, trail, voices, hours = [], [], [], []
        for number in range(problems):
            week = MONDAY.date() + dt.timedelta(weeks=number % 8)
            ident, closed = new_id(chance), chance.random() < 0.4
            rows.append(
                {
                    "id": ident, "number": number + 1, "raised_as": "confidential", "raised_week": week,
                    "published_week": week, "title": f"Problem {number}", "hardship": "Slow.",
                    "state": (State.CLOSED if closed else State.OPEN).value,
                    "closing": "Done." if closed else None,
                    "closed_week": week + dt.timedelta(weeks=4) if closed else None,
                    "ending": Ending.SOLVED.value if closed else None,
                    "outcome": chance.choice([*Outcome]).value if closed else None,
                    "course": chance.choice([Course.WAITING, Course.ACKNOWLEDGED, Course.TRIED]).value,
                    "finding": {"hours": [2.0, 10.0]}, "changed": False, "agreed": True, "attempts": 0, "not_ours": 0,
                    "came_back": 0, "score": 0.0, "hours": 0.0, "freshness": 1.0, "editions": 1,
                    "verdict": "no_single_team", "no_more_questions": False, "raiser_spoke": False,
                }
            )  # fmt: skip
            if chance.random() < 0.9:
                trail.append(
                    {
                        "id": new_id(chance), "problem_id": ident, "steward": AMARA.person, "act": "acknowledged",
                        "sentence": "Heard.",
                        "at": dt.datetime.combine(week, dt.time(9), dt.UTC) + dt.timedelta(days=chance.choice([1, 2, 4])),
                    }
                )  # fmt: skip
            for team in chance.sample(teams, 5):
                voices.append(
                    {
                        "problem_id": ident,
                        "voice": chance.randbytes(16),
                        "team_id": team.id,
                        "trusted": True,
                        "week": week,
                    }
                )
                hours.append(
                    {
                        "id": new_id(chance),
                        "problem_id": ident,
                        "hours_low": 1.0,
                        "hours_high": 3.0,
                        "would_help": "",
                    }
                )
        for table, kept in ((Problem, rows), (Audit, trail), (Confirmation, voices), (FollowUp, hours)):
            session.execute(sa.insert(table), kept)
        session.execute(
            sa.insert(Arrival),
            [
                {"day": MONDAY.date() + dt.timedelta(weeks=week, days=1),
                 "week": MONDAY.date() + dt.timedelta(weeks=week), "number": problems // 8}
                for week in range(8)
            ],
        )  # fmt: skip
        for week in range(14):
            at = MONDAY + dt.timedelta(weeks=week)
            pilots.give_hours(session, AMARA, 10, 14, week=at.date(), kit=kit, at=at)


def measure(path: str) -> None:
    """In a process of its own: count, draw and write; prints seconds and bytes."""
    before = time.perf_counter()
    from bot.core.pilot import queries
    from bot.core.pilot.page import page
    from bot.core.pilot.report import report
    from bot.core.pilot.sheet import sheet
    from bot.words import Words

    chance = random.Random(2)
    tone = {side: {1: 20, 2: 40, 3: 60, 4: 80, 5: 50} for side in Side}
    pulses = [wave([chance.gauss(mean, 1) for _ in range(3_000)], invited=5_000) for mean in (4.0, 4.4)]
    sessions, words = Sessions(build_engine(f"sqlite:///{path}")), Words.of("en")
    with sessions.begin(patient=True) as session:
        counting.keep(
            session,
            Beside(tone, *pulses),
            at=MONDAY + dt.timedelta(weeks=14),
            zone=UTC,
            free=lambda _day: False,
        )
    counted = time.perf_counter()
    with sessions.reading() as session:
        standing, facts = queries.shown(session), counting.latest(session)
    assert standing is not None
    assert facts is not None
    made = report(words, standing, facts)
    text, lines = page(words, made), sheet(made)
    over = time.perf_counter()
    processor = time.process_time()  # since the process began, imports and all
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        counted - before,
        over - before,
        processor,
        memory,
        len(text) / 1e6,
        len(lines),
        len(facts.problems),
        len(made.pictures),
    )


def main() -> int:
    small = quick(__doc__ or "")
    problems, people = (400, 1_000) if small else (2_000, 5_000)
    folder = Path(tempfile.mkdtemp(prefix="groundswell-report-"))
    try:
        path = folder / "groundswell.db"
        engine = build_engine(f"sqlite:///{path}")
        migrating.upgrade(engine)
        fill(Sessions(engine), problems=problems, people=people)
        engine.dispose()
        first = folder / "first.db"
        shutil.copyfile(path, first)
        compiled = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
        compiled.pop("PYTHONDONTWRITEBYTECODE", None)
        for database in (first, path):
            told = subprocess.run(
                [sys.executable, "-c", f"from tests.benchmarks.report import measure; measure({str(database)!r})"],
                check=True, capture_output=True, text=True, env=compiled,
            ).stdout.split()  # fmt: skip
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    counted, whole, processor, memory, size, _, told_problems, pictures = map(float, told)
    assert (told_problems, pictures) == (problems, 7)
    say("pilot report: counting from the tables", counted, "s")
    held = [
        say("pilot report: the same, processor time with all imports", processor, "s", at_most=10),
        say("pilot report: counting, drawing and writing", whole, "s", at_most=10),
        say("pilot report: most memory of the process", memory, "MB", at_most=300),
    ]
    say("pilot report: the page", size, "MB")
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
