"""Raising and "hits us too": once, undone, at any moment of the day, by anybody."""

from __future__ import annotations

import datetime as dt
import random

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core import tables
from bot.core.identity.people import Actor
from bot.core.identity.sealing import Sealing
from bot.core.kit import Kit
from bot.core.outbox import Message
from bot.core.problems import acts, triage
from bot.core.problems.acts import Told
from bot.core.problems.queries import mine
from bot.core.problems.records import (
    Answer,
    AnswerTeam,
    Confirmation,
    FeltBy,
    FollowUp,
    Inbox,
    Problem,
    Tally,
)
from bot.core.problems.rules import Mechanism, Ownership
from bot.core.problems.telling import tell_raiser
from bot.core.problems.wording import Wording
from bot.core.refusal import NotFound, Refusal
from bot.core.store import Sessions
from bot.core.teams.acts import choose
from tests.company import (
    AMARA,
    RAISER,
    WORDS,
    appoint,
    person,
    published,
    raised,
    refused,
    run_batch,
    team,
    the_new_one,
    together,
)


def count(sessions: Sessions, table: type) -> int:
    with sessions.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def voices(sessions: Sessions) -> list[tuple[int | None, bool, dt.date]]:
    with sessions.reading() as session:
        return [
            (row.team_id, row.trusted, row.week)
            for row in session.scalars(sa.select(Confirmation).order_by(Confirmation.team_id))
        ]


@pytest.fixture
def ident(sessions: Sessions, kit: Kit, at: dt.datetime) -> int:
    """A published problem."""
    with sessions.begin() as session:
        return published(session, kit, at).id


def test_a_confidential_raise_writes_its_inbox_row_and_nothing_else(sessions: Sessions, kit: Kit) -> None:
    with sessions.begin() as session:
        assert acts.raise_confidential(session, RAISER, WORDS, form="V1", kit=kit)
    with sessions.reading() as session:
        full = {
            table.name
            for table in tables.metadata.sorted_tables
            if session.scalar(sa.select(sa.func.count()).select_from(table))
        }
        row = session.scalars(sa.select(Inbox)).one()
        assert full == {"inbox"}
        assert RAISER.person not in str((row.mark, row.body))


