"""The emoji tag: any order of deliveries, any number of people, any moment of leaving."""

from __future__ import annotations

import datetime as dt
import random

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.identity.people import Actor
from bot.core.identity.sealing import Sealing
from bot.core.kit import Kit
from bot.core.outbox import Message
from bot.core.problems import acts, tagging, triage
from bot.core.problems.queries import tag_of, tagged_by
from bot.core.problems.records import Confirmation, Inbox, Kind, Problem, Reaction, State, Tag
from bot.core.refusal import NotFound, Refusal
from bot.core.store import Sessions
from bot.core.teams.acts import choose
from tests.company import AMARA, WORDS, empty, person, run_batch, team, together

LEASE = dt.timedelta(seconds=30)
HERE = {"channel": "C1", "message_ts": "1763474400.000100"}


def tag(
    sessions: Sessions, kit: Kit, at: dt.datetime, who: Actor, place: Kind = Kind.PUBLIC, **where: str
) -> int:
    with sessions.begin(patient=True) as session:
        problem = tagging.tag(
            session, who, **{**HERE, **where}, place=place, permalink="https://x/1", kit=kit, at=at
        )
        return problem.id


def untag(sessions: Sessions, kit: Kit, who: Actor) -> Problem | None:
    with sessions.begin(patient=True) as session:
        return tagging.untag(session, who, **HERE, kit=kit)


def inherit(sessions: Sessions, kit: Kit, at: dt.datetime, who: Actor) -> None:
    with sessions.begin(patient=True) as session:
        tagging.inherit(session, who, **HERE, kit=kit, at=at)


def problems(sessions: Sessions) -> list[Problem]:
    with sessions.reading() as session:
        return list(session.scalars(sa.select(Problem)))


def voices(sessions: Sessions) -> int:
    with sessions.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Confirmation)) or 0


def rows(sessions: Sessions, table: type) -> int:
    with sessions.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def note(sessions: Sessions, kit: Kit, at: dt.datetime, event_ts: str, *, there: bool, who: int = 1) -> None:
    with sessions.begin() as session:
        tagging.note(
            session,
            **HERE,
            person=person(who).person,
            emoji="jigsaw",
            event_ts=event_ts,
            there=there,
            kit=kit,
            at=at,
        )


def settle(sessions: Sessions, kit: Kit, at: dt.datetime) -> int:
    """What the worker does, without Slack."""
    with sessions.begin() as session:
        due = tagging.due(session, kit=kit, at=at, most=100, lease=LEASE)
    for noted in due:
        with sessions.begin() as session:
            if not tagging.settled(session, noted):
                continue
            where = {"channel": noted.channel, "message_ts": noted.message_ts, "kit": kit}
            if noted.there:
                tagging.tag(session, Actor(noted.person), **where, place=Kind.PUBLIC, permalink=None, at=at)
            else:
                tagging.untag(session, Actor(noted.person), **where)
    return len(due)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_late_added_does_not_undo_a_removed_in_any_order_of_deliveries(
    sessions: Sessions, kit: Kit, at: dt.datetime, data: st.DataObject
) -> None:
    with sessions.begin() as session:
        empty(session)
    # What two people did, then every delivery of it one to three times, shuffled, the worker coming by at any moment.
    acted = {
        who: data.draw(st.lists(st.booleans(), min_size=1, max_size=4), label=f"person {who}")
        for who in (1, 2)
    }
    deliveries = [
        (who, f"17634744{place:02}.000{who}00", there)
        for who, acts_ in acted.items()
        for place, there in enumerate(acts_)
        for _ in range(data.draw(st.integers(1, 3)))
    ]
    moment = at
    for who, event_ts, there in data.draw(st.permutations(deliveries)):
        moment += dt.timedelta(seconds=31)
        note(sessions, kit, moment, event_ts, there=there, who=who)
        if data.draw(st.booleans()):
            settle(sessions, kit, moment)
    settle(sessions, kit, moment + LEASE)
    there = {who for who, said in acted.items() if said[-1]}
    found = problems(sessions)
    assert len(found) == bool(there)
    if found:
        with sessions.reading() as session:
            standing = session.scalars(sa.select(Inbox.mark)).all()
            said_by = {
                who
                for who in (1, 2)
                if kit.sealing.voice(
                    person(who).person, salt=found[0].salt or b"", mark=found[0].salt_mark or b""
                )
                in standing
            }
        taggers = {who for who in (1, 2) if person(who).person == found[0].raiser}
        # A first tagger who left is replaced by the worker, which knows whose emoji stands; here nobody is asked.
        assert taggers | said_by == there
        assert not taggers & said_by


