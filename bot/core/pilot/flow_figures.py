"""What became of problems and who took part: shares and waits, each in a sentence."""

from __future__ import annotations

from dataclasses import replace

from bot.core import figures
from bot.core.pilot.facts_rules import PROMISED_DAYS, Facts, Stage, funnel
from bot.core.pilot.rules import FEWEST, Figure, Unit
from bot.core.pilot.saying import few, share_of
from bot.core.pilot.shown import Shown, written
from bot.words import Words


def answered_in_time(words: Words, facts: Facts) -> Shown:
    """Share of problems with a first human answer within the promised days."""
    name = words("First human answer within {days} working days", days=PROMISED_DAYS)
    waits, key = facts.waits, Figure.IN_TIME
    if len(waits) < FEWEST:
        return few(words, key, name, Unit.SHARE, len(waits))
    low, share, high = answered_by(facts, PROMISED_DAYS)
    standing = sum(not wait.over for wait in waits)
    said = words(
        "Of 100 problems, about {share} got a first answer from a person within {days} working days "
        "(between {low} and {high}).",
        share=round(100 * share),
        days=PROMISED_DAYS,
        low=round(100 * low),
        high=round(100 * high),
    )
    if standing:
        said += " " + words.many(
            "{n} still waits; it counts as waiting, not as gone.",
            "{n} still wait; they count as waiting, not as gone.",
            standing,
        )
    return share_of(words, key, name, len(waits), share, low, high, said)


def answered_by(facts: Facts, days: float) -> tuple[float, float, float]:
    """(low, share, high) of those answered by the end of so many working days.

    Wilson where of every problem it is known; Kaplan-Meier where some have not waited that long yet.
    """
    waits = facts.waits
    known = [wait for wait in waits if wait.over or wait.days >= days]
    if len(known) == len(waits):
        plain = figures.wilson(sum(wait.over and wait.days <= days for wait in waits), len(waits))
        return plain.low, plain.share, plain.high
    curve = figures.kaplan_meier([wait.days for wait in waits], [wait.over for wait in waits])
    step = next((each for each in reversed(curve.steps) if each.at <= days), None)
    if step is not None and step.waiting > 0:
        return 1 - step.high, 1 - step.waiting, 1 - step.low
    if not known:
        return 0.0, 0.0, 1.0
    # Where all or nobody still waits, the curve has no interval of its own.
    plain = figures.wilson(0 if step is None else len(known), len(known))
    return plain.low, plain.share, plain.high


def median_wait(words: Words, facts: Facts) -> Shown:
    """Working days until half of the problems have a first human answer."""
    name = words("Working days until half had a first answer")
    n = len(facts.waits)
    if n < FEWEST:
        return few(words, "median_wait", name, Unit.DAYS, n)
    curve = figures.kaplan_meier([wait.days for wait in facts.waits], [wait.over for wait in facts.waits])
    made = Shown("median_wait", name, Unit.DAYS, n, "")
    if curve.median is None:
        said = words("More than half of the problems still wait, so there is no middle to name.")
        return replace(made, sentence=said)
    low = next((step.at for step in curve.steps if step.low <= 0.5), curve.median)
    high = next((step.at for step in curve.steps if step.high < 0.5), None)
    if curve.median == 0 and high == 0:
        said = words("Half of the problems had an answer on the day on which stewards could first read them.")
        return replace(made, sentence=said, value=0.0, low=0.0, high=0.0)
    last = max(wait.days for wait in facts.waits)
    values = {"median": written(curve.median, Unit.DAYS), "low": written(low, Unit.DAYS)}
    one = 1 if curve.median == 1 else 2
    if high is None:
        said = words.many(
            "Half of the problems had an answer after {median} working day; at best it was {low}, how much worse it "
            "may be can't be told.",
            "Half of the problems had an answer after {median} working days; at best it was {low}, how much worse it "
            "may be can't be told.",
            one,
            **values,
        )
        high = last
    else:
        said = words.many(
            "Half of the problems had an answer after {median} working day (between {low} and {high}).",
            "Half of the problems had an answer after {median} working days (between {low} and {high}).",
            one,
            **values,
            high=written(high, Unit.DAYS),
        )
    return replace(made, sentence=said, value=curve.median, low=low, high=high)


