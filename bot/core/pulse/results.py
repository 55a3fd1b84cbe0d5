"""What a closed wave shows: worked out once, at closing, from all answers, and kept; nothing else of them stays."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from bot.core import figures
from bot.core.pulse import rules
from bot.core.pulse.instrument import LEAST, MOST, Instrument, Item, Kind
from bot.core.pulse.suppression_rules import (
    Group,
    shown,
    texts_shown,
)

EVERYBODY: Final = "all"
#: For so long what functions say of one another is shown to the two alone.
TWO_ALONE: Final = dt.timedelta(days=14)
#: Under this key stand the answers about functions one works with.
ABOUT: Final = "about"


@dataclass(frozen=True, slots=True)
class Answered:
    """One person's answers and the group they count for."""

    function: int | None
    team: int | None
    given: Mapping[str, Any]
    link: bytes | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """Answers to one question in one group: how often each, and of agreement the mean and its interval (1 to 7).

    ranges: of a choice, by option, between which shares its own lies.
    """

    n: int
    counts: Mapping[str, int]
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def points(self) -> dict[int, int]:
        return {int(point): count for point, count in self.counts.items()}


@dataclass(frozen=True, slots=True)
class Named:
    """A group that figures are shown of; `function` is the id of its function, None for everybody."""

    key: str
    name: str
    team: bool = False
    function: int | None = None


@dataclass(frozen=True, slots=True)
class About:
    """How one function sees another, by item."""

    by: int
    by_name: str
    of: int
    of_name: str
    items: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Change:
    """A group's answers in two waves: the difference of the means, and how the two lie to one another."""

    n_first: int
    n_second: int
    difference: float
    low: float | None
    high: float | None
    higher: float
    lower: float


@dataclass(frozen=True, slots=True)
class Results:
    """All that is shown of a wave. answered: None under the threshold. intervals: whether they could be worked out.

    items: by question and group. line: of the questions that the careful mode goes by. changes: since the wave before,
    by question and group; linked: of those alone who chose to be compared. rate_moved: more or fewer answered, by over
    15 points. about_from: the day from which everybody sees what functions say of one another.
    """

    invited: int
    answered: int | None
    intervals: bool
    figures_from: int
    groups: tuple[Named, ...] = ()
    items: Mapping[str, Mapping[str, Figure]] = field(default_factory=dict)
    line: Figure | None = None
    about: tuple[About, ...] = ()
    about_from: str = ""
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    changes: Mapping[str, Mapping[str, Change]] = field(default_factory=dict)
    linked: Mapping[str, Figure] = field(default_factory=dict)
    rate_moved: bool = False

    def stored(self) -> dict[str, Any]:
        return asdict(self)


def read(kept: Mapping[str, Any]) -> Results:
    """The results from a wave's row."""

    def figured(by: Mapping[str, Any]) -> dict[str, Figure]:
        return {key: Figure(**each) for key, each in by.items()}

    return Results(
        **{
            **kept,
            "groups": tuple(Named(**each) for each in kept["groups"]),
            "items": {item: figured(by) for item, by in kept["items"].items()},
            "line": Figure(**kept["line"]) if kept["line"] else None,
            "about": tuple(About(**{**each, "items": figured(each["items"])}) for each in kept["about"]),
            "texts": {item: tuple(texts) for item, texts in kept["texts"].items()},
            "changes": {
                item: {key: Change(**each) for key, each in by.items()}
                for item, by in kept["changes"].items()
            },
            "linked": figured(kept["linked"]),
        }
    )


@dataclass(frozen=True, slots=True)
class Company:
    """Names by id, and the groups of everybody invited: their functions, and the teams in each where those are a cut."""

    functions: Mapping[int, str]
    teams: Mapping[int, str]
    tree: Group

    def named(self) -> Iterable[Named]:
        yield Named(EVERYBODY, "")
        for group in self.tree.within:
            ident = int(group.key[1:])
            yield Named(group.key, self.functions.get(ident, ""), function=ident)
            for each in group.within:
                yield Named(each.key, self.teams.get(int(each.key[1:]), ""), team=True, function=ident)


def tree(groups: Iterable[tuple[int | None, int | None]]) -> Group:
    """The fixed cuts, from the function and the team of everybody invited."""
    within: dict[int, set[int]] = defaultdict(set)
    for function, team in groups:
        if function is not None:
            within[function] |= {team} if team is not None else set()
    return Group(
        EVERYBODY,
        tuple(
            Group(f"f{function}", tuple(Group(f"t{team}") for team in sorted(teams)))
            for function, teams in sorted(within.items())
        ),
    )


def _atom(one: Answered) -> str:
    """The smallest group that an answer counts for; a team without a function is no cut."""
    if one.function is None:
        return EVERYBODY
    return f"t{one.team}" if one.team is not None else f"f{one.function}"


