"""Words go at once from everywhere, posted editions too; a second steward looks at them; over the wire."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings

from bot.core.editions import acts as editions
from bot.core.editions.records import Edition, EditionState
from bot.core.outbox import Message, Sending
from bot.core.problems import triage
from bot.core.problems.records import Audit, Problem, State
from bot.core.problems.rules import Verdict
from bot.core.replies.records import Withheld
from bot.slack import cards
from bot.slack.desk import forms
from bot.slack.desk import views as desk
from bot.slack.privacy import pointing_views
from bot.slack.shown import Shown
from bot.words import Words
from tests.jobs.conftest import Jobs
from tests.slack.conftest import Office
from tests.slack.limits import check_view, hostile, texts
from tests.slack.test_home_and_desk import raised
from tests.slack.test_right_of_reply_slack import look, said, state_of

TITLE = "Releases reach us last"
HARDSHIP = "customers know before we do"
WHY = "It named a person; the rest comes back in other words."
ELSEWHERE = "What everybody reads now"


@pytest.fixture
def jobs(lite_office: Office) -> Iterator[Jobs]:
    made = Jobs(lite_office)
    with made.only_one:
        yield made


def in_an_edition(jobs: Jobs, *, lead: bool = True) -> Problem:
    """A problem that stands in a posted edition: in its lead, or in its thread alone."""
    office = jobs.office
    problem = raised(office)
    look(office, "amara", problem)
    office.practice.press("amara", desk.PUBLISH)
    with office.sessions.begin() as session:
        if lead:
            triage.overrule(
                session,
                office.actor("amara"),
                problem.id,
                Verdict.NO_SINGLE_TEAM,
                "Four teams share the calendar.",
                kit=office.kit,
                at=office.now,
            )
        channel = office.bot.settings.digest_channel
        assert channel
        editions.compose(
            session,
            period="2026-W47",
            due_at=office.now,
            late=False,
            channel=channel,
            kit=office.kit,
            at=office.now,
        )
    jobs.sender.run()
    assert TITLE in everything_said(jobs)
    return problem


def everything_said(jobs: Jobs) -> str:
    """All that stands in the edition's channel, its thread and blocks included."""
    practice = jobs.office.practice
    place = practice.world.state.places[practice.place("product-weekly").id]
    mine = [one for one in place.messages.values() if one.author == practice.bot.id]
    return json.dumps([[one.text, one.blocks] for one in mine], ensure_ascii=False)


def take_down(office: Office, who: str, problem: Problem, why: str = WHY) -> Any:
    look(office, who, problem)
    office.practice.press(who, desk.TAKE_DOWN)
    return office.practice.submit(who, {forms.SENTENCE: why})


def details(office: Office, who: str, problem: Problem) -> str:
    if office.practice.views(who):
        office.practice.close(who, everything=True)
    number = 1
    return json.dumps(office.slash(who, f"show {number}").ephemerals, ensure_ascii=False)


@pytest.mark.parametrize("lead", [True, False])
def test_a_steward_takes_words_down_and_the_posted_edition_is_set_right(jobs: Jobs, lead: bool) -> None:
    office = jobs.office
    problem = in_an_edition(jobs, lead=lead)
    seen = take_down(office, "amara", problem)
    assert state_of(office, problem) == State.TAKEN_DOWN.value
    assert "The words that were taken down" in said(seen.views[-1])
    jobs.sender.run()
    stands = everything_said(jobs)
    assert TITLE not in stands
    assert "It named a person" in stands
    assert "Corrected after it was posted: the words of one problem were taken down." in stands
    shown = details(office, "niamh", problem)
    assert HARDSHIP not in shown
    assert WHY in shown
    with office.sessions.reading() as session:
        left = session.scalars(sa.select(Message).where(Message.sending != Sending.SENT.value))
        assert [row.kind for row in left if row.kind == "correct_edition"] == []


def test_whoever_is_pointed_at_has_it_taken_down_and_stays_unnamed(jobs: Jobs) -> None:
    office = jobs.office
    problem = in_an_edition(jobs)
    office.practice.open_home("niamh")
    office.settle()
    office.practice.press("niamh", f"{cards.DETAILS}:{problem.id}")
    asked = office.practice.press("niamh", f"{cards.POINTS_AT_ME}:{problem.id}")
    assert "taken down as soon as you send this" in said(asked.views[-1])
    told = office.practice.submit("niamh", {pointing_views.REASON: "I run the release calendar."})
    assert "It is down." in said(told.views[-1])
    jobs.sender.run()
    assert TITLE not in everything_said(jobs)
    assert "somebody says that it points at them" in everything_said(jobs)
    seen = look(office, "jonas", problem)
    assert "I run the release calendar." in said(seen)
    with office.sessions.reading() as session:
        dump = json.dumps(
            [
                [str(value) for value in row]
                for table in (Problem, Withheld, Audit, Message)
                for row in session.execute(sa.select(table.__table__))
            ]
        )
    assert office.id("niamh") not in dump
    assert office.id("niamh") not in json.dumps(office.log)


def test_no_reason_is_needed(jobs: Jobs) -> None:
    office = jobs.office
    problem = in_an_edition(jobs)
    office.practice.open_home("niamh")
    office.settle()
    office.practice.press("niamh", f"{cards.DETAILS}:{problem.id}")
    office.practice.press("niamh", f"{cards.POINTS_AT_ME}:{problem.id}")
    office.practice.submit("niamh")
    assert state_of(office, problem) == State.TAKEN_DOWN.value
    assert "No reason was given" in said(look(office, "jonas", problem))


