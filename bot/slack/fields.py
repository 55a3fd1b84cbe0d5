"""What forms are made of: the form itself, its fields, and what was typed or picked in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.core.problems.wording import TEXT_MOST
from bot.slack import text as t
from bot.words import Words

#: The action of every field that `field` makes; the block tells them apart.
GIVEN: Final = "given"


def form(
    words: Words,
    title: str,
    callback: str,
    blocks: Sequence[dict[str, Any]],
    *,
    submit: str | None = None,
    metadata: str = "",
) -> dict[str, Any]:
    """A form; `submit` where it can be sent, `metadata` (3,000 characters) travels with it."""
    made: dict[str, Any] = {
        "type": "modal",
        "callback_id": callback,
        "title": _plain(t.cut(title, t.MODAL_TITLE)),
        "close": _plain(t.cut(words("Close"), t.MODAL_TITLE)),
        "private_metadata": metadata,
        "blocks": list(blocks)[: t.MODAL_BLOCKS],
    }
    if submit:
        made["submit"] = _plain(t.cut(submit, t.MODAL_TITLE))
    return made


def field(block: str, label: str, element: dict[str, Any], *, optional: bool = False) -> dict[str, Any]:
    """One field of a form, under its label."""
    return {
        "type": "input",
        "block_id": block,
        "optional": optional,
        "label": _plain(label),
        "element": {**element, "action_id": GIVEN},
    }


def text_input(
    block: str,
    label: str,
    hint: str,
    *,
    most: int = TEXT_MOST,
    lines: bool = True,
    initial: str = "",
    optional: bool = False,
) -> dict[str, Any]:
    """A field to write into; `lines`: more than one."""
    element: dict[str, Any] = {"type": "plain_text_input", "multiline": lines, "max_length": most}
    if initial:
        element["initial_value"] = t.cut(t.plain(initial), most)
    made = field(block, label, element, optional=optional)
    if hint:
        made["hint"] = _plain(hint)
    return made


def option(text: str, value: str) -> dict[str, Any]:
    """One of several to pick from."""
    return {"text": _plain(t.cut(t.plain(text), t.OPTION_TEXT)), "value": value}


def asks_first(
    button: dict[str, Any], *, title: str, text: str, yes: str, no: str, danger: bool = False
) -> dict[str, Any]:
    """The button with a question of Slack's own before it does anything."""
    question: dict[str, Any] = {
        "title": _plain(t.cut(title, 100)),
        "text": _plain(t.cut(text, 300)),
        "confirm": _plain(t.cut(yes, 30)),
        "deny": _plain(t.cut(no, 30)),
    }
    if danger:
        question["style"] = "danger"
    return {**button, "confirm": question}


def given(view: Mapping[str, Any], block: str) -> Mapping[str, Any]:
    """What came back from a field: a request, not proof."""
    found = (((view.get("state") or {}).get("values") or {}).get(block) or {}).get(GIVEN)
    return found if isinstance(found, dict) else {}


def typed(view: Mapping[str, Any], block: str) -> str:
    return str(given(view, block).get("value") or "")


def picked(view: Mapping[str, Any], block: str) -> str:
    """The value of the one option that was picked; empty without one."""
    return str((given(view, block).get("selected_option") or {}).get("value", ""))


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}
