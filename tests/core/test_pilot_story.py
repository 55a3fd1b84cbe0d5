"""A company goes through a pulse, a pilot of fourteen weeks and a second pulse; the report says what was true."""

from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa

from bot.core import figures
from bot.core.kit import Kit
from bot.core.pilot import counting
from bot.core.pilot.facts_rules import Side, Stage, funnel, total
from bot.core.pilot.queries import shown
from bot.core.pilot.records import PilotWeek
from bot.core.pilot.report import report
from bot.core.pulse.records import Side as Asked
from bot.core.store import Sessions
from bot.words import Words
from tests.company import ON_SQLITE
from tests.core.pilot_company import MONDAY, WEEK, Company


@ON_SQLITE
def test_every_number_of_the_report_is_what_was_true(sessions: Sessions, kit: Kit) -> None:
    company = Company(sessions, kit)
    company.found()
    company.pulse(MONDAY - WEEK, 4.0)
    company.pilot()
    truth = company.truth
    with sessions.reading() as session:
        facts, standing = counting.latest(session), shown(session)
        weeks = session.scalar(sa.select(sa.func.count()).select_from(PilotWeek))
    assert facts is not None
    assert standing is not None
    assert (weeks, facts.weeks, facts.over) == (14, 14, True)

    assert Counter((wait.days, wait.over) for wait in facts.waits) == Counter(truth.waits)
    counts = funnel(facts.problems)
    assert counts[Stage.RAISED] == truth.raised
    assert counts[Stage.ANSWERED] == sum(answered for _, answered in truth.waits)
    assert counts[Stage.DECIDED] == len(truth.decided)
    assert counts[Stage.TRIED] == len(truth.tried)
    assert counts[Stage.CONFIRMED] == len(truth.confirmed)
    assert sum(each.partly for each in facts.problems) == len(truth.partly)
    said = Counter(each.came_back for each in facts.problems)
    assert (said[True], said[False]) == tuple(
        sum(holds is each for holds in truth.holds.values()) for each in (False, True)
    )
    assert sum(each.acted for each in facts.teams) == len(truth.acted)
    assert len(facts.teams) == 15
    helped = truth.confirmed | truth.partly
    given = total(facts.given_back)
    assert given.low == pytest.approx(sum(truth.hours[title][0] * truth.hours[title][2] for title in helped))
    # The public range of hours is rounded outward.
    assert given.high >= sum(truth.hours[title][1] * truth.hours[title][2] for title in helped)
    spent = total(facts.spent)
    assert (spent.low, spent.high) == tuple(sum(hours[end] for hours in truth.spent) for end in (0, 1))
    assert facts.weeks_with_hours == 13
    # Tone and what raising cost are shown again after five more answers only.
    for side, asked in ((Side.STEWARDS, Asked.STEWARD), (Side.FUNCTIONS, Asked.FUNCTION)):
        assert 0 <= truth.tone[asked].total() - sum(facts.tone[side].values()) < 5
        assert all(times <= truth.tone[asked][value] for value, times in facts.tone[side].items())
    assert 0 <= truth.costs.total() - sum(facts.cost.values()) < 5
    assert facts.before is not None
    assert (facts.before.n, facts.before.mean) == (
        len(truth.pulses[0]),
        pytest.approx(sum(truth.pulses[0]) / len(truth.pulses[0])),
    )

    found = {each.key: each for each in report(Words.of("en"), standing, facts, pictures=False).figures}
    in_time = figures.wilson(sum(days <= 2 and over for days, over in truth.waits), len(truth.waits))
    assert (found["answered_in_time"].value, found["answered_in_time"].n) == (in_time.share, truth.raised)
    assert found["confirmed"].value == len(truth.confirmed) / truth.raised
    assert found["participation"].value == len(truth.acted) / 15
    first, second = truth.pulses
    moved = figures.difference(first, second)
    assert (found["pulse"].value, found["pulse"].low, found["pulse"].high) == pytest.approx(
        (moved.difference, moved.low, moved.high)
    )
