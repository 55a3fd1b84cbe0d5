"""Two worlds that differ in who raised or confirmed, lived through the real app: what is said outside tells nothing.

Compared are the database, the log at DEBUG, the metrics, and every call to Slack but two kinds that belong to the
person's own interaction: the forms that it opens, and the question to Slack whether this person is a guest. Slack
has just delivered the interaction itself; of the answer nothing is kept but in memory, for an hour.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
import structlog

from bot.core.identity.installation import prepare
from bot.core.kit import Kit
from bot.core.problems import queries
from bot.core.store import Sessions
from bot.jobs.calendar import Calendar
from bot.jobs.only_one import OnlyOne
from bot.jobs.pace import Pace
from bot.jobs.send import Sender
from bot.sandbox.workspace import PracticeWorkspace
from bot.slack.cards import HITS_US
from bot.slack.client import Slack
from tests.adversary.listening import measured
from tests.adversary.reading import PLACE, TRANSACTION, Dump, dump
from tests.company import published
from tests.slack.conftest import NOW, Office, Opened, fill_company

FILLED = {
    "title": "Customers hear last",
    "hardship": "For us this means that tickets tell us what was shipped.",
}
OWN = {"views.open", "views.update", "views.push", "users.info"}
#: The raiser's sealed address; a form's mark, which is made of Slack's own id of the form; a confirmer's hash.
SEALED, FORMS, VOICES = {"sealed_address", "sealed_person"}, {"deliveries"}, {"voice"}
#: Pairs of days that are tried; the benchmark asks for more.
PAIRS = int(os.environ.get("PAIRS_OF_DAYS", "1"))
# A histogram's time is that of this machine; how many there were is the bot's.
_COUNTS = re.compile(r"^(groundswell\w+(?:_count|_total))(\{.*\})? (.*)$")


@dataclass
class Outside:
    """What a world leaves behind, and lets out."""

    kept: Dump
    log: list[dict[str, Any]]
    counted: dict[str, float]
    calls: list[tuple[str, str]]


def counts() -> dict[str, float]:
    found = [_COUNTS.match(line) for line in measured().splitlines()]
    return {f"{each[1]}{each[2] or ''}": float(each[3]) for each in found if each}


@pytest.fixture
def live(
    practice: PracticeWorkspace, open_office: Opened, worlds: Callable[[], Sessions], kit: Kit
) -> Callable[[Callable[[Office], None]], Outside]:
    """Lets a world live in a company that has just begun: what people do, the night's batch, and the sender."""

    begins = kit.sealing.randomness.getstate(), kit.randomness.getstate()

    def world(happens: Callable[[Office], None]) -> Outside:
        kit.sealing.randomness.setstate(begins[0])
        kit.randomness.setstate(begins[1])
        practice.reset()
        practice.move_clock(NOW.timestamp() - practice.now())
        office = open_office(worlds())
        fill_company(office)
        with office.sessions.begin() as session:
            prepare(session, office.kit.randomness)  # as the first night does
            published(session, office.kit, office.now, title="Known")
        office.sessions.destroy()
        log, counted, calls = len(office.log), counts(), len(practice.calls())
        happens(office)
        practice.settle()
        office.kit.randomness.seed("night")
        practice.move_clock(dt.timedelta(days=1).total_seconds())
        Calendar(office.bot).run()
        slack = Slack.at(practice.bot_token, practice.api_url, timeout=5)
        with OnlyOne(office.sessions) as only_one:
            pace = Pace(a_place=0, over_all=0)
            Sender(office.bot, slack, pace=pace, pause=lambda _seconds: None, only_one=only_one).run()
        office.sessions.destroy()
        said = [(call["method"], _plain(call["args"])) for call in practice.calls()[calls:]]
        after = {name: value - counted.get(name, 0) for name, value in counts().items()}
        lines = [{key: line[key] for key in line if key != "timestamp"} for line in office.log[log:]]
        return Outside(dump(office.sessions), lines, after, [each for each in said if each[0] not in OWN])

    return world


def _plain(args: Mapping[str, Any]) -> str:
    return repr(sorted(args.items()))


def kept(
    outside: Outside, *, masked: frozenset[str] = frozenset(), without: frozenset[str] = frozenset()
) -> Any:
    """Every table in storage order, with some columns masked; what a hash alone puts in order is put in another."""
    tables = {}
    for name, rows in outside.kept.tables.items():
        if name not in without:
            shown = [
                {key: "masked" if value and key in masked else value for key, value in row.items()}
                for row in rows
            ]
            if masked & VOICES and any("voice" in row for row in rows):
                shown = sorted(({**row, PLACE: 0} for row in shown), key=str)
            tables[name] = shown
    return _ranked(tables)


