"""The form and its answers against Slack's limits, whatever was typed and however many there are."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.problems.catalogue import catalogue
from bot.core.problems.wording import TEXT_MOST, TITLE_MOST, Wording
from bot.core.refusal import Refusal
from bot.slack.opening import open_again
from bot.slack.raising import given as reading
from bot.slack.raising import views
from bot.slack.raising.prefill import Prefill, from_message, from_words
from bot.slack.raising.views import Around, Tagged
from bot.words import Words
from tests.slack import limits

ENGLISH = Words.of("en")
AT = dt.datetime(2026, 11, 19, 7, tzinfo=dt.UTC)
AROUND = Around(("U0AMARA", "U0JONAS"), AT, "C0PEOPLE", "/problem")
anything = st.text(max_size=400) | st.sampled_from(limits.HOSTILE)


def groups(functions: int, teams: int, name: str = "Team") -> list[dict[str, Any]]:
    return [
        {
            "label": {"type": "plain_text", "text": f"Function {function}", "emoji": False},
            "options": [
                {
                    "text": {"type": "plain_text", "text": f"{name} {number}"[:75], "emoji": False},
                    "value": str(function * 1000 + number + 1),
                }
                for number in range(teams)
            ],
        }
        for function in range(functions)
    ]


def field(view: dict[str, Any], block: str) -> dict[str, Any]:
    return next(each["element"] for each in view["blocks"] if each.get("block_id") == block)


@given(said=anything | st.text(min_size=2990, max_size=7000), from_message=st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_words_fit_into_the_form(said: str, from_message: bool) -> None:
    prefill = from_words(said)
    view = views.form(ENGLISH, AROUND, prefill, from_message=from_message)
    limits.check_view(view)
    assert len(field(view, "title").get("initial_value", "")) <= TITLE_MOST
    assert "\n" not in field(view, "title").get("initial_value", "")
    assert len(field(view, "hardship").get("initial_value", "")) <= TEXT_MOST


@given(said=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5000))
@settings(max_examples=150, deadline=None)
def test_no_word_is_lost_between_the_fields_and_what_is_to_be_copied(said: str) -> None:
    prefill = from_words(said)
    if prefill.hardship:
        assert prefill.hardship + prefill.rest == said.strip()
    else:
        assert prefill.title.split() == said.split()


@pytest.mark.parametrize("length", [199, 200, 201])
def test_a_line_of_two_hundred_characters_is_a_title_and_a_longer_one_is_not(length: int) -> None:
    prefill = from_words("word " * (length // 5) + "x" * (length % 5))
    assert bool(prefill.hardship) == (length > TITLE_MOST)


@pytest.mark.parametrize(("functions", "teams"), [(1, 1), (1, 100), (100, 100), (120, 3), (16, 40)])
def test_any_number_of_teams_fits_or_it_is_said_that_some_do_not(functions: int, teams: int) -> None:
    for name in ("Team", "Ünïcødé " * 9):
        view = views.form(ENGLISH, AROUND, team_groups=groups(functions, teams, name))
        limits_of_groups(view, "felt_by")
        limits_of_groups(view, "needed_from")
        assert len(json.dumps(view)) <= 250_000
        shown = sum(len(group["options"]) for group in field(view, "felt_by")["option_groups"])
        said = "There are more teams than fit here" in json.dumps(view)
        assert said == (shown < functions * teams)


def limits_of_groups(view: dict[str, Any], block: str) -> None:
    listed = field(view, block)["option_groups"]
    assert 1 <= len(listed) <= 100
    for group in listed:
        assert 1 <= len(group["options"]) <= 100
        assert all(0 < len(option["text"]["text"]) <= 75 for option in group["options"])


def test_a_team_without_a_readable_name_breaks_no_form() -> None:
    listed = groups(1, 2)
    listed[0]["options"][0]["text"]["text"] = " "
    limits.check_view(views.form(ENGLISH, AROUND, team_groups=listed))


@given(
    title=limits.hostile(), hardship=limits.hostile(3000), tried=limits.hostile(3000), at_once=st.booleans()
)
@settings(max_examples=100, deadline=None)
def test_the_answer_shows_the_words_whole_and_harmless(
    title: str, hardship: str, tried: str, at_once: bool
) -> None:
    view = views.heard(ENGLISH, AROUND, Wording(title, hardship, tried, tried), at_once=at_once)
    limits.check_view(view)


def test_however_many_stewards_there_are_the_form_says_how_many_can_read() -> None:
    many = Around([f"U{number:09}" for number in range(300)], AT, None, "/problem")
    view = views.form(ENGLISH, many)
    limits.check_view(view)
    assert "260 more" in json.dumps(view)
    none = Around([], AT, None, "/problem")
    limits.check_view(views.form(ENGLISH, none))


def test_a_tag_s_form_has_no_choice_of_confidentiality_and_says_why() -> None:
    view = views.form(ENGLISH, AROUND, tagged=Tagged(7, "https://harbour-lane.slack.com/archives/C1/p1"))
    limits.check_view(view)
    said = json.dumps(view)
    assert "Your reaction is visible there" in said
    assert "neither confidential nor anonymous" in said
    assert "holds both the database" not in said
    assert not [block for block in view["blocks"] if block.get("block_id") == "name"]
    assert '"url": "https://harbour-lane.slack.com/archives/C1/p1"' in said
    assert reading.read_tag(view) == 7


def test_a_tag_without_a_public_place_shows_no_link() -> None:
    assert '"url"' not in json.dumps(views.form(ENGLISH, AROUND, tagged=Tagged(7)))


def test_the_prompt_for_a_tag_fits_and_names_its_problem() -> None:
    text, blocks = views.tag_prompt(ENGLISH, 2**63 - 1)
    limits.check_message(text, blocks)
    assert [button["value"] for button in limits.buttons(blocks)] == [str(2**63 - 1)] * 2
    assert "visible here" in text


@given(said=anything | st.text(min_size=1990, max_size=12_000))
@settings(max_examples=60, deadline=None)
def test_the_button_that_opens_the_form_again_keeps_what_fits(said: str) -> None:
    prefill = from_words(said)
    whole = (prefill.hardship or prefill.title) + prefill.rest
    kept = "" if reading.fits(whole) else whole
    text, blocks = open_again(ENGLISH, action=views.OPEN_AGAIN, value=reading.keeping(whole), kept=kept)
    limits.check_message(text, blocks)
    (button,) = limits.buttons(blocks)
    assert whole.startswith(reading.kept(button["value"]))
    assert kept or reading.kept(button["value"]) == whole


@pytest.mark.parametrize("value", ["", "0", "-1", "1.5", "٣", "1" * 30, str(2**63), "x", "1 OR 1=1"])
def test_a_forged_number_is_refused(value: str) -> None:
    with pytest.raises(Refusal):
        reading.number(value)


@pytest.mark.parametrize("kept", ["[]", "no json", '{"problem": null}', '{"problem": "-4"}', '"x"'])
def test_a_forged_form_is_refused(kept: str) -> None:
    with pytest.raises(Refusal):
        reading.read_form({"private_metadata": kept, "state": {"values": {}}})


def sent(**values: str) -> dict[str, Any]:
    texts = {block: {block: {"type": "plain_text_input", "value": text}} for block, text in values.items()}
    way = {"way": {"way": {"type": "radio_buttons", "selected_option": {"value": "confidential"}}}}
    return {"private_metadata": "{}", "state": {"values": {**texts, **way}}}


def test_every_fault_stands_beside_its_field() -> None:
    form = reading.read_form(
        sent(title="x" * 201, hardship="\u200b", tried="y" * 3001, guardrails="broken \x00")
    )
    assert set(form.faults) == {"title", "hardship", "tried", "guardrails"}
    assert reading.read_form(sent(title="A line", hardship="It costs us a day.")).faults == {}


def test_strange_picks_are_no_teams_and_no_label() -> None:
    view = sent(title="A line", hardship="It costs us a day.")
    picked = [{"value": each} for each in ("12", "x", str(2**70), "-3")]
    view["state"]["values"]["felt_by"] = {"felt_by": {"selected_options": picked}}
    view["state"]["values"]["label"] = {"label": {"selected_option": {"value": "F99"}}}
    form = reading.read_form(view)
    assert form.wording.felt_by == frozenset({12})
    assert set(form.faults) == {"label"}


def test_a_message_leaves_its_people_and_places_behind() -> None:
    said = "<!channel> <@U123ABC> and <!subteam^S99|@ops> in <#C12345|secret>: see <https://a.example|the page> &lt;b&gt;"
    prefill = from_message(ENGLISH, {"text": said, "user": "U1"}, bot_user="U0BOT")
    assert prefill == Prefill(title="somebody and somebody in a channel: see the page <b>")


@pytest.mark.parametrize(
    "message",
    [{}, {"text": None}, {"text": ""}, {"text": "x", "bot_id": "B1"}, {"text": "x", "user": "U0BOT"}],
)
def test_a_message_without_a_person_s_words_fills_in_nothing(message: dict[str, Any]) -> None:
    assert from_message(ENGLISH, message, bot_user="U0BOT") == Prefill()


def test_nothing_bypasses_the_catalogue() -> None:
    words = Words.pseudo()
    data = (
        *("C0PEOPLE", "U0AMARA", "U0JONAS", "/problem", "Title", "Hardship", "Rest", "Function 0", "Team 0"),
        *(function.name for function in catalogue()),
        "<!date^1795071600^",
    )
    prefill = Prefill("Title", "Hardship", "Rest")
    for view in (
        views.form(words, AROUND, prefill, from_message=True),
        views.form(words, AROUND, tagged=Tagged(7, "https://a.example/x")),
        views.form(words, AROUND, team_groups=groups(1, 1)),
        views.form(words, AROUND, team_groups=[]),
        views.heard(words, AROUND, Wording("Title", "Hardship"), at_once=True),
        views.heard(words, AROUND, Wording("Title", "Hardship"), at_once=False),
    ):
        assert limits.past_the_catalogue(view, data=data) == []
    text, blocks = views.tag_prompt(words, 7)
    assert limits.past_the_catalogue([text, *blocks]) == []
    assert (
        limits.past_the_catalogue(open_again(words, action="a", value="b", kept="Rest")[1], data=data) == []
    )
