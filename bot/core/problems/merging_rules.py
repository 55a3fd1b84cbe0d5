"""Which problems go on as one: a forest, in which each goes on in at most one other."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

One = TypeVar("One", bound=Hashable)


def root_of(into: Mapping[One, One], one: One) -> One:
    """Where it goes on in the end; itself where it goes on by itself. `into` has no ring."""
    while one in into:
        one = into[one]
    return one


def within(into: Mapping[One, One], one: One) -> set[One]:
    """Itself and all that goes on in it, over any number of steps."""
    found = {one}
    waiting = [one]
    while waiting:
        there = waiting.pop()
        further = {each for each, where in into.items() if where == there} - found
        found |= further
        waiting += further
    return found


def joined(into: Mapping[One, One], one: One, other: One) -> dict[One, One]:
    """The same with `one` going on in `other`; ValueError where it goes on elsewhere already, or a ring would close."""
    if one in into or root_of(into, other) == one:
        raise ValueError("it goes on already, or would go on in itself")
    return {**into, one: other}


def parted(into: Mapping[One, One], one: One) -> dict[One, One]:
    """The same with `one` going on by itself again, together with all that went into it."""
    return {each: where for each, where in into.items() if each != one}
