"""How long a pulse of a large company holds the database: opening and closing it, with 5,000 people who all answer.

Run as `python -m tests.benchmarks.pulse [--quick]` (500 people): 50 functions, 400 teams shown as well, a second wave
that is compared with the first. One transaction each, in which nobody else writes to SQLite.
"""

from __future__ import annotations

import datetime as dt
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from bot.core import figures as honest
from bot.core import migrating
from bot.core.identity.people import Actor, set_stewards
from bot.core.identity.sealing import Sealing
from bot.core.kit import Kit
from bot.core.pulse import acts, queries, waves
from bot.core.pulse.acts import Plan
from bot.core.pulse.instrument import Kind, load
from bot.core.pulse.records import Invited, PulseAnswer, Wave
from bot.core.store import Sessions, build_engine
from bot.core.teams.records import Function, Membership, Team
from tests.benchmarks import figures

AT = dt.datetime(2026, 11, 18, 14, tzinfo=dt.UTC)
FUNCTIONS, TEAMS = 50, 400
STEWARD = Actor("U0AMARA", steward=True)


def company(sessions: Sessions, people: int) -> None:
    """People evenly in teams, teams evenly in functions."""
    with sessions.begin(patient=True) as session:
        set_stewards(session, [STEWARD.person, "U0JONAS"])
        session.execute(sa.insert(Function), [{"id": n + 1, "name": f"F{n}"} for n in range(FUNCTIONS)])
        rows = [
            {"id": n + 1, "name": f"T{n}", "function_id": n % FUNCTIONS + 1, "dissolved": False}
            for n in range(TEAMS)
        ]
        session.execute(sa.insert(Team), rows)
        members = [{"person": f"U{n:08d}", "team_id": n % TEAMS + 1, "source": "list"} for n in range(people)]
        session.execute(sa.insert(Membership), members)


def answered(sessions: Sessions, wave: int, kit: Kit, chance: random.Random) -> None:
    """Everybody answers everything; written at once, since it is not what is measured."""
    asks = load()
    with sessions.begin(patient=True) as session:
        row = session.get_one(Wave, wave)
        rows = [
            {
                "wave_id": wave,
                "voice": queries.voice_of(one.person, row, kit),
                "function_id": one.function_id,
                "team_id": one.team_id,
                "given": {item.id: chance.randint(1, 7) for item in asks.page(1, Kind.AGREE)}
                | {"D1": "raised"},
            }
            for one in session.scalars(sa.select(Invited).where(Invited.wave_id == wave))
        ]
        session.execute(sa.insert(PulseAnswer), rows)


def taken(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    """Print all figures."""
    people = 500 if figures.quick(__doc__ or "") else 5000
    kit = Kit.of(Sealing([bytes(32)], random.Random(1)), random.Random(2))
    honest.t_interval([1, 2])  # the library is imported once, before anything is measured
    with tempfile.TemporaryDirectory() as folder:
        sessions = Sessions(build_engine(f"sqlite:///{Path(folder) / 'pulse.db'}"))
        migrating.upgrade(sessions.engine)
        company(sessions, people)
        for number in range(2):
            at = AT + dt.timedelta(days=90 * number)
            end = at + dt.timedelta(days=10)
            with sessions.begin(patient=True) as session:
                decided = Plan(list(range(1, FUNCTIONS + 1)), [], at, end, by_team=True)
                wave = acts.plan(session, STEWARD, decided, instrument=load(), kit=kit, at=at).id

            def go_on(at: dt.datetime) -> None:
                with sessions.begin(patient=True) as session:
                    waves.go_on(session, kit=kit, at=at)

            what = f"pulse, {people} people, wave {number + 1}"
            figures.say(f"{what}: opening", taken(lambda at=at: go_on(at)), "s")  # type: ignore[misc]
            answered(sessions, wave, kit, random.Random(number))
            figures.say(f"{what}: closing", taken(lambda end=end: go_on(end)), "s")  # type: ignore[misc]
        sessions.engine.dispose()


if __name__ == "__main__":
    main()
