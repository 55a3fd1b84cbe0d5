"""Raising without an address: nothing but a slow hash leads back, and the code alone opens what came of it."""

from __future__ import annotations

import datetime as dt
import random

import pytest
import sqlalchemy as sa

from bot.core import tables
from bot.core.identity import installation
from bot.core.identity.guessing import MOST, GuessLimit
from bot.core.identity.receipts import digits_of, new_receipt
from bot.core.identity.records import Delivery, Installation
from bot.core.kit import Kit
from bot.core.problems import acts, batch, queries
from bot.core.problems.records import Inbox, Problem, RaisedAs, State
from bot.core.problems.wording import Wording
from bot.core.refusal import NotFound, Refusal
from bot.core.replies import acts as relay
from bot.core.replies import raising
from bot.core.replies.queries import NO_CODE, StillWaiting, as_raiser, by_receipt
from bot.core.store import Sessions
from tests.company import (
    AMARA,
    RAISER,
    STRANGER,
    WORDS,
    appoint,
    empty,
    run_batch,
    team,
    the_new_one,
    together,
)

CODE = "1234567890123456"
OTHER = "6543210987654321"


@pytest.fixture
def guesses(at: dt.datetime) -> GuessLimit:
    return GuessLimit(lambda: at)


def sent(sessions: Sessions, kit: Kit, *, digits: str = CODE, wording: Wording = WORDS) -> bool:
    with sessions.begin(patient=True) as session:
        return acts.raise_anonymous(session, wording, digits=digits, kit=kit)


def found(sessions: Sessions, guesses: GuessLimit, *, typed: str = CODE) -> int:
    with sessions.reading() as session:
        return by_receipt(session, typed, guesses=guesses).problem.id


def told(sessions: Sessions, guesses: GuessLimit, typed: str) -> tuple[type[Refusal], str]:
    with sessions.reading() as session, pytest.raises(Refusal) as caught:
        by_receipt(session, typed, guesses=guesses)
    return type(caught.value), caught.value.text


