"""A company that lives for some weeks with the bot: through its own acts and its own batch, on a fixed clock.

What the world knows and an adversary does not (who raised what) is in `cases`; `watched` is what an adversary gets.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.orm import Session

from bot.core import outbox
from bot.core.editions import acts as editions
from bot.core.identity import receipts
from bot.core.identity.guessing import GuessLimit
from bot.core.identity.people import Actor, set_stewards
from bot.core.identity.sealing import Sealing
from bot.core.kit import Kit
from bot.core.problems import acts, queries, tagging, triage
from bot.core.problems.acts import Told
from bot.core.problems.records import Kind, Mechanism, Ownership, Problem, State
from bot.core.problems.telling import tell_stewards
from bot.core.problems.trackers import WEBHOOK
from bot.core.problems.wording import Wording
from bot.core.refusal import Refusal
from bot.core.replies import acts as relay
from bot.core.replies import moving, raising, right_of_reply
from bot.core.replies.queries import Raiser, as_raiser, by_receipt
from bot.core.replies.records import Question
from bot.core.store import Sessions
from bot.core.teams.acts import choose, list_members, team_named
from tests.adversary import exports
from tests.adversary.afterwards import Afterwards, never
from tests.adversary.holes import NO_HOLE, Done, Hole
from tests.adversary.listening import listening, measured
from tests.adversary.roster import OPENS, Person, Presence, Size, moment, recruit

BEGINS = dt.date(2026, 11, 2)  # a Monday
BATCH = dt.time(7, 0)
_WEEKEND = 5


@dataclass(frozen=True)
class Case:
    """One protected problem: who raised it, and somebody else who as far as anybody was told might have."""

    title: str
    raiser: str
    decoy: str
    anonymous: bool
    at: dt.datetime
    earlier_words: str = ""


@dataclass
class Watched:
    """What an adversary knows beside the database: roster, presence, everybody's named acts, secrets, logs."""

    people: list[Person]
    presence: Presence
    named: list[tuple[str, dt.datetime, str]] = field(default_factory=list)  # who, when, and words of it
    teams: dict[int, int] = field(default_factory=dict)  # numbers of teams to their ids
    days: dict[str, dt.date] = field(default_factory=dict)  # when stewards first heard of a title
    excluded: dict[str, set[str]] = field(default_factory=dict)  # by title: who is known to have confirmed it
    secrets: dict[str, bytes] = field(default_factory=dict)
    sealing_key: bytes = b""
    log: str = ""
    metrics: str = ""
    #: When the metrics were seen to have changed, where somebody reads them all the time.
    scraped: list[dt.datetime] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # messages in channels and to stewards, as Slack was told
    exports: list[str] = field(
        default_factory=list
    )  # the pilot's report, the pulses' results, calls of the webhook


@dataclass
class _Event:
    at: dt.datetime
    who: str
    do: Callable[[Session, dt.datetime], object]
    named: bool = False
    words: str = ""


