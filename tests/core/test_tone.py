"""How contacts felt: once a side, of nobody in particular, shown from five on and then only after five more."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.problems import handing, triage
from bot.core.problems.lifecycle_rules import Step
from bot.core.pulse import tone
from bot.core.pulse.records import Side, ToneCount, ToneMark
from bot.core.replies import right_of_reply
from bot.core.store import Sessions, monday
from tests.company import AMARA, JONAS, STRANGER, appoint, person, published, raised, refused, team

CONTACT = person(1)
WORKDAYS: Any = {"zone": ZoneInfo("Europe/Berlin"), "holidays": lambda _day: False}


def contact(
    sessions: Sessions, kit: Kit, at: dt.datetime, number: int = 0, *, answered: bool = True
) -> tuple[int, int]:
    """A problem and a team that a steward asked, and that has answered."""
    with sessions.begin() as session:
        identity = team(
            session, kit, f"Identity {number}", [person(n) for n in range(6)], function="Platform"
        )
        identity.contact = CONTACT.person
        problem = raised(session, kit, at, title=f"Sign-in changes {number}")
        triage.set_inputs(
            session,
            AMARA,
            problem.id,
            felt_by=frozenset(),
            needed_from=frozenset([identity.id]),
            ownership=None,
            kit=kit,
            at=at,
        )
        right_of_reply.ask_teams(
            session,
            AMARA,
            problem.id,
            [identity.id],
            **WORKDAYS,
            kit=kit,
            at=at,
            news_at=at,
        )
        if answered:
            right_of_reply.reply(session, CONTACT, problem.id, identity.id, "A list a week ahead.")
        return problem.id, identity.id


def rate(
    sessions: Sessions, kit: Kit, at: dt.datetime, about: tuple[int, int], side: Side, who: Actor, value: int
) -> None:
    with sessions.begin() as session:
        tone.rate(session, who, side, *about, value, kit=kit, at=at)


def test_each_side_says_it_once_and_nobody_else_does(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    appoint(sessions)
    about = contact(sessions, kit, at)
    rate(sessions, kit, at, about, Side.FUNCTION, CONTACT, 4)
    rate(sessions, kit, at, about, Side.STEWARD, AMARA, 2)
    for side, who, value, said in (
        (Side.FUNCTION, CONTACT, 1, "said already"),
        (Side.STEWARD, CONTACT, 1, "nothing here"),
        (Side.FUNCTION, AMARA, 1, "nothing here"),
        (Side.STEWARD, JONAS, 1, "nothing here"),
        (Side.FUNCTION, STRANGER, 1, "nothing here"),
        (Side.FUNCTION, CONTACT, 6, "out of date"),
    ):
        told = refused(sessions, tone.rate, who, side, *about, value, kit=kit, at=at)
        assert said in told
    with sessions.reading() as session:
        rows = {(row.week, row.side, row.value, row.times) for row in session.scalars(sa.select(ToneCount))}
        assert rows == {(monday(at), "function", 4, 1), (monday(at), "steward", 2, 1)}
        assert tone.figures(session) == {}
        assert tone.asked_by(session, *about) == AMARA.person
        for table in (ToneCount, ToneMark):
            assert CONTACT.person not in str(session.execute(sa.select(table.__table__)).all())


def test_before_a_team_has_answered_there_was_no_contact(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    appoint(sessions)
    about = contact(sessions, kit, at, answered=False)
    assert "nothing here" in refused(sessions, tone.rate, CONTACT, Side.FUNCTION, *about, 3, kit=kit, at=at)
    assert "nothing here" in refused(sessions, tone.rate, CONTACT, Side.FUNCTION, 2**70, 3, 3, kit=kit, at=at)


@pytest.mark.parametrize("yes", [True, False])
def test_a_team_that_was_handed_something_is_a_contact_once_it_has_said_whether_it_takes_it(
    sessions: Sessions, kit: Kit, at: dt.datetime, yes: bool
) -> None:
    appoint(sessions)
    with sessions.begin() as session:
        identity = team(session, kit, "Identity", [person(n) for n in range(6)], function="Platform")
        identity.contact = CONTACT.person
        problem = published(session, kit, at)
        due = at.date() + dt.timedelta(days=7)
        handing.hand(
            session, AMARA, problem.id, identity.id, "Could you?", due_on=due, today=at.date(), kit=kit, at=at, news_at=at
        )  # fmt: skip
        # Another steward had asked other teams before: that was another contact.
        triage.note(session, problem, JONAS, Step.ASKED_TEAMS.value, "", kit, at - dt.timedelta(days=3))
        about = problem.id, identity.id
    assert "nothing here" in refused(sessions, tone.rate, CONTACT, Side.FUNCTION, *about, 3, kit=kit, at=at)
    with sessions.begin() as session:
        if yes:
            handing.say_yes(session, CONTACT, *about, "Soon.", kit=kit, news_at=at)
        else:
            handing.say_not_ours(session, CONTACT, *about, "It is Platform's.")
        assert tone.asked_by(session, *about) == AMARA.person
    rate(sessions, kit, at, about, Side.FUNCTION, CONTACT, 4)
    rate(sessions, kit, at, about, Side.STEWARD, AMARA, 3)
    for side, who in ((Side.FUNCTION, CONTACT), (Side.STEWARD, AMARA)):
        assert "said already" in refused(sessions, tone.rate, who, side, *about, 3, kit=kit, at=at)
    assert "nothing here" in refused(sessions, tone.rate, JONAS, Side.STEWARD, *about, 3, kit=kit, at=at)


def test_a_figure_is_shown_from_five_on_and_then_only_after_five_more(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    appoint(sessions)
    seen = []
    for number in range(10):
        about = contact(sessions, kit, at, number)
        rate(sessions, kit, at, about, Side.FUNCTION, CONTACT, 1 + number % 5)
        with sessions.reading() as session:
            seen.append(sum(tone.figures(session).get(Side.FUNCTION, {}).values()))
    assert seen == [0, 0, 0, 0, 5, 5, 5, 5, 5, 10]
