"""A small company for tests: people, teams, stewards, and problems in any state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core import tables
from bot.core.identity.people import Actor, set_stewards
from bot.core.kit import Kit
from bot.core.problems import acts, triage
from bot.core.problems.records import Problem, State
from bot.core.problems.wording import Wording
from bot.core.refusal import Refusal
from bot.core.replies import moving
from bot.core.store import Sessions
from bot.core.teams.acts import list_members, team_named
from bot.core.teams.records import Team

#: For tests of what one of the two databases does in its own way.
ON_POSTGRES = pytest.mark.parametrize("databases", ["postgres"], indirect=True)
ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

Result = TypeVar("Result")

AMARA = Actor("U0AMARA", steward=True)
JONAS = Actor("U0JONAS", steward=True)
RAISER = Actor("U0RAISER")
STRANGER = Actor("U0STRANGER")

WORDS = Wording(
    title="Customers hear about releases from us last",
    hardship="For us this means that tickets tell us what was shipped.",
)


def person(number: int) -> Actor:
    return Actor(f"U{number:06d}")


def team(
    session: Session, kit: Kit, name: str, people: Iterable[Actor] = (), *, function: str | None = None
) -> Team:
    """A team that the imported list vouches for."""
    made = team_named(session, name, function=function, randomness=kit.randomness)
    list_members(session, made, [member.person for member in people])
    session.flush()
    return made


def appoint(sessions: Sessions) -> None:
    """Make Amara and Jonas the stewards."""
    with sessions.begin() as session:
        set_stewards(session, [AMARA.person, JONAS.person])


def run_batch(sessions: Sessions, kit: Kit, at: dt.datetime, *, days: int = 0) -> int | None:
    """Run the batch of the day of `at`, or of some days later."""
    later = at + dt.timedelta(days=days)
    with sessions.begin() as session:
        return moving.run(session, day=later.date(), kit=kit, at=later)


def raised(session: Session, kit: Kit, at: dt.datetime, *, title: str = WORDS.title) -> Problem:
    """A problem with the raiser's name shown, which stewards may read."""
    problem = acts.raise_named(
        session, RAISER, Wording(title, WORDS.hardship), form=f"form of {title}", kit=kit, at=at
    )
    assert problem is not None
    return problem


def published(session: Session, kit: Kit, at: dt.datetime, *, title: str = WORDS.title) -> Problem:
    """A problem that everybody may read and confirm."""
    problem = raised(session, kit, at, title=title)
    return triage.publish(session, AMARA, problem.id, kit=kit, at=at, news_at=at)


def the_new_one(session: Session) -> Problem:
    """The one problem that waits for stewards."""
    return session.scalars(sa.select(Problem).where(Problem.state == State.NEW.value)).one()


def empty(session: Session) -> None:
    """Delete every row of every table."""
    for table in reversed(tables.metadata.sorted_tables):
        session.execute(sa.delete(table))


def together(count: int, work: Callable[[int], Result]) -> list[Result]:
    """Do the same in several threads that start at once; raises what one of them raised."""
    start = Barrier(count)

    def run(number: int) -> Result:
        start.wait()
        return work(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))


def refused(sessions: Sessions, work: Callable[..., object], *args: object, **values: object) -> str:
    """What the person is told; a refusal that writes something would not be one."""
    with sessions.begin() as session:
        with pytest.raises(Refusal) as caught:
            work(session, *args, **values)
        session.flush()
        assert not session.new
        assert not session.dirty
    return caught.value.text
