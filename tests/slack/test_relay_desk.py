"""Stewards write to a raiser whom they don't know, and read what comes back; over the wire."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from bot.core.problems import acts as problem_acts
from bot.core.problems.records import Audit, Problem, State
from bot.core.problems.wording import Wording
from bot.core.replies import queries as replies
from bot.core.replies import raising
from bot.core.replies.records import Proposal, Question
from bot.slack.desk import forms, morning_views
from bot.slack.desk import views as desk
from bot.slack.desk.morning_views import Morning, Review
from bot.words import Words
from tests.company import published, run_batch
from tests.jobs.conftest import Jobs
from tests.slack.conftest import Office
from tests.slack.limits import check_message
from tests.slack.test_home_and_desk import _batches, raised
from tests.slack.test_right_of_reply_slack import look, said, state_of

ASKS = "Which of the launches was it last time?"
ANSWER = "The billing one; support heard of it from a ticket."


@pytest.fixture
def jobs(lite_office: Office) -> Iterator[Jobs]:
    made = Jobs(lite_office)
    with made.only_one:
        yield made


def ask(office: Office, problem: Problem, text: str = ASKS) -> Any:
    look(office, "amara", problem)
    office.practice.press("amara", desk.ASK)
    return office.practice.submit("amara", {forms.SENTENCE: text})


def batch(office: Office) -> None:
    run_batch(office.sessions, office.kit, office.now, days=_batches(office))


def answer(office: Office, problem: Problem, text: str = ANSWER) -> None:
    """One batch brings the question, the raiser answers it, and the next one brings the answer."""
    batch(office)
    with office.sessions.begin() as session:
        raiser = replies.as_raiser(session, office.actor("priya"), problem.id, office.kit)
        question = session.scalars(sa.select(Question)).one()
        raising.answer_question(session, raiser, question.id, text, kit=office.kit)
    batch(office)


def propose(office: Office, problem: Problem, title: str) -> Any:
    look(office, "amara", problem)
    office.practice.press("amara", desk.PROPOSE)
    return office.practice.submit("amara", {forms.TITLE: title})


def test_a_question_goes_out_and_its_answer_comes_back_to_the_desk(jobs: Jobs) -> None:
    office = jobs.office
    problem = raised(office)
    asked = ask(office, problem)
    assert "No answer yet." in said(asked.views[-1])
    answer(office, problem)
    office.practice.open_home("jonas")
    office.settle()
    home = json.dumps(office.practice.home("jonas"))
    assert "1 where the raiser has written" in home
    assert home.count(f"{desk.LOOK}:{problem.id}") == 1, "a problem stands on the desk once"
    seen = look(office, "jonas", problem)
    assert ANSWER in said(seen)
    noted = office.practice.press("jonas", desk.HEARD)
    assert desk.HEARD not in json.dumps(noted.views[-1])
    office.practice.open_home("jonas")
    office.settle()
    assert "the raiser has written" not in json.dumps(office.practice.home("jonas"))


def test_at_three_open_questions_the_form_offers_no_fourth(jobs: Jobs) -> None:
    office = jobs.office
    problem = raised(office)
    for number in range(3):
        assert desk.ASK in json.dumps(look(office, "amara", problem))
        ask(office, problem, f"Question {number}?")
    assert desk.ASK not in json.dumps(look(office, "amara", problem))


def test_an_empty_question_is_not_sent(jobs: Jobs) -> None:
    office = jobs.office
    problem = raised(office)
    told = ask(office, problem, "\u2060 ")
    assert "write the question first" in json.dumps(told.errors)


def test_other_words_wait_for_the_raisers_yes_and_nothing_is_published_until_then(jobs: Jobs) -> None:
    office = jobs.office
    problem = raised(office)
    offered = propose(office, problem, "Launches are heard of late")
    assert "It waits for the raiser's yes" in said(offered.views[-1])
    assert "Launches are heard of late" in said(offered.views[-1])
    assert desk.PUBLISH not in json.dumps(offered.views[-1])
    batch(office)  # which brings the words to the raiser
    with office.sessions.begin() as session:
        raiser = replies.as_raiser(session, office.actor("priya"), problem.id, office.kit)
        raising.agree(session, raiser, session.scalars(sa.select(Proposal.id)).one(), kit=office.kit)
    batch(office)
    seen = look(office, "amara", problem)
    assert "*Launches are heard of late*" in said(seen)
    office.practice.press("amara", desk.PUBLISH)
    assert state_of(office, problem) == State.OPEN.value


def test_a_steward_takes_own_words_back(jobs: Jobs) -> None:
    office = jobs.office
    problem = raised(office)
    propose(office, problem, "Launches are heard of late")
    back = office.practice.press("amara", desk.TAKE_BACK)
    assert desk.PUBLISH in json.dumps(back.views[-1])
    assert "Launches are heard of late" not in said(back.views[-1])


@pytest.mark.parametrize(("act", "title"), [(desk.TAKE_THEIRS, "In other words"), (desk.LEAVE_THEIRS, None)])
def test_other_words_of_the_raisers_after_publication_wait_for_a_steward(
    jobs: Jobs, act: str, title: str | None
) -> None:
    office = jobs.office
    problem = raised(office)
    look(office, "amara", problem)
    office.practice.press("amara", desk.PUBLISH)
    with office.sessions.begin() as session:
        raiser = replies.as_raiser(session, office.actor("priya"), problem.id, office.kit)
        raising.edit_words(session, raiser, Wording("In other words", "For us it is late."), kit=office.kit)
    batch(office)
    seen = look(office, "jonas", problem)
    assert "Whoever raised it sends other words" in said(seen)
    settled = office.practice.press("jonas", act)
    assert "sends other words" not in said(settled.views[-1])
    with office.sessions.reading() as session:
        assert session.get_one(Problem, problem.id).title == (title or problem.title)


def test_a_name_that_was_to_be_shown_is_seen_by_one_tap_that_the_audit_trail_keeps(jobs: Jobs) -> None:
    office = jobs.office
    with office.sessions.begin() as session:
        problem = problem_acts.raise_named(
            session,
            office.actor("niamh"),
            Wording("Releases reach us last", "For us it is late."),
            form="V1",
            kit=office.kit,
            at=office.now,
        )
        assert problem is not None
    seen = look(office, "amara", problem)
    assert office.id("niamh") not in json.dumps(seen)
    opened = office.practice.press("amara", desk.NAME)
    assert f"<@{office.id('niamh')}>" in said(opened.views[-1])
    with office.sessions.reading() as session:
        (entry,) = session.scalars(sa.select(Audit))
        assert (entry.act, entry.steward) == ("opened_name", office.id("amara"))


def test_a_confidential_raisers_name_is_offered_to_nobody(jobs: Jobs) -> None:
    office = jobs.office
    problem = raised(office)
    seen = look(office, "amara", problem)
    assert desk.NAME not in json.dumps(seen)
    assert office.id("priya") not in json.dumps(seen)


def test_the_morning_message_says_how_much_waits_and_nothing_of_what_it_is() -> None:
    said, blocks = morning_views.something_waits(
        Words.of("en"), Morning(new=3, unanswered=2, oldest=1, stuck=1, ready=2, spoke=1, down=1)
    )
    check_message(said, blocks)
    assert said == (
        "1 was taken down and waits for a second steward. 3 new problems wait for you. "
        "2 more wait for a first answer. The longest wait for an answer is 1 working day. "
        "1 raiser has written to you. 2 can be published: asked teams answered or had their time. "
        "1 message could not be sent, the desk says why."
    )


def test_the_morning_message_says_who_is_asked_first_at_a_review() -> None:
    words = Words.of("en")
    for asked, more in (
        (["Checkout"], " Checkout is asked first."),
        (["Checkout", "Identity"], " Checkout, Identity are asked first."),
        ([], ""),
    ):
        said, blocks = morning_views.something_waits(words, Morning(reviews=[Review(asked)]))
        check_message(said, blocks)
        assert said == f"1 decision is up for review.{more}"
    said, _ = morning_views.something_waits(words, Morning(reviews=[Review(["A"]), Review()]))
    assert said == "2 decisions are up for review."


def test_what_would_help_is_read_by_stewards_with_the_function_and_no_name(lite_office: Office) -> None:
    office = lite_office
    with office.sessions.begin() as session:
        problem = published(session, office.kit, office.now)
        priya = office.actor("priya")
        problem_acts.confirm(session, priya, problem.id, kit=office.kit)
        told = problem_acts.Told((1, 2), would_help="A <!here> shared calendar.")
        problem_acts.follow_up(session, priya, problem.id, told, kit=office.kit)
    run_batch(office.sessions, office.kit, office.now, days=1)
    read = json.dumps(look(office, "amara", problem), ensure_ascii=False)
    assert "*Somebody of Engineering says what would help:*\\nA &lt;!here&gt; shared calendar." in read
    assert office.id("priya") not in read
