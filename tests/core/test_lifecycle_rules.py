"""The table of the lifecycle: nothing gets stuck, nothing ends without a sentence, nobody but the named role may."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.problems.lifecycle_rules import LIFECYCLE, Hearer, NotNow, Role, Step, after, fits, steps_of
from bot.core.problems.standing_rules import ENDS, STANDING, UNDER_WAY, Course, Standing, State
from bot.lifecycle import PAGE, page

START = (Standing(State.TAGGED, Course.WAITING), Standing(State.NEW, Course.WAITING))
#: What a person does that ends a problem, or puts it off.
ANSWERS = [
    step
    for step, move in LIFECYCLE.items()
    if move.who is Role.STEWARD and (move.to_course or move.to_state is State.CLOSED)
]


def _next(standing: Standing) -> set[Standing]:
    return {after(step, role, standing) for role in Role for step in steps_of(role, standing)}


def _reachable(start: Standing) -> set[Standing]:
    found, left = {start}, [start]
    while left:
        for each in _next(left.pop()) - found:
            found.add(each)
            left.append(each)
    return found


EVERYWHERE = sorted(set().union(*[_reachable(start) for start in START]), key=str)
PLACES = st.sampled_from(EVERYWHERE)


def test_every_step_has_a_line_and_can_be_reached() -> None:
    assert set(LIFECYCLE) == set(Step)
    assert {step for step in Step if any(fits(step, standing) for standing in EVERYWHERE)} == set(Step)
    assert {standing.course for standing in EVERYWHERE} == set(Course)
    assert {standing.state for standing in EVERYWHERE} == set(State)


@given(PLACES)
def test_there_is_no_dead_end(standing: Standing) -> None:
    assert any(each.state in ENDS for each in _reachable(standing))
    if standing.state not in ENDS | {State.TAGGED}:
        # Whatever others leave undone, a steward can go on from here.
        assert steps_of(Role.STEWARD, standing)


@given(PLACES)
def test_whatever_stands_can_be_closed_by_a_steward(standing: Standing) -> None:
    if standing.state in STANDING:
        assert after(Step.CLOSED, Role.STEWARD, standing).state is State.CLOSED


@given(PLACES)
def test_what_waits_for_others_can_be_taken_back_or_ends_by_itself(standing: Standing) -> None:
    if standing.state in STANDING and standing.course in UNDER_WAY:
        ways = {after(step, Role.STEWARD, standing).course for step in steps_of(Role.STEWARD, standing)}
        assert ways - UNDER_WAY


@given(PLACES, st.sampled_from(Step), st.sampled_from(Role))
def test_nobody_but_the_named_role_may(standing: Standing, step: Step, role: Role) -> None:
    move = LIFECYCLE[step]
    if role is move.who and fits(step, standing):
        assert after(step, role, standing) in EVERYWHERE
        return
    with pytest.raises(NotNow):
        after(step, role, standing)


@given(st.sampled_from(Step))
def test_what_ends_or_puts_off_needs_a_sentence_and_tells_the_raiser(step: Step) -> None:
    move = LIFECYCLE[step]
    if move.to_state is State.CLOSED:
        assert move.sentence
        assert {Hearer.RAISER, Hearer.READERS} <= set(move.says)
    if step in ANSWERS:
        assert move.sentence
        assert Hearer.RAISER in move.says


@given(st.sampled_from(Step))
def test_whoever_is_waited_for_is_told_and_the_stewards_hear_of_the_answer(step: Step) -> None:
    move = LIFECYCLE[step]
    waits = {Course.HANDED: Hearer.TEAM, Course.SPONSOR: Hearer.SPONSOR}
    if move.to_course in waits:
        assert waits[move.to_course] in move.says
    if move.who in (Role.TEAM, Role.SPONSOR):
        assert Hearer.STEWARDS in move.says
    if move.who in (Role.RAISER, Role.ANYBODY) and step is not Step.WITHDRAWN:
        assert not {Hearer.RAISER, Hearer.TEAM, Hearer.SPONSOR} & set(move.says)


@given(st.sampled_from(Step))
def test_every_step_says_something_to_somebody_but_a_withdrawal(step: Step) -> None:
    assert bool(LIFECYCLE[step].says) == (step is not Step.WITHDRAWN)
    assert all(said.strip() for said in LIFECYCLE[step].says.values())


@given(st.lists(st.tuples(st.sampled_from(Role), st.integers(0, 99)), max_size=40), st.sampled_from(START))
def test_any_walk_stays_in_the_table(moves: list[tuple[Role, int]], standing: Standing) -> None:
    for role, which in moves:
        steps = steps_of(role, standing)
        if steps:
            standing = after(steps[which % len(steps)], role, standing)
        assert standing in EVERYWHERE
        assert standing.course is Course.WAITING or standing.state is not State.CLOSED


def test_the_printed_table_is_the_one_that_the_acts_obey() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
    assert all(f"| {step.value.replace('_', ' ')}" in page() for step in Step)
