"""After closing: the raiser's word alone makes it confirmed, silence is no yes, and costs are sums of nobody."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.editions import acts as editions
from bot.core.editions.records import Section
from bot.core.identity.guessing import GuessLimit
from bot.core.kit import Kit
from bot.core.outbox import Message
from bot.core.problems import triage
from bot.core.problems.acts import raise_anonymous, raise_confidential
from bot.core.problems.courses import reopen
from bot.core.problems.records import Problem
from bot.core.problems.standing_rules import Ending, Outcome
from bot.core.problems.wording import Wording
from bot.core.problems.work_records import CostCount
from bot.core.refusal import Stale
from bot.core.replies import mornings, outcomes, raising
from bot.core.replies.forgetting import sweep
from bot.core.replies.outcomes import Cost, CostRate
from bot.core.replies.queries import Raiser, as_raiser, by_receipt
from bot.core.store import Sessions
from tests.company import AMARA, RAISER, WORDS, appoint, refused, run_batch, the_new_one

CODE = "1234567890123456"


def days(number: int) -> dt.timedelta:
    return dt.timedelta(days=number)


@pytest.fixture(params=["confidential", "anonymous"])
def ident(request: pytest.FixtureRequest, sessions: Sessions, kit: Kit, at: dt.datetime) -> int:
    """A problem that was raised under protection, published, and closed as solved."""
    appoint(sessions)
    with sessions.begin() as session:
        if request.param == "confidential":
            raise_confidential(session, RAISER, WORDS, form="V1", kit=kit)
        else:
            raise_anonymous(session, WORDS, digits=CODE, kit=kit)
    run_batch(sessions, kit, at)
    with sessions.begin() as session:
        made = the_new_one(session).id
        triage.publish(session, AMARA, made, kit=kit, at=at, news_at=at)
        triage.close(session, AMARA, made, "One list.", ending=Ending.SOLVED, kit=kit, at=at, news_at=at)
        session.execute(sa.delete(Message))
    return made


def raiser(session: Session, ident: int, kit: Kit, at: dt.datetime) -> Raiser:
    if session.get_one(Problem, ident).receipt_hash is not None:
        return by_receipt(session, CODE, guesses=GuessLimit(lambda: at))
    return as_raiser(session, RAISER, ident, kit)


def morning(sessions: Sessions, kit: Kit, at: dt.datetime, later: int) -> None:
    then = at + days(later)
    run_batch(sessions, kit, at, days=later)
    with sessions.begin() as session:
        mornings.each_day(session, today=then.date(), kit=kit, at=then)


def outcome(sessions: Sessions, ident: int) -> tuple[str | None, bool | None, bool]:
    with sessions.reading() as session:
        problem = session.get_one(Problem, ident)
        return problem.outcome, problem.holds, problem.raiser_spoke


def test_the_raisers_yes_confirms_and_moves_with_the_batch(
    sessions: Sessions, ident: int, kit: Kit, at: dt.datetime
) -> None:
    assert outcome(sessions, ident) == (Outcome.WAITING.value, None, False)
    with sessions.begin() as session:
        editions.compose(session, period="2026-W47", due_at=at, late=False, channel="C1", kit=kit, at=at)
        outcomes.say_outcome(session, raiser(session, ident, kit, at), Outcome.DENIED, "Not yet", kit=kit)
        outcomes.say_outcome(session, raiser(session, ident, kit, at), Outcome.CONFIRMED, "", kit=kit)
    assert outcome(sessions, ident) == (Outcome.WAITING.value, None, False)
    run_batch(sessions, kit, at, days=1)
    assert outcome(sessions, ident) == (Outcome.CONFIRMED.value, None, False)
    with sessions.begin() as session:
        content = editions.preview(session, at=at + days(7))
        assert [line.problem for line in content.section(Section.DONE)] == [ident]
        assert (content.told.moved.solved, content.told.moved.answered) == (1, 0)
        editions.compose(
            session,
            period="2026-W48",
            due_at=at + days(7),
            late=False,
            channel="C1",
            kit=kit,
            at=at + days(7),
        )
        assert editions.preview(session, at=at + days(14)).section(Section.DONE) == []
        outcomes.say_outcome(
            session, raiser(session, ident, kit, at), Outcome.CONFIRMED, "It holds.", kit=kit
        )
    run_batch(sessions, kit, at, days=8)
    with sessions.reading() as session:
        again = editions.preview(session, at=at + days(14))
        assert again.section(Section.DONE) == [], "the same yes was told a week ago"
        assert (again.told.moved.solved, again.told.moved.answered) == (0, 0)


def test_a_no_is_back_on_the_desk_with_what_is_missing(
    sessions: Sessions, ident: int, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        outcomes.say_outcome(session, raiser(session, ident, kit, at), Outcome.DENIED, "Two lists.", kit=kit)
    run_batch(sessions, kit, at, days=1)
    assert outcome(sessions, ident) == (Outcome.DENIED.value, None, True)
    with sessions.reading() as session:
        assert session.get_one(Problem, ident).outcome_words == "Two lists."
        assert editions.preview(session, at=at + days(7)).section(Section.DONE) == []


def test_silence_is_no_yes(sessions: Sessions, ident: int, kit: Kit, at: dt.datetime) -> None:
    morning(sessions, kit, at, 43)
    assert outcome(sessions, ident)[0] == Outcome.WAITING.value
    morning(sessions, kit, at, 44)
    assert outcome(sessions, ident)[0] == Outcome.NOT_CONFIRMED.value


def test_two_questions_come_later_with_one_message_each_and_only_once(
    sessions: Sessions, ident: int, kit: Kit, at: dt.datetime
) -> None:
    with sessions.reading() as session:
        reachable = session.get_one(Problem, ident).sealed_address is not None
    counts = []
    for later in (13, 14, 15, 29, 30, 31):
        morning(sessions, kit, at, later)
        with sessions.reading() as session:
            counts.append(session.scalar(sa.select(sa.func.count()).select_from(Message)))
    assert counts == ([0, 1, 1, 1, 2, 2] if reachable else [0] * 6)
    with sessions.begin() as session:
        outcomes.say_holds(session, raiser(session, ident, kit, at), False, kit=kit)
    run_batch(sessions, kit, at, days=32)
    assert outcome(sessions, ident) == (Outcome.WAITING.value, False, True)


def test_what_is_not_asked_yet_can_not_be_answered(
    sessions: Sessions, ident: int, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        with pytest.raises(Stale):
            outcomes.say_holds(session, raiser(session, ident, kit, at), True, kit=kit)
        with pytest.raises(Stale):
            outcomes.say_cost(session, raiser(session, ident, kit, at), Cost.YES, kit=kit)


def test_a_word_on_the_outcome_is_dropped_where_it_is_open_again_by_the_batch(
    sessions: Sessions, ident: int, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        outcomes.say_outcome(session, raiser(session, ident, kit, at), Outcome.CONFIRMED, "", kit=kit)
        reopen(session, AMARA, ident, "It came back.", kit=kit, at=at, news_at=at)
    run_batch(sessions, kit, at, days=1)
    assert outcome(sessions, ident)[0] is None


def test_an_address_is_kept_until_two_weeks_after_the_check(
    sessions: Sessions, ident: int, kit: Kit, at: dt.datetime, tmp_path: Path
) -> None:
    path = tmp_path / "list.txt"

    def sealed() -> bool:
        with sessions.reading() as session:
            return session.get_one(Problem, ident).sealed_address is not None

    there = sealed()
    sweep(sessions, kit=kit, at=at + days(43), path=path)
    assert sealed() == there
    sweep(sessions, kit=kit, at=at + days(44), path=path)
    assert not sealed()


def test_costs_are_shown_as_a_rate_from_five_answers_on_and_then_in_steps_of_five(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    appoint(sessions)
    rates: list[CostRate | None] = []
    for number in range(11):
        with sessions.begin() as session:
            words = Wording(f"Number {number}", "For us it is slow.")
            raise_anonymous(session, words, digits=f"{number:016}", kit=kit)
        run_batch(sessions, kit, at, days=2 * number)
        with sessions.begin() as session:
            problem = the_new_one(session)
            triage.close(session, AMARA, problem.id, "Done.", kit=kit, at=at, news_at=at)
            problem.asked_cost = True
            session.flush()
            who = by_receipt(session, f"{number:016}", guesses=GuessLimit(lambda: at))
            outcomes.say_cost(session, who, Cost.YES if number % 2 else Cost.NO, kit=kit)
        run_batch(sessions, kit, at, days=2 * number + 1)
        with sessions.reading() as session:
            rates.append(outcomes.cost_rate(session))
    assert rates[:4] == [None] * 4
    assert rates[4:9] == [CostRate(5, 0, 2)] * 5
    assert rates[9:] == [CostRate(10, 0, 5)] * 2
    with sessions.reading() as session:
        assert sum(row.number for row in session.scalars(sa.select(CostCount))) == 11


def test_the_cost_is_asked_once(sessions: Sessions, ident: int, kit: Kit, at: dt.datetime) -> None:
    morning(sessions, kit, at, 14)
    with sessions.begin() as session:
        outcomes.say_cost(session, raiser(session, ident, kit, at), Cost.LITTLE, kit=kit)
    run_batch(sessions, kit, at, days=15)
    refused(
        sessions,
        lambda session: outcomes.say_cost(session, raiser(session, ident, kit, at), Cost.NO, kit=kit),
    )
    with sessions.begin() as session:
        raising.withdraw(session, raiser(session, ident, kit, at), kit=kit)
    run_batch(sessions, kit, at, days=16)
    with sessions.reading() as session:
        problem = session.get_one(Problem, ident)
        assert (problem.outcome, problem.outcome_words, problem.would_help) == (None, None, None)
        assert sum(row.number for row in session.scalars(sa.select(CostCount))) == 1
