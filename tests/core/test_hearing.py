"""How a person hears of news: the person's own row, of which the default leaves none."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import sqlalchemy as sa

from bot.core.identity import hearing
from bot.core.identity.records import Hearing, Hears
from bot.core.kit import Kit
from bot.core.replies import destroyed, forgetting, stored
from bot.core.store import Sessions
from tests.company import RAISER, STRANGER


def test_the_default_leaves_no_row_and_the_last_choice_counts(sessions: Sessions) -> None:
    with sessions.begin() as session:
        assert hearing.hears(session, RAISER.person) is Hears.MORNINGS
        for how in (Hears.MONDAYS, Hears.NEVER):
            hearing.choose(session, RAISER, how)
            assert hearing.hears(session, RAISER.person) is how
        assert hearing.hears(session, STRANGER.person) is Hears.MORNINGS
        hearing.choose(session, RAISER, Hears.MORNINGS)
        assert session.scalars(sa.select(Hearing)).all() == []


def test_it_is_shown_to_its_person_and_forgotten_also_after_a_restore(
    sessions: Sessions, kit: Kit, at: dt.datetime, tmp_path: Path
) -> None:
    file = tmp_path / "destroyed.txt"
    with sessions.begin() as session:
        hearing.choose(session, RAISER, Hears.NEVER)
        hearing.choose(session, STRANGER, Hears.NEVER)
        shown = stored.what_is_stored(session, RAISER, kit)
        assert [each.kind for each in shown] == [stored.Kind.HEARING]
        forgetting.forget(session, RAISER, kit=kit)
        assert hearing.hears(session, RAISER.person) is Hears.MORNINGS
    forgetting.sweep(sessions, kit=kit, at=at, path=file)
    with sessions.begin() as session:  # a backup brings it back
        hearing.choose(session, RAISER, Hears.NEVER)
        assert destroyed.replay(session, file, kit=kit) == 1
        assert hearing.hears(session, RAISER.person) is Hears.MORNINGS
        assert hearing.hears(session, STRANGER.person) is Hears.NEVER
