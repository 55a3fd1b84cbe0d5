"""What follows once a problem can be read: decisions and who pays, merges, endings, what became of it, and the pulse.

Six weeks of one company, in which the same is said by the same teams. Of two such worlds one differs in who of a group
said what to the pulse, and in the order and the minute of all that is said on one day; afterwards nothing tells them
apart.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.decisions import acts as decisions
from bot.core.decisions import paying, reviews
from bot.core.decisions.drafts import Draft, Load
from bot.core.decisions.records import Decision
from bot.core.decisions.rules import Door, Hours
from bot.core.editions import acts as editions
from bot.core.identity.guessing import GuessLimit
from bot.core.identity.people import Actor
from bot.core.identity.receipts import digits_of, new_receipt
from bot.core.problems import handing, helping, merging, trackers, triage
from bot.core.problems.acts import raise_anonymous
from bot.core.problems.merge_records import Merge
from bot.core.problems.records import Problem
from bot.core.problems.standing_rules import Ending, Outcome
from bot.core.problems.telling import tell_stewards
from bot.core.problems.wording import Wording
from bot.core.problems.work_records import Hand
from bot.core.pulse import acts as pulse
from bot.core.pulse import instrument, queries, tone, waves
from bot.core.pulse.records import Side
from bot.core.replies import mornings, moving, outcomes, raising, right_of_reply
from bot.core.replies.outcomes import Cost
from bot.core.replies.queries import by_receipt
from bot.core.teams.acts import name_contact
from bot.core.teams.queries import functions
from tests.adversary import exports, holes
from tests.adversary.holes import Kept
from tests.adversary.test_two_worlds_of_a_day import IN_A_TEAM, TEAMS, World
from tests.company import AMARA, JONAS, person

#: A Monday; a pilot begins with it, and is counted on the Mondays after it.
BEGINS = dt.datetime(2026, 11, 16, 7, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
CODES = [digits_of(new_receipt(random.Random(f"later {number}"))) or "" for number in range(8)]
#: Days from the beginning on which something is said; on the days between them nothing is.
DAYS = (0, 1, 2, 3, 4, 7, 8, 9, 10, 14, 18, 19, 34, 35)
ANSWERS = 20

#: Something that somebody says: in a transaction of its own, at this time.
Say = Callable[[Session, dt.datetime], object]


@dataclass
class LaterWorld(World):
    """`turned`: by how many places a team's people change places in what they say to the pulse. `until`: the last day."""

    turned: int = 0
    until: int = DAYS[-1]
    hole: Kept | None = None
    told: list[str] = field(default_factory=list)

    def begin(self) -> None:
        self.found()
        with self.sessions.begin() as session:
            for number, ident in enumerate(self.teams):
                name_contact(session, AMARA, team=ident, contact=person(number * IN_A_TEAM).person)
            exports.begin_pilot(session, AMARA, kit=self.kit, at=BEGINS)

    def live(self, order: random.Random | None) -> LaterWorld:
        """All days; with `order` what is said on a day comes in another order, and at other minutes."""
        self.begin()
        with ExitStack() as stack:
            if self.hole:
                with self.sessions.begin() as session:
                    holes.say(session, self.hole.table)
                stack.enter_context(self.hole.planted())
            self._live(order)
        self.sessions.destroy(thorough=True)
        with self.sessions.reading() as session:
            self.told += exports.report(session) + exports.results(session)
        return self

    def _live(self, order: random.Random | None) -> None:
        days = [day for day in DAYS if day <= self.until]
        for day in days:
            at = BEGINS + day * DAY
            self._morning(at)
            self._draws(f"stewards {day}")
            with self.sessions.begin() as session:
                self._stewards(session, day, at + dt.timedelta(hours=1))
            said = list(enumerate(self._said(day)))
            minutes = [3 * number for number in range(len(said))]
            if order:
                order.shuffle(said)
                minutes = sorted(order.sample(range(400), len(said)))
            for minute, (number, say) in zip(minutes, said, strict=True):
                self._draws(f"said {day} {number}")
                said_at = at + dt.timedelta(hours=2, minutes=minute)
                if self.hole:
                    self.hole.at = said_at
                with self.sessions.begin() as session:
                    say(session, said_at)
        self._morning(BEGINS + (days[-1] + 1) * DAY)

    def _draws(self, what: str) -> None:
        """What is drawn belongs to what it is drawn for, or the order of a day would draw other ids."""
        self.kit.randomness.seed(what)
        self.kit.sealing.randomness.seed(what)

    def _morning(self, at: dt.datetime) -> None:
        """The batch with what comes with it, what is due of the pulse, the edition, and what then goes out."""
        today = at.date()
        self._draws(f"morning {today}")
        with self.sessions.begin() as session:
            moving.run(session, day=today, kit=self.kit, at=at)
            mornings.each_day(session, today=today, kit=self.kit, at=at)
            reviews.each_day(session, today=today, free=_never, kit=self.kit, at=at)
            trackers.announce(session, kit=self.kit, at=at)
            tell_stewards(session, self.kit, at=at)
        with self.sessions.begin() as session:
            waves.go_on(session, kit=self.kit, at=at)
            waves.even_out(session, at=at)
            if at.weekday() == 0:
                editions.compose(
                    *(session,),
                    period=f"{at:%G-W%V}",
                    due_at=at,
                    late=False,
                    channel="C0",
                    kit=self.kit,
                    at=at,
                )
                exports.count_pilot(session, at=at)
            self.told += exports.sent(session, at=at)
        self.sessions.destroy()

    # What stewards do, by name and the same in both worlds

    def _stewards(self, session: Session, day: int, at: dt.datetime) -> None:
        steps: dict[int, Callable[[Session, dict[str, Any]], None]] = {
            1: self._publish,
            2: self._decide,
            4: self._close,
            7: self._plan_anew,
            8: self._second,
        }
        if day in steps:
            steps[day](session, {"kit": self.kit, "at": at, "news_at": at + dt.timedelta(hours=20)})
        if day == 0:
            self._plan(session, at)

    def _publish(self, session: Session, when: dict[str, Any]) -> None:
        for number in range(8):
            triage.publish(session, AMARA, _titled(session, number), **when)
        for one, other in ((2, 3), (4, 5)):
            merging.merge(
                *(session, AMARA, _titled(session, one)),
                into=_titled(session, other), sentence="The same.", due_on=when["at"].date() + 14 * DAY, **when,
            )  # fmt: skip
        handing.hand(
            session, AMARA, _titled(session, 6), team=self.teams[3], asks="Take it.",
            due_on=when["at"].date() + 14 * DAY, today=when["at"].date(), **when,
        )  # fmt: skip

        right_of_reply.ask_teams(
            session, AMARA, _titled(session, 0), self.teams[1:3], zone=exports.UTC, holidays=_never, **when
        )

    def _decide(self, session: Session, when: dict[str, Any]) -> None:
        today = when["at"].date()
        for number, door, teams in ((0, Door.TWO_WAY, (0, 1)), (1, Door.ONE_WAY, (2,))):
            draft = Draft(
                "One list.", "It slips twice.", today + 10 * DAY,
                payers=tuple(Load(self.teams[each], "keeps it", Hours(2, 3)) for each in teams),
                gains=tuple((self.teams[each], Hours(1, 1)) for each in range(TEAMS) if each not in teams),
                guardrails=("slow a hotfix down",), door=door,
            )  # fmt: skip
            decisions.record(
                session, AMARA, _titled(session, number), draft, today=today, free=_never, **when
            )

    def _close(self, session: Session, when: dict[str, Any]) -> None:
        for number, ending in ((3, Ending.SOLVED), (5, Ending.OTHER), (7, Ending.SOLVED)):
            triage.close(session, AMARA, _titled(session, number), "It is done.", ending=ending, **when)

    def _second(self, session: Session, when: dict[str, Any]) -> None:
        decision = _decided(session, _titled(session, 1))
        with_day = {**when, "today": decision.counts_from}
        decisions.second(session, JONAS, decision.id, **with_day)

    def _plan(self, session: Session, at: dt.datetime) -> None:
        opens = dt.datetime.combine(at.date() + DAY, BEGINS.time(), dt.UTC)
        plan = pulse.Plan(sorted(functions(session)), [], opens, opens + 3 * DAY - dt.timedelta(hours=1))
        pulse.plan(session, AMARA, plan, instrument=instrument.load(), kit=self.kit, at=at)

    def _plan_anew(self, session: Session, when: dict[str, Any]) -> None:
        self._plan(session, when["at"])

    # What is said, by people whom nothing may date

    def _said(self, day: int) -> Iterator[Say]:
        if day == 0:
            yield from (self._raise(number) for number in range(8))
        if day in (1, 2, 8, 9):
            yield from self._answers(page=1 + day % 2)
        if day == 2:
            yield from (self._consent(number, yes=number != 4) for number in (2, 3, 4, 5))
            yield self._yes()
            yield from (self._helps(number) for number in (7, 13))
        if day == 3:
            yield from (self._pays(0, team, agrees=team == 0) for team in (0, 1))
            yield self._pays(1, 2, agrees=True)
            yield from (self._comments(team) for team in (0, 1, 3))
            yield from (self._replies(team) for team in (1, 2))
        if day == 4:
            yield from (self._felt(team, value) for team, value in ((1, 2), (2, 5)))
        if day in (7, 8):
            yield from (
                self._outcome(number, outcome)
                for number, outcome in ((3, Outcome.CONFIRMED), (5, Outcome.DENIED), (7, Outcome.PARTLY))
                if (number == 7) == (day == 8)
            )
        if day == 19:
            yield from (
                self._cost(number, cost) for number, cost in ((3, Cost.NO), (5, Cost.YES), (7, Cost.NO))
            )
        if day == 35:
            yield from (self._holds(number) for number in (3, 7))

    def _raise(self, number: int) -> Say:
        words = Wording(
            f"Words {number}", "For us this means waiting.", felt_by=frozenset({self.teams[number % 4]})
        )
        return lambda session, _at: raise_anonymous(session, words, digits=CODES[number], kit=self.kit)

    def _answers(self, page: int) -> Iterator[Say]:
        """Somebody of each team in each place: `turned` says who."""
        for number in range(ANSWERS):
            team, place = number % TEAMS, number // TEAMS
            who = person(team * IN_A_TEAM + (place + self.turned) % IN_A_TEAM)
            given = {"A1": number % 7 + 1, "B1": number % 5 + 2, "D1": "raised"} if page == 1 else {"A5": 4}
            yield self._answer(who, page, given, f"our own words of {number}")

    def _answer(self, who: Actor, page: int, given: dict[str, Any], phrase: str) -> Say:
        def say(session: Session, at: dt.datetime) -> None:
            wave = queries.current(session)
            assert wave is not None
            pulse.answer(session, who, wave.id, page, given, phrase=phrase, kit=self.kit, at=at)

        return say

    def _consent(self, number: int, *, yes: bool) -> Say:
        def say(session: Session, at: dt.datetime) -> None:
            ident = _titled(session, number)
            asked = sa.or_(Merge.problem_id == ident, Merge.into_id == ident)
            merge = session.scalars(sa.select(Merge).where(asked)).one()
            raising.consent(session, self._raiser(session, number, at), merge.id, yes=yes, kit=self.kit)

        return say

    def _yes(self) -> Say:
        def say(session: Session, at: dt.datetime) -> None:
            hand = session.scalars(sa.select(Hand)).one()
            contact = person(3 * IN_A_TEAM)
            handing.say_yes(
                session, contact, hand.problem_id, hand.team_id, "We take it.",
                kit=self.kit, news_at=BEGINS + 3 * DAY,
            )  # fmt: skip

        return say

    def _helps(self, number: int) -> Say:
        return lambda session, _at: helping.offer_help(
            session, person(number), _titled(session, 0), f"A list of {number}.", kit=self.kit
        )

    def _pays(self, number: int, team: int, *, agrees: bool) -> Say:
        def say(session: Session, _at: dt.datetime) -> None:
            found = _decided(session, _titled(session, number))
            of = (session, person(team * IN_A_TEAM), found.id, self.teams[team])
            if agrees:
                paying.agree(*of, version=found.version)
            else:
                paying.disagree(*of, "It is much.", version=found.version)

        return say

    def _comments(self, team: int) -> Say:
        return lambda session, _at: paying.comment(
            *(session, person(team * IN_A_TEAM), _decided(session, _titled(session, 1)).id),
            *(self.teams[team], f"We of {team} see it so."),
        )

    def _replies(self, team: int) -> Say:
        return lambda session, _at: right_of_reply.reply(
            session, person(team * IN_A_TEAM), _titled(session, 0), self.teams[team], f"We of {team} know."
        )

    def _felt(self, team: int, value: int) -> Say:
        return lambda session, at: tone.rate(
            session, person(team * IN_A_TEAM), Side.FUNCTION, _titled(session, 0), self.teams[team], value,
            kit=self.kit, at=at,
        )  # fmt: skip

    def _outcome(self, number: int, outcome: Outcome) -> Say:
        return lambda session, at: outcomes.say_outcome(
            session, self._raiser(session, number, at), outcome, "", kit=self.kit
        )

    def _cost(self, number: int, cost: Cost) -> Say:
        return lambda session, at: outcomes.say_cost(
            session, self._raiser(session, number, at), cost, kit=self.kit
        )

    def _holds(self, number: int) -> Say:
        return lambda session, at: outcomes.say_holds(
            session, self._raiser(session, number, at), number == 3, kit=self.kit
        )

    @staticmethod
    def _raiser(session: Session, number: int, at: dt.datetime) -> Any:
        return by_receipt(session, CODES[number], guesses=GuessLimit(lambda: at))


def _never(_day: dt.date) -> bool:
    return False


def _titled(session: Session, number: int) -> int:
    return session.scalars(sa.select(Problem.id).where(Problem.title == f"Words {number}")).one()


def _decided(session: Session, problem: int) -> Decision:
    return session.scalars(sa.select(Decision).where(Decision.problem_id == problem)).one()
