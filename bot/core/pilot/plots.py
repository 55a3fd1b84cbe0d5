"""The pictures of a report. None ranks anybody: functions stand in alphabetical order, and nothing is a traffic light."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot.core import figures
from bot.core.pilot.drawing import BLUE, GREEN, GREY, INK, ORANGE, PALE, VERMILION, drawn, short
from bot.core.pilot.facts_rules import Facts, Side, Stage, crossings, funnel
from bot.core.pilot.rules import FEWEST, Unit
from bot.core.pilot.shown import Picture, Shown, written
from bot.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def stages(words: Words) -> dict[Stage, str]:
    return {
        Stage.RAISED: words("raised"),
        Stage.ANSWERED: words("answered by a person"),
        Stage.DECIDED: words("decided"),
        Stage.TRIED: words("tried"),
        Stage.CONFIRMED: words("confirmed by who raised it"),
    }


def of_funnel(words: Words, facts: Facts) -> Picture:
    """How many problems came how far, as bars with their counts."""
    counts, names = funnel(facts.problems), stages(words)

    def draw(axes: Axes) -> None:
        labels = [names[stage] for stage in Stage]
        values = [counts[stage] for stage in Stage]
        bars = axes.barh(labels, values, color=BLUE, height=0.62)
        axes.bar_label(bars, padding=4, labels=[str(value) for value in values])
        axes.invert_yaxis()
        axes.set_xlim(0, max(1, *values) * 1.1)
        axes.set_xlabel(words("problems"))
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)

    said = "; ".join(f"{names[stage]}: {counts[stage]}" for stage in Stage)
    return drawn("funnel", words("How far problems came"), words("Bars. {said}.", said=said), 2.5, draw)


def of_waits(words: Words, facts: Facts) -> Picture | None:
    """The Kaplan-Meier curve of the wait for a first answer, with how many still wait."""
    waits = [wait.days for wait in facts.waits]
    curve = figures.kaplan_meier(waits, [wait.over for wait in facts.waits])
    if not curve.steps:
        return None
    last = min(max(waits), max(10.0, 3 * (curve.median or max(waits))))

    def draw(axes: Axes) -> None:
        at = [0.0, *(step.at for step in curve.steps)]
        shares = [100.0, *(100 * step.waiting for step in curve.steps)]
        low = [100.0, *(100 * step.low for step in curve.steps)]
        high = [100.0, *(100 * step.high for step in curve.steps)]
        axes.fill_between(
            [*at, last], [*low, low[-1]], [*high, high[-1]], step="post", color=BLUE, alpha=0.18, lw=0
        )
        axes.step([*at, last], [*shares, shares[-1]], where="post", color=BLUE, lw=2)
        axes.axvline(2, color=GREY, lw=1, ls=(0, (4, 3)))
        axes.annotate(
            words("the promise: 2 working days"), (2, 98), xytext=(6, 0), textcoords="offset points", color=GREY, va="top"
        )  # fmt: skip
        axes.set_xlim(0, last)
        axes.set_ylim(0, 102)
        axes.set_ylabel(words("still waiting, %"))
        axes.set_xlabel(words("working days since stewards could read it (how many were watched so long)"))
        _at_risk(axes, waits, last)

    middle = (
        words("half had an answer after {days} working days", days=written(curve.median, Unit.DAYS))
        if curve.median is not None
        else words("fewer than half had an answer")
    )
    alt = words(
        "A falling step curve of the share of {n} problems that still wait, with the band of its interval: {middle}.",
        n=curve.n,
        middle=middle,
    )
    return drawn("waits", words("The wait for a first answer from a person"), alt, 3.4, draw)


def _at_risk(axes: Axes, waits: Sequence[float], last: float) -> None:
    """How many were still watched, under each tick."""
    step = max(1, -(-int(last) // 8)) if last >= 2 else last / 4
    ticks = [step * place for place in range(int(last / step) + 1)]
    told = [f"{written(tick, Unit.DAYS)}\n({sum(wait >= tick for wait in waits)})" for tick in ticks]
    axes.set_xticks(ticks, told)


def of_participation(words: Words, functions: Mapping[str, tuple[int, int]]) -> Picture | None:
    """Dots with Wilson bars a function, in alphabetical order."""
    if not functions:
        return None
    shares = {name: figures.wilson(*both) for name, both in functions.items()}

    def draw(axes: Axes) -> None:
        for row, found in enumerate(shares.values()):
            axes.plot(
                [100 * found.low, 100 * found.high], [row, row], color=BLUE, lw=2, solid_capstyle="butt"
            )
            axes.plot(100 * found.share, row, "o", color=BLUE, ms=7, clip_on=False)
            axes.annotate(
                words("of {n} teams", n=found.n), (101, row), va="center", color=GREY, annotation_clip=False
            )  # fmt: skip
        _rows(axes, [short(name) for name in shares])
        axes.set_xlim(0, 100)
        axes.set_xlabel(words("teams of five or more that took part, % (the bar holds what would fit)"))

    said = "; ".join(
        words(
            "{name} {share}, {low} to {high}",
            name=name, share=_percent(found.share), low=_percent(found.low), high=_percent(found.high),
        )
        for name, found in shares.items()
    )  # fmt: skip
    alt = words("A dot for each function with a bar for its interval. {said}.", said=said)
    return drawn("participation", words("Who took part"), alt, 1.0 + 0.38 * len(shares), draw)


def of_tone(words: Words, facts: Facts) -> Picture | None:
    """Diverging bars of how contacts felt, a row a side."""
    names = {Side.FUNCTIONS: words("functions"), Side.STEWARDS: words("stewards")}
    sides = {names[side]: facts.tone[side] for side in names if sum(facts.tone.get(side, {}).values()) >= 5}
    if not sides:
        return None
    kinds = [
        (1, words("defensive"), VERMILION, "////"),
        (2, words("rather defensive"), ORANGE, ".."),
        (3, words("in between"), PALE, ""),
        (4, words("rather open"), "#56B4E9", ""),
        (5, words("open"), BLUE, "\\\\"),
    ]

    def draw(axes: Axes) -> None:
        for row, counts in enumerate(sides.values()):
            n = sum(counts.values())
            share = {value: 100 * counts.get(value, 0) / n for value in range(1, 6)}
            left = -(share[1] + share[2] + share[3] / 2)
            for value, name, colour, hatch in kinds:
                axes.barh(
                    row, share[value], left=left, color=colour, hatch=hatch, edgecolor="white", height=0.55,
                    label=name if row == 0 else None,
                )  # fmt: skip
                if share[value] >= 9:
                    axes.text(
                        left + share[value] / 2, row, f"{share[value]:.0f}", ha="center", va="center", color=INK,
                        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.2, "alpha": 0.85},
                    )  # fmt: skip
                left += share[value]
        _rows(axes, [f"{name} (n = {sum(counts.values())})" for name, counts in sides.items()])
        axes.axvline(0, color=INK, lw=1)
        axes.set_xlim(-100, 100)
        ticks = [-100, -50, 0, 50, 100]
        axes.set_xticks(ticks, [str(abs(tick)) for tick in ticks])
        axes.set_xlabel(words("% of ratings: towards defensive on the left, towards open on the right"))
        axes.figure.legend(loc="outside upper center", ncols=5, frameon=False, fontsize=8.5)

    said = "; ".join(
        f"{name}: " + ", ".join(f"{word} {_percent(_part(counts, value))}" for value, word, _, _ in kinds)
        for name, counts in sides.items()
    )  # fmt: skip
    alt = words("Bars to both sides of the middle. {said}.", said=said)
    return drawn("tone", words("How contacts felt"), alt, 1.5 + 0.5 * len(sides), draw)


def of_crossings(words: Words, facts: Facts) -> Picture | None:
    """Where problems cross: function by function, the same both ways; under three a cell stays blank."""
    names, counts = crossings(facts.problems)
    if not counts:
        return None

    def draw(axes: Axes) -> None:
        from matplotlib.colors import LinearSegmentedColormap

        most = max(counts.values())
        grid: list[list[float]] = [[float("nan")] * len(names) for _ in names]
        for (first, second), count in counts.items():
            one, other = names.index(first), names.index(second)
            grid[one][other] = grid[other][one] = float(count)
        shades = LinearSegmentedColormap.from_list("blues", ["#e6f0f6", BLUE]).with_extremes(bad="white")
        axes.imshow(grid, cmap=shades, vmin=0, vmax=most)
        for row, cells in enumerate(grid):
            for column, cell in enumerate(cells):
                if cell == cell:  # not blank
                    ink = "white" if cell > 0.8 * most else INK
                    axes.text(column, row, f"{cell:.0f}", ha="center", va="center", color=ink, fontsize=9)
        places = range(len(names))
        axes.set_xticks(
            places, [short(name) for name in names], rotation=40, ha="right", rotation_mode="anchor"
        )
        axes.set_yticks(places, [short(name) for name in names])
        axes.set_xticks([place - 0.5 for place in places], minor=True)
        axes.set_yticks([place - 0.5 for place in places], minor=True)
        axes.grid(which="minor", color=PALE)
        axes.tick_params(which="both", length=0)
        axes.spines[:].set_visible(False)

    said = "; ".join(f"{first} / {second}: {count}" for (first, second), count in sorted(counts.items()))
    alt = words(
        "A table shaded by how many problems touch both functions; pairs under three are blank. {said}.",
        said=said,
    )
    return drawn("crossings", words("Where problems cross"), alt, 2.0 + 0.36 * len(names), draw)


def of_hours(words: Words, hours: Sequence[Shown]) -> Picture | None:
    """Range bars of hours, what is paid left of zero."""
    rows = [
        (each.name, -each.high, -each.low, False)
        if each.key in _PAID
        else (each.name, each.low, each.high, True)
        for each in hours
        if each.low is not None and each.high is not None
    ]
    if not rows:
        return None

    def draw(axes: Axes) -> None:
        for row, (_, low, high, good) in enumerate(rows):
            axes.barh(
                row, max(high - low, 0.004 * max(abs(low), abs(high), 1)), left=low, height=0.42,
                color=GREEN if good else ORANGE, hatch="" if good else "////", edgecolor="white",
            )  # fmt: skip
            axes.annotate(
                _ends(words, low, high), (max(high, 0), row), xytext=(7, 0), textcoords="offset points", va="center"
            )  # fmt: skip
        _rows(axes, [name for name, *_ in rows])
        axes.axvline(0, color=INK, lw=1)
        axes.margins(x=0.28)
        axes.set_xlabel(words("hours, from the least to the most; paid is left of zero, hatched"))

    said = "; ".join(f"{name}: {_ends(words, low, high)}" for name, low, high, _ in rows)
    alt = words("Bars from the least to the most, in hours. {said}.", said=said)
    return drawn("hours", words("Hours given back, paid and spent"), alt, 1.0 + 0.46 * len(rows), draw)


_PAID = frozenset({"hours_of_fixes", "hours_of_stewards"})


def of_pulse(words: Words, facts: Facts) -> Picture | None:
    """Both waves' answers, one beside the other."""
    if facts.before is None or facts.after is None:
        return None
    waves = [(words("before"), facts.before), (words("after"), facts.after)]
    if min(sum(wave.counts.values()) for _, wave in waves) < FEWEST:
        return None
    shares = [(name, [100 * wave.part(point) for point in range(1, 8)]) for name, wave in waves]

    def draw(axes: Axes) -> None:
        for place, (name, values) in enumerate(shares):
            at = [step + (place - 0.5) * 0.4 for step in range(1, 8)]
            axes.bar(
                at, values, width=0.38, color=(ORANGE, BLUE)[place], hatch=("////", "")[place], edgecolor="white",
                label=f"{name} (n = {waves[place][1].n})",
            )  # fmt: skip
        axes.set_xticks(range(1, 8))
        axes.set_xlabel(words("answers to the questions about raising things: 1 disagree to 7 agree"))
        axes.set_ylabel(words("% of answers"))
        axes.figure.legend(loc="outside upper center", ncols=2, frameon=False)

    said = "; ".join(
        name + ": " + ", ".join(f"{step}: {value:.0f} %" for step, value in enumerate(values, 1))
        for name, values in shares
    )
    alt = words(
        "Two sets of bars side by side, share of answers at each point of the scale. {said}.", said=said
    )
    return drawn("pulse", words("The pulse before and after"), alt, 3.1, draw)


def _rows(axes: Any, names: Sequence[str]) -> None:
    """Names down the side, the first on top."""
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _part(counts: Mapping[int, int], value: int) -> float:
    return counts.get(value, 0) / sum(counts.values())


def _percent(share: float) -> str:
    return f"{round(100 * share)} %"


def _ends(words: Words, low: float, high: float) -> str:
    """From the smaller to the larger; what was paid without its sign, since it stands left of zero."""
    ends = sorted((abs(low), abs(high))) if high <= 0 else [low, high]
    return words("{low} to {high}", low=written(ends[0], Unit.HOURS), high=written(ends[1], Unit.HOURS))
