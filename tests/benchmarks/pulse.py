"""How long a pulse of a large company holds the database: opening and closing it, with 5,000 people who all answer.

Run as `python -m tests.benchmarks.pulse [--quick]` (500 people): 50 functions, 400 teams shown as well, a second wave
that is compared with the first. Goal: no transaction, in which nobody else writes to SQLite, of over half a second.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
import tempfile
import time
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


def measured(what: str, sessions: Sessions, kit: Kit, at: dt.datetime) -> bool:
    """As the worker does it: count while others write, then one transaction after the other."""
    begun, longest = time.perf_counter(), (0.0, 0.0)
    with sessions.reading() as session:
        counted = waves.counted(session, at=at)
    more = True
    first = True
    while more:
        since = now()
        with sessions.begin(patient=True) as session:
            if first:
                waves.go_on(session, kit=kit, at=at, counted=counted)
            more = waves.tell_on(session, kit=kit) or first
        first = False
        longest = max(longest, passed(since))
    figures.say(f"{what}, all of it", time.perf_counter() - begun, "s")
    return held(what, longest)


def now() -> tuple[float, float]:
    """The processor's time, which work beside this one's own does not lengthen, and the clock's."""
    return time.process_time(), time.perf_counter()


def passed(since: tuple[float, float]) -> tuple[float, float]:
    processor, clock = now()
    return processor - since[0], clock - since[1]


def held(what: str, longest: tuple[float, float]) -> bool:
    figures.say(f"{what}, longest that others wait to write", longest[1], "s")
    return figures.say(f"{what}, the same, processor time", longest[0], "s", at_most=0.5)


def main() -> int:
    """Print all figures."""
    good = True
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

            what = f"pulse, {people} people, wave {number + 1}"
            good &= measured(f"{what}: opening", sessions, kit, at)
            answered(sessions, wave, kit, random.Random(number))
            begun = now()
            with sessions.begin(patient=True) as session:
                waves.even_out(session, at=at)
            good &= held(f"{what}: writing answers anew each day", passed(begun))
            good &= measured(f"{what}: closing", sessions, kit, end)
        sessions.engine.dispose()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
