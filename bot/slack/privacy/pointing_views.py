"""The form of "this points at me", and what is said when the words are down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.refusal import Refusal
from bot.slack import text as t
from bot.slack.cards import name_of
from bot.slack.fields import form, text_input, typed
from bot.slack.shown import Shown
from bot.words import Words

FORM, REASON = "privacy.points_at_me", "reason"
#: Problems that readers may have taken down within an hour, all of them together.
MOST = 10


def points_form(words: Words, shown: Shown) -> dict[str, Any]:
    """What happens on "send", and room for a reason that nobody has to give."""
    blocks = [
        t.context(name_of(words, shown)),
        t.section(
            words(
                "If these words point at you, they are taken down as soon as you send this: from here, from lists "
                "and from editions that were posted. In their place stands that somebody says so, without a name. "
                "Then a steward looks at the words: they come back, or they are destroyed."
            )
        ),
        text_input(
            REASON,
            words("What points at you?"),
            words("You need not say. The stewards read it; your name is kept nowhere."),
            optional=True,
        ),
    ]
    return form(
        words, words("This points at me"), FORM, blocks, submit=words("Take it down"), metadata=str(shown.id)
    )


def in_its_place(words: Words) -> str:
    """What everybody reads instead of the words; one line."""
    return words("Taken down: somebody says that it points at them. A steward looks at it.")


def taken_down(words: Words) -> str:
    return words(
        "It is down. Everybody reads now that somebody says it points at them, and no name; posted editions are set "
        "right within a minute. A steward looks at the words next: they come back, or they are destroyed. "
        "What somebody has copied by now I can't take back."
    )


def refuse_more_than(taken: int) -> None:
    """Ten within an hour are no longer people at whom words point, but somebody who empties the list."""
    if taken >= MOST:
        raise Refusal(
            "Many were taken down within this hour, so a person has to look first: please write to a steward, who "
            "can take it down at once. In an hour this works again."
        )


def read_ident(value: object) -> int:
    """The problem in the button or the form; a request, not proof."""
    said = str(value)
    if not (said.isascii() and said.isdigit() and len(said) < 20):
        raise Refusal("This button can't be read any more. `{command} list` shows what is open.")
    return int(said)


def read_reason(view: Mapping[str, Any]) -> str:
    return typed(view, REASON)
