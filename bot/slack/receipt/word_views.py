"""The form in which a raiser changes the words of what was raised; what the look found stands above them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.core.problems.wording import Wording
from bot.slack import text as t
from bot.slack.raising import check_views, fields
from bot.slack.raising.carried import Carried, packed
from bot.slack.raising.checking import Seen
from bot.slack.raising.fields import plain
from bot.words import Words

#: The form with the words, the same with what was found in them, and the button that takes the offers.
WORDS, LOOKED, USE = "receipt.words", "receipt.looked", "receipt.use_these"


def words_form(
    words: Words, key: Carried, seen: Seen, *, published: bool, looked: bool = False
) -> dict[str, Any]:
    """The words of `seen` in their fields; `looked`: with what was found above them."""
    # New names of blocks with other words: Slack would keep what was typed in fields that it knows.
    carried = replace(key, shown=seen.name)
    blocks: list[dict[str, Any]] = []
    found = looked and bool(seen)
    if found:
        blocks += [t.section(check_views.summary(words, seen)), *check_views.places(words, seen)]
        if seen.offers:
            blocks.append(t.buttons(t.button(words("Use these"), USE, "use", style="primary"), block="ways"))
        blocks.append({"type": "divider"})
    elif published:
        blocks.append(
            t.section(words("Others have read the old words, so a steward says yes to new ones first."))
        )
    tail = f".{seen.name}"
    made = [
        fields.line(words, fields.TITLE + tail, initial=seen.texts.get(fields.TITLE, "")),
        fields.hardship(words, fields.HARDSHIP + tail, initial=seen.texts.get(fields.HARDSHIP, "")),
        fields.tried(words, fields.TRIED + tail, initial=seen.texts.get(fields.TRIED, "")),
        fields.guardrails(words, fields.GUARDRAILS + tail, initial=seen.texts.get(fields.GUARDRAILS, "")),
    ]
    return {
        "type": "modal",
        "callback_id": LOOKED if found else WORDS,
        "private_metadata": packed(carried),
        "title": plain(words("Change the words"), t.MODAL_TITLE),
        "submit": plain(words("Send as it is") if found else words("Send"), t.MODAL_TITLE),
        "close": plain(words("Cancel"), t.MODAL_TITLE),
        "blocks": [*blocks, *made],
    }


def wording_of(texts: Mapping[str, str]) -> Wording:
    """The texts of the fields as a wording."""
    title, hardship, tried, guardrails = (texts.get(block, "") for block in fields.TEXTS)
    return Wording(title, hardship, tried, guardrails)
