"""The weekly edition as its channel reads it: one short message, the rest in its thread. No names, no counts of people."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final, Protocol

from bot.core.editions.queries import PARTS, Composed, Line, Told
from bot.core.editions.records import Section
from bot.core.problems.rules import Verdict
from bot.slack import explaining
from bot.slack import text as t
from bot.slack.editions.fitting import Room, Said, buttons, fitting, title_of, within
from bot.slack.editions.thread_views import words_of_waiting
from bot.slack.joining import listed, together
from bot.words import Words, mark

EVENT: Final = "groundswell_edition"
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
    text = fitting(lambda room: "\n".join(_told(words, edition, composed, command, correction, room)))
    blocks = within(
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


def week(edition: Heading) -> str:
    """The number of the edition's week, as people say it."""
    found = re.fullmatch(r"\d{4}-W0?(\d{1,2})", edition.period)
    return found[1] if found else edition.period


def _told(
    words: Words,
    edition: Heading,
    composed: Composed,
    command: str,
    correction: str | None,
    room: Room,
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
    room: Room,
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
            blocks.append(buttons(words, line))
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
    return together(words, f"*{title}*" if marked else title, said, words_of_waiting(words, told), ask)


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
    return words("Since last week: {what}.", what=listed(words, said))


def _notes(
    words: Words, edition: Heading, composed: Composed, correction: str | None, room: Room
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


def _lead(words: Words, line: Line, room: Room, *, marked: bool) -> str:
    said = title_of(line, room)
    asks = said.endswith(("?", "!", "…"))
    title = (
        words("{position}. {title}", position=line.position, title=said)
        if asks
        else words("{position}. {title}.", position=line.position, title=said)
    )
    return together(
        words, f"*{title}*" if marked else title, _why(words, line, room), _helps(words, line, room)
    )


def _helps(words: Words, line: Line, room: Room) -> str:
    """What the stewards say would help."""
    if not line.would_help:
        return ""
    return words("What would help: {line}", line=t.cut_escaped(t.one_line(line.would_help), room[0]))


def _why(words: Words, line: Line, room: Room) -> str:
    """The reasons; the message's own title says "no single team" already, so only what differs is said again."""
    if line.finding is None:
        return ""
    if line.finding.verdict is Verdict.NO_SINGLE_TEAM and not line.finding.likely:
        return explaining.reasons(words, line.finding, line.because, most=room[1])
    return explaining.explanation(words, line.finding, line.because, marked=False, most=room[1])


def _done(words: Words, line: Line, room: Room, *, marked: bool) -> str:
    head = words("You said, we did.")
    said = words("{title}: whoever raised it says that it is solved.", title=title_of(line, room))
    return together(words, f"*{head}*" if marked else head, said)


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
    return words("In the thread: {what}.", what=listed(words, what)) if what else ""


def _number(words: Words, count: int) -> str:
    return words(_NUMBERS[count]) if count < len(_NUMBERS) else str(count)
