"""A pilot over the wire: written down at the desk, locked, changed for all to see, counted, and posted with its files."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from bot.core.outbox import Message, Sending
from bot.core.pilot import queries
from bot.core.pilot.records import StewardHours
from bot.core.teams.records import Function
from bot.jobs.pilot import count
from bot.slack.pilot import views
from tests.jobs.conftest import Jobs
from tests.slack.conftest import Office
from tests.slack.limits import texts

WEEK = dt.timedelta(weeks=1).total_seconds()


@pytest.fixture
def jobs(lite_office: Office) -> Jobs:
    return Jobs(lite_office)


def said(view: Any) -> str:
    return "\n".join(texts(view))


def open_pilot(office: Office, who: str = "amara") -> Any:
    if office.practice.views(who):
        office.practice.close(who, everything=True)
    office.practice.open_home(who)
    return office.practice.press(who, views.OPEN, at="home").views[-1]


def fields(office: Office, **changed: Any) -> dict[str, Any]:
    with office.sessions.reading() as session:
        functions = [str(each) for each in session.scalars(sa.select(Function.id).limit(2))]
    return {
        views.QUESTION: "Do problems between teams get an answer?",
        views.DECIDES: "The two heads",
        views.NOT_FOR: "Judging <!channel> people",
        views.WHERE: functions,
        views.INTAKE: "8",
        views.FOLLOW: "6",
        views.REVIEW: "3",
        **{f"{views.LINE}.{figure}": views.typed_line(figure, line) for figure, line in views.LINES.items()},
        **changed,
    }


def begun(office: Office) -> None:
    open_pilot(office)
    office.practice.submit("amara", fields(office))
    office.practice.press("amara", views.START)


def test_a_pilot_from_the_first_sentence_to_the_post_in_the_channel(jobs: Jobs) -> None:
    office, practice = jobs.office, jobs.office.practice
    form = open_pilot(office)
    assert "What should it answer?" in str(form)
    slipped = practice.submit("amara", fields(office, **{views.INTAKE: "x"}))
    assert "A whole number of weeks" in str(slipped.errors or slipped)
    practice.submit("amara", fields(office))
    shown = said(open_pilot(office))
    assert "has not started" in shown
    assert "continue from 80" in shown
    practice.press("amara", views.START)
    assert "starts on" in said(open_pilot(office, "jonas"))

    practice.press("jonas", views.CHANGE)
    practice.submit(
        "jonas", fields(office, **{views.DECIDES: "The board", views.BECAUSE: "One head has left."})
    )
    assert "One head has left." in said(open_pilot(office))

    practice.move_clock(2 * WEEK)
    practice.press("amara", views.HOURS)
    practice.submit("amara", {views.GAVE: "2-4"})
    with office.sessions.reading() as session:
        assert session.execute(sa.select(StewardHours.low, StewardHours.high)).all() == [(2, 4)]
    count(office.bot)
    opened = said(open_pilot(office))
    assert "Counted up to" in opened

    practice.press("amara", views.READ)
    jobs.sender.run()
    (told,) = [
        each.args for each in practice.world.journal.calls if "What this cannot show" in str(each.args)
    ]
    assert told["channel"] == office.id("amara")

    open_pilot(office)
    practice.press("amara", views.POST)
    jobs.sender.run()
    names = sorted(each.name for each in practice.world.state.files.values() if each.places)
    assert {"pilot-report.csv", "pilot-report.html"} <= set(names)
    open_pilot(office)
    again = practice.press("amara", views.POST)
    assert "posted already" in str([*again.views, *again.ephemerals])

    open_pilot(office)
    practice.press("amara", views.END)
    practice.submit("amara", {views.BECAUSE: "It has answered the question."})
    assert "It has answered the question." in said(open_pilot(office))


def ready(jobs: Jobs) -> None:
    """A pilot whose first weeks are counted, and its post on the way."""
    begun(jobs.office)
    jobs.office.practice.move_clock(2 * WEEK)
    count(jobs.office.bot)
    open_pilot(jobs.office)
    jobs.office.practice.press("amara", views.POST)


def test_without_the_scope_the_words_go_out_and_say_what_is_missing(jobs: Jobs) -> None:
    ready(jobs)
    jobs.office.practice.fault("files.getUploadURLExternal", error="missing_scope")
    jobs.sender.run()
    (posted,) = [
        each
        for each in jobs.office.practice.messages("priya", "product-weekly")
        if "did not allow" in each["text"]
    ]
    assert "This report does not decide" in posted["text"]
    assert not [each for each in jobs.office.practice.world.state.files.values() if each.places]


def test_a_post_whose_answer_was_lost_waits_for_a_stewards_word(jobs: Jobs) -> None:
    ready(jobs)
    jobs.office.practice.fault("files.completeUploadExternal", status=500)
    jobs.sender.run()
    jobs.office.practice.move_clock(600)
    jobs.sender.run()
    with jobs.office.sessions.reading() as session:
        (row,) = session.scalars(sa.select(Message).where(Message.kind == "pilot_report"))
        assert (row.sending, row.problem_class) == (Sending.HELD.value, "Unanswered")


def test_nobody_but_stewards_sees_or_moves_a_pilot(jobs: Jobs) -> None:
    office = jobs.office
    office.practice.open_home("priya")
    office.settle()
    assert views.OPEN not in str(office.practice.home("priya"))
    with office.sessions.reading() as session:
        assert queries.standing(session) is None
