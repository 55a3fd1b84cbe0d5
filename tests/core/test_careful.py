"""The careful mode: chosen at any time, open without a choice, left with a sentence that the next edition says."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from bot.core.identity import installation
from bot.core.identity.installation import Mode
from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.problems.records import Audit
from bot.core.replies import careful
from bot.core.store import Sessions
from tests.company import AMARA, STRANGER, appoint, refused


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
