"""An asked team's contact reads a problem before others do, as somebody who can help, and answers for the team."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.refusal import Refusal
from bot.slack import text as t
from bot.slack import waiting
from bot.slack.cards import points_at_me
from bot.slack.fields import form, text_input, typed
from bot.slack.shown import Shown
from bot.words import Words

OPEN, FORM, WORDS = "reply.open", "reply.form", "words"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a team is asked about. reply: its words so far. until: when its time is over; over: it is by now."""

    shown: Shown
    team: int
    name: str
    reply: str | None
    until: dt.datetime | None
    over: bool = False


def something_waits(words: Words, team: str, problem: int, ident: int) -> tuple[str, list[dict[str, Any]]]:
    """The direct message to the contact: that something waits, and nothing of what it is."""
    return waiting.for_team(words, team, OPEN, f"{problem}:{ident}")


def row(words: Words, team: str, problem: int, ident: int) -> dict[str, Any]:
    """The same line in Home, where it waits for whoever missed the message."""
    return waiting.row_for_team(words, team, OPEN, f"{problem}:{ident}")


def _name(team: str) -> str:
    return t.cut_escaped(t.one_line(team), 300)


def reply_form(words: Words, asked: Asked) -> dict[str, Any]:
    """The problem, what is asked, and room for the team's words."""
    shown = asked.shown
    blocks = [t.section(f"*{t.cut_escaped(t.one_line(shown.title), 600)}*")]
    for head, said in (
        (words("What it makes hard"), shown.hardship),
        (words("Tried before"), shown.tried),
        (words("A fix must not"), shown.guardrails),
    ):
        first, *more = t.pieces(said, t.SECTION - len(head) - 3) or [""]
        if first:
            blocks += [t.section(f"*{head}*\n{first}"), *[t.section(piece) for piece in more]]
    blocks.append(t.section(_asks(words, asked)))
    blocks.append(
        text_input(
            WORDS,
            words("What would make this easier from your side?"),
            words(
                "Everybody who can read the problem reads it under your team's name, not yours. "
                "“Not ours, and here is why” is an answer too."
            ),
            initial=asked.reply or "",
        )
    )
    blocks.append(t.context(_readers(words)))
    blocks.append(t.buttons(points_at_me(words, shown)))
    title = words("Your team's word")
    metadata = f"{shown.id}:{asked.team}"
    return form(words, title, FORM, blocks, submit=words("Send"), metadata=metadata)


def _asks(words: Words, asked: Asked) -> str:
    first = words(
        "{team} may be able to help here. You have not been named anywhere. What would make this easier from "
        "your side? Your words will stand beside the problem.",
        team=_name(asked.name),
    )
    if asked.shown.published:
        then = words("Everybody can read it by now; your words are added.")
    elif asked.until is None or asked.over:
        then = words(
            "The time is over, and a steward may publish it any day; until then your words still count."
        )
    else:
        then = words("Until {date} nothing is published.", date=t.date(asked.until))
    return words("{first} {then}", first=first, then=then)


def _readers(words: Words) -> str:
    return words(
        "Before publication the stewards, whoever raised it and the asked teams' contacts can read this. "
        "Please talk about the problem, and don't look for who raised it."
    )


def thanks(words: Words, team: str, *, published: bool) -> str:
    said = (
        words("Thank you. {team}'s words stand beside the problem now.", team=_name(team))
        if published
        else words(
            "Thank you. {team}'s words will stand beside the problem once it is published; the stewards read "
            "them from now on.",
            team=_name(team),
        )
    )
    return words("{said} The button that brought you here opens them again, to change them.", said=said)


def read_pair(value: object) -> tuple[int, int]:
    """The problem and the team, as "problem:team"; a request, not proof."""
    first, _, second = str(value).partition(":")
    for each in (first, second):
        if not (each.isascii() and each.isdigit() and len(each) < 20):
            raise Refusal("This can't be read any more. What waits for your team stands in my Home tab.")
    return int(first), int(second)


def read_words(view: Mapping[str, Any]) -> str:
    return typed(view, WORDS)
