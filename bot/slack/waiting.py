"""That something waits for somebody who answers for a team, and nothing of what it is: it opens in a form."""

from __future__ import annotations

from typing import Any

from bot.slack import text as t
from bot.words import Words


def for_team(words: Words, team: str, action: str, value: str) -> tuple[str, list[dict[str, Any]]]:
    """The direct message to whoever answers for the team; `value` names what opens."""
    said = _said(words, team)
    return said, [t.section(said), t.buttons(t.button(words("Open"), action, value, label=said))]


def row_for_team(words: Words, team: str, action: str, value: str) -> dict[str, Any]:
    """The same line in Home, where it waits for whoever missed the message."""
    said = _said(words, team)
    return t.section(said, accessory=t.button(words("Open"), f"{action}:{value}", value, label=said))


def _said(words: Words, team: str) -> str:
    return words("Something waits for {team}.", team=t.cut_escaped(t.one_line(team), 300))
