"""Stewards and a raiser talk through the bot: both ways, without a name, and only at the batch hour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.guessing import GuessLimit
from bot.core.kit import Kit
from bot.core.outbox import Message
from bot.core.problems import acts, queries, triage
from bot.core.problems.records import Audit, Inbox, Problem, State
from bot.core.problems.wording import Wording
from bot.core.refusal import NotFound, Refusal, Stale
from bot.core.replies import acts as relay
from bot.core.replies import moving, raising
from bot.core.replies.queries import (
    Raiser,
    as_raiser,
    by_receipt,
    for_raiser,
    for_steward,
    name_of,
    raisers_spoke,
)
from bot.core.replies.records import Proposal, Question
from bot.core.replies.right_of_reply import anything_waits
from bot.core.store import Sessions
from tests.company import AMARA, JONAS, RAISER, STRANGER, WORDS, raised, refused, run_batch, the_new_one
from tests.conftest import new_kit

CODE = "1234567890123456"
KINDER = Wording("Customers hear late about releases", "For us this means surprised customers.")

AsRaiser = Callable[[Session], Raiser]


@pytest.fixture(params=["confidential", "anonymous", "named"])
def one(request: pytest.FixtureRequest, sessions: Sessions, kit: Kit, at: dt.datetime) -> AsRaiser:
    """A problem that stewards may read, raised in each of the three ways; gives its raiser."""
    with sessions.begin() as session:
        if request.param == "confidential":
            acts.raise_confidential(session, RAISER, WORDS, form="V1", kit=kit)
        elif request.param == "anonymous":
            acts.raise_anonymous(session, WORDS, digits=CODE, kit=kit)
        else:
            acts.raise_named(session, RAISER, WORDS, form="V1", kit=kit, at=at)
    run_batch(sessions, kit, at)
    with sessions.reading() as session:
        ident = the_new_one(session).id

    def raiser(session: Session) -> Raiser:
        if request.param == "anonymous":
            return by_receipt(session, CODE, guesses=GuessLimit(lambda: at))
        return as_raiser(session, RAISER, ident, kit)

    return raiser


def ident_of(sessions: Sessions, raiser: AsRaiser) -> int:
    with sessions.reading() as session:
        return raiser(session).problem.id


def asked(sessions: Sessions, kit: Kit, at: dt.datetime, ident: int, text: str = "Since when?") -> int:
    with sessions.begin() as session:
        question = relay.ask(session, AMARA, ident, text, kit=kit, at=at, news_at=at).id
        moving.carry(session)
        return question


def proposed(sessions: Sessions, kit: Kit, at: dt.datetime, ident: int, wording: Wording = KINDER) -> int:
    with sessions.begin() as session:
        proposal = relay.propose(session, AMARA, ident, wording, kit=kit, at=at, news_at=at).id
        moving.carry(session)
        return proposal


def test_the_raisers_own_words_are_not_proposed_to_the_raiser(
    sessions: Sessions, kit: Kit, at: dt.datetime, one: AsRaiser
) -> None:
    ident = ident_of(sessions, one)
    with sessions.begin() as session, pytest.raises(Refusal, match="raiser's own words"):
        relay.propose(session, AMARA, ident, WORDS, kit=kit, at=at, news_at=at)
    with sessions.reading() as session:
        problem = session.get_one(Problem, ident)
        assert (problem.agreed, problem.course) == (True, "waiting")


def test_what_a_steward_asks_and_proposes_gets_there_with_the_batch_alone(
    sessions: Sessions, kit: Kit, at: dt.datetime, one: AsRaiser
) -> None:
    ident = ident_of(sessions, one)
    with sessions.begin() as session:
        question = relay.ask(session, AMARA, ident, "Since when?", kit=kit, at=at, news_at=at).id
        proposal = relay.propose(session, AMARA, ident, KINDER, kit=kit, at=at, news_at=at).id
    with sessions.begin() as session:
        found = for_raiser(session, one(session))
        assert (found.questions, found.to_agree) == ([], None)
        with pytest.raises(Stale):
            raising.answer_question(session, one(session), question, "March", kit=kit)
        with pytest.raises(Stale):
            raising.agree(session, one(session), proposal, kit=kit)
    run_batch(sessions, kit, at, days=1)
    with sessions.reading() as session:
        found = for_raiser(session, one(session))
        assert [each.id for each in found.questions] == [question]
        assert found.to_agree is not None


def test_a_question_goes_there_and_its_answer_back_with_the_batch_alone(
    sessions: Sessions, kit: Kit, at: dt.datetime, one: AsRaiser
) -> None:
    ident = ident_of(sessions, one)
    question = asked(sessions, kit, at, ident)
    with sessions.begin() as session:
        (open_one,) = for_raiser(session, one(session)).open_questions
        raising.answer_question(session, one(session), open_one.id, "Since  March ", kit=kit)
        raising.answer_question(session, one(session), open_one.id, "Since May", kit=kit)
    with sessions.reading() as session:
        assert for_steward(session, JONAS, ident, kit).questions[0].answer is None
        assert raisers_spoke(session) == []
    assert run_batch(sessions, kit, at, days=1) == 1
    with sessions.begin() as session:
        found = for_steward(session, JONAS, ident, kit)
        assert [(each.text, each.answer) for each in found.questions] == [("Since when?", "Since May")]
        assert [problem.id for problem in raisers_spoke(session)] == [ident]
        relay.heard(session, JONAS, ident, kit=kit, at=at)
        assert raisers_spoke(session) == []
        with pytest.raises(Refusal, match="stands"):
            raising.answer_question(session, one(session), question, "Since June", kit=kit)


def test_a_dm_says_that_something_waits_at_the_batch_hour_and_an_anonymous_raiser_gets_none(
    sessions: Sessions, kit: Kit, at: dt.datetime, one: AsRaiser
) -> None:
    later = at + dt.timedelta(hours=18)
    ident = ident_of(sessions, one)
    with sessions.begin() as session:
        relay.ask(session, AMARA, ident, "Since when?", kit=kit, at=at, news_at=later)
        anonymous = one(session).problem.receipt_hash is not None
        news = [
            (row.kind, row.about, row.due_at)
            for row in session.scalars(sa.select(Message).where(Message.kind != "home"))
        ]
        assert news == ([] if anonymous else [("news", {}, later)])


def test_a_second_click_asks_once(sessions: Sessions, kit: Kit, at: dt.datetime, one: AsRaiser) -> None:
    ident = ident_of(sessions, one)
    with sessions.begin() as session:
        asks = [
            relay.ask(session, who, ident, text, kit=kit, at=at, news_at=at)
            for who, text in ((AMARA, "Since when?"), (AMARA, "Since when?"), (AMARA, "Where?"))
        ]
        assert [each.id == asks[0].id for each in asks] == [True, True, False]
        assert session.scalar(sa.select(sa.func.count()).select_from(Question)) == 2


def test_at_most_three_questions_are_open(
    sessions: Sessions, kit: Kit, at: dt.datetime, one: AsRaiser
) -> None:
    ident = ident_of(sessions, one)
    questions = [asked(sessions, kit, at, ident, f"Number {number}?") for number in range(3)]
    values = {"kit": kit, "at": at, "news_at": at}
    assert "wait for an answer" in refused(sessions, relay.ask, AMARA, ident, "One more?", **values)
    with sessions.begin() as session:
        raising.answer_question(session, one(session), questions[1], "Yes", kit=kit)
    assert "wait for an answer" in refused(sessions, relay.ask, AMARA, ident, "One more?", **values)
    run_batch(sessions, kit, at, days=1)
    assert asked(sessions, kit, at, ident, "One more?")


def test_no_more_questions_holds_for_new_ones_and_leaves_the_old_ones_answerable(
    sessions: Sessions, kit: Kit, at: dt.datetime, one: AsRaiser
) -> None:
    ident = ident_of(sessions, one)
    question = asked(sessions, kit, at, ident)
    with sessions.begin() as session:
        raising.no_more_questions(session, one(session), kit=kit)
        raising.no_more_questions(session, one(session), kit=kit)
    run_batch(sessions, kit, at, days=1)
    values = {"kit": kit, "at": at, "news_at": at}
    assert "no more questions" in refused(sessions, relay.ask, AMARA, ident, "Why?", **values)
    with sessions.begin() as session:
        raising.answer_question(session, one(session), question, "Since March", kit=kit)
    assert run_batch(sessions, kit, at, days=2) == 1


def test_only_stewards_ask_propose_and_open(
    sessions: Sessions, kit: Kit, at: dt.datetime, one: AsRaiser
) -> None:
    ident = ident_of(sessions, one)
    values = {"kit": kit, "at": at}
    for who in (STRANGER, RAISER):
        for work in (
            lambda s, who=who: relay.ask(s, who, ident, "Why?", **values, news_at=at),
            lambda s, who=who: relay.propose(s, who, ident, KINDER, **values, news_at=at),
            lambda s, who=who: relay.take_back_proposal(s, who, ident, **values),
            lambda s, who=who: relay.settle_words(s, who, ident, 1, accept=True, **values, news_at=at),
            lambda s, who=who: relay.open_name(s, who, ident, **values),
            lambda s, who=who: relay.heard(s, who, ident, **values),
            lambda s, who=who: for_steward(s, who, ident, kit),
        ):
            assert "for the stewards" in refused(sessions, work)


def test_only_the_raiser_is_taken_for_the_raiser(
    sessions: Sessions, kit: Kit, at: dt.datetime, one: AsRaiser
) -> None:
    ident = ident_of(sessions, one)
    with sessions.reading() as session:
        anonymous = one(session).problem.receipt_hash is not None
        for who in (STRANGER, AMARA, *((RAISER,) if anonymous else ())):
            with pytest.raises(NotFound):
                as_raiser(session, who, ident, kit)
        with pytest.raises(NotFound):
            as_raiser(session, RAISER, 2**70, kit)


def test_a_question_of_another_problem_can_t_be_answered_here(
    sessions: Sessions, kit: Kit, at: dt.datetime, one: AsRaiser
) -> None:
    with sessions.begin() as session:
        other = acts.raise_named(session, STRANGER, WORDS, form="V7", kit=kit, at=at)
        assert other is not None
    question = asked(sessions, kit, at, other.id)
    for forged in (question, 4711, 2**80, -1):
        with sessions.begin() as session, pytest.raises(Stale):
            raising.answer_question(session, one(session), forged, "Mine now", kit=kit)


def test_a_stewards_words_wait_for_a_yes_and_then_stand_alone(
    sessions: Sessions, kit: Kit, at: dt.datetime, one: AsRaiser
) -> None:
    ident = ident_of(sessions, one)
    proposed(sessions, kit, at, ident, replace(KINDER, title="A first thought"))
    proposal = proposed(sessions, kit, at, ident)
    values = {"kit": kit, "at": at, "news_at": at}
    assert refused(sessions, triage.publish, AMARA, ident, **values) == triage.UNAGREED
    with sessions.begin() as session:
        waiting = for_raiser(session, one(session)).to_agree
        assert waiting is not None
        assert (waiting.id, waiting.title) == (proposal, KINDER.title)
        assert session.scalar(sa.select(sa.func.count()).select_from(Proposal)) == 1
        raising.agree(session, one(session), proposal, kit=kit)
    with sessions.reading() as session:
        assert session.get_one(Problem, ident).title == WORDS.title
    run_batch(sessions, kit, at, days=1)
    with sessions.begin() as session:
        problem = session.get_one(Problem, ident)
        assert (problem.title, problem.hardship, problem.agreed) == (KINDER.title, KINDER.hardship, True)
        assert session.scalar(sa.select(sa.func.count()).select_from(Proposal)) == 0
        assert triage.publish(session, AMARA, ident, **values).number == 1


def test_a_no_leaves_the_raisers_words_and_lets_them_be_published(
    sessions: Sessions, kit: Kit, at: dt.datetime, one: AsRaiser
) -> None:
    ident = ident_of(sessions, one)
    proposal = proposed(sessions, kit, at, ident)
    with sessions.begin() as session:
        raising.agree(session, one(session), proposal, kit=kit)
        raising.refuse(session, one(session), proposal, kit=kit)  # the last word counts
    run_batch(sessions, kit, at, days=1)
    with sessions.begin() as session:
        problem = triage.publish(session, AMARA, ident, kit=kit, at=at, news_at=at)
        assert problem.title == WORDS.title
        assert session.scalar(sa.select(sa.func.count()).select_from(Proposal)) == 0


def test_a_yes_is_for_the_words_that_were_read_and_no_others(
    sessions: Sessions, kit: Kit, at: dt.datetime, one: AsRaiser
) -> None:
    ident = ident_of(sessions, one)
    proposal = proposed(sessions, kit, at, ident)
    with sessions.begin() as session:
        raising.agree(session, one(session), proposal, kit=kit)
    proposed(sessions, kit, at, ident, replace(KINDER, title="Something else"))
    run_batch(sessions, kit, at, days=1)
    with sessions.begin() as session:
        problem = session.get_one(Problem, ident)
        assert (problem.title, problem.agreed) == (WORDS.title, False)
        with pytest.raises(Stale):
            raising.agree(session, one(session), proposal, kit=kit)


def test_a_steward_may_take_words_back_so_that_the_raisers_stand(
    sessions: Sessions, kit: Kit, at: dt.datetime, one: AsRaiser
) -> None:
    ident = ident_of(sessions, one)
    proposed(sessions, kit, at, ident)
    with sessions.begin() as session:
        assert relay.take_back_proposal(session, JONAS, ident, kit=kit, at=at).agreed
        with pytest.raises(Stale):
            relay.take_back_proposal(session, JONAS, ident, kit=kit, at=at)


def test_other_words_of_the_raiser_overwrite_the_old_ones_before_publication(
    sessions: Sessions, kit: Kit, at: dt.datetime, one: AsRaiser
) -> None:
    ident = ident_of(sessions, one)
    proposed(sessions, kit, at, ident, replace(KINDER, title="A steward's"))
    with sessions.begin() as session:
        raising.edit_words(session, one(session), replace(KINDER, title="First try"), kit=kit)
        raising.edit_words(session, one(session), KINDER, kit=kit)
        with pytest.raises(Refusal):
            raising.edit_words(session, one(session), Wording(" ", "x"), kit=kit)
    assert run_batch(sessions, kit, at, days=1) == 1
    with sessions.reading() as session:
        problem = session.get_one(Problem, ident)
        assert (problem.title, problem.agreed) == (KINDER.title, True)
        assert session.scalar(sa.select(sa.func.count()).select_from(Proposal)) == 0


@pytest.mark.parametrize("accept", [True, False])
def test_once_published_other_words_of_the_raiser_wait_for_a_steward(
    sessions: Sessions, kit: Kit, at: dt.datetime, one: AsRaiser, accept: bool
) -> None:
    ident = ident_of(sessions, one)
    with sessions.begin() as session:
        triage.publish(session, AMARA, ident, kit=kit, at=at, news_at=at)
        raising.edit_words(session, one(session), KINDER, kit=kit)
    run_batch(sessions, kit, at, days=1)
    with sessions.begin() as session:
        problem = session.get_one(Problem, ident)
        assert problem.title == WORDS.title
        waiting = for_steward(session, AMARA, ident, kit).suggested
        assert waiting is not None
        assert problem in raisers_spoke(session)
        values = {"accept": accept, "kit": kit, "at": at, "news_at": at}
        with pytest.raises(Stale):
            relay.settle_words(session, AMARA, ident, 4711, **values)
        relay.settle_words(session, AMARA, ident, waiting.id, **values)
        assert problem.title == (KINDER.title if accept else WORDS.title)
        assert session.scalar(sa.select(sa.func.count()).select_from(Proposal)) == 0


def test_withdrawing_destroys_the_words_and_every_way_to_the_raiser(
    sessions: Sessions, kit: Kit, at: dt.datetime, one: AsRaiser
) -> None:
    ident = ident_of(sessions, one)
    asked(sessions, kit, at, ident)
    proposed(sessions, kit, at, ident)
    with sessions.begin() as session:
        raising.withdraw(session, one(session), kit=kit)
        raising.withdraw(session, one(session), kit=kit)
    assert run_batch(sessions, kit, at, days=1) == 1
    with sessions.begin() as session:
        problem = session.get_one(Problem, ident)
        assert problem.state == State.WITHDRAWN.value
        assert (problem.title, problem.hardship) == ("", "")
        assert (problem.raiser, problem.sealed_address, problem.receipt_hash) == (None, None, None)
        for table in (Question, Proposal):
            assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
        for who in (AMARA, RAISER):
            with pytest.raises(NotFound):
                queries.visible(session, who, ident, kit)
        with pytest.raises(NotFound):
            one(session)


def test_everything_of_a_raiser_waits_in_the_inbox_without_a_person(
    sessions: Sessions, kit: Kit, at: dt.datetime, one: AsRaiser
) -> None:
    ident = ident_of(sessions, one)
    question, proposal = asked(sessions, kit, at, ident), proposed(sessions, kit, at, ident)
    with sessions.begin() as session:
        raiser = one(session)
        before = {name: value for name, value in vars(raiser.problem).items() if name[0] != "_"}
        raising.answer_question(session, raiser, question, "Yes", kit=kit)
        raising.agree(session, raiser, proposal, kit=kit)
        raising.no_more_questions(session, raiser, kit=kit)
        raising.withdraw(session, raiser, kit=kit)
        session.flush()
        assert {name: value for name, value in vars(raiser.problem).items() if name[0] != "_"} == before
        rows = session.scalars(sa.select(Inbox)).all()
        assert sorted(row.act for row in rows) == ["quiet", "told", "withdraw", "words"]
        assert RAISER.person not in str([(row.body, row.problem_id) for row in rows])


def test_a_closed_problem_takes_no_more_words_also_those_on_their_way(
    sessions: Sessions, kit: Kit, at: dt.datetime, one: AsRaiser
) -> None:
    ident = ident_of(sessions, one)
    with sessions.begin() as session:
        raising.edit_words(session, one(session), KINDER, kit=kit)
        triage.close(session, AMARA, ident, "Done.", kit=kit, at=at, news_at=at)
    run_batch(sessions, kit, at, days=1)
    with sessions.begin() as session:
        assert session.get_one(Problem, ident).title == WORDS.title
        with pytest.raises(Refusal, match="closed or gone"):
            raising.edit_words(session, one(session), KINDER, kit=kit)
        raising.withdraw(session, one(session), kit=kit)


def test_a_name_is_opened_by_a_recorded_tap_and_shown_to_all_once_published(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        problem = raised(session, kit, at)
        assert name_of(problem) is None
        assert relay.open_name(session, AMARA, problem.id, kit=kit, at=at) == RAISER.person
        (row,) = session.scalars(sa.select(Audit)).all()
        assert (row.act, row.steward, row.at) == ("opened_name", AMARA.person, at)
        triage.publish(session, AMARA, problem.id, kit=kit, at=at, news_at=at)
        assert name_of(problem) == RAISER.person


def test_nobodys_name_is_opened_who_did_not_ask_for_it(
    sessions: Sessions, kit: Kit, at: dt.datetime, one: AsRaiser
) -> None:
    ident = ident_of(sessions, one)
    with sessions.begin() as session:
        if one(session).problem.raiser is not None:
            return
    assert "did not ask" in refused(sessions, relay.open_name, AMARA, ident, kit=kit, at=at)


def test_where_the_key_is_lost_the_raisers_words_stand_and_the_desk_says_who_can_t_be_reached(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        acts.raise_confidential(session, RAISER, WORDS, form="V1", kit=kit)
    run_batch(sessions, kit, at)
    other = new_kit(key=b"o" * 32)
    with sessions.begin() as session:
        ident = the_new_one(session).id
        assert queries.unreachable(session, kit) == []
        assert [problem.id for problem in queries.unreachable(session, other)] == [ident]
        assert not relay.ask(session, AMARA, ident, "Why?", kit=other, at=at, news_at=at).answer
        with pytest.raises(Refusal, match="own words stand"):
            relay.propose(session, AMARA, ident, KINDER, kit=other, at=at, news_at=at)
        assert triage.publish(session, AMARA, ident, kit=other, at=at, news_at=at).number == 1


def test_the_morning_message_comes_where_a_raiser_has_spoken(
    sessions: Sessions, kit: Kit, at: dt.datetime, one: AsRaiser
) -> None:
    ident = ident_of(sessions, one)
    question = asked(sessions, kit, at, ident)
    with sessions.begin() as session:
        triage.publish(session, AMARA, ident, kit=kit, at=at, news_at=at)
        assert not anything_waits(session, at=at)
        raising.answer_question(session, one(session), question, "Yes", kit=kit)
        assert not anything_waits(session, at=at)
    run_batch(sessions, kit, at, days=1)
    with sessions.reading() as session:
        assert anything_waits(session, at=at)
