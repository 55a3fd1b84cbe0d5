"""How figures, lines and changes of a pilot are called where people read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.core.pilot.queries import Standing
from bot.core.pilot.rules import UNITS, Figure, Line
from bot.core.pilot.shown import day, written
from bot.words import Words


def figure_names(words: Words) -> dict[Figure, str]:
    """Each figure as the set-up form and the lists call it."""
    return {
        Figure.IN_TIME: words("answered within 2 working days"),
        Figure.PARTICIPATION: words("teams that took part"),
        Figure.CONFIRMED: words("confirmed as solved"),
        Figure.REVERSED: words("where it can be solved: said otherwise later"),
        Figure.RECURRED: words("came back within a month"),
        Figure.GUARDRAILS: words("guardrails that held"),
        Figure.LEVERAGE: words("hours given back for each hour spent"),
        Figure.TONE: words("how contacts felt, 1 to 5"),
        Figure.COST: words("raising it cost something"),
        Figure.PULSE: words("pulse, after less before"),
    }


def line_read(words: Words, figure: Figure, line: Line) -> str:
    """Where a figure's line says continue, and where stop."""
    unit = UNITS[figure]
    ends = {"carry_on": written(line.carry_on, unit), "stop": written(line.stop, unit)}
    if line.more_is_better:
        return words("continue from {carry_on}, stop at {stop} or less", **ends)
    return words("continue up to {carry_on}, stop from {stop} on", **ends)


def lines_read(words: Words, lines: Mapping[Figure, Line]) -> str:
    """One line a figure, under one another."""
    names = figure_names(words)
    return "\n".join(
        f"{names[figure]}: {line_read(words, figure, lines[figure])}" for figure in Figure if figure in lines
    )


def changes_read(words: Words, standing: Standing) -> Sequence[str]:
    """What was changed after the start, oldest first, each with its reason."""
    names = {
        "question": words("the question"),
        "decides": words("who decides"),
        "not_used_for": words("what the data will not be used for"),
        "functions": words("the functions"),
        "intake_weeks": words("weeks of intake"),
        "follow_weeks": words("weeks of follow-through"),
        "review_weeks": words("weeks until a decision is reviewed"),
        **{figure.value: name for figure, name in figure_names(words).items()},
    }
    said = []
    for each in standing.changes:
        values = {"what": names.get(each.what, each.what), "on": day(each.on), "because": each.because}
        if each.what == "functions":
            said.append(words("{on}: {what} were changed. {because}", **values))
            continue
        was, becomes = (_value(words, each.what, value) for value in (each.was, each.becomes))
        said.append(
            words("{on}: {what}, “{was}” became “{becomes}”. {because}", **values, was=was, becomes=becomes)
        )
    return said


def _value(words: Words, what: str, value: str) -> str:
    if what not in set(Figure):
        return value
    if not value:
        return words("no line")
    carry_on, stop = map(float, value.split())
    return line_read(words, Figure(what), Line(carry_on, stop))
