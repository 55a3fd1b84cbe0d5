"""How a figure is put in a sentence, and how it is said that there is none."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.core import figures
from bot.core.pilot.rules import FEWEST, Call, Line, Unit
from bot.core.pilot.shown import Shown, written
from bot.words import Words

#: An interval of a share that is wider than this says next to nothing.
_WIDE: Final = 0.5
#: The same on a scale of answers from 1 to 5, or 1 to 7.
_WIDE_POINTS: Final = 1.5


def called(words: Words, shown: Shown, line: Line | None) -> Shown:
    """The figure with what its line says of the whole interval."""
    if line is None:
        return shown
    unit = shown.unit
    if shown.low is None or shown.high is None:
        return replace(
            shown, line=line, call=Call.NOTHING, says=words("No figure, so no answer from this line.")
        )
    call = line.call(shown.low, shown.high)
    ends = {"carry_on": written(line.carry_on, unit), "stop": written(line.stop, unit)}
    drawn = (
        words("Continue from {carry_on}, stop at {stop} or less.", **ends)
        if line.more_is_better
        else words("Continue up to {carry_on}, stop from {stop} on.", **ends)
    )
    said = {
        Call.CONTINUE: words("All of the interval says continue."),
        Call.CHANGE: words("All of the interval says change something."),
        Call.STOP: words("All of the interval says stop."),
        Call.OPEN: words("The interval lies on both sides of a line, so the data can't tell."),
    }[call]
    return replace(shown, line=line, call=call, says=f"{drawn} {said}")


def share_of(
    words: Words, key: str, name: str, n: int, share: float, low: float, high: float, said: str
) -> Shown:
    if high - low > _WIDE:
        said += " " + words(
            "With so few, anything from {low} to {high} would fit: this says next to nothing.",
            low=written(low, Unit.SHARE),
            high=written(high, Unit.SHARE),
        )
    return Shown(key, name, Unit.SHARE, n, said, value=share, low=low, high=high)


def mean_of(words: Words, key: str, name: str, values: list[int]) -> Shown:
    n = len(values)
    if n < FEWEST:
        return few(words, key, name, Unit.POINTS, n, hidden=True)
    found = figures.t_interval(values)
    low, high = max(1.0, found.low or 1.0), min(5.0, found.high or 5.0)
    said = words(
        "On a scale from 1 (defensive) to 5 (open), {n} ratings have a mean of {mean} (between {low} and {high}).",
        n=n,
        mean=written(found.mean, Unit.POINTS),
        low=written(low, Unit.POINTS),
        high=written(high, Unit.POINTS),
    )
    if high - low > _WIDE_POINTS:
        said += " " + words("That is too wide to say anything.")
    return Shown(key, name, Unit.POINTS, n, said, value=found.mean, low=low, high=high)


def few(words: Words, key: str, name: str, unit: Unit, n: int, *, hidden: bool = False) -> Shown:
    """No figure, and why; `hidden`: how many there are would tell something of people."""
    if hidden:
        return Shown(key, name, unit, 0, too_few(words))
    said = words.many(
        "There is only {n} of these; under five nothing is said.",
        "There are only {n} of these; under five nothing is said.",
        n,
    )
    if n == 0:
        said = words("There is none of these yet, so nothing can be said.")
    return Shown(key, name, unit, n, said)


def too_few(words: Words) -> str:
    return words("Fewer than five answers: nothing is said under five.")
