"""The form in which somebody offers a team's help."""

from __future__ import annotations

from typing import Any

from bot.core.refusal import Refusal
from bot.slack import text as t
from bot.slack.cards import name_of
from bot.slack.fields import form, text_input
from bot.slack.shown import Shown
from bot.words import Words

FORM, WORDS = "help.form", "words"


def help_form(words: Words, shown: Shown, *, team: str | None) -> dict[str, Any]:
    """What a team could do; the team is the one that the person counts for."""
    blocks = [t.section(f"*{name_of(words, shown)}*")]
    if shown.done.would_help:
        line = t.cut_escaped(shown.done.would_help, 600)
        blocks.append(t.section(words("*What would help:* {line}", line=line)))
    who = t.cut_escaped(t.one_line(team or ""), 300)
    said = (
        words("The stewards read your words with your name, and that you count for {team}.", team=who)
        if who
        else words("The stewards read your words with your name.")
    )
    hint = words("An hour of somebody who knows it, a place to try it out, a yes to a change: small is fine.")
    blocks += [
        text_input(WORDS, words("What could you do?"), hint),
        t.context(
            words(
                "{said} Nobody else does. Once a steward has said yes, everybody reads that your team helps, "
                "and no name.",
                said=said,
            )
        ),
    ]
    title = words("We can help")
    return form(words, title, FORM, blocks, submit=words("Send"), metadata=str(shown.id))


def thanks(words: Words) -> str:
    return words("Thank you. The stewards read it, and come back to you.")


def read_ident(value: object) -> int:
    said = str(value)
    if not (said.isascii() and said.isdigit() and len(said) < 20):
        raise Refusal("That button is out of date. `{command} list` shows the open problems.")
    return int(said)
