"""What two accounts can work out from all that two pulses show: every tiny company and every way it can answer.

The results are the bot's own, as `work_out` and `compared` make them: figures of every shown group, changes, and the
change of those who chose to be compared. The two know what they answered themselves, and how many people each function
has. Ways that look the same to them are possible to them: of a function that is hidden nothing may be certain, but
where all others whom its figures stand among said the same, since that everybody reads.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement, product

import numpy as np
from scipy.optimize import linprog

from bot.core.pulse import instrument
from bot.core.pulse.comparing import Before, Linked, compared
from bot.core.pulse.results import EVERYBODY, Answered, Company, Figure, Results, tree, work_out
from bot.core.pulse.suppression_rules import FIGURES_FROM, TEXTS_FROM

#: Functions by their people. Five answers are shown, four are not.
TINY: tuple[tuple[int, ...], ...] = ((5,), (5, 1), (6, 1), (5, 2), (4, 3))
#: The two ends of an agreement, and no answer.
LOW, HIGH = 2, 6
ITEM = "B1"
#: What the two who look may have said in both: the same twice, another thing, and nothing at first.
OWNS: tuple[tuple[int | None, int | None], ...] = ((LOW, LOW), (LOW, HIGH), (None, HIGH))
ASKS = replace(instrument.load(), items=tuple(each for each in instrument.load().items if each.id == ITEM))
ON = dt.date(2026, 11, 16)
#: What somebody said in each of two pulses; a function's people in one order, since the bot keeps none.
Both = tuple[int | None, int | None]
Way = tuple[tuple[Both, ...], ...]
#: By function: how many said the one, and how many the other.
Said = tuple[tuple[int, int], ...]


def ways(sizes: Sequence[int]) -> Iterator[Way]:
    """Every way in which so many people of each function can answer two pulses."""
    one = list(product((None, LOW, HIGH), repeat=2))
    yield from product(*[list(combinations_with_replacement(one, size)) for size in sizes])


def said(way: Way, wave: int) -> Said:
    counts = [Counter(both[wave] for both in of) for of in way]
    return tuple((each[LOW], each[HIGH]) for each in counts)


def people(sizes: Sequence[int]) -> dict[str, tuple[int | None, int | None]]:
    return {
        f"U{function}.{n}": (function, None) for function, size in enumerate(sizes, 1) for n in range(size)
    }


def shown(sizes: Sequence[int], counts: Said) -> Results:
    groups = people(sizes)
    company = Company({n: f"F{n}" for n in range(1, len(sizes) + 1)}, {}, tree(groups.values()))
    given = [
        Answered(function, None, {ITEM: point})
        for function, each in enumerate(counts, 1)
        for point, times in zip((LOW, HIGH), each, strict=True)
        for _ in range(times)
    ]
    return work_out(
        ASKS, given, company, invited=sum(sizes), figures_from=FIGURES_FROM, texts_from=TEXTS_FROM, on=ON
    )


def shown_after(sizes: Sequence[int], way: Way, before: Results, now: Results) -> Results:
    """The later one of two: everybody has chosen to be compared."""
    kept: dict[bytes, dict[str, int]] = {}
    links: dict[bytes, Linked] = {}
    for function, of in enumerate(way, 1):
        for number, (first, second) in enumerate(of):
            word = f"{function}.{number}".encode()
            kept |= {word: {ITEM: first}} if first is not None else {}
            links |= {word: Linked(function, None, {ITEM: second})} if second is not None else {}
    groups = people(sizes)
    return compared(now, ASKS, groups, links, Before(ASKS, before, groups, kept))


@dataclass(frozen=True)
class Certain:
    """What is certain of a hidden function's other people: in which of the two pulses, and what they said.

    accounts: the functions of the two who look, and what they said themselves.
    """

    sizes: tuple[int, ...]
    accounts: tuple[tuple[int, Both], ...]
    wave: int
    function: int
    said: tuple[int, int]


def accounts(sizes: Sequence[int], owns: Sequence[Both]) -> Iterator[tuple[tuple[int, Both], ...]]:
    """Nobody, and every two people by their functions, each of whom has said one of these."""
    yield ()
    for one, other in combinations_with_replacement(product(range(len(sizes)), owns), 2):
        if sizes[one[0]] > 1 or one[0] != other[0]:
            yield one, other


def certain(sizes: tuple[int, ...], owns: Sequence[Both] = OWNS) -> Iterator[Certain]:
    """Every view of both pulses in which the answers of a hidden function's others are certain, and some were given."""
    each: dict[Said, Results] = {}
    figures: dict[str, list[Mapping[str, Figure]]] = {}
    for two in accounts(sizes, owns):
        views: dict[str, list[tuple[Said, Said]]] = defaultdict(list)
        mine = [tuple(both for function, both in two if function == place) for place, _ in enumerate(sizes)]
        for way in ways([size - len(own) for size, own in zip(sizes, mine, strict=True)]):
            whole = tuple(of + own for of, own in zip(way, mine, strict=True))
            first, second = said(whole, 0), said(whole, 1)
            for one in (first, second):
                if one not in each:
                    each[one] = shown(sizes, one)
            later = shown_after(sizes, whole, each[first], each[second])
            views[f"{each[first]}{later}"].append((said(way, 0), said(way, 1)))
            figures[f"{each[first]}{later}"] = [each[one].items.get(ITEM, {}) for one in (first, second)]
        beside_us = [size > len(own) for size, own in zip(sizes, mine, strict=True)]
        if sum(beside_us) < 2:
            continue  # all others are of one function: what is shown of everybody is shown of them, and of three at least
        for view, same in views.items():
            for wave, seen in enumerate(figures[view]):
                for place, _ in enumerate(sizes):
                    possible = {pair[wave][place] for pair in same}
                    sure = next(iter(possible))
                    hidden = f"f{place + 1}" not in seen
                    if hidden and len(possible) == 1 and sum(sure) and not _alike(same, wave, seen):
                        yield Certain(sizes, two, wave, place + 1, sure)


