"""How a person hears of news: the person's own row, of which the default leaves none."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import sqlalchemy as sa

from bot.core.identity import hearing
from bot.core.identity.records import Hearing, Hears
from bot.core.identity.sealing import Sealing
from bot.core.kit import Kit
from bot.core.replies import destroyed, forgetting, stored
from bot.core.store import Sessions
from tests.company import RAISER, STRANGER


def test_the_default_leaves_no_row_and_the_last_choice_counts(sessions: Sessions, kit: Kit) -> None:
    with sessions.begin() as session:
        assert hearing.hears(session, RAISER.person, kit.sealing) is Hears.MORNINGS
        for how in (Hears.MONDAYS, Hears.NEVER):
            hearing.choose(session, RAISER, how, sealing=kit.sealing)
            assert hearing.hears(session, RAISER.person, kit.sealing) is how
        assert hearing.hears(session, STRANGER.person, kit.sealing) is Hears.MORNINGS
        hearing.choose(session, RAISER, Hears.MORNINGS, sealing=kit.sealing)
        assert session.scalars(sa.select(Hearing)).all() == []


def test_it_is_shown_to_its_person_and_forgotten_also_after_a_restore(
    sessions: Sessions, kit: Kit, at: dt.datetime, tmp_path: Path
) -> None:
    file = tmp_path / "destroyed.txt"
    with sessions.begin() as session:
        hearing.choose(session, RAISER, Hears.NEVER, sealing=kit.sealing)
        hearing.choose(session, STRANGER, Hears.NEVER, sealing=kit.sealing)
        shown = stored.what_is_stored(session, RAISER, kit)
        assert [each.kind for each in shown] == [stored.Kind.HEARING]
        forgetting.forget(session, RAISER, kit=kit)
        assert hearing.hears(session, RAISER.person, kit.sealing) is Hears.MORNINGS
    forgetting.sweep(sessions, kit=kit, at=at, path=file)
    with sessions.begin() as session:  # a backup brings it back
        hearing.choose(session, RAISER, Hears.NEVER, sealing=kit.sealing)
        assert destroyed.replay(session, file, kit=kit) == 1
        assert hearing.hears(session, RAISER.person, kit.sealing) is Hears.MORNINGS
        assert hearing.hears(session, STRANGER.person, kit.sealing) is Hears.NEVER


def test_no_row_says_of_whom_it_is_an_older_releases_neither(sessions: Sessions, kit: Kit) -> None:
    with sessions.begin() as session:
        hearing.choose(session, RAISER, Hears.MONDAYS, sealing=kit.sealing)
        session.add(Hearing(person=STRANGER.person, hears=Hears.NEVER.value))
        session.flush()
        assert hearing.hears(session, STRANGER.person, kit.sealing) is Hears.NEVER
        hearing.hide_older(session, kit.sealing)
        assert hearing.hears(session, STRANGER.person, kit.sealing) is Hears.NEVER
        assert hearing.hears(session, RAISER.person, kit.sealing) is Hears.MONDAYS
        kept = set(session.scalars(sa.select(Hearing.person)))
    assert len(kept) == 2
    assert not kept & {RAISER.person, STRANGER.person}


def test_a_choice_is_found_again_under_a_new_key(sessions: Sessions, kit: Kit) -> None:
    newer = Sealing([bytes(range(32)), *kit.sealing.keys], kit.randomness)
    with sessions.begin() as session:
        hearing.choose(session, RAISER, Hears.NEVER, sealing=kit.sealing)
        assert hearing.hears(session, RAISER.person, newer) is Hears.NEVER
        hearing.choose(session, RAISER, Hears.MORNINGS, sealing=newer)
        assert session.scalars(sa.select(Hearing)).all() == []
