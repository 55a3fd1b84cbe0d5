"""What was found by words, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.core.problems.wording import said as visible
from bot.core.refusal import Refusal
from bot.slack import cards, fields
from bot.slack import text as t
from bot.slack.fields import text_input
from bot.slack.raising.given import keeping
from bot.slack.raising.views import OPEN_AGAIN
from bot.slack.shown import Shown
from bot.words import Words

#: The button that opens the form for words, that form, and the button for the next page.
ASK, ASKED, MORE = "search.ask", "search.asked", "search.more"
#: The form in which pages follow one another.
FOUND: Final = "search.found"
#: Lines of a page: a message's whole text is at most 3,900 characters. Characters that are looked for.
IN_MESSAGE, SEARCHED_MOST = 7, 300
#: Where paging ends: whoever has looked through so many has other words to try.
_LAST_START: Final = 10_000

_WORDS: Final = "words"

Said = tuple[str, list[dict[str, Any]]]


def page(
    words: Words, said: str, found: Sequence[Shown], *, start: int, more: bool, ready: bool = True
) -> Said:
    """Some of what was found for `said`, best first; `ready` is False right after a start."""
    ask = words("Not there? Raise it") if found else words("Raise it")
    raise_it = t.button(ask, OPEN_AGAIN, keeping(said), label=words("Raise it in these words"))
    if not ready:
        text = words("I have just started and am still reading. Please search again in a few seconds.")
        return text, [t.section(text)]
    if not found:
        text = words("That was all that was found.") if start else words("Nothing published speaks of that.")
        return text, [t.section(text), t.buttons(raise_it)]
    head = words("*What speaks of “{words}”*", words=t.cut_escaped(t.one_line(said), 300))
    if start:
        head = words("*More that speaks of “{words}”*", words=t.cut_escaped(t.one_line(said), 300))
    blocks = [t.section(head)]
    blocks += [t.section(cards.line(words, one), accessory=cards.details(words, one)) for one in found]
    ways = [t.button(words("More"), MORE, f"{start + len(found)}:{said}", label=words("More that was found"))]
    blocks.append(t.buttons(*(ways if more else ()), raise_it))
    lines = [head.replace("*", ""), *[cards.line(words, one, marked=False) for one in found]]
    if more:
        lines.append(words("There are more: the button shows them."))
    return "\n".join(lines), blocks


def ask_form(words: Words) -> dict[str, Any]:
    """Where the words are typed: they go no further than this search."""
    hint = words("What is published and speaks of this, best first. Your words are kept nowhere.")
    typed = text_input(_WORDS, words("What is it about?"), hint, most=SEARCHED_MOST, lines=False)
    return fields.form(words, words("Search"), ASKED, [typed], submit=words("Search"))


def read_asked(view: Mapping[str, Any]) -> str:
    """The words that were typed."""
    said = searched(fields.typed(view, _WORDS))
    if not said:
        raise Refusal("Please write a word or two of what it is about.")
    return said


def form(words: Words, said: Said) -> dict[str, Any]:
    """The same in a form."""
    return {
        "type": "modal",
        "callback_id": FOUND,
        "title": {"type": "plain_text", "text": t.cut(words("Problems"), t.MODAL_TITLE), "emoji": False},
        "close": {"type": "plain_text", "text": t.cut(words("Close"), t.MODAL_TITLE), "emoji": False},
        "blocks": said[1],
    }


def searched(typed: str) -> str:
    """The words that are looked for, as every page of one search has them; nothing where nothing can be seen."""
    words = t.one_line(t.plain(typed))[:SEARCHED_MOST].strip()
    return words if visible(words) else ""


def read_more(value: str) -> tuple[int, str]:
    """Where the next page begins, and the words."""
    start, colon, said = value.partition(":")
    words = searched(said)
    if not (colon and start.isascii() and start.isdigit() and len(start) < 6 and words):
        raise Refusal("This button can't be read any more. `{command} search` looks anew.")
    return min(int(start), _LAST_START), words
