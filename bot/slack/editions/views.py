"""The weekly edition as its channel reads it: a short message, the rest in its thread. No names, no counts of people."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

from bot.core.editions.queries import PARTS, Composed, Line, Told
from bot.core.editions.records import Section
from bot.core.problems.rules import Verdict
from bot.slack import cards, explaining
from bot.slack import text as t
from bot.slack.deciding.saying import line as public_line
from bot.slack.shown import Shown
from bot.words import Words, mark

Said = tuple[str, list[dict[str, Any]]]

EVENT: Final = "groundswell_edition"
#: Most characters of all texts of a message's blocks; Slack counts somewhat more.
TOTAL: Final = 12_000
# Room for a title and for a steward's sentence, the next smaller where a text would be too long.
_ROOMS: Final = ((600, 600), (240, 200), (160, 120), (100, 60), (60, 40))
_HEADINGS: Final = {
    Section.NEW: mark("New"),
    Section.REVIEW: mark("Decisions up for review"),
    Section.LEAST_SEEN: mark("One you may have missed"),
    Section.WAITING_ON_ONE: mark("One owner, many waiting"),
    Section.STILL_THERE: mark("Still there?"),
}
_IN_THREAD: Final = {
    Section.NEW: mark("new"),
    Section.REVIEW: mark("decisions up for review"),
    Section.LEAST_SEEN: mark("one you may have missed"),
    Section.WAITING_ON_ONE: mark("one owner with many waiting"),
    Section.STILL_THERE: mark("what may not be there any more"),
}
_NUMBERS: Final = (
    *(mark("none"), mark("one"), mark("two"), mark("three"), mark("four"), mark("five"), mark("six")),
    *(mark("seven"), mark("eight"), mark("nine"), mark("ten"), mark("eleven"), mark("twelve")),
)


class Heading(Protocol):
    """What a message says of the edition itself; the stored edition has it, and so has a preview."""

    @property
    def period(self) -> str: ...
    @property
    def late(self) -> bool: ...
    @property
    def due_at(self) -> dt.datetime: ...


def metadata(edition: int) -> dict[str, Any]:
    """What finds the message again; anybody may read it, so it is an opaque id and nothing else."""
    return {"event_type": EVENT, "event_payload": {"edition": str(edition)}}


def edition_message(
    words: Words,
    edition: Heading,
    composed: Composed,
    *,
    command: str,
    correction: str | None = None,
    pressable: bool = True,
) -> Said:
    """The channel's message: its top-level text and its blocks.

    `correction` says what was changed after posting; a preview is not `pressable`.
    """
    text = _fitting(lambda room: "\n".join(_told(words, edition, composed, command, correction, room)))
    blocks = _within(
        lambda room: _blocks(words, edition, composed, command, correction, room, pressable=pressable)
    )
    return text, blocks


def withdrawn(words: Words) -> str:
    """What stands in the place of a problem's words that its raiser has taken back; one line."""
    return words("Withdrawn by whoever raised it.")


def corrected(words: Words, down: int, gone: int = 0) -> str:
    """What was changed after posting: so many problems' words were taken down, so many withdrawn, or none is any more."""
    if gone and not down:
        return words("whoever raised a problem has withdrawn it, and its words are gone.")
    if gone:
        return words("words were taken down or withdrawn. What stands in their place says which.")
    if not down:
        return words("words that had been taken down stand here again; a second steward has looked at them.")
    return words.many(
        "the words of one problem were taken down. Why stands in their place.",
        "the words of {n} problems were taken down. Why stands in their place.",
        down,
    )


