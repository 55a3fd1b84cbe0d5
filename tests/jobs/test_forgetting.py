"""What was destroyed stays destroyed: noted in a file, and destroyed again after a restored backup."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

import sqlalchemy as sa

from bot.core.problems import acts
from bot.core.problems.records import Confirmation, Problem
from bot.core.replies import destroyed
from bot.core.replies.forgetting import forget
from bot.core.teams import acts as teams
from bot.core.teams.records import Choice
from bot.jobs.forgetting import Forgetting
from tests.company import WORDS, published, run_batch
from tests.jobs.conftest import Jobs


def _address(jobs: Jobs) -> bytes | None:
    with jobs.office.sessions.reading() as session:
        return session.scalars(sa.select(Problem.sealed_address)).one()


def test_an_address_that_is_forgotten_is_destroyed_with_the_week_and_again_after_a_restore(
    jobs: Jobs, tmp_path: Path
) -> None:
    office, path = jobs.office, tmp_path / "list" / "destroyed.txt"
    forgetting = Forgetting(office.bot, path)
    forgetting.run()
    with office.sessions.begin() as session:
        acts.raise_confidential(session, office.actor("priya"), WORDS, form="V1", kit=office.kit)
    run_batch(office.sessions, office.kit, office.now, days=1)
    backup = _address(jobs)
    assert backup is not None

    with office.sessions.begin() as session:
        forget(session, office.actor("priya"), kit=office.kit)
    forgetting.run()
    assert _address(jobs) is not None, "the sweep is weekly, so that it does not tell when somebody asked"
    jobs.later(days=7)
    forgetting.run()
    assert _address(jobs) is None

    with office.sessions.begin() as session:
        session.execute(sa.update(Problem).values(sealed_address=backup))
    Forgetting(office.bot, path).run()
    assert _address(jobs) is None


def test_where_the_list_cannot_be_written_nothing_is_destroyed(jobs: Jobs, tmp_path: Path) -> None:
    office = jobs.office
    with office.sessions.begin() as session:
        acts.raise_confidential(session, office.actor("priya"), WORDS, form="V1", kit=office.kit)
    run_batch(office.sessions, office.kit, office.now, days=1)
    with office.sessions.begin() as session:
        forget(session, office.actor("priya"), kit=office.kit)
    path = tmp_path / "destroyed.txt"
    path.mkdir()
    forgetting = Forgetting(office.bot, path)
    jobs.later(seconds=dt.timedelta(days=8).total_seconds())
    forgetting.run()
    assert _address(jobs) is not None


def test_whoever_was_forgotten_and_speaks_again_keeps_that_through_every_restart(
    jobs: Jobs, tmp_path: Path
) -> None:
    office, path, priya = jobs.office, tmp_path / "destroyed.txt", jobs.office.actor("priya")
    forgetting = Forgetting(office.bot, path)
    forgetting.run()

    def speaks(days: int) -> None:
        with office.sessions.begin() as session:
            acts.confirm(session, priya, ident, kit=office.kit)
            teams.choose(session, priya, team=team)
        run_batch(office.sessions, office.kit, office.now, days=days)

    def stands() -> tuple[int, int]:
        with office.sessions.reading() as session:
            counts = [
                session.scalar(sa.select(sa.func.count()).select_from(each)) or 0
                for each in (Confirmation, Choice)
            ]
        return counts[0], counts[1]

    with office.sessions.begin() as session:
        ident = published(session, office.kit, office.now).id
        team = teams.team_named(session, "Night shift", function=None, randomness=office.kit.randomness).id
    speaks(1)
    with office.sessions.begin() as session:
        forget(session, priya, kit=office.kit)
    jobs.later(days=8)
    forgetting.run()
    assert stands() == (0, 0)

    speaks(9)
    assert stands() == (1, 1)
    forgetting.run()
    Forgetting(office.bot, path).run()
    assert stands() == (1, 1)


def test_what_another_worker_is_just_destroying_is_not_taken_for_said_anew(
    jobs: Jobs, tmp_path: Path
) -> None:
    """Its line is in the file before what it names is gone for others; without the line a restore would bring it back."""
    office, path = jobs.office, tmp_path / "destroyed.txt"
    another = Forgetting(office.bot, path)
    another.run()
    with office.sessions.begin() as session:
        ident = published(session, office.kit, office.now).id
    with office.sessions.begin() as session:
        acts.confirm(session, office.actor("priya"), ident, kit=office.kit)
    run_batch(office.sessions, office.kit, office.now, days=1)
    look = threading.Thread(target=another.run)
    with office.sessions.begin(patient=True) as session:
        line = destroyed.voice_line(ident, session.scalars(sa.select(Confirmation.voice)).one())
        session.execute(sa.delete(Confirmation))
        destroyed.note(session, path, [line], at=office.now)
        look.start()
        look.join(0.5)  # it has looked by now, and waits for its turn to write
    look.join(20)
    assert line in path.read_text().splitlines()
