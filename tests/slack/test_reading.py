"""Looking at problems: the open ones, one's own, and one by its number."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.identity.people import Actor
from bot.core.problems import acts, triage
from bot.core.problems.records import Problem
from bot.core.problems.wording import Wording
from bot.core.refusal import Refusal
from bot.slack.reading import views
from bot.slack.shown import Shown
from bot.words import Words
from tests.company import run_batch
from tests.slack import limits
from tests.slack.conftest import Office


@pytest.fixture
def features() -> Sequence[str]:
    return ("raising", "help", "reading")


def raised(office: Office, who: str, title: str, *, named: bool = True, publish: bool = False) -> None:
    """A problem of somebody's, with the stewards or published."""
    actor = Actor(office.id(who))
    wording = Wording(title, "For us this means waiting.")
    with office.sessions.begin() as session:
        if not named:
            acts.raise_confidential(session, actor, wording, form=title, kit=office.kit)
            return
        problem = acts.raise_named(session, actor, wording, form=title, kit=office.kit, at=office.now)
        assert problem is not None
        if publish:
            publish_one(office, session, problem)


def publish_one(office: Office, session: Any, problem: Problem) -> None:
    triage.publish(
        session, office.actor("amara"), problem.id, kit=office.kit, at=office.now, news_at=office.now
    )


def whisper(outcome: Any) -> dict[str, Any]:
    assert outcome.ok
    (message,) = outcome.ephemerals
    if message["blocks"]:
        limits.check_message(message["text"], message["blocks"])
    return dict(message)


def test_an_empty_list_says_how_to_begin(office: Office) -> None:
    assert "Nothing is open" in whisper(office.slash("niamh", "list"))["text"]


def test_the_list_has_pages_with_the_newest_first_and_nothing_twice(office: Office) -> None:
    for number in range(1, 18):
        raised(office, "priya", f"Problem number {number}", publish=True)
    message = whisper(office.slash("niamh", "list"))
    seen = [line for line in message["text"].split("\n") if "Problem number" in line]
    for _ in range(2):
        outcome = office.practice.press("niamh", "read.list", at=message)
        message = whisper(outcome)
        seen += [line for line in message["text"].split("\n") if "Problem number" in line]
    assert [int(line.split(" · ")[0]) for line in seen] == list(range(17, 0, -1))
    assert '"read.list"' not in json.dumps(message["blocks"])
    office.practice.assert_no_objections()


def test_what_is_not_published_is_in_nobodys_list(office: Office) -> None:
    raised(office, "priya", "Not for all yet")
    assert "Not for all yet" not in whisper(office.slash("niamh", "list"))["text"]
    assert "Not for all yet" not in whisper(office.slash("amara", "list"))["text"]


def test_ones_own_are_listed_also_the_confidential_ones_and_how_many_still_wait(office: Office) -> None:
    raised(office, "niamh", "Moved by the batch", named=False)
    run_batch(office.sessions, office.kit, office.now)
    raised(office, "niamh", "With my name")
    raised(office, "niamh", "Sent today", named=False)
    raised(office, "priya", "Somebody else's")
    said = whisper(office.slash("niamh", "mine"))["text"]
    assert "Moved by the batch" in said
    assert "With my name" in said
    assert "Somebody else's" not in said
    assert "Sent today" not in said
    assert "One that you sent reaches the stewards" in said


def test_whoever_raised_nothing_is_told_how_to(office: Office) -> None:
    assert "Nothing here is from you yet" in whisper(office.slash("priya", "mine"))["text"]


def test_many_of_ones_own_open_in_a_form(office: Office) -> None:
    for number in range(12):
        raised(office, "niamh", f"Mine {number}")
    message = whisper(office.slash("niamh", "mine"))
    assert "5 more are not shown here" in message["text"]
    view = office.practice.press("niamh", "read.mine", at=message).views[-1]
    assert all(f"Mine {number}" in json.dumps(view) for number in range(12))
    office.practice.assert_no_objections()


def test_one_problem_is_shown_by_its_number(office: Office) -> None:
    raised(office, "priya", "The shared environment breaks", publish=True)
    for typed in ("show 1", "show #1", "SHOW  1"):
        message = whisper(office.slash("niamh", typed))
        assert "The shared environment breaks" in message["text"]
        assert "Hits us too" in json.dumps(message["blocks"])
    own = whisper(office.slash("priya", "show 1"))
    assert "problem.hits_us" not in json.dumps(own["blocks"])
    assert "Look as a steward" not in json.dumps(own["blocks"])
    assert "Look as a steward" in json.dumps(whisper(office.slash("amara", "show 1"))["blocks"])


def test_a_number_that_is_not_there_is_refused_in_words(office: Office) -> None:
    said = whisper(office.slash("niamh", "show 7"))["text"]
    assert said == "There is no problem 7 that you can see. `/problem list` shows the open ones."


def test_nothing_of_another_person_s_raising_shows_in_a_list_or_card(office: Office) -> None:
    raised(office, "niamh", "Confidential one", named=False)
    run_batch(office.sessions, office.kit, office.now)
    with office.sessions.begin() as session:
        (problem,) = session.query(Problem).all()
        publish_one(office, session, problem)
    for typed in ("list", "show 1"):
        message = whisper(office.slash("priya", typed))
        assert "Confidential one" in message["text"]
        assert office.id("niamh") not in json.dumps(message)


titles = st.lists(limits.hostile(), min_size=1, max_size=50)


@given(titles=titles, more=st.booleans(), waiting=st.integers(0, 3))
@settings(max_examples=80, deadline=None)
def test_lists_of_any_titles_fit_into_a_message_and_a_form(
    titles: list[str], more: bool, waiting: int
) -> None:
    english = Words.of("en")
    shown = [Shown(id=place + 1, title=title, number=place + 1) for place, title in enumerate(titles)]
    for first in (True, False):
        said = views.open_ones(english, shown[: views.IN_MESSAGE], more=more, first=first, command="/problem")
        limits.check_message(*said)
        limits.check_view(
            views.form(
                english,
                views.open_ones(english, shown[: views.IN_FORM], more=more, first=first, command="/problem"),
            )
        )
    at = dt.datetime(2026, 11, 19, 7, tzinfo=dt.UTC)
    for most in (views.IN_MESSAGE, views.IN_FORM):
        said = views.mine(english, shown, waiting=waiting, reaches_at=at, command="/problem", most=most)
        limits.check_view(views.form(english, said))
        if most == views.IN_MESSAGE:
            limits.check_message(*said)


def test_nothing_bypasses_the_catalogue() -> None:
    words = Words.pseudo()
    at = dt.datetime(2026, 11, 19, 7, tzinfo=dt.UTC)
    shown = [Shown(id=1, title="Title", number=1)] * 50
    data = ("Title", "<!date^1795071600^", "|", "1")
    for said in (
        views.open_ones(words, shown[:3], more=True, first=True, command="/problem"),
        views.open_ones(words, [], more=False, first=True, command="/problem"),
        views.mine(words, shown, waiting=2, reaches_at=at, command="/problem"),
        views.mine(words, [], waiting=1, reaches_at=at, command="/problem"),
        views.mine(words, [], waiting=0, reaches_at=at, command="/problem"),
    ):
        assert limits.past_the_catalogue(said[0], data=data) == []
        assert limits.past_the_catalogue(views.form(words, said), data=data) == []


@pytest.mark.parametrize("value", ["before:x", "before:", "before:1e9", "before:99999999999"])
def test_a_forged_page_is_refused(value: str) -> None:
    with pytest.raises(Refusal):
        views.read_page(value)
