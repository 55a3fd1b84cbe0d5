"""Words that somebody has already, put where they fit in the form."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.problems.wording import TEXT_MOST, TITLE_MOST
from bot.slack import text as t
from bot.words import Words

_UNSENDABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_PERSON = re.compile(r"<[@!](?:[UWSB]|subteam\^)[A-Z0-9]*(?:\|[^>]*)?>")
_PLACE = re.compile(r"<#[A-Z0-9]+(?:\|[^>]*)?>")
_CALL = re.compile(r"<!(?:channel|here|everyone)(?:\|[^>]*)?>")
_LABELLED = re.compile(r"<![^>|]*\|([^>]*)>")
_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")


@dataclass(frozen=True, slots=True)
class Prefill:
    """What stands in the form when it opens. `rest` is what did not fit into it."""

    title: str = ""
    hardship: str = ""
    rest: str = ""
    tried: str = ""
    guardrails: str = ""


def from_words(said: str) -> Prefill:
    """A short line is the title; longer words stand whole in the second field, their beginning in the title."""
    whole = _UNSENDABLE.sub("", said.replace("\r\n", "\n")).strip()
    title = t.one_line(whole)
    if len(title) <= TITLE_MOST and "\n" not in whole:
        return Prefill(title=title)
    return Prefill(
        title=_beginning(t.one_line(whole.split("\n")[0])),
        hardship=whole[:TEXT_MOST],
        rest=whole[TEXT_MOST:],
    )


def from_message(words: Words, message: Mapping[str, Any], *, bot_user: str) -> Prefill:
    """The same from a message's text, without names of people and places; nothing where a bot wrote it."""
    said = message.get("text")
    if message.get("bot_id") or message.get("user") == bot_user or not isinstance(said, str):
        return Prefill()
    said = _PERSON.sub(words("somebody"), said)
    said = _PLACE.sub(words("a channel"), _CALL.sub("", said))
    said = _LABELLED.sub(r"\1", said)
    said = _LINK.sub(lambda found: found[2] or found[1], said)
    return from_words(html.unescape(said))


def _beginning(line: str) -> str:
    """The line, or its beginning cut after a word."""
    if len(line) <= TITLE_MOST:
        return line
    kept = t.cut(line, TITLE_MOST)
    at = kept.rfind(" ")
    return f"{kept[:at].rstrip(' ,;:-')}…" if at > TITLE_MOST // 2 else kept
