"""What waits for stewards: a few of each kind in Home and on the desk, all of a kind page by page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot.core.refusal import Refusal
from bot.core.replies.desk import Desk, Found, Look, Row, Waits
from bot.slack import text as t
from bot.slack.desk import views
from bot.slack.desk.views import Unsent, unsent_blocks
from bot.slack.fields import form, option
from bot.words import Words, mark

#: Lines of a page.
PAGE: Final = 20
_LAST_START: Final = 100_000
#: What the menu offers, in its order.
_LISTS: Final[Mapping[Waits | Look, str]] = {
    Waits.SPOKE: mark("The raiser has written"),
    Waits.AGAIN: mark("Worth a second look"),
    Waits.NEW: mark("New, nobody else reads it"),
    Waits.UNANSWERED: mark("Published, its raiser without an answer"),
    Waits.READY: mark("Can be published"),
    Waits.ASKED: mark("Asked teams still have time"),
    Waits.ANSWERED: mark("There is news of those who were asked"),
    Waits.DUE: mark("Its day has come"),
    Waits.UNDECIDED: mark("Answered, what comes next is open"),
    Waits.HELD: mark("Kept out of the edition"),
    Waits.DOWN: mark("Taken down, for a second steward"),
    Look.UNDER_WAY: mark("Under way: a team, the sponsor, a trial"),
    Look.PUT_OFF: mark("Watched, or not now"),
    Look.RESTING: mark("Resting"),
    Look.CLOSED: mark("Closed"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """All that a steward finds on the desk.

    lost: raisers whom no answer reaches. paused: why nothing can be raised now. reviews: decisions that are looked
    at now, ready to be shown. unnamed: what the operator left out.
    """

    desk: Desk
    today: dt.date
    lost: int = 0
    unsent: Sequence[Unsent] = ()
    paused: str | None = None
    reviews: Sequence[dict[str, Any]] = ()
    unnamed: Sequence[str] = field(default_factory=tuple)

    @property
    def nothing(self) -> bool:
        waits = any(self.desk[kind].total for kind in Waits if kind is not Waits.HELD)
        return not (waits or self.unsent or self.reviews)


def desk_blocks(words: Words, waiting: Waiting, *ways: dict[str, Any]) -> list[dict[str, Any]]:
    """What waits for stewards, as it stands in Home and in the desk's form; `ways` are buttons beside the menu."""
    blocks = [t.header(words("For you as a steward"))]
    blocks += [t.section(text) for text in waiting.unnamed]
    if waiting.paused is not None:
        because = t.cut_escaped(waiting.paused, 1000)
        blocks.append(
            t.section(words("*Raising is paused:* {because} The operator lets it go on.", because=because))
        )
    if waiting.nothing:
        blocks.append(t.section(words("Nothing waits for you.")))
    for kind in (Waits.DOWN, Waits.SPOKE, Waits.AGAIN, Waits.NEW, Waits.UNANSWERED, Waits.READY):
        blocks += _some(words, kind, waiting)
    blocks += waiting.reviews
    for kind in (Waits.DUE, Waits.ANSWERED, Waits.UNDECIDED, Waits.ASKED):
        blocks += _some(words, kind, waiting)
    for message in waiting.unsent:
        blocks += unsent_blocks(words, message)
    blocks += _some(words, Waits.HELD, waiting)
    if waiting.lost:
        blocks.append(
            t.context(
                words.many(
                    "{n} raiser can't be reached: the key to the address is missing. The operator may have it.",
                    "{n} raisers can't be reached: the key to their address is missing. The operator may have it.",
                    waiting.lost,
                )
            )
        )
    blocks.append(t.buttons(_menu(words), *ways, block="desk_lists"))
    count = waiting.desk.open
    reads = words.many("{n} problem is open.", "{n} problems are open.", count)
    return [*blocks, t.context(reads if count else words("No problem is published right now."))]


def _some(words: Words, kind: Waits, waiting: Waiting) -> list[dict[str, Any]]:
    found = waiting.desk[kind]
    if not found.rows:
        return []
    head = f"*{_head(words, kind, found)}*"
    rows = [_row(words, kind, row, waiting.today) for row in found.rows]
    if found.total <= len(found.rows):
        return [t.section(head), *rows]
    label = words("Show all: {what}", what=words(_LISTS[kind]))
    return [
        t.section(
            head, accessory=t.button(words("Show all"), f"{views.LIST}:{kind}", f"{kind}:0", label=label)
        ),
        *rows,
    ]


