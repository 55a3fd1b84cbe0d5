"""Two colluding accounts lay two pulses side by side: of what is hidden nothing becomes certain."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import pytest

from bot.core.pulse import comparing, results
from bot.core.pulse.suppression_rules import Group
from tests.adversary.pulses import OWNS, TINY, Both, certain, solved


@pytest.mark.parametrize(("sizes", "owns"), [((5, 1), OWNS), ((6, 1), OWNS[1:2])])
def test_two_pulses_make_no_hidden_answer_certain(sizes: tuple[int, ...], owns: Sequence[Both]) -> None:
    """The others of the tiny companies, and all that the two may have said: `tests.benchmarks.adversary`."""
    assert sizes in TINY
    assert list(certain(sizes, owns)) == []


def test_larger_companies_make_no_hidden_answer_certain_by_equations() -> None:
    chance = random.Random(7)
    found = [
        solved([[chance.randrange(1, 9) for _ in range(chance.randrange(1, 4))] for _ in range(3)], chance)
        for _ in range(15)
    ]
    assert sum(of for _, of in found) > 50
    assert sum(fixed for fixed, _ in found) == 0


def all_but_one(tree: Group, answers: Mapping[str, int], _k: int) -> frozenset[str]:
    """Without a look at what is left over."""
    said = {
        group.key: sum(answers.get(each.key, 0) for each in results.every(group))
        for group in results.every(tree)
    }
    return frozenset(key for key, times in said.items() if times and key != "f2")


def test_a_function_that_is_shown_beside_one_that_is_hidden_would_be_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(results, "shown", all_but_one)
    assert any(each.function == 2 for each in certain((5, 1), owns=()))
    assert solved([[5, 3], [2], [6]], random.Random(1))[0] > 0


def test_a_change_of_those_who_chose_it_that_is_always_shown_would_be_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(comparing, "_stands_beside", lambda *_: True)
    assert list(certain((6, 1), owns=()))
