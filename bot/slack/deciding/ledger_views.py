"""What each team carries so that others gain: for what, until when, and where it is much."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from bot.core.decisions.ledger import Carried, much
from bot.slack import text as t
from bot.slack.deciding.saying import gains, hours
from bot.slack.fields import form
from bot.words import Words

LEDGER: Final = "decide.ledger"
_IN_HOME, _IN_FORM, _LINES = 5, 80, 12


def opens(words: Words) -> dict[str, Any]:
    """The stewards' way to the whole of it."""
    return t.button(
        words("What teams carry"), LEDGER, "all", label=words("What teams carry so that others gain")
    )


def of_team(words: Words, team: str, carried: Sequence[Carried]) -> list[dict[str, Any]]:
    """For Home: what one's own team carries; nothing where it carries nothing."""
    if not carried:
        return []
    name = t.cut_escaped(t.one_line(team), 120)
    blocks: list[dict[str, Any]] = [t.section(words("*What {team} carries for others*", team=name))]
    blocks += [t.section(_line(words, each)) for each in carried[:_IN_HOME]]
    if len(carried) > _IN_HOME:
        rest = len(carried) - _IN_HOME
        blocks.append(
            t.context(words.many("{n} more is not shown here.", "{n} more are not shown here.", rest))
        )
    if much(carried):
        blocks.append(t.context(_flag(words)))
    return blocks


def ledger_form(words: Words, now: Sequence[Carried], before: Sequence[Carried]) -> dict[str, Any]:
    """Every team with what it carries, and with what it carried before; for stewards."""
    blocks: list[dict[str, Any]] = []
    for head, carried in ((words("Now"), now), (words("Before"), before)):
        if not carried:
            continue
        blocks.append(t.header(head))
        for _, group in groupby(carried, key=lambda each: each.team):
            lines = list(group)
            blocks.append(t.section(f"*{_name(words, lines[0])}*"))
            blocks += [t.section(_line(words, each)) for each in lines[:_LINES]]
            if carried is now and much(lines):
                blocks.append(t.context(_flag(words)))
    if not blocks:
        blocks = [t.section(words("No team carries anything extra so that others gain."))]
    if len(blocks) > _IN_FORM:
        blocks = [*blocks[:_IN_FORM], t.context(words("There is more than fits here."))]
    return form(words, words("What teams carry"), "decide.ledger_form", blocks)


def _name(words: Words, carried: Carried) -> str:
    name = t.cut_escaped(t.one_line(carried.name), 120)
    return words("{team} (dissolved)", team=name) if carried.gone else name


def _line(words: Words, carried: Carried) -> str:
    """What for, how much, for whom, and from when until when."""
    what = t.cut_escaped(t.one_line(carried.title or ""), 300) or words(
        "A problem whose words can't be shown"
    )
    if carried.number is not None:
        what = words("{number} · {title}", number=carried.number, title=what)
    until = min(carried.until, carried.over_on) if carried.over_on else carried.until
    said = words("{since} to {until}", since=t.date(carried.since), until=t.date(until))
    if carried.hours is not None:
        said = words("{when}, about {hours} h a week", when=said, hours=hours(words, carried.hours))
    if gain := gains(words, carried.gaining, carried.saved):
        said = words("{when}, so that {gain}", when=said, gain=gain)
    agreed = words("Agreed.") if carried.agreed else words("Not agreed, or not answered yet.")
    return f"{what}\n{said}. {agreed}"


def _flag(words: Words) -> str:
    return words("*That is a lot for one team.* Before it is asked for more, something else may have to end.")
