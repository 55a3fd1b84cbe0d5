"""Two problems that are one count as one, and stand apart again exactly as they stood."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bot.core import tables
from bot.core.editions.corrections import take_down
from bot.core.identity.guessing import GuessLimit
from bot.core.kit import Kit
from bot.core.outbox import Message
from bot.core.problems import acts, courses, evidence, merged, merging, queries, triage
from bot.core.problems.acts import Told
from bot.core.problems.merge_records import Merge, MergeState
from bot.core.problems.records import (
    Confirmation,
    Course,
    Ending,
    Inbox,
    Outcome,
    Problem,
    RaisedAs,
    State,
    Tally,
)
from bot.core.problems.wording import Wording
from bot.core.refusal import Refusal, Stale
from bot.core.replies import acts as relay
from bot.core.replies import destroyed, forgetting, outcomes, raising
from bot.core.replies.queries import Raiser, as_raiser, by_receipt
from bot.core.replies.withholding import review
from bot.core.store import Sessions
from tests.company import (
    AMARA,
    JONAS,
    ON_SQLITE,
    RAISER,
    STRANGER,
    appoint,
    person,
    raised,
    refused,
    run_batch,
    team,
    together,
)

CODE = "1234567890123456"
WHY = "Both are about hearing of releases late."
DUE = dt.date(2026, 12, 2)
FIRST, SECOND, THIRD = "First", "Second", "Third"


class World:
    """A company with problems, in which merges are tried."""

    def __init__(self, sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
        self.sessions, self.kit, self.at = sessions, kit, at
        appoint(sessions)

    def published(self, *titles: str) -> list[int]:
        """Problems that everybody reads, whose raisers are forgotten, so that nobody has to be asked."""
        with self.sessions.begin() as session:
            made = [raised(session, self.kit, self.at, title=title) for title in titles]
            for problem in made:
                triage.publish(session, AMARA, problem.id, kit=self.kit, at=self.at, news_at=self.at)
                problem.raiser = problem.raiser_team_id = None
        return [problem.id for problem in made]

    def merge(self, session: Session, one: int, other: int, **values: Any) -> Merge:
        given: dict[str, Any] = {"sentence": WHY, "due_on": DUE, **values}
        return merging.merge(
            session, AMARA, one, into=other, kit=self.kit, at=self.at, news_at=self.at, **given
        )

    def merged(self, one: int, other: int) -> int:
        with self.sessions.begin() as session:
            return self.merge(session, one, other).id

    def undo(self, session: Session, one: int) -> Problem:
        return merging.undo(session, JONAS, one, kit=self.kit, at=self.at, news_at=self.at)

    def undone(self, one: int) -> None:
        with self.sessions.begin() as session:
            self.undo(session, one)

    def confirms(self, number: int, *idents: int) -> None:
        with self.sessions.begin() as session:
            for ident in idents:
                acts.confirm(session, person(number), ident, kit=self.kit)

    def batch(self, days: int = 0) -> None:
        run_batch(self.sessions, self.kit, self.at, days=days)

    def problem(self, ident: int) -> Problem:
        with self.sessions.reading() as session:
            return session.get_one(Problem, ident)

    def felt(self, ident: int) -> tuple[dict[str, int], int]:
        """Voices by team, and of people without a team that is kept."""
        with self.sessions.reading() as session:
            found = evidence.evidence(session, [ident])[ident]
            return {name: count for name, count in found.felt.items() if count}, (
                found.elsewhere + found.unplaced
            )


@pytest.fixture
def world(sessions: Sessions, kit: Kit, at: dt.datetime) -> World:
    return World(sessions, kit, at)


#: What acts leave behind that no undo takes back: what was done by whom, and what was said to whom.
_SAID = ("audit", "outbox")


def dump(session: Session) -> dict[str, list[Any]]:
    """Every row of every table, but for whether the next edition has to look again."""
    session.flush()
    found = {}
    for table in tables.metadata.sorted_tables:
        if table.name not in _SAID:
            columns = [column for column in table.c if column.name != "changed"]
            found[table.name] = sorted(map(repr, session.execute(sa.select(*columns)).all()))
    return found


@contextmanager
def undone(sessions: Sessions) -> Iterator[Session]:
    """A transaction of which nothing is kept."""
    with sessions.begin() as session:
        yield session
        session.rollback()


def peopled(world: World) -> list[int]:
    """Five problems in every way of raising, and people of two teams who hit several of them."""
    with world.sessions.begin() as session:
        team(session, world.kit, "Checkout", [person(number) for number in range(4)])
        team(session, world.kit, "Search", [person(number) for number in range(4, 8)])
        acts.raise_confidential(session, STRANGER, Wording("Sealed", "x"), form="V1", kit=world.kit)
        acts.raise_anonymous(session, Wording("Coded", "x"), digits=CODE, kit=world.kit)
    world.batch()
    first, second = world.published(FIRST, SECOND)
    with world.sessions.begin() as session:
        raised(session, world.kit, world.at, title="Named")
        for problem in session.scalars(sa.select(Problem).where(Problem.title.in_(["Sealed", "Coded"]))):
            triage.publish(session, AMARA, problem.id, kit=world.kit, at=world.at, news_at=world.at)
        named = session.scalars(sa.select(Problem).where(Problem.title == "Named")).one()
        triage.publish(session, AMARA, named.id, kit=world.kit, at=world.at, news_at=world.at)
        idents = sorted(session.scalars(sa.select(Problem.id)))
        watched, rests, held = [session.get_one(Problem, ident) for ident in idents[:3]]
        watched.course, watched.course_until, watched.course_sentence = "observed", DUE, "Until spring."
        rests.state, held.held_because = State.RESTING.value, "Not this week."
    for number, places in enumerate([(0, 1, 2, 3, 4), (0, 1), (1, 2), (2,), (3, 4), (0, 4), (1, 3), ()]):
        world.confirms(number, *[idents[place] for place in places])
    world.batch(days=1)
    world.confirms(20, idents[0])  # of no team, and of today
    world.confirms(21, idents[2])
    assert {first, second} < set(idents)
    return idents


#: Merges (a problem into another) and undoings (of a problem), by their places.
MOVES = st.lists(st.tuples(st.integers(0, 4), st.one_of(st.none(), st.integers(0, 4))), max_size=14)


@ON_SQLITE
def test_whatever_is_merged_and_undone_in_any_order_is_as_before(world: World) -> None:
    idents = peopled(world)
    with world.sessions.begin() as session:
        mean = evidence.work_out(session, at=world.at)
        before = dump(session)

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(MOVES)
    def holds(moves: list[tuple[int, int | None]]) -> None:
        with undone(world.sessions) as session:
            for one, other in moves:
                at_all = {row.problem_id for row in session.scalars(sa.select(Merge))}
                if other is None:
                    if idents[one] in at_all:
                        world.undo(session, idents[one])
                elif idents[one] not in at_all and one != other:
                    here = dump(session)
                    try:
                        world.merge(session, idents[one], idents[other])
                    except Refusal:
                        assert dump(session) == here
                        continue
                    merging.settle(session, day=DUE + dt.timedelta(days=1), kit=world.kit, at=world.at)
                    world.undo(session, idents[one])
                    assert dump(session) == here
                    world.merge(session, idents[one], idents[other])
                    merging.settle(session, day=DUE + dt.timedelta(days=1), kit=world.kit, at=world.at)
            for ident in session.scalars(sa.select(Merge.problem_id)).all():
                world.undo(session, ident)
            assert dump(session) == before
            evidence.work_out(session, at=world.at, mean=mean)
            assert dump(session) == before

    holds()


def test_a_merge_is_undone_to_the_last_column_on_both_databases(world: World) -> None:
    idents = peopled(world)
    world.batch(days=2)
    with world.sessions.begin() as session:
        mean = evidence.work_out(session, at=world.at)
        before = dump(session)
    for one, other in ((0, 1), (2, 1), (1, 3)):  # a chain, and two into one
        world.merged(idents[one], idents[other])
        world.batch(days=20 + one)
    with world.sessions.reading() as session:
        assert {row.root_id for row in session.scalars(sa.select(Merge))} == {idents[3]}
        evidence.evidence(session, idents)
    for one in (1, 0, 2):  # the middle of the chain first
        world.undone(idents[one])
    with world.sessions.begin() as session:
        evidence.work_out(session, at=world.at, mean=mean)
        after = dump(session)
    for name in ("batches", "deliveries"):  # of the days that went by
        del before[name], after[name]
    assert after == before


def test_whoever_hits_both_counts_once_and_each_again_after_the_undo(world: World) -> None:
    one, other = world.published(FIRST, SECOND)
    with world.sessions.begin() as session:
        checkout = str(team(session, world.kit, "Checkout", [person(1), person(2)]).id)
    world.confirms(1, one, other)
    world.confirms(2, one)
    world.confirms(9, one, other)  # of no team that anybody knows of: can't be found, and counts twice
    world.batch()
    world.merged(one, other)
    assert world.felt(other) == ({checkout: 2}, 2)
    world.undone(one)
    assert world.felt(other) == ({checkout: 1}, 1)
    assert world.felt(one) == ({checkout: 2}, 1)


def test_hours_of_whoever_hits_both_are_not_added_up_twice(world: World) -> None:
    one, other = world.published(FIRST, SECOND)
    with world.sessions.begin() as session:
        team(session, world.kit, "Checkout", [person(number) for number in range(1, 6)])
    world.confirms(1, one, other)
    world.confirms(2, one, other)
    world.confirms(3, one)
    with world.sessions.begin() as session:
        for number, idents in ((1, (one, other)), (2, (one, other)), (3, (one,))):
            for ident in idents:
                acts.follow_up(session, person(number), ident, Told(hours=(3, 6)), kit=world.kit)
    world.batch()

    def hours() -> list[tuple[float, float]]:
        with world.sessions.reading() as session:
            return list(evidence.evidence(session, [other])[other].hours)

    assert hours() == [(3, 6), (3, 6)]
    world.merged(one, other)
    assert sorted(hours()) == [(3, 6), (3, 6), (3, 18)]  # two of the first one's three may be there twice
    with world.sessions.begin() as session:
        triage.close(session, AMARA, other, "Solved.", kit=world.kit, at=world.at, news_at=world.at)
    assert sorted(hours()) == [(3, 6), (3, 6), (3, 18)]


def test_voices_of_today_are_found_as_well(world: World) -> None:
    one, other = world.published(FIRST, SECOND)
    with world.sessions.begin() as session:
        checkout = str(team(session, world.kit, "Checkout", [person(1), person(2)]).id)
    world.confirms(1, one, other)
    world.merged(one, other)
    world.confirms(2, one)  # said of the one that was merged: counts where it goes on
    world.batch()
    assert world.felt(other) == ({checkout: 2}, 0)
    assert world.felt(one) == ({checkout: 1}, 0)


def test_who_changed_teams_in_between_counts_for_both_since_a_mark_would_tell_who(world: World) -> None:
    one, other = world.published(FIRST, SECOND)
    with world.sessions.begin() as session:
        team(session, world.kit, "Checkout", [person(1)])
    world.confirms(1, one)
    world.batch()
    with world.sessions.begin() as session:
        team(session, world.kit, "Checkout", [])
        team(session, world.kit, "Search", [person(1)])
    world.confirms(1, other)
    world.batch(days=1)
    world.merged(one, other)
    with world.sessions.reading() as session:
        assert not session.scalars(sa.select(Confirmation).where(Confirmation.twin)).all()


def test_a_raiser_in_clear_who_hits_the_other_one_counts_once(world: World) -> None:
    with world.sessions.begin() as session:
        checkout = str(team(session, world.kit, "Checkout", [RAISER]).id)
    (other,) = world.published(SECOND)
    with world.sessions.begin() as session:
        one = raised(session, world.kit, world.at, title=FIRST).id
        triage.publish(session, AMARA, one, kit=world.kit, at=world.at, news_at=world.at)
        acts.confirm(session, RAISER, other, kit=world.kit)
    world.batch()
    world.merged(one, other)
    world.batch(days=20)
    assert world.felt(other) == ({checkout: 1}, 0)


def test_what_one_says_of_the_merged_one_counts_where_it_goes_on_and_is_taken_back_from_both(
    world: World,
) -> None:
    one, other = world.published(FIRST, SECOND)
    with world.sessions.begin() as session:
        team(session, world.kit, "Checkout", [person(1)])
    world.confirms(1, one, other)
    world.batch()
    world.merged(one, other)
    for ident in (one, other):
        assert refused(world.sessions, acts.confirm, person(1), ident, kit=world.kit).startswith(
            "You have already"
        )
    with world.sessions.begin() as session:
        acts.follow_up(session, person(1), one, acts.Told(hours=(1, 2)), kit=world.kit)
        assert queries.hits(session, session.get_one(Problem, one), person(1).person, world.kit)
        acts.undo_confirmation(session, person(1), one, kit=world.kit)
        assert not queries.hits(session, session.get_one(Problem, other), person(1).person, world.kit)
    world.batch(days=1)
    with world.sessions.reading() as session:
        assert not session.scalars(sa.select(Confirmation)).all()
        assert evidence.evidence(session, [other])[other].hours == [(1, 2)]


def test_closing_destroys_the_voices_of_both_and_keeps_one_number(world: World) -> None:
    one, other = world.published(FIRST, SECOND)
    with world.sessions.begin() as session:
        checkout = team(session, world.kit, "Checkout", [person(number) for number in range(4)]).id
    world.confirms(1, one, other)
    world.confirms(2, one)
    world.confirms(3, other)
    world.batch()
    world.merged(one, other)
    with world.sessions.begin() as session:
        triage.close(session, AMARA, other, "Solved.", kit=world.kit, at=world.at, news_at=world.at)
    with world.sessions.reading() as session:
        assert not session.scalars(sa.select(Confirmation)).all()
        tallies = {(row.problem_id, row.team): row.voices for row in session.scalars(sa.select(Tally))}
        assert tallies == {(one, checkout): 2, (other, checkout): 3}
        gone = session.get_one(Problem, one)
        assert (gone.salt, gone.closing, gone.ending) == (None, "Solved.", Ending.MERGED.value)
        assert gone.closed_week is not None
    assert world.felt(other) == ({str(checkout): 3}, 0)


def test_an_edition_counts_the_one_that_goes_on_and_calls_the_other_no_answer(world: World) -> None:
    one, other = world.published(FIRST, SECOND)
    world.merged(one, other)
    with world.sessions.begin() as session:
        found, _ = evidence.facts(session, at=world.at)
        assert [facts.ident for facts in found] == [other]


def test_numbers_stay_and_the_one_that_went_leads_to_the_other(world: World) -> None:
    one, other = world.published(FIRST, SECOND)
    numbers = (world.problem(one).number, world.problem(other).number)
    world.merged(one, other)
    with world.sessions.reading() as session:
        found = queries.visible_by_number(session, STRANGER, numbers[0] or 0, world.kit)
        assert (found.id, found.title, found.closing) == (one, FIRST, WHY)
        assert merged.goes_on(session, found).number == numbers[1]


AsRaiser = Callable[[Session], Raiser]


@pytest.fixture(params=["confidential", "anonymous", "named"])
def theirs(request: pytest.FixtureRequest, world: World) -> AsRaiser:
    """A problem that stewards may read, raised in each of the three ways; gives its raiser."""
    words, kit = Wording(THIRD, "For us"), world.kit
    with world.sessions.begin() as session:
        if request.param == "confidential":
            acts.raise_confidential(session, STRANGER, words, form="V9", kit=kit)
        elif request.param == "anonymous":
            acts.raise_anonymous(session, words, digits=CODE, kit=kit)
        else:
            acts.raise_named(session, STRANGER, words, form="V9", kit=kit, at=world.at)
    world.batch()
    with world.sessions.reading() as session:
        ident = session.scalars(sa.select(Problem.id).where(Problem.title == THIRD)).one()

    def raiser(session: Session) -> Raiser:
        if request.param == "anonymous":
            return by_receipt(session, CODE, guesses=GuessLimit(lambda: world.at))
        return as_raiser(session, STRANGER, ident, kit)

    return raiser


def ident_of(world: World, theirs: AsRaiser) -> int:
    with world.sessions.reading() as session:
        return theirs(session).problem.id


def says(world: World, theirs: AsRaiser, row: int, *, yes: bool) -> None:
    with world.sessions.begin() as session:
        raising.consent(session, theirs(session), row, yes=yes, kit=world.kit)


def test_nothing_happens_before_the_raiser_says_yes(world: World, theirs: AsRaiser) -> None:
    one, (other,) = ident_of(world, theirs), world.published(FIRST)
    row = world.merged(one, other)
    assert world.problem(one).state == State.NEW.value
    with world.sessions.begin() as session, pytest.raises(Stale):  # it reaches the raisers at the batch hour
        raising.consent(session, theirs(session), row, yes=True, kit=world.kit)
    world.batch(days=1)
    assert world.problem(one).state == State.NEW.value
    says(world, theirs, row, yes=True)
    assert world.problem(one).state == State.NEW.value
    world.batch(days=2)
    assert world.problem(one).ending == Ending.MERGED.value


def test_silence_until_the_day_is_over_is_a_yes(world: World, theirs: AsRaiser) -> None:
    one, (other,) = ident_of(world, theirs), world.published(FIRST)
    world.merged(one, other)
    for days, ending in ((14, None), (15, Ending.MERGED.value)):  # due on 2 December, which is day 14
        world.batch(days=days)
        assert world.problem(one).ending == ending


def test_a_no_is_heard_before_and_after_and_stands(world: World, theirs: AsRaiser) -> None:
    one, (other,) = ident_of(world, theirs), world.published(FIRST)
    row = world.merged(one, other)
    world.batch(days=15)
    assert world.problem(one).ending == Ending.MERGED.value
    says(world, theirs, row, yes=True)
    says(world, theirs, row, yes=False)
    world.batch(days=16)
    stood = world.problem(one)
    assert (stood.state, stood.ending, stood.closing) == (State.NEW.value, None, None)
    assert (stood.raiser_spoke, world.problem(other).raiser_spoke) == (True, True)
    assert "not the same" in refused(world.sessions, world.merge, one, other)
    with world.sessions.begin() as session, pytest.raises(Stale):
        raising.consent(session, theirs(session), row, yes=True, kit=world.kit)


def test_the_raiser_keeps_the_way_in_and_can_withdraw(world: World, theirs: AsRaiser) -> None:
    one, (other,) = ident_of(world, theirs), world.published(FIRST)
    world.merged(one, other)
    world.batch(days=15)
    before = world.problem(one)
    assert before.raised_as != RaisedAs.TAGGED.value
    with world.sessions.begin() as session:
        raising.withdraw(session, theirs(session), kit=world.kit)
    world.batch(days=16)
    assert world.problem(one).state == State.WITHDRAWN.value
    assert world.problem(other).state == State.OPEN.value
    with world.sessions.reading() as session:
        assert not session.scalars(sa.select(Merge)).all()


def test_withdrawing_the_one_that_goes_on_gives_the_other_back(world: World, theirs: AsRaiser) -> None:
    other = ident_of(world, theirs)
    with world.sessions.begin() as session:
        one = raised(session, world.kit, world.at, title=FIRST).id
        session.get_one(Problem, one).raiser = None
    world.merged(one, other)
    world.batch(days=15)
    assert world.problem(one).ending == Ending.MERGED.value
    with world.sessions.begin() as session:
        raising.withdraw(session, theirs(session), kit=world.kit)
    world.batch(days=16)
    assert world.problem(other).state == State.WITHDRAWN.value
    stood = world.problem(one)
    assert (stood.state, stood.title, stood.ending) == (State.NEW.value, FIRST, None)


def test_both_raisers_hear_the_same_and_of_what_follows_too(world: World) -> None:
    with world.sessions.begin() as session:
        one = raised(session, world.kit, world.at, title=FIRST)
        other = raised(session, world.kit, world.at, title=SECOND)
        other.raiser = STRANGER.person
    world.merged(one.id, other.id)
    with world.sessions.reading() as session:
        assert Counter(row.kind for row in session.scalars(sa.select(Message)))["news"] == 2
    with world.sessions.begin() as session:
        session.execute(sa.delete(Message))
    world.batch(days=15)  # takes effect
    with world.sessions.begin() as session:
        assert Counter(row.kind for row in session.scalars(sa.select(Message)))["news"] == 2
        session.execute(sa.delete(Message))
        relay.ask(session, AMARA, other.id, "Which?", kit=world.kit, at=world.at, news_at=world.at)
        assert Counter(row.kind for row in session.scalars(sa.select(Message)))["news"] == 1
        session.execute(sa.delete(Message))
        triage.publish(session, AMARA, other.id, kit=world.kit, at=world.at, news_at=world.at)
    with world.sessions.reading() as session:
        assert Counter(row.kind for row in session.scalars(sa.select(Message)))["news"] == 2


def test_nothing_of_one_raiser_is_readable_for_the_other(world: World) -> None:
    with world.sessions.begin() as session:
        one = raised(session, world.kit, world.at, title=FIRST)
        other = raised(session, world.kit, world.at, title=SECOND)
        other.raiser = STRANGER.person
    world.merged(one.id, other.id)
    world.batch(days=15)
    with world.sessions.reading() as session:
        for actor, own, foreign in ((RAISER, one, other), (STRANGER, other, one)):
            assert queries.visible(session, actor, own.id, world.kit).id == own.id
            with pytest.raises(Refusal):
                queries.visible(session, actor, foreign.id, world.kit)


@pytest.mark.parametrize("course", [Course.HANDED, Course.TAKEN, Course.TRIED, Course.SPONSOR])
def test_what_is_under_way_goes_on_and_the_other_goes_into_it(world: World, course: Course) -> None:
    one, other = world.published(FIRST, SECOND)
    with world.sessions.begin() as session:
        session.get_one(Problem, one).course = course.value
    assert "works on this one" in refused(world.sessions, world.merge, one, other)
    world.merged(other, one)
    assert world.problem(one).course == course.value


def test_what_everybody_reads_does_not_disappear_into_what_nobody_reads(world: World) -> None:
    (one,) = world.published(FIRST)
    with world.sessions.begin() as session:
        other = raised(session, world.kit, world.at, title=SECOND)
        other.raiser = None
    assert "disappear" in refused(world.sessions, world.merge, one, other.id)
    world.merged(other.id, one)
    assert world.problem(other.id).ending == Ending.MERGED.value


def test_into_itself_around_and_into_what_is_over(world: World) -> None:
    one, other, third = world.published(FIRST, SECOND, THIRD)
    assert "one already" in refused(world.sessions, world.merge, one, one)
    world.merged(one, other)
    assert "one already" in refused(world.sessions, world.merge, other, one)
    with world.sessions.begin() as session, pytest.raises(Stale):
        world.merge(session, one, third)
    row = world.merged(third, one)  # picked by its old number: goes where that goes
    with world.sessions.begin() as session:
        assert session.get_one(Merge, row).root_id == other
        triage.close(session, AMARA, other, "Solved.", kit=world.kit, at=world.at, news_at=world.at)
    (fresh,) = world.published("Fourth")
    with world.sessions.begin() as session, pytest.raises(Stale):
        world.merge(session, fresh, other)


def test_needs_a_sentence_and_a_steward(world: World) -> None:
    one, other = world.published(FIRST, SECOND)
    assert "in a sentence" in refused(world.sessions, world.merge, one, other, sentence="  ")
    args: dict[str, Any] = {"kit": world.kit, "at": world.at, "news_at": world.at}
    assert "stewards" in refused(
        world.sessions, merging.merge, STRANGER, one, into=other, sentence=WHY, due_on=DUE, **args
    )
    world.merged(one, other)
    assert "stewards" in refused(world.sessions, merging.undo, STRANGER, one, **args)


def test_two_stewards_at_once_merge_one_way_only(world: World) -> None:
    one, other = world.published(FIRST, SECOND)

    def work(number: int) -> bool:
        pair = (one, other) if number % 2 else (other, one)
        try:
            with world.sessions.begin(patient=True) as session:
                world.merge(session, *pair)
        except Refusal:
            return False
        return True

    assert sum(together(4, work)) == 1
    with world.sessions.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Merge)) == 1


def test_a_merge_while_the_batch_runs_loses_no_voice(world: World) -> None:
    one, other = world.published(FIRST, SECOND)
    with world.sessions.begin() as session:
        checkout = str(team(session, world.kit, "Checkout", [person(n) for n in range(1, 9)]).id)
    for number in range(1, 9):
        world.confirms(number, one, other)

    def work(number: int) -> None:
        if number:
            world.batch()
        else:
            with world.sessions.begin(patient=True) as session:
                world.merge(session, one, other)

    together(2, work)
    world.batch(days=1)
    assert world.felt(other) == ({checkout: 8}, 0)
    with world.sessions.reading() as session:
        assert not session.scalars(sa.select(Inbox)).all()


def test_words_taken_down_are_looked_at_before_the_merge_is_undone(world: World) -> None:
    one, other = world.published(FIRST, SECOND)
    world.merged(one, other)
    with world.sessions.begin() as session:
        take_down(session, AMARA, one, "It names somebody.", kit=world.kit, at=world.at)
    assert "taken down" in refused(world.sessions, world.undo, one)
    with world.sessions.begin() as session:
        review(session, JONAS, one, restore=True, kit=world.kit, at=world.at, news_at=world.at)
    world.undone(one)
    assert world.problem(one).state == State.OPEN.value


def test_undone_after_both_were_closed_people_are_told_apart_anew(world: World) -> None:
    one, other = world.published(FIRST, SECOND)
    world.merged(one, other)
    with world.sessions.begin() as session:
        triage.close(session, AMARA, other, "Solved.", kit=world.kit, at=world.at, news_at=world.at)
    world.undone(one)
    assert world.problem(one).state == State.OPEN.value
    world.confirms(1, one)


def test_what_went_into_it_is_over_with_it_and_open_again_with_it(world: World) -> None:
    one, other = world.published(FIRST, SECOND)
    world.merged(one, other)
    values: dict[str, Any] = {"kit": world.kit, "at": world.at, "news_at": world.at}
    with world.sessions.begin() as session:
        triage.close(session, AMARA, other, "Solved.", **values)
    assert (world.problem(one).closing, world.problem(one).outcome) == ("Solved.", "not_confirmed")
    with world.sessions.begin() as session:
        courses.reopen(session, AMARA, other, "It came back.", **values)
    stood = world.problem(one)
    assert (stood.closing, stood.outcome, stood.closed_week, stood.closed_on) == (WHY, None, None, None)
    world.confirms(1, one)
    world.undone(one)
    assert world.problem(one).state == State.OPEN.value


def test_a_restored_backup_destroys_no_voices_of_after_the_undo(world: World, tmp_path: Path) -> None:
    one, other = world.published(FIRST, SECOND)
    world.merged(one, other)
    values: dict[str, Any] = {"kit": world.kit, "at": world.at, "news_at": world.at}
    path = tmp_path / "destroyed"
    with world.sessions.begin() as session:
        triage.close(session, AMARA, other, "Solved.", **values)
        destroyed.note(session, path, at=world.at)
    world.undone(one)
    world.confirms(1, one)
    world.batch()
    with world.sessions.begin() as session:
        destroyed.replay(session, path, kit=world.kit)
        assert session.scalars(sa.select(Confirmation)).all()


def test_each_raiser_says_what_became_of_it_once_both_are_closed(world: World, theirs: AsRaiser) -> None:
    one, (other,) = ident_of(world, theirs), world.published(FIRST)
    world.merged(one, other)
    world.batch(days=15)
    values: dict[str, Any] = {"kit": world.kit, "at": world.at, "news_at": world.at}
    with world.sessions.begin() as session, pytest.raises(Stale):
        outcomes.say_outcome(session, theirs(session), Outcome.CONFIRMED, "", kit=world.kit)
    with world.sessions.begin() as session:
        triage.close(session, AMARA, other, "Solved.", **values)
    with world.sessions.begin() as session:
        outcomes.say_outcome(session, theirs(session), Outcome.CONFIRMED, "", kit=world.kit)
    world.batch(days=16)
    assert world.problem(one).outcome == Outcome.CONFIRMED.value


def test_whoever_is_forgotten_is_waited_for_no_longer_and_leaves_nothing(world: World) -> None:
    (other,) = world.published(FIRST)
    with world.sessions.begin() as session:
        acts.raise_confidential(session, STRANGER, Wording(THIRD, "For us"), form="V9", kit=world.kit)
    world.batch()
    with world.sessions.reading() as session:
        one = session.scalars(sa.select(Problem.id).where(Problem.title == THIRD)).one()
    world.merged(one, other)
    with world.sessions.begin() as session:
        forgetting.forget(session, STRANGER, kit=world.kit)
    world.batch(days=1)
    assert world.problem(one).ending == Ending.MERGED.value
    with world.sessions.reading() as session, pytest.raises(Refusal):
        as_raiser(session, STRANGER, one, world.kit)


def test_a_raisers_new_words_replace_those_of_that_raiser_alone(world: World) -> None:
    with world.sessions.begin() as session:
        one = raised(session, world.kit, world.at, title=FIRST)
        other = raised(session, world.kit, world.at, title=SECOND)
    world.merged(one.id, other.id)
    world.batch(days=15)
    with world.sessions.begin() as session:
        words = Wording("Kinder", "For us")
        waits = relay.propose(session, AMARA, other.id, words, kit=world.kit, at=world.at, news_at=world.at)
    world.batch(days=16)
    with world.sessions.begin() as session:
        raising.agree(session, as_raiser(session, RAISER, other.id, world.kit), waits.id, kit=world.kit)
    world.batch(days=17)
    assert (world.problem(other.id).title, world.problem(one.id).title) == ("Kinder", FIRST)


def test_a_merge_that_waits_ends_when_one_of_them_does(world: World, theirs: AsRaiser) -> None:
    one, (other,) = ident_of(world, theirs), world.published(FIRST)
    world.merged(one, other)
    with world.sessions.begin() as session:
        triage.close(session, AMARA, other, "Solved.", kit=world.kit, at=world.at, news_at=world.at)
    world.batch(days=15)
    assert world.problem(one).state == State.NEW.value
    with world.sessions.reading() as session:
        assert not session.scalars(sa.select(Merge)).all()


def test_a_waiting_merge_is_taken_back(world: World, theirs: AsRaiser) -> None:
    one, (other,) = ident_of(world, theirs), world.published(FIRST)
    row = world.merged(one, other)
    with world.sessions.reading() as session:
        assert session.get_one(Merge, row).state == MergeState.ASKED.value
    assert "merged already" in refused(world.sessions, world.merge, one, other)
    world.undone(one)
    world.batch(days=15)
    assert world.problem(one).state == State.NEW.value
