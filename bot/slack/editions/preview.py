"""What stewards see of the next edition before it is posted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from bot.core.editions.queries import Composed
from bot.slack import text as t
from bot.slack.editions.fitting import TOTAL, Said, length
from bot.slack.editions.thread_views import edition_thread
from bot.slack.editions.views import edition_message
from bot.words import Words


@dataclass(frozen=True, slots=True)
class Coming:
    """The edition that is due next."""

    period: str
    due_at: dt.datetime
    late: bool = False


def preview(words: Words, coming: Coming, composed: Composed, *, command: str) -> Said:
    """The message and, as far as one answer has room, its thread; nothing in it can be pressed."""
    head = words(
        "Only you see this: the edition of {date} as it would be now. What people say until then changes it.",
        date=t.date(coming.due_at, form="{date_long}"),
    )
    text, blocks = edition_message(words, coming, composed, command=command, pressable=False)
    made: list[dict[str, Any]] = [t.context(head), {"type": "divider"}, *blocks]
    texts = [head, text]
    left_out = 0
    for part in composed.parts():
        said, more = edition_thread(words, composed, part, pressable=False)
        thread = [{"type": "divider"}, t.context(words("In the thread")), *more]
        # Room is kept for the last line, which says what was left out.
        if len(made) + len(thread) >= t.MESSAGE_BLOCKS or length(made) + length(thread) > TOTAL - 200:
            left_out += 1
            continue
        made += thread
        texts.append(said)
    if left_out:
        rest = words.many(
            "One message of the thread does not fit here.",
            "{n} messages of the thread do not fit here.",
            left_out,
        )
        made.append(t.context(rest))
        texts.append(rest)
    return _cut(words, texts), made


def _cut(words: Words, texts: list[str]) -> str:
    """As many of the texts, whole, as an answer's text takes."""
    rest = words("The rest stands in the message itself.")
    said = texts[0]
    for text in texts[1:]:
        if len(said) + len(text) + len(rest) + 2 > t.TEXT:
            return f"{said}\n{rest}"
        said = f"{said}\n{text}"
    return said
