"""Bad days: what a person sees when something is refused or breaks, for every kind of interaction."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from slack_sdk import WebClient

from bot.core.problems.records import Inbox, Problem, Reaction
from bot.core.refusal import Refusal
from bot.core.store import Sessions, build_engine
from bot.slack import text as t
from bot.slack.raising.check_views import AS_IT_IS
from bot.slack.turn import Answer, Listeners, SubCommand, Turn
from tests.slack import limits
from tests.slack.conftest import Office, Opened
from tests.slack.test_raising import FILLED, HARDSHIP, LINE, inbox, shown

SECRET = "U0SECRET said something"
NOT_SAVED = "Nothing was saved: the database did not answer"


@pytest.fixture
def features() -> Sequence[str]:
    return ("raising", "help", "reading")


# Each kind of interaction, with a listener that refuses or breaks


class Boom(Exception):
    pass


def breaks(_turn: Turn) -> Answer:
    raise Boom(SECRET)


def refuses(_turn: Turn) -> Answer:
    raise Refusal("Not now, {name}. `{command} help` says more.", name="<!channel> & co")


def opens(turn: Turn) -> Answer:
    """A form with every kind of thing that can fail in it."""
    turn.slack.open_view(turn.trigger, FORM)
    return None


FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "test.form",
    "title": {"type": "plain_text", "text": "A form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "close": {"type": "plain_text", "text": "Close"},
    "blocks": [
        {
            "type": "input",
            "block_id": "words",
            "optional": True,
            "label": {"type": "plain_text", "text": "Words"},
            "element": {"type": "plain_text_input", "action_id": "words", "multiline": True},
        },
        {
            "type": "input",
            "block_id": "menu",
            "optional": True,
            "label": {"type": "plain_text", "text": "Menu"},
            "element": {"type": "external_select", "action_id": "test.menu", "min_query_length": 0},
        },
        {
            "type": "actions",
            "block_id": "buttons",
            "elements": [t.button("Press", "test.button", "x")],
        },
    ],
}


def table(listener: Callable[[Turn], Answer]) -> Listeners:
    listeners = Listeners()

    def command(turn: Turn, said: str) -> Answer:
        return opens(turn) if said == "open" else listener(turn)

    listeners.command(SubCommand("", "", "", command))
    listeners.command(SubCommand("open", "", "", lambda turn, _rest: opens(turn)))
    listeners.event("reaction_added", listener)
    listeners.action("test.button", listener)
    listeners.submission("test.form", listener)
    listeners.shortcut("raise_problem", listener)
    listeners.option("test.menu", listener)
    return listeners


@pytest.fixture
def broken(open_office: Opened, lite: Sessions) -> Office:
    return open_office(lite, table(breaks))


@pytest.fixture
def refusing(open_office: Opened, lite: Sessions) -> Office:
    return open_office(lite, table(refuses))


REFERENCE = re.compile(r"\(([A-Z2-9]{4})\)")


def told(content: dict[str, Any], office: Office) -> None:
    """The person reads a reference that stands in the log too, and nothing of what broke."""
    said = content.get("text") or shown(content)
    found = REFERENCE.search(said)
    assert found, said
    assert SECRET not in said + shown(content)
    assert [line["reference"] for line in office.log if "reference" in line] == [found[1]]
    assert SECRET not in json.dumps(office.log)


def button(office: Office) -> dict[str, Any]:
    """A message of the bot's with the button in it."""
    web = WebClient(office.practice.bot_token, base_url=office.practice.api_url)
    channel = office.practice.place("engineering").id
    block = t.buttons(t.button("Press", "test.button", "x"))
    posted = web.chat_postMessage(channel=channel, text="Press", blocks=[block])
    return {"channel": channel, "ts": posted["ts"]}


def test_a_command_that_breaks_is_answered_in_its_ack_with_the_words_to_copy(broken: Office) -> None:
    outcome = broken.slash("priya", "The build is slow *today*")
    (whisper,) = outcome.ephemerals
    told(whisper, broken)
    assert "The build is slow *today*" in shown(whisper)
    limits.check_message(whisper["text"], whisper["blocks"])


