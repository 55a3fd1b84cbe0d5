"""When a problem is worth a second look: a flow that goes one way, words that are alike, many at once.

None of these says that anybody did wrong. docs/decisions/0011-flags.md argues each figure.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from bot.core.problems.naming_rules import countable

#: A flow has to be this many problems, and this many times what the function feels itself.
FLOW_FROM: Final = 5
FLOW_TIMES: Final = 5
#: Needed by people of so many other functions, it is a service that many wait for, and no flow against anybody.
SIDES: Final = 3
#: Confirmations of one team within an hour.
BURST_FROM: Final = 5
#: Share of runs of words that two texts have in common, out of all that either has.
ALIKE_FROM: Final = 0.7
_RUN: Final = 3
#: Texts shorter than this are alike by accident.
_WORDS_FROM: Final = 6
#: A run of words that more texts than this have in common is a manner of speaking.
_COMMON: Final = 50


@dataclass(frozen=True, slots=True)
class Flowing:
    """A standing problem by functions: which would have to change, and which feel it, as far as anybody has said."""

    ident: int
    needed_from: frozenset[int]
    felt_by: frozenset[int]


def one_way(standing: Iterable[Flowing]) -> frozenset[int]:
    """Problems of a flow that asks much of one function, in which it feels little, and that few others share."""
    against: defaultdict[int, list[Flowing]] = defaultdict(list)
    own: defaultdict[int, int] = defaultdict(int)
    for each in standing:
        for function in each.felt_by:
            own[function] += 1
        for function in each.needed_from - each.felt_by:
            against[function].append(each)
    flagged: set[int] = set()
    for function, flow in against.items():
        sides = frozenset[int]().union(*[each.felt_by for each in flow])
        if len(flow) >= max(FLOW_FROM, FLOW_TIMES * own[function]) and len(sides) < SIDES:
            flagged |= {each.ident for each in flow}
    return frozenset(flagged)


def burst(voices: int, members: int) -> bool:
    """Whether so many people of a team of so many members, within an hour, are worth saying and safe to say."""
    return members > 0 and countable(voices, members) >= BURST_FROM


def alike(texts: Mapping[int, str]) -> frozenset[int]:
    """Those of these texts that say nearly the same as another one, word for word."""
    runs = {ident: _runs(text) for ident, text in texts.items()}
    having: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for ident in sorted(runs):
        for run in runs[ident]:
            having[run].append(ident)
    shared: defaultdict[tuple[int, int], int] = defaultdict(int)
    for idents in having.values():
        if len(idents) <= _COMMON:
            for pair in combinations(idents, 2):
                shared[pair] += 1
    found: set[int] = set()
    for (one, other), both in shared.items():
        either = len(runs[one]) + len(runs[other]) - both
        if both >= ALIKE_FROM * either:
            found |= {one, other}
    return frozenset(found)


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(each if each.isalnum() else " " for each in folded).split()
    return _of_words(words) if len(words) >= _WORDS_FROM else frozenset()


def _of_words(words: Sequence[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))
