"""The look at the words before anything is stored: over the wire, and its form against Slack's limits."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.problems import checks
from bot.core.problems.check_rules import check
from bot.core.problems.records import Inbox, Problem, RaisedAs
from bot.core.problems.wording import Wording
from bot.core.refusal import Refusal
from bot.core.teams.queries import team_of
from bot.slack import text as t
from bot.slack.raising import check_views, fields
from bot.slack.raising.carried import Carried, Choices, fits, packed, unpacked
from bot.slack.raising.checking import Seen
from bot.slack.raising.given import Given, read_form
from bot.words import Words
from tests.slack import limits
from tests.slack.conftest import Office

ENGLISH = Words.of("en")
TITLE = "Legal always sits on reviews"
HARDSHIP = "For us this means waiting, since my call on 3 March."
BLAMING = {"title": TITLE, "hardship": HARDSHIP}
CALM = {"title": "Reviews wait long", "hardship": "For us this means waiting."}
RECEIPT = "1234567812345678"


@pytest.fixture
def features() -> Sequence[str]:
    return ("raising", "help")


def shown(view: Mapping[str, Any]) -> str:
    return "\n".join(limits.texts(view["blocks"]))


def inbox(office: Office) -> list[Mapping[str, Any]]:
    with office.sessions.reading() as session:
        return [row.body for row in session.scalars(sa.select(Inbox))]


def form_with(office: Office, who: str, fields_: Mapping[str, Any]) -> dict[str, Any]:
    """Send the form with these fields; what stands there then."""
    office.slash(who)
    outcome = office.practice.submit(who, fields_)
    assert outcome.ok, outcome.errors
    return dict(outcome.views[-1])


def test_what_might_point_at_somebody_is_shown_with_a_kinder_wording_and_nothing_is_stored(
    office: Office,
) -> None:
    before = office.log
    said = shown(form_with(office, "niamh", BLAMING))
    assert "Nothing is sent yet" in said
    assert "*“Legal always sits on reviews”* could read *“" in said
    assert "*“since my call on 3 March”* could read *“" in said
    assert "What others would read then" in said
    assert inbox(office) == []
    assert office.log == before
    labels = [button["text"]["text"] for button in limits.buttons(office.practice.view("niamh")["blocks"])]
    assert labels == ["Use these", "Edit", "Send as it is"]
    office.practice.assert_no_objections()


def test_use_these_stores_the_words_that_were_shown_and_no_others(office: Office) -> None:
    preview = shown(form_with(office, "niamh", BLAMING)).split("What others would read then")[1]
    outcome = office.practice.press("niamh", check_views.USE)
    assert outcome.ok
    assert "*Heard.*" in shown(outcome.views[-1])
    (body,) = inbox(office)
    assert "always" not in body["title"]
    assert "3 March" not in body["hardship"]
    assert body["title"] in preview
    assert body["hardship"] in preview
    assert body["title"] in shown(outcome.views[-1])
    office.practice.assert_no_objections()


def test_send_as_it_is_stores_every_word_as_it_was_typed(office: Office) -> None:
    form_with(office, "niamh", BLAMING)
    outcome = office.practice.press("niamh", check_views.AS_IT_IS)
    assert "*Heard.*" in shown(outcome.views[-1])
    (body,) = inbox(office)
    assert (body["title"], body["hardship"]) == (TITLE, HARDSHIP)
    office.practice.assert_no_objections()


def test_a_second_click_on_either_button_stores_nothing_more(office: Office) -> None:
    form_with(office, "niamh", BLAMING)
    office.practice.hold()
    office.practice.press("niamh", check_views.AS_IT_IS)
    office.practice.press("niamh", check_views.AS_IT_IS)
    assert all(outcome.ok for outcome in office.practice.release("as_sent"))
    assert len(inbox(office)) == 1


def test_edit_leads_back_to_the_form_with_everything_in_it(lite_office: Office) -> None:
    practice = lite_office.practice
    lite_office.slash("niamh")
    practice.press("niamh", fields.MORE)
    filled = {
        **BLAMING,
        "tried": "A calendar.",
        "felt_by": ["Support", "Sales"],
        "needed_from": ["unknown"],
        "label": "F9",
        "way": "anonymous",
    }
    practice.submit("niamh", filled)
    view = practice.press("niamh", check_views.EDIT).views[-1]
    again = read_form(view)
    assert (again.wording.title, again.wording.hardship, again.wording.tried) == (
        TITLE,
        HARDSHIP,
        "A calendar.",
    )
    assert len(again.choices.felt_by) == 2
    assert again.choices.unknown
    assert again.choices.label == "F9"
    assert again.anonymous
    practice.submit("niamh", CALM)
    (body,) = inbox(lite_office)
    assert (body["title"], body["tried"]) == (CALM["title"], "A calendar.")
    assert "receipt" in body
    practice.assert_no_objections()


def test_words_too_long_to_travel_stand_in_fields_of_their_own_and_can_be_changed_there(
    lite_office: Office,
) -> None:
    long = " ".join(f"{number * 7919:x}" for number in range(560))[:2900].strip()
    lite_office.slash("niamh")
    practice = lite_office.practice
    practice.press("niamh", fields.MORE)
    view = practice.submit("niamh", {"title": TITLE, "hardship": long, "tried": long[::-1]}).views[-1]
    assert len(view["private_metadata"]) < t.METADATA
    assert "too long" in shown(view)
    hardship = next(b for b in view["blocks"] if str(b.get("block_id")).startswith("hardship."))
    assert hardship["element"]["initial_value"] == long
    practice.fill("niamh", {str(hardship["block_id"]): "A short one."})
    again = practice.press("niamh", check_views.USE).views[-1]
    assert "Use these" in json.dumps(again["blocks"])
    assert "A short one." in shown(again)
    assert inbox(lite_office) == []
    practice.press("niamh", check_views.USE)
    (body,) = inbox(lite_office)
    assert (body["hardship"], body["tried"]) == ("A short one.", long[::-1])
    practice.assert_no_objections()


def test_long_words_can_be_sent_as_they_are_by_the_form_itself(lite_office: Office) -> None:
    long = " ".join(f"{number * 7919:x}" for number in range(560))[:2900].strip()
    lite_office.slash("niamh")
    practice = lite_office.practice
    practice.press("niamh", fields.MORE)
    practice.submit("niamh", {"title": TITLE, "hardship": long, "tried": long[::-1]})
    outcome = practice.submit("niamh")
    assert "*Heard.*" in shown(outcome.views[-1])
    (body,) = inbox(lite_office)
    assert (body["title"], body["hardship"]) == (TITLE, long)


def test_the_raisers_own_team_among_those_that_would_have_to_change_is_said(lite_office: Office) -> None:
    practice = lite_office.practice
    lite_office.slash("priya")
    with lite_office.sessions.reading() as session:
        own = team_of(session, lite_office.id("priya"))
    assert own is not None
    practice.press("priya", fields.MORE)
    view = practice.submit("priya", {**CALM, "needed_from": [own.team.name]}).views[-1]
    assert f"You named {own.team.name}, your own team" in shown(view)
    assert "Use these" not in json.dumps(view["blocks"])
    assert practice.press("priya", check_views.AS_IT_IS).ok
    assert len(inbox(lite_office)) == 1


def test_whoever_shows_the_name_is_not_warned_of_what_gives_a_raiser_away(lite_office: Office) -> None:
    own_words = {"title": "Reviews wait", "hardship": "For us it has been so since my call on 3 March."}
    said = shown(form_with(lite_office, "niamh", {**own_words, "name": ["show"]}))
    assert "*Heard.*" in said
    with lite_office.sessions.reading() as session:
        assert session.scalar(sa.select(Problem.raised_as)) == RaisedAs.NAMED.value


def test_a_form_that_another_process_shows_again_is_told_from_the_one_that_was_read() -> None:
    one, other = seen_in({"title": TITLE}), seen_in({"title": TITLE + " for weeks"})
    assert one.name == seen_in({"title": TITLE}).name
    assert one.name != other.name


def seen_in(texts: Mapping[str, str], own_team: str | None = None) -> Seen:
    found = check(texts, checks.rules(), teams=["Legal", "Checkout"], on=dt.date(2026, 11, 18))
    return Seen(texts, found, own_team)


PHRASES = (
    "Legal always sits on reviews. ",
    "I am the only one who knows, since my call on 3 March. ",
    "<@U0AMARA> failed to answer @bob and bob@a.example. ",
    "They never care, it is Checkout's fault. ",
)


@given(
    title=limits.hostile(),
    hardship=limits.hostile(3000) | st.sampled_from(PHRASES).map(lambda said: (said * 100)[:3000]),
    tried=limits.hostile(3000),
    own=st.none() | limits.hostile(60),
)
@settings(max_examples=80, deadline=None)
def test_the_form_stays_within_slacks_limits_and_brings_every_word_back(
    title: str, hardship: str, tried: str, own: str | None
) -> None:
    choices = Choices(
        "anonymous", felt_by=frozenset(range(1, 101)), needed_from=frozenset(range(2**62, 2**62 + 100))
    )
    form = Given(Wording(title, hardship, tried, tried), choices, Carried(receipt=RECEIPT))
    seen = seen_in(form.texts, own)
    view = check_views.found(ENGLISH, form, seen)
    limits.check_view(view)
    filled = {
        block["block_id"]: {block["element"]["action_id"]: {"value": block["element"].get("initial_value")}}
        for block in view["blocks"]
        if block["type"] == "input"
    }
    again = read_form({**view, "state": {"values": filled}})
    assert again.texts == form.texts
    assert again.choices == choices
    assert again.carried.receipt == RECEIPT
    assert again.carried.shown == seen.name


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"title": "Ask bob@a.example or @bob", "hardship": HARDSHIP}, "at you"),
        ({"title": "They never care"}, "One place might read as blame."),
        ({"title": "I am the only one"}, "One place might point at you."),
    ],
)
def test_the_first_sentence_counts_in_words(texts: Mapping[str, str], said: str) -> None:
    assert said in check_views.summary(ENGLISH, seen_in(texts))


@pytest.mark.parametrize(
    "kept",
    [
        '{"receipt": "12"}',
        '{"receipt": 1234567812345678}',
        '{"texts": "AAAA"}',
        '{"texts": ["x"]}',
        '{"picked": {"way": "named"}}',
        '{"picked": {"way": "anonymous", "felt": "AAA"}}',
        '{"picked": 3}',
        '{"shown": "a.b"}',
        '{"problem": "0"}',
        "[]",
    ],
)
def test_what_no_form_of_ours_carries_is_refused(kept: str) -> None:
    with pytest.raises(Refusal):
        unpacked(kept)


def test_carried_words_come_back_as_they_were_and_are_in_no_repr() -> None:
    carried = Carried(7, RECEIPT, Choices(label="F9"), {"title": "naïve 🧩 &<>\ud800"[:-1]}, "abc")
    assert unpacked(packed(carried)) == carried
    assert fits(carried)
    assert "naïve" not in repr(carried)
    assert RECEIPT not in repr(carried)


def test_nothing_bypasses_the_catalogue() -> None:
    words = Words.pseudo()
    texts = {"title": TITLE, "hardship": HARDSHIP + " They never care. " + "x " * 1400 + "x"}
    form = Given(Wording(*texts.values()), Choices(), Carried())
    seen = seen_in(texts, "Checkout")
    view = check_views.found(words, form, seen)
    quoted = [
        texts[block][each.start : each.end] for block, marks in seen.found.marks.items() for each in marks
    ]
    offers = [each.offer or "" for marks in seen.found.marks.values() for each in marks]
    data = (*texts.values(), *seen.offered.values(), *quoted, *offers, "Checkout")
    left = limits.past_the_catalogue(view, data=[each for each in data if each])
    assert left == []
