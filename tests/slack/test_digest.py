"""The edition from its composing to its channel, and the stewards' preview of it, over the wire."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from slack_sdk import WebClient

from bot.core.editions import acts as editions
from bot.core.editions import queries
from bot.core.editions.records import Edition
from bot.core.outbox import Message
from bot.core.problems import triage
from bot.core.problems.records import Problem
from bot.core.problems.rules import Verdict
from bot.settings import Settings
from bot.slack.editions.listeners import next_period
from bot.slack.editions.thread_views import edition_thread
from bot.slack.editions.views import edition_message, metadata
from bot.words import Words
from tests.company import run_batch
from tests.slack.conftest import Office
from tests.slack.limits import buttons, texts
from tests.slack.test_confirming import TITLE, published

EN = Words.of("en")


@pytest.fixture
def features() -> Sequence[str]:
    return ("confirming", "editions", "help")


def unowned(office: Office, title: str = TITLE) -> Problem:
    """A published problem that the stewards place with no single team."""
    problem = published(office, title=title)
    with office.sessions.begin() as session:
        return triage.overrule(
            session,
            office.actor("amara"),
            problem.id,
            Verdict.NO_SINGLE_TEAM,
            "Four teams share the calendar.",
            kit=office.kit,
            at=office.now,
        )


def rows(office: Office) -> int:
    with office.sessions.reading() as session:
        return sum(
            session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in (Edition, Message)
        )


def whole(content: Any) -> str:
    return "\n".join(texts(content["blocks"]))


def test_a_steward_sees_the_next_edition_and_nothing_is_written(office: Office) -> None:
    unowned(office)
    before = rows(office)
    outcome = office.slash("amara", "digest")
    assert outcome.ok
    (whisper,) = outcome.ephemerals
    said = whole(whisper)
    assert "What no single team can solve · week 48" in said
    assert f"*1. {TITLE}.*" in said
    assert "The stewards place it here: “Four teams share the calendar.”" in said
    assert TITLE in whisper["text"]
    assert buttons(whisper["blocks"]) == []
    assert rows(office) == before
    with office.sessions.reading() as session:
        assert [problem.finding for problem in session.scalars(sa.select(Problem))] == [None]
    office.practice.assert_no_objections()


def test_a_week_without_anything_is_previewed_as_its_one_line(lite_office: Office) -> None:
    (whisper,) = lite_office.slash("jonas", "digest").ephemerals
    assert "*Week 48.* Nothing new that needs more than one team." in whole(whisper)


def test_nobody_but_stewards_sees_it(lite_office: Office) -> None:
    unowned(lite_office)
    (whisper,) = lite_office.slash("priya", "digest").ephemerals
    assert "This is for the stewards." in whisper["text"]
    assert TITLE not in str(whisper)


def test_words_after_it_are_answered_with_usage(lite_office: Office) -> None:
    (whisper,) = lite_office.slash("amara", "digest now").ephemerals
    assert "`/problem digest`" in whole(whisper)
    assert "Only you see this" not in whole(whisper)


def test_many_problems_fit_into_one_answer(lite_office: Office) -> None:
    for number in range(8):
        unowned(lite_office, title=f"{'&<>*' * 40} {number}")
    for number in range(12):
        published(lite_office, title=f"{'_`~' * 50} {number}")
    outcome = lite_office.slash("amara", "digest")
    assert outcome.ok
    assert "more need more than one team; my Home tab shows them." in whole(outcome.ephemerals[0])
    lite_office.practice.assert_no_objections()


@pytest.mark.parametrize(
    ("now", "key"),
    [
        (dt.datetime(2026, 11, 18, 14, tzinfo=dt.UTC), "2026-W48"),
        (dt.datetime(2026, 11, 16, 0, 0, tzinfo=dt.UTC), "2026-W47"),
        (dt.datetime(2026, 11, 16, 23, 0, tzinfo=dt.UTC), "2026-W48"),
        (dt.datetime(2026, 12, 31, 12, tzinfo=dt.UTC), "2027-W01"),
    ],
)
def test_the_next_edition_is_the_one_that_is_due_next(settings: Settings, now: dt.datetime, key: str) -> None:
    period = next_period(settings, now)
    assert period.key == key
    assert now < period.due_at <= now + dt.timedelta(weeks=1)


def test_an_edition_stands_in_its_channel_and_its_buttons_work_for_everybody(office: Office) -> None:
    first = unowned(office)
    unowned(office, title="Two dashboards, two numbers")
    published(office, title="Something new")
    channel = office.practice.place("product-weekly").id
    with office.sessions.begin() as session:
        edition = editions.compose(
            session,
            period="2026-W47",
            due_at=office.now,
            late=False,
            channel=channel,
            kit=office.kit,
            at=office.now,
        )
        assert edition is not None
        composed = queries.composed(session, edition)
        parts = composed.parts()
        text, blocks = edition_message(EN, edition, composed, command=office.command)
        threads = [edition_thread(EN, composed, part) for part in parts]
        about = metadata(edition.id)
    web = WebClient(office.practice.bot_token, base_url=office.practice.api_url)
    posted = web.chat_postMessage(channel=channel, text=text, blocks=blocks, metadata=about)
    at = {"channel": channel, "ts": posted["ts"]}
    for said, more in threads:
        web.chat_postMessage(channel=channel, text=said, blocks=more, thread_ts=posted["ts"])
    before = office.practice.messages("tomasz", "product-weekly")
    for who in ("priya", "soren", "moses"):
        outcome = office.practice.press(who, f"problem.hits_us:{first.id}", at=at)
        assert "What others see changes with Monday's edition." in whole(outcome.views[-1])
    run_batch(office.sessions, office.kit, office.now, days=1)
    assert office.practice.messages("tomasz", "product-weekly") == before, "one text for all, unchanged"
    thread = next(each for each in office.practice.replies("tomasz", at) if each["text"] == threads[0][0])
    assert "*Something new*" in whole(thread)
    for button in buttons(thread["blocks"]):
        assert office.practice.press("tomasz", button["action_id"], at=thread).ok
        office.practice.close("tomasz", everything=True)
    office.practice.assert_no_objections()
