"""Pure rules of the pulse: the line of the careful mode, the quiet, the flow, and quarters."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import figures
from bot.core.pulse import rules


def test_bands_hold_every_answer_once() -> None:
    assert rules.bands({1: 2, 3: 1, 4: 5, 5: 1, 7: 3}) == (3, 5, 4)


def test_the_index_turns_what_is_bad_news_and_needs_half_of_the_items() -> None:
    items = {"B1": False, "B2": False, "B3": False, "B4": True}
    assert rules.index({"B1": 7, "B2": 7, "B3": 7, "B4": 1}, items) == 7.0
    assert rules.index({"B1": 6, "B4": 6}, items) == 4.0
    assert rules.index({"B4": 1, "A1": 7}, items) is None
    assert rules.index({}, {}) is None


def test_the_careful_mode_is_offered_to_be_left_by_the_whole_interval_never_by_the_mean() -> None:
    assert rules.clears(4.51, 4.5)
    assert not rules.clears(4.5, 4.5)
    assert not rules.clears(None, 4.5)
    wide = figures.t_interval([7, 7, 7, 2, 7, 2, 7])
    assert wide.mean > 4.5
    assert not rules.clears(wide.low, 4.5)


def test_a_company_that_stands_on_the_line_is_offered_it_about_once_in_forty_times() -> None:
    chance = random.Random(3)
    offered = 0
    for _ in range(1500):
        found = figures.t_interval([min(7, max(1, chance.gauss(4.5, 1.1))) for _ in range(12)])
        offered += rules.clears(found.low, 4.5)
    assert 0.01 <= offered / 1500 <= 0.045


@pytest.mark.parametrize(
    ("first", "second", "moved"),
    [
        ((20, 40), (26, 40), False),
        ((20, 40), (27, 40), True),
        ((30, 40), (5, 40), True),
        ((0, 0), (5, 9), False),
    ],
)
def test_a_share_who_answered_that_moved_by_more_than_15_points_is_said(
    first: tuple[int, int], second: tuple[int, int], moved: bool
) -> None:
    assert rules.rate_moved(first, second) is moved


def test_a_flow_that_stops_is_noted_and_one_that_wavers_is_not() -> None:
    assert rules.fell([6] * 12 + [1, 0, 2, 1])
    assert not rules.fell([6] * 12 + [5, 4, 6, 5])
    assert not rules.fell([6] * 12 + [9] * 4), "more than before is no fall"
    assert not rules.fell([1] * 12 + [0] * 4), "of so few nothing can be said"
    assert not rules.fell([6] * 11)


def test_a_steady_flow_looks_like_a_fall_in_fewer_than_one_look_of_a_hundred() -> None:
    chance = random.Random(8)
    looks = 3000
    false = sum(
        rules.fell([sum(chance.random() < 0.1 for _ in range(60)) for _ in range(16)]) for _ in range(looks)
    )
    assert false / looks < 0.01


def test_a_function_of_ten_with_hardly_any_voice_is_asked_about_and_none_or_four_read_alike() -> None:
    sizes = {1: 10, 2: 10, 3: 10, 4: 9, 5: 40}
    assert rules.quiet({2: 4, 3: 5, 4: 0}, sizes) == [1, 2, 5]


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)))
def test_the_quarter_before_ends_where_this_one_begins(day: dt.date) -> None:
    begin, end = rules.quarter_before(day)
    assert begin < end <= day
    assert rules.quarter(end) == rules.quarter(day)
    assert rules.quarter(end - dt.timedelta(days=1)) == rules.quarter(begin) != rules.quarter(day)
    assert (begin.day, end.day) == (1, 1)


def test_quarters_are_named_by_their_year() -> None:
    assert rules.quarter(dt.date(2026, 12, 31)) == "2026-Q4"
    assert rules.quarter_before(dt.date(2027, 1, 5)) == (dt.date(2026, 10, 1), dt.date(2027, 1, 1))
