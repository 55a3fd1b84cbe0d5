"""The emoji tag on the wire: what is noted of a reaction, and how a tag is put in words."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from slack_sdk import WebClient

from bot.core.identity import installation
from bot.core.problems import tagging
from bot.core.problems.records import Kind, Problem, RaisedAs, Reaction, State
from bot.core.store import Sessions
from bot.slack.raising import reactions
from bot.slack.raising.views import tag_prompt
from bot.words import Words
from tests.slack.conftest import Office, Opened
from tests.slack.test_raising import FILLED, HARDSHIP, LINE, shown


@pytest.fixture
def features() -> Sequence[str]:
    return ("raising", "help")


def noted(office: Office) -> list[Reaction]:
    with office.sessions.reading() as session:
        return list(session.scalars(sa.select(Reaction)))


def due(office: Office) -> list[tagging.Noted]:
    """What the worker would settle now, in clear."""
    with office.sessions.begin() as session:
        return tagging.due(session, kit=office.kit, at=office.now, most=5000, lease=dt.timedelta(minutes=1))


def said(office: Office, who: str = "kwame", place: str = "engineering") -> dict[str, Any]:
    message = office.practice.say(who, place, "The shared environment was down again.").message
    assert message is not None
    return message


def test_a_reaction_is_noted_without_a_call_and_without_words(office: Office) -> None:
    message = said(office)
    calls = len(office.practice.calls())
    outcome = office.practice.react("priya", message, "jigsaw")
    assert outcome.ok
    assert len(office.practice.calls()) == calls
    (row,) = noted(office)
    assert office.id("priya").encode() not in bytes(row.sealed or b"")
    (one,) = due(office)
    assert (one.channel, one.message_ts, one.person, one.emoji, one.there) == (
        message["channel"],
        message["ts"],
        office.id("priya"),
        "jigsaw",
        True,
    )


def test_a_second_person_s_reaction_is_noted_beside_the_first(office: Office) -> None:
    message = said(office)
    office.practice.react("priya", message, "jigsaw")
    office.practice.react("chidi", message, "jigsaw")
    assert {each.person for each in due(office)} == {office.id("priya"), office.id("chidi")}


def test_taking_the_emoji_away_replaces_the_note(office: Office) -> None:
    message = said(office)
    office.practice.react("priya", message, "jigsaw")
    office.practice.unreact("priya", message, "jigsaw")
    (one,) = due(office)
    assert not one.there


def test_a_late_added_does_not_undo_a_removed(office: Office) -> None:
    message = said(office)
    office.practice.hold()
    office.practice.react("priya", message, "jigsaw", wait=False)
    office.practice.unreact("priya", message, "jigsaw", wait=False)
    office.practice.release("reversed")
    office.settle()
    (one,) = due(office)
    assert not one.there


def test_the_same_event_twice_is_one_note(office: Office) -> None:
    message = said(office)
    office.practice.delivery_fault("reaction_added", duplicate=2)
    office.practice.react("priya", message, "jigsaw")
    office.settle()
    assert len(noted(office)) == 1


@pytest.mark.parametrize("emoji", ["jigsaw", "jigsaw::skin-tone-2", "puzzle"])
def test_tones_of_skin_do_not_matter_and_every_configured_name_counts(
    open_office: Opened, lite: Sessions, emoji: str
) -> None:
    office = open_office(lite, emoji=("jigsaw", "puzzle"))
    office.practice.react("priya", said(office), emoji)
    (one,) = due(office)
    assert one.emoji == emoji.split("::")[0]


def test_any_other_emoji_is_none_of_its_business(lite_office: Office) -> None:
    message = said(lite_office)
    for emoji in ("wave", "jigsaw-2", "jigsaws"):
        assert lite_office.practice.react("priya", message, emoji).ok
    assert noted(lite_office) == []


def test_its_own_messages_are_not_tagged(lite_office: Office) -> None:
    practice = lite_office.practice
    web = WebClient(practice.bot_token, base_url=practice.api_url)
    posted = web.chat_postMessage(channel=practice.place("engineering").id, text="Week 47")
    at = {"channel": posted["channel"], "ts": posted["ts"]}
    assert practice.react("priya", at, "jigsaw").ok
    assert noted(lite_office) == []


def test_its_own_reactions_are_not_taken(lite_office: Office) -> None:
    message = said(lite_office)
    event = {
        "type": "reaction_added",
        "user": lite_office.practice.bot.id,
        "reaction": "jigsaw",
        "item": {"type": "message", "channel": message["channel"], "ts": message["ts"]},
        "item_user": lite_office.id("kwame"),
        "event_ts": "1795011000.000100",
    }
    assert lite_office.practice.send_event(event, "engineering").ok
    assert noted(lite_office) == []


def test_a_message_whose_writer_slack_leaves_out_is_taken(lite_office: Office) -> None:
    assert lite_office.practice.react("priya", said(lite_office), "jigsaw", item_user=False).ok
    assert len(noted(lite_office)) == 1


EVENT = {
    "type": "reaction_added",
    "user": "U123",
    "reaction": "jigsaw",
    "item": {"type": "message", "channel": "C123", "ts": "1795011000.000100"},
    "item_user": "U456",
    "event_ts": "1795011001.000100",
}


@pytest.mark.parametrize(
    "changed",
    [
        {"item": {"type": "file", "file": "F1"}},
        {"item": {"type": "message", "channel": "D123", "ts": "1795011000.000100"}},
        {"item": {"type": "message", "channel": "C123", "ts": "soon"}},
        {"item": {"type": "message"}},
        {"item": None},
        {"user": ""},
        {"user": "U1\x1fC1"},
        {"event_ts": "9" * 40},
        {"reaction": None},
    ],
)
def test_what_is_no_tag_is_read_as_none(changed: dict[str, Any]) -> None:
    assert reactions.read(EVENT, emoji=("jigsaw",), bot_user="U0BOT") is not None
    assert reactions.read({**EVENT, **changed}, emoji=("jigsaw",), bot_user="U0BOT") is None


def test_a_thousand_reactions_on_one_message_are_all_noted(lite_office: Office) -> None:
    message = said(lite_office)
    event = {**EVENT, "item": {"type": "message", "channel": message["channel"], "ts": message["ts"]}}
    for number in range(1000):
        lite_office.practice.send_event(
            {**event, "user": f"U{number:06}", "event_ts": f"1795011001.{number:06}"}, "engineering"
        )
    assert len({each.person for each in due(lite_office)}) == 1000


def tag(office: Office, who: str = "priya", *, place: Kind = Kind.PUBLIC) -> tuple[int, dict[str, Any]]:
    """A tag that the worker has settled, and the prompt as the tagger sees it."""
    message = said(office)
    link = "https://harbour-lane.slack.com/archives/C1/p1"
    with office.sessions.begin() as session:
        problem = tagging.tag(
            session,
            office.actor(who),
            channel=message["channel"],
            message_ts=message["ts"],
            place=place,
            permalink=link,
            kit=office.kit,
            at=office.now,
        )
        ident = problem.id
    text, blocks = tag_prompt(Words.of("en"), ident)
    web = WebClient(office.practice.bot_token, base_url=office.practice.api_url)
    web.chat_postEphemeral(channel=message["channel"], user=office.id(who), text=text, blocks=blocks)
    return ident, office.practice.ephemerals(who)[-1]


def the_one(office: Office) -> Problem:
    with office.sessions.reading() as session:
        return session.scalars(sa.select(Problem)).one()


def test_the_tagger_puts_it_in_words_and_it_reaches_the_stewards(office: Office) -> None:
    ident, prompt = tag(office)
    outcome = office.practice.press("priya", f"raise.word_it:{ident}", at=prompt)
    assert "Your reaction is visible there" in shown(outcome.views[-1])
    assert "https://harbour-lane.slack.com/archives/C1/p1" in shown(outcome.views[-1])
    outcome = office.practice.submit("priya", FILLED)
    assert "can read it now" in shown(outcome.views[-1])
    problem = the_one(office)
    assert (problem.state, problem.raised_as, problem.title) == (State.NEW, RaisedAs.TAGGED, LINE)
    assert problem.hardship == HARDSHIP
    office.practice.assert_no_objections()


def test_while_intake_is_paused_a_tag_waits_for_its_words(lite_office: Office) -> None:
    office, because = lite_office, "We look into a possible leak."
    ident, prompt = tag(office)
    office.practice.press("priya", f"raise.word_it:{ident}", at=prompt)
    with office.sessions.begin() as session:
        installation.set_paused(session, because, office.kit.randomness)
    assert because in office.practice.submit("priya", FILLED).errors["title"]
    assert the_one(office).state == State.TAGGED
    office.practice.close("priya", everything=True)
    opened = office.practice.press("priya", f"raise.word_it:{ident}", at=prompt).views[-1]
    assert because in shown(opened)
    assert not [block for block in opened["blocks"] if block["type"] == "input"]


def test_the_form_of_a_tag_keeps_its_tag_when_more_is_added(office: Office) -> None:
    ident, prompt = tag(office)
    office.practice.press("priya", f"raise.word_it:{ident}", at=prompt)
    unfolded = office.practice.press("priya", "raise.more").views[-1]
    assert shown(unfolded).count("Your reaction is visible there") == 1
    office.practice.submit("priya", {**FILLED, "tried": "A calendar."})
    assert (the_one(office).state, the_one(office).tried) == (State.NEW, "A calendar.")


def test_a_private_place_gives_the_form_no_link(lite_office: Office) -> None:
    ident, prompt = tag(lite_office, place=Kind.PRIVATE)
    view = lite_office.practice.press("priya", f"raise.word_it:{ident}", at=prompt).views[-1]
    assert "archives" not in shown(view)


def test_a_second_click_on_send_is_answered_like_the_first(office: Office) -> None:
    ident, prompt = tag(office)
    office.practice.press("priya", f"raise.word_it:{ident}", at=prompt)
    office.practice.hold()
    office.practice.submit("priya", FILLED)
    office.practice.submit("priya", FILLED)
    first, second = office.practice.release("as_sent")
    assert first.attempts[0].body == second.attempts[0].body
    assert the_one(office).title == LINE


def test_words_that_were_sent_are_not_sent_again_from_an_old_prompt(lite_office: Office) -> None:
    ident, prompt = tag(lite_office)
    lite_office.practice.press("priya", f"raise.word_it:{ident}", at=prompt)
    lite_office.practice.submit("priya", FILLED)
    lite_office.practice.close("priya")
    outcome = lite_office.practice.press("priya", f"raise.word_it:{ident}", at=prompt)
    assert outcome.views == []
    assert "already sent" in outcome.ephemerals[0]["text"]


def test_nobody_else_can_put_a_tag_in_words(lite_office: Office) -> None:
    ident, _ = tag(lite_office, "priya")
    _, other_prompt = tag(lite_office, "chidi")
    forged = json.loads(json.dumps(other_prompt["blocks"]))
    for button in forged[1]["elements"]:
        button["value"] = str(ident)
    web = WebClient(lite_office.practice.bot_token, base_url=lite_office.practice.api_url)
    web.chat_postEphemeral(
        channel=other_prompt["channel"], user=lite_office.id("chidi"), text="forged", blocks=forged
    )
    prompt = lite_office.practice.ephemerals("chidi")[-1]
    action = forged[1]["elements"][0]["action_id"]
    outcome = lite_office.practice.press("chidi", action, at=prompt)
    assert outcome.views == []
    assert "not for you to see" in outcome.ephemerals[0]["text"]


def test_later_says_where_it_waits(lite_office: Office) -> None:
    _, prompt = tag(lite_office)
    outcome = lite_office.practice.press("priya", "raise.later", at=prompt)
    assert outcome.ok
    assert "waits for your words in my Home" in outcome.ephemerals[0]["text"]
    assert the_one(lite_office).state == State.TAGGED
