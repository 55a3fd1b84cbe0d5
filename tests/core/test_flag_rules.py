"""What is worth a second look, and what is simply work."""

from __future__ import annotations

import pytest

from bot.core.problems.flag_rules import BURST_FROM, FLOW_FROM, Flowing, alike, burst, one_way
from bot.core.problems.naming_rules import UNKNOWN_LEFT

LEGAL, SALES, SUPPORT, ENGINEERING = 1, 2, 3, 4


def flow(count: int, *felt_by: int, needed: int = LEGAL, first: int = 100) -> list[Flowing]:
    return [
        Flowing(
            first + each, frozenset({needed}), frozenset({felt_by[each % len(felt_by)]} if felt_by else ())
        )
        for each in range(count)
    ]


def test_much_asked_of_one_function_from_one_side_is_worth_a_look() -> None:
    assert one_way(flow(FLOW_FROM, SALES)) == {100, 101, 102, 103, 104}


def test_so_is_what_comes_from_nobody_who_says_where_it_hurts() -> None:
    assert len(one_way(flow(FLOW_FROM))) == FLOW_FROM


def test_a_few_are_no_flow() -> None:
    assert not one_way(flow(FLOW_FROM - 1, SALES))


def test_a_service_that_three_functions_wait_for_is_simply_where_work_piles_up() -> None:
    assert not one_way(flow(30, SALES, SUPPORT, ENGINEERING))


def test_a_function_that_feels_its_share_is_not_written_up_from_outside() -> None:
    own = [Flowing(1, frozenset({SALES}), frozenset({LEGAL})), Flowing(2, frozenset(), frozenset({LEGAL}))]
    assert not one_way([*flow(9, SALES), *own])
    assert one_way([*flow(10, SALES), *own])


def test_what_a_function_feels_itself_is_not_against_it() -> None:
    both = [Flowing(each, frozenset({LEGAL}), frozenset({LEGAL, SALES})) for each in range(20)]
    assert not one_way(both)


def test_the_order_of_problems_changes_nothing() -> None:
    found = [*flow(7, SALES), *flow(7, SALES, SUPPORT, ENGINEERING, needed=ENGINEERING, first=500)]
    assert one_way(found) == one_way(reversed(found)) == set(range(100, 107))


@pytest.mark.parametrize(("voices", "members"), [(4, 40), (5, 7), (7, 7), (8, 5), (5, 0)])
def test_a_burst_that_would_leave_fewer_than_three_possible_is_never_told(voices: int, members: int) -> None:
    assert not burst(voices, members)


def test_five_of_eight_within_an_hour_are_a_burst() -> None:
    assert burst(BURST_FROM, BURST_FROM + UNKNOWN_LEFT)


ONE = "Customers hear about releases from us last, and tickets tell us what was shipped"


def test_the_same_words_are_alike_whatever_their_letters_and_dots() -> None:
    assert alike(
        {1: ONE, 2: ONE.upper() + " !!", 3: "Reviews of contracts wait for three weeks in every quarter"}
    ) == {
        1,
        2,
    }


def test_one_word_more_is_still_alike_and_another_view_of_it_is_not() -> None:
    assert alike({1: ONE, 2: f"Again: {ONE} today"}) == {1, 2}
    assert not alike({1: ONE, 2: "Support learns from customers what a release has changed for them"})


def test_short_texts_and_no_texts_are_alike_to_nothing() -> None:
    assert not alike({1: "It is slow", 2: "It is slow", 3: "", 4: ""})