def test_a_second_click_raises_nothing_more_before_and_after_the_batch(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    for days, new in ((0, True), (0, False), (1, False)):
        with sessions.begin() as session:
            assert acts.raise_confidential(session, RAISER, WORDS, form="V1", kit=kit) is new
        run_batch(sessions, kit, at, days=days)
    assert count(sessions, Problem) == 1


def test_the_same_form_from_many_threads_raises_once(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    def confidential(_number: int) -> bool:
        with sessions.begin(patient=True) as session:
            return acts.raise_confidential(session, RAISER, WORDS, form="V1", kit=kit)

    def named(_number: int) -> bool:
        with sessions.begin(patient=True) as session:
            return acts.raise_named(session, RAISER, WORDS, form="V2", kit=kit, at=at) is not None

    assert sum(together(8, confidential)) == 1
    assert sum(together(8, named)) == 1
    run_batch(sessions, kit, at)
    assert count(sessions, Problem) == 2


def test_a_named_raise_keeps_what_was_said(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        own = team(session, kit, "Support", [RAISER]).id
        legal = team(session, kit, "Legal").id
        wording = Wording(
            title="  Reviews\n wait ",
            hardship="we wait",
            tried="a rota",
            guardrails="no new meeting",
            label="F1",
            felt_by=frozenset({own, 4711, 2**80}),
            needed_from=frozenset({legal, -5}),
        )
        problem = acts.raise_named(session, RAISER, wording, form="V1", kit=kit, at=at)
        assert problem is not None
        assert (problem.title, problem.attempts, problem.label) == ("Reviews wait", 1, "F1")
        assert (problem.raiser, problem.raiser_team_id) == (RAISER.person, own)
        assert session.scalars(sa.select(FeltBy.team_id)).all() == [own]
        assert session.scalars(sa.select(AnswerTeam.team_id)).all() == [legal]
        assert session.scalars(sa.select(Answer.by_team_id)).all() == [own]


def test_everything_of_a_form_survives_the_batch_and_a_forged_team_stops_nothing(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        legal = team(session, kit, "Legal").id
        wording = Wording("a", "b", "c", "d", "F1", frozenset({legal, 2**63, 4711}), frozenset({legal, -1}))
        acts.raise_confidential(session, RAISER, wording, form="V1", kit=kit)
        acts.raise_confidential(session, RAISER, Wording("x", "y", needed_from=None), form="V2", kit=kit)
    assert run_batch(sessions, kit, at) == 2
    with sessions.reading() as session:
        problem = session.scalars(sa.select(Problem).where(Problem.title == "a")).one()
        assert (problem.hardship, problem.tried, problem.guardrails, problem.label) == ("b", "c", "d", "F1")
        assert session.scalars(sa.select(FeltBy.team_id)).all() == [legal]
        assert session.scalars(sa.select(AnswerTeam.team_id)).all() == [legal]
        assert problem.raiser is None
        assert problem.raiser_team_id is None


def test_hits_us_too_counts_once_a_person(sessions: Sessions, kit: Kit, at: dt.datetime, ident: int) -> None:
    with sessions.begin() as session:
        checkout = team(session, kit, "Checkout", [person(1)]).id
        noted = acts.confirm(session, person(1), ident, kit=kit)
        assert (noted.team, noted.trusted) == ("Checkout", True)
    assert "already" in refused(sessions, acts.confirm, person(1), ident, kit=kit)
    run_batch(sessions, kit, at)
    assert "already" in refused(sessions, acts.confirm, person(1), ident, kit=kit)
    run_batch(sessions, kit, at, days=1)
    assert voices(sessions) == [(checkout, True, dt.date(2026, 11, 16))]


def test_eight_clicks_at_once_of_one_person_count_once_and_seven_are_told(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int
) -> None:
    def click(_number: int) -> bool:
        try:
            with sessions.begin(patient=True) as session:
                acts.confirm(session, person(1), ident, kit=kit)
        except Refusal:
            return False
        return True

    assert sum(together(8, click)) == 1
    run_batch(sessions, kit, at)
    assert len(voices(sessions)) == 1


def test_eight_people_at_once_all_count(sessions: Sessions, kit: Kit, at: dt.datetime, ident: int) -> None:
    def click(number: int) -> None:
        with sessions.begin(patient=True) as session:
            acts.confirm(session, person(number), ident, kit=kit)

    together(8, click)
    assert run_batch(sessions, kit, at) == 8
    assert len(voices(sessions)) == 8


def test_nothing_of_who_confirms_is_on_the_problem_before_the_batch(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int
) -> None:
    with sessions.begin() as session:
        session.execute(sa.update(Problem).values(changed=False))
    with sessions.begin() as session:
        acts.confirm(session, person(1), ident, kit=kit)
    assert voices(sessions) == []
    with sessions.reading() as session:
        assert session.scalars(sa.select(Problem.changed)).all() == [False]
    run_batch(sessions, kit, at)
    with sessions.reading() as session:
        assert session.scalars(sa.select(Problem.changed)).all() == [True]


# The world makes itself new for each example.
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.sampled_from(["confirm", "undo", "batch"]), max_size=8))
def test_confirm_and_undo_in_any_order_leave_the_last_word(moves: list[str], world: World) -> None:
    sessions, kit, at, ident, days = world.fresh()
    stands = False
    for move in [*moves, "batch"]:
        if move == "batch":
            days += 1
            run_batch(sessions, kit, at, days=days)
            continue
        with sessions.begin() as session:
            work = acts.confirm if move == "confirm" else acts.undo_confirmation
            if (move == "confirm") == stands:
                with pytest.raises(Refusal):
                    work(session, person(1), ident, kit=kit)
            else:
                work(session, person(1), ident, kit=kit)
                stands = not stands
    assert len(voices(sessions)) == stands


class World:
    """A published problem in a database that is used again and again, with a day that only goes on."""

    def __init__(self, sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
        self.sessions, self.kit, self.at, self.days = sessions, kit, at, 0

    def fresh(self) -> tuple[Sessions, Kit, dt.datetime, int, int]:
        with self.sessions.begin() as session:
            session.execute(sa.delete(Problem))
            session.execute(sa.delete(Inbox))
            ident = published(session, self.kit, self.at, title=f"World {self.days}").id
        self.days += 10
        return self.sessions, self.kit, self.at, ident, self.days


@pytest.fixture
def world(sessions: Sessions, kit: Kit, at: dt.datetime) -> World:
    return World(sessions, kit, at)


def test_undo_before_the_batch_leaves_nothing_at_all(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int
) -> None:
    with sessions.begin() as session:
        acts.confirm(session, person(1), ident, kit=kit)
        acts.undo_confirmation(session, person(1), ident, kit=kit)
    assert count(sessions, Inbox) == 0
    assert "nothing to take back" in refused(sessions, acts.undo_confirmation, person(1), ident, kit=kit)


def test_the_team_is_taken_at_that_moment(sessions: Sessions, kit: Kit, at: dt.datetime, ident: int) -> None:
    with sessions.begin() as session:
        first = team(session, kit, "First", [person(1)]).id
        acts.confirm(session, person(1), ident, kit=kit)
        team(session, kit, "First", [])
        team(session, kit, "Second", [person(1)])
    run_batch(sessions, kit, at)
    assert [row[0] for row in voices(sessions)] == [first]


def test_a_team_that_is_gone_at_the_batch_does_not_stop_it(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int
) -> None:
    with sessions.begin() as session:
        gone = team(session, kit, "Gone", [person(1)], function="Legal")
        acts.confirm(session, person(1), ident, kit=kit)
        acts.follow_up(session, person(1), ident, Told((1, 2)), kit=kit)
        acts.give_answer(session, person(1), ident, needed_from=frozenset({gone.id}), ownership=None, kit=kit)
        function = gone.function
        session.delete(gone)
        session.flush()
        session.delete(function)
    assert run_batch(sessions, kit, at) == 3
    assert [row[0] for row in voices(sessions)] == [None]
    assert count(sessions, FollowUp) == 1


def test_the_raiser_is_counted_already(sessions: Sessions, kit: Kit, at: dt.datetime, ident: int) -> None:
    assert "counted already" in refused(sessions, acts.confirm, RAISER, ident, kit=kit)
    with sessions.begin() as session:
        acts.raise_confidential(session, person(1), WORDS, form="V1", kit=kit)
    run_batch(sessions, kit, at)
    with sessions.begin() as session:
        sealed = the_new_one(session)
        triage.publish(session, AMARA, sealed.id, kit=kit, at=at, news_at=at)
    assert "counted already" in refused(sessions, acts.confirm, person(1), sealed.id, kit=kit)


def test_nobody_confirms_what_is_closed(sessions: Sessions, kit: Kit, at: dt.datetime, ident: int) -> None:
    with sessions.begin() as session:
        acts.confirm(session, person(1), ident, kit=kit)
        triage.close(session, AMARA, ident, "Done.", kit=kit, at=at, news_at=at)
    for who in (person(1), person(2)):
        assert "closed" in refused(sessions, acts.confirm, who, ident, kit=kit)
        assert "closed" in refused(sessions, acts.undo_confirmation, who, ident, kit=kit)
        assert "closed" in refused(sessions, acts.follow_up, who, ident, Told(), kit=kit)
        assert "closed" in refused(
            sessions,
            acts.give_answer,
            who,
            ident,
            needed_from=frozenset(),
            ownership=Ownership.NOBODY,
            kit=kit,
        )


def test_what_came_just_after_closing_is_dropped_by_the_batch(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int
) -> None:
    with sessions.begin() as session:
        acts.confirm(session, person(1), ident, kit=kit)
        row = session.scalars(sa.select(Inbox)).one()
        kept = {"mark": row.mark, "act": row.act, "problem_id": ident, "body": dict(row.body)}
        triage.close(session, AMARA, ident, "Done.", kit=kit, at=at, news_at=at)
        session.execute(sa.insert(Inbox).values(**kept))
    assert run_batch(sessions, kit, at) == 1
    assert voices(sessions) == []
    assert count(sessions, Tally) == 1


def test_a_follow_up_stands_apart_from_who_said_it(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int
) -> None:
    with sessions.begin() as session:
        function = team(session, kit, "Checkout", [person(1)], function="Engineering").function_id
    told = Told((2, 5), Mechanism.COMMONS, "one list")
    assert "First say" in refused(sessions, acts.follow_up, person(1), ident, told, kit=kit)
    with sessions.begin() as session:
        acts.confirm(session, person(1), ident, kit=kit)
        acts.follow_up(session, person(1), ident, Told((1, 1)), kit=kit)
        acts.follow_up(session, person(1), ident, told, kit=kit)
    run_batch(sessions, kit, at)
    with sessions.reading() as session:
        row = session.scalars(sa.select(FollowUp)).one()
        assert (row.function_id, row.hours_low, row.hours_high) == (function, 2, 5)
        assert (row.mechanism, row.would_help) == ("commons", "one list")
    assert "already" in refused(sessions, acts.follow_up, person(1), ident, told, kit=kit)


def test_a_self_declared_team_names_no_function(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int
) -> None:
    with sessions.begin() as session:
        own = team(session, kit, "Checkout", function="Engineering")
        choose(session, person(1), team=own.id)
        assert acts.confirm(session, person(1), ident, kit=kit).trusted is False
        acts.follow_up(session, person(1), ident, Told((1, 2)), kit=kit)
    run_batch(sessions, kit, at)
    with sessions.reading() as session:
        assert session.scalars(sa.select(FollowUp.function_id)).all() == [None]


@pytest.mark.parametrize(
    "hours", [(2, 1), (-1, 2), (0, 169), (float("nan"), 1), (1, float("nan")), (1, float("inf"))]
)
def test_hours_that_are_no_range_of_a_week_are_refused(
    sessions: Sessions, kit: Kit, ident: int, hours: tuple[float, float]
) -> None:
    with sessions.begin() as session:
        acts.confirm(session, person(1), ident, kit=kit)
    assert "range" in refused(sessions, acts.follow_up, person(1), ident, Told(hours), kit=kit)


def test_not_right_opens_the_inputs_once_a_person(
    sessions: Sessions, kit: Kit, at: dt.datetime, ident: int
) -> None:
    with sessions.begin() as session:
        legal = team(session, kit, "Legal", [person(1)]).id
    values = {"ownership": None, "kit": kit}
    for nothing in (frozenset(), frozenset({4711}), frozenset({2**70})):
        assert "Pick" in refused(sessions, acts.give_answer, person(1), ident, needed_from=nothing, **values)
    with sessions.begin() as session:
        acts.give_answer(
            session,
            person(1),
            ident,
            needed_from=frozenset({legal, 4711}),
            ownership=Ownership.NOBODY,
            kit=kit,
        )
    run_batch(sessions, kit, at)
    with sessions.reading() as session:
        row = session.scalars(sa.select(Answer)).one()
        assert (row.by_team_id, row.by_steward, row.ownership) == (legal, False, "nobody")
        assert session.scalars(sa.select(AnswerTeam.team_id)).all() == [legal]
    assert "already" in refused(
        sessions, acts.give_answer, person(1), ident, needed_from=frozenset({legal}), **values
    )


def test_with_a_lost_key_named_goes_on_and_confidential_is_unreachable(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    appoint(sessions)
    with sessions.begin() as session:
        acts.raise_confidential(session, person(1), WORDS, form="V1", kit=kit)
    run_batch(sessions, kit, at)
    with sessions.begin() as session:
        sealed = the_new_one(session).id
        acts.raise_confidential(session, person(2), WORDS, form="V2", kit=kit)
        old = published(session, kit, at).id
        acts.confirm(session, person(3), old, kit=kit)
    other = Kit.of(Sealing([b"x" * 32], random.Random(7)), random.Random(8))
    with sessions.begin() as session:
        # Before the batch and after it, all that needs the lost key is refused in words.
        for work in (acts.confirm, acts.undo_confirmation):
            with pytest.raises(Refusal, match="key"):
                work(session, person(3), old, kit=other)
        assert mine(session, person(1), other).problems == []
        assert mine(session, person(2), other).waiting == 0
    assert run_batch(sessions, other, at, days=1) == 2
    with sessions.begin() as session:
        triage.publish(session, AMARA, sealed, kit=other, at=at, news_at=at)
        problem = triage.close(session, AMARA, sealed, "Done.", kit=other, at=at, news_at=at)
        assert tell_raiser(session, problem, other, at=at) is False
        assert triage.close(session, AMARA, old, "Done.", kit=other, at=at, news_at=at).closing == "Done."
        named = raised(session, other, at, title="Goes on")
        triage.publish(session, AMARA, named.id, kit=other, at=at, news_at=at)
        acts.confirm(session, person(3), named.id, kit=other)
    with sessions.reading() as session:
        told = session.scalars(sa.select(Message).where(Message.kind == "news")).all()
        # Published under the old key; published and closed under the new one, all of the named raiser.
        assert len(told) == 3


def test_a_problem_that_is_not_there_and_one_that_is_not_for_you_look_the_same(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        hidden = raised(session, kit, at).id
    texts = {
        refused(sessions, work, person(1), number, kit=kit)
        for work in (acts.confirm, acts.undo_confirmation)
        for number in (hidden, 4711)
    }
    assert len(texts) == 1


def test_people_with_hostile_names_are_only_people(sessions: Sessions, kit: Kit, ident: int) -> None:
    with sessions.begin() as session:
        with pytest.raises(NotFound):
            acts.confirm(session, Actor("U' OR 1=1"), ident + 1, kit=kit)
        acts.confirm(session, Actor("U' OR 1=1"), ident, kit=kit)
