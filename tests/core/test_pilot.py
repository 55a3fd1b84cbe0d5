"""A pilot locks when it starts; what is changed afterwards stays to be seen."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.core.decisions.records import Decision, Guardrail, Payer
from bot.core.kit import Kit
from bot.core.pilot import acts, counting, queries
from bot.core.pilot.counting import Beside
from bot.core.pilot.facts_rules import Facts, Range, Side, Stage, TeamActed
from bot.core.pilot.records import StewardHours
from bot.core.pilot.report import report
from bot.core.pilot.rules import Definition, Figure, Line, Phase
from bot.core.problems.acts import confirm
from bot.core.problems.records import Audit
from bot.core.problems.work_records import CostCount
from bot.core.pulse.records import Side as Asked
from bot.core.pulse.records import ToneShown
from bot.core.refusal import Refusal, Stale
from bot.core.store import Sessions
from bot.core.teams.queries import functions
from bot.slack.pilot.counted import tone_by_side
from bot.words import Words
from tests.company import (
    AMARA,
    JONAS,
    STRANGER,
    appoint,
    person,
    published,
    raised,
    refused,
    run_batch,
    team,
)

PILOT = Definition("Does it help?", "The two heads", "Judging people")
WEEK = dt.timedelta(weeks=1)


def begun(sessions: Sessions, kit: Kit, at: dt.datetime, definition: Definition = PILOT) -> None:
    with sessions.begin() as session:
        acts.write_down(session, AMARA, definition, kit=kit, at=at)
        acts.start(session, AMARA, kit=kit, at=at)


def test_it_starts_on_the_coming_monday_and_reads_back_what_was_written(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        team(session, kit, "Checkout", [person(1)], function="Engineering")
        (ident,) = functions(session)
    definition = replace(PILOT, functions=(ident,), lines={Figure.TONE: Line(4, 2)})
    with sessions.begin() as session:
        acts.write_down(session, AMARA, PILOT, kit=kit, at=at)
    with sessions.begin() as session:  # a draft is rewritten
        acts.write_down(session, JONAS, definition, kit=kit, at=at)
        acts.start(session, AMARA, kit=kit, at=at)
    with sessions.reading() as session:
        found = queries.shown(session)
        assert found is not None
        assert found.definition == definition
        assert found.functions == ("Engineering",)
        assert found.times is not None
        assert found.times.starts == dt.date(2026, 11, 23)
        assert found.phase(at.date()) is Phase.BEFORE
        told = session.execute(sa.select(Audit.steward, Audit.act)).all()
        assert {tuple(row) for row in told} == {
            (AMARA.person, "pilot_written"),
            (JONAS.person, "pilot_written"),
            (AMARA.person, "pilot_started"),
        }


def test_only_stewards_and_only_what_is_there(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    for act in (acts.write_down, acts.change):
        rest = (PILOT,) if act is acts.write_down else (PILOT, "because")
        assert "stewards" in refused(sessions, act, STRANGER, *rest, kit=kit, at=at)
    assert "No pilot" in refused(sessions, acts.start, AMARA, kit=kit, at=at)
    assert "No pilot" in refused(sessions, acts.end, AMARA, "enough", kit=kit, at=at)
    gone = replace(PILOT, functions=(12345,))
    assert "functions" in refused(sessions, acts.write_down, AMARA, gone, kit=kit, at=at)
    assert "look at" in refused(sessions, acts.write_down, AMARA, replace(PILOT, lines={}), kit=kit, at=at)


def test_once_started_it_is_changed_with_a_sentence_and_the_change_is_kept(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    begun(sessions, kit, at)
    other = replace(PILOT, decides="The board", lines={**PILOT.lines, Figure.TONE: Line(4, 2)})
    assert "started" in refused(sessions, acts.write_down, AMARA, other, kit=kit, at=at)
    assert "started" in refused(sessions, acts.start, AMARA, kit=kit, at=at)
    assert "Why" in refused(sessions, acts.change, AMARA, other, " ", kit=kit, at=at)
    with sessions.begin() as session:
        assert acts.change(session, AMARA, PILOT, "nothing", kit=kit, at=at) == 0
        assert acts.change(session, AMARA, other, "One head has left.", kit=kit, at=at) == 2
    with sessions.reading() as session:
        found = queries.shown(session)
        assert found is not None
        assert found.definition == other
        assert [(each.what, each.was, each.becomes, each.because) for each in found.changes] == [
            ("decides", "The two heads", "The board", "One head has left."),
            ("tone", "3.5 2.5", "4 2", "One head has left."),
        ]


def test_a_pilot_that_is_over_stays_as_it_is_until_another_takes_its_place(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    begun(sessions, kit, at)
    with sessions.begin() as session:
        acts.end(session, JONAS, "Nobody answered.", kit=kit, at=at + 3 * WEEK)
    later = at + 4 * WEEK
    assert "over" in refused(sessions, acts.change, AMARA, PILOT, "why", kit=kit, at=later)
    assert "over" in refused(sessions, acts.end, AMARA, "again", kit=kit, at=later)
    with sessions.reading() as session:
        found = queries.shown(session)
        assert found is not None
        assert found.ended_because == "Nobody answered."
        assert found.phase(later.date()) is Phase.OVER
    begun(sessions, kit, later, replace(PILOT, question="And now?"))
    with sessions.reading() as session:
        found = queries.shown(session)
        assert found is not None
        assert found.definition.question == "And now?"
        assert found.changes == ()


def test_hours_of_a_week_are_a_stewards_last_word_and_name_nobody(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    begun(sessions, kit, at)
    week = (at + WEEK).date()
    with sessions.begin() as session:
        acts.give_hours(session, AMARA, 1, 2, week=week, kit=kit, at=at + WEEK)
        acts.give_hours(session, AMARA, 3, 5, week=week, kit=kit, at=at + WEEK)
        acts.give_hours(session, JONAS, 2, 2, week=week, kit=kit, at=at + WEEK)
    with sessions.reading() as session:
        rows = session.execute(sa.select(StewardHours.low, StewardHours.high, StewardHours.week)).all()
        assert sorted(tuple(row) for row in rows) == [
            (2, 2, dt.date(2026, 11, 23)),
            (3, 5, dt.date(2026, 11, 23)),
        ]
    with sessions.begin() as session, pytest.raises(Refusal):
        acts.give_hours(session, AMARA, 5, 3, week=week, kit=kit, at=at + WEEK)


def test_a_steward_who_is_forgotten_leaves_the_hours_as_nobodys(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    begun(sessions, kit, at)
    with sessions.begin() as session:
        for weeks in (1, 2):
            later = at + weeks * WEEK
            acts.give_hours(session, AMARA, weeks, 5, week=later.date(), kit=kit, at=later)
        acts.give_hours(session, JONAS, 9, 9, week=(at + WEEK).date(), kit=kit, at=at + WEEK)
    with sessions.begin() as session:
        assert len(acts.stored_of(session, AMARA, kit)) == 2
        acts.forget(session, AMARA.person, kit)
        assert acts.stored_of(session, AMARA, kit) == []
        assert len(acts.stored_of(session, JONAS, kit)) == 1
    with sessions.reading() as session:
        rows = session.execute(sa.select(StewardHours.low, StewardHours.mark)).all()
    assert sorted(low for low, _ in rows) == [1, 2, 9]
    assert len({mark for _, mark in rows}) == 3


def test_two_stewards_who_start_at_once_start_it_once(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    begun(sessions, kit, at)
    with sessions.begin() as session, pytest.raises(Stale):
        acts.start(session, JONAS, kit=kit, at=at)


def test_a_week_is_counted_once_on_either_database(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    appoint(sessions)
    begun(sessions, kit, at)
    monday = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
    with sessions.begin() as session:
        many = [person(number) for number in range(6)]
        checkout = team(session, kit, "Checkout", many, function="Engineering")
        team(session, kit, "Tiny", [person(7)], function="Engineering")
        ident = published(session, kit, monday).id
        confirm(session, many[0], ident, kit=kit)
        raised(session, kit, at, title="Before the pilot")
        acts.give_hours(session, AMARA, 1, 2, week=monday.date(), kit=kit, at=monday)
        running = Decision(
            id=1,
            problem_id=ident,
            state="running",
            sentence="One list.",
            stop_rule="More work than before.",
            decided_on=monday.date(),
            review_on=(monday + 6 * WEEK).date(),
        )
        session.add(running)
        session.flush()
        carries = {"since": monday.date(), "until": (monday + 10 * WEEK).date()}
        session.add(Payer(decision_id=1, team_id=checkout.id, hours_low=2, hours_high=4, **carries))
        for number, held in enumerate((True, False, None), 1):
            session.add(Guardrail(id=number, decision_id=1, line="x", check_on=monday.date(), held=held))
    run_batch(sessions, kit, monday)
    working: Any = {"zone": ZoneInfo("UTC"), "free": lambda _day: False}
    with sessions.begin() as session:
        assert counting.due(session, at=monday) is None
        assert counting.latest(session) is None
        assert counting.keep(session, Beside(), at=monday + WEEK, **working)
        assert not counting.keep(session, Beside(), at=monday + WEEK, **working)
    with sessions.reading() as session:
        facts = counting.latest(session)
    assert facts is not None
    assert [each.stage for each in facts.problems] == [Stage.RAISED]
    assert facts.teams == (TeamActed("Engineering", True),)
    assert facts.spent == (Range(1, 1.5, 2),)
    assert facts.costs == (Range(2, 3, 4),)
    assert (facts.decisions, facts.reviewed, facts.guardrails) == (1, 0, (1, 1, 1))
    assert (facts.weeks, facts.over) == (1, False)
    with sessions.begin() as session:
        # The same on the last Monday, whatever the day; then the pilot is over and nothing is counted any more.
        assert counting.keep(session, Beside(), at=monday + 16 * WEEK, **working)
        assert not counting.keep(session, Beside(), at=monday + 30 * WEEK, **working)
    with sessions.reading() as session:
        last = counting.latest(session)
    assert last is not None
    assert (last.weeks, last.over) == (14, True)
    assert last.costs == (Range(20, 30, 40),)


def shown_so_far(sessions: Sessions, tone: dict[str, int], cost: dict[str, int]) -> None:
    """What contacts felt like to functions, and what raising cost, as their rooms show it."""
    with sessions.begin() as session:
        session.merge(ToneShown(side=Asked.FUNCTION.value, counts=tone))
        for answer, times in cost.items():
            session.merge(CostCount(answer=answer, number=times, shown=times))


def test_tone_and_cost_are_of_answers_since_it_was_started_and_never_of_a_handful(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        acts.write_down(session, AMARA, PILOT, kit=kit, at=at)
    shown_so_far(sessions, {"1": 4, "5": 1}, {"no": 2, "little": 0, "yes": 3})
    with sessions.begin() as session:
        acts.start(session, AMARA, kit=kit, at=at, tone=tone_by_side(session))
    monday = at + 2 * WEEK

    def counted_now() -> Facts:
        with sessions.reading() as session:
            pilot = queries.standing(session)
            assert pilot is not None
            beside = Beside(tone=tone_by_side(session))
            return counting.count(
                session, pilot, beside, monday=monday.date(), zone=ZoneInfo("UTC"), free=lambda _day: False
            )

    nothing_yet = counted_now()
    assert sum(nothing_yet.cost.values()) == 0
    assert sum(nothing_yet.tone[Side.FUNCTIONS].values()) == 0
    shown_so_far(sessions, {"1": 4, "4": 3, "5": 4}, {"no": 8, "little": 1, "yes": 3})
    found = counted_now()
    assert {point: times for point, times in found.tone[Side.FUNCTIONS].items() if times} == {4: 3, 5: 3}
    assert found.cost == {"no": 6, "little": 1, "yes": 0}
    with sessions.reading() as session:
        pilot = queries.shown(session)
    assert pilot is not None
    said = {each.key: each for each in report(Words.of("en"), pilot, found, pictures=False).sections}
    assert "since the pilot was started" in said["tone"].notes[0]
    assert "since the pilot was started" in said["cost"].notes[0]
    with sessions.begin() as session:
        older = queries.standing(session)
        assert older is not None
        older.felt_before = None  # it started before this was kept
    everything = counted_now()
    assert sum(everything.cost.values()) == 12
    with sessions.reading() as session:
        pilot = queries.shown(session)
    assert pilot is not None
    said = {each.key: each for each in report(Words.of("en"), pilot, everything, pictures=False).sections}
    assert "also those from before the pilot" in said["cost"].notes[0]
