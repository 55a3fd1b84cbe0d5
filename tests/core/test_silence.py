"""Who is quiet is a question to stewards once a quarter; none and four voices read alike."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from bot.core.kit import Kit
from bot.core.outbox import Message
from bot.core.problems import triage
from bot.core.problems.acts import confirm
from bot.core.problems.records import Problem
from bot.core.pulse import silence
from bot.core.store import Sessions
from tests.company import AMARA, ON_SQLITE, appoint, person, published, raised, run_batch, team

#: A day in the quarter after the one that is looked at, whose whole weeks begin on 6 July.
JULY, OCTOBER = dt.datetime(2026, 7, 1, 9, tzinfo=dt.UTC), dt.datetime(2026, 10, 5, 9, tzinfo=dt.UTC)


def look(sessions: Sessions, kit: Kit, at: dt.datetime = OCTOBER) -> tuple[list[str], bool] | None:
    with sessions.begin() as session:
        found = silence.look(session, on=at.date(), kit=kit, at=at)
        return None if found is None else (silence.named(session, found), found.fell)


def company(sessions: Sessions, kit: Kit) -> None:
    appoint(sessions)
    with sessions.begin() as session:
        for number, name in enumerate(("Support", "Platform", "Legal")):
            people = [person(100 * number + each) for each in range(4 if name == "Legal" else 12)]
            team(session, kit, f"{name} one", people, function=name)


def test_a_function_with_fewer_than_five_voices_is_asked_about_once(sessions: Sessions, kit: Kit) -> None:
    company(sessions, kit)
    with sessions.begin() as session:
        idents = [published(session, kit, JULY, title=f"Problem {number}").id for number in range(2)]
        for number in range(5):
            confirm(session, person(number), idents[0], kit=kit)
        for number in range(4):
            confirm(session, person(100 + number), idents[1], kit=kit)
    run_batch(sessions, kit, JULY + dt.timedelta(days=8))
    with sessions.begin() as session:  # closed meanwhile: it leaves voices by team, and the week of closing
        triage.close(
            session, AMARA, idents[0], "Done.", kit=kit, at=JULY + dt.timedelta(days=20), news_at=JULY
        )
    assert look(sessions, kit) == (["Platform"], False), "Legal has four people, and Support has spoken"
    assert look(sessions, kit) is None
    with sessions.reading() as session:
        assert silence.looked(session, on=OCTOBER.date())
        kinds = session.scalars(sa.select(Message.kind).where(Message.kind == "silence")).all()
    assert len(kinds) == 2, "both stewards"


@ON_SQLITE
def test_where_the_bot_was_not_there_all_quarter_nobody_is_called_quiet(sessions: Sessions, kit: Kit) -> None:
    company(sessions, kit)
    with sessions.begin() as session:
        raised(session, kit, JULY + dt.timedelta(days=40))
    assert look(sessions, kit) is None
    with sessions.reading() as session:
        assert silence.looked(session, on=OCTOBER.date())


@ON_SQLITE
def test_a_flow_that_has_fallen_is_noted_for_the_whole_company_alone(sessions: Sessions, kit: Kit) -> None:
    company(sessions, kit)
    with sessions.begin() as session:
        for week in range(12):
            for number in range(6):
                at = OCTOBER - dt.timedelta(weeks=16 - week)
                raised(session, kit, at, title=f"Problem {number} of week {week}")
        assert session.scalar(sa.select(sa.func.count()).select_from(Problem)) == 72
    found = look(sessions, kit)
    assert found is not None
    assert found[1] is True


@ON_SQLITE
def test_a_flow_that_falls_between_two_quarters_is_noted_at_once_and_once(
    sessions: Sessions, kit: Kit
) -> None:
    company(sessions, kit)

    def flow(at: dt.datetime) -> bool:
        with sessions.begin() as session:
            return silence.look_at_flow(session, on=at.date(), kit=kit, at=at)

    november = OCTOBER + dt.timedelta(weeks=6)
    assert not flow(november), "before the quarter's look there is nothing to add it to"
    with sessions.begin() as session:
        for week in range(12):
            for number in range(6):
                at = november - dt.timedelta(weeks=16 - week)
                raised(session, kit, at, title=f"Problem {number} of week {week}")
    steady = look(sessions, kit, OCTOBER)
    assert steady is None or not steady[1]
    assert not flow(OCTOBER)
    assert flow(november)
    assert not flow(november + dt.timedelta(weeks=1))
    with sessions.reading() as session:
        found = silence.latest(session)
        told = [row.about for row in session.scalars(sa.select(Message).where(Message.kind == "silence"))]
    assert found is not None
    assert found.fell
    assert [each.get("flow") for each in told].count(True) == 2, "both stewards"