def work_out(
    instrument: Instrument,
    answers: Sequence[Answered],
    company: Company,
    *,
    invited: int,
    figures_from: int,
    texts_from: int,
    on: dt.date,
) -> Results:
    """Count everything, hide what has to be, and put intervals around the rest."""
    items: dict[str, dict[str, Figure]] = {}
    for item in instrument.items:
        if item.kind in (Kind.AGREE, Kind.CHOICE):
            found = _item(item, answers, company.tree, figures_from)
            if found:
                items[item.id] = found
    keys = {key for by in items.values() for key in by}
    texts = {
        item.id: texts_shown([str(one.given[item.id]) for one in answers if item.id in one.given], texts_from)
        for item in instrument.items
        if item.kind is Kind.TEXT
    }
    return Results(
        invited=invited,
        answered=len(answers) if len(answers) >= figures_from else None,
        intervals=figures.available(),
        figures_from=figures_from,
        groups=tuple(named for named in company.named() if named.key in keys),
        items=items,
        line=_line(instrument, answers, items, figures_from),
        about=tuple(_about(instrument, answers, company, figures_from)),
        about_from=(on + TWO_ALONE).isoformat(),
        texts={item: several for item, several in texts.items() if several},
    )


def _item(item: Item, answers: Sequence[Answered], cuts: Group, k: int) -> dict[str, Figure]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in answers:
        if item.id in one.given:
            counts[_atom(one)][str(one.given[item.id])] += 1
    seen = shown(cuts, {atom: by.total() for atom, by in counts.items()}, k)
    totals = {group.key: _sum(group, counts) for group in every(cuts) if group.key in seen}
    agree = item.kind is Kind.AGREE
    return {key: _agreed(total) if agree else _chosen(item, total) for key, total in totals.items()}


def every(group: Group) -> Iterable[Group]:
    yield group
    for each in group.within:
        yield from every(each)


def _sum(group: Group, counts: Mapping[str, Counter[str]]) -> Counter[str]:
    return sum((counts[each.key] for each in every(group) if each.key in counts), Counter())


def _agreed(counts: Counter[str]) -> Figure:
    made = Figure(counts.total(), dict(sorted(counts.items())))
    return with_interval(made, list(map(int, counts.elements())))


def _chosen(item: Item, counts: Counter[str]) -> Figure:
    made = Figure(counts.total(), dict(sorted(counts.items())))
    if not figures.available():
        return made
    shares = {code: figures.wilson(counts[code], made.n) for code, _ in item.options}
    return replace(made, ranges={code: (share.low, share.high) for code, share in shares.items()})


def with_interval(made: Figure, values: Sequence[float]) -> Figure:
    if not figures.available():
        return replace(made, mean=sum(values) / len(values))
    found = figures.t_interval(values)
    return replace(made, mean=found.mean, low=found.low, high=found.high)


def _line(
    instrument: Instrument,
    answers: Sequence[Answered],
    shown_items: Mapping[str, Mapping[str, Figure]],
    k: int,
) -> Figure | None:
    """The questions of the line as one figure: of people's own means, or where those would tell of a few, of what is shown.

    Whoever left some of these questions out is in the sums of single questions and not, or differently, in people's means:
    taking one from the other leaves those few.
    """
    items = {item.id: item.reversed for item in instrument.items if item.line}
    said = [sum(item in one.given for item in items) for one in answers]
    partly = sum(0 < count < len(items) for count in said)
    if 0 < partly < k:
        return _of_shown(items, [shown_items.get(item, {}).get(EVERYBODY) for item in items])
    values = [value for one in answers if (value := rules.index(one.given, items)) is not None]
    return with_interval(Figure(len(values), {}), values) if len(values) >= k else None


def _of_shown(items: Mapping[str, bool], found: Sequence[Figure | None]) -> Figure | None:
    """The mean of shown means, with the widest interval that it can have: as if all questions moved together."""
    each = [
        turned(figure) if is_reversed else figure
        for figure, is_reversed in zip(found, items.values(), strict=True)
        if figure is not None
    ]
    if not each or len(each) < len(items):
        return None
    mean, low, high = (
        None if any(getattr(figure, name) is None for figure in each)
        else sum(getattr(figure, name) for figure in each) / len(each)
        for name in ("mean", "low", "high")
    )  # fmt: skip
    return Figure(min(figure.n for figure in each), {}, mean, low, high)


def turned(figure: Figure) -> Figure:
    """The same where agreeing is the bad news, with its points the other way round."""
    low, high, mean = (
        None if end is None else LEAST + MOST - end for end in (figure.high, figure.low, figure.mean)
    )
    return Figure(figure.n, {}, mean, low, high)


def _about(instrument: Instrument, answers: Sequence[Answered], company: Company, k: int) -> Iterable[About]:
    """Each direction by itself and no sums over them, so that nothing can be taken from anything."""
    counts: dict[tuple[int, int], dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for one in answers:
        for said in one.given.get(ABOUT, ()) if one.function is not None else ():
            for item, point in said["items"].items():
                counts[one.function or 0, int(said["function"])][item][str(point)] += 1
    named = company.functions
    for by, of in sorted(counts, key=lambda pair: (named.get(pair[0], ""), named.get(pair[1], ""))):
        seen = {
            item.id: _agreed(counts[by, of][item.id])
            for item in instrument.items
            if item.kind is Kind.ABOUT and counts[by, of][item.id].total() >= k
        }
        if seen and by in named and of in named:
            yield About(by, named[by], of, named[of], seen)
