"""What is to be said: written once, taken by one sender, and gone when it was personal."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from bot.core import outbox
from bot.core.kit import Kit
from bot.core.outbox import Message, Sending
from bot.core.store import Sessions
from tests.company import together

LEASE = dt.timedelta(seconds=30)


def all_of(sessions: Sessions) -> list[Message]:
    with sessions.reading() as session:
        return list(session.scalars(sa.select(Message).order_by(Message.due_at)))


def say(sessions: Sessions, kit: Kit, at: dt.datetime, count: int = 1) -> None:
    with sessions.begin() as session:
        for number in range(count):
            kit.outbox.to_channel(session, "C1", "edition", {"n": number}, at=at)


def claim(sessions: Sessions, at: dt.datetime, most: int = 10) -> list[Message]:
    with sessions.begin(patient=True) as session:
        return outbox.claim(session, at=at, most=most, lease=LEASE)


def test_two_claimers_never_take_the_same_row(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    say(sessions, kit, at, 200)

    def take(_number: int) -> list[int]:
        taken: list[int] = []
        while messages := claim(sessions, at, 7):
            taken += [message.id for message in messages]
        return taken

    taken = [each for part in together(4, take) for each in part]
    assert len(taken) == 200
    assert len(set(taken)) == 200


def test_a_message_is_taken_when_it_is_due_and_the_earliest_first(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        for minutes in (2, 1, 61):
            kit.outbox.to_channel(session, "C1", f"in {minutes}", {}, at=at + dt.timedelta(minutes=minutes))
    assert claim(sessions, at) == []
    assert [each.kind for each in claim(sessions, at + dt.timedelta(hours=1))] == ["in 1", "in 2"]


def test_only_the_kinds_that_are_asked_for_are_taken(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    say(sessions, kit, at)
    with sessions.begin() as session:
        assert outbox.claim(session, at=at, most=5, lease=LEASE, kinds=["news"]) == []
        assert len(outbox.claim(session, at=at, most=5, lease=LEASE, kinds=["edition"])) == 1


def test_a_personal_row_is_sealed_and_gone_once_sent(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        kit.outbox.to_person(session, "U0SOMEBODY", "news", {}, at=at, once="news")
        kit.outbox.to_person_in(session, "U0SOMEBODY", "C1", "tag_prompt", {}, at=at)
    for message in claim(sessions, at):
        assert b"U0SOMEBODY" not in (message.sealed_person or b"")
        assert "U0SOMEBODY" not in str(message.once)
        assert message.sealed_person is not None
        bound = f"outbox:{message.id}"
        assert kit.sealing.unseal(message.sealed_person, bound_to=bound) == "U0SOMEBODY"
        with sessions.begin() as session:
            outbox.sent(session, message.id)
    assert all_of(sessions) == []


def test_a_channels_row_stays_without_its_text_and_is_not_sent_again(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        assert kit.outbox.to_channel(session, "C1", "edition", {"words": "x"}, at=at, once="2026-W47")
    (message,) = claim(sessions, at)
    with sessions.begin() as session:
        outbox.sent(session, message.id)
    with sessions.begin() as session:
        assert not kit.outbox.to_channel(session, "C1", "edition", {}, at=at, once="2026-W47")
    (kept,) = all_of(sessions)
    assert (kept.sending, kept.about) == (Sending.SENT.value, {})
    assert claim(sessions, at + dt.timedelta(days=1)) == []


def test_once_says_a_thing_once_also_from_many_threads(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    def to_say(_number: int) -> bool:
        with sessions.begin(patient=True) as session:
            return kit.outbox.to_channel(session, "C1", "edition", {}, at=at, once="2026-W47")

    assert sorted(together(8, to_say)) == [False] * 7 + [True]


def test_once_holds_for_each_person_alone(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        said = [
            kit.outbox.to_person(session, who, "hello", {}, at=at, once="hello") for who in ("U1", "U1", "U2")
        ]
    assert said == [True, False, True]


def test_what_a_dead_sender_had_is_unknown_and_given_out_to_one_at_a_time(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    say(sessions, kit, at)
    claim(sessions, at)
    after = at + LEASE + dt.timedelta(seconds=1)
    with sessions.begin() as session:
        assert outbox.abandoned(session, at=at + dt.timedelta(seconds=1)) == []
        (message,) = outbox.abandoned(session, at=after)
        assert message.sending == Sending.UNKNOWN.value
    assert claim(sessions, after) == []
    with sessions.begin() as session:
        assert outbox.abandoned(session, at=after) == []
        # Whoever was to find out died as well.
        assert len(outbox.abandoned(session, at=after + dt.timedelta(minutes=2))) == 1


def test_a_lost_answer_makes_it_unknown(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    say(sessions, kit, at)
    (message,) = claim(sessions, at)
    with sessions.begin() as session:
        outbox.unsure(session, message.id, at=at, problem_class="Unanswered")
    assert claim(sessions, at + dt.timedelta(days=1)) == []
    with sessions.begin() as session:
        assert [each.id for each in outbox.abandoned(session, at=at)] == [message.id]


def test_a_late_sender_does_not_bring_back_what_was_sent(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    say(sessions, kit, at)
    (message,) = claim(sessions, at)
    with sessions.begin() as session:
        outbox.sent(session, message.id)
        outbox.postpone(session, message.id, until=at, problem_class="RateLimited")
        outbox.give_up(session, message.id, problem_class="Archived")
        outbox.unsure(session, message.id, at=at, problem_class="Unanswered")
    assert claim(sessions, at + dt.timedelta(days=1)) == []
    with sessions.begin() as session:
        assert outbox.abandoned(session, at=at + dt.timedelta(days=1)) == []


def test_a_postponed_message_goes_later_and_its_tries_are_counted(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    say(sessions, kit, at)
    later = at + dt.timedelta(minutes=5)
    for tries in (1, 2, 3):
        (message,) = claim(sessions, later)
        assert message.attempts == tries
        with sessions.begin() as session:
            outbox.postpone(session, message.id, until=later, problem_class="RateLimited")
        assert claim(sessions, at) == []


@pytest.mark.parametrize("held", [False, True])
def test_what_was_given_up_waits_for_a_stewards_word(
    sessions: Sessions, kit: Kit, at: dt.datetime, held: bool
) -> None:
    say(sessions, kit, at)
    (message,) = claim(sessions, at)
    with sessions.begin() as session:
        outbox.give_up(session, message.id, problem_class="Archived", held=held)
        assert [each.problem_class for each in outbox.unsent(session)] == ["Archived"]
    assert claim(sessions, at + dt.timedelta(days=1)) == []
    with sessions.begin() as session:
        assert outbox.again(session, message.id, at=at)
        assert not outbox.again(session, message.id, at=at)
    assert len(claim(sessions, at)) == 1


def test_what_a_steward_drops_is_not_said_again(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        kit.outbox.to_channel(session, "C1", "edition", {}, at=at, once="2026-W47")
        kit.outbox.to_person(session, "U1", "news", {}, at=at)
    for message in claim(sessions, at):
        with sessions.begin() as session:
            assert not outbox.drop(session, message.id)
            outbox.give_up(session, message.id, problem_class="Archived", held=True)
            assert outbox.drop(session, message.id)
            assert not outbox.drop(session, message.id)
    with sessions.begin() as session:
        assert outbox.unsent(session) == []
        assert not kit.outbox.to_channel(session, "C1", "edition", {}, at=at, once="2026-W47")
    assert [each.kind for each in all_of(sessions)] == ["edition"]


def test_nothing_is_said_that_was_not_written(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    class Surprise(Exception):
        pass

    def break_half_way() -> None:
        with sessions.begin() as session:
            kit.outbox.to_channel(session, "C1", "edition", {}, at=at)
            raise Surprise

    with pytest.raises(Surprise):
        break_half_way()
    assert all_of(sessions) == []


def test_a_message_has_exactly_one_recipient(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    values = {"id": 1, "kind": "news", "about": {}, "due_at": at, "sending": "waiting", "attempts": 0}
    for to in ({}, {"channel": "C1", "sealed_person": b"x"}):
        with pytest.raises(sa.exc.IntegrityError), sessions.begin() as session:
            session.execute(sa.insert(Message).values(**values, **to))


def test_a_made_up_message_can_be_neither_sent_nor_dropped(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        for ident in (4711, 0, -1, 2**63, -(2**80)):
            assert not outbox.again(session, ident, at=at)
            assert not outbox.drop(session, ident)
