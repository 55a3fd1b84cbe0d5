"""The figures behind each picture as a table, for whoever does not see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.core import figures
from bot.core.pilot.facts_rules import Facts, Side, crossings, funnel
from bot.core.pilot.plots import stages
from bot.core.pilot.rules import FEWEST, Unit
from bot.core.pilot.shown import Table, written
from bot.words import Words

#: Rows of the table of waits; a longer curve is told in steps.
_STEPS: Final = 12


def of_funnel(words: Words, facts: Facts) -> Table:
    counts, names = funnel(facts.problems), stages(words)
    return Table(
        words("How far problems came: each line counts all that came at least so far"),
        (words("Stage"), words("Problems")),
        [(names[stage], str(count)) for stage, count in counts.items()],
    )


def of_waits(words: Words, facts: Facts) -> Table:
    curve = figures.kaplan_meier([wait.days for wait in facts.waits], [wait.over for wait in facts.waits])
    every = max(1, -(-len(curve.steps) // _STEPS))
    return Table(
        words("The wait for a first answer from a person"),
        (words("After working days"), words("Still waiting"), words("Between"), words("Watched so long")),
        [
            (
                written(step.at, Unit.DAYS),
                written(step.waiting, Unit.SHARE),
                f"{written(step.low, Unit.SHARE)} – {written(step.high, Unit.SHARE)}",
                str(step.at_risk),
            )
            for step in curve.steps[::every]
        ],
    )


def of_participation(words: Words, functions: Mapping[str, tuple[int, int]]) -> Table | None:
    if not functions:
        return None
    found = {name: figures.wilson(*both) for name, both in functions.items()}
    return Table(
        words("Teams of five or more that took part, by function in alphabetical order"),
        (words("Function"), words("Share"), words("Between"), words("Teams")),
        [
            (
                name,
                written(each.share, Unit.SHARE),
                f"{written(each.low, Unit.SHARE)} – {written(each.high, Unit.SHARE)}",
                str(each.n),
            )
            for name, each in found.items()
        ],
    )


def of_tone(words: Words, facts: Facts) -> Table | None:
    names = {Side.FUNCTIONS: words("functions"), Side.STEWARDS: words("stewards")}
    rows = []
    for side, name in names.items():
        counts = facts.tone.get(side, {})
        n = sum(counts.values())
        if n >= FEWEST:
            shares = [written(counts.get(value, 0) / n, Unit.SHARE) for value in range(1, 6)]
            rows.append((name, *shares, str(n)))
    if not rows:
        return None
    scale = (words("1 defensive"), "2", "3", "4", words("5 open"))
    return Table(
        words("How contacts felt, by who was asked"), (words("Side"), *scale, words("Ratings")), rows
    )


def of_crossings(words: Words, facts: Facts) -> Table | None:
    _, counts = crossings(facts.problems)
    if not counts:
        return None
    return Table(
        words("Problems that touch two functions; pairs under three are left out"),
        (words("Functions"), words("Problems")),
        [(f"{first} / {second}", str(count)) for (first, second), count in sorted(counts.items())],
    )


def of_pulse(words: Words, facts: Facts) -> Table | None:
    before, after = facts.before, facts.after
    if before is None or after is None or not before.counts or not after.counts:
        return None
    rows = []
    for name, wave in ((words("before"), before), (words("after"), after)):
        shares = [written(wave.part(point), Unit.SHARE) for point in range(1, 8)]
        rows.append((name, *shares, str(wave.n), written(wave.rate, Unit.SHARE)))
    head = (words("Wave"), *map(str, range(1, 8)), words("People"), words("Of those asked"))
    return Table(words("The pulse before and after: share of answers at each point"), head, rows)