def test_a_long_command_that_breaks_gives_back_what_a_message_can_hold(broken: Office) -> None:
    (whisper,) = broken.slash("priya", "word & " * 6000).ephemerals
    limits.check_message(whisper["text"], whisper["blocks"])
    broken.practice.assert_no_objections()


def test_a_form_that_breaks_keeps_the_words(broken: Office) -> None:
    broken.slash("priya", "open")
    words = "*mine* & `yours` " + "long " * 500
    outcome = broken.practice.submit("priya", {"words": words})
    assert outcome.ok
    told(outcome.views[-1], broken)
    assert words.strip() in "".join(limits.texts(outcome.views[-1]["blocks"]))
    broken.practice.assert_no_objections()


def test_a_form_without_words_that_breaks_stays_open(broken: Office) -> None:
    broken.slash("priya", "open")
    outcome = broken.practice.submit("priya", {})
    assert REFERENCE.search(outcome.errors["words"])


def test_a_button_in_a_message_that_breaks_is_answered_to_the_person_alone(broken: Office) -> None:
    at = button(broken)
    (whisper,) = broken.practice.press("priya", "test.button", at=at).ephemerals
    told(whisper, broken)
    assert broken.practice.messages("priya", "engineering")[-2]["text"] == "Press"


def test_a_button_in_a_form_that_breaks_shows_a_form_over_it(broken: Office) -> None:
    broken.slash("priya", "open")
    outcome = broken.practice.press("priya", "test.button")
    assert outcome.ok
    assert len(outcome.views) == 2
    told(outcome.views[-1], broken)
    broken.practice.assert_no_objections()


def test_a_shortcut_that_breaks_shows_a_form(broken: Office) -> None:
    outcome = broken.practice.global_shortcut("priya", "raise_problem")
    assert outcome.ok
    told(outcome.views[-1], broken)


def test_a_menu_that_breaks_is_empty(broken: Office) -> None:
    broken.slash("priya", "open")
    outcome = broken.practice.suggest("priya", "test.menu", "x")
    assert outcome.ok
    assert outcome.options == []


def test_an_event_that_breaks_is_not_acknowledged(broken: Office) -> None:
    message = broken.practice.say("kwame", "engineering", "Down again.").message
    assert message is not None
    outcome = broken.practice.react("priya", message, "jigsaw")
    assert outcome.status == 500
    assert outcome.body == {}


def test_the_log_says_where_it_broke_and_not_what_was_said(broken: Office) -> None:
    broken.slash("priya", "The build is slow")
    (line,) = [each for each in broken.log if each["level"] == "error"]
    assert line["error"] == "tests.slack.test_failures.Boom"
    assert any("test_failures.py" in each for each in line["where"])
    for said in (SECRET, "The build", broken.id("priya")):
        assert said not in json.dumps(broken.log)


def test_where_nobody_can_be_told_any_more_nothing_else_breaks(broken: Office) -> None:
    broken.practice.fault("response_url", status=404, times=1)
    outcome = broken.practice.press("priya", "test.button", at=button(broken))
    assert outcome.status == 200
    broken.practice.fault("views.open", error="expired_trigger_id", times=1)
    assert broken.practice.global_shortcut("priya", "raise_problem").status == 200
    broken.slash("priya", "open")
    broken.practice.fault("views.push", error="push_limit_reached", times=1)
    assert broken.practice.press("priya", "test.button").status == 200


