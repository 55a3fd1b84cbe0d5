"""Two problems that are one: how a steward says so and takes it back, and how a raiser is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.core.refusal import Refusal
from bot.slack import cards
from bot.slack import text as t
from bot.slack.desk import views as desk
from bot.slack.fields import asks_first, field, form, option, picked, text_input
from bot.slack.shown import Shown
from bot.words import Words

#: The form and the button that opens it, the menu in it, and the way back.
MERGE, WITH, UNDO = "merge.with", "merge.other", "merge.undo"
#: A raiser's yes and no.
SAME, NOT_SAME = "merge.same", "merge.not_same"
OTHER, WHOSE, SENTENCE = "other", "whose", "sentence"
THEIRS, OURS = "other", "this"
#: Merges that a form has room for.
_MOST: Final = 6


@dataclass(frozen=True, slots=True)
class Side:
    """A merge as it is seen from one of its problems: `core.problems.merge_queries.Part`, ready to be shown."""

    id: int
    goes: bool
    other: Shown | None
    sentence: str
    due_on: dt.date
    stands: bool


def desk_blocks(words: Words, shown: Shown, sides: Sequence[Side]) -> list[dict[str, Any]]:
    """For stewards: the merges of a problem with the way back."""
    blocks: list[dict[str, Any]] = []
    for side in sides[:_MOST]:
        if side.other is not None:
            blocks += _desk_side(words, shown, side, side.other)
    if len(sides) > _MOST:
        blocks.append(
            t.context(words.many("{n} more is merged with it.", "{n} more are.", len(sides) - _MOST))
        )
    return blocks


def merges(words: Words, shown: Shown, sides: Sequence[Side]) -> list[dict[str, Any]]:
    """The button to a new merge, where there can be one."""
    if not shown.open or any(side.goes for side in sides):
        return []
    label = words("Merge it with another problem")
    return [t.button(words("Merge with ..."), MERGE, str(shown.id), label=label)]


def _desk_side(words: Words, shown: Shown, side: Side, other: Shown) -> list[dict[str, Any]]:
    name = cards.name_of(words, other, most=400)
    sentence = t.cut_escaped(side.sentence, 1500)
    if side.stands:
        said = (
            words("*This goes on as:* {name}", name=name)
            if side.goes
            else words("*Goes on here:* {name}", name=name)
        )
    else:
        head = (
            words("*Is to go on as:* {name}", name=name)
            if side.goes
            else words("*Is to go on here:* {name}", name=name)
        )
        waits = words("Both raisers are asked; silence until {date} is a yes.", date=t.date(side.due_on))
        said = f"{head}\n{waits}"
    gone = shown if side.goes else other
    undo = t.button(
        words("Undo the merge") if side.stands else words("Take it back"),
        f"{UNDO}:{gone.id}",
        f"{shown.id}:{gone.id}",
    )
    if side.stands:
        undo = asks_first(
            undo,
            title=words("Undo the merge?"),
            text=words(
                "Both stand by themselves again, as they stood. Both raisers hear that there is news."
            ),
            yes=words("Undo it"),
            no=words("Leave it"),
        )
    label = words("Look at: {title}", title=t.one_line(other.title))
    look = t.button(words("Look"), f"{desk.LOOK}:{other.id}", str(other.id), label=label)
    return [t.section(f"{said}\n{words('“{sentence}”', sentence=sentence)}"), t.buttons(undo, look)]


def merge_form(words: Words, shown: Shown) -> dict[str, Any]:
    """Which other problem is the same, whose words stand, and why."""
    other = field(
        OTHER,
        words("Which other problem?"),
        {
            "type": "external_select",
            "min_query_length": 0,
            "placeholder": {
                "type": "plain_text",
                "text": words("A number, or some of its words"),
                "emoji": False,
            },
        },
    )
    other["element"]["action_id"] = WITH
    ours = option(words("The words of this one: the other goes into it"), OURS)
    theirs = option(words("The words of the other: this one goes into it"), THEIRS)
    blocks = [
        t.section(
            words("*{title}* and another problem are the same.", title=cards.name_of(words, shown, most=400))
        ),
        other,
        field(WHOSE, words("Whose words stand?"), {"type": "radio_buttons", "options": [ours, theirs]}),
        text_input(
            SENTENCE,
            words("Why are they one?"),
            words("Both raisers read this. Quote neither of them, and say nothing of how they were raised."),
        ),
        t.context(
            words(
                "Both raisers are asked. It takes effect once both agree, or after ten working days without a no. "
                "Nothing is lost: both texts stay, and undoing gives both back as they are."
            )
        ),
    ]
    return form(words, words("Merge with ..."), MERGE, blocks, submit=words("Merge"), metadata=str(shown.id))


def offered(words: Words, problems: Sequence[Shown]) -> dict[str, Any]:
    """What the menu offers."""
    made = []
    for shown in {each.id: each for each in problems}.values():
        title = t.one_line(shown.title)
        named = words("{number} · {title}", number=shown.number, title=title)
        text = named if shown.number is not None else words("Not published: {title}", title=title)
        made.append(option(text, str(shown.id)))
    return {"options": made}


def read_merge(view: Mapping[str, Any]) -> tuple[int, bool]:
    """The other problem, and whether the words of this one stand."""
    values = ((view.get("state") or {}).get("values") or {}).get(OTHER) or {}
    option_ = (values.get(WITH) or {}).get("selected_option")
    if not isinstance(option_, dict):
        raise Refusal("Please pick the other problem first.")
    whose = picked(view, WHOSE)
    if whose not in (OURS, THEIRS):
        raise Refusal("Please say whose words stand.")
    return desk.read_ident(option_.get("value")), whose == OURS


def raiser_blocks(words: Words, sides: Sequence[Side]) -> list[dict[str, Any]]:
    """For a raiser: what the stewards see as one with the own problem, and the yes and no to it."""
    blocks: list[dict[str, Any]] = []
    for side in sides[:_MOST]:
        blocks += [t.section(_asked(words, side)), t.buttons(*_word(words, side)), {"type": "divider"}]
    return blocks


def _asked(words: Words, side: Side) -> str:
    other = (
        words("one that is not published, so its words can't be shown here")
        if side.other is None
        else f"*{cards.name_of(words, side.other, most=400)}*"
    )
    sentence = t.cut_escaped(side.sentence, 1500)
    said = [words("*The stewards see your problem and another as the same:* {other}.", other=other)]
    said.append(words("They say: “{sentence}”", sentence=sentence))
    if side.stands:
        said.append(
            words("The two go on as one. If yours is something else, say no, and it stands by itself again.")
        )
    elif side.goes:
        said.append(
            words(
                "If nobody says no, yours goes on in the other one, and what you wrote is kept. "
                "Silence until {date} is taken as a yes; you can say no later as well.",
                date=t.date(side.due_on),
            )
        )
    else:
        said.append(
            words(
                "If nobody says no, the other one goes on in yours, and your words stand. "
                "Silence until {date} is taken as a yes; you can say no later as well.",
                date=t.date(side.due_on),
            )
        )
    return "\n".join(said)


def _word(words: Words, side: Side) -> list[dict[str, Any]]:
    no = t.button(words("No, mine is different"), f"{NOT_SAME}:{side.id}", str(side.id))
    if side.stands:
        return [no]
    return [t.button(words("Yes, the same"), f"{SAME}:{side.id}", str(side.id), style="primary"), no]
