"""A new sealing key takes over; a lost one takes nothing with it but the addresses that it sealed."""

from __future__ import annotations

import datetime as dt
import random

import sqlalchemy as sa

from bot.core.identity.erasures import hidden
from bot.core.identity.sealing import Sealing, fingerprint
from bot.core.kit import Kit
from bot.core.outbox import Message
from bot.core.problems import acts, batch, queries, triage
from bot.core.problems.records import Problem, State
from bot.core.problems.telling import tell_raiser, tell_stewards
from bot.core.problems.wording import Wording
from bot.core.replies import forgetting, keys
from bot.core.store import Sessions
from tests.company import AMARA, RAISER, WORDS, person, published, run_batch, the_new_one, together
from tests.conftest import KEY, new_kit

NEW = bytes(reversed(range(32)))


def both(seed: int = 9) -> Kit:
    """The new key writes, the old one still reads."""
    return Kit.of(Sealing([NEW, KEY], random.Random(seed)), random.Random(seed + 1))


def sealed(sessions: Sessions, kit: Kit, at: dt.datetime, *, most: int) -> None:
    with sessions.begin() as session:
        for number in range(most):
            wording = Wording(f"Number {number}", "For us this means waiting.")
            acts.raise_confidential(session, person(number), wording, form=f"V{number}", kit=kit)
    run_batch(sessions, kit, at)


def raisers(sessions: Sessions, kit: Kit) -> set[str | None]:
    with sessions.reading() as session:
        return {queries.raiser_of(problem, kit) for problem in session.scalars(sa.select(Problem))}


def test_all_that_is_kept_is_sealed_anew_and_the_old_key_can_go(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    sealed(sessions, kit, at, most=5)
    everybody = {person(number).person for number in range(5)}
    with sessions.begin() as session:
        tell_stewards(session, kit, at=at)
        tell_raiser(session, session.scalars(sa.select(Problem)).first(), kit, at=at)
        forgetting.forget(session, person(3), kit=kit)
        covered = hidden(session, kit.sealing)
    waiting = 0
    with sessions.reading() as session:
        waiting = session.scalar(sa.select(sa.func.count()).select_from(Message)) or 0
    assert keys.reseal(sessions, both()) == keys.Resealed(done=5 + waiting + 1, lost=0)
    assert keys.reseal(sessions, both()) == keys.Resealed(done=0, lost=0)
    alone = new_kit(key=NEW)
    assert raisers(sessions, alone) == everybody
    with sessions.reading() as session:
        assert hidden(session, alone.sealing) == covered
        # The hashes of open problems can't be made anew: their key is needed until these close.
        assert keys.keys_in_use(session) == {fingerprint(KEY), fingerprint(NEW)}
    with sessions.begin() as session:
        for problem in session.scalars(sa.select(Problem)):
            triage.close(session, AMARA, problem.id, "Done.", kit=alone, at=at, news_at=at)
        assert keys.keys_in_use(session) == {fingerprint(NEW)}


def test_two_processes_that_rotate_at_once_lose_nothing(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    sealed(sessions, kit, at, most=60)
    done = together(4, lambda number: keys.reseal(sessions, both(number)))
    assert sum(each.done for each in done) == 60
    assert raisers(sessions, new_kit(key=NEW)) == {person(number).person for number in range(60)}


def test_what_is_destroyed_while_it_is_sealed_anew_stays_destroyed(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    sealed(sessions, kit, at, most=2)
    rotating = both()
    with sessions.reading() as session:
        rows = keys._older(session, keys._SEALED[0], -1, rotating.sealing)
    fresh = list(keys._anew(keys._SEALED[0], rows, rotating.sealing))
    with sessions.begin() as session:
        gone = session.scalars(sa.select(Problem)).first()
        assert gone is not None
        gone.sealed_address = None
        session.flush()
        swapped = [keys._swap(session, keys._SEALED[0], *each) for each in fresh]
        assert sorted(swapped) == [0, 1]
        session.expire_all()
        assert gone.sealed_address is None


def test_what_was_sealed_with_a_lost_key_is_counted_and_left_as_it_is(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    sealed(sessions, kit, at, most=3)
    assert keys.reseal(sessions, new_kit(key=NEW)) == keys.Resealed(done=0, lost=3)
    assert raisers(sessions, kit) == {person(number).person for number in range(3)}


def test_with_a_lost_key_everything_goes_on_that_does_not_need_it(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    sealed(sessions, kit, at, most=1)
    other = new_kit(1, key=NEW)
    with sessions.begin() as session:
        lost = the_new_one(session).id
        assert [problem.id for problem in queries.unreachable(session, other)] == [lost]
        triage.publish(session, AMARA, lost, kit=other, at=at, news_at=at)
        assert published(session, other, at).number == 2
        acts.raise_confidential(session, RAISER, WORDS, form="V9", kit=other)
        acts.raise_anonymous(session, WORDS, digits="1234567890123456", kit=other)
        assert queries.mine(session, RAISER, other).waiting == 1
        triage.close(session, AMARA, lost, "Done.", kit=other, at=at, news_at=at)
    with sessions.begin() as session:
        assert batch.run(session, day=at.date() + dt.timedelta(days=1), kit=other, at=at) == 2
        assert queries.count_in(session, State.NEW) == 2
        # Nobody waits for a key that a raise of today was sealed with.
        assert [problem.id for problem in queries.unreachable(session, other)] == [lost]
