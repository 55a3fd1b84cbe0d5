"""What holds of a decision, whoever records it: hours as people type them, and what a review waits for."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.decisions.rules import (
    HOURS_MOST,
    SETTLE_DAYS,
    Door,
    Due,
    Hours,
    Review,
    ReviewWord,
    carries_much,
    counts,
    due,
    hours_of,
    together,
    working_day,
)

WEDNESDAY = dt.date(2026, 11, 18)
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31))


def never(_day: dt.date) -> bool:
    return False


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("3", Hours(3, 3)),
        (" 2-4 h ", Hours(2, 4)),
        ("2 to 4", Hours(2, 4)),
        ("1,5 – 2.5", Hours(1.5, 2.5)),
        ("4-2", Hours(2, 4)),
        ("", None),
    ],
)
def test_hours_are_read_as_people_type_them(typed: str, hours: Hours | None) -> None:
    assert hours_of(typed) == hours


@pytest.mark.parametrize("typed", ["a few", "-3", "1e9", "3 4", "9999", "²", "1-2-3"])
def test_what_is_no_range_of_hours_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"hours"):
        hours_of(typed)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_range_in_order_or_refused(typed: str) -> None:
    try:
        hours = hours_of(typed)
    except ValueError:
        return
    assert hours is None or 0 <= hours.low <= hours.high <= HOURS_MOST


def test_what_is_not_known_is_left_out_of_a_sum() -> None:
    assert together([Hours(1, 2), None, Hours(2, 2)]) == Hours(3, 4)
    assert together([None]) is None


def test_working_days_leave_out_weekends_and_holidays() -> None:
    friday = dt.date(2026, 11, 20)
    assert working_day(friday, 1, never) == dt.date(2026, 11, 23)
    assert working_day(friday, 1, lambda day: day == dt.date(2026, 11, 23)) == dt.date(2026, 11, 24)
    with pytest.raises(ValueError, match="no working day"):
        working_day(friday, 1, lambda _day: True)


def review(door: Door = Door.TWO_WAY, askable: int = 1, *said: ReviewWord) -> Review:
    return Review(door, WEDNESDAY, askable, said)


def test_those_who_pay_are_asked_before_the_stewards() -> None:
    assert due(review(), today=WEDNESDAY - dt.timedelta(days=1), free=never) is Due.NOT_YET
    assert due(review(), today=WEDNESDAY, free=never) is Due.PAYERS
    assert due(review(Door.TWO_WAY, 2, ReviewWord.KEEP), today=WEDNESDAY, free=never) is Due.PAYERS
    assert due(review(Door.TWO_WAY, 1, ReviewWord.KEEP), today=WEDNESDAY, free=never) is Due.STEWARDS
    assert due(review(Door.TWO_WAY, 0), today=WEDNESDAY, free=never) is Due.STEWARDS


def test_silence_of_those_who_pay_lets_a_two_way_door_lapse_and_flags_a_one_way_one() -> None:
    after = working_day(WEDNESDAY, 6, never)
    assert due(review(), today=after, free=never) is Due.LAPSES
    assert due(review(Door.ONE_WAY), today=after, free=never) is Due.FLAGGED
    assert due(review(Door.TWO_WAY, 2, ReviewWord.KEEP), today=after, free=never) is Due.STEWARDS


@given(
    st.sampled_from(Door), st.integers(0, 4), st.lists(st.sampled_from(ReviewWord), max_size=4), DAYS, DAYS
)
def test_nothing_goes_on_by_silence(
    door: Door, askable: int, said: list[ReviewWord], on: dt.date, today: dt.date
) -> None:
    found = due(Review(door, on, askable, said), today=today, free=never)
    over = Due.LAPSES if door is Door.TWO_WAY else Due.FLAGGED
    if today > working_day(on, SETTLE_DAYS, never):
        assert found is over
    assert (found is Due.NOT_YET) == (today < on)
    # The stewards' turn comes once everybody who pays has spoken, or had the time.
    if found is Due.STEWARDS and today == on:
        assert len(said) >= askable


def test_a_one_way_door_takes_another_steward_once_the_comments_are_over() -> None:
    day = dt.timedelta(days=1)
    assert counts(today=WEDNESDAY, from_=WEDNESDAY, proposed_by="a", second="b")
    assert not counts(today=WEDNESDAY, from_=WEDNESDAY, proposed_by="a", second="a")
    assert not counts(today=WEDNESDAY - day, from_=WEDNESDAY, proposed_by="a", second="b")
    assert not counts(today=WEDNESDAY, from_=None, proposed_by="a", second="b")
    # Whoever proposed it was forgotten meanwhile: any steward is a second one.
    assert counts(today=WEDNESDAY, from_=WEDNESDAY, proposed_by=None, second="a")


def test_three_decisions_on_one_team_are_much() -> None:
    assert [carries_much(count) for count in (2, 3, 4)] == [False, True, True]
