"""What the elements that people fill in hold, in the shape of Slack's view state."""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.errors import JSON, NotPossible

TEXTS = {"plain_text_input", "email_text_input", "url_text_input", "number_input"}
ONE = {
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
MANY = {
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
}
STATEFUL = TEXTS | ONE.keys() | MANY.keys() | {"rich_text_input", "file_input"}


def elements_of(blocks: list[JSON]) -> Iterator[tuple[str, JSON, JSON]]:
    """Every interactive element with its block's id and the block: (block_id, element, block)."""
    for block in blocks:
        inside: list[Any] = []
        if block["type"] == "input":
            inside = [block["element"]]
        elif block["type"] == "actions":
            inside = block["elements"]
        elif block["type"] == "section" and "accessory" in block:
            inside = [block["accessory"]]
        for element in inside:
            if element["type"] != "image":
                yield block["block_id"], element, block


def inputs_of(blocks: list[JSON]) -> Iterator[tuple[str, JSON]]:
    """The elements that hold a value: (block_id, element)."""
    for block_id, element, _block in elements_of(blocks):
        if element["type"] in STATEFUL:
            yield block_id, element


def initial_value(element: JSON) -> JSON:
    """The state of an element nobody has touched."""
    kind = element["type"]
    if kind in TEXTS:
        return {"type": kind, "value": element.get("initial_value") or None}
    if kind in ONE:
        key, initial = ONE[kind]
        return {"type": kind, key: element.get(initial)}
    if kind in MANY:
        key, initial = MANY[kind]
        return {"type": kind, key: list(element.get(initial) or [])}
    if kind == "file_input":
        return {"type": kind, "files": []}
    return {"type": kind, "rich_text_value": element.get("initial_value")}


def chosen(element: JSON, value: Any, offered: list[JSON] | None = None) -> JSON:
    """The state after a person typed `value` or picked the option(s) with that value or label.

    `offered` are the options of an external select. None empties the element.
    """
    kind = element["type"]
    if kind in TEXTS:
        if value is not None and not isinstance(value, str):
            raise NotPossible(f"{kind} takes words, not {value!r}")
        limit = int(element.get("max_length", 3000))
        if value and len(value) > limit:
            raise NotPossible(f"this field takes {limit} characters at most, not {len(value)}")
        return {"type": kind, "value": value or None}
    if kind in ONE:
        key, _initial = ONE[kind]
        picked = value if value is None or key != "selected_option" else option(element, value, offered)
        return {"type": kind, key: picked}
    if kind in MANY:
        key, _initial = MANY[kind]
        values = [] if value is None else value if isinstance(value, list | tuple | set) else [value]
        most = int(element.get("max_selected_items", 100))
        if len(values) > most:
            raise NotPossible(f"{most} at most can be picked here")
        picks = [option(element, one, offered) if key == "selected_options" else one for one in values]
        return {"type": kind, key: picks}
    raise NotPossible(f"nothing can be filled into a {kind}")


def option(element: JSON, value: Any, offered: list[JSON] | None = None) -> JSON:
    """The option of an element with this value, or else with this label."""
    options: list[JSON] = list(offered or []) or list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        options += group["options"]
    if isinstance(value, dict) and value in options:
        return value
    for one in options:
        if one.get("value") == value:
            return one
    for one in options:
        if one["text"]["text"] == value:
            return one
    raise NotPossible(f"{value!r} is not offered; offered are {[o.get('value') for o in options]}")


def is_empty(value: JSON) -> bool:
    """Whether a required field with this state would stop a form from being sent."""
    held = [item for key, item in value.items() if key != "type"]
    return all(item in (None, "", []) for item in held)


def payload_of(element: JSON, block_id: str, value: JSON | None, action_ts: str) -> JSON:
    """The entry of `actions` for a pressed button or a changed element."""
    action: JSON = {"action_id": element["action_id"], "block_id": block_id, "type": element["type"]}
    if element["type"] == "button":
        action["text"] = element["text"]
        for key in ("value", "url", "style"):
            if key in element:
                action[key] = element[key]
    elif value is not None:
        action |= value
    for key in element:
        if key.startswith("initial_"):
            action[key] = element[key]
    if "placeholder" in element:
        action["placeholder"] = element["placeholder"]
    return action | {"action_ts": action_ts}
