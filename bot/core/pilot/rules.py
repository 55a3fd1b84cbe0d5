"""What a pilot is: its question, its weeks, and the lines of its figures, all written down before it starts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

WEEK: Final = dt.timedelta(weeks=1)
INTAKE_WEEKS: Final = 8
FOLLOW_WEEKS: Final = 6
REVIEW_WEEKS: Final = 3
#: Weeks that each part may have; a trial without an end is none.
INTAKE_MOST: Final = 52
FOLLOW_MOST: Final = 26
REVIEW_MOST: Final = 12
#: Fewer answers, teams or problems than this carry no figure.
FEWEST: Final = 5


class Figure(StrEnum):
    """What a pilot is judged by, in the order in which the report shows it."""

    IN_TIME = "answered_in_time"
    PARTICIPATION = "participation"
    CONFIRMED = "confirmed"
    REVERSED = "verdicts_reversed"
    RECURRED = "came_back"
    GUARDRAILS = "guardrails_held"
    LEVERAGE = "leverage"
    TONE = "tone"
    COST = "raising_cost"
    PULSE = "pulse"


class Unit(StrEnum):
    SHARE = "share"  # 0 to 1, written as percent
    POINTS = "points"  # on a scale of answers
    TIMES = "times"  # hours given back for each hour spent
    HOURS = "hours"
    DAYS = "working_days"


UNITS: Final[Mapping[Figure, Unit]] = {
    Figure.IN_TIME: Unit.SHARE,
    Figure.PARTICIPATION: Unit.SHARE,
    Figure.CONFIRMED: Unit.SHARE,
    Figure.REVERSED: Unit.SHARE,
    Figure.RECURRED: Unit.SHARE,
    Figure.GUARDRAILS: Unit.SHARE,
    Figure.LEVERAGE: Unit.TIMES,
    Figure.TONE: Unit.POINTS,
    Figure.COST: Unit.SHARE,
    Figure.PULSE: Unit.POINTS,
}


class Call(StrEnum):
    """What a figure says by the lines that were drawn before."""

    CONTINUE = "continue"
    CHANGE = "change"
    STOP = "stop"
    OPEN = "open"  # the interval lies on both sides of a line
    NOTHING = "nothing"  # there is no figure


@dataclass(frozen=True, slots=True)
class Line:
    """Where a figure says continue and where it says stop; what lies between says change.

    The larger of the two tells which way is better: stop over continue means that less is better.
    """

    carry_on: float
    stop: float

    @property
    def more_is_better(self) -> bool:
        return self.carry_on > self.stop

    def call(self, low: float, high: float) -> Call:
        """What the whole interval says; `OPEN` where its ends say different things."""
        calls = {self._at(low), self._at(high)}
        return calls.pop() if len(calls) == 1 else Call.OPEN

    def _at(self, value: float) -> Call:
        if self.more_is_better:
            return (
                Call.CONTINUE if value >= self.carry_on else Call.STOP if value <= self.stop else Call.CHANGE
            )
        return Call.CONTINUE if value <= self.carry_on else Call.STOP if value >= self.stop else Call.CHANGE


LINES: Final[Mapping[Figure, Line]] = {
    Figure.IN_TIME: Line(0.8, 0.5),
    Figure.PARTICIPATION: Line(0.5, 0.2),
    Figure.CONFIRMED: Line(0.2, 0.05),
    Figure.LEVERAGE: Line(1.0, 0.3),
    Figure.TONE: Line(3.5, 2.5),
    Figure.COST: Line(0.1, 0.3),
}


class Unfit(ValueError):
    """A definition that can't be: `field` names what is wrong, `why` is a text of the catalogue."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field
        self.why = why


@dataclass(frozen=True, slots=True)
class Definition:
    """What is written down first. functions: ids, all that there are where none is named."""

    question: str
    decides: str
    not_used_for: str
    functions: tuple[int, ...] = ()
    intake_weeks: int = INTAKE_WEEKS
    follow_weeks: int = FOLLOW_WEEKS
    review_weeks: int = REVIEW_WEEKS
    lines: Mapping[Figure, Line] = field(default_factory=lambda: dict(LINES))

    @property
    def weeks(self) -> int:
        return self.intake_weeks + self.follow_weeks