class World:
    """One database with one company in it; `live` lets all its days pass."""

    def __init__(self, sessions: Sessions, seed: int, size: Size, hole: Hole = NO_HOLE) -> None:
        self.sessions, self.size, self.hole = sessions, size, hole
        self.seed = seed
        self.chance = random.Random(f"world {seed}")
        key = random.Random(f"key {seed}").randbytes(32)
        # Ids and shuffles must tell nothing of the world's own chance: another source.
        self.kit = Kit.of(Sealing([key], random.Random(f"seal {seed}")), random.Random(f"kit {seed}"))
        weekdays = [BEGINS + dt.timedelta(days=day) for day in range(size.days * 7 // 5 + 2)]
        self.days = [day for day in weekdays if day.weekday() < _WEEKEND][: size.days]
        people = recruit(size, self.chance)
        self.watched = Watched(people, Presence(people, self.days, self.chance))
        self.watched.sealing_key = key
        self.watched.secrets = {
            name: name.encode() * 4 for name in ("xoxb-token", "signing-secret", "xapp-token")
        }
        self.cases: list[Case] = []
        self._codes: dict[str, str] = {}
        self._stewards = [people[0].id, people[1].id]
        self._told: set[str] = set()
        self._scrape = ""
        self.afterwards = Afterwards(self)

    def live(self) -> World:
        """Let every day pass, with a batch each morning and an edition each Monday."""
        with pytest.MonkeyPatch.context() as patch, listening() as stream, self.hole.planted(self):
            # The slow hash is made fast: its cost is no part of what is tried here.
            patch.setitem(receipts._COST, "n", 2)
            before = self._scrape = measured()
            with time_machine.travel(moment(self.days[0], -60), tick=False) as clock:
                self._found()
                by_day = self._raises()
                for day in self.days:
                    self._morning(day, clock)
                    for event in sorted(self._day(day) + by_day.get(day, []), key=lambda each: each.at):
                        clock.move_to(event.at)
                        self._do(event)
                self._morning(self.days[-1] + dt.timedelta(days=1), clock)
            with self.sessions.reading() as session:
                self.watched.exports = self.afterwards.read(session)
            self.watched.log = stream.getvalue()
            self.watched.metrics = "\n".join(
                line for line in measured().splitlines() if line not in before.splitlines()
            )
        return self

    def _found(self) -> None:
        with self.sessions.begin() as session:
            set_stewards(session, self._stewards)
            for number in range(self.size.teams):
                name, function = f"Team {number:02}", f"Function {number % 5}"
                team = team_named(session, name, function=function, randomness=self.kit.randomness)
                members = [each.id for each in self.watched.people if each.team == number]
                list_members(session, team, members)
                self.watched.teams[number] = team.id
            steward, at = Actor(self._stewards[0], steward=True), moment(self.days[0], -180)
            self.afterwards.begin(session, steward, at)
        self.hole.found(self)

    def _raises(self) -> dict[dt.date, list[_Event]]:
        """All protected raises: pairs of people who were both there on the day, and a coin for which one it was."""
        candidates = [each.id for each in self.watched.people if each.id not in self._stewards]
        found: dict[dt.date, list[_Event]] = {}
        for number in range(self.size.problems):
            raiser, decoy = self.chance.sample(candidates, 2)
            day = self.chance.choice(self.days[:-1])
            if not self.watched.presence.minutes(raiser, day):
                continue
            at = self._when(raiser, day)
            case = Case(
                f"Problem {self.seed}.{number:03}",
                raiser,
                decoy,
                bool(number % 2),
                at,
                f"earlierwords{self.seed}x{number:03}",
            )
            self.cases.append(case)
            self.watched.days[case.title] = day
            found.setdefault(day, []).append(_Event(at, raiser, self._raise(case)))
        return found

    def _raise(self, case: Case) -> Callable[[Session, dt.datetime], None]:
        teams = list(self.watched.teams.values())
        felt, needed = self.chance.sample(teams, 1), self.chance.sample(teams, 2)
        wording = Wording(
            case.title,
            "For us this means waiting.",
            felt_by=frozenset(felt),
            needed_from=frozenset(needed),
            tried="a rota" * self.chance.randrange(2),
        )
        code = receipts.new_receipt(self.chance).replace(" ", "")
        form = f"V{self.chance.getrandbits(48):012X}"

        def do(session: Session, _at: dt.datetime) -> None:
            if case.anonymous:
                self._codes[case.title] = code
                acts.raise_anonymous(session, wording, digits=code, kit=self.kit)
            else:
                acts.raise_confidential(session, Actor(case.raiser), wording, form=form, kit=self.kit)

        return do

    def _day(self, day: dt.date) -> list[_Event]:
        """What stewards, named raisers, taggers, confirmers and raisers who are asked something do on a day."""
        with self.sessions.reading() as session:
            problems = list(session.scalars(sa.select(Problem)))
            asked = {
                each.problem_id: each.id for each in session.scalars(sa.select(Question)) if not each.answer
            }
        found: list[_Event] = []
        for problem in problems:
            if problem.state == State.NEW.value and problem.title not in self._told:
                self._told.add(problem.title)
                found.append(self._steward(day, self._publish(problem.id), f"publish {problem.title}"))
                if self.chance.random() < 0.4:
                    found.append(self._steward(day, self._ask(problem.id), f"ask {problem.title}"))
            case = self.case(problem.title)
            if case and problem.id in asked and self.watched.presence.minutes(case.raiser, day):
                at = self._when(case.raiser, day)
                found.append(_Event(at, case.raiser, self._answer(case, problem.id, asked[problem.id])))
        with self.sessions.reading() as session:
            found += [
                self._step(who, do, words, day)
                for who, do, words in self.afterwards.day(session, day, problems)
                if words or self.watched.presence.minutes(who, day)
            ]
        found += self._confirmations(day, [each for each in problems if each.state == State.OPEN.value])
        people = self.chance.sample(self.watched.people[2:], min(9, len(self.watched.people) - 2))
        for number, each in enumerate(people):
            if self.watched.presence.minutes(each.id, day):
                do, words = self._named(each, day, number)
                found.append(_Event(self._when(each.id, day), each.id, do, named=True, words=words))
        return found

    def _confirmations(self, day: dt.date, problems: list[Problem]) -> list[_Event]:
        found = []
        for problem in self.chance.sample(problems, min(len(problems), 6)):
            case = self.case(problem.title)
            who = self.chance.choice(self.watched.people[2:]).id
            # Neither of a pair confirms: that would be told by the hashes, for as long as the problem is open.
            if (case and who in (case.raiser, case.decoy)) or not self.watched.presence.minutes(who, day):
                continue
            self.watched.excluded.setdefault(problem.title, set()).add(who)
            found.append(_Event(self._when(who, day), who, self._confirm(problem.id, who)))
        return found

    def _when(self, who: str, day: dt.date) -> dt.datetime:
        return moment(
            day, self.chance.choice(self.watched.presence.minutes(who, day)), self.chance.randrange(60)
        )

    def _step(
        self, who: str, do: Callable[[Session, dt.datetime], object], words: str | None, day: dt.date
    ) -> _Event:
        at = (
            moment(day, self.chance.randrange(480), self.chance.randrange(60))
            if words
            else self._when(who, day)
        )
        return _Event(at, who, do, named=words is not None, words=words or "")

    def _steward(self, day: dt.date, do: Callable[[Session, dt.datetime], None], words: str) -> _Event:
        at = moment(day, self.chance.randrange(480), self.chance.randrange(60))
        return _Event(at, self.chance.choice(self._stewards), do, named=True, words=words)

    def _named(
        self, who: Person, day: dt.date, number: int
    ) -> tuple[Callable[[Session, dt.datetime], None], str]:
        actor = Actor(who.id)
        words = f"Named {day:%m%d} {number}"
        if number % 3 == 0:
            wording, form = (
                Wording(words, "For us this means waiting."),
                f"V{self.chance.getrandbits(48):012X}",
            )
            return lambda session, at: _nothing(
                acts.raise_named(session, actor, wording, form=form, kit=self.kit, at=at)
            ), words
        if number % 3 == 1:
            team = self.watched.teams[self.chance.randrange(self.size.teams)]
            return lambda session, _at: _nothing(choose(session, actor, team=team)), words
        ts = f"{moment(day, 5 + number).timestamp():.6f}"
        return lambda session, at: _nothing(
            tagging.tag(
                *(session, actor),
                channel="C0GENERAL1",
                message_ts=ts,
                place=Kind.PUBLIC,
                permalink=f"https://corp.slack.example/archives/C0GENERAL1/p{ts}",
                kit=self.kit,
                at=at,
            )
        ), words

    def _publish(self, ident: int) -> Callable[[Session, dt.datetime], None]:
        def do(session: Session, at: dt.datetime) -> None:
            steward = Actor(self._stewards[0], steward=True)
            when = {"kit": self.kit, "at": at, "news_at": self.next_batch(at)}
            to_ask = queries.to_ask(session, session.get_one(Problem, ident))
            if to_ask:  # those who would have to change are heard before others read
                right_of_reply.ask_teams(
                    session, steward, ident, to_ask, zone=exports.UTC, holidays=never, **when
                )
            else:
                triage.publish(session, steward, ident, **when)

        return do

    def _ask(self, ident: int) -> Callable[[Session, dt.datetime], None]:
        def do(session: Session, at: dt.datetime) -> None:
            steward = Actor(self._stewards[1], steward=True)
            relay.ask(session, steward, ident, "How often?", kit=self.kit, at=at, news_at=self.next_batch(at))

        return do

    def _answer(self, case: Case, ident: int, question: int) -> Callable[[Session, dt.datetime], None]:
        def do(session: Session, at: dt.datetime) -> None:
            raiser = self.raiser(session, case, ident, at)
            wording = Wording(f"{case.title}", f"For us: {case.earlier_words}")
            if case.anonymous == (ident % 3 == 0):
                # Said, and said otherwise later on the same day: the first words must be nowhere afterwards.
                raising.edit_words(session, raiser, wording, kit=self.kit)
                raising.edit_words(session, raiser, Wording(case.title, "For us this is slow."), kit=self.kit)
            raising.answer_question(session, raiser, question, "Every week.", kit=self.kit)

        return do

    def raiser(self, session: Session, case: Case, ident: int, at: dt.datetime) -> Raiser:
        if case.anonymous:
            return by_receipt(session, self._codes[case.title], guesses=GuessLimit(lambda: at))
        return as_raiser(session, Actor(case.raiser), ident, self.kit)

    def _confirm(self, ident: int, who: str) -> Callable[[Session, dt.datetime], None]:
        told = Told((1, 2), self.chance.choice(list(Mechanism)), "") if self.chance.random() < 0.5 else None
        team = self.chance.choice(list(self.watched.teams.values()))

        def do(session: Session, _at: dt.datetime) -> None:
            actor = Actor(who)
            acts.confirm(session, actor, ident, kit=self.kit)
            if told:
                acts.follow_up(session, actor, ident, told, kit=self.kit)
                acts.give_answer(
                    *(session, actor, ident),
                    needed_from=frozenset({team}),
                    ownership=Ownership.NOBODY,
                    kit=self.kit,
                )

        return do

    def _do(self, event: _Event) -> None:
        # A second confirmation, or a problem that closed meanwhile: the person reads a sentence, nothing is written.
        with suppress(Refusal), self.sessions.begin() as session:
            self.hole.now = done = Done(event.who, event.at, named=event.named)
            event.do(session, event.at)
            self.hole.acted(session, self, done)
            if event.named:
                self.watched.named.append((event.who, event.at, event.words))
        if (scrape := measured()) != self._scrape:
            self.watched.scraped.append(event.at.replace(second=0))
            self._scrape = scrape

    def _morning(self, day: dt.date, clock: time_machine.Coordinates) -> None:
        """The batch of the night, the messages that were due, and on Mondays the edition."""
        at = dt.datetime.combine(day, BATCH, dt.UTC)
        clock.move_to(at)
        with self.sessions.begin(patient=True) as session:
            moving.run(session, day=day, kit=self.kit, at=at)
            self.afterwards.morning(session, day, at)
            tell_stewards(session, self.kit, at=at)
            self.hole.moved_all(session, self, at)
        with self.sessions.begin(patient=True) as session:
            self.afterwards.later(session, at)
        self._send(at)
        if day.weekday() == 0:
            due = dt.datetime.combine(day, OPENS, dt.UTC)
            with self.sessions.begin(patient=True) as session:
                period = f"{day.isocalendar()[0]}-W{day.isocalendar()[1]:02}"
                editions.compose(
                    session, period=period, due_at=due, late=False, channel="C0WEEKLY01", kit=self.kit, at=due
                )
            self._send(due)
        self.sessions.destroy(thorough=day > self.days[-1])  # as the week's sweep does

    def _send(self, at: dt.datetime) -> None:
        with self.sessions.begin(patient=True) as session:
            for row in outbox.claim(session, at=at, most=1000, lease=dt.timedelta(minutes=1)):
                self.watched.said.append(f"{row.kind} {row.channel}")
                told = exports.hook(session, row) if row.kind == WEBHOOK else None
                self.afterwards.told += [told] if told else []
                self.hole.sent(session, self, row, at)
                outbox.sent(session, row.id)

    @staticmethod
    def next_batch(at: dt.datetime) -> dt.datetime:
        return dt.datetime.combine(at.date() + dt.timedelta(days=1), BATCH, dt.UTC)

    def case(self, title: str) -> Case | None:
        return next((case for case in self.cases if case.title == title), None)


def _nothing(_made: object) -> None:
    """What an act gives back is not looked at."""
