"""The careful mode: chosen at any time, open without a choice, left with a sentence that the next edition says."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.core.editions import acts as editions
from bot.core.identity import installation
from bot.core.identity.installation import Mode
from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.outbox import Message
from bot.core.problems.records import Audit
from bot.core.replies import careful, right_of_reply
from bot.core.store import Sessions
from tests.company import AMARA, STRANGER, appoint, raised, refused, team


def choose(
    sessions: Sessions, kit: Kit, at: dt.datetime, mode: Mode, sentence: str = "", who: Actor = AMARA
) -> None:
    with sessions.begin() as session:
        careful.choose(session, who, mode, sentence, kit=kit, at=at)


def test_without_a_choice_it_is_open_and_a_choice_stands(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    appoint(sessions)
    with sessions.reading() as session:
        assert installation.mode(session) is None
        assert not installation.careful(session)
        assert installation.smallest_named(session) == 5
    choose(sessions, kit, at, Mode.CAREFUL)
    with sessions.reading() as session:
        assert installation.careful(session)
        assert installation.smallest_named(session) == 10
        assert installation.mode_sentence(session) is None
        assert session.scalars(sa.select(Audit.act)).all() == ["mode_careful"]


def test_leaving_it_takes_a_sentence_that_waits_for_the_next_edition(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    appoint(sessions)
    choose(sessions, kit, at, Mode.CAREFUL)
    leave = (careful.choose, AMARA, Mode.OPEN)
    assert "everybody can read" in refused(sessions, *leave, " \n ", kit=kit, at=at)
    assert "can have {most}" in refused(sessions, *leave, "x" * 301, kit=kit, at=at)
    assert "so already" in refused(sessions, careful.choose, AMARA, Mode.CAREFUL, "", kit=kit, at=at)
    assert "for the stewards" in refused(
        sessions, careful.choose, STRANGER, Mode.OPEN, "Why not", kit=kit, at=at
    )
    choose(sessions, kit, at, Mode.OPEN, "The pulse says\nthat we can.")
    with sessions.begin() as session:
        assert installation.mode(session) is Mode.OPEN
        assert installation.mode_sentence(session) == "The pulse says that we can."
        installation.mode_sentence_said(session)
    with sessions.reading() as session:
        assert installation.mode_sentence(session) is None


def composed(sessions: Sessions, kit: Kit, at: dt.datetime, period: str) -> tuple[str | None, list[str]]:
    """The edition's note, and the kinds of messages that wait with it."""
    with sessions.begin() as session:
        session.execute(sa.delete(Message))
        made = editions.compose(session, period=period, due_at=at, late=False, channel="C1", kit=kit, at=at)
        assert made is not None
        return made.note, sorted(session.scalars(sa.select(Message.kind)))


def test_in_it_editions_go_to_stewards_alone_and_the_way_out_stands_in_the_next_one(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    appoint(sessions)
    choose(sessions, kit, at, Mode.CAREFUL)
    assert composed(sessions, kit, at, "2026-W47") == (None, ["edition_to_steward", "edition_to_steward"])
    choose(sessions, kit, at, Mode.OPEN, "The pulse says that we can.")
    with sessions.begin() as session:
        editions.add_note(session, AMARA, "2026-W48", "Welcome back.")
        assert (
            editions.preview(session, at=at, period="2026-W48").note
            == "Welcome back.\nThe pulse says that we can."
        )
    later = at + dt.timedelta(weeks=1)
    assert composed(sessions, kit, later, "2026-W48") == (
        "Welcome back.\nThe pulse says that we can.",
        ["edition"],
    )
    assert composed(sessions, kit, later + dt.timedelta(weeks=1), "2026-W49") == (None, ["edition"])


def test_in_it_nothing_is_published_before_a_team_was_heard(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    appoint(sessions)
    choose(sessions, kit, at, Mode.CAREFUL)
    with sessions.begin() as session:
        ident = raised(session, kit, at).id
        identity = team(session, kit, "Identity").id
    publish = (right_of_reply.publish, AMARA, ident)
    assert "In the careful mode" in refused(sessions, *publish, kit=kit, at=at, news_at=at)
    with sessions.begin() as session:
        right_of_reply.ask_teams(
            session,
            AMARA,
            ident,
            [identity],
            zone=ZoneInfo("UTC"),
            holidays=lambda _day: False,
            kit=kit,
            at=at,
            news_at=at,
        )
    later = at + dt.timedelta(days=10)
    with sessions.begin() as session:
        assert right_of_reply.publish(session, AMARA, ident, kit=kit, at=later, news_at=later).number == 1