def _head(words: Words, kind: Waits, found: Found) -> str:
    n = found.total
    match kind:
        case Waits.DOWN:
            return words.many(
                "{n} taken down, for a second steward", "{n} taken down, for a second steward", n
            )
        case Waits.SPOKE:
            return words.many("{n} where the raiser has written", "{n} where the raisers have written", n)
        case Waits.AGAIN:
            return words.many("{n} worth a second look", "{n} worth a second look", n)
        case Waits.NEW:
            return words.many("{n} new, nobody else reads it yet", "{n} new, nobody else reads them yet", n)
        case Waits.READY:
            return words.many(
                "{n} can be published: asked teams answered or had their time",
                "{n} can be published: asked teams answered or had their time",
                n,
            )
        case Waits.ASKED:
            return words.many(
                "{n} waits for asked teams, who still have time",
                "{n} wait for asked teams, who still have time",
                n,
            )
        case Waits.ANSWERED:
            return words.many(
                "{n} with news: somebody answered or did not in time, or a trial ran out",
                "{n} with news: somebody answered or did not in time, or a trial ran out",
                n,
            )
        case Waits.DUE:
            return words.many("{n} whose day has come", "{n} whose day has come", n)
        case Waits.UNANSWERED:
            return words.many(
                "{n} published, and nobody has answered its raiser",
                "{n} published, and nobody has answered their raisers",
                n,
            )
        case Waits.UNDECIDED:
            return words.many(
                "{n} answered, and nobody has said what comes next",
                "{n} answered, and nobody has said what comes next",
                n,
            )
        case Waits.HELD:
            return words.many("{n} kept out of the edition", "{n} kept out of the edition", n)


def _row(words: Words, kind: Waits, row: Row, today: dt.date) -> dict[str, Any]:
    title = t.cut_escaped(t.one_line(row.title), 300) or words("Not in words yet")
    said = words("{title} · {when}", title=title, when=_when(words, kind, row, today))
    return t.section(said, accessory=_look(words, row))


def _look(words: Words, row: Row) -> dict[str, Any]:
    label = words("Look at: {title}", title=t.one_line(row.title))
    return t.button(words("Look"), f"{views.LOOK}:{row.id}", str(row.id), label=label)


def _when(words: Words, kind: Waits, row: Row, today: dt.date) -> str:
    """How long it waits: from the week in which it was raised, or since its day."""
    if kind is Waits.DUE and row.until is not None:
        return (
            words("its day was {day}", day=t.date(row.until))
            if row.until < today
            else words("its day is today")
        )
    weeks = max(0, (today - row.week).days // 7)
    if weeks == 0:
        return words("raised this week")
    return (
        words("raised last week")
        if weeks == 1
        else words.many("raised {n} week ago", "raised {n} weeks ago", weeks)
    )


def _menu(words: Words) -> dict[str, Any]:
    options = [option(words(said), kind.value) for kind, said in _LISTS.items()]
    placeholder = {"type": "plain_text", "text": words("Look through ..."), "emoji": False}
    return {
        "type": "static_select",
        "action_id": views.BROWSE,
        "placeholder": placeholder,
        "options": options,
    }


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a list with where it stands by now, escaped; empty where the row says all."""

    row: Row
    in_list: str = ""


def list_form(
    words: Words, kind: Waits | Look, lines: Sequence[Line], *, start: int, more: bool, today: dt.date
) -> dict[str, Any]:
    """One page of a list, with the way on and back."""
    blocks = [t.section(f"*{words(_LISTS[kind])}*")]
    for each in lines:
        if isinstance(kind, Waits):
            blocks.append(_row(words, kind, each.row, today))
        else:
            blocks.append(t.section(each.in_list, accessory=_look(words, each.row)))
    if not lines:
        blocks.append(t.section(words("That was all of them.") if start else words("There is none.")))
    ways = []
    if start:
        ways.append(t.button(words("From the first"), f"{views.LIST}:first", f"{kind}:0"))
    if more:
        following = f"{kind}:{start + PAGE}"
        ways.append(t.button(words("Further on"), f"{views.LIST}:on", following, style="primary"))
    ways.append(t.button(words("The desk"), views.OPEN, "desk"))
    return form(words, words("The desk"), views.LISTED, [*blocks, t.buttons(*ways), t.buttons(_menu(words))])


def read_kind(value: object) -> Waits | Look:
    """Which list was picked; a request, not proof."""
    for kind in _LISTS:
        if kind.value == value:
            return kind
    raise Refusal("That list is not there any more. Please open the desk again.")


def read_list(value: str) -> tuple[Waits | Look, int]:
    """Which list, and from where on."""
    kind, _, start = value.partition(":")
    if not (start.isascii() and start.isdigit() and len(start) < 7):
        raise Refusal("That button is out of date. Please open the desk again.")
    return read_kind(kind), min(int(start), _LAST_START)