def test_a_refusal_is_said_in_the_person_s_words_and_does_nothing(refusing: Office) -> None:
    (whisper,) = refusing.slash("priya", "x y").ephemerals
    assert whisper["text"] == "Not now, &lt;!channel&gt; &amp; co. `/problem help` says more."
    (whisper,) = refusing.practice.press("priya", "test.button", at=button(refusing)).ephemerals
    assert whisper["text"].startswith("Not now, &lt;!channel&gt;")
    refusing.slash("priya", "open")
    outcome = refusing.practice.submit("priya", {"words": "mine"})
    assert outcome.errors == {"words": "Not now, <!channel> & co. /problem help says more."}
    view = refusing.practice.press("priya", "test.button").views[-1]
    assert "Not now, &lt;!channel&gt;" in shown(view)
    refusing.practice.close("priya", everything=True)
    view = refusing.practice.global_shortcut("priya", "raise_problem").views[-1]
    assert "Not now" in shown(view)
    refusing.practice.assert_no_objections()


def test_slack_not_answering_is_said_as_such(lite_office: Office) -> None:
    lite_office.practice.fault("views.open", status=503, times=1)
    (whisper,) = lite_office.slash("niamh", LINE).ephemerals
    assert "Slack did not answer me in time" in whisper["text"]
    assert LINE in shown(whisper)


def test_a_slow_slack_is_not_waited_for_longer_than_the_budget(lite_office: Office) -> None:
    lite_office.practice.fault("views.open", delay=2.6, times=1)
    outcome = lite_office.slash("niamh", LINE)
    assert outcome.elapsed < 2.5
    assert "Slack did not answer me in time" in outcome.ephemerals[0]["text"]


# The database


@contextmanager
def locked(office: Office) -> Iterator[None]:
    """Somebody else holds the tables that are written to."""
    other = build_engine(office.sessions.engine.url.render_as_string(hide_password=False))
    with other.connect() as connection:
        if office.sessions.dialect == "postgresql":
            connection.execute(sa.text("LOCK TABLE inbox, reactions, problems, deliveries IN EXCLUSIVE MODE"))
        else:
            connection.execute(sa.text("SELECT 1"))  # which begins a transaction that may write
        yield
        connection.rollback()
    other.dispose()


def away(tmp_path: Path) -> Sessions:
    return Sessions(build_engine(f"sqlite:///{tmp_path}/no/such/folder/groundswell.db"))


def test_a_locked_database_is_said_as_it_is_and_the_words_are_kept(office: Office) -> None:
    office.slash("niamh")
    with locked(office):
        outcome = office.practice.submit("niamh", FILLED)
    assert outcome.ok
    view = outcome.views[-1]
    assert NOT_SAVED in shown(view)
    assert LINE in shown(view)
    assert HARDSHIP in shown(view)
    assert inbox(office) == []
    assert outcome.elapsed < 2


def test_a_protected_act_that_fails_has_no_reference_and_no_time_in_the_log(office: Office) -> None:
    office.slash("niamh")
    with locked(office):
        view = office.practice.submit("niamh", FILLED).views[-1]
    assert not REFERENCE.search(shown(view))
    (line,) = [each for each in office.log if each["level"] == "error"]
    assert line["timestamp"] == dt.datetime.now(dt.UTC).date().isoformat()
    assert line["kind"] == "interaction"
    assert not line.get("reference")


def test_a_database_that_is_away_is_said_to_whoever_uses_the_command(
    open_office: Opened, tmp_path: Path
) -> None:
    office = open_office(away(tmp_path))
    for typed in ("", "help", "list", "mine", "show 3", "releases come late"):
        (whisper,) = office.slash("niamh", typed).ephemerals
        assert NOT_SAVED in whisper["text"], typed
    view = office.practice.global_shortcut("niamh", "raise_problem").views[-1]
    assert NOT_SAVED in shown(view)


def test_a_database_that_goes_away_while_the_form_is_open_loses_no_words(
    open_office: Opened, lite: Sessions, tmp_path: Path
) -> None:
    open_office(lite).slash("niamh")
    office = open_office(away(tmp_path))
    view = office.practice.submit("niamh", FILLED).views[-1]
    assert NOT_SAVED in shown(view)
    assert HARDSHIP in shown(view)


