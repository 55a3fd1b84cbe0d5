"""A pilot is written down first, and its lines are read from whole intervals."""

from __future__ import annotations

import datetime as dt

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.core.pilot.rules import (
    LINES,
    Call,
    Definition,
    Figure,
    Line,
    Phase,
    Times,
    Unfit,
    Unit,
    check,
    coming_monday,
    differences,
)
from bot.core.pilot.written import EXAMPLE, number, read, shown

MONDAY = dt.date(2026, 11, 23)
PILOT = Definition("Does it help?", "The two heads", "Judging people")
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2030, 1, 1))


@pytest.mark.parametrize(
    ("low", "high", "call"),
    [
        (0.8, 0.9, Call.CONTINUE),
        (0.55, 0.7, Call.CHANGE),
        (0.1, 0.5, Call.STOP),
        (0.7, 0.9, Call.OPEN),
        (0.0, 1.0, Call.OPEN),
    ],
)
def test_a_line_is_answered_by_the_whole_interval(low: float, high: float, call: Call) -> None:
    assert Line(0.8, 0.5).call(low, high) is call
    # The same where less is better.
    assert Line(0.2, 0.5).call(1 - high, 1 - low) is call


def test_the_lines_that_we_ship_are_fit() -> None:
    check(PILOT)
    assert set(LINES) <= set(Figure)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"question": " "}, "question"),
        ({"intake_weeks": 0}, "intake_weeks"),
        ({"follow_weeks": 27}, "follow_weeks"),
        ({"lines": {}}, "lines"),
        ({"lines": {Figure.COST: Line(0.3, 0.1)}}, "raising_cost"),
        ({"lines": {Figure.TONE: Line(3, 3)}}, "tone"),
        ({"lines": {Figure.IN_TIME: Line(80, 50)}}, "answered_in_time"),
    ],
)
def test_what_can_be_no_pilot_is_named(changed: dict[str, object], field: str) -> None:
    with pytest.raises(Unfit) as caught:
        check(Definition(**{"question": "q", "decides": "d", "not_used_for": "n", **changed}))  # type: ignore[arg-type]
    assert caught.value.field == field


def test_a_pilot_of_eight_and_six_weeks_has_fourteen() -> None:
    times = Times(MONDAY, 8, 6)
    weeks = [MONDAY + dt.timedelta(weeks=week) for week in range(-1, 15)]
    assert [times.phase(day) for day in weeks] == (
        [Phase.BEFORE] + [Phase.INTAKE] * 8 + [Phase.FOLLOW] * 6 + [Phase.OVER]
    )
    assert [times.week(day) for day in weeks] == [0, *range(1, 15), 14]


@given(DAYS, DAYS, st.integers(1, 52), st.integers(1, 26))
def test_a_report_counts_whole_weeks_and_reads_the_same_all_week(
    start: dt.date, day: dt.date, intake: int, follow: int
) -> None:
    times = Times(coming_monday(start), intake, follow)
    counted = times.counted_to(day)
    assert counted.weekday() == 0
    assert times.starts <= counted <= times.ends
    week = day - dt.timedelta(days=day.weekday())
    assert {times.counted_to(week + dt.timedelta(days=each)) for each in range(7)} == {counted}


def test_a_pilot_that_was_ended_early_is_over_from_that_day() -> None:
    times = Times(MONDAY, 8, 6, ended=MONDAY + dt.timedelta(days=17))
    assert times.phase(MONDAY + dt.timedelta(days=16)) is Phase.INTAKE
    assert times.phase(MONDAY + dt.timedelta(days=17)) is Phase.OVER
    assert times.counted_to(MONDAY + dt.timedelta(days=90)) == MONDAY + dt.timedelta(days=14)


def test_the_file_that_is_printed_to_begin_with_is_a_pilot() -> None:
    found = read(yaml.safe_load(EXAMPLE), {"Engineering": 1, "Support": 2})
    assert found.functions == (1, 2)
    assert (found.intake_weeks, found.follow_weeks, found.review_weeks) == (8, 6, 3)
    assert found.lines == LINES


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("[]", "file"),
        ("questoin: x", "questoin"),
        ("{question: q, decides: d, not_used_for: n, functions: [Magic]}", "Magic"),
        ("{question: q, decides: d, not_used_for: n, functions: Magic}", "functions"),
        ("{question: q, decides: d, not_used_for: n, weeks: {intake: many}}", "weeks: intake"),
        ("{question: q, decides: d, not_used_for: n, lines: {joy: {continue: 1, stop: 0}}}", "joy"),
        ("{question: q, decides: d, not_used_for: n, lines: {tone: {continue: 4}}}", "tone"),
        ("{question: q, decides: d, not_used_for: n, lines: {tone: {continue: a, stop: b}}}", "tone"),
        ("{question: q, decides: d}", "not_used_for"),
    ],
)
def test_a_file_that_can_be_no_pilot_says_where(text: str, field: str) -> None:
    with pytest.raises(Unfit) as caught:
        read(yaml.safe_load(text), {"Engineering": 1})
    assert caught.value.field == field


def test_shares_are_written_in_percent() -> None:
    assert number("80 %", Unit.SHARE) == number(80, Unit.SHARE) == number("80", Unit.SHARE) == 0.8
    assert number("3,5", Unit.POINTS) == 3.5
    assert (shown(0.8, Unit.SHARE), shown(3.5, Unit.POINTS)) == ("80 %", "3.5")


def test_differences_name_what_changed_and_nothing_else() -> None:
    assert differences(PILOT, PILOT) == []
    other = Definition(
        "Does it help?", "The CEO", "Judging people", (4, 3), lines={**LINES, Figure.TONE: Line(4, 2)}
    )
    assert differences(PILOT, other) == [
        ("decides", "The two heads", "The CEO"),
        ("functions", "", "3 4"),
        ("tone", "3.5 2.5", "4 2"),
    ]
