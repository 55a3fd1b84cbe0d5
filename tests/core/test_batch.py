"""The batch: everything of a day at once, exactly once, whatever happens beside it."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
import sqlalchemy as sa

from bot.core import tables
from bot.core.identity import hearing
from bot.core.identity.records import Delivery, Hears
from bot.core.kit import Kit
from bot.core.problems import acts, batch, triage
from bot.core.problems.queries import mine
from bot.core.problems.records import Batch, Confirmation, Inbox, Problem, State
from bot.core.problems.wording import Wording
from bot.core.refusal import Refusal
from bot.core.replies import forgetting
from bot.core.store import Sessions, monday
from bot.core.teams.acts import choose
from bot.core.teams.records import Choice
from tests.company import (
    AMARA,
    ON_POSTGRES,
    RAISER,
    WORDS,
    person,
    published,
    run_batch,
    team,
    the_new_one,
    together,
)


def test_a_batch_runs_once_a_day(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        acts.raise_confidential(session, RAISER, WORDS, form="V1", kit=kit)
    assert run_batch(sessions, kit, at) == 1
    with sessions.begin() as session:
        acts.raise_confidential(session, RAISER, WORDS, form="V2", kit=kit)
    assert run_batch(sessions, kit, at) is None
    assert run_batch(sessions, kit, at, days=1) == 1
    assert run_batch(sessions, kit, at, days=2) == 0


def test_a_batch_of_several_threads_runs_in_one(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        for number in range(20):
            acts.raise_confidential(session, person(number), WORDS, form=f"V{number}", kit=kit)

    def run(_number: int) -> int | None:
        with sessions.begin(patient=True) as session:
            return batch.run(session, day=at.date(), kit=kit, at=at)

    moved = together(4, run)
    assert sorted(each for each in moved if each is not None) == [20]
    with sessions.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Problem)) == 20


def test_what_comes_while_the_batch_runs_is_not_lost(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    ended = threading.Event()
    sent: list[int] = []

    def raise_on() -> None:
        while not ended.is_set():
            with sessions.begin(patient=True) as session:
                acts.raise_confidential(session, RAISER, WORDS, form=f"V{len(sent)}", kit=kit)
            sent.append(1)

    thread = threading.Thread(target=raise_on)
    thread.start()
    for day in range(8):
        run_batch(sessions, kit, at, days=day)
    ended.set()
    thread.join()
    run_batch(sessions, kit, at, days=9)
    with sessions.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Problem)) == len(sent)
        assert session.scalar(sa.select(sa.func.count()).select_from(Inbox)) == 0


def test_an_undo_while_the_batch_runs_holds(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        idents = [published(session, kit, at, title=f"Number {number}").id for number in range(12)]
    for round_, ident in enumerate(idents):
        with sessions.begin() as session:
            acts.confirm(session, person(1), ident, kit=kit)

        def both(number: int, round_: int = round_, ident: int = ident) -> None:
            if number:
                run_batch(sessions, kit, at, days=round_)
                return
            with sessions.begin(patient=True) as session:
                acts.undo_confirmation(session, person(1), ident, kit=kit)

        together(2, both)
    run_batch(sessions, kit, at, days=30)
    with sessions.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Confirmation)) == 0


def test_closing_while_the_batch_runs_leaves_no_voice(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        idents = [published(session, kit, at, title=f"Number {number}").id for number in range(8)]
    for round_, ident in enumerate(idents):
        with sessions.begin() as session:
            for number in range(5):
                acts.confirm(session, person(number), ident, kit=kit)

        def both(number: int, round_: int = round_, ident: int = ident) -> None:
            if number:
                run_batch(sessions, kit, at, days=round_)
                return
            with sessions.begin(patient=True) as session:
                triage.close(session, AMARA, ident, "Done.", kit=kit, at=at, news_at=at)

        together(2, both)
    with sessions.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Confirmation)) == 0
        tallies = tables.problems.Tally
        counts = session.scalars(sa.select(tallies.voices)).all()
        assert counts == [5] * 8


def test_a_raise_carries_its_week_and_no_finer_time(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        acts.raise_confidential(session, RAISER, WORDS, form="V1", kit=kit)
    run_batch(sessions, kit, at)
    with sessions.reading() as session:
        problem = the_new_one(session)
        assert problem.raised_week == dt.date(2026, 11, 16)
        times = [value for value in vars(problem).values() if isinstance(value, dt.datetime)]
        assert times == []
        assert problem.number is None


def test_the_raiser_finds_it_before_and_after_the_batch_and_nobody_else_does(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        acts.raise_confidential(session, RAISER, WORDS, form="V1", kit=kit)
    with sessions.reading() as session:
        assert mine(session, RAISER, kit).waiting == 1
        assert mine(session, person(1), kit).waiting == 0
    run_batch(sessions, kit, at)
    with sessions.reading() as session:
        assert [each.title for each in mine(session, RAISER, kit).problems] == [WORDS.title]
        assert mine(session, RAISER, kit).waiting == 0
        assert mine(session, person(1), kit).problems == []


def test_a_seal_of_the_inbox_is_not_the_seal_of_the_problem(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        acts.raise_confidential(session, RAISER, WORDS, form="V1", kit=kit)
        before = bytes.fromhex(session.scalars(sa.select(Inbox.body)).one()["address"])
    run_batch(sessions, kit, at)
    with sessions.reading() as session:
        after = the_new_one(session).sealed_address
        assert after is not None
        assert after[5:] != before[5:]


def test_a_resting_problem_wakes_when_somebody_says_that_it_hits_them(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        problem = published(session, kit, at)
        problem.state = State.RESTING.value
        acts.confirm(session, person(1), problem.id, kit=kit)
    run_batch(sessions, kit, at)
    with sessions.reading() as session:
        assert session.scalars(sa.select(Problem.state)).all() == [State.OPEN.value]


def test_whoever_has_said_it_before_can_wake_a_resting_problem(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        ident = published(session, kit, at).id
        acts.confirm(session, person(1), ident, kit=kit)
    run_batch(sessions, kit, at)
    with sessions.begin() as session:
        session.get_one(Problem, ident).state = State.RESTING.value
    later = at + dt.timedelta(weeks=8)
    with sessions.begin() as session:
        acts.confirm(session, person(1), ident, kit=kit)
    with sessions.begin() as session, pytest.raises(Refusal, match="already said"):
        acts.confirm(session, person(1), ident, kit=kit)
    run_batch(sessions, kit, later)
    with sessions.begin() as session:
        assert session.get_one(Problem, ident).state == State.OPEN.value
        assert session.scalars(sa.select(Confirmation.week)).all() == [monday(later)]
        with pytest.raises(Refusal, match="already said"):
            acts.confirm(session, person(1), ident, kit=kit)


def test_what_was_said_again_of_a_resting_problem_can_be_taken_back(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        ident = published(session, kit, at).id
        acts.confirm(session, person(1), ident, kit=kit)
    run_batch(sessions, kit, at)
    with sessions.begin() as session:
        session.get_one(Problem, ident).state = State.RESTING.value
        acts.confirm(session, person(1), ident, kit=kit)
        acts.undo_confirmation(session, person(1), ident, kit=kit)
    run_batch(sessions, kit, at, days=1)
    with sessions.begin() as session:
        assert session.get_one(Problem, ident).state == State.RESTING.value
        assert session.scalars(sa.select(Confirmation)).all() == []


def test_old_deliveries_and_days_are_let_go(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        for days in range(4):
            day = at.date() - dt.timedelta(days=days)
            session.add(Delivery(mark=bytes([days]) * 16, day=day))
    for days in range(12):
        run_batch(sessions, kit, at, days=days - 10)
    run_batch(sessions, kit, at, days=0)
    with sessions.reading() as session:
        assert set(session.scalars(sa.select(Delivery.day))) <= {at.date(), at.date() - dt.timedelta(days=1)}
        days_kept = session.scalars(sa.select(Batch.day)).all()
    run_batch(sessions, kit, at, days=60)
    with sessions.reading() as session:
        assert len(days_kept) > 1
        assert session.scalars(sa.select(Batch.day)).all() == [at.date() + dt.timedelta(days=60)]


def test_a_batch_that_breaks_moves_nothing(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    class Surprise(Exception):
        pass

    with sessions.begin() as session:
        acts.raise_confidential(session, RAISER, WORDS, form="V1", kit=kit)

    def break_half_way() -> None:
        with sessions.begin() as session:
            batch.run(session, day=at.date(), kit=kit, at=at)
            raise Surprise

    with pytest.raises(Surprise):
        break_half_way()
    with sessions.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Inbox)) == 1
    assert run_batch(sessions, kit, at) == 1


@ON_POSTGRES
def test_on_postgres_all_that_a_week_brought_looks_written_at_once(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    monday = at - dt.timedelta(days=2)
    with sessions.begin() as session:
        legal = team(session, kit, "Legal").id
        ident = published(session, kit, monday).id
    for days in range(5):
        with sessions.begin() as session:
            choose(session, person(days), team=legal)
            hearing.choose(session, person(days), Hears.NEVER, sealing=kit.sealing)
            forgetting.forget(session, person(days + 10), kit=kit)
            acts.confirm(session, person(days), ident, kit=kit)
            acts.follow_up(session, person(days), ident, acts.Told((1, 2)), kit=kit)
            acts.give_answer(
                session, person(days), ident, needed_from=frozenset({legal}), ownership=None, kit=kit
            )
            wording = Wording(f"Day {days}", "b", felt_by=frozenset({legal}), needed_from=frozenset({legal}))
            acts.raise_confidential(session, person(days), wording, form=f"V{days}", kit=kit)
        assert run_batch(sessions, kit, monday, days=days) == 4
    with sessions.reading() as session:
        written = {
            table.name: session.execute(sa.text(f"SELECT xmin::text FROM {table.name}")).scalars().all()
            for table in tables.metadata.sorted_tables
            if table.name not in ("teams", "batches", "audit", "outbox")
        }
    assert {name: len(rows) for name, rows in written.items() if rows} == {
        "problems": 6,
        "installation": 1,
        "confirmations": 5,
        "spoken": 10,
        "follow_ups": 5,
        "answers": 10,
        "answer_teams": 10,
        "felt_by": 5,
        "choices": 5,
        "deliveries": 2,
        "arrivals": 5,
        "hearing": 5,
        "erasures": 5,
    }
    assert len({xid for rows in written.values() for xid in rows}) == 1


@ON_POSTGRES
def test_on_postgres_a_confirmation_leaves_no_trace_on_the_problem(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        ident = published(session, kit, at).id
    where = sa.text("SELECT ctid::text, xmin::text, xmax::text FROM problems")
    with sessions.reading() as session:
        before = session.execute(where).all()
    with sessions.begin() as session:
        acts.confirm(session, person(1), ident, kit=kit)
        acts.follow_up(session, person(1), ident, acts.Told((1, 2)), kit=kit)
    with sessions.begin() as session:
        acts.undo_confirmation(session, person(1), ident, kit=kit)
        with pytest.raises(Refusal):
            acts.undo_confirmation(session, person(1), ident, kit=kit)
    with sessions.reading() as session:
        assert session.execute(where).all() == before


def test_a_choice_outlives_its_being_written_anew(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        legal = team(session, kit, "Legal").id
        for number in range(5):
            choose(session, person(number), team=legal)
    run_batch(sessions, kit, at)
    with sessions.reading() as session:
        assert session.scalars(sa.select(Choice.person).order_by(Choice.person)).all() == [
            person(number).person for number in range(5)
        ]
