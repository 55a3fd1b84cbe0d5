"""What a person typed, checked before it is stored: whole, or refused in words."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from bot.core.refusal import Refusal

#: Most characters of the problem in one line, and of every longer field.
TITLE_MOST = 200
TEXT_MOST = 3000
LABEL_MOST = 80


def storable(text: str) -> str:
    """The text as it is stored: both databases and Slack can hold it, nothing else is changed."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise Refusal(
            "There is a broken character in the text that can't be kept. "
            "Please take it out (typing the line again helps) and send once more."
        )
    return text.strip()


def text_of(typed: str) -> str:
    """A longer text as it is stored; a refusal where it is too long."""
    text = storable(typed)
    if len(text) > TEXT_MOST:
        raise Refusal(
            "One text has {length} characters and can have {most}. Please shorten it; nothing was lost.",
            length=len(text),
            most=TEXT_MOST,
        )
    return text


def said(text: str) -> bool:
    """Whether a text has something in it that a person can read."""
    return any(
        unicodedata.category(character)[0] not in "ZC" and unicodedata.category(character) != "Mn"
        for character in text
    )


@dataclass(frozen=True, slots=True)
class Wording:
    """A problem in somebody's words, as the person confirmed them.

    `felt_by` and `needed_from` are ids of teams; `needed_from` is None for "don't know".
    """

    title: str
    hardship: str
    tried: str = ""
    guardrails: str = ""
    label: str | None = None
    felt_by: frozenset[int] = field(default_factory=frozenset)
    needed_from: frozenset[int] | None = None

    def checked(self) -> Wording:
        """The same with every text storable; a refusal names what to mend."""
        title = " ".join(storable(self.title).split())
        if not said(title):
            raise Refusal("Please say in one line what makes work harder.")
        if len(title) > TITLE_MOST:
            raise Refusal(
                "The first line has {length} characters and can have {most}. "
                "Keep the point there and put the rest into the second field.",
                length=len(title),
                most=TITLE_MOST,
            )
        hardship = text_of(self.hardship)
        if not said(hardship):
            raise Refusal('Please say what it makes hard, in the first person: "for us this means ..."')
        label = storable(self.label)[:LABEL_MOST].strip() if self.label else ""
        return Wording(
            title,
            hardship,
            text_of(self.tried),
            text_of(self.guardrails),
            label or None,
            frozenset(self.felt_by),
            self.needed_from,
        )
