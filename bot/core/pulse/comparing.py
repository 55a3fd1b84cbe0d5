"""Two waves beside one another: what has changed, as far as nobody comes out of it who came, went or stayed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.core import figures
from bot.core.pulse import rules
from bot.core.pulse.instrument import Instrument, Item, Kind
from bot.core.pulse.results import EVERYBODY, Change, Figure, Results, every, with_interval
from bot.core.pulse.suppression_rules import TEAM_CHANGE_FROM, Group, may_compare, shown, splits_no_rest

#: By person: the function and the team that an answer counts for.
Groups = Mapping[str, tuple[int | None, int | None]]


@dataclass(frozen=True, slots=True)
class Linked:
    """Agreement of somebody who chose to be compared, and the group that it counts for."""

    function: int | None
    team: int | None
    given: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Before:
    """The wave before: what was asked and shown, who was invited with which groups, and what was kept to be compared."""

    instrument: Instrument
    results: Results
    groups: Groups
    links: Mapping[bytes, Mapping[str, Any]]


def compared(
    now: Results,
    instrument: Instrument,
    groups: Groups,
    links: Mapping[bytes, Linked],
    before: Before,
) -> Results:
    """The results with what has changed since; `groups` are those of everybody invited now, by person."""
    same = [
        item
        for item in instrument.page(1, Kind.AGREE) + instrument.page(2, Kind.AGREE)
        if (old := before.instrument.item(item.id)) is not None and old.text == item.text
    ]
    may = _may(groups, before.groups, now.figures_from)
    teams = {named.key for named in now.groups if named.team}
    changes: dict[str, dict[str, Change]] = {}
    for item in same:
        first, second = before.results.items.get(item.id, {}), now.items.get(item.id, {})
        for key in sorted(first.keys() & second.keys() & may):
            if key in teams and min(first[key].n, second[key].n) < TEAM_CHANGE_FROM:
                continue
            changes.setdefault(item.id, {})[key] = _change(first[key], second[key])
    linked = {item.id: found for item in same if (found := _linked(item, now, before, links)) is not None}
    moved = (
        now.answered is not None
        and before.results.answered is not None
        and rules.rate_moved((before.results.answered, before.results.invited), (now.answered, now.invited))
    )
    return replace(now, changes=changes, linked=linked, rate_moved=moved)


def _may(now: Groups, before: Groups, k: int) -> set[str]:
    """The groups, by key, whose change may be shown for whom they held in the two waves."""
    first, second = _people(before), _people(now)
    return {
        key
        for key in first.keys() & second.keys()
        if may_compare(
            len(first[key] & second[key]), len(first[key] - second[key]), len(second[key] - first[key]), k
        )
    }


def _people(groups: Groups) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for person, (function, team) in groups.items():
        found[EVERYBODY].add(person)
        if function is not None:
            found[f"f{function}"].add(person)
            if team is not None:
                found[f"t{team}"].add(person)
    return found


def _change(first: Figure, second: Figure) -> Change:
    lies = figures.overlap(first.points(), second.points())
    spread = [
        [point for point, count in each.points().items() for _ in range(count)] for each in (first, second)
    ]
    if not figures.available():
        off = sum(spread[1]) / second.n - sum(spread[0]) / first.n
        return Change(first.n, second.n, off, None, None, lies.higher, lies.lower)
    found = figures.difference(*spread)
    return Change(first.n, second.n, found.difference, found.low, found.high, lies.higher, lies.lower)


def _linked(item: Item, now: Results, before: Before, links: Mapping[bytes, Linked]) -> Figure | None:
    """The mean change of those who chose to be compared, where neither they nor the others are a handful anywhere."""
    first, second = (results.items.get(item.id, {}) for results in (before.results, now))
    pairs = [
        (links[link], before.links[link][item.id])
        for link in sorted(links.keys() & before.links.keys())
        if item.id in links[link].given and item.id in before.links[link]
    ]
    k = now.figures_from
    if EVERYBODY not in first or EVERYBODY not in second or len(pairs) < k:
        return None
    of = [linked for linked, _ in pairs]
    if not all(
        _stands_beside(by, results, of, k) for by, results in ((first, before.results), (second, now))
    ):
        return None
    return with_interval(Figure(len(pairs), {}), [linked.given[item.id] - old for linked, old in pairs])


def _stands_beside(by: Mapping[str, Figure], results: Results, some: Iterable[Linked], k: int) -> bool:
    """Whether the change of some may stand beside one wave's figures; of a wave before, by the groups that they have now."""
    rest = {key: figure.n for key, figure in by.items()}
    for named in results.groups:
        above = f"f{named.function}" if named.team and f"f{named.function}" in by else EVERYBODY
        if named.key in by and named.key != EVERYBODY:
            rest[above] -= by[named.key].n
    counted = Counter(
        next(key for key in (f"t{each.team}", f"f{each.function}", EVERYBODY) if key in by) for each in some
    )
    return splits_no_rest(rest, counted, k)


def raised(results: Results, *, figures_from: int, texts_from: int) -> Results:
    """The same results under higher thresholds: less is shown, and nothing that was not shown before."""
    company_tree = tree_of(results)
    items: dict[str, dict[str, Figure]] = {}
    for item, by in results.items.items():
        own = {
            group.key: by[group.key].n - sum(by[each.key].n for each in group.within if each.key in by)
            for group in every(company_tree)
            if group.key in by
        }
        seen = shown(_only(company_tree, by), own, figures_from)
        if seen:
            items[item] = {key: figure for key, figure in by.items() if key in seen}
    keys = {key for by in items.values() for key in by}
    about = [
        replace(each, items={item: figure for item, figure in each.items.items() if figure.n >= figures_from})
        for each in results.about
    ]
    enough = results.answered is not None and results.answered >= figures_from
    return replace(
        results,
        answered=results.answered if enough else None,
        figures_from=figures_from,
        items=items,
        groups=tuple(named for named in results.groups if named.key in keys),
        line=results.line if results.line is not None and results.line.n >= figures_from else None,
        about=tuple(each for each in about if each.items),
        texts={item: texts for item, texts in results.texts.items() if len(texts) >= texts_from},
        changes={
            item: {key: change for key, change in by.items() if key in items.get(item, {})}
            for item, by in results.changes.items()
        },
        linked={},  # who they were is destroyed, so that nobody can tell any more what would come out
    )


def _only(group: Group, by: Mapping[str, Figure]) -> Group:
    """The groups that were shown; what was hidden is part of what stands above it."""
    return Group(group.key, tuple(_only(each, by) for each in group.within if each.key in by))


def tree_of(results: Results) -> Group:
    """The cuts of stored results, as far as they were shown."""
    teams: dict[int | None, list[Group]] = defaultdict(list)
    for named in results.groups:
        if named.team:
            teams[named.function].append(Group(named.key))
    functions = [named for named in results.groups if not named.team and named.key != EVERYBODY]
    return Group(EVERYBODY, tuple(Group(each.key, tuple(teams[each.function])) for each in functions))