def _alike(same: list[tuple[Said, Said]], wave: int, seen: Mapping[str, Figure]) -> bool:
    """Whether all others among the hidden said the same, and the hidden are enough to be shown as what is left over."""
    if EVERYBODY not in seen:
        return False
    hidden = [place for place, _ in enumerate(same[0][wave]) if f"f{place + 1}" not in seen]
    left_over = seen[EVERYBODY].n - sum(figure.n for key, figure in seen.items() if key != EVERYBODY)
    said = [pair[wave][place] for pair in same for place in hidden]
    return left_over >= FIGURES_FROM and (
        all(low == 0 for low, _ in said) or all(high == 0 for _, high in said)
    )


# Larger companies, by equations


def solved(sizes: Sequence[Sequence[int]], chance: random.Random) -> tuple[int, int]:
    """Of the hidden groups of one company of functions and teams: how many are certain by equations, and of how many."""
    groups: dict[str, tuple[int | None, int | None]] = {}
    for function, teams in enumerate(sizes, 1):
        for team, size in enumerate(teams):
            groups |= {f"U{function}.{team}.{n}": (function, 100 * function + team) for n in range(size)}
    company = Company({n: f"F{n}" for n in range(1, len(sizes) + 1)}, {}, tree(groups.values()))
    given = [
        Answered(*group, {ITEM: chance.choice((LOW, HIGH))})
        for group in groups.values()
        if chance.random() < 0.7
    ]
    seen = work_out(
        ASKS, given, company, invited=len(groups), figures_from=FIGURES_FROM, texts_from=TEXTS_FROM, on=ON
    ).items.get(ITEM, {})
    atoms = sorted({group[1] for group in groups.values() if group[1] is not None})
    inside = {f"t{atom}": {atom} for atom in atoms}
    inside |= {f"f{n}": {each for each in atoms if each // 100 == n} for n in range(1, len(sizes) + 1)}
    inside[EVERYBODY] = set(atoms)
    most = [sum(group[1] == atom for group in groups.values()) for atom in atoms]
    found = of = 0
    for key, within in inside.items():
        hidden = [one for one in given if one.team in within]
        if key in seen or not hidden:
            continue
        of += 1
        found += any(
            _fixed(
                atoms,
                inside,
                within,
                {each: figure.counts.get(str(point), 0) for each, figure in seen.items()},
                most,
            )
            for point in (LOW, HIGH)
            if any(one.given[ITEM] == point for one in hidden)
        )
    return found, of


def _fixed(
    atoms: Sequence[int],
    inside: Mapping[str, set[int]],
    within: set[int],
    told: Mapping[str, int],
    most: Sequence[int],
) -> bool:
    """Whether how many of a group gave one answer is certain, for whoever solves all that is shown of that answer."""
    rows = [[float(atom in inside[key]) for atom in atoms] for key in told]
    aim = np.array([float(atom in within) for atom in atoms])
    about = {"A_eq": rows or None, "b_eq": list(told.values()) or None}
    bounds = [(0, size) for size in most]
    low = linprog(aim, bounds=bounds, **about)
    high = linprog(-aim, bounds=bounds, **about)
    return bool(round(low.fun, 6) == round(-high.fun, 6))


def bounded(chance: random.Random, *, sampled: int) -> Iterator[tuple[str, int, int | None]]:
    """For the page: what was tried, how much is certain, and of how many."""
    found = [each for sizes in TINY for each in certain(sizes)]
    yield (
        f"{len(TINY)} companies of 5 to 7, two pulses, every way to answer: a hidden answer is certain",
        len(found),
        None,
    )
    hits = tried = 0
    for _ in range(sampled):
        sizes = [[chance.randrange(1, 9) for _ in range(chance.randrange(1, 4))] for _ in range(3)]
        fixed, of = solved(sizes, chance)
        hits, tried = hits + fixed, tried + of
    yield (
        f"{sampled} companies of three functions and their teams, by equations: a hidden answer is certain",
        hits,
        tried,
    )
