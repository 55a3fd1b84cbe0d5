"""A decision in words: the one public line of who carries what so that who gains, and all that stands around it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from bot.core.decisions.costs import Cost
from bot.core.decisions.queries import Checked, Pays, Told
from bot.core.decisions.rules import DecisionState, Door, Hours, PayersWord, ReviewWord
from bot.slack import text as t
from bot.slack.joining import listed, together
from bot.words import Words, mark

_NUMBERS: Final = (
    *(mark("two"), mark("three"), mark("four"), mark("five"), mark("six"), mark("seven"), mark("eight")),
    *(mark("nine"), mark("ten"), mark("eleven"), mark("twelve")),
)
_DOORS: Final = {Door.TWO_WAY: mark("Undo: easy."), Door.ONE_WAY: mark("Undo: hard.")}
REVIEW_WORDS: Final = {
    ReviewWord.KEEP: mark("Keep it"),
    ReviewWord.CHANGE: mark("Change it"),
    ReviewWord.END: mark("End it"),
}
_NAME, _TEXT = 120, 1200


def line(words: Words, cost: Cost) -> str:
    """The one public line: who carries what, so that who gains, how hard to undo, and when it is looked at."""
    review = words("Review: {day}.", day=_day(cost.review_on))
    return together(words, _carries(words, cost), words(_DOORS[cost.door]), review)


def _day(day: dt.date) -> str:
    return t.date(day, form="{date}")


def hours(words: Words, range_: Hours) -> str:
    """Hours a week, as one figure or a range."""
    if range_.one:
        return f"{range_.low:g}"
    return words("{low} to {high}", low=f"{range_.low:g}", high=f"{range_.high:g}")


def teams(words: Words, names: Sequence[str]) -> str:
    """Teams by name."""
    return listed(words, [t.cut_escaped(t.one_line(name), _NAME) for name in names])


def many_teams(words: Words, count: int) -> str:
    """So many teams, as the subject of what they save."""
    if count == 1:
        return words("another team saves")
    number = words(_NUMBERS[count - 2]) if count - 2 < len(_NUMBERS) else str(count)
    return words("{number} teams save", number=number)


def _carries(words: Words, cost: Cost) -> str:
    gain = gains(words, cost.gaining, cost.saved)
    if not cost.teams:
        nobody = words("Nobody carries anything extra for it.")
        return words("{nobody} It is tried so that {gain}.", nobody=nobody, gain=gain) if gain else nobody
    names, day = teams(words, cost.teams), _day(cost.until) if cost.until else ""
    one = len(cost.teams) == 1
    if cost.hours is None:
        text = (
            words("{teams} carries it until {day}", teams=names, day=day)
            if one
            else words("{teams} carry it until {day}", teams=names, day=day)
        )
    else:
        much = hours(words, cost.hours)
        text = (
            words("{teams} carries about {hours} h a week until {day}", teams=names, hours=much, day=day)
            if one
            else words(
                "{teams} carry about {hours} h a week together until {day}", teams=names, hours=much, day=day
            )
        )
    if not gain:
        return words("{carries}.", carries=text)
    return words("{carries} so that {gain}.", carries=text, gain=gain)


def gains(words: Words, gaining: int, saved: Hours | None) -> str:
    """What so many teams save; empty where none is named."""
    if not gaining:
        return ""
    who = many_teams(words, gaining)
    if saved is None:
        return words("{teams} time", teams=who)
    return words("{teams} about {hours}", teams=who, hours=hours(words, saved))


def standing(words: Words, told: Told) -> str:
    """Whether it counts, and what became of it."""
    match told.state:
        case DecisionState.PROPOSED:
            day = _day(told.counts_from) if told.counts_from else ""
            return words(
                "Proposed, and does not count yet: it is hard to undo, so teams can object until {day}, and a "
                "second steward has to say yes.",
                day=day,
            )
        case DecisionState.RUNNING if told.flagged:
            return words(
                "Its review is over, and nobody has said whether it goes on. The stewards have to look."
            )
        case DecisionState.RUNNING if told.review_asked and told.all_answered:
            return words("Its review is on. Those who pay have answered; the stewards say what comes of it.")
        case DecisionState.RUNNING if told.review_asked:
            return words("Its review is on. Those who pay are asked first.")
        case DecisionState.RUNNING:
            return words("It runs.")
        case DecisionState.LAPSED:
            day = _day(told.over_on) if told.over_on else ""
            if any(payer.review is not None for payer in told.payers):
                return words(
                    "It lapsed on {day}: no steward said in time at its review that it should go on.", day=day
                )
            return words("It lapsed on {day}: nobody said at its review that it should go on.", day=day)
    day = _day(told.over_on) if told.over_on else ""
    why = t.cut_escaped(told.over_sentence or "", _TEXT)
    if told.state is DecisionState.DROPPED:
        return words("Taken back on {day} before it counted. {why}", day=day, why=why).strip()
    return words("It ended on {day}. {why}", day=day, why=why).strip()


def payer_line(words: Words, payer: Pays, *, most: int = 600) -> str:
    """What one team says of what it carries; `most` characters of its own words."""
    name = t.cut_escaped(t.one_line(payer.name), _NAME)
    if payer.gone:
        name = words("{team} (dissolved)", team=name)
    match payer.word:
        case PayersWord.AGREED:
            said = words("{team} has agreed.", team=name)
        case PayersWord.DISAGREES:
            reason = t.cut_escaped(payer.words, most)
            said = words("{team} does not agree: {words}", team=name, words=reason)
        case _ if payer.askable:
            said = words("{team} was told, and has not said whether it agrees.", team=name)
        case _:
            said = words("{team}: informed only.", team=name)
    if payer.review is not None:
        choice, why = words(REVIEW_WORDS[payer.review]), t.cut_escaped(payer.review_words, most)
        said = together(words, said, words("At the review: {choice}. {why}", choice=choice, why=why).strip())
    return said


def short(words: Words, told: Told) -> list[dict[str, Any]]:
    """For a message: the line, and what those who pay say."""
    return [t.section(_short(words, told)), *_agreed(words, told)]


def short_text(words: Words, told: Told) -> str:
    """The same in plain words, for who does not see the blocks."""
    said = [_short(words, told, marked=False), *[payer_line(words, payer, most=150) for payer in told.payers]]
    return "\n".join(said)


def _short(words: Words, told: Told, *, marked: bool = True) -> str:
    head = words("Decided") if told.stands else words("Decided before")
    sentence = t.cut_escaped(told.sentence, 600)
    first = words("{what}: {said}", what=f"*{head}*" if marked else head, said=sentence)
    last = line(words, told.cost) if told.stands else standing(words, told)
    more = (
        f"\n{standing(words, told)}"
        if told.stands and (told.state is DecisionState.PROPOSED or told.flagged)
        else ""
    )
    return f"{first}\n{last}{more}"


def _agreed(words: Words, told: Told) -> list[dict[str, Any]]:
    if not told.payers:
        return []
    return [t.context("\n".join(payer_line(words, payer, most=150) for payer in told.payers))]


def whole(words: Words, told: Told) -> list[dict[str, Any]]:
    """For a form: all of it."""
    blocks = [t.section(_short(words, told))]
    if told.stands and told.state is DecisionState.RUNNING and not told.flagged:
        blocks.append(t.context(standing(words, told)))
    blocks += [t.section(_load(words, payer)) for payer in told.payers]
    for head, said in (
        (words("It stops when"), told.stop_rule),
        (words("Considered"), _options(words, told)),
        (words("Disagreement"), told.disagreement),
    ):
        if said.strip():
            blocks.append(t.section(f"*{head}*\n{t.cut_escaped(said, _TEXT)}"))
    blocks += [t.section(guardrail_line(words, each)) for each in told.guardrails]
    for team, comment in told.comments[:12]:
        name = t.cut_escaped(t.one_line(team), _NAME)
        blocks.append(
            t.section(words("*{team} says:* {words}", team=name, words=t.cut_escaped(comment, _TEXT)))
        )
    return blocks


def _load(words: Words, payer: Pays) -> str:
    what = t.cut_escaped(payer.what, 600)
    said = words("{since} to {until}", since=_day(payer.since), until=_day(payer.until))
    if payer.hours is not None:
        said = words("{when}, about {hours} h a week", when=said, hours=hours(words, payer.hours))
    if what:
        said = words("{when}: {what}", when=said, what=what)
    return f"{payer_line(words, payer)}\n{said}"


def _options(words: Words, told: Told) -> str:
    """What else was thought of; "do nothing and watch" is always among it."""
    return "\n".join(part for part in (told.options, words("Do nothing and watch.")) if part)


def guardrail_line(words: Words, checked: Checked) -> str:
    """A line that the fix must not cross, and what was found."""
    text = t.cut_escaped(checked.line, 600)
    first = words("*It must not* {line}", line=text)
    if checked.held is None:
        return words("{line}\nLooked at on {day}.", line=first, day=_day(checked.check_on))
    found = t.cut_escaped(checked.found, _TEXT)
    if checked.held:
        return words("{line}\nHeld: {found}", line=first, found=found)
    return words("{line}\nDid not hold: {found}", line=first, found=found)
