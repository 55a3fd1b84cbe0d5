"""Block Kit as Slack checks it: blocks of messages, forms and Homes."""

from collections import Counter
from typing import Any

from bot.sandbox.checks import Check, anything, by_type, flag, items, one_of, shape, text, wrong
from bot.sandbox.elements import (
    ACCESSORIES,
    IMAGE,
    INPUTS,
    PRESSED_OR_PICKED,
    SLACK_FILE,
    URL,
    either,
    plain,
)
from bot.sandbox.errors import JSON
from bot.sandbox.inputs import elements_of
from bot.sandbox.limits import MESSAGE_BLOCKS, PRIVATE_METADATA, VIEW_BLOCKS

_ID: dict[str, Check] = {"block_id": text(255, 1)}
_TYPE: dict[str, Check] = {"type": anything}

SECTION = shape(
    _TYPE,
    {
        **_ID,
        "text": either(3000),
        "fields": items(either(2000), 10),
        "accessory": by_type(ACCESSORIES, "accessory"),
        "expand": flag,
    },
)
BLOCKS: dict[str, Check] = {
    "actions": shape({**_TYPE, "elements": items(by_type(PRESSED_OR_PICKED, "element"), 25)}, _ID),
    "context": shape(
        {
            **_TYPE,
            "elements": items(
                by_type({"image": IMAGE, "plain_text": plain(3000), "mrkdwn": either(3000)}, "element"), 10
            ),
        },
        _ID,
    ),
    "divider": shape(_TYPE, _ID),
    "header": shape({**_TYPE, "text": plain(150)}, {**_ID, "level": one_of(1, 2, 3, 4)}),
    "image": shape(
        {**_TYPE, "alt_text": text(2000, 1)},
        {**_ID, "image_url": URL, "slack_file": SLACK_FILE, "title": plain(2000)},
        exactly_one=("image_url", "slack_file"),
    ),
    "input": shape(
        {**_TYPE, "label": plain(2000), "element": by_type(INPUTS, "element")},
        {**_ID, "hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "section": SECTION,
    "rich_text": shape({**_TYPE, "elements": items(anything, 1000)}, _ID),
    "markdown": shape({**_TYPE, "text": text(12_000, 1)}, _ID),
    "alert": shape(
        {**_TYPE, "text": either(3000)},
        {**_ID, "level": one_of("default", "info", "warning", "error", "success")},
    ),
    "video": shape(
        {**_TYPE, "alt_text": text(2000, 1), "title": plain(199), "thumbnail_url": URL, "video_url": URL},
        {**_ID, "title_url": URL, "description": plain(200), "author_name": text(50), "provider_name": text(100),
         "provider_icon_url": URL},
    ),
    "file": shape({**_TYPE, "external_id": text(255, 1), "source": one_of("remote")}, _ID),
}  # fmt: skip
NOT_IN = {
    "message": {"alert"},
    "modal": {"markdown", "file"},
    "home": {"markdown", "file", "alert"},
}


def check_blocks(blocks: Any, surface: str) -> list[str]:
    """What is wrong with these blocks on a message, modal or home, in Slack's words; empty when all is well."""
    words: list[str] = []
    where = "/blocks" if surface == "message" else "/view/blocks"
    most = MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS
    kinds = {kind: check for kind, check in BLOCKS.items() if kind not in NOT_IN[surface]}
    items(by_type(kinds, "block"), most, 0 if surface == "message" else 1)(blocks, where, words)
    if words:
        return words
    _sections(blocks, where, words)
    _unique(blocks, where, words)
    for position, block in enumerate(blocks):
        for element in _elements(block):
            _initials(element, f"{where}/{position}", words)
    return words


def check_view(view: Any, kind: str) -> list[str]:
    """What is wrong with a modal's or a Home's view object, in Slack's words."""
    words: list[str] = []
    common: dict[str, Check] = {
        "private_metadata": text(PRIVATE_METADATA),
        "callback_id": text(255),
        "external_id": text(255),
    }
    if kind == "home":
        shape({"type": one_of("home"), "blocks": anything}, common)(view, "/view", words)
    else:
        more: dict[str, Check] = {
            **common,
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": flag,
            "notify_on_close": flag,
            "submit_disabled": flag,
        }
        shape({"type": one_of("modal"), "title": plain(24), "blocks": anything}, more)(view, "/view", words)
    if words:
        return words
    words = check_blocks(view["blocks"], kind)
    asks = kind == "modal" and not words and any(block["type"] == "input" for block in view["blocks"])
    if asks and "submit" not in view:
        wrong(words, "missing required field: submit (there are input blocks)", "/view")
    return words


def complete(blocks: list[JSON], new_id: Any) -> list[JSON]:
    """Give each block and element without an id one, as Slack does; changes and returns the blocks."""
    for block in blocks:
        block.setdefault("block_id", new_id())
    for _block_id, element, _block in elements_of(blocks):
        element.setdefault("action_id", new_id())
    return blocks


def words_in(value: Any) -> int:
    """The characters of all texts in blocks: Slack refuses a message with too many of them."""
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(words_in(inner) for inner in value.values())
    return sum(words_in(inner) for inner in value) if isinstance(value, list) else 0


def _elements(block: JSON) -> list[JSON]:
    if block["type"] == "input":
        return [block["element"]]
    if block["type"] == "actions":
        return list(block["elements"])
    return [block["accessory"]] if block["type"] == "section" and "accessory" in block else []


def _sections(blocks: list[JSON], where: str, words: list[str]) -> None:
    for position, block in enumerate(blocks):
        if block["type"] == "section" and "text" not in block and "fields" not in block:
            wrong(words, "missing required field: text (or fields)", f"{where}/{position}")


def _unique(blocks: list[JSON], where: str, words: list[str]) -> None:
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    for block_id, times in ids.items():
        if times > 1:
            wrong(words, f"block_id {block_id} is used {times} times", where)
    for position, block in enumerate(blocks):
        actions = Counter(one["action_id"] for one in _elements(block) if "action_id" in one)
        for action_id, times in actions.items():
            if times > 1:
                wrong(words, f"action_id {action_id} is used {times} times", f"{where}/{position}")
    focused = [one for block in blocks for one in _elements(block) if one.get("focus_on_load")]
    if len(focused) > 1:
        wrong(words, "only one element may have focus_on_load", where)


def _initials(element: JSON, where: str, words: list[str]) -> None:
    offered = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        offered += group["options"]
    initial = list(element.get("initial_options") or [])
    if "initial_option" in element:
        initial.append(element["initial_option"])
    if element["type"] not in {"external_select", "multi_external_select"}:
        for one in initial:
            if one not in offered:
                wrong(words, f"initial option {one.get('value')!r} is not among the options", where)
    values = Counter(option["value"] for option in offered)
    for value, times in values.items():
        if times > 1:
            wrong(words, f"option value {value!r} is used {times} times", where)
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if least > most:
        wrong(words, "min_length must not be over max_length", where)
    first = element.get("initial_value")
    if isinstance(first, str) and element["type"] == "plain_text_input" and len(first) > most:
        wrong(words, "initial_value is longer than max_length", where)
