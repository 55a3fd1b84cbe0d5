"""How long a steward's Home takes to compose with 10,000 open problems, and a reader's, in all its menus.

Run as `python -m tests.benchmarks.home [--quick]`. Composing is everything but Slack's own call: reading and blocks.
"""

from __future__ import annotations

import datetime as dt
import random
import statistics
import tempfile
from pathlib import Path

from bot.core.identity.people import set_stewards
from bot.core.identity.sealing import Sealing
from bot.core.kit import Kit
from bot.core.problems import writing
from bot.core.problems.browsing import ANYTHING, Wanted, functions_offered
from bot.core.problems.records import Answer, AnswerTeam, FeltBy, RaisedAs, State
from bot.core.problems.rules import Verdict
from bot.core.store import Sessions
from bot.core.teams.acts import list_members, team_named
from bot.settings import Settings
from bot.slack.home.composing import view_for
from bot.slack.turn import Bot, Viewer, Workspace
from tests.benchmarks import figures
from tests.benchmarks.edition import milliseconds, opened, postgres, tidied

AT = dt.datetime(2026, 11, 18, 14, tzinfo=dt.UTC)
STEWARD, READER = "U0STEWARD", "U000003"
TEAMS, PEOPLE, WAITING, ROUNDS = 60, 8, 300, 40


def fill(sessions: Sessions, kit: Kit, problems: int) -> None:
    """A company of 60 teams with open problems of two years, most of them confidential, and a full desk."""
    chance = random.Random(5)
    with sessions.begin() as session:
        set_stewards(session, [STEWARD, "U0SECOND"])
        teams = [
            team_named(session, f"Team {n}", function=f"Function {n % 12}", randomness=kit.randomness)
            for n in range(TEAMS)
        ]
        for n, team in enumerate(teams):
            list_members(session, team, [f"U{n * PEOPLE + each:06d}" for each in range(PEOPLE)])
        session.flush()
        for number in range(1, problems + WAITING + 1):
            there = number <= problems
            at = AT - dt.timedelta(weeks=chance.randrange(104))
            state = State.OPEN if there else chance.choice((State.NEW, State.ASKED))
            problem = writing.fresh(kit, RaisedAs.CONFIDENTIAL, state, at=at)
            problem.title = f"Customers hear about release {number} from us last"
            problem.hardship = "For us this means two days a month of asking around. " * 4
            problem.label = f"F{chance.randrange(1, 17)}"
            if there:
                problem.number, problem.published_week = number, at.date()
                problem.verdict = chance.choice(list(Verdict)).value
            problem.sealed_address = kit.sealing.seal(
                f"U{chance.randrange(480):06d}", bound_to=f"problem:{problem.id}"
            )
            session.add(problem)
            session.flush()
            answer = Answer(id=kit.randomness.getrandbits(62), problem_id=problem.id, by_steward=True)
            session.add(answer)
            session.flush()
            felt, needed = chance.sample(teams, 2)
            session.add(FeltBy(problem_id=problem.id, team_id=felt.id, by_steward=True))
            session.add(AnswerTeam(answer_id=answer.id, team_id=needed.id))
    tidied(sessions)


def bot_on(sessions: Sessions, kit: Kit) -> Bot:
    settings = Settings(
        slack_bot_token="xoxb-1", stewards=(STEWARD, "U0SECOND"), people_channel="#people-help"
    )
    return Bot(
        settings=settings,
        sessions=sessions,
        kit=kit,
        clock=lambda: AT,
        workspace=Workspace(team="T1", bot_user="U0BOT", bot="B0BOT"),
        randomness=kit.randomness,
    )


def measure(name: str, sessions: Sessions, problems: int) -> None:
    kit = Kit.of(Sealing([bytes(32)], random.Random(1)), random.Random(2))
    fill(sessions, kit, problems)
    bot = bot_on(sessions, kit)
    with sessions.reading() as session:
        function = functions_offered(session)[0].id
    size = f"{name}, {problems} open problems, {WAITING} waiting"
    menus = {
        "everything": ANYTHING,
        "a label": Wanted(label="F9"),
        "a function": Wanted(function=function),
        "all menus": Wanted("F9", function, Verdict.NO_SINGLE_TEAM),
    }
    for who, person in (("steward", STEWARD), ("reader", READER)):
        viewer = Viewer(person=person, at=AT, words=bot.words(), bot=bot)
        for what, wanted in menus.items():
            taken = [_composed(sessions, viewer, wanted) for _ in range(ROUNDS)]
            figures.say(f"home.{who}, {what} ({size})", statistics.median(taken), "ms", at_most=50)


def _composed(sessions: Sessions, viewer: Viewer, wanted: Wanted) -> float:
    with sessions.reading() as session:
        return milliseconds(lambda: view_for(viewer, session, wanted))


def main(problems: int) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="groundswell-bench-") as above,
        opened(f"sqlite:///{above}/home.db") as sessions,
    ):
        measure("SQLite", sessions, problems)
    with (
        tempfile.TemporaryDirectory(prefix="groundswell-bench-", ignore_cleanup_errors=True) as above,
        postgres(Path(above)) as url,
        opened(url) as sessions,
    ):
        measure("Postgres", sessions, problems)


if __name__ == "__main__":
    main(1_000 if figures.quick("Times Home.") else 10_000)
