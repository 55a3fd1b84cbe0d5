"""The report where Slack is read: a post in the channel, and a message to a steward who asks for it."""

from __future__ import annotations

from typing import Any, Final

from bot.core.pilot.page import call_names, value_of
from bot.core.pilot.report import said_of
from bot.core.pilot.rules import Call
from bot.core.pilot.shown import Report, Shown
from bot.slack import text as t
from bot.words import Words

#: Characters that a steward's own words get in a post.
_WORDS: Final = 600
#: Characters of all blocks together that Slack surely takes.
_ALL: Final = 10_500


def post(words: Words, report: Report) -> str:
    """What stands in the channel beside the files: the question, what the lines say, and what can't be said."""
    parts = [
        f"*{t.cut_escaped(report.title, 100)}*",
        t.cut_escaped(report.written[0][1], _WORDS),
        "\n".join(t.cut_escaped(each, _WORDS) for each in report.lead),
        "\n".join(f"• {_line(words, figure)}" for figure in said_of(report)),
        "*"
        + words("What this cannot show")
        + "*\n"
        + "\n".join(f"• {t.cut_escaped(each, 300)}" for each in report.cannot),
    ]
    kept: list[str] = []
    for part in parts:
        if sum(map(len, kept)) + len(part) + 2 * len(kept) <= t.TEXT:
            kept.append(part)
    return "\n\n".join(kept)


def _line(words: Words, figure: Shown) -> str:
    if not figure.there:
        return f"{t.escaped(figure.name)}: {t.escaped(value_of(words, figure))}"
    said = call_names(words)[figure.call or Call.NOTHING]
    return f"{t.escaped(figure.name)}: {t.escaped(value_of(words, figure))}, n = {figure.n} → {said}"


def text(words: Words, report: Report) -> str:
    """What the blocks say, in their order, as far as a message's text holds it: a screen reader reads this alone."""
    said = [block["text"]["text"] for block in blocks(words, report) if block["type"] == "section"]
    rest = words("The rest is in the page; the operator makes it with `groundswell pilot report`.")
    whole = "\n\n".join(said)
    if len(whole) <= t.TEXT:
        return whole
    kept: list[str] = []
    for part in said:
        if sum(len(each) + 2 for each in [*kept, part]) + len(rest) > t.TEXT:
            break
        kept.append(part)
    return "\n\n".join([*kept, rest])


def blocks(words: Words, report: Report) -> list[dict[str, Any]]:
    """All of it but the pictures, as far as one message holds: what it is judged by, then the rest."""
    lead = "\n".join(t.cut_escaped(each, _WORDS) for each in report.lead)
    cannot = "\n".join(f"• {t.cut_escaped(each, 250)}" for each in report.cannot[:8])
    made: list[dict[str, Any]] = [
        t.section(f"*{t.cut_escaped(report.title, 100)}*\n{lead}"),
        t.section(f"*{words('What this cannot show')}*\n{cannot}"),
    ]
    left = _ALL - sum(len(block["text"]["text"]) for block in made)
    for figure in sorted(report.figures, key=lambda figure: figure.line is None):
        told = "\n".join(_told(words, figure))
        left -= len(told)
        if left < 0 or len(made) >= t.MESSAGE_BLOCKS - 1:
            made.append(
                t.context(
                    words("The rest is in the page; the operator makes it with `groundswell pilot report`.")
                )
            )
            break
        made.append(t.section(told))
    return made


def _told(words: Words, figure: Shown) -> list[str]:
    value = f" {t.escaped(value_of(words, figure))}, n = {figure.n}" if figure.there else ""
    told = [f"*{t.escaped(figure.name)}*{value}", t.escaped(figure.sentence)]
    return [*told, f"_{t.escaped(figure.says)}_"] if figure.says else told