def check(definition: Definition) -> None:
    """Raise `Unfit` for the first thing that keeps this from being a pilot."""
    for name in ("question", "decides", "not_used_for"):
        if not str(getattr(definition, name)).strip():
            raise Unfit(name, "it is empty")
    for name, most in (
        ("intake_weeks", INTAKE_MOST),
        ("follow_weeks", FOLLOW_MOST),
        ("review_weeks", REVIEW_MOST),
    ):
        if not 1 <= getattr(definition, name) <= most:
            raise Unfit(name, f"it is not between 1 and {most}")
    if not definition.lines:
        raise Unfit("lines", "there is none")
    for figure, line in definition.lines.items():
        if line.carry_on == line.stop:
            raise Unfit(figure.value, "continue and stop are the same")
        if line.more_is_better is not (LESS_IS_BETTER.isdisjoint({figure})):
            raise Unfit(figure.value, "continue and stop are the wrong way round")
        if UNITS[figure] is Unit.SHARE and not (0 <= line.carry_on <= 1 and 0 <= line.stop <= 1):
            raise Unfit(figure.value, "a share is between 0 and 100 %")


LESS_IS_BETTER: Final = frozenset({Figure.REVERSED, Figure.RECURRED, Figure.COST})


class Phase(StrEnum):
    BEFORE = "before"
    INTAKE = "intake"
    FOLLOW = "follow"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Times:
    """When a started pilot is where; `starts` is a Monday."""

    starts: dt.date
    intake_weeks: int
    follow_weeks: int
    ended: dt.date | None = None

    @property
    def intake_ends(self) -> dt.date:
        """The Monday after the last week of intake."""
        return self.starts + self.intake_weeks * WEEK

    @property
    def ends(self) -> dt.date:
        """The Monday after the last week, or the day on which it was ended early."""
        planned = self.intake_ends + self.follow_weeks * WEEK
        return planned if self.ended is None else min(self.ended, planned)

    @property
    def weeks(self) -> int:
        return self.intake_weeks + self.follow_weeks

    def phase(self, day: dt.date) -> Phase:
        if day < self.starts:
            return Phase.BEFORE
        if day >= self.ends:
            return Phase.OVER
        return Phase.INTAKE if day < self.intake_ends else Phase.FOLLOW

    def week(self, day: dt.date) -> int:
        """The week of the pilot, from 1; 0 before it starts."""
        return 0 if day < self.starts else min((day - self.starts).days // 7 + 1, self.weeks)

    def counted_to(self, day: dt.date) -> dt.date:
        """The Monday up to which a report of this day counts: whole weeks only, so that it is the same all week.

        No two reports of one week can be held against each other to see what a single day brought.
        """
        until = min(day, self.ends)
        return max(self.starts, until - dt.timedelta(days=until.weekday()))


def coming_monday(day: dt.date) -> dt.date:
    """This day where it is a Monday, else the next one."""
    return day + dt.timedelta(days=-day.weekday() % 7)


@dataclass(frozen=True, slots=True)
class Changed:
    """What was changed after the start: said as a change, never as if it had been so from the beginning."""

    what: str
    was: str
    becomes: str
    because: str
    on: dt.date


def differences(before: Definition, after: Definition) -> Sequence[tuple[str, str, str]]:
    """What differs: (what, was, becomes), a line of a figure under the figure's name."""
    found = []
    for name in ("question", "decides", "not_used_for", "intake_weeks", "follow_weeks", "review_weeks"):
        was, becomes = str(getattr(before, name)), str(getattr(after, name))
        if was != becomes:
            found.append((name, was, becomes))
    if set(before.functions) != set(after.functions):
        found.append(("functions", _ids(before.functions), _ids(after.functions)))
    for figure in Figure:
        was, becomes = _line(before.lines.get(figure)), _line(after.lines.get(figure))
        if was != becomes:
            found.append((figure.value, was, becomes))
    return found


def _ids(functions: Sequence[int]) -> str:
    return " ".join(str(each) for each in sorted(functions))


def _line(line: Line | None) -> str:
    return "" if line is None else f"{line.carry_on:g} {line.stop:g}"
