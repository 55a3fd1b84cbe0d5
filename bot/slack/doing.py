"""What is being done about a problem, as everybody who may read it reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.problems.records import Problem, State
from bot.core.problems.standing_rules import Course, Ending, Outcome
from bot.slack import text as t
from bot.words import Words, mark

_OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.WAITING: mark("Closed by us, not confirmed by whoever raised it."),
    Outcome.NOT_CONFIRMED: mark("Closed by us, not confirmed by whoever raised it."),
    Outcome.CONFIRMED: mark("Whoever raised it says that it is settled."),
    Outcome.PARTLY: mark("Whoever raised it says that it is settled in part."),
    Outcome.DENIED: mark("Whoever raised it says that it is not settled."),
}
_SENTENCE: Final = 1200


@dataclass(frozen=True, slots=True)
class Done:
    """What readers see of the work on a problem. teams: those that help. outcome: once it is closed."""

    course: Course = Course.WAITING
    until: dt.date | None = None
    sentence: str | None = None
    would_help: str | None = None
    way_around: str | None = None
    teams: Sequence[str] = ()
    outcome: Outcome | None = None


NOTHING: Final = Done()


def done_about(problem: Problem, teams: Sequence[str] = ()) -> Done:
    """What stands beside a problem; nothing where its words were taken down."""
    if problem.state in (State.TAKEN_DOWN.value, State.WITHDRAWN.value):
        return NOTHING
    return Done(
        course=Course(problem.course or Course.WAITING),  # one that is not stored yet has none
        until=problem.course_until,
        sentence=problem.course_sentence,
        would_help=problem.would_help,
        way_around=problem.way_around,
        teams=tuple(teams),
        # One that goes on in another is asked about there.
        outcome=Outcome(problem.outcome)
        if problem.outcome and problem.ending != Ending.MERGED.value
        else None,
    )


def ended(words: Words, done: Done) -> str:
    """How a closed one stands in a list: "settled" is the raiser's word alone."""
    match done.outcome:
        case Outcome.CONFIRMED:
            return words("closed, and settled for whoever raised it")
        case Outcome.PARTLY:
            return words("closed, and settled in part for whoever raised it")
        case Outcome.DENIED:
            return words("closed, and not settled for whoever raised it")
        case None:
            return words("closed")
    return words("closed by us, not confirmed")


def lines(words: Words, done: Done, *, marked: bool = True) -> list[str]:
    """A line for each thing that there is to say."""
    said = [_course(words, done)]
    if done.outcome is not None:
        said.append(words(_OUTCOMES[done.outcome]))
    if done.teams:
        names = t.cut_escaped(", ".join(t.one_line(team) for team in done.teams), 600)
        said.append(words("Ready to help: {teams}.", teams=names))
    if done.way_around:
        head = words("Until something changes:")
        way = t.cut_escaped(done.way_around, 400)
        said.append(words("{head} {line}", head=f"*{head}*" if marked else head, line=way))
    if done.would_help:
        head = words("What would help:")
        line = t.cut_escaped(done.would_help, 600)
        said.append(words("{head} {line}", head=f"*{head}*" if marked else head, line=line))
    return [each for each in said if each]


def _course(words: Words, done: Done) -> str:
    day = t.date(done.until) if done.until else ""
    sentence = t.cut_escaped(done.sentence or "", _SENTENCE)
    match done.course:
        case Course.ACKNOWLEDGED:
            return words("The latest on it: {sentence}", sentence=sentence) if sentence else ""
        case Course.HANDED:
            return words("A team was asked to take it, and has until {day} to answer.", day=day)
        case Course.TAKEN:
            return words("A team has it.")
        case Course.OBSERVED:
            return words("Watched until {day}: {sentence}", day=day, sentence=sentence)
        case Course.NOT_NOW:
            return words("Not now; looked at again on {day}: {sentence}", day=day, sentence=sentence)
        case Course.SPONSOR:
            return words("The sponsor was asked to decide by {day}.", day=day)
        case Course.TRIED:
            return words(
                "Something is tried, until it is looked at on {day}: {sentence}", day=day, sentence=sentence
            )
        case _:
            return ""
