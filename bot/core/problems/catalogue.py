"""The catalogue: sixteen functions of Product Ops, each with three problems that it is known by.

It is data (`catalogue.yml` beside this), which a workspace may replace: labels on problems, and starters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from bot.core.problems.rules import Mechanism


@dataclass(frozen=True, slots=True)
class Example:
    """A problem as people know it: who is involved, in general words, and why no team fixes it."""

    problem: str
    teams: tuple[str, ...]
    mechanism: Mechanism


@dataclass(frozen=True, slots=True)
class Function:
    """A label: `code` is what a problem keeps, `name` what people read."""

    code: str
    name: str
    about: str
    examples: tuple[Example, ...]


class Malformed(Exception):
    """A catalogue's file that can't be used; its words say why."""


#: Functions, and examples of one, that a catalogue can have: what Slack's menus and forms hold.
FUNCTIONS_MOST: Final = 100
EXAMPLES_MOST: Final = 20
_OURS: Final = Path(__file__).with_suffix(".yml")
# A process has one catalogue, as it has one language of its code; labels are looked up in pure views too.
_in_use: list[Path] = [_OURS]


def use(path: Path | None) -> None:
    """Take this file for the catalogue, ours without one. Raises `Malformed`; then the one before stays."""
    load(path or _OURS)
    _in_use[:] = [path or _OURS]


def catalogue() -> tuple[Function, ...]:
    """All functions, in their order."""
    return load(_in_use[0])


@cache
def load(path: Path) -> tuple[Function, ...]:
    """The functions of a file. Raises `Malformed` where it can't be read or used."""
    try:
        listed = yaml.safe_load(path.read_text(encoding="utf-8"))
        functions = tuple(_function(each) for each in listed)
    except OSError as error:
        raise Malformed(f"it can't be read ({error.strerror or type(error).__name__})") from None
    except (UnicodeDecodeError, yaml.YAMLError):
        raise Malformed("it is not YAML in UTF-8") from None
    except (KeyError, TypeError, ValueError):
        raise Malformed(
            "it should be a list of functions with code, name, about and examples (problem, teams, mechanism)"
        ) from None
    codes, names = {each.code for each in functions}, {each.name for each in functions}
    if not 0 < len(functions) <= FUNCTIONS_MOST or not len(codes) == len(names) == len(functions):
        raise Malformed(
            f"it should have 1 to {FUNCTIONS_MOST} functions, each with a code and a name of its own"
        )
    return functions


def _function(written: Mapping[str, Any]) -> Function:
    examples = tuple(
        Example(_line(one["problem"], 200), tuple(map(str, one["teams"])), Mechanism(one["mechanism"]))
        for one in written["examples"]
    )
    if len(examples) > EXAMPLES_MOST:
        raise ValueError("too many examples")
    code, name, about = (
        _line(written[key], most) for key, most in (("code", 20), ("name", 75), ("about", 300))
    )
    return Function(code, name, about, examples)


def _line(written: object, most: int) -> str:
    said = " ".join(str(written).split())
    if not 0 < len(said) <= most or not said.isprintable():
        raise ValueError("no line")
    return said


def named(code: str | None) -> Function | None:
    """The function with this code, or None where the catalogue has no such one (any more)."""
    return next((function for function in catalogue() if function.code == code), None)
