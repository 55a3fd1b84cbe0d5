"""The teams that would have to change something are heard in private, before others read; over the wire."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.core.outbox import Message
from bot.core.problems import triage
from bot.core.problems.records import Problem, State
from bot.core.replies.records import Reply
from bot.core.teams.records import Team
from bot.slack import cards
from bot.slack.desk import forms
from bot.slack.desk import views as desk
from bot.slack.replying import views as replying
from bot.slack.shown import Shown
from bot.words import Words
from tests.jobs.conftest import Jobs
from tests.slack.conftest import Office
from tests.slack.limits import check_message, check_view, hostile, past_the_catalogue, texts
from tests.slack.test_home_and_desk import raised

SAID = "We can say a week ahead what is shipped, if one place collects it."


@pytest.fixture
def jobs(lite_office: Office) -> Iterator[Jobs]:
    made = Jobs(lite_office)
    with made.only_one:
        yield made


def concerns(office: Office, team: str = "Identity", *, contact: str | None = "kwame") -> Problem:
    """A confidential problem of which a steward says that this team would have to change something."""
    problem = raised(office)
    with office.sessions.begin() as session:
        found = session.scalars(sa.select(Team).where(Team.name == team)).one()
        found.contact = office.id(contact) if contact else None
        triage.set_inputs(
            session,
            office.actor("amara"),
            problem.id,
            felt_by=frozenset(),
            needed_from=frozenset([found.id]),
            ownership=None,
            kit=office.kit,
            at=office.now,
        )
        return session.get_one(Problem, problem.id)


def look(office: Office, who: str, problem: Problem) -> Any:
    """What a steward sees of it, from Home: from the desk there, or by way of what everybody sees of it."""
    if office.practice.views(who):
        office.practice.close(who, everything=True)
    office.practice.open_home(who)
    office.settle()
    button = f"{desk.LOOK}:{problem.id}"
    if button not in json.dumps(office.practice.home(who)):
        office.practice.press(who, f"{cards.DETAILS}:{problem.id}", at="home")
    return office.practice.press(who, button).views[-1]


def ask(office: Office, who: str, problem: Problem) -> Any:
    look(office, who, problem)
    office.practice.press(who, desk.ASK_TEAMS)
    return office.practice.submit(who)


def state_of(office: Office, problem: Problem) -> str:
    with office.sessions.reading() as session:
        return session.get_one(Problem, problem.id).state


def said(view: Any) -> str:
    return "\n".join(texts(view["blocks"]))


def test_a_team_is_asked_in_private_and_its_words_stand_beside_the_problem(jobs: Jobs) -> None:
    office = jobs.office
    problem = concerns(office)
    first = look(office, "amara", problem)
    assert "are heard:* Identity" in said(first)
    assert desk.PUBLISH not in json.dumps(first)

    asked = ask(office, "amara", problem)
    assert state_of(office, problem) == State.ASKED.value
    assert "Asked teams have until" in said(asked.views[-1])
    assert desk.PUBLISH not in json.dumps(asked.views[-1])
    assert len(asked.views) == 1, "the form of the act is closed over the problem"

    jobs.sender.run()
    told = office.practice.dms("kwame")
    assert [each["text"] for each in told] == ["Something waits for Identity."]
    assert problem.title not in json.dumps(told)

    opened = office.practice.press("kwame", replying.OPEN).views[-1]
    assert problem.title in said(opened)
    assert "You have not been named anywhere." in said(opened)
    assert "Until <!date^" in said(opened)
    thanked = office.practice.submit("kwame", {replying.WORDS: SAID})
    assert "will stand beside the problem" in said(thanked.views[-1])

    seen = look(office, "jonas", problem)
    assert SAID in said(seen)
    published = office.practice.press("jonas", desk.PUBLISH)
    assert state_of(office, problem) == State.OPEN.value
    assert desk.PUBLISH not in json.dumps(published.views[-1])

    office.practice.open_home("niamh")
    office.settle()
    details = office.practice.press("niamh", f"{cards.DETAILS}:{problem.id}").views[-1]
    assert "What Identity says" in said(details)
    assert SAID in said(details)


def test_whatever_happens_a_raiser_hears_only_that_there_is_news_and_only_at_the_batch_hour(
    jobs: Jobs,
) -> None:
    office = jobs.office
    problem = concerns(office)
    ask(office, "amara", problem)
    jobs.sender.run()
    assert office.practice.dms("priya") == []
    with office.sessions.reading() as session:
        due = {row.due_at for row in session.scalars(sa.select(Message)) if row.kind == "news"}
    assert len(due) == 1
    hour = office.bot.settings.batch_hour
    assert next(iter(due)).astimezone(office.bot.settings.time_zone).time() == hour
    jobs.later(days=1)
    jobs.sender.run()
    assert [each["text"] for each in office.practice.dms("priya")] == [
        "There is news on something you follow."
    ]


def test_what_waits_for_a_team_waits_in_its_contacts_home_as_well(jobs: Jobs) -> None:
    office = jobs.office
    problem = concerns(office)
    ask(office, "amara", problem)
    office.practice.open_home("kwame")
    office.settle()
    shown = office.practice.home("kwame")
    assert "Something waits for Identity." in json.dumps(shown)
    assert problem.title not in json.dumps(shown)
    with office.sessions.reading() as session:
        team = session.scalars(sa.select(Reply.team_id)).one()
    opened = office.practice.press("kwame", f"{replying.OPEN}:{problem.id}:{team}")
    assert problem.title in said(opened.views[-1])
    office.practice.open_home("niamh")
    office.settle()
    assert "Something waits" not in json.dumps(office.practice.home("niamh"))


def test_whoever_answers_for_the_team_no_more_is_told_so_kindly(jobs: Jobs) -> None:
    office = jobs.office
    problem = concerns(office)
    ask(office, "amara", problem)
    jobs.sender.run()
    office.practice.press("kwame", replying.OPEN)
    with office.sessions.begin() as session:
        session.scalars(sa.select(Team).where(Team.name == "Identity")).one().contact = office.id("niamh")
    refused = office.practice.submit("kwame", {replying.WORDS: SAID})
    assert "somebody else answers for the team now" in json.dumps(refused.errors)
    with office.sessions.reading() as session:
        assert session.scalars(sa.select(Reply)).one().text is None


def test_a_message_to_a_contact_is_not_sent_once_somebody_else_answers_for_the_team(jobs: Jobs) -> None:
    office = jobs.office
    ask(office, "amara", concerns(office))
    with office.sessions.begin() as session:
        session.scalars(sa.select(Team).where(Team.name == "Identity")).one().contact = office.id("niamh")
    jobs.sender.run()
    assert office.practice.dms("kwame") == []


def test_the_words_of_a_form_that_was_forged_for_another_team_are_not_stored(jobs: Jobs) -> None:
    office = jobs.office
    problem = concerns(office)
    ask(office, "amara", problem)
    with office.sessions.reading() as session:
        team = session.scalars(sa.select(Reply.team_id)).one()
    body = {
        "type": "view_submission",
        "user": {"id": office.id("niamh"), "team_id": office.bot.workspace.team},
        "team": {"id": office.bot.workspace.team},
        "view": {
            "id": "V1",
            "type": "modal",
            "callback_id": replying.FORM,
            "private_metadata": f"{problem.id}:{team}",
            "blocks": [],
            "state": {"values": {replying.WORDS: {"given": {"value": "Ours."}}}},
        },
    }
    answer = office.post(b"payload=" + json.dumps(body).encode().replace(b" ", b"+"))
    assert answer.status == 200
    assert "nothing here that waits" in answer.body
    with office.sessions.reading() as session:
        assert session.scalars(sa.select(Reply)).one().text is None


def test_once_the_time_is_over_it_can_be_published_without_an_answer(jobs: Jobs) -> None:
    office = jobs.office
    problem = concerns(office)
    ask(office, "amara", problem)
    jobs.later(days=6)
    assert desk.PUBLISH not in json.dumps(look(office, "amara", problem))
    jobs.later(days=2)
    seen = look(office, "amara", problem)
    assert "It can be published" in said(seen)
    office.practice.press("amara", desk.PUBLISH)
    assert state_of(office, problem) == State.OPEN.value


def test_a_steward_gives_the_teams_more_time(jobs: Jobs) -> None:
    office = jobs.office
    problem = concerns(office)
    ask(office, "amara", problem)
    look(office, "amara", problem)
    office.practice.press("amara", desk.MORE_TIME)
    office.practice.submit("amara", {forms.DAYS_IN_ALL: "10"})
    jobs.later(days=8)
    assert "Asked teams have until" in said(look(office, "amara", problem))


def test_publishing_early_takes_two_stewards_each_with_a_sentence_that_everybody_reads(jobs: Jobs) -> None:
    office = jobs.office
    problem = concerns(office)
    ask(office, "amara", problem)
    for who, sentence in (("amara", "The launch is on Friday."), ("jonas", "Support can't plan without it.")):
        assert state_of(office, problem) == State.ASKED.value
        look(office, who, problem)
        office.practice.press(who, desk.EARLY)
        office.practice.submit(who, {forms.SENTENCE: sentence})
    assert state_of(office, problem) == State.OPEN.value
    office.practice.open_home("niamh")
    office.settle()
    details = said(office.practice.press("niamh", f"{cards.DETAILS}:{problem.id}").views[-1])
    assert "The launch is on Friday." in details
    assert "Support can't plan without it." in details


def test_one_steward_alone_publishes_nothing_early(jobs: Jobs) -> None:
    office = jobs.office
    problem = concerns(office)
    ask(office, "amara", problem)
    for _ in range(2):
        look(office, "amara", problem)
        office.practice.press("amara", desk.EARLY)
        told = office.practice.submit("amara", {forms.SENTENCE: "It can't wait."})
    assert "A second steward" in json.dumps(told.errors)
    assert state_of(office, problem) == State.ASKED.value
    assert "It can't wait." in said(look(office, "jonas", problem))


def test_the_form_says_which_team_nobody_answers_for(jobs: Jobs) -> None:
    office = jobs.office
    problem = concerns(office, contact=None)
    seen = look(office, "amara", problem)
    assert desk.PUBLISH in json.dumps(seen), "nobody could be asked, so it need not wait"
    with office.sessions.begin() as session:
        other = session.scalars(sa.select(Team).where(Team.name != "Identity").order_by(Team.name)).first()
        assert other is not None
        other.contact = office.id("kwame")
        known = session.scalars(sa.select(Team.id).where(Team.name == "Identity")).one()
        triage.set_inputs(
            session,
            office.actor("amara"),
            problem.id,
            felt_by=frozenset(),
            needed_from=frozenset([other.id, known]),
            ownership=None,
            kit=office.kit,
            at=office.now,
        )
    look(office, "amara", problem)
    form = office.practice.press("amara", desk.ASK_TEAMS).views[-1]
    assert "Identity (nobody answers for it)" in json.dumps(form)


# Views

_ASKED = st.builds(
    replying.Asked,
    shown=st.builds(
        Shown,
        id=st.integers(1, 2**63 - 1),
        title=hostile(200),
        hardship=hostile(3000),
        tried=st.just("") | hostile(3000),
        number=st.none() | st.just(3),
        state=st.sampled_from(["asked", "open"]),
    ),
    team=st.integers(1, 2**63 - 1),
    name=hostile(200),
    reply=st.none() | hostile(3000),
    until=st.none() | st.just(dt.datetime(2026, 11, 25, tzinfo=dt.UTC)),
    over=st.booleans(),
)


@given(_ASKED)
def test_what_a_contact_reads_stays_within_slacks_limits(asked: replying.Asked) -> None:
    words = Words.of("en")
    check_view(replying.reply_form(words, asked))
    check_message(*replying.something_waits(words, asked.name, asked.shown.id, asked.team))


def test_every_text_for_a_contact_comes_from_the_catalogue() -> None:
    words = Words.pseudo()
    shown = Shown(1, "DATA", "DATA", "DATA", "DATA", state="asked")
    for until in (None, dt.datetime(2026, 11, 25, tzinfo=dt.UTC)):
        form = replying.reply_form(words, replying.Asked(shown, 2, "DATA", "DATA", until))
        assert past_the_catalogue(form, data=["DATA"]) == []
    text, blocks = replying.something_waits(words, "DATA", 1, 2)
    assert past_the_catalogue(text, data=["DATA"]) == []
    assert past_the_catalogue(blocks, data=["DATA"]) == []
