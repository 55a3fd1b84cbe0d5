"""Stewards link items of other tools, everybody reads the links, and what is copied is public."""

from __future__ import annotations

import json

from hypothesis import given, settings

from bot.slack.shown import Shown
from bot.slack.tracking import views
from bot.words import Words
from tests.slack.conftest import Office
from tests.slack.limits import check_view, hostile
from tests.slack.test_deciding import open_problem
from tests.slack.test_right_of_reply_slack import look

WORDS = Words.of("en")


@given(hostile(200), hostile(3000))
@settings(max_examples=15, deadline=None)
def test_whatever_is_typed_the_form_fits(title: str, text: str) -> None:
    shown = Shown(id=1, title=title, hardship=text, tried=text, guardrails=text, number=12)
    check_view(views.tracking_form(WORDS, shown, []))


def test_as_many_links_as_a_problem_can_have_fit_and_are_written_as_slack_reads_them() -> None:
    links = [
        (number, f"https://tool.example/{'x' * 460}?a=1&n={number}", "tool.example") for number in range(10)
    ]
    (line,) = views.links_line(WORDS, links)
    assert len(line["elements"][0]["text"]) <= 3000
    assert "a=1&amp;n=0|tool.example>" in line["elements"][0]["text"]
    form = views.tracking_form(WORDS, Shown(id=1, title="One list"), links)
    assert all(len(block["text"]["text"]) <= 3000 for block in form["blocks"] if block["type"] == "section")


def test_a_steward_links_an_item_and_everybody_finds_it(lite_office: Office) -> None:
    office = lite_office
    problem = open_problem(office)
    look(office, "amara", problem)
    form = office.practice.press("amara", views.OPEN).views[-1]
    assert problem.hardship[:40] in json.dumps(form)
    wrong = office.practice.submit("amara", {views.URL: "ftp://nowhere"})
    assert "https://" in json.dumps(wrong.errors)
    office.practice.submit("amara", {views.URL: "https://github.com/acme/web/issues/12"})
    office.practice.close("amara", everything=True)
    shown = office.slash("priya", f"show {problem.number}").ephemerals[-1]
    assert "<https://github.com/acme/web/issues/12|GitHub acme/web#12>" in json.dumps(shown)
