"""What is being done about a problem, as stewards read it, with what others offered and the button for what comes next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot.core.problems.lifecycle_rules import Step
from bot.core.problems.standing_rules import Course, Outcome
from bot.core.problems.work_records import TeamsAnswer
from bot.slack import text as t
from bot.words import Words, mark

NEXT, ACCEPT, DECLINE = "step.next", "step.accept", "step.decline"

_OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.WAITING: mark("Closed by us, not confirmed: the raiser can still say."),
    Outcome.CONFIRMED: mark("The raiser says that it is settled."),
    Outcome.PARTLY: mark("The raiser says: in part."),
    Outcome.DENIED: mark("The raiser says that it is not settled."),
    Outcome.NOT_CONFIRMED: mark("Closed by us, not confirmed."),
}
_ANSWERS: Final[Mapping[TeamsAnswer, str]] = {
    TeamsAnswer.WAITING: mark("{team} was asked to take it, and has until {day}."),
    TeamsAnswer.YES: mark("{team} takes it."),
    TeamsAnswer.NOT_OURS: mark("{team} says that it is not theirs."),
    TeamsAnswer.SILENT: mark("{team} did not answer in time."),
    TeamsAnswer.GONE: mark("{team} is gone, or nobody answers for it."),
    TeamsAnswer.TAKEN_BACK: mark("It was taken back from {team}."),
}


@dataclass(frozen=True, slots=True)
class Handed:
    """A team that was asked, what was asked, and its answer with its words."""

    team: str
    asks: str
    due_on: dt.date
    answer: TeamsAnswer
    text: str = ""


@dataclass(frozen=True, slots=True)
class Sponsored:
    """What the sponsor was asked, and the answer, None while there is none."""

    asks: str
    due_on: dt.date
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer to help that waits for a steward's yes, or has it."""

    id: int
    person: str | None
    team: str | None
    text: str
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Doing:
    """What is being done about a problem, for stewards. due: its day has come. ways: what can be done next."""

    course: Course = Course.WAITING
    until: dt.date | None = None
    due: bool = False
    sentence: str | None = None
    would_help: str | None = None
    way_around: str | None = None
    hands: Sequence[Handed] = ()
    sponsor: Sequence[Sponsored] = ()
    offers: Sequence[Offered] = ()
    outcome: Outcome | None = None
    outcome_words: str | None = None
    holds: bool | None = None
    ways: Sequence[Step] = field(default_factory=tuple)


def doing_blocks(words: Words, ident: int, doing: Doing) -> list[dict[str, Any]]:
    """Where it stands, what others said, and offers to help."""
    blocks = [t.section(said) for said in _standing(words, doing)]
    for each in doing.offers[:5]:
        blocks += _offer(words, ident, each)
    return blocks


def next_button(words: Words, ident: int, doing: Doing, *, style: str | None = None) -> list[dict[str, Any]]:
    """The button for what comes next, where there is a way on."""
    return [t.button(words("What next?"), NEXT, str(ident), style=style)] if doing.ways else []


def _standing(words: Words, doing: Doing) -> list[str]:
    day = t.date(doing.until) if doing.until else ""
    sentence = t.cut_escaped(doing.sentence or "", 1500)
    said = []
    match doing.course:
        case Course.WAITING if doing.outcome is None:
            said.append(words("*Nobody has answered the raiser yet.*"))
        case Course.ACKNOWLEDGED if sentence:
            said.append(words("*The latest on it:* {sentence}", sentence=sentence))
        case Course.OBSERVED:
            said.append(words("*Watched until {day}:* {sentence}", day=day, sentence=sentence))
        case Course.NOT_NOW:
            said.append(words("*Not now; looked at again on {day}:* {sentence}", day=day, sentence=sentence))
        case Course.TRIED:
            said.append(
                words("*Something is tried; review on {day}:* {sentence}", day=day, sentence=sentence)
            )
        case Course.TAKEN:
            said.append(words("*A team has it.* Ask how it gets on, on {day} at the latest.", day=day))
    if doing.due:
        said.append(words("*Its day has come.* What next?"))
    said += [_handed(words, each) for each in doing.hands[-3:]]
    said += [_sponsored(words, each) for each in doing.sponsor[-2:]]
    if doing.outcome is not None:
        said.append(words(_OUTCOMES[doing.outcome]))
        if doing.outcome_words:
            said.append(words("The raiser adds: “{said}”", said=t.cut_escaped(doing.outcome_words, 1500)))
    if doing.holds is not None:
        said.append(
            words("A month later it still holds.")
            if doing.holds
            else words("A month later it no longer holds.")
        )
    if doing.way_around:
        way = t.cut_escaped(doing.way_around, 1200)
        said.append(words("*Until something changes:* {line}", line=way))
    if doing.would_help:
        said.append(words("*What would help:* {line}", line=t.cut_escaped(doing.would_help, 600)))
    return said


def _handed(words: Words, each: Handed) -> str:
    team = t.cut_escaped(t.one_line(each.team), 300)
    head = words(_ANSWERS[each.answer], team=f"*{team}*", day=t.date(each.due_on))
    told = each.text or each.asks
    return words("{head} “{said}”", head=head, said=t.cut_escaped(told, 1200)) if told else head


def _sponsored(words: Words, each: Sponsored) -> str:
    asks = t.cut_escaped(each.asks, 1000)
    if each.text is None:
        return words(
            "*The sponsor* was asked to answer by {day}: “{asks}”", day=t.date(each.due_on), asks=asks
        )
    said = t.cut_escaped(each.text, 1500)
    return words("*The sponsor* was asked: “{asks}” and answered: “{said}”", asks=asks, said=said)


def _offer(words: Words, ident: int, offer: Offered) -> list[dict[str, Any]]:
    who = t.person(offer.person or "") or words("Somebody")
    team = t.cut_escaped(t.one_line(offer.team or ""), 300)
    said = t.cut_escaped(offer.text, 1500)
    head = (
        words("*{who} ({team}) can help:* {said}", who=who, team=team, said=said)
        if team
        else words("*{who} can help:* {said}", who=who, said=said)
    )
    if offer.accepted:
        return [t.section(head), t.context(words("Accepted: everybody reads that this team helps."))]
    value = f"{ident}:{offer.id}"
    yes = t.button(words("Yes, gladly"), f"{ACCEPT}:{offer.id}", value)
    no = t.button(words("Not for now"), f"{DECLINE}:{offer.id}", value)
    return [t.section(head), t.buttons(yes, no)]
