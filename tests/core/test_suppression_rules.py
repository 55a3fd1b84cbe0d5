"""Nothing hidden can be computed from what is shown: held against an adversary who solves the equations."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from bot.core.pulse.suppression_rules import (
    Group,
    may_compare,
    rests,
    shown,
    shown_of_items,
    splits_no_rest,
    texts_shown,
)

K = 5
VALUES = 3


def company(*functions: int) -> Group:
    """Everybody, functions, and so many teams in each."""
    return Group(
        "all",
        tuple(
            Group(f"f{number}", tuple(Group(f"f{number}t{team}") for team in range(teams)))
            for number, teams in enumerate(functions)
        ),
    )


def everything(group: Group) -> Iterator[Group]:
    yield group
    for each in group.within:
        yield from everything(each)


def atoms(group: Group) -> list[str]:
    """The groups, each without those within it: what everything else is a sum of."""
    return [each.key for each in everything(group)]


def inside(tree: Group, key: str) -> set[str]:
    return next({each.key for each in everything(group)} for group in everything(tree) if group.key == key)


@st.composite
def companies(draw: st.DrawFn) -> tuple[Group, dict[str, list[int]]]:
    """A company and the answers of each value that each of its groups gave by itself."""
    tree = company(*draw(st.lists(st.integers(0, 4), min_size=1, max_size=4)))
    sizes = st.one_of(st.integers(0, 4), st.integers(0, 9))
    answers: dict[str, list[int]] = {}
    for group in everything(tree):
        # People stand in teams; a function without teams, and those of no team, give answers of their own too.
        own = sizes if not group.within or draw(st.booleans()) else st.just(0)
        count = draw(own)
        cuts = sorted(draw(st.lists(st.integers(0, count), min_size=VALUES - 1, max_size=VALUES - 1)))
        answers[group.key] = [b - a for a, b in zip([0, *cuts], [*cuts, count], strict=True)]
    return tree, answers


def counts(answers: dict[str, list[int]]) -> dict[str, int]:
    return {key: sum(values) for key, values in answers.items()}


def bounds(
    tree: Group, seen: frozenset[str], answers: dict[str, list[int]], group: set[str]
) -> list[tuple[float, float]]:
    """Between what a group's answers lie, value by value and in all, for somebody who solves all that is shown.

    The adversary knows the company and the rules, but not how many answered in a hidden group.
    """
    names = atoms(tree)
    found = []
    for value in [*range(VALUES), None]:
        told = [
            sum(answers[key][value] if value is not None else sum(answers[key]) for key in inside(tree, each))
            for each in sorted(seen)
        ]
        sums = [[1.0 if name in inside(tree, each) else 0.0 for name in names] for each in sorted(seen)]
        aim = np.array([1.0 if name in group else 0.0 for name in names])
        low = linprog(aim, A_eq=sums or None, b_eq=told or None, bounds=(0, None))
        high = linprog(-aim, A_eq=sums or None, b_eq=told or None, bounds=(0, None))
        found.append((round(low.fun, 6), round(-high.fun, 6) if high.status == 0 else float("inf")))
    return found


@settings(max_examples=150, deadline=None)
@given(companies())
def test_a_hidden_group_may_be_anything_from_nobody_to_all_of_at_least_k(
    made: tuple[Group, dict[str, list[int]]],
) -> None:
    """Of every answer it may have given none, or all that stand in the one rest that it is part of."""
    tree, answers = made
    seen = shown(tree, counts(answers), K)
    left = list(rests(tree, seen))
    for group in everything(tree):
        own = inside(tree, group.key)
        if group.key in seen or not 0 < sum(counts(answers)[key] for key in own) < K:
            continue
        around = [set(rest) for rest in left if own & set(rest)]
        if not around:
            assert not seen
            continue
        [rest] = around
        size = [sum(answers[key][value] for key in rest) for value in range(VALUES)]
        assert sum(size) >= K
        wide = bounds(tree, seen, answers, own)
        alone = rest == own
        assert not alone
        assert wide == [(0.0, float(most)) for most in [*size, sum(size)]]


@settings(max_examples=200, deadline=None)
@given(companies())
def test_no_sum_of_hidden_groups_under_k_comes_out(made: tuple[Group, dict[str, list[int]]]) -> None:
    """Whatever union of groups an adversary puts together: where its size is fixed, it is nobody or at least k."""
    tree, answers = made
    seen = shown(tree, counts(answers), K)
    if not seen:
        return
    names = atoms(tree)
    sums = np.array([[1.0 if name in inside(tree, each) else 0.0 for name in names] for each in sorted(seen)])
    full = np.linalg.matrix_rank(sums)
    small = [name for name in names if 0 < counts(answers)[name] < K]
    for size in range(1, min(4, len(small)) + 1):
        for some in combinations(small, size):
            if sum(counts(answers)[name] for name in some) >= K:
                continue
            aim = np.array([1.0 if name in some else 0.0 for name in names])
            # Groups that gave nothing add nothing: with or without them the sum is the same.
            nobody = [
                np.array([1.0 if name == each else 0.0 for name in names])
                for each in names
                if counts(answers)[each] == 0
            ]
            known = np.vstack([sums, *nobody]) if nobody else sums
            rank = full if not nobody else np.linalg.matrix_rank(known)
            assert np.linalg.matrix_rank(np.vstack([known, aim])) > rank, (some, sorted(seen))


@given(companies(), st.integers(K, 12))
def test_raising_the_threshold_shows_nothing_new(made: tuple[Group, dict[str, list[int]]], more: int) -> None:
    tree, answers = made
    assert shown(tree, counts(answers), more) <= shown(tree, counts(answers), K)


@given(companies())
def test_what_is_shown_depends_on_no_order_and_no_answer(made: tuple[Group, dict[str, list[int]]]) -> None:
    tree, answers = made
    turned = Group(tree.key, tuple(reversed(tree.within)))
    assert shown(turned, counts(answers), K) == shown(tree, counts(answers), K)
    assert shown_of_items(tree, {"one": counts(answers), "two": counts(answers)}) == {
        "one": shown(tree, counts(answers)),
        "two": shown(tree, counts(answers)),
    }


@given(companies())
def test_a_shown_group_has_k_answers_and_stands_in_a_shown_one(
    made: tuple[Group, dict[str, list[int]]],
) -> None:
    tree, answers = made
    seen = shown(tree, counts(answers), K)
    for group in everything(tree):
        if group.key in seen:
            assert sum(counts(answers)[key] for key in inside(tree, group.key)) >= K
        assert group.key in seen or not any(each.key in seen for each in group.within)


def test_a_hidden_team_of_three_takes_the_next_smallest_with_it() -> None:
    """Else it comes out exactly from the whole and the three that are shown."""
    tree = Group("all", tuple(Group(name) for name in "abcd"))
    assert shown(tree, {"a": 3, "b": 8, "c": 6, "d": 9}) == {"all", "b", "d"}


def test_two_hidden_ones_that_are_k_together_hide_nothing_else() -> None:
    tree = Group("all", tuple(Group(name) for name in "abcd"))
    assert shown(tree, {"a": 3, "b": 2, "c": 6, "d": 9}) == {"all", "c", "d"}
    assert shown(tree, {"a": 3, "b": 1, "c": 6, "d": 9}) == {"all", "d"}


def test_a_group_that_nobody_answered_in_protects_nobody() -> None:
    tree = Group("all", tuple(Group(name) for name in "abc"))
    assert shown(tree, {"a": 4, "b": 0, "c": 20}) == {"all"}


def test_four_answers_show_nothing_and_one_function_shows_itself() -> None:
    tree = company(2)
    assert shown(tree, {"f0t0": 4}) == frozenset()
    assert shown(tree, {"f0t0": 7, "f0t1": 6}) == {"all", "f0", "f0t0", "f0t1"}
    assert shown(tree, {"f0t0": 7, "f0t1": 2}) == {"all", "f0"}


def test_people_of_no_function_are_a_rest_as_well() -> None:
    tree = company(0, 0)
    assert shown(tree, {"all": 2, "f0": 9, "f1": 8}) == {"all", "f0"}
    assert shown(tree, {"all": 5, "f0": 9, "f1": 8}) == {"all", "f0", "f1"}


def test_a_threshold_under_five_is_refused() -> None:
    with pytest.raises(ValueError, match="never lowered"):
        shown(company(1), {}, 4)
    with pytest.raises(ValueError, match="never lowered"):
        texts_shown(["a"] * 20, 9)


def test_free_text_is_shown_from_ten_and_in_no_order_of_arrival() -> None:
    assert texts_shown([f"word {number}" for number in range(9)]) == ()
    assert texts_shown(["b", "a"] * 5) == ("a",) * 5 + ("b",) * 5


@st.composite
def two_waves(draw: st.DrawFn) -> tuple[Group, list[dict[str, int]], dict[str, int]]:
    """A company, how many answered in each of its groups in two waves, and how many of them chose to be compared."""
    tree = company(*draw(st.lists(st.integers(0, 2), min_size=1, max_size=3)))
    leaves = [group.key for group in everything(tree) if not group.within]
    linked = {key: draw(st.integers(0, 5)) for key in leaves}
    alone = [{key: draw(st.sampled_from([0, 0, 0, 1, 3, 6])) for key in leaves} for _ in range(2)]
    waves = [{key: linked[key] + one[key] for key in leaves} for one in alone]
    return tree, waves, linked


@settings(max_examples=150, deadline=None)
@given(two_waves())
def test_over_two_waves_and_the_change_of_those_compared_no_handful_comes_out(
    made: tuple[Group, list[dict[str, int]], dict[str, int]],
) -> None:
    """What is told: every shown sum of each wave, and the sum of the changes of those who are in both.

    The adversary's unknowns are the sums of the compared and of the others, by group and wave. Whatever sum of whole
    unknowns of one wave comes out of the equations is nobody's or that of at least k.
    """
    tree, waves, linked = made
    leaves = sorted(linked)
    seen = [shown(tree, counts_, K) for counts_ in waves]
    both = sum(linked.values())
    change = both >= K
    for counts_, each in zip(waves, seen, strict=True):
        # The first of a rest is the group that it is the rest of.
        left = {rest[0]: rest for rest in rests(tree, each)}
        change &= bool(each) and splits_no_rest(
            {key: sum(counts_.get(one, 0) for one in rest) for key, rest in left.items()},
            {key: sum(linked.get(one, 0) for one in rest) for key, rest in left.items()},
            K,
        )
    names = [(wave, key, kind) for wave in (0, 1) for key in leaves for kind in ("compared", "other")]
    size = {
        (wave, key, kind): linked[key] if kind == "compared" else waves[wave][key] - linked[key]
        for wave, key, kind in names
    }
    rows = [
        [1.0 if wave == number and key in inside(tree, group) else 0.0 for wave, key, _ in names]
        for number in (0, 1)
        for group in sorted(seen[number])
    ]
    if change:
        rows.append([(2.0 * wave - 1) if kind == "compared" else 0.0 for wave, _, kind in names])
    rows += [[1.0 if name == each else 0.0 for name in names] for each in names if size[each] == 0]
    if not rows:
        return
    known = np.array(rows)
    rank = np.linalg.matrix_rank(known)
    # Unions that somebody could name: of each wave everybody or one group, the compared, the others, or both.
    for number in (0, 1):
        for group in everything(tree):
            for kinds in (("compared",), ("other",), ("compared", "other")):
                own = [
                    name
                    for name in names
                    if name[0] == number and name[1] in inside(tree, group.key) and name[2] in kinds
                ]
                people = sum(size[name] for name in own)
                if 0 < people < K:
                    aim = np.array([1.0 if name in own else 0.0 for name in names])
                    assert np.linalg.matrix_rank(np.vstack([known, aim])) > rank, (number, group.key, kinds)


_PEOPLE = st.integers(0, 12)


@given(_PEOPLE, _PEOPLE, _PEOPLE)
def test_between_two_waves_nobody_comes_out_by_taking_one_sum_from_the_other(
    both: int, first_only: int, second_only: int
) -> None:
    """The adversary knows both waves' sums and the change of those who are in both, and wants who came or went.

    The sums are s1 = b1 + f, s2 = b2 + g with b2 - b1 told: f - g is known, and f or g alone where the other is empty.
    """
    may = may_compare(both, first_only, second_only)
    for left_over, other in ((first_only, second_only), (second_only, first_only)):
        if 0 < left_over < K and other == 0:
            assert not may
    if may:
        assert all(count == 0 or count >= K for count in (both, first_only, second_only))
