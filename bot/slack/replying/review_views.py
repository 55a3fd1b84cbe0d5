"""The person who answers for a team that would have to change something asks for a second look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.core.replies.reviews import Asking
from bot.slack import text as t
from bot.slack.cards import DETAILS
from bot.slack.fields import form, text_input
from bot.words import Words

ASK, FORM, SENTENCE = "review.ask", "review.form", "sentence"
#: Teams of one contact that a form has room for.
_MOST: Final = 3


def blocks(words: Words, ident: int, mine: Sequence[Asking]) -> list[dict[str, Any]]:
    """For each team of this reader's: the way to a second look, or what was asked and answered."""
    made: list[dict[str, Any]] = []
    for each in mine[:_MOST]:
        team = _name(each.name)
        if each.sentence is None:
            made.append(
                t.section(
                    words(
                        "You answer for {team}, which may have to change something here. If this looks wrong or "
                        "unfair to you, a second steward looks at it.",
                        team=team,
                    ),
                    accessory=t.button(
                        words("Ask for a second look"), f"{ASK}:{each.team}", f"{ident}:{each.team}"
                    ),
                )
            )
            continue
        sentence = t.cut_escaped(each.sentence, 1200)
        made.append(
            t.section(words("*{team} asked for a second look:* {sentence}", team=team, sentence=sentence))
        )
        if each.answer is None:
            made.append(t.context(words("A second steward answers; the answer will stand here.")))
        else:
            answer = t.cut_escaped(each.answer, 2400)
            made.append(t.section(words("*A steward answered:* {sentence}", sentence=answer)))
    return made


def review_form(words: Words, ident: int, each: Asking) -> dict[str, Any]:
    """A sentence for the stewards."""
    asks = text_input(
        SENTENCE,
        words("What should the stewards look at?"),
        words(
            "The stewards read it, under your team's name. One who did not publish the problem answers you. "
            "Please don't look for who raised it."
        ),
        most=1000,
    )
    title, send = words("A second look"), words("Send")
    return form(words, title, FORM, [asks], submit=send, metadata=f"{ident}:{each.team}")


def taken(words: Words) -> str:
    return words(
        "The stewards read it from now on, and one who did not publish this answers you. "
        "The answer stands in the problem's details; you get a message when it is there."
    )


def answered(words: Words, team: str, ident: int) -> tuple[str, list[dict[str, Any]]]:
    """The direct message to the contact: that something waits, and nothing of what it is."""
    said = words("Something waits for {team}.", team=_name(team))
    return said, [
        t.section(said),
        t.buttons(t.button(words("Open"), f"{DETAILS}:{ident}", str(ident), label=said)),
    ]


def _name(team: str) -> str:
    return t.cut_escaped(t.one_line(team), 300)
