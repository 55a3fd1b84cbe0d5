"""What an edition's messages are made of: a problem's title and buttons, and as much of each as there is room for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from bot.core.editions.queries import Line
from bot.core.editions.records import Section
from bot.slack import cards
from bot.slack import text as t
from bot.slack.shown import Shown
from bot.words import Words

#: Characters for a title and for a steward's sentence.
Room = tuple[int, int]
Said = tuple[str, list[dict[str, Any]]]
#: Most characters of all texts of a message's blocks; Slack counts somewhat more.
TOTAL: Final = 12_000
#: The next smaller where a text would be too long.
ROOMS: Final[tuple[Room, ...]] = ((600, 600), (240, 200), (160, 120), (100, 60), (60, 40))


def buttons(words: Words, line: Line) -> dict[str, Any]:
    """What everybody can do about it from the channel."""
    shown = shown_of(line)
    more = [cards.we_help(words, shown)] if line.section is Section.LEAD else []
    return t.buttons(cards.hits_us(words, shown), cards.details(words, shown), *more)


def shown_of(line: Line) -> Shown:
    """As much of the problem as an edition knows."""
    return Shown(id=line.problem, title=line.title, number=line.number)


def title_of(line: Line, room: Room) -> str:
    """The title as far as there is room, without its full stop."""
    return t.cut_escaped(t.one_line(line.title).rstrip("."), room[0])


def fitting(tell: Callable[[Room], str]) -> str:
    """The text with as much room for each problem as lets all of them be told."""
    made = ""
    for room in ROOMS:
        made = tell(room)
        if len(made) <= t.TEXT:
            break
    return made


def within(build: Callable[[Room], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The same for blocks."""
    made: list[dict[str, Any]] = []
    for room in ROOMS:
        made = build(room)
        if length(made) <= TOTAL:
            break
    return made


def length(value: Any) -> int:
    """Characters of all texts in blocks."""
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(length(inner) for inner in value.values())
    return sum(length(inner) for inner in value) if isinstance(value, list) else 0