def _ranked(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Transactions by their order: their numbers are of the whole server."""
    numbers = sorted({row[TRANSACTION] for rows in tables.values() for row in rows if TRANSACTION in row})
    ranks = {number: rank for rank, number in enumerate(numbers)}
    return {
        name: [{**row, TRANSACTION: ranks[row[TRANSACTION]]} if TRANSACTION in row else row for row in rows]
        for name, rows in tables.items()
    }


def raises(who: str, **more: str) -> Callable[[Office], None]:
    filled = {**FILLED, **more}

    def happens(office: Office) -> None:
        # A code belongs to its words, whatever came before: else the order of a day would draw other codes.
        office.kit.randomness.seed(filled["title"])
        office.slash(who)
        outcome = office.practice.submit(who, filled)
        assert outcome.ok
        assert "Heard" in str(outcome.views[-1])

    return happens


def confirms(who: str) -> Callable[[Office], None]:
    def happens(office: Office) -> None:
        office.slash(who, "show 1")
        with office.sessions.reading() as session:
            (problem,) = queries.published(session, before=None, most=2)
        assert office.practice.press(who, f"{HITS_US}:{problem.id}").ok

    return happens


# niamh is of Support; the others are of other teams, and speak other languages.
@pytest.mark.parametrize("other", ["priya", "elif"])
def test_an_anonymous_raise_leaves_and_lets_out_nothing_of_who_it_was(
    live: Callable[[Callable[[Office], None]], Outside], other: str
) -> None:
    one, another = (live(raises(who, way="anonymous")) for who in ("niamh", other))
    assert kept(one) == kept(another)
    assert (one.log, one.counted, one.calls) == (another.log, another.counted, another.calls)
    assert one.calls != []


def test_a_confidential_raise_leaves_a_sealed_address_and_lets_out_nothing(
    live: Callable[[Callable[[Office], None]], Outside],
) -> None:
    one, another = (live(raises(who)) for who in ("niamh", "elif"))
    assert kept(one, masked=frozenset(SEALED), without=frozenset(FORMS)) == kept(
        another, masked=frozenset(SEALED), without=frozenset(FORMS)
    )
    assert (one.log, one.counted, one.calls) == (another.log, another.counted, another.calls)


def test_a_confirmation_leaves_a_hash_and_lets_out_nothing_of_who_of_the_team_it_was(
    live: Callable[[Callable[[Office], None]], Outside],
) -> None:
    one, another = (live(confirms(who)) for who in ("niamh", "junko"))
    assert kept(one, masked=frozenset(SEALED | VOICES)) == kept(another, masked=frozenset(SEALED | VOICES))
    assert (one.log, one.counted, one.calls) == (another.log, another.counted, another.calls)


def a_day(order: Sequence[Callable[[Office], None]], minutes: Sequence[int]) -> Callable[[Office], None]:
    """Acts one after the other, each so many minutes after the one before."""

    def happens(office: Office) -> None:
        for act, wait in zip(order, minutes, strict=True):
            office.practice.move_clock(60 * wait)
            act(office)

    return happens


def another_day(chance: random.Random) -> list[Callable[[Office], None]]:
    """Six raises in three ways and a confirmation, of people of several teams and in several languages."""
    people = chance.sample(["niamh", "priya", "elif", "junko", "marcus", "ines", "carlos"], 5)
    words = chance.sample(
        ["Releases reach us last", "Budgets close early", "Two trackers differ", "Names drift"], 4
    )
    ways: list[dict[str, Any]] = [{"way": "anonymous"}, {"way": "anonymous"}, {}, {}]
    raised = [
        raises(who, **{**way, "title": title}) for who, way, title in zip(people, ways, words, strict=False)
    ]
    return [*raised, confirms(people[4])]


@pytest.mark.parametrize("seed", range(PAIRS))
def test_the_order_and_the_minutes_of_a_day_leave_and_let_out_nothing(
    live: Callable[[Callable[[Office], None]], Outside], seed: int
) -> None:
    chance = random.Random(seed)
    acts = another_day(chance)
    orders = [acts, chance.sample(acts, len(acts))]
    one, another = (live(a_day(order, [chance.randrange(40) for _ in order])) for order in orders)
    masked = frozenset(SEALED | VOICES)
    left = [kept(each, masked=masked, without=frozenset(FORMS)) for each in (one, another)]
    assert differing(*left) == []
    assert left[0] == left[1]
    assert (one.log, one.counted, one.calls) == (another.log, another.counted, another.calls)


def differing(one: Any, another: Any) -> list[str]:
    """Where two dumps differ, cell by cell, as far as they have the same rows."""
    return [
        f"{table}.{column} {row[column]!r} {other.get(column)!r}"
        for table in one
        for row, other in zip(one[table], another[table], strict=False)
        for column in row
        if row[column] != other.get(column)
    ]


def test_a_world_with_a_talkative_log_would_be_told_apart(
    live: Callable[[Callable[[Office], None]], Outside],
) -> None:
    def talks(who: str) -> Callable[[Office], None]:
        def happens(office: Office) -> None:
            raises(who, way="anonymous")(office)
            team = "Support" if who == "niamh" else "Checkout"
            structlog.get_logger("bot").debug("raised", reason=team)

        return happens

    one, another = (live(talks(who)) for who in ("niamh", "priya"))
    assert one.log != another.log