def participation(words: Words, facts: Facts) -> Shown:
    """Share of teams of five or more with at least one act."""
    name = words("Teams of five or more that took part")
    n, hits = len(facts.teams), sum(team.acted for team in facts.teams)
    if n < FEWEST:
        return few(words, Figure.PARTICIPATION, name, Unit.SHARE, n)
    found = figures.wilson(hits, n)
    said = words(
        "In {hits} of {n} teams somebody has confirmed a problem, answered for the team or shown a name. "
        "Problems raised without a name carry no team, so the true share is this or higher.",
        hits=hits,
        n=n,
    )
    return share_of(words, Figure.PARTICIPATION, name, n, found.share, found.low, found.high, said)


def confirmed(words: Words, facts: Facts) -> Shown:
    """Share of raised problems whose raiser says that it helped."""
    name = words("Problems that their raiser calls solved")
    counts = funnel(facts.problems)
    n, hits = counts[Stage.RAISED], counts[Stage.CONFIRMED]
    if n < FEWEST:
        return few(words, Figure.CONFIRMED, name, Unit.SHARE, n)
    found = figures.wilson(hits, n)
    denied = sum(each.denied for each in facts.problems)
    partly, asked = sum(each.partly for each in facts.problems), sum(each.asked for each in facts.problems)
    said = (
        words("Nobody who raised one of the {n} problems has said yet that it is solved.", n=n)
        if not hits
        else words("For {hits} of {n} problems, whoever raised it says that it is solved.", hits=hits, n=n)
    )
    if partly:
        said += " " + words.many("{n} more helped in part.", "{n} more helped in part.", partly)
    if denied:
        said += " " + words.many("{n} did not help.", "{n} did not help.", denied)
    if asked:
        said += " " + words.many(
            "{n} is closed and its raiser has not said; silence is no yes.",
            "{n} are closed and their raisers have not said; silence is no yes.",
            asked,
        )
    return share_of(words, Figure.CONFIRMED, name, n, found.share, found.low, found.high, said)


def reversed_later(words: Words, facts: Facts) -> Shown:
    """Share of verdicts that were another one at first."""
    name = words("Where a problem can be solved: said otherwise later")
    known = [each.reversed for each in facts.problems if each.reversed is not None]
    if len(known) < FEWEST:
        return few(words, Figure.REVERSED, name, Unit.SHARE, len(known))
    found = figures.wilson(sum(known), len(known))
    said = words(
        "{hits} of {n} times, what was first said of where a problem can be solved did not stand.",
        hits=found.hits,
        n=found.n,
    )
    return share_of(words, Figure.REVERSED, name, found.n, found.share, found.low, found.high, said)


def came_back(words: Words, facts: Facts) -> Shown:
    """Share of endings that no longer hold a month later."""
    name = words("Came back within a month")
    known = [each.came_back for each in facts.problems if each.came_back is not None]
    if len(known) < FEWEST:
        return few(words, Figure.RECURRED, name, Unit.SHARE, len(known))
    found = figures.wilson(sum(known), len(known))
    said = words("Of {n} endings that were looked at again, {hits} did not hold.", hits=found.hits, n=found.n)
    return share_of(words, Figure.RECURRED, name, found.n, found.share, found.low, found.high, said)


def guardrails(words: Words, facts: Facts) -> Shown:
    """Share of checked guardrails that held."""
    name = words("What a fix must not do: kept")
    held, broken, unchecked = facts.guardrails
    n = held + broken
    if n < FEWEST:
        made = few(words, Figure.GUARDRAILS, name, Unit.SHARE, n)
    else:
        found = figures.wilson(held, n)
        said = words("Of {n} guardrails that were checked, {held} held.", n=n, held=held)
        made = share_of(words, Figure.GUARDRAILS, name, n, found.share, found.low, found.high, said)
    if not unchecked:
        return made
    waits = words.many("{n} is not checked yet.", "{n} are not checked yet.", unchecked)
    return replace(made, sentence=f"{made.sentence} {waits}")
