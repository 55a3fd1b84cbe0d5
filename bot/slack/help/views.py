"""How the command is used, from the lines that stand with each sub-command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.slack import text as t
from bot.slack.raising.given import keeping
from bot.slack.raising.views import OPEN_AGAIN
from bot.slack.turn import SubCommand
from bot.words import Words


def overview(
    words: Words, subs: Sequence[SubCommand], *, command: str, emoji: str, misconduct: str | None
) -> tuple[str, list[dict[str, Any]]]:
    """Everything that can be said after the command, and the other ways in."""
    head = words("Raise what makes work harder, and see what is open. Only you see this answer.")
    lines = "\n".join(_line(words, sub, command) for sub in subs)
    ways = words(
        "Also: “Raise a problem” in the shortcuts, “Raise as a problem” in a message's menu, "
        "and :{emoji}: on a message (a reaction is seen by everybody there). Where somebody put it before you, yours "
        "counts as “hits us too”; taking it away takes that back.",
        emoji=emoji,
    )
    blocks = [t.section(head), *(t.section(part) for part in _parts(lines)), t.context(ways)]
    text = f"{head}\n{lines}\n{ways}"
    if misconduct:
        place = words("Not for misconduct, harassment or safety: {place}.", place=t.place(misconduct))
        blocks.append(t.context(place))
        text += f"\n{place}"
    return t.cut(text, t.TEXT), blocks


def usage(words: Words, sub: SubCommand, *, command: str, said: str) -> tuple[str, list[dict[str, Any]]]:
    """How one sub-command is used, where what came after it does not fit."""
    head = words("That is not how this one is used:")
    return _with_way_out(words, f"{head}\n{_line(words, sub, command)}", said=said)


def unknown(words: Words, said: str, meant: str | None, *, command: str) -> tuple[str, list[dict[str, Any]]]:
    """The answer to a lone word that is no sub-command."""
    word = t.cut_escaped(said, 100)
    if meant:
        head = words(
            "I don't know “{word}”. Did you mean `{command} {meant}`?",
            word=word,
            command=command,
            meant=meant,
        )
    else:
        head = words("I don't know “{word}”.", word=word)
    rest = words("`{command} help` lists what there is.", command=command)
    return _with_way_out(words, f"{head} {rest}", said=said)


def _with_way_out(words: Words, text: str, *, said: str) -> tuple[str, list[dict[str, Any]]]:
    way = words("Was it a problem, in your words? The button opens the form with them in it.")
    raise_it = t.button(words("Raise it as a problem"), OPEN_AGAIN, keeping(said))
    return f"{text}\n{way}", [t.section(text), t.section(way, accessory=raise_it)]


def _line(words: Words, sub: SubCommand, command: str) -> str:
    typed = f"{command} {sub.usage}".strip()
    return f"`{typed}`  {words(sub.about)}"


def _parts(lines: str) -> list[str]:
    """The lines in sections that Slack takes."""
    parts = [""]
    for line in lines.split("\n"):
        if len(parts[-1]) + len(line) + 1 > t.SECTION:
            parts.append("")
        parts[-1] += ("\n" if parts[-1] else "") + line
    return [part for part in parts if part]
