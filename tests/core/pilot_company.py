"""A small company that lives through a pilot by the bot's own acts, and what was true of it, kept apart."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.core.editions import acts as editions
from bot.core.kit import Kit
from bot.core.pilot import acts as pilots
from bot.core.pilot import counting
from bot.core.pilot.queries import standing, times
from bot.core.pilot.rules import Definition
from bot.core.problems import acts, courses, triage
from bot.core.problems.records import Problem
from bot.core.problems.standing_rules import Ending, Outcome
from bot.core.problems.wording import Wording
from bot.core.pulse import acts as pulse
from bot.core.pulse import instrument, tone, waves
from bot.core.pulse.records import Side as Asked
from bot.core.replies import mornings, outcomes, right_of_reply
from bot.core.replies.outcomes import Cost
from bot.core.replies.queries import as_raiser
from bot.core.store import Sessions
from bot.core.teams.queries import functions
from bot.slack.pilot.counted import beside
from tests.company import AMARA, JONAS, appoint, person, run_batch, team

UTC = ZoneInfo("UTC")
FUNCTIONS, TEAMS, PEOPLE = ("Design", "Engineering", "Support"), 5, 5
MONDAY = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)
PILOT = Definition("Does it help?", "The two heads", "Judging people", intake_weeks=8, follow_weeks=6)


@dataclass
class Truth:
    """What happened, noted by who made it happen and never read from the bot's tables."""

    raised: int = 0
    waits: list[tuple[int, bool]] = field(default_factory=list)
    decided: set[str] = field(default_factory=set)
    tried: set[str] = field(default_factory=set)
    confirmed: set[str] = field(default_factory=set)
    partly: set[str] = field(default_factory=set)
    acted: set[int] = field(default_factory=set)
    holds: dict[str, bool] = field(default_factory=dict)
    costs: Counter[str] = field(default_factory=Counter)
    hours: dict[str, tuple[float, float, int]] = field(default_factory=dict)
    spent: list[tuple[float, float]] = field(default_factory=list)
    tone: dict[Asked, Counter[int]] = field(default_factory=lambda: {side: Counter() for side in Asked})
    pulses: list[list[float]] = field(default_factory=list)


@dataclass
class Plan:
    """What is to become of one problem; days count from the pilot's start."""

    title: str
    raiser: int
    day: int
    answered: int | None
    ends: int | None
    outcome: Outcome | None
    holds: bool | None
    cost: Cost | None
    helped_by: list[int]


