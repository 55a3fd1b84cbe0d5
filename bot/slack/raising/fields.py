"""The fields of the form in which a problem is raised."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.problems.catalogue import catalogue
from bot.core.problems.records import RaisedAs
from bot.core.problems.wording import TEXT_MOST, TITLE_MOST
from bot.slack import text as t
from bot.slack.raising.carried import Choices
from bot.slack.raising.prefill import Prefill
from bot.words import Words

#: Blocks of the form, each with one input whose action has the same name.
TITLE, HARDSHIP, WAY, NAME = "title", "hardship", "way", "name"
FELT_BY, NEEDED_FROM, TRIED, GUARDRAILS, LABEL = "felt_by", "needed_from", "tried", "guardrails", "label"
#: The fields that are typed into.
TEXTS = (TITLE, HARDSHIP, TRIED, GUARDRAILS)
MORE = "raise.more"
SHOW_NAME = "show"
DONT_KNOW = "unknown"
#: Bytes that the teams of one field may take: a form may have 250,000.
_TEAM_BYTES = 80_000
#: Teams that can be picked in one field, so that the choice fits into what a form carries.
_PICKED_MOST = 100


def line(words: Words, block: str = TITLE, *, initial: str = "") -> dict[str, Any]:
    """The problem in one line."""
    return text(
        words("What makes work harder?"),
        block,
        TITLE_MOST,
        hint=words("In one line. Causes rather than people or teams."),
        initial=initial,
    )


def hardship(words: Words, block: str = HARDSHIP, *, initial: str = "") -> dict[str, Any]:
    return text(
        words("For us this means ..."),
        block,
        TEXT_MOST,
        hint=words("What it costs you, in the first person."),
        initial=initial,
        multiline=True,
    )


def tried(words: Words, block: str = TRIED, *, initial: str = "") -> dict[str, Any]:
    label = words("What was tried, and why did it not hold?")
    return text(label, block, TEXT_MOST, initial=initial, multiline=True, optional=True)


def guardrails(words: Words, block: str = GUARDRAILS, *, initial: str = "") -> dict[str, Any]:
    return text(
        words("A fix must not ..."),
        block,
        TEXT_MOST,
        hint=words("What you would not want to lose."),
        initial=initial,
        multiline=True,
        optional=True,
    )


def folded(words: Words) -> list[dict[str, Any]]:
    """One line in the place of the optional fields, with the button that shows them."""
    return [
        t.section(
            words(
                "_More, if you like:_ who else feels it · who would have to change something · "
                "what was tried and why it did not hold · a fix must not ..."
            ),
            accessory=t.button(words("Add more"), MORE, "more", label=words("Add more fields to this form")),
        )
    ]


def unfolded(
    words: Words, groups: Sequence[Mapping[str, Any]], prefill: Prefill, choices: Choices | None
) -> list[dict[str, Any]]:
    """The optional fields; `groups` are Slack's option groups of teams."""
    picked = choices or Choices()
    fitting, whole = _fitting(groups)
    blocks: list[dict[str, Any]] = []
    if fitting:
        unknown = {"label": plain(words("Not sure?")), "options": [option(words("Don't know"), DONT_KNOW)]}
        values = [str(team) for team in picked.needed_from] + [DONT_KNOW] * picked.unknown
        blocks += [
            _teams(
                words("Which teams feel it?"),
                FELT_BY,
                fitting,
                [str(team) for team in picked.felt_by],
                hint=words("As far as you know."),
            ),
            _teams(
                words("Which teams would have to change something?"),
                NEEDED_FROM,
                [unknown, *fitting][:100],
                values,
                hint=words("Yours may be among them; name it only if you are at ease with that."),
            ),
        ]
        if not whole:
            blocks.append(
                t.context(words("There are more teams than fit here. Name the others in your words above."))
            )
    else:
        blocks.append(
            t.context(
                words(
                    "No teams are known here yet. If you know who else feels it, say so in your words above."
                )
            )
        )
    return [
        *blocks,
        tried(words, initial=prefill.tried),
        guardrails(words, initial=prefill.guardrails),
        _about(words, picked.label),
    ]


