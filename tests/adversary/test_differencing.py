"""Two colluding accounts lay side by side all that they are shown: three people of a team stay possible.

And no team's number becomes certain; docs/decisions/0012-bands.md says what that costs.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.core.editions import acts as editions
from bot.core.kit import Kit
from bot.core.problems import acts, queries
from bot.core.problems.breadth_rules import Band
from bot.core.problems.order_rules import freshness, score
from bot.core.problems.rules import Evidence, Finding, find
from bot.core.problems.said import Said
from bot.core.store import Sessions
from bot.slack import cards
from bot.slack.shown import Shown
from bot.words import Words
from tests.adversary import differencing
from tests.adversary.differencing import COMPANIES, PEOPLE, Company, histories, ordered, told
from tests.company import AMARA, JONAS, appoint, person, published, run_batch, team


@pytest.mark.parametrize("sizes", COMPANIES)
def test_three_people_of_a_team_remain_possible_for_every_confirmation(sizes: tuple[int, ...]) -> None:
    assert [each for each in told(sizes) if each.possible < 3] == []


@pytest.mark.parametrize("sizes", COMPANIES)
def test_no_teams_number_becomes_certain(sizes: tuple[int, ...]) -> None:
    assert list(told(sizes)) == []


def test_the_smallest_company_that_knew_its_other_team_knows_nothing_over_two_editions() -> None:
    assert list(told((5, 3), editions=2)) == []


@pytest.mark.parametrize("sizes", COMPANIES)
def test_where_a_problem_stands_beside_another_tells_no_teams_number(sizes: tuple[int, ...]) -> None:
    assert list(ordered(sizes)) == []


def test_the_order_goes_by_words_that_everybody_reads_and_by_nothing_finer_of_who_feels_it() -> None:
    """So no number of problems beside each other tells more than their words."""
    company = Company.of((5, 2, 1))
    by_words: dict[Finding, set[float]] = {}
    for (confirmed,) in histories(PEOPLE, 1, taken_back=False):
        counted = company.evidence(company.counts(confirmed))
        by_words.setdefault(find(counted), set()).add(differencing.order_of(counted, find(counted)))
    assert len(by_words) > 3
    assert all(len(scores) == 1 for scores in by_words.values())


def test_an_order_by_who_confirmed_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(differencing, "order_of", lambda known, finding: score(known, finding.ownership))
    assert list(ordered((5, 2, 1)))


def test_a_still_there_that_waits_longer_for_more_voices_would_be_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def by_all(said: Said, week: dt.date, _band: Band) -> float:
        return freshness([(week - then).days / 7 for then, times in said.weeks.items() for _ in range(times)])

    monkeypatch.setattr(Said, "freshness", by_all)
    assert any(each.count is not None for each in told((8,)))


def test_members_that_all_count_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def plainly(evidence: Evidence) -> Finding:
        people = sum(evidence.felt.values()) + evidence.elsewhere + evidence.unplaced
        return replace(find(evidence), needed_low=people)

    monkeypatch.setattr(differencing, "find", plainly)
    assert list(told((5, 3)))


def test_counts_per_team_on_a_screen_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def counted(evidence: Evidence) -> Finding:
        return replace(find(evidence), attempts=evidence.felt["0"])

    monkeypatch.setattr(differencing, "find", counted)
    assert any(each.count is not None for each in told((8,)))


def test_a_team_under_five_with_two_accounts_in_it_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(differencing, "NAMED_FROM", 3)
    assert any(each.possible < 3 for each in told((3, 3, 2)))


def test_what_anybody_reads_changes_with_an_edition_and_with_nothing_else(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    appoint(sessions)
    with sessions.begin() as session:
        team(session, kit, "Checkout", map(person, range(6)), function="Engineering")
        ident = published(session, kit, at).id

    def compose(week: int) -> None:
        later = at + dt.timedelta(weeks=week)
        with sessions.begin() as session:
            made = editions.compose(
                *(session,),
                period=f"2026-W{47 + week}",
                due_at=later,
                late=False,
                channel="C0",
                kit=kit,
                at=later,
            )
            assert made is not None

    def read() -> list[str]:
        words = Words.of("en")
        with sessions.reading() as session:
            seen = [queries.visible(session, who, ident, kit) for who in (person(0), person(9), AMARA, JONAS)]
            listed = queries.published(session, before=None, most=10)
            return [cards.card_text(words, Shown.of(each)) for each in [*seen, *listed]]

    compose(0)
    before = read()
    with sessions.begin() as session:
        for number in range(5):
            acts.confirm(session, person(number), ident, kit=kit)
    assert read() == before
    run_batch(sessions, kit, at, days=1)
    assert read() == before
    compose(1)
    assert read() != before
