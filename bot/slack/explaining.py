"""Where a problem can be solved and why, in one line that explains itself."""

from __future__ import annotations

from typing import Final

from bot.core.problems.breadth_rules import Breadth
from bot.core.problems.rules import Finding, Mechanism, Ownership, Verdict, WhyEarly
from bot.slack import text as t
from bot.slack.joining import together
from bot.words import Words, mark

#: The room that a steward's sentence has in the line.
SENTENCE: Final = 600
WHERE: Final = {
    Verdict.TOO_EARLY: mark("Too early to tell"),
    Verdict.TEAM_LOCAL: mark("One team, by itself"),
    Verdict.TWO_TEAMS: mark("Two teams, between them"),
    Verdict.ONE_OWNER_MANY_WAITING: mark("One owner, many waiting"),
    Verdict.ONE_CARRIES: mark("No single team (one carries it, many would have to change)"),
    Verdict.NO_SINGLE_TEAM: mark("No single team"),
}
LIKELY: Final = {
    Verdict.TOO_EARLY: mark("Too early to tell"),
    Verdict.TEAM_LOCAL: mark("Likely one team, by itself"),
    Verdict.TWO_TEAMS: mark("Likely two teams, between them"),
    Verdict.ONE_OWNER_MANY_WAITING: mark("Likely one owner, many waiting"),
    Verdict.ONE_CARRIES: mark("Likely no single team (one carries it, many would have to change)"),
    Verdict.NO_SINGLE_TEAM: mark("Likely no single team"),
}
MISSING: Final = {
    WhyEarly.SECOND_PERSON: mark(
        "It takes one more person whom it hits, or the word of another team that it doesn't."
    ),
    WhyEarly.SECOND_TEAM: mark("It takes people of two teams who say who would have to change."),
    WhyEarly.TWO_OTHERS_ASKED: mark("It takes the word of two other teams on whether it hits them."),
}
_TEAMS: Final = {
    Breadth.ONE: mark("one team"),
    Breadth.TWO: mark("two teams"),
    Breadth.SEVERAL: mark("several teams"),
    Breadth.MANY: mark("many teams"),
}
_IN_FUNCTIONS: Final = {
    Breadth.ONE: mark("{teams} in one function feel it"),
    Breadth.TWO: mark("{teams} in two functions feel it"),
    Breadth.SEVERAL: mark("{teams} in several functions feel it"),
    Breadth.MANY: mark("{teams} in many functions feel it"),
}
_OWNED: Final = {
    Ownership.ONE_TEAM: mark("one team owns it"),
    Ownership.ONE_BUT_CANNOT: mark("one team owns it and can't change it alone"),
    Ownership.CONTESTED: mark("teams see it differently whose it is"),
    Ownership.NOBODY: mark("nobody owns it"),
}
STAYS: Final = {
    Mechanism.INCENTIVE: mark("nobody gains enough alone"),
    Mechanism.AUTHORITY: mark("it needs a decision above the teams"),
    Mechanism.COMMONS: mark("it is shared, and all use it up"),
    Mechanism.OWNERSHIP: mark("it falls between owners"),
    Mechanism.COUPLING: mark("several teams would have to change together"),
}


def explanation(
    words: Words,
    finding: Finding,
    overrule_sentence: str | None = None,
    *,
    marked: bool = True,
    most: int = SENTENCE,
) -> str:
    """Where it can be solved and why, in one line; escaped.

    `marked` puts the first words in bold; `most` is the room that a steward's sentence has.
    """
    head = where(words, finding)
    first = words(
        "{where}: {reasons}.", where=f"*{head}*" if marked else head, reasons=_clauses(words, finding)
    )
    return together(words, first, _rest(words, finding, overrule_sentence, most))


def plain_explanation(words: Words, finding: Finding, overrule_sentence: str | None = None) -> str:
    """The same without marks, for a message's top-level text."""
    return explanation(words, finding, overrule_sentence, marked=False)


def where(words: Words, finding: Finding) -> str:
    """The first words of the explanation alone."""
    return words((LIKELY if finding.likely else WHERE)[finding.verdict])


def reasons(
    words: Words, finding: Finding, overrule_sentence: str | None = None, *, most: int = SENTENCE
) -> str:
    """The explanation without its first words, for a place whose heading says them already."""
    clauses = words("{reasons}.", reasons=_clauses(words, finding))
    return together(words, _capital(clauses), _rest(words, finding, overrule_sentence, most))


def _clauses(words: Words, finding: Finding) -> str:
    clauses = [
        _felt(words, finding),
        _needed(words, finding),
        words(_OWNED[finding.ownership]) if finding.ownership else "",
        _times(words, finding.attempts, "tried"),
        _times(words, finding.not_ours, "passed on"),
        _times(words, finding.came_back, "came back"),
    ]
    said = [clause for clause in clauses if clause]
    made = said[0]
    for clause in said[1:]:
        made = words("{one}; {another}", one=made, another=clause)
    return made


def _felt(words: Words, finding: Finding) -> str:
    if finding.teams is None:
        return words("it is not known yet which teams feel it")
    if finding.teams is Breadth.ONE:
        return words("one team feels it")
    teams = words(_TEAMS[finding.teams])
    if finding.functions is None:
        return words("{teams} feel it", teams=teams)
    return words(_IN_FUNCTIONS[finding.functions], teams=teams)


def _needed(words: Words, finding: Finding) -> str:
    low, high = finding.needed_low, finding.needed_high
    if low is None or high is None:
        return ""
    if low != high:
        return words("{low} to {high} teams would have to change", low=low, high=high)
    if finding.verdict is Verdict.TEAM_LOCAL and not finding.likely and high == 1:
        return words("only that team would have to change")
    return words.many("one team would have to change", "{n} teams would have to change", high)


def _times(words: Words, n: int, what: str) -> str:
    """How often: "once" and "twice" are words in English, and no plural forms of it."""
    if n <= 0:
        return ""
    said = {
        "tried": (
            words("tried once"),
            words("tried twice"),
            words.many("tried {n} time", "tried {n} times", n),
        ),
        "passed on": (
            words("passed on once"),
            words("passed on twice"),
            words.many("passed on {n} time", "passed on {n} times", n),
        ),
        "came back": (
            words("came back"),
            words("came back twice"),
            words.many("came back {n} time", "came back {n} times", n),
        ),
    }
    return said[what][min(n, 3) - 1]


def _rest(words: Words, finding: Finding, overrule_sentence: str | None, most: int) -> str:
    said = []
    if finding.why_early and not overrule_sentence:
        said.append(words(MISSING[finding.why_early]))
    if finding.mechanism:
        said.append(words("Why it stays: {reason}.", reason=words(STAYS[finding.mechanism])))
    said.append(hours(words, finding))
    if overrule_sentence:
        sentence = t.cut_escaped(t.one_line(overrule_sentence), most)
        said.append(words("The stewards place it here: “{sentence}”", sentence=sentence))
    return together(words, *said)


def hours(words: Words, finding: Finding) -> str:
    """What it costs, as a range of hours a week; empty where too few have said."""
    if finding.hours is None or finding.hours[1] <= 0:
        return ""
    low, high = (round(hours) for hours in finding.hours)
    if low <= 0:
        return words.many("Up to {n} hour a week.", "Up to {n} hours a week.", high)
    if low == high:
        return words.many("About {n} hour a week.", "About {n} hours a week.", high)
    return words("About {low} to {high} hours a week.", low=low, high=high)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