def test_an_anonymous_problem_has_words_and_a_hash_and_nothing_else_of_its_raiser(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        legal = team(session, kit, "Legal").id
    assert sent(sessions, kit, wording=Wording("Slow", "For us", "once", needed_from=frozenset({legal})))
    with sessions.reading() as session:
        waiting = session.scalars(sa.select(Inbox)).one()
        assert waiting.body["receipt"][:32] == waiting.mark.hex()
        assert "address" not in waiting.body
    assert run_batch(sessions, kit, at) == 1
    with sessions.reading() as session:
        problem = the_new_one(session)
        assert problem.raised_as == RaisedAs.ANONYMOUS.value
        assert problem.receipt_hash is not None
        assert len(problem.receipt_hash) == 32
        assert (problem.raiser, problem.sealed_address, problem.raiser_team_id) == (None, None, None)
        assert (problem.title, problem.attempts) == ("Slow", 1)
        assert queries.to_ask(session, problem) == []
        rows = {
            table.name
            for table in tables.metadata.sorted_tables
            if session.execute(sa.select(table).limit(1)).first()
        }
        assert rows == {"answers", "answer_teams", "arrivals", "batches", "installation", "problems", "teams"}
        assert session.scalar(sa.select(sa.func.count()).select_from(Delivery)) == 0


def test_a_second_send_of_the_same_form_is_harmless_before_and_after_the_batch(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    assert [sent(sessions, kit), sent(sessions, kit)] == [True, False]
    run_batch(sessions, kit, at)
    assert not sent(sessions, kit)
    assert run_batch(sessions, kit, at, days=1) == 0
    assert sorted(together(4, lambda _: sent(sessions, kit, digits=OTHER))) == [False, False, False, True]


@pytest.mark.parametrize("digits", ["", "123", CODE + "7", "1234 5678 9012 3456", "١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦"])
def test_a_form_carries_sixteen_plain_digits_and_nothing_else(
    sessions: Sessions, kit: Kit, digits: str
) -> None:
    with pytest.raises(ValueError, match="sixteen"):
        sent(sessions, kit, digits=digits)


def test_the_code_opens_what_came_of_it_however_it_is_typed(
    sessions: Sessions, kit: Kit, at: dt.datetime, guesses: GuessLimit
) -> None:
    code = new_receipt(random.Random(1))
    digits = digits_of(code)
    assert digits is not None
    sent(sessions, kit, digits=digits)
    assert told(sessions, guesses, code)[0] is StillWaiting
    run_batch(sessions, kit, at)
    assert found(sessions, guesses, typed=code) == found(sessions, guesses, typed=code.replace(" ", "-"))
    with sessions.reading() as session:
        assert queries.mine(session, RAISER, kit).problems == []
        with pytest.raises(NotFound):
            as_raiser(session, RAISER, the_new_one(session).id, kit)


def test_wrong_and_withdrawn_codes_are_answered_alike_after_the_same_work(
    sessions: Sessions, kit: Kit, at: dt.datetime, guesses: GuessLimit, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    slowly = by_receipt.__globals__["slow_hash"]

    def counted(digits: str, *, salt: bytes) -> bytes:
        hashed.append(digits)
        return bytes(slowly(digits, salt=salt))

    monkeypatch.setitem(by_receipt.__globals__, "slow_hash", counted)
    before_any = told(sessions, guesses, OTHER)
    sent(sessions, kit)
    run_batch(sessions, kit, at)
    with sessions.begin() as session:
        raising.withdraw(session, by_receipt(session, CODE, guesses=guesses), kit=kit)
    assert found(sessions, guesses)  # until the batch it can be read
    run_batch(sessions, kit, at, days=1)
    # The batch was patient with the database; the connection is set back with the first transaction after it.
    assert told(sessions, guesses, OTHER) == before_any
    statements: list[str] = []
    sa.event.listen(
        sessions.engine, "before_cursor_execute", lambda _c, _cur, statement, *_: statements.append(statement)
    )
    withdrawn = told(sessions, guesses, CODE)
    done, statements[:] = list(statements), []
    wrong = told(sessions, guesses, OTHER)
    assert withdrawn == wrong == before_any
    assert done == statements
    assert hashed == [OTHER, CODE, CODE, OTHER, CODE, OTHER]
    assert told(sessions, guesses, "12 34")[1] == NO_CODE
    assert len(hashed) == 6


def test_a_withdrawn_problem_leaves_no_words_and_no_hash(
    sessions: Sessions, kit: Kit, at: dt.datetime, guesses: GuessLimit
) -> None:
    sent(sessions, kit, wording=Wording("A telling title", "Telling words", "telling", "telling"))
    run_batch(sessions, kit, at)
    with sessions.begin() as session:
        ident = the_new_one(session).id
        relay.ask(session, AMARA, ident, "A telling question?", kit=kit, at=at, news_at=at)
        raising.withdraw(session, by_receipt(session, CODE, guesses=guesses), kit=kit)
    run_batch(sessions, kit, at, days=1)
    with sessions.reading() as session:
        problem = session.get_one(Problem, ident)
        assert (problem.state, problem.receipt_hash) == (State.WITHDRAWN.value, None)
        everything = str([session.execute(sa.select(table)).all() for table in tables.metadata.sorted_tables])
        assert "elling" not in everything
        with pytest.raises(NotFound):
            queries.visible(session, AMARA, ident, kit)


def test_after_too_many_wrong_codes_everybody_waits_also_with_a_right_one(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    now = [at]
    guesses = GuessLimit(lambda: now[0])
    sent(sessions, kit)
    run_batch(sessions, kit, at)
    for number in range(MOST):
        guesses.may_try()
        now[0] = at + dt.timedelta(minutes=number)
        guesses.wrong()
    assert "an hour" in told(sessions, guesses, CODE)[1]
    now[0] = at + dt.timedelta(minutes=59, seconds=59)
    assert "an hour" in told(sessions, guesses, CODE)[1]
    now[0] = at + dt.timedelta(hours=1)
    assert found(sessions, guesses)
    assert told(sessions, guesses, OTHER)[0] is NotFound
    assert "an hour" in told(sessions, guesses, CODE)[1]


def test_right_codes_and_slips_of_form_use_up_no_guess(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    guesses = GuessLimit(lambda: at, most=1)
    sent(sessions, kit)
    for _ in range(2):
        assert told(sessions, guesses, CODE)[0] is StillWaiting
    run_batch(sessions, kit, at)
    for _ in range(2):
        assert found(sessions, guesses)
        assert told(sessions, guesses, "hello")[1] == NO_CODE


def test_the_salt_is_made_once_also_by_many_at_once_and_no_receipt_dates_it(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    def make(number: int) -> bytes | None:
        with sessions.begin(patient=True) as session:
            installation.prepare(session, random.Random(number))
            return installation.receipt_salt(session)

    assert len(set(together(6, make))) == 1
    with sessions.begin() as session:
        empty(session)
    run_batch(sessions, kit, at)  # a day without any receipt
    with sessions.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Installation)) == 1


def test_while_intake_is_paused_nothing_is_saved_and_the_reason_is_said(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    appoint(sessions)
    with sessions.begin() as session, pytest.raises(Refusal):
        relay.pause_intake(session, STRANGER, "No.", kit=kit, at=at)
    with sessions.begin() as session:
        relay.pause_intake(session, AMARA, "A name may have leaked; we look into it.", kit=kit, at=at)
    for work in (
        lambda s: acts.raise_anonymous(s, WORDS, digits=CODE, kit=kit),
        lambda s: acts.raise_confidential(s, RAISER, WORDS, form="V1", kit=kit),
        lambda s: acts.raise_named(s, RAISER, WORDS, form="V2", kit=kit, at=at),
    ):
        with sessions.begin() as session, pytest.raises(Refusal) as caught:
            work(session)
        assert "Nothing was saved" in caught.value.text
        assert caught.value.values == {"because": "A name may have leaked; we look into it."}
    with sessions.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Inbox)) == 0
    with sessions.begin() as session:
        relay.resume_intake(session, AMARA, kit=kit, at=at)
    assert sent(sessions, kit)


def test_what_the_batch_does_not_know_waits_on(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    sent(sessions, kit)
    run_batch(sessions, kit, at)
    with sessions.begin() as session:
        raiser = by_receipt(session, CODE, guesses=GuessLimit(lambda: at))
        raising.no_more_questions(session, raiser, kit=kit)
    with sessions.begin() as session:
        assert batch.run(session, day=at.date() + dt.timedelta(days=1), kit=kit, at=at) == 0
        assert session.scalar(sa.select(sa.func.count()).select_from(Inbox)) == 1
    assert run_batch(sessions, kit, at, days=2) == 1
    with sessions.reading() as session:
        assert the_new_one(session).no_more_questions
