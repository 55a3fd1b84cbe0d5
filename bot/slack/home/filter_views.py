"""The menus by which a reader of Home looks through the open problems, and what is picked in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.core.problems.browsing import ANYTHING, Age, Wanted
from bot.core.problems.rules import Verdict
from bot.core.refusal import Refusal
from bot.core.store import is_id
from bot.slack import text as t
from bot.slack.explaining import WHERE
from bot.slack.fields import option
from bot.slack.searching.views import ASK as SEARCH
from bot.words import Words, mark

#: The menus (home.filter:label, ...) in their block, and the buttons between pages.
FILTER, BLOCK, PAGE = "home.filter", "home.filters", "home.page"
_MOST_OPTIONS: Final = 100
_ANY: Final = "any"
_AGES: Final = {
    Age.MONTH: mark("Published in the last four weeks"),
    Age.QUARTER: mark("One to three months ago"),
    Age.OLDER: mark("More than three months ago"),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be picked, beside what is: codes of labels and ids of functions, each with its name."""

    wanted: Wanted = ANYTHING
    labels: Sequence[tuple[str, str]] = ()
    functions: Sequence[tuple[str, str]] = ()


NO_MENUS: Final = Offered()


def filters(words: Words, offered: Offered) -> dict[str, Any]:
    """A row of four menus, and the way to a search."""
    wanted = offered.wanted
    verdicts = [(verdict.value, words(said)) for verdict, said in WHERE.items()]
    ages = [(age.value, words(said)) for age, said in _AGES.items()]
    menus = [
        _menu("label", words("Any label"), offered.labels, wanted.label),
        _menu(
            "function",
            words("Any function concerned"),
            offered.functions,
            None if wanted.function is None else str(wanted.function),
        ),
        _menu("verdict", words("Solvable anywhere"), verdicts, wanted.verdict),
        _menu("age", words("Of any age"), ages, wanted.age),
    ]
    search = t.button(words("Search by words"), SEARCH, "home")
    return t.buttons(*(menu for menu in menus if menu), search, block=BLOCK)


def _menu(
    name: str, anything: str, offered: Sequence[tuple[str, str]], picked: str | None
) -> dict[str, Any] | None:
    if not offered:
        return None
    options = [option(anything, _ANY), *(option(said, value) for value, said in offered)][:_MOST_OPTIONS]
    chosen = next((each for each in options if each["value"] == picked), options[0])
    return {
        "type": "static_select",
        "action_id": f"{FILTER}:{name}",
        "placeholder": {"type": "plain_text", "text": t.cut(anything, 150), "emoji": False},
        "options": options,
        "initial_option": chosen,
    }


def pager(words: Words, *, last: int | None, first: bool) -> dict[str, Any] | None:
    """The way to older ones, below number `last`, and back; None where all fits on one page."""
    elements = []
    if not first:
        elements.append(t.button(words("Newest"), f"{PAGE}:newest", "newest"))
    if last is not None:
        elements.append(
            t.button(words("Older"), f"{PAGE}:older", f"before:{last}", label=words("Older open problems"))
        )
    return t.buttons(*elements) if elements else None


def read_wanted(view: Mapping[str, Any]) -> Wanted:
    """What is picked in the menus of a Home that Slack sent back; nothing where it has none. Refuses what is no choice."""
    picked = {name: _picked(view, name) for name in ("label", "function", "verdict", "age")}
    try:
        function = int(picked["function"]) if picked["function"] else None
        if function is not None and not is_id(function):
            raise ValueError(function)
        return Wanted(
            label=picked["label"],
            function=function,
            verdict=Verdict(picked["verdict"]) if picked["verdict"] else None,
            age=Age(picked["age"]) if picked["age"] else None,
        )
    except ValueError:
        raise Refusal("That choice is out of date. Please open Home again.") from None


def _picked(view: Mapping[str, Any], name: str) -> str | None:
    state = view.get("state") or {}
    held = (state.get("values") or {}).get(BLOCK) or {}
    chosen = (held.get(f"{FILTER}:{name}") or {}).get("selected_option") or {}
    value = chosen.get("value")
    return None if value in (None, _ANY) else str(value)


def read_page(value: str) -> int | None:
    """The number that a page ends before; None for the newest."""
    number = value.removeprefix("before:")
    if number == value:
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Refusal("That button is out of date. Please open Home again.")
    return int(number)
