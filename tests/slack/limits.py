"""Slack's limits for messages, forms and Homes, and words that try to get past them; shared by all tests of views."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.slack import text as t

#: What `chat.update` takes, less a little; and all texts of a message's blocks together.
TEXT, TOTAL = 3900, 12_000
SCHEMA = Path(__file__).parents[2] / ".." / "shared" / "slack" / "block-kit.core.schema.json"
# Our own marks in mrkdwn: date tokens, mentions where the message is its reader's alone, links into Slack.
_OURS = re.compile(
    r"<https://[a-z0-9.-]+\.slack\.com/archives/[A-Z0-9]+/p\d+\|[^<>]*>|<!date\^\d+\^[^|<>]*\|[^<>]*>|<@[UW][A-Z0-9]+>|<#[CG][A-Z0-9]+>"
)

HOSTILE = (
    "<!channel> <!here> <!everyone>",
    "<@U0AMARA> <#C0GENERAL> <!subteam^S0ALL>",
    "<https://evil.example|your payslip> https://evil.example/?a=1&b=2",
    "*bold* _italic_ ~gone~ `code` ```block``` > quoted\n>>> all of it",
    ":wave: :skull_and_crossbones::skin-tone-2: :大丈夫:",
    "Z̷̡̢̛̗͈̮̹̥̑͛̓͝͠a̴̧̨̛͎͙͈̘̾̿̽̌l̵͖͎͔̈́͆̀̈́̔g̶̖̣̐́̽͌͋ó̵̧̗͇̓͒͘",
    "\u202egnirts desrever\u202c \u2067שלום\u2069 مرحبا",
    "👩‍👩‍👧‍👦🏳️‍🌈🇩🇪🇫🇷👍🏽" * 20,
    "{number} {0} %s %(title)s {{",
    "&" * 200,
    "<" * 200,
    "*" * 200,
    "a" + "\u0301" * 199,
    "\ufeff\u200b.\u2028.\u2029\t.",
    "x" * 200,
    "ﷺ" * 200,
)


def hostile(most: int = 200) -> st.SearchStrategy[str]:
    """Words of at most so many characters that can be read and stored, and try whatever a view may get wrong."""
    anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=most)
    known = st.sampled_from(HOSTILE)
    long = st.sampled_from(HOSTILE).map(lambda words: (words + " ") * (most // len(words) + 1))
    return st.one_of(anything, known, long).map(lambda words: words[:most].strip()).filter(_readable)


def _readable(words: str) -> bool:
    return bool(re.search(r"\w|[^\s\W]|[!-~]", words))


def check_message(text: str, blocks: Sequence[Mapping[str, Any]]) -> None:
    """Fail where Slack would refuse or change this message, or a screen reader would miss it."""
    assert len(text.strip()) > 0, "a message without its top-level text"
    assert len(text) <= TEXT, f"{len(text)} characters of top-level text"
    _inert(text)
    assert 1 <= len(blocks) <= t.MESSAGE_BLOCKS, f"{len(blocks)} blocks"
    total = sum(len(words) for words in texts(blocks))
    assert total <= TOTAL, f"{total} characters in all blocks"
    assert not [block for block in blocks if block["type"] == "input"], "an input in a message"
    check_blocks(blocks, "message_blocks")


def check_view(view: Mapping[str, Any]) -> None:
    """Fail where Slack would refuse this form or Home."""
    kind = view["type"]
    View(**view).to_dict()
    assert 1 <= len(view["blocks"]) <= t.MODAL_BLOCKS, f"{len(view['blocks'])} blocks"
    assert len(json.dumps(view)) <= 250_000
    assert len(view.get("private_metadata", "")) <= t.METADATA
    for name in ("title", "submit", "close"):
        if name in view:
            assert 0 < len(view[name]["text"].strip()) <= t.MODAL_TITLE, view[name]
    asks = any(block["type"] == "input" for block in view["blocks"])
    assert kind == "home" or not asks or "submit" in view, "a form that asks and can't be sent"
    assert kind == "home" or "close" in view, "a form without a word on its way out"
    _against_schema(view, f"{kind}_view")
    check_blocks(view["blocks"], None)


def check_blocks(blocks: Sequence[Mapping[str, Any]], schema: str | None) -> None:
    for block in blocks:
        parsed = Block.parse(dict(block))
        assert parsed is not None, block
        parsed.to_dict()
    if schema:
        _against_schema(list(blocks), schema)
    named = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(named) == len(set(named)), f"block ids twice: {named}"
    for block in blocks:
        _check_texts(block)
        elements = elements_of(block)
        actions = [element["action_id"] for element in elements if "action_id" in element]
        assert len(actions) == len(set(actions)), f"action ids twice in a block: {actions}"
        for element in elements:
            _check_element(element)


def _check_texts(block: Mapping[str, Any]) -> None:
    for found in objects(block):
        assert found["text"].strip(), f"an empty text in {block}"
        if found["type"] == "mrkdwn":
            assert len(found["text"]) <= t.SECTION, len(found["text"])
            _inert(found["text"])


def _check_element(element: Mapping[str, Any]) -> None:
    if element["type"] == "button":
        assert len(element["text"]["text"]) <= t.BUTTON
        assert len(element.get("value", "")) <= t.VALUE
        assert len(element.get("accessibility_label", "")) <= t.BUTTON
    groups = element.get("option_groups", [])
    assert len(groups) <= 100
    listed = [element.get("options", []), *[group["options"] for group in groups]]
    for options in listed:
        assert len(options) <= 100
        for option in options:
            assert 0 < len(option["text"]["text"].strip()) <= t.OPTION_TEXT, option
            assert 0 < len(option["value"]) <= t.OPTION_VALUE, option
    for group in groups:
        assert group["options"], "a group without options"
        assert 0 < len(group["label"]["text"].strip()) <= t.OPTION_TEXT, group["label"]
    values = [option["value"] for options in listed for option in options]
    assert len(values) == len(set(values)), f"two options with one value: {values}"
    if element["type"] == "plain_text_input":
        assert len(element.get("initial_value", "")) <= t.INPUT


def _inert(text: str) -> None:
    """Nothing in it calls anybody or links anywhere, except what the bot itself put there."""
    left = _OURS.sub("", text)
    assert "<" not in left, f"a mark of Slack's in {left!r}"
    assert ">" not in left, f"an unescaped > in {left!r}"
    assert not re.search(r"https?://\S", left), f"a link in {left!r}"


def elements_of(block: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What can be pressed, picked or typed into."""
    if block["type"] == "actions":
        return list(block["elements"])
    if block["type"] == "input":
        return [block["element"]]
    return [block["accessory"]] if "accessory" in block else []


def objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every text object inside."""
    if isinstance(value, Mapping):
        if value.get("type") in ("mrkdwn", "plain_text") and isinstance(value.get("text"), str):
            yield value
        for inner in value.values():
            yield from objects(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from objects(inner)


def texts(value: Any) -> list[str]:
    """Every text inside, as a person reads them from top to bottom."""
    return [found["text"] for found in objects(value)]


def buttons(value: Any) -> list[Mapping[str, Any]]:
    """Every button inside."""
    if isinstance(value, Mapping):
        mine = [value] if value.get("type") == "button" else []
        return mine + [found for inner in value.values() for found in buttons(inner)]
    if isinstance(value, list | tuple):
        return [found for inner in value for found in buttons(inner)]
    return []


def past_the_catalogue(value: Any, *, data: Sequence[str] = ()) -> list[str]:
    """Texts rendered with `Words.pseudo()` that say something outside of ⟦ ⟧ besides `data`, which is given as shown."""
    found = []
    for text in [value] if isinstance(value, str) else texts(value):
        left, depth = [], 0
        for character in text:
            depth += character == "⟦"
            if depth == 0:
                left.append(character)
            depth -= character == "⟧"
        outside = "".join(left)
        for given in sorted(data, key=len, reverse=True):
            outside = outside.replace(given, "")
        if any(character.isalnum() for character in outside):
            found.append(text)
    return found


@cache
def _schema(name: str) -> Draft202012Validator | None:
    # The schema lies beside the repository and is no part of it; slack_sdk's own checks stand without it.
    if not SCHEMA.is_file():
        return None
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schema["$defs"]})


def _against_schema(value: Any, name: str) -> None:
    validator = _schema(name)
    if validator is not None:
        wrong = [
            f"{list(error.absolute_path)}: {error.message[:300]}" for error in validator.iter_errors(value)
        ]
        assert wrong == [], wrong
