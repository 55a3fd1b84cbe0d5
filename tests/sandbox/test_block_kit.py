"""The Block Kit checks, held against the published schema by mutating good blocks."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.sandbox.blocks import check_blocks, check_view
from tests.sandbox.conftest import SHARED, form, plain

needs_facts = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the folder with Slack's schema is not beside the project"
)


def option(value: str = "a") -> dict[str, Any]:
    return {"text": plain("An option"), "value": value}


CONFIRM = {"title": plain("Sure?"), "text": plain("Really"), "confirm": plain("Yes"), "deny": plain("No")}
MENUS: list[dict[str, Any]] = [
    {"type": "static_select", "options": [option(), option("b")], "initial_option": option()},
    {"type": "static_select", "option_groups": [{"label": plain("Group"), "options": [option()]}]},
    {"type": "external_select", "min_query_length": 1, "placeholder": plain("Pick")},
    {"type": "users_select", "initial_user": "U123"},
    {
        "type": "conversations_select",
        "default_to_current_conversation": True,
        "filter": {"include": ["public"]},
    },
    {"type": "channels_select", "initial_channel": "C123"},
    {
        "type": "multi_static_select",
        "options": [option()],
        "initial_options": [option()],
        "max_selected_items": 3,
    },
    {"type": "multi_external_select", "min_query_length": 0},
    {"type": "multi_users_select", "initial_users": ["U123"]},
    {"type": "multi_conversations_select", "initial_conversations": ["C123"]},
    {"type": "multi_channels_select", "initial_channels": ["C123"]},
    {"type": "checkboxes", "options": [option(), option("b")], "initial_options": [option("b")]},
    {"type": "radio_buttons", "options": [option(), option("b")], "initial_option": option("b")},
    {"type": "datepicker", "initial_date": "2026-03-02"},
    {"type": "timepicker", "initial_time": "08:30", "timezone": "Europe/Berlin"},
]
BUTTON = {
    "type": "button",
    "text": plain("Go"),
    "value": "1",
    "style": "primary",
    "confirm": CONFIRM,
    "url": "https://a.example",
}
OVERFLOW = {"type": "overflow", "options": [option(), option("b")]}
DATETIME = {"type": "datetimepicker", "initial_date_time": 1_800_000_000}
TYPED: list[dict[str, Any]] = [
    {
        "type": "plain_text_input",
        "multiline": True,
        "min_length": 1,
        "max_length": 300,
        "initial_value": "words",
    },
    {"type": "email_text_input", "initial_value": "a@b.example"},
    {"type": "url_text_input", "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]}},
    {
        "type": "number_input",
        "is_decimal_allowed": False,
        "min_value": "0",
        "max_value": "9",
        "initial_value": "3",
    },
]
IMAGE = {"type": "image", "image_url": "https://a.example/a.png", "alt_text": "A picture"}


def with_id(element: dict[str, Any]) -> dict[str, Any]:
    return {"action_id": "an.action", **element}


GOOD: list[dict[str, Any]] = [
    {"type": "divider", "block_id": "d"},
    {"type": "header", "text": plain("A header")},
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Hello*", "verbatim": True}},
    {"type": "section", "fields": [plain("One"), {"type": "mrkdwn", "text": "Two"}]},
    {"type": "context", "elements": [IMAGE, {"type": "mrkdwn", "text": "small"}, plain("small")]},
    {**IMAGE, "title": plain("A title")},
    {"type": "image", "slack_file": {"id": "F123"}, "alt_text": "A picture"},
    {"type": "section", "text": plain("With a picture"), "accessory": IMAGE},
    *[{"type": "actions", "elements": [with_id(one)]} for one in [*MENUS, BUTTON, OVERFLOW, DATETIME]],
    {"type": "section", "text": plain("Pick"), "accessory": with_id(MENUS[0])},
    *[
        {
            "type": "input",
            "label": plain("Say"),
            "hint": plain("More"),
            "optional": True,
            "element": with_id(one),
        }
        for one in TYPED
    ],
]


def mutations(value: Any) -> Iterator[Any]:
    """Copies of a JSON value with one thing wrong or at its limit: a key gone, a stranger, a text too long, ..."""
    if isinstance(value, dict):
        for key in value:
            yield {name: inner for name, inner in value.items() if name != key}
            for changed in mutations(value[key]):
                yield {**value, key: changed}
        yield {**value, "stranger": 1}
    elif isinstance(value, list):
        yield []
        yield value * 2 if not any(isinstance(one, dict) and "action_id" in one for one in value) else value
        yield value * 30 if not value or isinstance(value[0], str) else value[:1] * 12
        for position, one in enumerate(value):
            for changed in mutations(one):
                yield [*value[:position], changed, *value[position + 1 :]]
    elif isinstance(value, bool):
        yield "yes"
    elif isinstance(value, int):
        yield str(value)
        yield -1
    elif isinstance(value, str):
        yield 7
        for length in (0, 75, 76, 256, 2001, 3001):
            yield "x" * length


# Where the workspace is stricter than the schema on purpose: what the schema cannot say, and Slack refuses.
OWN_RULES = (
    "missing required field: text (or fields)",
    "is not among the options",
    "is used",
    "min_length",
    "longer than max_length",
    "unsupported type",
    "_url]",
    "/url]",
    "has the wrong format",
    "/initial_value]",
)


def judges() -> dict[str, Draft202012Validator]:
    schema = json.loads((SHARED / "block-kit.core.schema.json").read_text(encoding="utf-8"))
    kinds = {good["type"] for good in GOOD}
    return {
        kind: Draft202012Validator({"$ref": f"#/$defs/{kind}_block", "$defs": schema["$defs"]})
        for kind in kinds
    }


@needs_facts
def test_each_element_stands_where_the_schema_lets_it() -> None:
    by_kind = judges()
    for element in map(with_id, [*MENUS, *TYPED, BUTTON, OVERFLOW, DATETIME, IMAGE]):
        for block in (
            {"type": "actions", "elements": [element]},
            {"type": "section", "text": plain("Pick"), "accessory": element},
            {"type": "input", "label": plain("Say"), "element": element},
            {"type": "context", "elements": [element]},
        ):
            assert (check_blocks([block], "home") == []) == by_kind[str(block["type"])].is_valid(block), block


@needs_facts
def test_mutated_blocks_are_judged_as_the_schema_judges_them() -> None:
    by_kind = judges()
    checked = refused = 0
    differ = []
    for good in GOOD:
        judge = by_kind[good["type"]]
        assert judge.is_valid(good), good
        for changed in mutations(good):
            ours = check_blocks([changed], "home")
            theirs = judge.is_valid(changed)
            checked += 1
            refused += not theirs
            own_rule = all(any(rule in words for rule in OWN_RULES) for words in ours)
            if theirs == bool(ours) and not (theirs and own_rule):
                differ.append((changed, ours))
    assert refused > 1_000
    assert differ == [], f"{len(differ)} of {checked} differ, the first: {differ[:5]}"


@pytest.mark.parametrize("block", GOOD, ids=lambda block: str(block["type"]))
def test_good_blocks_pass_on_each_surface(block: dict[str, Any]) -> None:
    assert check_blocks([block], "message") == []
    assert check_blocks([block], "home") == []


def section(text: str = "Hello", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": plain(text), **more}


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        ([section()] * 51, "no more than 50 items"),
        ([section("")], "must be more than 0 characters"),
        ([section("x" * 3001)], "must be less than 3001 characters"),
        ([{"type": "section"}], "missing required field: text"),
        ([{"type": "poem"}], "unsupported type of block: poem"),
        ([section(block_id="a"), section(block_id="a")], "block_id a is used 2 times"),
        ([{"type": "actions", "elements": [with_id(BUTTON), with_id(BUTTON)]}], "action_id an.action is used 2 times"),
        ([section(accessory={"type": "static_select", "options": [option()], "initial_option": option("z")})], "not among"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "unsupported type of text object: mrkdwn"),
        ([{"type": "alert", "text": plain("Careful")}], "unsupported type of block: alert"),
    ],
)  # fmt: skip
def test_bad_blocks_of_a_message_are_refused_with_the_place(blocks: list[Any], words: str) -> None:
    found = check_blocks(blocks, "message")
    assert found
    assert words in found[0]
    assert "[json-pointer:/blocks" in found[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": plain("x" * 25)}, "must be less than 25 characters [json-pointer:/view/title/text]"),
        ({"submit": plain("x" * 25)}, "must be less than 25 characters"),
        ({"private_metadata": "x" * 3001}, "must be less than 3001 characters"),
        ({"blocks": []}, "at least 1 item"),
        ({"blocks": [section()] * 101}, "no more than 100 items"),
        ({"type": "home"}, "must be one of modal"),
        ({"colour": "red"}, "additional property: colour"),
    ],
)
def test_bad_forms_are_refused_with_the_place(change: dict[str, Any], words: str) -> None:
    assert words in check_view({**form(), **change}, "modal")[0]


def test_a_form_with_an_input_needs_a_button_to_send_it() -> None:
    view = form()
    del view["submit"]
    assert "submit" in check_view(view, "modal")[0]
    view["blocks"] = [section()]
    assert check_view(view, "modal") == []


def test_checking_leaves_the_blocks_as_they_were() -> None:
    before = copy.deepcopy(GOOD)
    check_blocks(GOOD, "home")
    assert before == GOOD
