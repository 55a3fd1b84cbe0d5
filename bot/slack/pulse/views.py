"""What the pulse says in messages and Homes, and the ids of what is pressed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from bot.core.pulse.records import Side
from bot.core.refusal import Refusal
from bot.slack import text as t
from bot.words import Words, mark

Said = tuple[str, list[dict[str, Any]]]

#: For whoever is asked: the form, its two pages, taking all of it back, and the results with their cuts.
ANSWER, FIRST, SECOND, WITHDRAW = "pulse.answer", "pulse.first", "pulse.second", "pulse.withdraw"
RESULTS, CUT = "pulse.results", "pulse.cut"
#: For stewards: the pulse's desk, a plan, calling off, thresholds, the mode.
DESK, PLAN, CALL_OFF, THRESHOLDS, MODE = (
    "pulse.desk",
    "pulse.plan",
    "pulse.call_off",
    "pulse.thresholds",
    "pulse.mode",
)
#: How a contact felt.
TONE = "pulse.tone"

#: From defensive to open.
TONES: Final = (
    mark("1 · defensive"),
    mark("2"),
    mark("3"),
    mark("4"),
    mark("5 · open"),
)


def minutes(words: Words, questions: int) -> str:
    """How long so many questions take, about four a minute."""
    return words.many("{n} minute", "{n} minutes", max(1, -(-questions // 4)))


def invite(words: Words, wave: int, closes_at: dt.datetime, questions: int) -> Said:
    """To everybody who is asked: what it is, how many questions of its first page, how long it takes, until when."""
    said = words.many(
        "How are problems between teams treated here? {n} question, {minutes}, until {date}. Nobody sees whether "
        "you answer; results come to everybody who was asked, from five answers on.",
        "How are problems between teams treated here? {n} questions, {minutes}, until {date}. Nobody sees whether "
        "you answer; results come to everybody who was asked, from five answers on.",
        questions,
        minutes=minutes(words, questions),
        date=t.date(closes_at),
    )
    return said, [t.section(said), t.buttons(_answer(words, wave, said))]


def reminder(words: Words, wave: int, closes_at: dt.datetime) -> Said:
    """The one reminder; it goes to everybody, since one to some would tell who has answered."""
    said = words(
        "The pulse closes on {date}. This goes to everybody who was asked: if you have answered, thank you, "
        "there is nothing to do.",
        date=t.date(closes_at),
    )
    return said, [t.section(said), t.buttons(_answer(words, wave, said))]


def results_ready(words: Words, wave: int) -> Said:
    said = words(
        "The pulse's results are there. You see what everybody sees who was asked, leaders included."
    )
    return said, [t.section(said), t.buttons(_results(words, wave, said))]


def _answer(words: Words, wave: int, label: str) -> dict[str, Any]:
    return t.button(words("Answer"), ANSWER, str(wave), style="primary", label=label)


def _results(words: Words, wave: int, label: str) -> dict[str, Any]:
    return t.button(words("See the results"), RESULTS, str(wave), label=label)


def rows(
    words: Words, *, waiting: tuple[int, dt.datetime] | None, results: tuple[int, dt.datetime] | None
) -> list[dict[str, Any]]:
    """The same in Home, for whoever missed a message: the open wave, and the newest results; each with its time."""
    made = []
    if waiting is not None:
        ident, closes_at = waiting
        said = words("A pulse asks you, until {date}.", date=t.date(closes_at))
        made.append(t.section(said, accessory=_answer(words, ident, said)))
    if results is not None:
        ident, closed_at = results
        said = words("Results of the pulse that closed on {date}.", date=t.date(closed_at))
        made.append(t.section(said, accessory=_results(words, ident, said)))
    return made


def tone_buttons(words: Words, side: Side, problem: int, team: int) -> list[dict[str, Any]]:
    """One tap on how a contact felt."""
    said = words(
        "How did this contact feel? One tap; it is stored without you and without a day, and shown from five on."
    )
    return [
        t.section(said),
        t.buttons(
            *[
                t.button(words(label), f"{TONE}:{value}", f"{side.value}:{problem}:{team}:{value}")
                for value, label in enumerate(TONES, start=1)
            ],
            block="tone",
        ),
    ]


def tone_message(words: Words, team: str, problem: int, ident: int) -> Said:
    """To the steward who asked a team, once it has answered."""
    said = words(
        "{team} has answered what you asked. How did this contact feel?",
        team=t.cut_escaped(t.one_line(team), 300),
    )
    return said, [t.section(said), *tone_buttons(words, Side.STEWARD, problem, ident)]


def read_tone(value: object) -> tuple[Side, int, int, int]:
    """Side, problem, team and value of a tap; a request, not proof."""
    parts = str(value).split(":")
    sides = [side.value for side in Side]
    if len(parts) != 4 or parts[0] not in sides or not all(_is_number(part) for part in parts[1:]):
        raise Refusal("That button is out of date. Nothing was saved.")
    problem, team, said = map(int, parts[1:])
    return Side(parts[0]), problem, team, said


def read_wave(value: object) -> int:
    """The wave in a button or a form; a request, not proof."""
    if not _is_number(str(value)):
        raise Refusal("That button is out of date. My Home tab has what is open now.")
    return int(str(value))


def _is_number(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) < 20


def silence(words: Words, functions: Sequence[str], *, fell: bool) -> Said:
    """To stewards once a quarter, a question and never a finding."""
    texts = silence_texts(words, functions, fell=fell)
    said = t.cut(" ".join(texts), t.TEXT)
    opens = t.button(words("Open"), DESK, "desk", label=words("Pulse and mode"))
    return said, [*[t.section(text) for text in texts], t.buttons(opens)]


def silence_texts(words: Words, functions: Sequence[str], *, fell: bool) -> list[str]:
    texts = []
    if functions:
        named = t.cut_escaped(", ".join(functions), 1500)
        texts.append(
            words(
                "*Hardly any voice last quarter:* {functions}. All is well, or it is hard to speak there, or nobody knows "
                "how? The numbers can't tell; a talk can.",
                functions=named,
            )
        )
    if fell:
        texts.append(
            words(
                "*Fewer problems come than before,* in the whole company: clearly fewer in the last four weeks than the "
                "twelve before them would let expect. Fewer problems, or fewer that are said?"
            )
        )
    return texts
