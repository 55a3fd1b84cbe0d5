"""A team that is asked to take a problem, and the sponsor who is asked to decide, answer in a small form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from bot.core.refusal import Refusal
from bot.slack import text as t
from bot.slack import waiting
from bot.slack.cards import card
from bot.slack.fields import field, form, option, picked, text_input, typed
from bot.slack.shown import Shown
from bot.words import Words

TEAM_OPEN, TEAM_FORM = "hand.open", "hand.form"
SPONSOR_OPEN, SPONSOR_FORM = "sponsor.open", "sponsor.form"
ANSWER, WORDS = "answer", "words"
YES, NOT_OURS = "yes", "not_ours"
#: Blocks of the problem itself; the question and the fields need the rest.
_ROOM = 80


def team_waits(words: Words, team: str, problem: int, ident: int) -> tuple[str, list[dict[str, Any]]]:
    """The direct message: that something waits, and nothing of what it is."""
    return waiting.for_team(words, team, TEAM_OPEN, f"{problem}:{ident}")


def sponsor_waits(words: Words, problem: int) -> tuple[str, list[dict[str, Any]]]:
    """The same for the sponsor."""
    said = words("Something waits for your decision.")
    return said, [t.section(said), t.buttons(t.button(words("Open"), SPONSOR_OPEN, str(problem), label=said))]


def team_row(words: Words, team: str, problem: int, ident: int) -> dict[str, Any]:
    """The same line in Home, where it waits for whoever missed the message."""
    return waiting.row_for_team(words, team, TEAM_OPEN, f"{problem}:{ident}")


def sponsor_row(words: Words, problem: int, due_on: dt.date, *, overdue: bool) -> dict[str, Any]:
    """A decision that waits for the sponsor, in the sponsor's Home."""
    day = t.date(due_on)
    said = (
        words("*Something waits for your decision;* it was due on {day}.", day=day)
        if overdue
        else words("*Something waits for your decision* until {day}.", day=day)
    )
    button = t.button(words("Open"), f"{SPONSOR_OPEN}:{problem}", str(problem), label=said.replace("*", ""))
    return t.section(said, accessory=button)


def team_form(
    words: Words, shown: Shown, *, team: int, name: str, asks: str, due_on: dt.date, command: str
) -> dict[str, Any]:
    """The problem, what is asked of the team, and yes or "not ours"."""
    head = words(
        "The stewards ask {team}: “{asks}” Please answer by {day}.",
        team=t.cut_escaped(t.one_line(name), 300),
        asks=t.cut_escaped(asks, 1800),
        day=t.date(due_on),
    )
    options = [
        option(words("Yes, we take it"), YES),
        option(words("Not ours"), NOT_OURS),
    ]
    hint = words(
        "With a yes, what happens next. With a no, why, and whose it may be: that helps to find the way."
    )
    blocks = [
        t.section(head),
        field(ANSWER, words("Your team's answer"), {"type": "radio_buttons", "options": options}),
        text_input(WORDS, words("In a sentence"), hint, optional=True),
        t.context(
            words("The stewards read it. “Not ours” is a good answer: it is counted, and nobody is blamed.")
        ),
        {"type": "divider"},
        *card(words, shown, command=command, own=True, whole=True, voting=False)[:_ROOM],
    ]
    metadata = f"{shown.id}:{team}"
    title = words("Can your team take it?")
    return form(words, title, TEAM_FORM, blocks, submit=words("Send"), metadata=metadata)


def sponsor_form(words: Words, shown: Shown, *, asks: str, due_on: dt.date, command: str) -> dict[str, Any]:
    """The problem, what has to be decided, and room for the answer."""
    head = words(
        "No team can decide this. The stewards ask you: “{asks}” Please answer by {day}.",
        asks=t.cut_escaped(asks, 1800),
        day=t.date(due_on),
    )
    hint = words(
        "A decision, or who decides until when. Everybody who can read the problem reads it, as the sponsor's."
    )
    blocks = [
        t.section(head),
        text_input(WORDS, words("Your answer"), hint),
        {"type": "divider"},
        *card(words, shown, command=command, own=True, whole=True, voting=False)[:_ROOM],
    ]
    title = words("Your decision")
    return form(words, title, SPONSOR_FORM, blocks, submit=words("Send"), metadata=str(shown.id))


def team_thanks(words: Words, team: str, *, yes: bool) -> str:
    name = t.cut_escaped(t.one_line(team), 300)
    if yes:
        return words(
            "Thank you. {team} has it now; the stewards and whoever raised it hear so. "
            "They come back to you in about four weeks.",
            team=name,
        )
    return words("Thank you, that helps. The stewards look for whose it is.")


def sponsor_thanks(words: Words) -> str:
    return words("Thank you. Your answer stands beside the problem, and the stewards go on from there.")


def read_pair(value: object) -> tuple[int, int]:
    """The problem and the team, as "problem:team"; a request, not proof."""
    first, _, second = str(value).partition(":")
    return read_ident(first), read_ident(second)


def read_ident(value: object) -> int:
    said = str(value)
    if not (said.isascii() and said.isdigit() and len(said) < 20):
        raise Refusal("This can't be read any more. What waits for you stands in my Home tab.")
    return int(said)


def read_answer(view: Mapping[str, Any]) -> tuple[bool, str]:
    """Yes or not ours, and the sentence beside it."""
    said = picked(view, ANSWER)
    if said not in (YES, NOT_OURS):
        raise Refusal("Please pick yes or “Not ours”.")
    return said == YES, typed(view, WORDS)


def read_words(view: Mapping[str, Any]) -> str:
    return typed(view, WORDS)
