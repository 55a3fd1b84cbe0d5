"""What may be shown of small groups, so that nothing hidden can be computed from what is shown.

The cuts are fixed and nested: everybody, functions, their teams. Who is taken away from a shown group when all that
is shown inside it is taken away is its *rest*, and adding and subtracting shown figures in any way gives sums of
rests and nothing else. So it is enough that every rest is empty or has at least k answers. What is shown follows from
counts of answers alone, never from the answers themselves: else what is hidden would tell something of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

#: Figures need so many answers, free text so many; both can be raised, never lowered.
FIGURES_FROM: Final = 5
TEXTS_FROM: Final = 10
#: A change of a single team needs so many answers in both waves.
TEAM_CHANGE_FROM: Final = 10


@dataclass(frozen=True, slots=True)
class Group:
    """A group that figures may be shown of, with the groups within it. Keys are unique in a tree."""

    key: str
    within: tuple[Group, ...] = ()


def shown(tree: Group, answers: Mapping[str, int], k: int = FIGURES_FROM) -> frozenset[str]:
    """The keys of the groups whose figures may be shown.

    answers: how many each group gave by itself, those of the groups within it not counted again; a group that is
    missing gave none. Raises ValueError for k under five.
    """
    if k < FIGURES_FROM:
        raise ValueError("the threshold can be raised above five, never lowered")
    totals: dict[str, int] = {}
    _total(tree, answers, totals)
    if totals[tree.key] < k:
        return frozenset()
    found = {tree.key}
    opened = [tree]
    while opened:
        group = opened.pop()
        # By size, then by key: the same counts hide the same groups, however they are listed.
        within = sorted(group.within, key=lambda each: (totals[each.key], each.key))
        rest = totals[group.key]
        kept = []
        for each in within:
            if totals[each.key] >= k:
                kept.append(each)
                rest -= totals[each.key]
        # One is enough: it has at least k answers by itself.
        if 0 < rest < k and kept:
            kept = kept[1:]
        found.update(each.key for each in kept)
        opened += [each for each in kept if each.within]
    return frozenset(found)


def shown_of_items(
    tree: Group, answers: Mapping[str, Mapping[str, int]], k: int = FIGURES_FROM
) -> dict[str, frozenset[str]]:
    """The same for several items, each by itself: "can't say" makes their counts differ."""
    return {item: shown(tree, counts, k) for item, counts in answers.items()}


def _total(group: Group, answers: Mapping[str, int], totals: dict[str, int]) -> int:
    count = answers.get(group.key, 0)
    for each in group.within:
        count += _total(each, answers, totals) if each.within else _leaf(each.key, answers, totals)
    totals[group.key] = count
    return count


def _leaf(key: str, answers: Mapping[str, int], totals: dict[str, int]) -> int:
    count = totals[key] = answers.get(key, 0)
    return count


def rests(tree: Group, seen: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """The groups, each without those within it, whose answers together come out by subtraction: one rest a shown group."""
    for group in _all(tree):
        if group.key in seen:
            yield tuple(_hidden_under(group, seen))


def _hidden_under(group: Group, seen: frozenset[str]) -> Iterator[str]:
    yield group.key
    for each in group.within:
        if each.key not in seen:
            yield from _hidden_under(each, seen)


def _all(tree: Group) -> Iterator[Group]:
    yield tree
    for each in tree.within:
        yield from _all(each)


def may_compare(both: int, first_only: int, second_only: int, k: int = FIGURES_FROM) -> bool:
    """Whether a group's change between two waves may be shown: nobody is left over in a handful.

    both, first_only, second_only: people who were in it in both waves, or in one of them alone. Somebody who takes
    one wave's sum from the other's is left with those who came and went.
    """
    return all(count == 0 or count >= k for count in (both, first_only, second_only))


def splits_no_rest(rest: Mapping[str, int], some: Mapping[str, int], k: int = FIGURES_FROM) -> bool:
    """Whether a figure of some of a wave's people may stand beside the groups that are shown of it.

    rest: answers in each rest, by the key of its group; some: how many of them this figure is of. Taking shown groups
    away from it leaves those of one rest, and taking it away from a rest leaves the others there.
    """
    parts = [part for key, count in rest.items() for part in (some.get(key, 0), count - some.get(key, 0))]
    return some.keys() <= rest.keys() and all(part == 0 or part >= k for part in parts)


def texts_shown(texts: Sequence[str], k: int = TEXTS_FROM) -> tuple[str, ...]:
    """Free text in an order of its own, or nothing where fewer than k wrote some. Raises ValueError for k under ten."""
    if k < TEXTS_FROM:
        raise ValueError("the threshold of free text can be raised above ten, never lowered")
    return tuple(sorted(texts)) if len(texts) >= k else ()
