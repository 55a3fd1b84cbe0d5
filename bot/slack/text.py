"""What a person typed, made fit for a message: escaped, cut at a whole character, dates in the reader's own time."""

from __future__ import annotations

import datetime as dt
import html
import re
import unicodedata
from typing import Any

#: Slack's limits, in characters.
SECTION, FIELD, HEADER, BUTTON, VALUE, MODAL_TITLE = 3000, 2000, 150, 75, 2000, 24
OPTION_TEXT, OPTION_VALUE, TEXT, MODAL_BLOCKS, MESSAGE_BLOCKS, INPUT, METADATA = (
    75,
    150,
    3900,
    100,
    50,
    3000,
    3000,
)

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# Slack's own marks would make a person's words bold, quoted or code, or let them run into ours. A word joiner
# keeps the mark as it was typed and takes its power.
_MARKS = re.compile(r"([*_~`])")
_QUOTE = re.compile(r"(?m)^(\s*)(&gt;)")
_BARE_LINK = re.compile(r"(?i)([a-z][a-z0-9+.-]*:(?=//)|\b(?:mailto|tel):)")
_COLONS = re.compile(r":(?=[^\s:]+:)")  # names of emoji may be in any script
_JOINER = "\u2060"
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_BREAKS = re.compile("\r\n?|[\u2028\u2029]")  # lines end in one way, else a quote could begin after another
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")
_DATE_TOKEN = re.compile(r"<!date\^[^|>]*\|([^>]*)>")
_STACKED = 4  # combining marks left on one character


def plain(text: str) -> str:
    """Text for a plain_text object: no control characters, no reversed writing, no towers of marks."""
    return _calm(_BREAKS.sub("\n", text))


def escaped(text: str) -> str:
    """Text for mrkdwn that shows as it was typed and does nothing: no mention, link, emoji, mark or quote."""
    text = plain(text)
    for mark, escape in _ESCAPES.items():
        text = text.replace(mark, escape)
    text = _MARKS.sub(_JOINER + r"\1" + _JOINER, text)
    text = _BARE_LINK.sub(lambda found: found.group(1).replace(":", ":" + _JOINER), text)
    text = _COLONS.sub(":" + _JOINER, text)
    return _QUOTE.sub(r"\1" + _JOINER + r"\2", text)


def one_line(text: str) -> str:
    return " ".join(text.split())


def cut(text: str, most: int) -> str:
    """The text, or its beginning with an ellipsis; never within a character that is made of several."""
    if len(text) <= most:
        return text
    if most <= 0:
        return ""
    return text[: _between(text, most - 1)].rstrip() + "…"


def cut_escaped(text: str, most: int) -> str:
    """Escaped text that fits, cut before it was escaped, so that no escape is cut in two."""
    text = plain(text)
    made = escaped(text) if len(text) <= most else ""
    if made and len(made) <= most:
        return made
    low, high = 0, min(len(text), most)  # escaping calm text never shortens it
    while low < high:
        middle = (low + high + 1) // 2
        if len(escaped(cut(text, middle))) <= most:
            low = middle
        else:
            high = middle - 1
    return escaped(cut(text, low))


def pieces(text: str, most: int = SECTION) -> list[str]:
    """The whole text, escaped, in pieces that fit (`most` is 10 or more); broken after lines or words."""
    made: list[str] = []
    rest = text.strip()
    while rest:
        end = min(len(rest), most)
        while len(escaped(rest[:end])) > most:
            end = _between(rest, max(1, min(end - 1, end * most // len(escaped(rest[:end])))))
        if end < len(rest):
            end = _word_end(rest, _between(rest, end))
        made.append(escaped(rest[:end].rstrip()))
        rest = rest[end:].lstrip()
    return [piece for piece in made if piece]


def date(at: dt.datetime | dt.date, fallback: str | None = None, *, form: str = "{date_long}") -> str:
    """A date token: everybody reads it in their own time zone and language."""
    moment = at if isinstance(at, dt.datetime) else dt.datetime.combine(at, dt.time(12), dt.UTC)
    return f"<!date^{int(moment.timestamp())}^{form}|{fallback or moment.strftime('%-d %B %Y')}>"


def person(ident: str) -> str:
    """A mention; in a message that only its readers get."""
    return f"<@{ident}>" if re.fullmatch(r"[UW][A-Z0-9]+", ident) else ""


def place(said: str | None) -> str:
    """A place as the operator named it: a channel's id becomes its link, words stay words."""
    if said and re.fullmatch(r"[CG][A-Z0-9]+", said):
        return f"<#{said}>"
    return escaped(said or "")


def section(text: str, **more: Any) -> dict[str, Any]:
    """A section of mrkdwn; `text` is ours or escaped already."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}, **more}


def context(text: str) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}


def header(text: str) -> dict[str, Any]:
    return {
        "type": "header",
        "text": {"type": "plain_text", "text": cut(plain(text), HEADER), "emoji": False},
    }


def spoken(label: str) -> str:
    """What a screen reader says of a label: a date token as its words, no escapes."""
    return html.unescape(_DATE_TOKEN.sub(r"\1", label))


def button(
    text: str, action: str, value: str, *, style: str | None = None, label: str | None = None
) -> dict[str, Any]:
    """A button; `label` is read by screen readers where the text alone does not say what it is about."""
    made: dict[str, Any] = {
        "type": "button",
        "text": {"type": "plain_text", "text": cut(plain(text), BUTTON), "emoji": False},
        "action_id": action,
        "value": value,
    }
    if style:
        made["style"] = style
    if label:
        made["accessibility_label"] = cut(plain(spoken(label)), BUTTON)
    return made


def buttons(*elements: dict[str, Any], block: str | None = None) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "actions", "elements": list(elements)}
    if block:
        made["block_id"] = block
    return made


def _between(text: str, end: int) -> int:
    """The last place up to `end` that is between two characters as people see them; `end` where there is none."""
    at = end
    while at > 0 and _inside(text, at):
        at -= 1
    return at or end


def _inside(text: str, at: int) -> bool:
    if at >= len(text):
        return False
    left, right = text[at - 1], text[at]
    if _is_flag_half(left) and _is_flag_half(right):
        halves = 1
        while halves < at and _is_flag_half(text[at - 1 - halves]):
            halves += 1
        return halves % 2 == 1
    # A joiner ties what follows it, and so does a virama, which writes two consonants as one.
    return left == "\u200d" or _joins(right) or (unicodedata.combining(left) == 9 and right.isalpha())


def _word_end(text: str, end: int) -> int:
    """A better place than `end` to break at, if one is near: after a line, else after a word."""
    for mark in ("\n", " "):
        at = text.rfind(mark, end // 2, end)
        if at > 0 and not _inside(text, at):
            return at
    return end


def _joins(character: str) -> bool:
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc")
        or character in "\u200d\ufe0f\ufe0e"
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # tones of skin
        or "\U000e0020" <= character <= "\U000e007f"  # the tail of a region's flag
        or "\u1160" <= character <= "\u11ff"  # Korean vowels and endings, where they stand alone
    )


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _calm(text: str) -> str:
    text = _DIRECTIONS.sub("", _CONTROLS.sub("", text))
    if text.isascii():
        return text
    made: list[str] = []
    stacked = 0
    for character in text:
        stacked = stacked + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if stacked <= _STACKED:
            made.append(character)
    return "".join(made)
