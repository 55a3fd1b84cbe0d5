"""Is it one of these? Published problems that may be the same, before a person's own words are sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.slack import cards
from bot.slack import text as t
from bot.slack.failures import to_copy
from bot.slack.fields import asks_first
from bot.slack.shown import Shown
from bot.words import Words

#: The button beside each: "it is this one".
THIS_ONE: Final = "raise.this_one"
#: Characters of a title and of what stands under it.
_TITLE, _TEXT = 400, 300
#: Characters of a person's own words that are shown to be copied.
_OWN_MOST = 20_000


def asked(words: Words, twins: Sequence[Shown], *, anonymous: bool, noted: str = "") -> list[dict[str, Any]]:
    """The question with each of them; `noted` is what became of a first answer to it."""
    if not twins:
        return [t.section(noted)] if noted else []
    question = words(
        "*Is it one of these?* Nothing is sent yet. If one of them is yours too, say so there: one problem with "
        "many behind it is heard sooner than many alike."
    )
    blocks = [t.section(noted)] if noted else []
    blocks.append(t.section(question))
    blocks += [_one(words, twin, anonymous=anonymous) for twin in twins]
    return [*blocks, t.context(before(words, anonymous=anonymous)), {"type": "divider"}]


def before(words: Words, *, anonymous: bool) -> str:
    """What "hits us too" keeps of a person, said before it is pressed."""
    if anonymous:
        return words(
            "“Hits us too” is not as anonymous as this form. It keeps a code made from you, so that it counts "
            "once, and your team; until that problem closes, somebody with both the database and its key could "
            "work out that it was you."
        )
    return words(
        "“Hits us too” counts for your team; others read words for how widely it is felt, never who. Your own words "
        "are then not sent."
    )


def _one(words: Words, twin: Shown, *, anonymous: bool) -> dict[str, Any]:
    title = f"*{cards.name_of(words, twin, most=_TITLE)}*"
    said = t.cut_escaped(t.one_line(twin.hardship), _TEXT)
    button = t.button(
        words("This one hits us too"),
        f"{THIS_ONE}:{twin.id}",
        str(twin.id),
        label=words("It is this one: {title}", title=t.one_line(twin.title)),
    )
    if anonymous:
        button = asks_first(
            button,
            title=words("This is not anonymous"),
            text=words(
                "It keeps a code made from you, and your team. Until that problem closes, somebody with both the "
                "database and its key could work out that it was you. Your own words are not sent."
            ),
            yes=words("Say it all the same"),
            no=words("Go back"),
        )
    return t.section(f"{title}\n{said}" if said else title, accessory=button)


def not_sent(words: Words, own: Mapping[str, str], *, tagged: bool) -> list[dict[str, Any]]:
    """After "it is this one": the person's own words, which went nowhere, to be copied."""
    said = words("Your own words were not sent, and nothing of them is kept.")
    if tagged:
        said = words(
            "Your own words were not sent, and nothing of them is kept. Your tag still waits for words: taking the "
            "emoji away takes it back."
        )
    return [{"type": "divider"}, t.section(said), *to_copy(words, own, most=_OWN_MOST)]
