"""The catalogue: sixteen functions of Product Ops, each with three problems that it is known by.

It is data (`catalogue.yml` beside this), which a workspace may replace: labels on problems, and starters.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

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


@cache
def catalogue() -> tuple[Function, ...]:
    """All functions, in their order."""
    listed = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text(encoding="utf-8"))
    return tuple(
        Function(
            code=each["code"],
            name=each["name"],
            about=each["about"],
            examples=tuple(
                Example(one["problem"], tuple(one["teams"]), Mechanism(one["mechanism"]))
                for one in each["examples"]
            ),
        )
        for each in listed
    )


def named(code: str | None) -> Function | None:
    """The function with this code, or None where the catalogue has no such one (any more)."""
    return next((function for function in catalogue() if function.code == code), None)
