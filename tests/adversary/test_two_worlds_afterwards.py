"""Two worlds that differ in who of a team answered the pulse, and in order and minute of what raisers and teams said.

Decisions and their payers, merges, endings, what became of them, what raising cost, two pulses that are compared: the
databases in storage order, SQLite's file, the pilot's report, the pulse's results and the webhook's calls are the same.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core import tables
from bot.core.decisions import reviews
from bot.core.identity import receipts
from bot.core.problems import batch
from bot.core.store import Base, Sessions
from tests.adversary.holes import TOLD_APART
from tests.adversary.later_world import BEGINS, LaterWorld
from tests.adversary.pairs import afterwards, same_afterwards
from tests.adversary.test_two_worlds_of_a_day import SEALED
from tests.company import ON_POSTGRES, ON_SQLITE

#: Tables in which something has to stand, or the comparison says nothing of them.
SPOKEN_OF = (
    *("decisions", "decision_payers", "decision_comments", "decision_gains", "decision_guardrails"),
    *("merges", "hands", "helps", "cost_counts", "pulse_waves", "pulse_links", "pilot_weeks"),
    *("replies", "tones", "tone_marks"),
)


@pytest.fixture(autouse=True)
def _quick_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The slow hash is made fast: its cost is no part of what is compared."""
    monkeypatch.setitem(receipts._COST, "n", 2)


@pytest.fixture
def two(worlds: Callable[[], Sessions]) -> tuple[LaterWorld, LaterWorld]:
    return LaterWorld(worlds(), BEGINS), LaterWorld(worlds(), BEGINS, turned=2)


def test_what_follows_a_problem_and_two_pulses_leave_nothing_of_who_and_when(
    two: tuple[LaterWorld, LaterWorld],
) -> None:
    one, other = two[0].live(None), two[1].live(random.Random(1))
    with one.sessions.reading() as session:
        counted = {
            table.name: session.scalar(sa.select(sa.func.count()).select_from(table))
            for table in tables.metadata.sorted_tables
        }
    assert all(counted[name] for name in SPOKEN_OF), counted
    assert same_afterwards(one, other)


@ON_SQLITE
@pytest.mark.parametrize("name", TOLD_APART)
def test_a_planted_hole_would_tell_the_two_apart(name: str, worlds: Callable[[], Sessions]) -> None:
    assert not afterwards(worlds, random.Random(1), hole=TOLD_APART[name])


@ON_POSTGRES
def test_a_teams_word_in_the_transaction_that_it_came_in_would_tell_the_two_apart(
    worlds: Callable[[], Sessions], monkeypatch: pytest.MonkeyPatch
) -> None:
    anew, words = batch.rewrite, {"decision_payers", "replies"}

    def but_these(session: Session, each: type[Base], *which: sa.ColumnElement[bool]) -> None:
        if each.__tablename__ not in words:
            anew(session, each, *which)

    for room in (reviews, batch):
        monkeypatch.setattr(room, "rewrite", but_these)
    one, other = (LaterWorld(worlds(), BEGINS, until=3) for _ in range(2))
    dumps = [each.dump(SEALED) for each in (one.live(None), other.live(random.Random(1)))]
    assert {name for (name, rows), (_, others) in zip(*dumps, strict=True) if rows != others} == words
