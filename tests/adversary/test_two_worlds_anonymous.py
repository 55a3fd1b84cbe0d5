"""Two worlds in which other people raised, asked and answered anonymously: nothing is left that differs.

Unlike a sealed address nothing is masked here: every byte of the dumps, and of the file on SQLite, is the same.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.core.identity import receipts
from bot.core.identity.guessing import GuessLimit
from bot.core.identity.people import Actor, actor
from bot.core.identity.receipts import digits_of, new_receipt
from bot.core.problems import acts, queries
from bot.core.problems.records import Problem
from bot.core.problems.wording import Wording
from bot.core.replies import acts as relay
from bot.core.replies import moving, raising
from bot.core.replies.queries import by_receipt, for_raiser
from bot.core.replies.records import Question
from bot.core.store import Sessions
from bot.core.teams.queries import team_of
from tests.adversary.test_two_worlds_of_a_day import IN_A_TEAM, TEAMS, World
from tests.company import AMARA, ON_SQLITE, person

NEWCOMERS = [Actor(f"U9NEW{number:03d}", locale="de") for number in range(6)]
MEMBERS = [person(number) for number in range(TEAMS * IN_A_TEAM)]
CODES = [digits_of(new_receipt(random.Random(number))) or "" for number in range(40)]


@dataclass(frozen=True)
class Step:
    """What a person does with one code; `who` is known to the interaction, and to nothing after it."""

    kind: str
    who: Actor
    number: int


class AnonymousWorld(World):
    """A company whose people raise anonymously and come back with their codes."""

    def look(self, who: Actor) -> None:
        """What the Slack side does around every interaction: find the role, the team, what is theirs."""
        with self.sessions.reading() as session:
            known = actor(session, who.person, locale=who.locale)
            team_of(session, who.person)
            queries.mine(session, known, self.kit)

    def step(self, step: Step, *, day: int) -> None:
        self.look(step.who)
        digits, at = CODES[step.number], self.at + dt.timedelta(days=day)
        if step.kind == "raise":
            wording = Wording(f"Words {step.number}", "For us this means waiting.", "Once", "Not slower")
            with self.sessions.begin() as session:
                assert acts.raise_anonymous(session, wording, digits=digits, kit=self.kit)
            return
        with self.sessions.begin() as session:
            raiser = by_receipt(session, digits, guesses=GuessLimit(lambda: at))
            if step.kind == "read":
                for_raiser(session, raiser)
            elif step.kind == "answer":
                question = session.scalars(
                    sa.select(Question).where(Question.problem_id == raiser.problem.id)
                ).one()
                raising.answer_question(
                    session, raiser, question.id, f"Since day {step.number}", kit=self.kit
                )
            elif step.kind == "edit":
                wording = Wording(f"Other words {step.number}", "For us this means waiting longer.")
                raising.edit_words(session, raiser, wording, kit=self.kit)
            elif step.kind == "quiet":
                raising.no_more_questions(session, raiser, kit=self.kit)
            else:
                raising.withdraw(session, raiser, kit=self.kit)

    def stewards_ask(self, *, day: int) -> None:
        at = self.at + dt.timedelta(days=day)
        with self.sessions.begin() as session:
            for problem in session.scalars(
                sa.select(Problem).where(Problem.title.like("Words%")).order_by(Problem.title)
            ):
                relay.ask(session, AMARA, problem.id, "Since when?", kit=self.kit, at=at, news_at=at)
            moving.carry(session)

    def end(self, *, day: int, destroyed: bool = True) -> None:
        at = self.at + dt.timedelta(days=day)
        with self.sessions.begin() as session:
            moving.run(session, day=at.date(), kit=self.kit, at=at)
        if destroyed:
            self.sessions.destroy()


def story(chance: random.Random) -> list[list[Step]]:
    """Two days: six raise, and on the second day come back in six ways while four others raise."""
    people = chance.sample(MEMBERS, 10)
    ways = ["answer", "edit", "quiet", "withdraw", "read", "answer"]
    first = [Step("raise", who, number) for number, who in enumerate(people[:6])]
    second = [Step(way, who, number) for number, (way, who) in enumerate(zip(ways, people[:6], strict=True))]
    return [first, second + [Step("raise", who, 10 + number) for number, who in enumerate(people[6:])]]


def lived(world: AnonymousWorld, days: list[list[Step]]) -> AnonymousWorld:
    world.found()
    for day, steps in enumerate(days):
        for step in steps:
            world.step(step, day=day)
        world.end(day=day)
        if day == 0:
            world.stewards_ask(day=day)
    return world


@pytest.fixture(autouse=True)
def _quick_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The slow hash is made fast: its cost is no part of what is compared."""
    monkeypatch.setitem(receipts._COST, "n", 2)


@pytest.fixture
def two(worlds: Callable[[], Sessions], at: dt.datetime) -> tuple[AnonymousWorld, AnonymousWorld]:
    return AnonymousWorld(worlds(), at), AnonymousWorld(worlds(), at)


def same(one: World, other: World) -> bool:
    if one.dump(set()) != other.dump(set()):
        return False
    return one.sessions.dialect != "sqlite" or one.raw() == other.raw()


@pytest.mark.parametrize("seed", range(3))
def test_who_raised_and_came_back_leaves_nothing_at_all(
    two: tuple[AnonymousWorld, AnonymousWorld], seed: int
) -> None:
    chance = random.Random(seed)
    days = story(chance)
    by_others = [
        [Step(step.kind, chance.choice([*NEWCOMERS, *MEMBERS]), step.number) for step in steps]
        for steps in days
    ]
    assert same(lived(two[0], days), lived(two[1], by_others))


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_a_day_leaves_nothing_at_all(
    two: tuple[AnonymousWorld, AnonymousWorld], seed: int
) -> None:
    chance = random.Random(seed)
    days = story(chance)
    assert same(lived(two[0], days), lived(two[1], [chance.sample(steps, len(steps)) for steps in days]))


def test_equal_words_of_two_codes_leave_no_order_either(
    two: tuple[AnonymousWorld, AnonymousWorld],
) -> None:
    twins = Wording("The same words", "For us this means waiting.")
    for world, codes in zip(two, (CODES[:4], CODES[3::-1]), strict=True):
        world.found()
        for code in codes:
            with world.sessions.begin() as session:
                acts.raise_anonymous(session, twins, digits=code, kit=world.kit)
        world.end(day=0)
    assert same(*two)


# Two holes, planted: the comparison above sees them.


def test_a_row_about_the_person_would_be_seen(two: tuple[AnonymousWorld, AnonymousWorld]) -> None:
    for world, who in zip(two, NEWCOMERS, strict=False):
        world.found()
        with world.sessions.begin() as session:
            acts.raise_anonymous(session, Wording("a", "b"), digits=CODES[0], kit=world.kit)
            team_id = world.teams[0]
            session.execute(
                sa.text("INSERT INTO choices (person, team_id) VALUES (:person, :team)"),
                {"person": who.person, "team": team_id},
            )
        world.end(day=0)
    assert not same(*two)


@ON_SQLITE
def test_a_file_that_is_not_written_anew_would_tell_the_order(
    two: tuple[AnonymousWorld, AnonymousWorld],
) -> None:
    steps = story(random.Random(1))[0]
    for world, order in zip(two, (steps, steps[::-1]), strict=True):
        world.found()
        for step in order:
            world.step(step, day=0)
        world.end(day=0, destroyed=False)
        log = Path(str(world.sessions.engine.url.database) + "-wal").read_bytes()
        assert sorted(order, key=lambda step, log=log: log.index(f"Words {step.number}".encode())) == order