def edition_thread(
    words: Words, edition: Heading, composed: Composed, part: int, *, command: str, pressable: bool = True
) -> Said:
    """One message of the thread, counted from 1, for a part of `composed.parts()`.

    Raises ValueError where the part has nothing to say.
    """
    del edition, command  # the channel's message has said them
    if part not in composed.parts():
        raise ValueError(f"part {part} of this edition has nothing to say")
    sections = [section for section in PARTS[part - 1] if composed.section(section)]
    says_waiting = part == len(PARTS) and not composed.told.quiet
    last = words_of_waiting(words, composed.told) if says_waiting else ""
    text = _fitting(lambda room: "\n".join(_thread_text(words, composed, sections, last, room)))
    blocks = _within(
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


def thread_parts(composed: Composed) -> int:
    """How many messages the thread has."""
    return len(composed.parts())


def week(edition: Heading) -> str:
    """The number of the edition's week, as people say it."""
    found = re.fullmatch(r"\d{4}-W0?(\d{1,2})", edition.period)
    return found[1] if found else edition.period


# The channel's message


def _told(
    words: Words,
    edition: Heading,
    composed: Composed,
    command: str,
    correction: str | None,
    room: tuple[int, int],
) -> list[str]:
    """The message in plain words, a line each; this is what a screen reader reads."""
    if composed.told.quiet:
        lines = [_quiet(words, edition, composed.told, command, marked=False)]
    else:
        lines = [_title(words, edition), _moved(words, composed.told)]
    lines += _notes(words, edition, composed, correction, room)
    for line in composed.section(Section.LEAD):
        lines.append(_lead(words, line, room, marked=False))
    for line in composed.section(Section.DONE):
        lines.append(_done(words, line, room, marked=False))
    return [line for line in [*lines, _rest(words, composed.told), _pointer(words, composed)] if line]


def _blocks(
    words: Words,
    edition: Heading,
    composed: Composed,
    command: str,
    correction: str | None,
    room: tuple[int, int],
    *,
    pressable: bool,
) -> list[dict[str, Any]]:
    if composed.told.quiet:
        blocks = [t.section(_quiet(words, edition, composed.told, command, marked=True))]
    else:
        blocks = [t.header(_title(words, edition)), t.section(_moved(words, composed.told))]
    blocks += [t.section(note) for note in _notes(words, edition, composed, correction, room)]
    for line in composed.section(Section.LEAD):
        blocks.append(t.section(_lead(words, line, room, marked=True)))
        if pressable:
            blocks.append(_buttons(words, line))
    for line in composed.section(Section.DONE):
        blocks.append(t.section(_done(words, line, room, marked=True)))
    last = [said for said in (_rest(words, composed.told), _pointer(words, composed)) if said]
    return [*blocks, *[t.context(said) for said in last]]


def _title(words: Words, edition: Heading) -> str:
    return words("What no single team can solve · week {week}", week=week(edition))


def _quiet(words: Words, edition: Heading, told: Told, command: str, *, marked: bool) -> str:
    title = words("Week {week}.", week=week(edition))
    said = words("Nothing new that needs more than one team.")
    ask = words("Something in your way? `{command}`", command=command)
    return _together(words, f"*{title}*" if marked else title, said, words_of_waiting(words, told), ask)


def _moved(words: Words, told: Told) -> str:
    moved = told.moved
    said = [
        words(text, number=_number(words, count))
        for text, count in (
            (mark("{number} answered"), moved.answered),
            (mark("{number} solved"), moved.solved),
            (mark("{number} new"), moved.new),
        )
        if count
    ]
    if not said:
        return words("Since last week: nothing has moved.")
    return words("Since last week: {what}.", what=_listed(words, said))


def _notes(
    words: Words, edition: Heading, composed: Composed, correction: str | None, room: tuple[int, int]
) -> list[str]:
    notes = []
    if correction:
        corrected = t.cut_escaped(t.one_line(correction), room[0])
        notes.append(words("Corrected after it was posted: {what}", what=corrected))
    if edition.late:
        due = t.date(edition.due_at, form="{date_long_pretty}")
        notes.append(words("This edition is late: it was due on {date}.", date=due))
    if composed.note:
        note = t.cut_escaped(composed.note, room[0] * 2)
        notes.append(words("From the stewards: {note}", note=note))
    return notes


def _lead(words: Words, line: Line, room: tuple[int, int], *, marked: bool) -> str:
    said = _title_of(line, room)
    asks = said.endswith(("?", "!", "…"))
    title = (
        words("{position}. {title}", position=line.position, title=said)
        if asks
        else words("{position}. {title}.", position=line.position, title=said)
    )
    return _together(
        words, f"*{title}*" if marked else title, _why(words, line, room), _helps(words, line, room)
    )


def _helps(words: Words, line: Line, room: tuple[int, int]) -> str:
    """What the stewards say would help."""
    if not line.would_help:
        return ""
    return words("What would help: {line}", line=t.cut_escaped(t.one_line(line.would_help), room[0]))


def _why(words: Words, line: Line, room: tuple[int, int]) -> str:
    """The reasons; the message's own title says "no single team" already, so only what differs is said again."""
    if line.finding is None:
        return ""
    if line.finding.verdict is Verdict.NO_SINGLE_TEAM and not line.finding.likely:
        return explaining.reasons(words, line.finding, line.because, most=room[1])
    return explaining.explanation(words, line.finding, line.because, marked=False, most=room[1])


def _done(words: Words, line: Line, room: tuple[int, int], *, marked: bool) -> str:
    head = words("You said, we did.")
    said = words("{title}: whoever raised it says that it is solved.", title=_title_of(line, room))
    return _together(words, f"*{head}*" if marked else head, said)


def _rest(words: Words, told: Told) -> str:
    if told.rest <= 0:
        return ""
    return words.many(
        "{n} more needs more than one team; my Home tab shows it.",
        "{n} more need more than one team; my Home tab shows them.",
        told.rest,
    )


def _pointer(words: Words, composed: Composed) -> str:
    """What the thread holds, in its order."""
    parts = composed.parts()
    what = [
        words(_IN_THREAD[section])
        for part in parts
        for section in PARTS[part - 1]
        if composed.section(section)
    ]
    # A quiet week has said it in its one line.
    if len(PARTS) in parts and not composed.told.quiet and words_of_waiting(words, composed.told):
        what.append(words("how long the oldest has waited"))
    return words("In the thread: {what}.", what=_listed(words, what)) if what else ""


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


# Its thread


def _section(
    words: Words, composed: Composed, section: Section, room: tuple[int, int], *, pressable: bool
) -> list[dict[str, Any]]:
    blocks = [t.section(f"*{words(_HEADINGS[section])}*")]
    if section is Section.STILL_THERE:
        blocks.append(t.context(_rests(words)))
    for line in composed.section(section):
        said = _entry(words, line, room, marked=True)
        if not pressable:
            blocks.append(t.section(said))
        elif section in (Section.NEW, Section.LEAST_SEEN, Section.STILL_THERE):
            blocks += [t.section(said), _buttons(words, line)]
        else:
            blocks.append(t.section(said, accessory=cards.details(words, _shown(line))))
    more = _more(words, composed.told, section)
    return [*blocks, t.context(more)] if more else blocks


def _thread_text(
    words: Words, composed: Composed, sections: Sequence[Section], last: str, room: tuple[int, int]
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


def _entry(words: Words, line: Line, room: tuple[int, int], *, marked: bool) -> str:
    title = _title_of(line, room)
    title = f"*{title}*" if marked else title
    if line.cost is not None:
        return words("{title}\n{why}", title=title, why=public_line(words, line.cost))
    if line.finding is None:
        return title
    if room == _ROOMS[-1]:  # the least there is room for
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


# What both are made of


def _buttons(words: Words, line: Line) -> dict[str, Any]:
    shown = _shown(line)
    more = [cards.we_help(words, shown)] if line.section is Section.LEAD else []
    return t.buttons(cards.hits_us(words, shown), cards.details(words, shown), *more)


def _shown(line: Line) -> Shown:
    return Shown(id=line.problem, title=line.title, number=line.number)


def _title_of(line: Line, room: tuple[int, int]) -> str:
    return t.cut_escaped(t.one_line(line.title).rstrip("."), room[0])


def _number(words: Words, count: int) -> str:
    return words(_NUMBERS[count]) if count < len(_NUMBERS) else str(count)


def _listed(words: Words, what: Sequence[str]) -> str:
    made = what[0]
    for each in what[1:]:
        made = words("{one}, {another}", one=made, another=each)
    return made


def _together(words: Words, *said: str) -> str:
    parts = [each for each in said if each]
    made = parts[0]
    for each in parts[1:]:
        made = words("{one} {another}", one=made, another=each)
    return made


def _fitting(tell: Callable[[tuple[int, int]], str]) -> str:
    """The text with as much room for each problem as lets all of them be told."""
    made = ""
    for room in _ROOMS:
        made = tell(room)
        if len(made) <= t.TEXT:
            break
    return made


def _within(build: Callable[[tuple[int, int]], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for room in _ROOMS:
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
