"""Hours given back, paid and spent: ranges from people's own ranges, and no single number of their ratio."""

from __future__ import annotations

from dataclasses import replace

from bot.core.pilot.facts_rules import Facts, leverage, total
from bot.core.pilot.rules import Figure, Unit
from bot.core.pilot.shown import Shown, written
from bot.words import Words


def hours(words: Words, facts: Facts) -> list[Shown]:
    """Hours given back, what the fixes cost, what is left, and what stewards gave, from low to high."""
    given, cost, spent = total(facts.given_back), total(facts.costs), total(facts.spent)
    net = given - cost
    n = len(facts.given_back)
    if not n and facts.without_hours:
        back = words(
            "Some endings helped, and nobody had said what those problems cost before, so not one hour can be counted."
        )
    elif not n:
        back = words("Nothing can be counted as given back: no raiser has said yet that something helped.")
    else:
        back = words.many(
            "{n} ending that helped has given back {low} to {high} up to now, likely about {likely}.",
            "{n} endings that helped have given back {low} to {high} up to now, likely about {likely}.",
            n,
            low=written(given.low, Unit.HOURS),
            high=written(given.high, Unit.HOURS),
            likely=written(given.likely, Unit.HOURS),
        )
    if n and facts.without_hours:
        back += " " + words.many(
            "For {n} more nobody has said what it cost before, so it counts no hour.",
            "For {n} more nobody has said what they cost before, so they count no hour.",
            facts.without_hours,
        )
    paid = (
        words(
            "Those who carry the fixes have paid {low} to {high} for them.",
            low=written(cost.low, Unit.HOURS),
            high=written(cost.high, Unit.HOURS),
        )
        if facts.costs
        else words("No hours that somebody carries for a fix were written down, so none are taken off.")
    )
    left = (
        words(
            "What is left when the fixes are paid: {low} to {high}.",
            low=written(net.low, Unit.HOURS),
            high=written(net.high, Unit.HOURS),
        )
        if n
        else words(
            "As long as nothing is counted as given back, there is nothing to take the fixes' cost from."
        )
    )
    gave = (
        words(
            "Stewards gave {low} to {high}, by their own word for {weeks} of {all} weeks.",
            low=written(spent.low, Unit.HOURS),
            high=written(spent.high, Unit.HOURS),
            weeks=facts.weeks_with_hours,
            all=facts.weeks,
        )
        if facts.spent
        else words("No steward has said what the weeks took, so this is not known.")
    )
    rows = [
        ("hours_given_back", words("Hours given back"), n, back, given if n else None),
        (
            "hours_of_fixes",
            words("Hours that the fixes cost"),
            len(facts.costs),
            paid,
            cost if facts.costs else None,
        ),
        ("hours_net", words("Given back, less what the fixes cost"), n, left, net if n else None),
        (
            "hours_of_stewards",
            words("Stewards' hours"),
            len(facts.spent),
            gave,
            spent if facts.spent else None,
        ),
    ]
    return [
        Shown(
            key,
            name,
            Unit.HOURS,
            count,
            said,
            value=found.likely if found else None,
            low=found.low if found else None,
            high=found.high if found else None,
        )
        for key, name, count, said, found in rows
    ]


def hours_for_hours(words: Words, facts: Facts) -> Shown:
    """Leverage: hours given back for each hour spent, always from and to."""
    name = words("Hours given back for each hour spent")
    made = Shown(Figure.LEVERAGE, name, Unit.TIMES, len(facts.given_back), "")
    found = leverage(total(facts.given_back), total(facts.spent) + total(facts.costs))
    if not facts.spent or found is None:
        said = words("Without the stewards' own hours this can't be worked out, and we do not guess them.")
        return replace(made, sentence=said)
    waits = not facts.over or any(each.asked for each in facts.problems)
    if not facts.given_back and waits:
        said = words("Nothing is confirmed yet, so there is nothing to set against the hours spent.")
        return replace(made, sentence=said)
    low, high = found
    if not facts.given_back and not facts.without_hours:
        said = words(
            "Nothing is counted as given back for the hours spent: no ending was said to have helped."
        )
        return replace(made, sentence=said, low=low, high=high)
    if facts.without_hours:
        # What is not known can only be more: a stop would be read from missing words.
        said = words.many(
            "Each hour spent has given back {low} hours at the least. How much more can't be told: for {n} ending that "
            "helped nobody had said what it cost before.",
            "Each hour spent has given back {low} hours at the least. How much more can't be told: for {n} endings that "
            "helped nobody had said what they cost before.",
            facts.without_hours,
            low=written(low, Unit.TIMES),
        )
        return replace(made, sentence=said)
    said = words(
        "Each hour spent (stewards and those who carry the fixes) has given back {low} to {high} hours so far. Fixes that "
        "hold go on giving; the hours spent are over.",
        low=written(low, Unit.TIMES),
        high=written(high, Unit.TIMES),
    )
    if low < 1 < high:
        said += " " + words("Whether it has paid for itself can't be told from this.")
    return replace(made, sentence=said, low=low, high=high)
