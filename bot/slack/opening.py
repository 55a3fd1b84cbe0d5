"""Forms that a person should get even where the click came too late to open one."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from bot.slack import text as t
from bot.slack.client import SlackTrouble, TriggerExpired
from bot.slack.failures import MOST_TO_COPY, to_copy
from bot.slack.turn import Answer, Kind, Turn
from bot.words import Words


def open_form(turn: Turn, view: Mapping[str, Any], *, action: str, value: str, kept: str = "") -> Answer:
    """Open a form, over the one that is there if one is; where Slack says that it is too late, offer a button.

    The button is `action` with `value`, at most 2,000 characters. `kept` are words of the person's that did not
    fit into `value`; they are given back to be copied. Return what this returns: it is what the ack carries.
    """
    try:
        if turn.view.get("type") == "modal":
            turn.slack.push_view(turn.trigger, view)
        else:
            turn.slack.open_view(turn.trigger, view)
    except TriggerExpired:
        text, blocks = open_again(turn.words, action=action, value=value, kept=kept)
        return _offer(turn, text, blocks)
    return None


def open_again(words: Words, *, action: str, value: str, kept: str = "") -> tuple[str, list[dict[str, Any]]]:
    """The message with the button that opens the form after all."""
    said = words("Slack gave me too little time to open the form. The button opens it; nothing is lost.")
    blocks: list[dict[str, Any]] = [t.section(said)]
    if kept:
        said = words(
            "Slack gave me too little time to open the form. The button opens it, but it can't keep "
            "all of your words: please copy the rest from here first."
        )
        blocks = [t.section(said), *to_copy(words, {"words": kept}, most=MOST_TO_COPY)]
    blocks.append(
        t.buttons(
            t.button(
                words("Open the form"), action, value, style="primary", label=words("Open the form again")
            )
        )
    )
    return (f"{said}\n{t.cut_escaped(kept, t.TEXT - len(said) - 1)}" if kept else said), blocks


def _offer(turn: Turn, text: str, blocks: list[dict[str, Any]]) -> Answer:
    """Say it to the person alone: by the interaction's own URL, since an ack would come too late as well."""
    url = str(turn.body.get("response_url") or "")
    if url:
        with suppress(SlackTrouble):
            turn.slack.respond(url, text, blocks)
            return None
    if turn.kind is Kind.COMMAND:
        return {"text": text, "blocks": blocks, "response_type": "ephemeral"}
    # A shortcut or a button of a form has no other way to this person; Slack itself says that it failed.
    return None
