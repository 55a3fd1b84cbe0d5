"""How it felt: contacts, what raising cost, and the pulse before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.core import figures
from bot.core.pilot.facts_rules import Facts, Side, Wave
from bot.core.pilot.rules import FEWEST, Figure, Unit
from bot.core.pilot.saying import few, mean_of, share_of, too_few
from bot.core.pilot.shown import Shown, written
from bot.words import Words

#: A change of the pulse is no longer one of the same people where the rate moved by more than this.
_RATE_MOVED: Final = 0.15


def tone(words: Words, facts: Facts) -> list[Shown]:
    """How contacts between stewards and functions felt, to both sides and to each; 1 defensive, 5 open."""
    both: list[int] = []
    made = []
    names = {
        Side.FUNCTIONS: words("Contacts: how functions felt"),
        Side.STEWARDS: words("Contacts: how stewards felt"),
    }
    for side in Side:
        values = _spread(facts.tone.get(side, {}))
        both += values
        made.append(mean_of(words, f"tone_{side.value}", names[side], values))
    return [mean_of(words, Figure.TONE, words("Contacts: how they felt to both sides"), both), *made]


def raising_cost(words: Words, facts: Facts) -> Shown:
    """Share of raisers to whom raising cost something, from five answers on."""
    name = words("Raising it cost something")
    n = sum(facts.cost.values())
    if n < FEWEST:
        return few(words, Figure.COST, name, Unit.SHARE, n, hidden=True)
    hits = n - facts.cost.get("no", 0)
    found = figures.wilson(hits, n)
    said = words(
        "About {share} of the {n} raisers who answered say that raising it cost them something, a little or more. "
        "Those to whom it cost most may be the ones who did not answer.",
        share=written(found.share, Unit.SHARE),
        n=n,
    )
    return share_of(words, Figure.COST, name, n, found.share, found.low, found.high, said)


def pulse(words: Words, facts: Facts) -> Shown:
    """How far the pulse moved from the wave before to the wave after."""
    name = words("Pulse, after less before")
    made = Shown(Figure.PULSE, name, Unit.POINTS, 0, "")
    before, after = facts.before, facts.after
    if before is None or after is None:
        which = (
            words("there is no wave before with five answers")
            if before is None
            else words("there is no wave after with five answers")
        )
        return replace(made, sentence=words("Nothing can be said of a change: {which}.", which=which))
    n = min(before.n, after.n)
    if n < FEWEST:
        return replace(made, sentence=too_few(words))
    made = replace(made, n=n)
    first, second = (figures.Mean(each.n, each.mean, each.low, each.high) for each in (before, after))
    found = figures.difference_of_means(first, second)
    if found.low is None or found.high is None or not before.counts or not after.counts:
        said = words("The two waves can't be compared without showing what a few single people said.")
        return replace(made, sentence=said)
    lie = figures.overlap(before.counts, after.counts)
    said = words(
        "On a scale of 1 to 7 the means of {first} people before and {second} after lie {by} points apart "
        "({low} to {high}). Pick one answer from each wave: the later one is higher in {higher} of 100 cases, "
        "lower in {lower}.",
        first=before.n,
        second=after.n,
        by=f"{found.difference:+.1f}",
        low=f"{found.low:+.1f}",
        high=f"{found.high:+.1f}",
        higher=round(100 * lie.higher),
        lower=round(100 * lie.lower),
    )
    if found.low < 0 < found.high:
        said += " " + words("That could be no change at all.")
    said += _moved(words, before, after)
    return replace(made, sentence=said, value=found.difference, low=found.low, high=found.high)


def _moved(words: Words, before: Wave, after: Wave) -> str:
    if abs(after.rate - before.rate) <= _RATE_MOVED:
        return ""
    return " " + words(
        "Before, {before} of those asked answered, after it {after}: "
        "other people may have answered, which alone can move this.",
        before=written(before.rate, Unit.SHARE),
        after=written(after.rate, Unit.SHARE),
    )


def _spread(counts: Mapping[int, int]) -> list[int]:
    return [value for value, count in sorted(counts.items()) for _ in range(count)]
