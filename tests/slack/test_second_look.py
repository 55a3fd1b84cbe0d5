"""What is worth a second look stands on the desk, and a team that asks for one is answered by another steward."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.problems.flag_records import Flag, Why
from bot.core.problems.records import Problem
from bot.core.replies import reviews
from bot.core.replies.reviews import Asking
from bot.core.store import monday
from bot.slack import cards
from bot.slack.desk import second_look_views
from bot.slack.desk import views as desk
from bot.slack.fields import form
from bot.slack.replying import review_views
from bot.words import Words
from tests.jobs.conftest import Jobs
from tests.slack.conftest import Office
from tests.slack.limits import check_view, hostile
from tests.slack.test_right_of_reply_slack import ask, concerns, look, said

ASKED = "It reads as if we had said no."
FOUND = "I asked the raiser for other words."


@pytest.fixture
def jobs(lite_office: Office) -> Iterator[Jobs]:
    made = Jobs(lite_office)
    with made.only_one:
        yield made


def test_a_team_that_is_concerned_asks_for_a_second_look_and_reads_the_answer(jobs: Jobs) -> None:
    office = jobs.office
    problem = concerns(office)
    ask(office, "amara", problem)
    office.practice.move_clock(dt.timedelta(days=15).total_seconds())
    look(office, "amara", problem)
    office.practice.press("amara", desk.PUBLISH)
    jobs.sender.run()

    office.practice.open_home("kwame")
    office.settle()
    details = office.practice.press("kwame", f"{cards.DETAILS}:{problem.id}").views[-1]
    assert "You answer for Identity" in said(details)
    with office.sessions.reading() as session:
        team = reviews.may_ask(session, office.actor("kwame"), session.get_one(Problem, problem.id))[0].team
    office.practice.press("kwame", f"{review_views.ASK}:{team}")
    thanked = office.practice.submit("kwame", {review_views.SENTENCE: ASKED})
    assert "one who did not publish this answers you" in said(thanked.views[-1])

    office.practice.open_home("niamh")
    office.settle()
    others = office.practice.press("niamh", f"{cards.DETAILS}:{problem.id}").views[-1]
    assert ASKED not in said(others)
    assert review_views.ASK not in json.dumps(others)

    first = look(office, "amara", problem)
    assert ASKED in said(first)
    office.practice.press("amara", f"{desk.REVIEW}:{team}")
    refusal = office.practice.submit("amara", {second_look_views.SENTENCE: FOUND})
    assert "a second steward answers here" in json.dumps(refusal.views[-1], ensure_ascii=False)

    look(office, "jonas", problem)
    office.practice.press("jonas", f"{desk.REVIEW}:{team}")
    answered = office.practice.submit("jonas", {second_look_views.SENTENCE: FOUND})
    assert FOUND in said(answered.views[-1])
    jobs.sender.run()
    assert "Something waits for Identity." in [each["text"] for each in office.practice.dms("kwame")][1:]
    office.practice.close("kwame", everything=True)
    office.practice.open_home("kwame")
    office.settle()
    assert FOUND in said(office.practice.press("kwame", f"{cards.DETAILS}:{problem.id}", at="home").views[-1])


def test_a_flag_waits_on_the_desk_until_a_steward_has_looked(jobs: Jobs) -> None:
    office = jobs.office
    problem = concerns(office)
    ask(office, "amara", problem)
    office.practice.move_clock(dt.timedelta(days=15).total_seconds())
    look(office, "amara", problem)
    office.practice.press("amara", desk.PUBLISH)
    office.practice.close("amara", everything=True)
    with office.sessions.begin() as session:
        last_week = monday(office.now - dt.timedelta(weeks=1))
        session.add_all(Flag(problem_id=problem.id, why=why.value, week=last_week) for why in Why)
    office.practice.open_home("amara")
    office.settle()
    assert "1 worth a second look" in json.dumps(office.practice.home("amara"))
    seen = look(office, "amara", problem)
    assert "many people of one team" in said(seen)
    assert "nothing says who it was" in said(seen)
    after = office.practice.press("amara", desk.LOOKED)
    assert "Worth a second look" not in said(after.views[-1])


@given(hostile(), hostile(), st.none() | hostile())
def test_what_is_said_of_it_stays_within_slacks_limits(name: str, sentence: str, answer: str | None) -> None:
    words, every = Words.of("en"), [why.value for why in Why]
    blocks = second_look_views.blocks(
        words, 2**62, every, [(2**62 + each, name, sentence, answer) for each in range(9)]
    )
    mine = [Asking(2**62 + each, name, sentence if each else None, answer) for each in range(5)]
    for said_of_it in (
        blocks,
        review_views.blocks(words, 2**62, mine),
        review_views.answered(words, name, 7)[1],
    ):
        check_view(form(words, "A second look", "any", said_of_it))
    check_view(second_look_views.review_form(words, 2**62, 2**62))
