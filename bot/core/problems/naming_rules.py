"""Which groups are large enough to be named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# Groups with fewer active members are never named.
SMALLEST_NAMED: Final = 5
# In each group that may be named so many people stay possible who have said nothing.
UNKNOWN_LEFT: Final = 3


@dataclass(frozen=True, slots=True)
class Folded:
    """Voices by group, with the groups too small to be named taken together."""

    named: Mapping[str, int]
    small: int


def countable(voices: int, members: int) -> int:
    """How many voices of a group count in what is shown; members: active ones, 0 where that is not known."""
    return min(voices, members - UNKNOWN_LEFT) if members >= SMALLEST_NAMED else voices


def fold(felt: Mapping[str, int], sizes: Mapping[str, int], k: int = SMALLEST_NAMED) -> Folded:
    """Take teams (or functions) under k active members together, before any is named.

    sizes: active members per group; a group of unknown size counts as small.
    Raises ValueError for k under five.
    """
    if k < SMALLEST_NAMED:
        raise ValueError("the smallest named group can be raised above five, never lowered")
    named = {group: voices for group, voices in felt.items() if sizes.get(group, 0) >= k}
    return Folded(named=named, small=sum(felt.values()) - sum(named.values()))