def test_whoever_took_it_down_can_not_review_it_and_another_gives_it_back(jobs: Jobs) -> None:
    office = jobs.office
    problem = in_an_edition(jobs)
    take_down(office, "amara", problem)
    jobs.sender.run()
    own = said(look(office, "amara", problem))
    assert "Another steward looks at the words" in own
    assert desk.RESTORE not in own
    assert desk.DESTROY not in own
    office.practice.open_home("jonas")
    office.settle()
    assert "taken down, for a second steward" in json.dumps(office.practice.home("jonas"))
    look(office, "jonas", problem)
    office.practice.press("jonas", desk.RESTORE)
    assert state_of(office, problem) == State.OPEN.value
    jobs.sender.run()
    stands = everything_said(jobs)
    assert TITLE in stands
    assert "stand here again" in stands
    assert HARDSHIP in details(office, "niamh", problem)


def test_destroyed_words_are_gone_from_the_database(jobs: Jobs) -> None:
    office = jobs.office
    problem = in_an_edition(jobs)
    take_down(office, "amara", problem)
    look(office, "jonas", problem)
    gone = office.practice.press("jonas", desk.DESTROY)
    assert "The words are destroyed." in said(gone.views[-1])
    with office.sessions.reading() as session:
        stored = session.get_one(Problem, problem.id)
        assert (stored.title, stored.hardship) == (WHY, "")
        assert session.scalars(sa.select(Withheld)).all() == []


def test_words_that_are_taken_down_before_their_edition_is_posted_never_stand_there(jobs: Jobs) -> None:
    office = jobs.office
    problem = raised(office)
    look(office, "amara", problem)
    office.practice.press("amara", desk.PUBLISH)
    with office.sessions.begin() as session:
        channel = office.bot.settings.digest_channel
        assert channel
        editions.compose(
            session,
            period="2026-W47",
            due_at=office.now,
            late=False,
            channel=channel,
            kit=office.kit,
            at=office.now,
        )
    take_down(office, "jonas", problem)
    for _ in range(6):
        jobs.later(seconds=25)
        jobs.sender.run()
    assert "It named a person" in everything_said(jobs)
    assert TITLE not in everything_said(jobs)
    with office.sessions.reading() as session:
        assert session.scalars(sa.select(Edition)).one().message_ts
        assert {row.sending for row in session.scalars(sa.select(Message)) if row.channel} == {
            Sending.SENT.value
        }


def test_a_correction_of_a_deleted_message_has_nothing_left_to_do(jobs: Jobs) -> None:
    office = jobs.office
    problem = in_an_edition(jobs)
    place = office.practice.world.state.places[office.practice.place("product-weekly").id]
    for ts in [ts for ts, one in place.messages.items() if one.author == office.practice.bot.id]:
        del place.messages[ts]
    take_down(office, "amara", problem)
    jobs.sender.run()
    with office.sessions.reading() as session:
        assert {row.sending for row in session.scalars(sa.select(Message)) if row.channel} == {
            Sending.SENT.value
        }


def test_a_steward_is_told_to_look_where_words_may_stand_in_a_message_that_nobody_finds(jobs: Jobs) -> None:
    office = jobs.office
    problem = in_an_edition(jobs)
    # Slack's answer was lost, so it was held; a steward saw it in the channel and said so.
    with office.sessions.begin() as session:
        edition = session.scalars(sa.select(Edition)).one()
        edition.message_ts, edition.state = None, EditionState.HELD.value
    take_down(office, "amara", problem)
    jobs.sender.run()
    with office.sessions.reading() as session:
        [row] = session.scalars(sa.select(Message).where(Message.problem_class == "NotFound"))
        assert row.sending == Sending.FAILED.value
    office.practice.close("amara", everything=True)
    told = json.dumps(office.slash("amara", "desk").views[-1], ensure_ascii=False)
    assert "in a message that I can't find again" in told
    office.practice.press("amara", f"{desk.DROP}:{row.id}")
    with office.sessions.reading() as session:
        assert session.scalar(sa.select(Message.id).where(Message.sending == Sending.FAILED.value)) is None


def test_what_nobody_else_may_read_can_not_be_taken_down_by_a_guessed_id(jobs: Jobs) -> None:
    office = jobs.office
    problem = raised(office)
    body = {
        "type": "view_submission",
        "user": {"id": office.id("niamh"), "team_id": office.bot.workspace.team},
        "team": {"id": office.bot.workspace.team},
        "view": {
            "id": "V1",
            "type": "modal",
            "callback_id": pointing_views.FORM,
            "private_metadata": str(problem.id),
            "blocks": [],
            "state": {"values": {}},
        },
    }
    answer = office.post(b"payload=" + json.dumps(body).encode().replace(b" ", b"+"))
    assert "not there any more, or not for you to see" in answer.body
    assert state_of(office, problem) == State.NEW.value


@settings(deadline=None)
@given(hostile(200))
def test_the_form_for_whoever_is_pointed_at_stays_within_slacks_limits(title: str) -> None:
    words = Words.of("en")
    check_view(pointing_views.points_form(words, Shown(1, title, number=3)))
    assert len(pointing_views.in_its_place(words)) <= 200
    assert texts(pointing_views.points_form(Words.pseudo(), Shown(1, "x", number=3)))
