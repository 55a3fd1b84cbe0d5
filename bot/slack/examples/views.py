"""Problems as people know them, by function: "does this sound familiar?"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.core.problems.catalogue import Function
from bot.core.refusal import Refusal
from bot.slack import text as t
from bot.slack.fields import form, option
from bot.words import Words

PICK, START, OPEN, FORM = "examples.pick", "examples.start", "examples.open", "examples.form"


def examples_form(words: Words, functions: Sequence[Function], shown: Function) -> dict[str, Any]:
    """One function's examples, each with a button that starts a problem from it; a menu leads to the others."""
    options = [option(each.name, each.code) for each in functions]
    chosen = next(made for made in options if made["value"] == shown.code)
    menu: dict[str, Any] = {
        "type": "static_select",
        "action_id": PICK,
        "options": options,
        "initial_option": chosen,
        "placeholder": {"type": "plain_text", "text": words("Pick a function"), "emoji": False},
    }
    blocks: list[dict[str, Any]] = [
        t.section(
            words(
                "*Does this sound familiar?* These come up in many companies. Start from one that is yours as well, "
                "and put it in your own words."
            )
        ),
        {"type": "actions", "elements": [menu]},
        t.context(t.cut_escaped(shown.about, 300)),
    ]
    for number, example in enumerate(shown.examples):
        teams = t.cut_escaped(", ".join(example.teams), 300)
        start = t.button(
            words("Start from this"),
            f"{START}:{number}",
            f"{shown.code}:{number}",
            label=words("Start from: {problem}", problem=example.problem),
        )
        said = words(
            "{problem}\n_Who is in it, often:_ {teams}",
            problem=t.cut_escaped(example.problem, 600),
            teams=teams,
        )
        blocks.append(t.section(said, accessory=start))
    return form(words, words("Examples"), FORM, blocks)


def read_start(value: str) -> tuple[str, int]:
    """The function's code and the example's place in it; a request, not proof."""
    code, _, number = value.rpartition(":")
    if not (number.isascii() and number.isdigit() and len(number) < 4):
        raise Refusal("That example is not there any more. Please pick another one.")
    return code, int(number)
