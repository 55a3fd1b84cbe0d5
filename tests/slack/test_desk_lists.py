"""A steward looks through all that waits, is under way, rests or is closed, from the desk and back."""

from __future__ import annotations

import json

import pytest

from bot.core.problems import triage
from bot.core.problems.records import Problem
from bot.core.problems.standing_rules import Course, State
from bot.core.refusal import Refusal
from bot.core.replies.desk import Look, Waits
from bot.slack.desk import views as desk
from bot.slack.desk import waiting_views
from tests.company import AMARA, published, raised
from tests.slack.conftest import Office


def looks(view: dict[str, object]) -> int:
    """How many rows a list has."""
    return json.dumps(view).count('"action_id": "desk.look:')


def test_a_steward_with_many_new_ones_looks_through_all_of_them(lite_office: Office) -> None:
    office, practice = lite_office, lite_office.practice
    with office.sessions.begin() as session:
        for number in range(27):
            raised(session, office.kit, office.now, title=f"Problem {number}")
    practice.open_home("amara")
    home = json.dumps(practice.home("amara"), ensure_ascii=False)
    assert "27 new, nobody else reads them yet" in home
    assert home.count("raised this week") == 3
    office.slash("amara", "desk")
    shown = practice.view("amara")
    listed = practice.press("amara", f"{desk.LIST}:{Waits.NEW}")
    assert practice.view("amara")["id"] == shown["id"], "in the place of the desk"
    assert looks(practice.view("amara")) == 20
    practice.press("amara", f"{desk.LIST}:on")
    assert looks(practice.view("amara")) == 7
    practice.press("amara", f"{desk.LIST}:first")
    assert looks(practice.view("amara")) == 20
    practice.press("amara", desk.OPEN)
    assert practice.view("amara")["callback_id"] == desk.DESK
    assert listed is not None
    practice.assert_no_objections()


def test_a_closed_one_is_found_without_its_words_and_nobody_else_looks(lite_office: Office) -> None:
    office, practice = lite_office, lite_office.practice
    with office.sessions.begin() as session:
        closed = published(session, office.kit, office.now, title="One that is over")
        triage.close(
            session, AMARA, closed.id, "We looked.", kit=office.kit, at=office.now, news_at=office.now
        )
        handed = published(session, office.kit, office.now, title="One that is handed")
        handed.course, handed.course_until = Course.HANDED.value, office.now.date()
    office.slash("amara", "desk")
    practice.choose("amara", desk.BROWSE, Look.CLOSED.value)
    told = json.dumps(practice.view("amara"), ensure_ascii=False)
    assert "One that is over*: closed by us, not confirmed" in told
    practice.choose("amara", desk.BROWSE, Look.UNDER_WAY.value)
    told = json.dumps(practice.view("amara"), ensure_ascii=False)
    assert "One that is handed" in told
    assert "A team was asked to take it" in told
    practice.choose("amara", desk.BROWSE, Look.CLOSED.value)
    practice.press("amara", f"{desk.LOOK}:{closed.id}")
    assert "Open it again" in json.dumps(practice.press("amara", "step.next").views[-1])
    with office.sessions.reading() as session:
        assert session.get_one(Problem, closed.id).state == State.CLOSED.value
    practice.assert_no_objections()


def test_an_empty_list_says_so_and_what_is_none_of_ours_is_refused(lite_office: Office) -> None:
    office, practice = lite_office, lite_office.practice
    office.slash("amara", "desk")
    practice.choose("amara", desk.BROWSE, Look.RESTING.value)
    assert "There is none." in json.dumps(practice.view("amara"))
    for value in ("", "new", "new:x", "new:-1", "nothing:0", "new:12345678"):
        with pytest.raises(Refusal):
            waiting_views.read_list(value)


def test_from_what_everybody_reads_a_steward_gets_to_what_stewards_can_do(lite_office: Office) -> None:
    office, practice = lite_office, lite_office.practice
    with office.sessions.begin() as session:
        problem = published(session, office.kit, office.now)
    office.slash("amara", f"show {problem.number}")
    practice.press("amara", f"{desk.LOOK}:{problem.id}")
    assert "Close with a sentence" in json.dumps(practice.view("amara"))
    practice.assert_no_objections()