def test_a_settled_reaction_says_no_more_who_it_was_and_is_forgotten(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    then = f"{at.timestamp():.6f}"
    note(sessions, kit, at, then, there=True)
    with sessions.reading() as session:
        row = session.scalars(sa.select(Reaction)).one()
        assert row.sealed is not None
        assert person(1).person.encode() not in row.sealed
    assert settle(sessions, kit, at) == 1
    assert settle(sessions, kit, at + LEASE) == 0
    with sessions.begin() as session:
        assert session.scalars(sa.select(Reaction.sealed)).all() == [None]
        tagging.forget(session, before=at - tagging.REMEMBERED)
        assert session.scalar(sa.select(sa.func.count()).select_from(Reaction)) == 1
        tagging.forget(session, before=at + tagging.REMEMBERED)
        assert session.scalar(sa.select(sa.func.count()).select_from(Reaction)) == 0


def test_an_unsettled_reaction_is_not_forgotten(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    note(sessions, kit, at, f"{at.timestamp():.6f}", there=True)
    with sessions.begin() as session:
        tagging.forget(session, before=at + dt.timedelta(days=3))
    assert settle(sessions, kit, at) == 1


def test_a_reaction_of_a_lost_key_is_let_go(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    note(sessions, kit, at, "1763474400.000100", there=True)
    other = Kit.of(Sealing([b"x" * 32], random.Random(1)), random.Random(1))
    assert settle(sessions, other, at) == 0
    assert settle(sessions, kit, at + LEASE) == 0


def test_reactions_are_given_to_one_worker_each(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    for who in range(40):
        note(sessions, kit, at, "1763474400.000100", there=True, who=who)

    def take(_number: int) -> list[str]:
        taken = []
        while True:
            with sessions.begin(patient=True) as session:
                due = tagging.due(session, kit=kit, at=at, most=3, lease=LEASE)
            if not due:
                return taken
            taken += [noted.person for noted in due]

    taken = [each for part in together(4, take) for each in part]
    assert sorted(taken) == sorted(person(who).person for who in range(40))


def test_the_first_tag_waits_for_words_and_asks_the_tagger_alone(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        own = team(session, kit, "Support", [person(1)]).id
    ident = tag(sessions, kit, at, person(1))
    with sessions.reading() as session:
        problem = session.get(Problem, ident)
        assert problem is not None
        assert (problem.state, problem.raiser, problem.raiser_team_id) == ("tagged", person(1).person, own)
        assert (problem.title, problem.hardship) == ("", "")
        kept = tag_of(session, problem)
        assert kept is not None
        assert kept.permalink == "https://x/1"
        prompt = session.scalars(sa.select(Message)).one()
        assert (prompt.kind, prompt.channel, prompt.about) == ("tag_prompt", "C1", {"problem": ident})
        assert [each.id for each in tagged_by(session, person(1).person)] == [ident]
        assert tagged_by(session, person(2).person) == []


@pytest.mark.parametrize("place", [Kind.PRIVATE, Kind.SHARED, Kind.UNKNOWN])
def test_of_a_place_that_is_not_public_no_link_is_kept(
    sessions: Sessions, kit: Kit, at: dt.datetime, place: Kind
) -> None:
    tag(sessions, kit, at, person(1), place)
    with sessions.reading() as session:
        assert session.scalars(sa.select(Tag.permalink)).all() == [None]


def test_a_second_persons_tag_confirms_and_the_first_ones_again_does_nothing(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    for who in (1, 2, 2, 1):
        tag(sessions, kit, at, person(who))
    run_batch(sessions, kit, at)
    for who in (2, 1):
        tag(sessions, kit, at, person(who))
    run_batch(sessions, kit, at, days=1)
    assert len(problems(sessions)) == 1
    assert voices(sessions) == 1
    assert rows(sessions, Message) == 1


def test_two_messages_are_two_problems(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    one = tag(sessions, kit, at, person(1))
    two = tag(sessions, kit, at, person(1), message_ts="1763474400.000200")
    other = tag(sessions, kit, at, person(1), channel="C2")
    assert len({one, two, other}) == 3


def test_tags_of_eight_people_at_once_make_one_problem(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    idents = together(8, lambda number: tag(sessions, kit, at, person(number)))
    assert len(set(idents)) == 1
    assert len(problems(sessions)) == 1
    run_batch(sessions, kit, at)
    assert voices(sessions) == 7


def test_a_thousand_people_on_one_message(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        for number in range(1000):
            tagging.tag(session, person(number), **HERE, place=Kind.PUBLIC, permalink=None, kit=kit, at=at)
    assert run_batch(sessions, kit, at) == 999
    assert voices(sessions) == 999
    assert rows(sessions, Message) == 1
    with sessions.begin() as session:
        assert tagging.untag(session, person(0), **HERE, kit=kit) is not None


@pytest.mark.parametrize("batch_between", [False, True])
def test_the_first_tagger_leaves_and_another_inherits(
    sessions: Sessions, kit: Kit, at: dt.datetime, batch_between: bool
) -> None:
    for who in (1, 2, 3):
        tag(sessions, kit, at, person(who))
    if batch_between:
        run_batch(sessions, kit, at)
    left = untag(sessions, kit, person(1))
    assert left is not None
    assert left.raiser is None
    inherit(sessions, kit, at, person(2))
    inherit(sessions, kit, at, person(3))  # too late: somebody is asked already
    (problem,) = problems(sessions)
    assert problem.raiser == person(2).person
    run_batch(sessions, kit, at, days=1)
    assert voices(sessions) == 1  # the raiser is not counted twice
    assert rows(sessions, Message) == 2


def test_a_tag_left_without_a_first_tagger_goes_to_the_next_who_comes_and_counts_once(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    tag(sessions, kit, at, person(1))
    tag(sessions, kit, at, person(2))
    untag(sessions, kit, person(1))
    tag(sessions, kit, at, person(2))
    (problem,) = problems(sessions)
    assert problem.raiser == person(2).person
    run_batch(sessions, kit, at)
    assert voices(sessions) == 0


@pytest.mark.parametrize("batch_between", [False, True])
@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 1, 3)])
def test_a_tag_disappears_with_the_last_who_leaves(
    sessions: Sessions, kit: Kit, at: dt.datetime, order: tuple[int, ...], batch_between: bool
) -> None:
    for who in (1, 2, 3):
        tag(sessions, kit, at, person(who))
    if batch_between:
        run_batch(sessions, kit, at)
    for who in order[:-1]:
        untag(sessions, kit, person(who))
        untag(sessions, kit, person(who))  # again: nothing more to take back
        assert len(problems(sessions)) == 1
    untag(sessions, kit, person(order[-1]))
    for table in (Problem, Tag, Inbox, Confirmation):
        assert rows(sessions, table) == 0, table
    assert untag(sessions, kit, person(1)) is None
    assert run_batch(sessions, kit, at, days=1) == 0


def test_words_reach_the_stewards_and_the_tag_is_only_a_mark_from_then_on(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    ident = tag(sessions, kit, at, person(1))
    with sessions.begin() as session:
        for nobody in (person(2), AMARA):
            with pytest.raises(NotFound):
                tagging.word(session, nobody, ident, WORDS, kit=kit, at=at)
        assert tagging.word(session, person(1), ident, WORDS, kit=kit, at=at).state == State.NEW.value
        with pytest.raises(Refusal, match="already sent"):
            tagging.word(session, person(1), ident, WORDS, kit=kit, at=at)
    assert untag(sessions, kit, person(1)) is None
    (problem,) = problems(sessions)
    assert (problem.raiser, problem.title) == (person(1).person, WORDS.title)
    tag(sessions, kit, at, person(2))
    run_batch(sessions, kit, at)
    assert voices(sessions) == 1
    untag(sessions, kit, person(2))
    run_batch(sessions, kit, at, days=1)
    assert voices(sessions) == 0
    with sessions.begin() as session:
        triage.publish(session, AMARA, ident, kit=kit, at=at, news_at=at)
        triage.close(session, AMARA, ident, "Done.", kit=kit, at=at, news_at=at)
    tag(sessions, kit, at, person(3))  # closed: the emoji says nothing new
    assert untag(sessions, kit, person(3)) is None
    assert rows(sessions, Inbox) == 0


def test_a_tag_of_a_lost_key_goes_on_without_its_voices(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    tag(sessions, kit, at, person(1))
    tag(sessions, kit, at, person(2))
    other = Kit.of(Sealing([b"x" * 32], random.Random(1)), random.Random(1))
    tag(sessions, other, at, person(3))
    untag(sessions, other, person(2))
    assert untag(sessions, other, person(1)) is not None
    inherit(sessions, other, at, person(3))
    (problem,) = problems(sessions)
    assert problem.raiser == person(3).person


def test_a_self_declared_team_is_not_the_raisers_team(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        choose(session, person(1), team=team(session, kit, "Support").id)
    tag(sessions, kit, at, person(1))
    assert problems(sessions)[0].raiser_team_id is None


def test_an_undo_by_button_takes_a_tag_confirmation_back(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    ident = tag(sessions, kit, at, person(1))
    tag(sessions, kit, at, person(2))
    with sessions.begin() as session:
        tagging.word(session, person(1), ident, WORDS, kit=kit, at=at)
        triage.publish(session, AMARA, ident, kit=kit, at=at, news_at=at)
    run_batch(sessions, kit, at)
    with sessions.begin() as session:
        acts.undo_confirmation(session, person(2), ident, kit=kit)
    run_batch(sessions, kit, at, days=1)
    assert voices(sessions) == 0