class Company:
    """Fourteen weeks, a day at a time; the same seed lives through the same."""

    def __init__(self, sessions: Sessions, kit: Kit, seed: int = 1) -> None:
        self.sessions, self.kit = sessions, kit
        self.chance = random.Random(seed)
        self.truth = Truth()
        self.idents: dict[str, int] = {}
        self.teams: list[int] = []

    def found(self) -> None:
        appoint(self.sessions)
        with self.sessions.begin() as session:
            for number in range(len(FUNCTIONS) * TEAMS):
                people = [person(number * PEOPLE + each) for each in range(PEOPLE)]
                made = team(
                    session, self.kit, f"Team {number:02}", people, function=FUNCTIONS[number // TEAMS]
                )
                made.contact = people[0].person
                self.teams.append(made.id)

    def pulse(self, at: dt.datetime, mean: float) -> None:
        """A wave of a week in which about two thirds answer."""
        asks = instrument.load()
        with self.sessions.begin() as session:
            plan = pulse.Plan(list(functions(session)), [], at, at + WEEK - DAY, remind=False)
            wave = pulse.plan(session, AMARA, plan, instrument=asks, kit=self.kit, at=at - DAY).id
        with self.sessions.begin() as session:
            waves.go_on(session, kit=self.kit, at=at)
        means = []
        with self.sessions.begin() as session:
            for number in range(len(self.teams) * PEOPLE):
                if self.chance.random() < 0.66:
                    points = {
                        item.id: min(7, max(1, round(self.chance.gauss(mean, 1))))
                        for item in asks.items
                        if item.line
                    }
                    given = {
                        item.id: 8 - points[item.id] if item.reversed else points[item.id]
                        for item in asks.items
                        if item.line
                    }
                    pulse.answer(session, person(number), wave, 1, given, kit=self.kit, at=at + DAY)
                    means.append(sum(points.values()) / len(points))
        with self.sessions.begin() as session:
            waves.go_on(session, kit=self.kit, at=at + WEEK)
        self.truth.pulses.append(means)

    def pilot(self) -> None:
        """From the Monday on which it starts to the one after its last week."""
        with self.sessions.begin() as session:
            pilots.write_down(session, AMARA, PILOT, kit=self.kit, at=MONDAY - 3 * DAY)
            pilots.start(session, AMARA, kit=self.kit, at=MONDAY - 3 * DAY)
        plans = self._plans()
        for day in range(14 * 7 + 1):
            at = MONDAY + day * DAY
            if day % 7 == 0 and day:
                self._count(at)
            if day == 14 * 7:
                return
            run_batch(self.sessions, self.kit, at)
            with self.sessions.begin() as session:
                mornings.each_day(session, today=at.date(), kit=self.kit, at=at)
            self._note_new()
            self._day(day, at + dt.timedelta(hours=3), plans)
            if day % 7 == 0:
                self._week(day, at + dt.timedelta(hours=4))
            if day == 12 * 7:
                self.pulse(at, 5.0)

    def _count(self, at: dt.datetime) -> None:
        with self.sessions.begin() as session:
            pilot = standing(session)
            assert pilot is not None
            assert counting.keep(
                session, beside(session, times(pilot)), at=at, zone=UTC, free=lambda _day: False
            )
            # The same Monday again keeps nothing anew.
            assert not counting.keep(
                session, beside(session, times(pilot)), at=at + DAY, zone=UTC, free=lambda _day: False
            )

    def _plans(self) -> list[Plan]:
        """Raised from Monday to Wednesday of eight weeks, answered in the order in which they came."""
        plans = []
        for week in range(8):
            answered = 0
            for number in range(5):
                day = 7 * week + number // 2
                answered = max(answered, day + 1 + self.chance.choice([0, 1, 1, 2, 3]))
                never = number == 4 and week % 3 == 0
                while answered % 7 > 4:
                    answered += 1
                ends = self.chance.choice([None, 21, 28]) if not never else None
                outcome = self.chance.choice([Outcome.CONFIRMED, Outcome.CONFIRMED, Outcome.PARTLY, None])
                plans.append(
                    Plan(
                        title=f"Hard thing {week} {number}",
                        raiser=self.chance.randrange(75),
                        day=day,
                        answered=None if never else answered,
                        ends=answered + ends if ends else None,
                        outcome=outcome if ends else None,
                        holds=self.chance.choice([True, True, True, False, None]),
                        cost=self.chance.choice([Cost.NO, Cost.NO, Cost.NO, Cost.LITTLE, Cost.YES, None]),
                        helped_by=self.chance.sample(range(50), 3),
                    )
                )
        return plans

    def _note_new(self) -> None:
        with self.sessions.reading() as session:
            for ident, title in session.execute(sa.select(Problem.id, Problem.title)):
                self.idents.setdefault(title, ident)

    def _day(self, day: int, at: dt.datetime, plans: list[Plan]) -> None:
        for plan in plans:
            if plan.day == day:
                words = Wording(plan.title, "For us it is slow.")
                with self.sessions.begin() as session:
                    acts.raise_confidential(
                        session, person(plan.raiser), words, form=plan.title, kit=self.kit
                    )
                self.truth.raised += 1
                came, said = day + 1, plan.answered
                until = 14 * 7 if said is None else said
                self.truth.waits.append((_working_days(came, until), said is not None))
            if plan.answered == day:
                self._answer(plan, at)
            if plan.answered is not None and day == plan.answered + 7 and plan.ends is not None:
                self._try(plan, at)
            if plan.ends == day:
                self._close(plan, day, at)
            if plan.ends is not None and plan.outcome and day == plan.ends + 1:
                self._say(plan, day)
            if plan.ends is not None and plan.cost and day == plan.ends + 16:
                self._cost(plan)
            if plan.ends is not None and plan.holds is not None and day == plan.ends + 32 and plan.outcome:
                self._hold(plan)

    def _answer(self, plan: Plan, at: dt.datetime) -> None:
        ident = self.idents[plan.title]
        with self.sessions.begin() as session:
            courses.acknowledge(session, AMARA, ident, "We read it.", kit=self.kit, at=at, news_at=at)
        if plan.ends is None:
            return
        with self.sessions.begin() as session:
            triage.publish(session, AMARA, ident, kit=self.kit, at=at, news_at=at)
            for number in plan.helped_by:
                acts.confirm(session, person(number), ident, kit=self.kit)
                acts.follow_up(session, person(number), ident, acts.Told((1, 3)), kit=self.kit)
                self.truth.acted.add(self.teams[number // PEOPLE])

    def _try(self, plan: Plan, at: dt.datetime) -> None:
        with self.sessions.begin() as session:
            courses.try_out(
                session, AMARA, self.idents[plan.title], "One list.", review_on=(at + 3 * WEEK).date(),
                kit=self.kit, at=at, news_at=at,
            )  # fmt: skip
        self.truth.tried.add(plan.title)
        self.truth.decided.add(plan.title)

    def _close(self, plan: Plan, day: int, at: dt.datetime) -> None:
        with self.sessions.begin() as session:
            triage.close(
                session, AMARA, self.idents[plan.title], "It runs.", ending=Ending.SOLVED,
                kit=self.kit, at=at, news_at=at,
            )  # fmt: skip
        if plan.outcome:
            low = 3.0 if plan.outcome is Outcome.CONFIRMED else 0.0
            self.truth.hours[plan.title] = (low, 9.0, 14 - day // 7)

    def _say(self, plan: Plan, day: int) -> None:
        assert plan.outcome is not None
        with self.sessions.begin() as session:
            raiser = as_raiser(session, person(plan.raiser), self.idents[plan.title], self.kit)
            outcomes.say_outcome(session, raiser, plan.outcome, "", kit=self.kit)
        if day < 14 * 7 - 1:
            (self.truth.confirmed if plan.outcome is Outcome.CONFIRMED else self.truth.partly).add(plan.title)

    def _cost(self, plan: Plan) -> None:
        assert plan.cost is not None
        with self.sessions.begin() as session:
            raiser = as_raiser(session, person(plan.raiser), self.idents[plan.title], self.kit)
            outcomes.say_cost(session, raiser, plan.cost, kit=self.kit)
        self.truth.costs[plan.cost.value] += 1

    def _hold(self, plan: Plan) -> None:
        assert plan.holds is not None
        with self.sessions.begin() as session:
            raiser = as_raiser(session, person(plan.raiser), self.idents[plan.title], self.kit)
            outcomes.say_holds(session, raiser, plan.holds, kit=self.kit)
        self.truth.holds[plan.title] = plan.holds
        if not plan.holds and plan.title in self.truth.hours:
            _, high, weeks = self.truth.hours[plan.title]
            self.truth.hours[plan.title] = (0.0, high, weeks)

    def _week(self, day: int, at: dt.datetime) -> None:
        """The edition, a contact that both sides rate, and the stewards' hours."""
        number = day // 7
        with self.sessions.begin() as session:
            editions.compose(
                session, period=f"{at:%G-W%V}", due_at=at, late=False, channel=None, kit=self.kit, at=at
            )
        for steward, hours in ((AMARA, (2.0, 4.0)), (JONAS, (1.0, 1.5))):
            if number != 5:
                with self.sessions.begin() as session:
                    pilots.give_hours(session, steward, *hours, week=at.date(), kit=self.kit, at=at)
                self.truth.spent.append(hours)
        self._contact(number, at)

    def _contact(self, number: int, at: dt.datetime) -> None:
        asked = self.teams[number % len(self.teams)]
        with self.sessions.begin() as session:
            words = Wording(f"Contact {number}", "For us it is slow.")
            # Raised before the pilot's weeks or after them in no row: a steward's own, outside the count of intake.
            made = acts.raise_named(
                session, AMARA, words, form=f"contact {number}", kit=self.kit, at=MONDAY - WEEK
            )
            assert made is not None
            workdays: dict[str, Any] = {"zone": UTC, "holidays": lambda _day: False}
            triage.set_inputs(
                session, AMARA, made.id, felt_by=frozenset(), needed_from=frozenset([asked]), ownership=None,
                kit=self.kit, at=at,
            )  # fmt: skip
            right_of_reply.ask_teams(
                session, AMARA, made.id, [asked], **workdays, kit=self.kit, at=at, news_at=at
            )
            contact = person((number % len(self.teams)) * PEOPLE)
            right_of_reply.reply(session, contact, made.id, asked, "A list.")
            for side, who in ((Asked.STEWARD, AMARA), (Asked.FUNCTION, contact)):
                value = self.chance.choice([2, 3, 4, 4, 5])
                tone.rate(session, who, side, made.id, asked, value, kit=self.kit, at=at)
                self.truth.tone[side][value] += 1


def _working_days(came: int, until: int) -> int:
    """Working days after one day up to and with another; day 0 is a Monday."""
    return sum(day % 7 < 5 for day in range(came + 1, until + 1))
