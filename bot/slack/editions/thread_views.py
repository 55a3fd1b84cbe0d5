"""The thread below an edition's message: what is new, up for review, seen by few, waiting on one, or rests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.core.editions.queries import PARTS, Composed, Line, Told
from bot.core.editions.records import Section
from bot.slack import cards, explaining
from bot.slack import text as t
from bot.slack.deciding.saying import line as public_line
from bot.slack.editions.fitting import ROOMS, Room, Said, buttons, fitting, shown_of, title_of, within
from bot.words import Words, mark

_HEADINGS: Final = {
    Section.NEW: mark("New"),
    Section.REVIEW: mark("Decisions up for review"),
    Section.LEAST_SEEN: mark("One you may have missed"),
    Section.WAITING_ON_ONE: mark("One owner, many waiting"),
    Section.STILL_THERE: mark("Still there?"),
}


def edition_thread(words: Words, composed: Composed, part: int, *, pressable: bool = True) -> Said:
    """One message of the thread, counted from 1, for a part of `composed.parts()`.

    Raises ValueError where the part has nothing to say.
    """
    if part not in composed.parts():
        raise ValueError(f"part {part} of this edition has nothing to say")
    sections = [section for section in PARTS[part - 1] if composed.section(section)]
    says_waiting = part == len(PARTS) and not composed.told.quiet
    last = words_of_waiting(words, composed.told) if says_waiting else ""
    text = fitting(lambda room: "\n".join(_thread_text(words, composed, sections, last, room)))
    blocks = within(
        lambda room: [
            *[
                block
                for section in sections
                for block in _section(words, composed, section, room, pressable=pressable)
            ],
            *([t.context(last)] if last else []),
        ]
    )
    return text, blocks


def words_of_waiting(words: Words, told: Told) -> str:
    """How long the longest unanswered has waited; empty where all are answered."""
    if told.oldest_waiting is None:
        return ""
    if told.oldest_waiting <= 0:
        return words("Oldest without an answer: from this week.")
    return words.many(
        "Oldest without an answer: up to {n} working day.",
        "Oldest without an answer: up to {n} working days.",
        told.oldest_waiting,
    )


def _section(
    words: Words, composed: Composed, section: Section, room: Room, *, pressable: bool
) -> list[dict[str, Any]]:
    blocks = [t.section(f"*{words(_HEADINGS[section])}*")]
    if section is Section.STILL_THERE:
        blocks.append(t.context(_rests(words)))
    for line in composed.section(section):
        said = _entry(words, line, room, marked=True)
        if not pressable:
            blocks.append(t.section(said))
        elif section in (Section.NEW, Section.LEAST_SEEN, Section.STILL_THERE):
            blocks += [t.section(said), buttons(words, line)]
        else:
            blocks.append(t.section(said, accessory=cards.details(words, shown_of(line))))
    more = _more(words, composed.told, section)
    return [*blocks, t.context(more)] if more else blocks


def _thread_text(
    words: Words, composed: Composed, sections: Sequence[Section], last: str, room: Room
) -> list[str]:
    lines = []
    for section in sections:
        heading = words(_HEADINGS[section])
        asks = section is Section.STILL_THERE
        lines += [heading, _rests(words)] if asks else [words("{heading}:", heading=heading)]
        lines += [_entry(words, line, room, marked=False) for line in composed.section(section)]
        lines.append(_more(words, composed.told, section))
    return [line for line in [*lines, last] if line]


def _rests(words: Words) -> str:
    return words(
        "Nobody has spoken of these for a while, so from today they rest. If one still hits you, say so: that wakes it."
    )


def _entry(words: Words, line: Line, room: Room, *, marked: bool) -> str:
    title = title_of(line, room)
    title = f"*{title}*" if marked else title
    if line.cost is not None:
        return words("{title}\n{why}", title=title, why=public_line(words, line.cost))
    if line.finding is None:
        return title
    if room == ROOMS[-1]:  # the least there is room for
        return words("{title}: {where}.", title=title, where=explaining.where(words, line.finding))
    if line.section is Section.WAITING_ON_ONE and not line.finding.likely:
        why = explaining.reasons(words, line.finding, line.because, most=room[1])
    else:
        why = explaining.explanation(words, line.finding, line.because, marked=False, most=room[1])
    return words("{title}\n{why}", title=title, why=why)


def _more(words: Words, told: Told, section: Section) -> str:
    more = {
        Section.NEW: told.more_new,
        Section.REVIEW: told.more_decisions,
        Section.WAITING_ON_ONE: told.more_waiting_on_one,
    }.get(section, 0)
    if more <= 0:
        return ""
    return words.many(
        "{n} more does not fit here; my Home tab shows it.",
        "{n} more do not fit here; my Home tab shows them.",
        more,
    )
