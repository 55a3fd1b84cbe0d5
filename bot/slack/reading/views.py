"""Lists of problems: the open ones, and a person's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from bot.core.problems.records import State
from bot.core.refusal import Refusal
from bot.slack import cards
from bot.slack import text as t
from bot.slack.desk.views import look_as_steward
from bot.slack.raising.views import WORD_IT, when
from bot.slack.receipt.views import OPEN
from bot.slack.shown import Shown
from bot.words import Words

#: Buttons: the open problems, a person's own, and the latter where there is news.
OPEN_ONES, MINE, NEWS = "read.list", "read.mine", "news.open"
#: The forms that show a list.
LISTED = "read.listed"
#: Lines in a message (its whole text is at most 3,900 characters) and in a form.
IN_MESSAGE, IN_FORM = 7, 40

Said = tuple[str, list[dict[str, Any]]]


def open_ones(words: Words, page: Sequence[Shown], *, more: bool, first: bool, command: str) -> Said:
    """Open problems, newest number first; `more` offers the next page."""
    if not page:
        said = (
            words(
                "Nothing is open. If something makes your work harder, `{command}` raises it.",
                command=command,
            )
            if first
            else words("That was all of them.")
        )
        return said, [t.section(said)]
    head = words("*Open problems*") if first else words("*Open problems, further on*")
    text, blocks = _lines(words, head, page)
    if more:
        last = page[-1].number
        blocks.append(
            t.buttons(t.button(words("More"), OPEN_ONES, f"before:{last}", label=words("More open problems")))
        )
        text += "\n" + words("There are more: the button shows them.")
    return text, blocks


def mine(
    words: Words,
    own: Sequence[Shown],
    *,
    waiting: int,
    reaches_at: dt.datetime,
    command: str,
    most: int = IN_MESSAGE,
) -> Said:
    """What a person raised, and how much of it still waits for the batch."""
    waits = ""
    if waiting:
        waits = words.many(
            "One that you sent reaches the stewards {when}, and is listed from then on.",
            "{n} that you sent reach the stewards {when}, and are listed from then on.",
            waiting,
            when=when(words, reaches_at),
        )
    if not own:
        said = waits or words(
            "Nothing here is from you yet. If something makes your work harder, `{command}` raises it.",
            command=command,
        )
        return said, [t.section(said)]
    text, blocks = _lines(words, words("*What you raised*"), own[:most], own=True)
    if len(own) > most:
        rest = words.many("{n} more is not shown here.", "{n} more are not shown here.", len(own) - most)
        text += f"\n{rest}"
        blocks.append(
            t.section(rest, accessory=t.button(words("Show all"), MINE, "all"))
            if most < IN_FORM
            else t.section(rest)
        )
    if waits:
        text += f"\n{waits}"
        blocks.append(t.context(waits))
    return text, blocks


def form(words: Words, said: Said) -> dict[str, Any]:
    """The same in a form, where the click came from one or from Home."""
    return {
        "type": "modal",
        "callback_id": LISTED,
        "title": {"type": "plain_text", "text": t.cut(words("Problems"), t.MODAL_TITLE), "emoji": False},
        "close": {"type": "plain_text", "text": t.cut(words("Close"), t.MODAL_TITLE), "emoji": False},
        "blocks": said[1],
    }


def ways(words: Words, shown: Shown, *, steward: bool) -> list[dict[str, Any]]:
    """Below one problem: for whoever is pointed at, and for stewards the way to what they can do."""
    made = [cards.points_at_me(words, shown)] if shown.published else []
    if steward:
        made.append(look_as_steward(words, shown.id))
    return [t.buttons(*made)] if made else []


def read_page(value: str) -> int | None:
    """The number that a page ends before; None for the first one."""
    before = value.removeprefix("before:")
    if before == value:
        return None
    return read_number(before)


def read_number(said: str) -> int:
    """A problem's public number, as "12" or "#12"."""
    digits = said.strip().removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise Refusal("That is no number of a problem. `{command} list` shows them with their numbers.")
    return int(digits)


def _open(words: Words, shown: Shown) -> dict[str, Any]:
    """The button for a problem of the reader's own: all that waits and came, or the form for its words."""
    title = t.one_line(shown.title)
    if shown.state == State.TAGGED.value:
        return t.button(words("Put it in words"), f"{WORD_IT}:{shown.id}", str(shown.id))
    return t.button(
        words("Open"), f"{OPEN}:{shown.id}", str(shown.id), label=words("Open: {title}", title=title)
    )


def _lines(words: Words, head: str, page: Sequence[Shown], *, own: bool = False) -> Said:
    button = _open if own else cards.details
    blocks = [t.section(head)]
    blocks += [t.section(cards.line(words, shown), accessory=button(words, shown)) for shown in page]
    plain = [cards.line(words, shown, marked=False) for shown in page]
    return "\n".join([head.replace("*", ""), *plain]), blocks
