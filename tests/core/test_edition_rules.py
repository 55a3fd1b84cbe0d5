"""What an edition takes, in which place, and what it leaves out."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.core.editions.rules import (
    DECISION_LINES,
    NEW_LINES,
    NO_SINGLE_TEAM,
    ONE_OWNER,
    ONE_OWNER_LINES,
    WITH_THEIR_TEAMS,
    Candidate,
    EditionPlan,
    Item,
    Lines,
    Moved,
    Order,
    compose,
)
from bot.core.problems.rules import Verdict

NONE_ALONE = Verdict.NO_SINGLE_TEAM


def unowned(number: int, score: float, hours: float = 0) -> Candidate:
    return Candidate(number, NONE_ALONE, score=score, hours=hours)


def numbers(plan: EditionPlan) -> list[int]:
    return [item.number for item in plan.items]


def test_the_verdicts_that_an_edition_knows_are_the_verdicts_own() -> None:
    assert {Verdict.NO_SINGLE_TEAM, Verdict.ONE_CARRIES} == NO_SINGLE_TEAM
    assert Verdict.ONE_OWNER_MANY_WAITING == ONE_OWNER
    assert {Verdict.TEAM_LOCAL, Verdict.TWO_TEAMS} == WITH_THEIR_TEAMS


def test_three_come_by_score_and_two_by_hours() -> None:
    plan = compose(
        [unowned(1, 90), unowned(2, 80), unowned(3, 70), unowned(4, 60), unowned(5, 5, 40), unowned(6, 4, 50)]
    )
    assert plan.items == (
        Item(1, Order.SCORE),
        Item(2, Order.SCORE),
        Item(3, Order.SCORE),
        Item(6, Order.HOURS),
        Item(5, Order.HOURS),
    )
    assert plan.rest == 1


def test_a_problem_first_in_both_orders_stands_once() -> None:
    plan = compose([unowned(n, 100 - n, 100 - n) for n in range(1, 8)])
    assert plan.items[:3] == (Item(1, Order.SCORE), Item(2, Order.SCORE), Item(3, Order.SCORE))
    assert plan.items[3:] == (Item(4, Order.HOURS), Item(5, Order.HOURS))


def test_where_nobody_gave_hours_the_score_fills_all_five() -> None:
    plan = compose([unowned(n, n) for n in range(1, 8)])
    assert plan.items == tuple(Item(n, Order.SCORE) for n in (7, 6, 5, 4, 3))


def test_where_one_gave_hours_the_score_fills_the_other_place() -> None:
    plan = compose([*(unowned(n, n) for n in range(1, 8)), unowned(9, 0, 3)])
    assert plan.items[-1] == Item(9, Order.HOURS)
    assert numbers(plan) == [7, 6, 5, 4, 9]


def test_fewer_than_five_all_stand() -> None:
    plan = compose([unowned(2, 10, 5), unowned(1, 20)])
    assert (numbers(plan), plan.rest, plan.quiet) == ([1, 2], 0, False)


def test_ties_go_by_number() -> None:
    plan = compose([unowned(n, 50, 10) for n in (9, 4, 7, 1, 8, 3)])
    assert numbers(plan) == [1, 3, 4, 7, 8]


def test_one_carries_it_counts_as_no_single_team() -> None:
    assert numbers(compose([Candidate(1, Verdict.ONE_CARRIES)])) == [1]


def test_no_other_verdict_is_among_the_five() -> None:
    others = [v for v in Verdict if v not in (Verdict.NO_SINGLE_TEAM, Verdict.ONE_CARRIES)]
    plan = compose([Candidate(n, verdict, score=99, hours=99) for n, verdict in enumerate(others)])
    assert plan.items == ()


def test_a_stale_problem_is_asked_about_once_and_then_rests() -> None:
    stale = replace(unowned(1, 90, 90), stale=True)
    plan = compose([stale, unowned(2, 10)])
    assert (numbers(plan), plan.still_there) == ([2], (1,))
    assert compose([replace(stale, asked_still_there=True)]).still_there == ()
    assert compose([replace(stale, open=False)]).still_there == ()


def test_five_are_asked_about_in_one_edition_and_the_others_later() -> None:
    stale = [replace(unowned(n, 90), stale=True) for n in range(1, 8)]
    first = compose(stale).still_there
    assert first == (1, 2, 3, 4, 5)
    later = [replace(one, asked_still_there=one.number in first) for one in stale]
    assert compose(later).still_there == (6, 7)


def test_a_held_problem_is_nowhere_but_in_the_age_of_the_oldest() -> None:
    plan = compose(
        [
            Candidate(1, NONE_ALONE, held=True, waiting=4, new=True, answered=True, decision_due=True),
            Candidate(2, NONE_ALONE, held=True, solved=True, stale=True),
        ]
    )
    assert plan == EditionPlan(
        moved=Moved(0, 0, 0),
        items=(),
        rest=0,
        you_said=None,
        new=Lines(),
        decisions=Lines(),
        least_seen=None,
        one_owner=Lines(),
        oldest_waiting=4,
        still_there=(),
    )


def test_a_week_with_nothing_is_quiet() -> None:
    plan = compose([])
    assert plan.quiet
    assert plan.oldest_waiting is None


def test_a_week_with_only_small_things_is_quiet_and_tells_the_oldest_wait() -> None:
    plan = compose([Candidate(1, Verdict.TOO_EARLY, new=True, waiting=3), Candidate(2, Verdict.TEAM_LOCAL)])
    assert (plan.quiet, plan.oldest_waiting, plan.new) == (True, 3, Lines((1,)))


def test_a_week_in_which_something_was_solved_is_not_quiet() -> None:
    plan = compose([Candidate(1, NONE_ALONE, solved=True, open=False)])
    assert (plan.quiet, plan.you_said, plan.items) == (False, 1, ())


def test_what_moved_counts_each_problem_once_as_answered_or_solved() -> None:
    plan = compose(
        [
            Candidate(1, Verdict.TWO_TEAMS, answered=True),
            Candidate(2, NONE_ALONE, answered=True, new=True),
            Candidate(3, NONE_ALONE, answered=True, solved=True, open=False),
            Candidate(4, Verdict.TOO_EARLY, new=True),
            Candidate(5, Verdict.TEAM_LOCAL, new=True, open=False),
        ]
    )
    assert plan.moved == Moved(answered=2, solved=1, new=3)


def test_you_said_we_did_tells_of_the_solved_problem_that_cost_most() -> None:
    done = [
        Candidate(n, NONE_ALONE, score=n, hours=hours, solved=True, open=False)
        for n, hours in [(1, 5), (2, 9)]
    ]
    assert compose([*done, unowned(3, 100, 100)]).you_said == 2


def test_new_ones_not_among_the_five_have_a_line_up_to_a_cap() -> None:
    early = [Candidate(n, Verdict.TOO_EARLY, new=True) for n in range(100, 100 + NEW_LINES + 3)]
    plan = compose([replace(unowned(1, 90), new=True), *early])
    assert plan.new == Lines(tuple(range(100, 100 + NEW_LINES)), rest=3)
    assert plan.moved.new == NEW_LINES + 4


def test_decisions_up_for_review_are_told_also_of_stale_and_closed_problems() -> None:
    due = [Candidate(n, NONE_ALONE, decision_due=True, open=n % 2 == 0, stale=True) for n in range(7)]
    assert compose(due).decisions == Lines(tuple(range(DECISION_LINES)), rest=2)


def test_one_owner_many_waiting_has_a_line_each_by_score() -> None:
    waiting = [Candidate(n, ONE_OWNER, score=n) for n in range(ONE_OWNER_LINES + 2)]
    plan = compose(waiting)
    assert plan.one_owner == Lines((6, 5, 4, 3, 2), rest=2)
    assert plan.items == ()


def test_the_least_seen_is_one_that_the_edition_does_not_show_elsewhere() -> None:
    five = [unowned(n, 50 + n) for n in range(1, 6)]
    plan = compose(
        [
            *five,
            Candidate(10, NONE_ALONE, seen=4),
            Candidate(11, Verdict.TOO_EARLY, seen=1),
            Candidate(12, Verdict.TOO_EARLY, seen=0, new=True),
            Candidate(13, Verdict.TEAM_LOCAL, seen=0),
            Candidate(14, NONE_ALONE, seen=0, stale=True),
            Candidate(15, ONE_OWNER, seen=0),
        ]
    )
    assert plan.least_seen == 11


def test_the_oldest_wait_is_over_open_problems_without_an_answer() -> None:
    plan = compose(
        [
            Candidate(1, NONE_ALONE, waiting=2),
            Candidate(2, Verdict.TOO_EARLY, waiting=0),
            Candidate(3, NONE_ALONE, waiting=None),
            Candidate(4, NONE_ALONE, waiting=9, open=False),
        ]
    )
    assert plan.oldest_waiting == 2


def test_ten_thousand_problems_make_an_edition_of_five() -> None:
    plan = compose(unowned(n, n % 97, n % 89) for n in range(10_000))
    assert len(plan.items) == 5
    assert plan.rest == 9_995


figures = st.integers(0, 4).map(float)
candidate = st.builds(
    Candidate,
    number=st.integers(1, 10_000),
    verdict=st.sampled_from([Verdict.NO_SINGLE_TEAM, Verdict.ONE_CARRIES, *Verdict]),
    score=figures,
    hours=figures,
    open=st.booleans(),
    stale=st.booleans(),
    asked_still_there=st.booleans(),
    new=st.booleans(),
    answered=st.booleans(),
    solved=st.booleans(),
    waiting=st.none() | st.integers(0, 40),
    decision_due=st.booleans(),
    seen=figures,
    held=st.booleans(),
)
candidates = st.lists(candidate, max_size=40, unique_by=lambda c: c.number)
plain = st.lists(
    st.builds(
        Candidate,
        number=st.integers(1, 10_000),
        verdict=st.sampled_from([Verdict.NO_SINGLE_TEAM, Verdict.ONE_CARRIES]),
        score=figures,
        hours=figures,
    ),
    max_size=20,
    unique_by=lambda c: c.number,
)


@given(candidates, st.randoms(use_true_random=False))
def test_the_order_in_which_problems_come_in_changes_nothing(found: list[Candidate], random: Random) -> None:
    plan = compose(found)
    shuffled = list(found)
    random.shuffle(shuffled)
    assert compose(shuffled) == plan


@given(candidates)
def test_no_problem_stands_twice_and_none_is_lost_without_a_count(found: list[Candidate]) -> None:
    plan = compose(found)
    shown = numbers(plan) + list(plan.one_owner.numbers) + list(plan.new.numbers)
    assert len(shown) == len(set(shown))
    assert plan.least_seen not in shown
    assert len(plan.items) <= 5
    open_ones = [c for c in found if c.open and not c.stale and not c.held]
    assert len(plan.items) + plan.rest == sum(1 for c in open_ones if c.verdict in NO_SINGLE_TEAM)
    assert len(plan.one_owner.numbers) + plan.one_owner.rest == sum(
        1 for c in open_ones if c.verdict == ONE_OWNER
    )


@given(candidates)
def test_nothing_held_is_ever_named(found: list[Candidate]) -> None:
    plan = compose(found)
    named = {
        *numbers(plan),
        *plan.new.numbers,
        *plan.decisions.numbers,
        *plan.one_owner.numbers,
        *plan.still_there,
        plan.least_seen,
        plan.you_said,
    }
    assert named.isdisjoint({c.number for c in found if c.held})


@given(plain)
def test_the_five_are_three_by_score_and_two_by_hours_of_the_others(found: list[Candidate]) -> None:
    plan = compose(found)
    by_score = sorted(found, key=lambda c: (-c.score, c.number))
    top, others = by_score[:3], by_score[3:]
    costly = sorted([c for c in others if c.hours > 0], key=lambda c: (-c.hours, -c.score, c.number))[:2]
    assert len(plan.items) == min(5, len(found))
    assert numbers(plan)[:3] == [c.number for c in top]
    assert [item.number for item in plan.items if item.by is Order.HOURS] == [c.number for c in costly]
    assert [item.by for item in plan.items] == sorted([item.by for item in plan.items], reverse=True)


@given(plain, st.integers(1, 10_000))
def test_a_higher_score_never_takes_a_problem_out(found: list[Candidate], number: int) -> None:
    found = [*[c for c in found if c.number != number], unowned(number, 2, 1)]
    if number in numbers(compose(found)):
        assert number in numbers(compose([*found[:-1], unowned(number, 3, 1)]))