def who_may_learn(words: Words, choices: Choices | None) -> list[dict[str, Any]]:
    """The two ways to raise, each with who can learn what, and the tick for the name."""
    ways = [
        option(
            words("Nobody who uses this bot"),
            RaisedAs.CONFIDENTIAL.value,
            about=words("Confidential: a direct message tells you when there is an answer."),
        ),
        option(
            words("Nobody at all"),
            RaisedAs.ANONYMOUS.value,
            about=words("Anonymous: you fetch answers with a code that is shown once."),
        ),
    ]
    show = option(words("Show my name once it is published"), SHOW_NAME)
    way: dict[str, Any] = {"type": "radio_buttons", "action_id": WAY, "options": ways}
    name: dict[str, Any] = {"type": "checkboxes", "action_id": NAME, "options": [show]}
    if choices is not None and choices.way is not None:
        way["initial_option"] = next(each for each in ways if each["value"] == choices.way)
    if choices is not None and choices.with_name:
        name["initial_options"] = [show]
    return [
        {
            "type": "input",
            "block_id": WAY,
            "label": plain(words("Who may learn that it was you?")),
            "element": way,
        },
        t.context(
            words(
                "*Confidential:* your id is kept sealed; only somebody who holds both the database and the sealing "
                "key could open it. *Anonymous:* once it is with the stewards, nothing that is kept here leads to "
                "you, and nobody can look the code up. Neither hides you from Slack itself, from somebody who saw "
                "your screen, or from how you write."
            )
        ),
        {
            "type": "input",
            "block_id": NAME,
            "optional": True,
            "label": plain(words("Or with your name")),
            "hint": plain(
                words(
                    "It then reaches the stewards at once, and your name stands with it from publication on, "
                    "never in the weekly edition. That is a courtesy to others, not a protection for you."
                )
            ),
            "element": name,
        },
    ]


def text(
    label: str,
    block: str,
    most: int,
    *,
    hint: str = "",
    initial: str = "",
    multiline: bool = False,
    optional: bool = False,
) -> dict[str, Any]:
    """A field for words; its action has the name that stands before the first '.' of the block's."""
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": block.partition(".")[0],
        "multiline": multiline,
        "max_length": most,
    }
    if initial:
        element["initial_value"] = initial
    made: dict[str, Any] = {
        "type": "input",
        "block_id": block,
        "label": plain(label),
        "optional": optional,
        "element": element,
    }
    if hint:
        made["hint"] = plain(hint)
    return made


def option(said: str, value: str, *, about: str = "") -> dict[str, Any]:
    made = {"text": plain(said, t.OPTION_TEXT), "value": value}
    return {**made, "description": plain(about, t.OPTION_TEXT)} if about else made


def plain(said: str, most: int = 2000) -> dict[str, Any]:
    return {"type": "plain_text", "text": t.cut(t.plain(said), most), "emoji": False}


def _about(words: Words, label: str) -> dict[str, Any]:
    labels = [option(function.name, function.code) for function in catalogue()]
    element: dict[str, Any] = {"type": "static_select", "action_id": LABEL, "options": labels}
    for each in labels:
        if each["value"] == label:
            element["initial_option"] = each
    return {
        "type": "input",
        "block_id": LABEL,
        "optional": True,
        "label": plain(words("What is it about?")),
        "element": element,
    }


def _teams(
    label: str, block: str, groups: Sequence[Mapping[str, Any]], picked: Sequence[str], *, hint: str
) -> dict[str, Any]:
    element: dict[str, Any] = {
        "type": "multi_static_select",
        "action_id": block,
        "option_groups": list(groups),
        "max_selected_items": _PICKED_MOST,
    }
    again = [each for group in groups for each in group["options"] if each["value"] in picked]
    if again:
        element["initial_options"] = again
    return {
        "type": "input",
        "block_id": block,
        "optional": True,
        "label": plain(label),
        "hint": plain(hint),
        "element": element,
    }


def _fitting(groups: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], bool]:
    """The groups as far as they fit into a form beside everything else, and whether they all did."""
    made: list[dict[str, Any]] = []
    size = 0
    for group in groups[:99]:
        options: list[Any] = []
        for each in group["options"]:
            if not each["text"]["text"].strip():
                continue
            size += len(json.dumps(each)) + 2
            if size > _TEAM_BYTES:
                return [*made, {**group, "options": options}] if options else made, False
            options.append(each)
        if options:
            made.append({**group, "options": options})
    return made, len(groups) <= 99
