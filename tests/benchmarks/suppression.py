"""How long it takes to say what may be shown of a large company's pulse.

Run as `python -m tests.benchmarks.suppression [--quick]`: 50 functions with 200 teams over all, and the same with
200 teams in each, 40 items, each item with its own counts of answers.
"""

from __future__ import annotations

import random
import statistics
import time

from bot.core.pulse.suppression_rules import Group, shown_of_items
from tests.benchmarks import figures

FUNCTIONS, TEAMS, ITEMS = 50, 200, 40


def company(teams: int) -> Group:
    """Everybody, the functions, and so many teams in each of them."""
    return Group(
        "all",
        tuple(
            Group(f"f{number}", tuple(Group(f"f{number}t{team}") for team in range(teams)))
            for number in range(FUNCTIONS)
        ),
    )


def answered(tree: Group, chance: random.Random) -> dict[str, dict[str, int]]:
    """How many answered each item in each team; every tenth team is small."""
    names = [team.key for function in tree.within for team in function.within]
    invited = {
        name: chance.randrange(1, 5) if chance.random() < 0.1 else chance.randrange(5, 15) for name in names
    }
    return {
        f"item {number}": {name: chance.randrange(size + 1) for name, size in invited.items()}
        for number in range(ITEMS)
    }


def main() -> None:
    """Print all figures."""
    rounds = 1 if figures.quick(__doc__ or "") else 5
    for what, teams in (("200 teams", TEAMS // FUNCTIONS), ("10,000 teams", TEAMS)):
        tree = company(teams)
        counts = answered(tree, random.Random(1))
        took = []
        for _ in range(rounds):
            begun = time.perf_counter()
            shown_of_items(tree, counts)
            took.append(time.perf_counter() - begun)
        figures.say(f"suppression: 50 functions, {what}, 40 items", statistics.median(took), "s", at_most=1)


if __name__ == "__main__":
    main()
