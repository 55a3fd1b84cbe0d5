"""A pilot as somebody writes it down in a file, and as it is read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.core.pilot.rules import LINES, UNITS, Definition, Figure, Line, Unfit, Unit, check

_WEEKS: Final = {"intake": "intake_weeks", "follow_through": "follow_weeks", "review_after": "review_weeks"}
_KEYS: Final = ("question", "decides", "not_used_for", "functions", "weeks", "lines")

EXAMPLE: Final = """\
# A pilot, written down before it starts. Every line is yours to change until then.
question: Do problems between our teams get an answer that helps, at a price we would pay again?
decides: The heads of Engineering and Support, together, on the Monday after the last week
not_used_for: Judging people or teams, comparing teams, staffing, or anything that is not in this file
# Leave it out for all functions.
functions: [Engineering, Support]
weeks: {intake: 8, follow_through: 6, review_after: 3}
# Figures with the value from which we continue and the one at which we stop; what lies between says "change something".
lines:
  answered_in_time: {continue: 80 %, stop: 50 %}   # first human answer within 2 working days
  participation: {continue: 50 %, stop: 20 %}      # teams of five or more with at least one act
  confirmed: {continue: 20 %, stop: 5 %}           # problems whose raiser says that it helped
  leverage: {continue: 1, stop: 0.3}               # hours given back for each hour spent, by the last week
  tone: {continue: 3.5, stop: 2.5}                 # how contacts felt to both sides, 1 to 5
  raising_cost: {continue: 10 %, stop: 30 %}       # raisers who say that raising it cost them something
"""


def read(given: object, functions: Mapping[str, int]) -> Definition:
    """The definition in a file's content; `functions` are ids by name. Raises `Unfit` for what can't be."""
    if not isinstance(given, Mapping):
        raise Unfit("file", "it holds no names and values")
    for key in given:
        if key not in _KEYS:
            raise Unfit(str(key), "there is nothing of this name")
    values: dict[str, Any] = {
        name: str(given.get(name) or "") for name in ("question", "decides", "not_used_for")
    }
    values["functions"] = tuple(_function(each, functions) for each in _several(given, "functions"))
    for name, weeks in _named(given, "weeks").items():
        if name not in _WEEKS:
            raise Unfit(f"weeks: {name}", "there is nothing of this name")
        if isinstance(weeks, bool) or not isinstance(weeks, int):
            raise Unfit(f"weeks: {name}", "it is no whole number")
        values[_WEEKS[name]] = weeks
    lines = _named(given, "lines")
    values["lines"] = {_figure(name): _line(name, line) for name, line in lines.items()} or dict(LINES)
    definition = Definition(**values)
    check(definition)
    return definition


def number(text: object, unit: Unit) -> float:
    """A value as people write it: a share in percent, with or without the sign. Raises ValueError."""
    found = float(str(text).replace("%", "").replace(",", ".").strip())
    return found / 100 if unit is Unit.SHARE else found


def shown(value: float, unit: Unit) -> str:
    """The value as it is written: the other way round."""
    return f"{100 * value:g} %" if unit is Unit.SHARE else f"{value:g}"


def _several(given: Mapping[Any, Any], key: str) -> list[Any]:
    found = given.get(key) or []
    if not isinstance(found, list):
        raise Unfit(key, "it is no list")
    return found


def _named(given: Mapping[Any, Any], key: str) -> Mapping[str, Any]:
    found = given.get(key) or {}
    if not isinstance(found, Mapping):
        raise Unfit(key, "it holds no names and values")
    return {str(name): value for name, value in found.items()}


def _function(name: object, functions: Mapping[str, int]) -> int:
    if str(name) not in functions:
        raise Unfit(str(name), "there is no function of this name")
    return functions[str(name)]


def _figure(name: str) -> Figure:
    try:
        return Figure(name)
    except ValueError:
        raise Unfit(name, "there is no figure of this name") from None


def _line(name: str, line: object) -> Line:
    if not isinstance(line, Mapping) or set(line) != {"continue", "stop"}:
        raise Unfit(name, "it takes two values, continue and stop")
    unit = UNITS[_figure(name)]
    try:
        return Line(number(line["continue"], unit), number(line["stop"], unit))
    except ValueError:
        raise Unfit(name, "continue and stop are numbers") from None
