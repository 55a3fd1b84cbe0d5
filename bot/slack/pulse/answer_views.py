"""The pulse's form: its questions on one page, a second page for whoever likes, and "can't say" everywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.core.pulse.acts import FUNCTIONS_MOST, PHRASE_MOST, TEXT_MOST
from bot.core.pulse.instrument import LEAST, MOST, Instrument, Item, Kind
from bot.core.pulse.results import ABOUT
from bot.slack import text as t
from bot.slack.fields import asks_first, field, form, option, picked, text_input, typed
from bot.slack.pulse.views import FIRST, SECOND, WITHDRAW, minutes
from bot.words import Words

_QUESTION, _FUNCTION, _PHRASE, _CANT_SAY = "q", "f", "phrase", "none"
#: Options of one menu.
_OPTIONS: Final = 100


def first_page(
    words: Words, wave: int, asks: Instrument, mine: Mapping[str, Any] | None, closes_at: dt.datetime
) -> dict[str, Any]:
    """What everybody is asked; `mine` is what this person has answered already."""
    said = words(
        "{minutes}. Leave out what you like. You can change or withdraw it until {date}.",
        minutes=minutes(words, len(asks.page(1))),
        date=t.date(closes_at),
    )
    blocks = [t.section(said), t.context(_promise(words))]
    blocks += [_question(words, asks, item, mine or {}) for item in asks.page(1)]
    blocks.append(
        text_input(
            _PHRASE,
            words("To compare you with the next pulse: a few words that only you know"),
            words(
                "Optional. I keep a slow hash of them, no name and no group, until the next pulse has closed. Not your "
                "name, not a saying. Without them your answers are never compared."
            ),
            most=PHRASE_MOST,
            lines=False,
            optional=True,
        )
    )
    blocks.append(t.context(t.escaped(asks.about)))
    if mine is not None:
        blocks.append(t.buttons(_withdraw(words, wave)))
    return form(words, words("Pulse"), FIRST, blocks, submit=words("Send"), metadata=str(wave))


def _promise(words: Words) -> str:
    return words(
        "Until it closes, somebody who holds both the database and the sealing key could link you to your answers. When it "
        "closes they are counted, and every row and hash is destroyed. Figures are shown from five answers on; where you "
        "are few, nothing."
    )


def _withdraw(words: Words, wave: int) -> dict[str, Any]:
    return asks_first(
        t.button(words("Withdraw my answers"), WITHDRAW, str(wave)),
        title=words("Withdraw your answers?"),
        text=words(
            "Everything that you have answered in this pulse goes. You can answer anew until it closes."
        ),
        yes=words("Withdraw"),
        no=words("Leave them"),
    )


def second_page(
    words: Words,
    wave: int,
    asks: Instrument,
    mine: Mapping[str, Any] | None,
    functions: Sequence[tuple[int, str]],
) -> dict[str, Any]:
    """Optional; what was answered before stands by now. functions: those that one can speak of, id and name."""
    given = mine or {}
    blocks = [
        t.section(
            words("*Thank you, that is kept.* Close this, or go on: the rest is optional, two minutes more.")
        ),
        *[_question(words, asks, item, given) for item in asks.page(2) if item.kind is not Kind.ABOUT],
    ]
    about = asks.page(2, Kind.ABOUT)
    if about and functions:
        said = words(
            "Up to three functions that you work with. What yours says of one is seen by these two alone for two weeks."
        )
        blocks += [{"type": "divider"}, t.section(said)]
        before = list(given.get(ABOUT, ()))
        for place in range(FUNCTIONS_MOST):
            blocks += _about(
                words, asks, about, place, functions, before[place] if place < len(before) else None
            )
    return form(words, words("Pulse, second page"), SECOND, blocks, submit=words("Send"), metadata=str(wave))


def _about(
    words: Words,
    asks: Instrument,
    items: Sequence[Item],
    place: int,
    functions: Sequence[tuple[int, str]],
    before: Mapping[str, Any] | None,
) -> list[dict[str, Any]]:
    options = [option(name, str(ident)) for ident, name in functions[:_OPTIONS]]
    chosen = str(before["function"]) if before else ""
    menu = _menu(options, chosen, words("Choose a function"))
    made = [field(f"{_FUNCTION}:{place}", words("A function that you work with"), menu, optional=True)]
    points = before["items"] if before else {}
    return made + [
        field(
            f"{_FUNCTION}:{place}:{item.id}",
            item.text,
            _menu(_scale(words, asks), str(points.get(item.id, "")), words("Can't say")),
            optional=True,
        )
        for item in items
    ]


def _question(words: Words, asks: Instrument, item: Item, given: Mapping[str, Any]) -> dict[str, Any]:
    block, value = f"{_QUESTION}:{item.id}", given.get(item.id, "")
    if item.kind is Kind.TEXT:
        hint = words(
            "Shown to everybody who was asked, from ten answers on, in no order. Mind who could be known by it."
        )
        return text_input(block, item.text, hint, most=TEXT_MOST, initial=str(value), optional=True)
    if item.kind is Kind.CHOICE:
        options = [option(said, code) for code, said in item.options]
        options.append(option(words("Can't say"), _CANT_SAY))
    else:
        options = _scale(words, asks)
    return field(block, item.text, _menu(options, str(value), words("Choose")), optional=True)


def _scale(words: Words, asks: Instrument) -> list[dict[str, Any]]:
    named = {LEAST: asks.least, (LEAST + MOST) // 2: asks.middle, MOST: asks.most}
    points = [
        option(f"{point} · {named[point]}" if point in named else str(point), str(point))
        for point in range(LEAST, MOST + 1)
    ]
    return [*points, option(words("Can't say"), _CANT_SAY)]


def _menu(options: list[dict[str, Any]], chosen: str, asks: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "static_select",
        "options": options,
        "placeholder": {"type": "plain_text", "text": t.cut(asks, 150), "emoji": False},
    }
    before = [each for each in options if each["value"] == chosen]
    return {**made, "initial_option": before[0]} if before else made


def read_page(view: Mapping[str, Any], asks: Instrument, page: int) -> dict[str, Any]:
    """What came back of a page, as the act takes it; "can't say" and what was left out are missing."""
    found: dict[str, Any] = {}
    for item in asks.page(page, Kind.AGREE, Kind.CHOICE, Kind.TEXT):
        block = f"{_QUESTION}:{item.id}"
        if item.kind is Kind.TEXT:
            found[item.id] = typed(view, block)
        elif item.kind is Kind.CHOICE:
            found[item.id] = picked(view, block)
        else:
            found[item.id] = _number(picked(view, block))
    if page == 2:
        about = asks.page(2, Kind.ABOUT)
        found[ABOUT] = [
            {
                "function": _number(picked(view, f"{_FUNCTION}:{place}")),
                "items": {item.id: _number(picked(view, f"{_FUNCTION}:{place}:{item.id}")) for item in about},
            }
            for place in range(FUNCTIONS_MOST)
        ]
    return found


def read_phrase(view: Mapping[str, Any]) -> str:
    return typed(view, _PHRASE)


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 20 else None