def test_an_event_that_could_not_be_stored_comes_again_and_is_stored_then(office: Office) -> None:
    message = office.practice.say("kwame", "engineering", "Down again.").message
    assert message is not None
    with locked(office):
        outcome = office.practice.react("priya", message, "jigsaw")
        assert outcome.status == 500
        (delivery,) = outcome.deliveries
        office.practice.wait_until(lambda: len(delivery.attempts) == 2)
    office.practice.move_clock(61)
    office.practice.wait_until(lambda: delivery.ok)
    with office.sessions.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Reaction)) == 1


# Text that tries to get past something

TRICKS = [
    *limits.HOSTILE,
    "emoji only: 🧩🧩🧩",
    "🧩",
    "שלום עולם, זה לא עובד",
    "x" * 200,
]


@pytest.mark.parametrize("said", TRICKS)
def test_whatever_is_typed_is_stored_whole_and_calls_nobody(lite_office: Office, said: str) -> None:
    title = " ".join(said.split())[:200].strip()
    lite_office.slash("niamh")
    outcome = lite_office.practice.submit("niamh", {"title": title, "hardship": said})
    if outcome.views[-1]["callback_id"] == AS_IT_IS:  # a mention or a link: it is asked about, never refused
        limits.check_view({key: value for key, value in outcome.views[-1].items() if key in _VIEW and value})
        outcome = lite_office.practice.press("niamh", AS_IT_IS)
    (row,) = inbox(lite_office)
    assert (row.body["title"], row.body["hardship"]) == (" ".join(title.split()), said.strip())
    limits.check_view({key: value for key, value in outcome.views[-1].items() if key in _VIEW and value})
    lite_office.practice.assert_no_objections()


_VIEW = ("type", "title", "close", "submit", "blocks", "callback_id", "private_metadata")


@pytest.mark.parametrize("said", ["a \x00 b", "a \ud800 b", "\udfff"])
def test_what_no_database_can_hold_is_refused_beside_its_field(lite_office: Office, said: str) -> None:
    lite_office.slash("niamh")
    outcome = lite_office.practice.submit("niamh", {"title": said, "hardship": said})
    assert set(outcome.errors) == {"title", "hardship"}
    assert "broken character" in outcome.errors["title"]
    assert inbox(lite_office) == []


@pytest.mark.parametrize("said", ["\u200b\u200b", "\u202e", "\u0301\u0301", " \u00a0 "])
def test_what_nobody_can_read_is_refused_beside_its_field(lite_office: Office, said: str) -> None:
    lite_office.slash("niamh")
    outcome = lite_office.practice.submit("niamh", {"title": said, "hardship": HARDSHIP})
    assert set(outcome.errors) == {"title"}
    assert inbox(lite_office) == []


def test_more_than_a_field_takes_is_refused_beside_it_with_both_figures(lite_office: Office) -> None:
    """Slack's own client stops at the limit; a request need not come from there."""
    lite_office.slash("niamh")
    view = lite_office.practice.view("niamh")
    values = {
        block: {block: {"type": "plain_text_input", "value": said}}
        for block, said in (("title", "x" * 201), ("hardship", "y" * 3001))
    }
    payload = {
        "type": "view_submission",
        "team": {"id": lite_office.bot.workspace.team},
        "user": {"id": lite_office.id("niamh"), "team_id": lite_office.bot.workspace.team},
        "view": {**view, "state": {"values": values}},
    }
    answer = json.loads(lite_office.post(urlencode({"payload": json.dumps(payload)}).encode()).body)
    assert answer["response_action"] == "errors"
    assert "201" in answer["errors"]["title"]
    assert "200" in answer["errors"]["title"]
    assert "3001" in answer["errors"]["hardship"]
    assert inbox(lite_office) == []


def test_nothing_is_stored_of_a_form_that_was_closed(lite_office: Office) -> None:
    lite_office.slash("niamh", LINE)
    lite_office.practice.fill("niamh", FILLED)
    lite_office.practice.close("niamh")
    with lite_office.sessions.reading() as session:
        for rows in (Inbox, Problem):
            assert session.scalar(sa.select(sa.func.count()).select_from(rows)) == 0
