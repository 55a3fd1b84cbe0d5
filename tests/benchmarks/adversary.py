"""How often an adversary guesses who raised, what two colluding accounts work out, and which planted holes are seen.

Run as `python -m tests.benchmarks.adversary [--quick]`. The whole: 40 worlds of 200 people and 50 problems on each
of the two databases, and every planted hole. It takes about a quarter of an hour on two cores.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from tests.adversary import databases
from tests.adversary.adversary import Inquiry
from tests.adversary.differencing import COMPANIES, told
from tests.adversary.games import Played, play
from tests.adversary.holes import GUESSED, WALKED, Hole, Several, TimeInIds, TransactionOfArrival, all_of_them
from tests.adversary.reading import Dump, dump
from tests.adversary.roster import Size
from tests.adversary.walk import walk
from tests.adversary.world import World
from tests.benchmarks import figures

WHOLE, WORLDS = Size(), 40
QUICK, QUICK_WORLDS = Size(people=60, teams=6, problems=25, days=6), 4
LEAKY, LEAKY_WORLDS = Size(people=60, teams=6, problems=30, days=8), 8


def lived(
    fresh: databases.Fresh, size: Size, worlds: int, hole: Hole | None = None
) -> list[tuple[World, Dump]]:
    """So many worlds, each read when it ended."""
    found = []
    for seed in range(worlds):
        world = World(fresh(), seed, size, hole or Hole()).live()
        found.append((world, dump(world.sessions)))
    return found


def guessed(worlds: Sequence[tuple[World, Dump]], hidden: set[str]) -> Played:
    inquiries = [Inquiry.into(read.without(hidden), world.watched, world.cases) for world, read in worlds]
    return play(inquiries, random.Random("guesses"))


def both_games(database: str, worlds: list[tuple[World, Dump]]) -> None:
    """The promise itself: the pair game, matching, and the walk."""
    got = guessed(worlds, set())
    low, high = got.interval(random.Random("bootstrap"))
    figures.say(f"adversary: pair game on {database}, pairs", got.pairs, "pairs")
    figures.say(f"adversary: pair game on {database}, by chance", 0.5, "share")
    figures.say(f"adversary: pair game on {database}, decided rightly", got.rate, "share", at_most=got.line)
    figures.say(f"adversary: pair game on {database}, 95 % interval from", low, "share")
    figures.say(f"adversary: pair game on {database}, 95 % interval to", high, "share")
    figures.say(f"adversary: matching on {database}, by chance", got.expected, "hits")
    figures.say(f"adversary: matching on {database}", got.hits, "hits", at_most=got.most_hits)
    places = {
        place
        for world, read in worlds
        for place in walk(
            *(read, world.watched, world.kit.sealing), gone=[case.earlier_words for case in world.cases]
        )
    }
    figures.say(
        f"adversary: walk on {database}, places that betray somebody", len(places), "places", at_most=0
    )


def planted(database: str, name: str, got: Played) -> None:
    """A hole that is there must be seen: above the line of either game."""
    low, high = got.interval(random.Random("bootstrap"))
    seen = f"adversary: hole on {database}, {name}"
    figures.say(f"{seen}: pair game", got.rate, "share")
    figures.say(f"{seen}: pair game, 95 % interval from", low, "share")
    figures.say(f"{seen}: pair game, 95 % interval to", high, "share")
    figures.say(f"{seen}: matching ({got.expected:.1f} by chance)", got.hits, "hits")
    figures.say(f"{seen}: seen", float(not got.holds), "yes or no", at_least=1)


def holes(database: str, fresh: databases.Fresh, worlds: int) -> None:
    leaky = lived_with_all(fresh, worlds)
    several = leaky[0][0].hole
    assert isinstance(several, Several)
    for name in GUESSED:
        planted(database, name, guessed(leaky, several.hidden_for(name)))
    control = guessed(leaky, several.hidden_for(None))
    figures.say(
        f"adversary: the same worlds on {database} without their holes",
        control.rate,
        "share",
        at_most=control.line,
    )
    for name in WALKED:
        world, read = leaky[0]
        gone = [case.earlier_words for case in world.cases]
        found = walk(read.without(several.hidden_for(name)), world.watched, world.kit.sealing, gone=gone)
        figures.say(f"adversary: hole on {database}, {name}: the walk", len(found), "places", at_least=1)
    in_ids = lived(fresh, LEAKY, max(3, worlds // 2), TimeInIds())
    planted(database, "ids that begin with the time", guessed(in_ids, set()))


def lived_with_all(fresh: databases.Fresh, worlds: int) -> list[tuple[World, Dump]]:
    found = []
    for seed in range(worlds):
        world = World(fresh(), seed, LEAKY, all_of_them()).live()
        found.append((world, dump(world.sessions)))
    return found


def differencing(editions: int) -> None:
    """What two accounts know for certain, over every company of eight people and one of twelve."""
    for sizes, people in (*((sizes, 8) for sizes in COMPANIES), *(() if editions > 1 else [((5, 5, 2), 12)])):
        found = list(told(sizes, editions, people=people))
        company = f"{people} people, teams of {', '.join(map(str, sizes))}, {editions} editions"
        few = sum(each.possible < 3 for each in found)
        figures.say(f"differencing: {company}: fewer than three possible", few, "views", at_most=0)
        certain = sum(each.count is not None for each in found)
        figures.say(f"differencing: {company}: a team's number is certain", certain, "views", at_most=0)
        all_of_them = sum(each.count == each.possible for each in found)
        figures.say(f"differencing: {company}: a team's people are certain", all_of_them, "views", at_most=0)


def main() -> None:
    """Print all figures."""
    quick = figures.quick(__doc__ or "")
    for editions in (1,) if quick else (1, 2):
        differencing(editions)
    with databases.sqlite() as fresh:
        both_games("sqlite", lived(fresh, QUICK if quick else WHOLE, QUICK_WORLDS if quick else WORLDS))
        if quick:
            return
        holes("sqlite", fresh, LEAKY_WORLDS)
    with databases.server() as server, databases.postgres(server) as fresh:
        both_games("postgres", lived(fresh, WHOLE, WORLDS))
        by_transaction = lived(fresh, LEAKY, LEAKY_WORLDS, TransactionOfArrival())
        planted("postgres", "the transaction of arrival", guessed(by_transaction, set()))


if __name__ == "__main__":
    main()
