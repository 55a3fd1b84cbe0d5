"""What follows in a company once its problems can be read, as its days in `world.py` have it: decisions and those who
pay, merges and the raisers' word on them, endings and what became of it, two pulses, a pilot and its report.

Stewards act by name and to the second, as the audit trail keeps it; all others are in the world's events like a raise.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.decisions import acts as decisions
from bot.core.decisions import paying, reviews
from bot.core.decisions.drafts import Draft, Load
from bot.core.decisions.records import Decision, Payer
from bot.core.decisions.rules import DecisionState, Hours, PayersWord
from bot.core.identity.people import Actor
from bot.core.problems import merging, trackers, triage
from bot.core.problems.merge_records import Merge, MergeState
from bot.core.problems.records import Problem, State
from bot.core.problems.standing_rules import Ending, Outcome
from bot.core.pulse import acts as pulse
from bot.core.pulse import instrument, queries, waves
from bot.core.pulse.records import Wave
from bot.core.replies import mornings, outcomes, raising, right_of_reply
from bot.core.replies.outcomes import Cost
from bot.core.replies.records import Reply
from bot.core.teams.acts import name_contact
from bot.core.teams.queries import functions
from tests.adversary import exports

if TYPE_CHECKING:
    from tests.adversary.world import Case, World

Do = Callable[[Session, dt.datetime], object]
#: Who, what, and in which words if it is by name; None where nothing may date it.
Step = tuple[str, Do, str | None]
#: Of two functions everybody is asked, and so many answer each day.
ASKED_OF, ANSWERED = 2, 8


class Afterwards:
    """Beside one world, whose people and chance it uses."""

    def __init__(self, world: World) -> None:
        self.world, self.chance, self.kit = world, world.chance, world.kit
        self.contacts: dict[int, str] = {}
        self.told: list[str] = []

    def begin(self, session: Session, steward: Actor, at: dt.datetime) -> None:
        """Somebody answers for each team; a pilot and a pulse are written down."""
        for number, ident in self.world.watched.teams.items():
            members = [each.id for each in self.world.watched.people[2:] if each.team == number]
            if members and number % 2:  # for the others nobody does
                name_contact(session, steward, team=ident, contact=members[0])
                self.contacts[ident] = members[0]
        exports.begin_pilot(session, steward, kit=self.kit, at=at)
        self._plan(session, at)

    def morning(self, session: Session, day: dt.date, at: dt.datetime) -> None:
        """What comes with each batch."""
        mornings.each_day(session, today=day, kit=self.kit, at=at)
        reviews.each_day(session, today=day, free=never, kit=self.kit, at=at)
        trackers.announce(session, kit=self.kit, at=at)

    def later(self, session: Session, at: dt.datetime) -> None:
        """What has a turn of its own: the pulse, and on Mondays the pilot's weeks."""
        waves.go_on(session, kit=self.kit, at=at)
        waves.even_out(session, at=at)
        exports.count_pilot(session, at=at)

    def read(self, session: Session) -> list[str]:
        """All that has left the bot in files and calls, and what the pulses show."""
        return [*self.told, *exports.report(session), *exports.results(session)]

    def day(self, session: Session, day: dt.date, problems: Iterable[Problem]) -> Iterator[Step]:
        """What is done on this day beside raising, confirming and asking."""
        found = list(problems)
        can_be_read = [each for each in found if each.state == State.OPEN.value]
        yield from self._stewards(session, day, can_be_read)
        yield from self._payers(session)
        yield from self._asked_teams(session)
        yield from self._raisers(session, found)
        yield from self._answers(session)

    # Stewards, by name

    def _stewards(self, session: Session, day: dt.date, can_be_read: list[Problem]) -> Iterator[Step]:
        decided = set(session.scalars(sa.select(Decision.problem_id)))
        some = self.chance.sample(can_be_read, min(4, len(can_be_read)))
        for number, problem in enumerate(some):
            if number == 0 and problem.id not in decided:
                yield self._steward(self._decide(problem.id, day), f"decide {problem.title}")
            elif number == 1:
                yield self._steward(self._close(problem.id), f"close {problem.title}")
            elif number == 2 and len(some) == 4:
                yield self._steward(self._merge(problem.id, some[3].id, day), f"merge {problem.title}")
        for problem in right_of_reply.ready(session, at=self.world.next_batch(_night_before(day))):
            yield self._steward(self._publish(problem.id), f"publish {problem.title}")
        if queries.current(session) is None and len(queries.closed(session)) == 1:
            yield self._steward(self._plan, "plan a pulse")
        yield self._steward(self._end, "end a decision")

    def _steward(self, do: Do, words: str) -> Step:
        return self.chance.choice(self.world.watched.people[:2]).id, do, words

    def _when(self, at: dt.datetime) -> dict[str, Any]:
        return {"kit": self.kit, "at": at, "news_at": self.world.next_batch(at)}

    def _publish(self, ident: int) -> Do:
        return lambda session, at: right_of_reply.publish(session, self._by(), ident, **self._when(at))

    def _decide(self, ident: int, day: dt.date) -> Do:
        pays, gains = self.chance.sample(sorted(self.contacts), 2)
        draft = Draft(
            "One list.",
            "It slips twice.",
            day + dt.timedelta(days=5),
            payers=(Load(pays, "keeps it", Hours(2, 3)),),
            gains=((gains, Hours(1, 1)),),
            guardrails=("slow a hotfix down",),
        )
        return lambda session, at: decisions.record(
            session, self._by(), ident, draft, today=at.date(), free=never, **self._when(at)
        )

    def _end(self, session: Session, at: dt.datetime) -> None:
        running = sa.select(Decision).where(Decision.state == DecisionState.RUNNING.value)
        found = session.scalars(running.order_by(Decision.decided_on, Decision.id)).all()
        if len(found) > 2:
            first = found[0]
            decisions.end(
                session, self._by(), first.id, "It did not help.", version=first.version,
                today=at.date(), **self._when(at),
            )  # fmt: skip

    def _close(self, ident: int) -> Do:
        ending = self.chance.choice([Ending.SOLVED, Ending.OTHER])
        return lambda session, at: triage.close(
            session, self._by(), ident, "It is done.", ending=ending, **self._when(at)
        )

    def _merge(self, ident: int, into: int, day: dt.date) -> Do:
        due = day + dt.timedelta(days=5)
        return lambda session, at: merging.merge(
            session, self._by(), ident, into=into, sentence="They are one.", due_on=due, **self._when(at)
        )

    def _plan(self, session: Session, at: dt.datetime) -> Wave:
        opens = self.world.next_batch(at)
        asked = sorted(functions(session))[:ASKED_OF]
        plan = pulse.Plan(asked, [], opens, opens + dt.timedelta(days=2, hours=-1), remind=False)
        return pulse.plan(session, self._by(), plan, instrument=instrument.load(), kit=self.kit, at=at)

    def _by(self) -> Actor:
        return Actor(self.world.watched.people[0].id, steward=True)

    # Everybody else, whom nothing may date

    def _payers(self, session: Session) -> Iterator[Step]:
        """Whoever answers for a team that pays says its word."""
        silent = (Payer.word == PayersWord.INFORMED.value, Payer.decision_id == Decision.id)
        for payer in session.scalars(sa.select(Payer).join(Decision, sa.and_(*silent))):
            yield (
                self.contacts[payer.team_id],
                self._pays(payer.decision_id, payer.team_id, self.chance.random() < 0.7),
                None,
            )

    def _asked_teams(self, session: Session) -> Iterator[Step]:
        """Whoever answers for a team that was asked before others read says what the team says."""
        for row in session.scalars(sa.select(Reply).where(Reply.text.is_(None))):
            if self.chance.random() < 0.7:
                yield self.contacts[row.team_id], self._reply(row.problem_id, row.team_id), None

    def _reply(self, ident: int, team: int) -> Do:
        return lambda session, _at: right_of_reply.reply(
            session, Actor(self.contacts[team]), ident, team, "We know it."
        )

    def _pays(self, decision: int, team: int, yes: bool) -> Do:
        def do(session: Session, _at: dt.datetime) -> None:
            version = session.get_one(Decision, decision).version
            of = (session, Actor(self.contacts[team]), decision, team)
            if yes:
                paying.agree(*of, version=version)
            else:
                paying.disagree(*of, "It is much.", version=version)

        return do

    def _raisers(self, session: Session, problems: Iterable[Problem]) -> Iterator[Step]:
        """What became of it, what it cost, and whether two are one: by whoever raised it, or with the receipt."""
        asked = sa.select(Merge).where(Merge.state == MergeState.ASKED.value, Merge.carried)
        merges = {ident: row.id for row in session.scalars(asked) for ident in (row.problem_id, row.into_id)}
        for problem in problems:
            case = self.world.case(problem.title)
            if case is None:
                continue
            if problem.id in merges:
                yield case.raiser, self._consent(case, problem.id, merges[problem.id]), None
            elif problem.outcome == Outcome.WAITING.value and problem.state == State.CLOSED.value:
                yield case.raiser, self._outcome(case, problem.id), None
            elif problem.asked_cost and not problem.said_cost:
                yield case.raiser, self._cost(case, problem.id), None

    def _consent(self, case: Case, ident: int, merge: int) -> Do:
        yes = self.chance.random() < 0.7
        return lambda session, at: raising.consent(
            session, self.world.raiser(session, case, ident, at), merge, yes=yes, kit=self.kit
        )

    def _outcome(self, case: Case, ident: int) -> Do:
        said = self.chance.choice([Outcome.CONFIRMED, Outcome.PARTLY, Outcome.DENIED])
        return lambda session, at: outcomes.say_outcome(
            session, self.world.raiser(session, case, ident, at), said, "", kit=self.kit
        )

    def _cost(self, case: Case, ident: int) -> Do:
        cost = self.chance.choice(list(Cost))
        return lambda session, at: outcomes.say_cost(
            session, self.world.raiser(session, case, ident, at), cost, kit=self.kit
        )

    def _answers(self, session: Session) -> Iterator[Step]:
        wave = queries.current(session)
        if wave is None or wave.salt is None:
            return
        asked = sorted(queries.groups_of(session, wave))
        for who in self.chance.sample(asked, min(ANSWERED, len(asked))):
            given = {"A1": self.chance.randrange(1, 8), "B1": self.chance.randrange(1, 8), "D1": "raised"}
            yield who, self._answer(wave.id, who, given), None

    def _answer(self, wave: int, who: str, given: dict[str, Any]) -> Do:
        return lambda session, at: pulse.answer(
            session, Actor(who), wave, 1, given, phrase=f"words of {who[::-1]}", kit=self.kit, at=at
        )


def _night_before(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day - dt.timedelta(days=1), dt.time(12), dt.UTC)


def never(_day: dt.date) -> bool:
    return False
