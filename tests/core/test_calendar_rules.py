"""When an edition or a batch is due: any zone, clocks that jump, weeks that end a year, days that are free."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.calendar_rules import (
    Period,
    add_working_days,
    batch_due,
    instant,
    is_working_day,
    period_due,
    working_days_between,
)

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
# Half-hour clock changes, jumps at and over midnight, a day that was left out, zones far east and far west.
ODD = (
    *("Australia/Lord_Howe", "Africa/Cairo", "America/Santiago", "America/St_Johns", "America/Nuuk"),
    *("Pacific/Apia", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "Africa/Casablanca"),
    *("Asia/Tehran", "Asia/Beirut", "Antarctica/Troll", "Europe/Berlin", "America/New_York", "UTC"),
)
NONE = frozenset[date]().__contains__
WEEK = timedelta(days=7)

zones = st.sampled_from(ODD).map(ZoneInfo) | st.timezones()
moments = st.integers(1_136_000_000, 2_082_000_000).map(
    lambda s: datetime.fromtimestamp(s, UTC)
)  # 2006 to 2035
weekdays, hours, minutes = st.integers(0, 6), st.integers(0, 23), st.sampled_from([0, 1, 30, 59])


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def test_an_edition_is_due_at_its_local_hour() -> None:
    period = period_due(utc(2026, 11, 16, 9), 0, 9, BERLIN)
    assert period == Period("2026-W47", utc(2026, 11, 9, 8), utc(2026, 11, 16, 8))
    assert period.late(utc(2026, 11, 16, 9)) == timedelta(hours=1)


def test_an_edition_is_due_at_its_very_instant_and_not_before() -> None:
    assert period_due(utc(2026, 11, 16, 8), 0, 9, BERLIN).key == "2026-W47"
    assert period_due(utc(2026, 11, 16, 7, 59, 59), 0, 9, BERLIN).key == "2026-W46"


def test_after_downtime_only_the_latest_edition_is_due_and_says_how_late() -> None:
    now = utc(2026, 12, 9, 12)
    period = period_due(now, 0, 9, BERLIN)
    assert (period.key, period.late(now)) == ("2026-W50", timedelta(days=2, hours=4))


@pytest.mark.parametrize(
    ("now", "weekday", "key"),
    [
        (utc(2026, 12, 31, 12), 3, "2026-W53"),
        (utc(2027, 1, 3, 12), 6, "2026-W53"),
        (utc(2027, 1, 4, 12), 0, "2027-W01"),
        (utc(2024, 12, 30, 12), 0, "2025-W01"),
        (utc(2021, 1, 1, 12), 4, "2020-W53"),
    ],
)
def test_the_key_is_the_iso_week_also_where_a_year_ends(now: datetime, weekday: int, key: str) -> None:
    assert period_due(now, weekday, 9, BERLIN).key == key


def test_the_week_is_that_of_the_local_day_and_not_of_utc() -> None:
    kiritimati = ZoneInfo("Pacific/Kiritimati")
    period = period_due(utc(2026, 11, 15, 12), 0, 1, kiritimati)
    assert (period.key, period.due_at) == ("2026-W47", utc(2026, 11, 15, 11))


def test_an_hour_that_the_clocks_leave_out_is_the_instant_of_their_jump() -> None:
    jump = utc(2026, 3, 29, 1)
    assert period_due(jump, 6, 2, BERLIN, minute=30).due_at == jump
    assert period_due(jump - timedelta(seconds=1), 6, 2, BERLIN, minute=30).due_at == utc(2026, 3, 22, 1, 30)
    assert instant(date(2026, 3, 8), time(2, 30), NEW_YORK) == utc(2026, 3, 8, 7)
    assert instant(date(2026, 3, 29), time(2, 59, 59, 999999), BERLIN) == jump


def test_a_jump_of_half_an_hour_is_found_too() -> None:
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    assert instant(date(2026, 10, 4), time(2, 15), lord_howe) == utc(2026, 10, 3, 15, 30)


def test_a_day_that_was_left_out_has_its_edition_when_the_next_begins() -> None:
    apia = ZoneInfo("Pacific/Apia")
    period = period_due(utc(2011, 12, 31, 0), 4, 9, apia)
    assert (period.key, period.due_at) == ("2011-W52", utc(2011, 12, 30, 10))


def test_an_hour_that_is_shown_twice_fires_once_at_its_first_showing() -> None:
    first, second = utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30)
    assert first.astimezone(BERLIN).time() == second.astimezone(BERLIN).time() == time(2, 30)
    for now in (first, first + timedelta(minutes=59), second, second + timedelta(minutes=1)):
        assert period_due(now, 6, 2, BERLIN, minute=30) == Period("2026-W43", utc(2026, 10, 18, 0, 30), first)
    assert instant(date(2026, 10, 25), time(2, 30, fold=1), BERLIN) == first


def test_clocks_put_back_over_midnight_do_not_take_an_edition_back() -> None:
    newfoundland = ZoneInfo("America/St_Johns")
    due = instant(date(2009, 11, 1), time(0, 0), newfoundland)
    again_yesterday = due + timedelta(minutes=10)
    assert again_yesterday.astimezone(newfoundland).date() == date(2009, 10, 31)
    assert period_due(again_yesterday, 6, 0, newfoundland).due_at == due
    assert batch_due(again_yesterday, 0, newfoundland) == date(2009, 11, 1)


def test_a_weekday_changed_in_the_middle_of_a_week_makes_no_second_edition() -> None:
    monday = period_due(utc(2026, 11, 20, 12), 0, 9, BERLIN)
    friday = period_due(utc(2026, 11, 20, 12), 4, 9, BERLIN)
    assert monday.key == friday.key


def test_a_time_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 11, 16, 9)  # noqa: DTZ001 - what is refused here
    with pytest.raises(ValueError, match="zone"):
        period_due(naive, 0, 9, BERLIN)
    with pytest.raises(ValueError, match="zone"):
        batch_due(naive, 9, BERLIN)
    with pytest.raises(ValueError, match="zone"):
        working_days_between(naive, utc(2026, 1, 1), BERLIN, NONE)


@given(moments, weekdays, hours, minutes, zones)
def test_the_period_that_is_due_is_the_latest_that_has_come(
    now: datetime, weekday: int, hour: int, minute: int, zone: ZoneInfo
) -> None:
    period = period_due(now, weekday, hour, zone, minute=minute)
    assert period.due_at <= now
    following = period_due(period.due_at + 8 * timedelta(days=1), weekday, hour, zone, minute=minute)
    assert following.opens_at == period.due_at
    assert following.due_at > now


@given(moments, weekdays, hours, minutes, zones)
def test_periods_follow_one_another_without_gap_one_an_iso_week(
    now: datetime, weekday: int, hour: int, minute: int, zone: ZoneInfo
) -> None:
    before = period_due(now, weekday, hour, zone, minute=minute)
    keys = [before.key]
    for week in range(1, 60):
        period = period_due(before.due_at + timedelta(days=8, hours=2), weekday, hour, zone, minute=minute)
        assert period.opens_at == before.due_at
        assert timedelta(days=5, hours=20) < period.due_at - before.due_at < timedelta(days=8, hours=4)
        keys.append(period.key)
        before = period
        assert len(set(keys)) == week + 1
    assert keys == sorted(keys)


@given(moments, st.timedeltas(timedelta(0), timedelta(days=30)), weekdays, hours, zones)
def test_a_later_look_never_finds_an_earlier_period(
    now: datetime, more: timedelta, weekday: int, hour: int, zone: ZoneInfo
) -> None:
    first, second = period_due(now, weekday, hour, zone), period_due(now + more, weekday, hour, zone)
    assert second.due_at >= first.due_at
    assert (second.key == first.key) is (second.due_at == first.due_at)


@given(moments, weekdays, hours, zones, zones)
def test_the_zone_in_which_now_is_written_changes_nothing(
    now: datetime, weekday: int, hour: int, zone: ZoneInfo, written: ZoneInfo
) -> None:
    assert period_due(now.astimezone(written), weekday, hour, zone) == period_due(now, weekday, hour, zone)


@given(moments, hours, minutes, zones)
def test_a_scheduled_instant_shows_the_planned_time_or_the_first_after_a_jump(
    now: datetime, hour: int, minute: int, zone: ZoneInfo
) -> None:
    day = now.astimezone(zone).date()
    found = instant(day, time(hour, minute), zone)
    planned = datetime.combine(day, time(hour, minute))
    shown = found.astimezone(zone).replace(tzinfo=None)
    a_second_before = (found - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
    assert shown >= planned
    assert a_second_before < planned


@given(moments, hours, minutes, zones)
def test_the_batch_of_each_day_comes_once(now: datetime, hour: int, minute: int, zone: ZoneInfo) -> None:
    day = batch_due(now, hour, zone, minute=minute)
    assert instant(day, time(hour, minute), zone) <= now
    assert instant(day + timedelta(days=1), time(hour, minute), zone) > now


def test_a_batch_of_this_morning_is_due_from_its_hour_on() -> None:
    assert batch_due(utc(2026, 11, 16, 5, 59), 7, BERLIN) == date(2026, 11, 15)
    assert batch_due(utc(2026, 11, 16, 6), 7, BERLIN) == date(2026, 11, 16)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (utc(2026, 11, 16, 9), utc(2026, 11, 16, 17), 0),
        (utc(2026, 11, 16, 9), utc(2026, 11, 17, 8), 1),
        (utc(2026, 11, 20, 9), utc(2026, 11, 23, 9), 1),
        (utc(2026, 11, 20, 9), utc(2026, 11, 22, 9), 0),
        (utc(2026, 11, 21, 9), utc(2026, 11, 23, 9), 1),
        (utc(2026, 11, 16, 9), utc(2026, 11, 30, 9), 10),
        (utc(2026, 11, 17, 9), utc(2026, 11, 16, 9), 0),
        # Already Tuesday in Berlin.
        (utc(2026, 11, 16, 23, 30), utc(2026, 11, 17, 12), 0),
    ],
)
def test_working_days_are_local_days_from_monday_to_friday(start: datetime, end: datetime, days: int) -> None:
    assert working_days_between(start, end, BERLIN, NONE) == days


def test_a_holiday_is_no_working_day() -> None:
    christmas = {date(2026, 12, 25)}.__contains__
    assert not is_working_day(date(2026, 12, 25), christmas)
    assert working_days_between(utc(2026, 12, 24, 9), utc(2026, 12, 28, 9), BERLIN, christmas) == 1
    assert add_working_days(utc(2026, 12, 24, 9), 1, BERLIN, christmas) == utc(2026, 12, 28, 9)


def test_working_days_keep_the_time_of_day_through_a_clock_change() -> None:
    assert add_working_days(utc(2026, 3, 27, 8), 1, BERLIN, NONE) == utc(2026, 3, 30, 7)
    twice = utc(2026, 10, 25, 1, 30)  # the second 02:30 of that Sunday
    assert add_working_days(twice, 1, BERLIN, NONE) == utc(2026, 10, 26, 1, 30)
    assert add_working_days(twice, 0, BERLIN, NONE) == twice


def test_working_days_are_counted_forward_and_must_exist() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_working_days(utc(2026, 1, 1), -1, BERLIN, NONE)
    with pytest.raises(ValueError, match="no working day"):
        add_working_days(utc(2026, 1, 1), 1, BERLIN, lambda _: True)


@given(
    moments,
    st.integers(0, 60),
    zones,
    st.frozensets(st.dates(date(2006, 1, 1), date(2036, 6, 1)), max_size=30),
)
def test_adding_and_counting_working_days_agree(
    start: datetime, days: int, zone: ZoneInfo, holidays: frozenset[date]
) -> None:
    end = add_working_days(start, days, zone, holidays.__contains__)
    assert working_days_between(start, end, zone, holidays.__contains__) == days
    assert days == 0 or is_working_day(end.astimezone(zone).date(), holidays.__contains__)
