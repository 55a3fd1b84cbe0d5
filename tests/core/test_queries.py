"""Who sees which problem: one function decides, held against a table for every state and every kind of person."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.problems import acts, queries, tagging, triage, writing
from bot.core.problems.records import Kind, Problem, RaisedAs, State
from bot.core.problems.wording import Wording
from bot.core.refusal import NotFound
from bot.core.replies.desk import Waits, on_desk
from bot.core.store import Sessions, monday
from tests.company import (
    AMARA,
    RAISER,
    STRANGER,
    WORDS,
    person,
    published,
    raised,
    run_batch,
    team,
    the_new_one,
)

PEOPLE = {"raiser": RAISER, "steward": AMARA, "stranger": STRANGER}
NUMBERED = (State.OPEN, State.RESTING, State.CLOSED)


def expected(state: State, raised_as: RaisedAs, numbered: bool, who: str) -> bool:
    """The table, written a second time in the words of the design."""
    if state is State.WITHDRAWN:
        return False
    if numbered:
        return True  # published: everybody
    if who == "raiser":
        return raised_as is not RaisedAs.ANONYMOUS  # who fetches it with a receipt
    if who == "steward":
        return state is not State.TAGGED  # no words yet: nothing to look after
    return False


def made(
    session: object, kit: Kit, at: dt.datetime, state: State, raised_as: RaisedAs, numbered: bool
) -> Problem:
    problem = writing.fresh(kit, raised_as, state, at=at)
    problem.title, problem.hardship = WORDS.title, WORDS.hardship
    if raised_as in (RaisedAs.NAMED, RaisedAs.TAGGED):
        problem.raiser = RAISER.person
    if raised_as is RaisedAs.CONFIDENTIAL:
        problem.sealed_address = kit.sealing.seal(RAISER.person, bound_to=f"problem:{problem.id}")
    if numbered:
        problem.number, problem.published_week = 7, monday(at)
    if state is State.CLOSED:
        problem.closing = "Done."
    session.add(problem)
    session.flush()
    return problem


@pytest.mark.parametrize("state", list(State))
def test_everybody_sees_exactly_what_is_for_them(
    sessions: Sessions, kit: Kit, at: dt.datetime, state: State
) -> None:
    # What a steward closes before it was published never had a number.
    numbers = (True, False) if state is State.CLOSED else (state in NUMBERED,)
    for raised_as, numbered, who in itertools.product(RaisedAs, numbers, PEOPLE):
        with sessions.begin() as session:
            problem = made(session, kit, at, state, raised_as, numbered)
            seen = [
                sees(queries.visible, session, PEOPLE[who], problem.id, kit),
                sees(queries.visible, session, PEOPLE[who], problem.id, kit, locked=True),
            ]
            if numbered:
                seen.append(sees(queries.visible_by_number, session, PEOPLE[who], 7, kit))
            assert set(seen) == {expected(state, raised_as, numbered, who)}, (raised_as, numbered, who)
            session.delete(problem)


def sees(look: Callable[..., Problem], *of: object, **how: object) -> bool:
    try:
        look(*of, **how)
    except NotFound:
        return False
    return True


def test_a_raiser_who_is_a_steward_sees_no_more_of_others_than_a_steward(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        problem = made(session, kit, at, State.TAGGED, RaisedAs.TAGGED, False)
        assert queries.may_see(problem, replace(RAISER, steward=True), kit)
        assert not queries.may_see(problem, AMARA, kit)


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**63, 2**80, 4711])
def test_a_number_that_nobody_has_is_not_there(sessions: Sessions, kit: Kit, number: int) -> None:
    with sessions.begin() as session, pytest.raises(NotFound):
        queries.visible_by_number(session, AMARA, number, kit)


@pytest.mark.parametrize("ident", [0, -1, 2**63 - 1, 2**63, 2**80, -(2**80)])
def test_an_id_that_somebody_made_up_is_not_there(sessions: Sessions, kit: Kit, ident: int) -> None:
    with sessions.begin() as session, pytest.raises(NotFound):
        queries.visible(session, AMARA, ident, kit)


def test_open_problems_are_listed_newest_first_and_by_the_page(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        for number in range(5):
            published(session, kit, at, title=f"Number {number}")
        raised(session, kit, at, title="Not yet")
        closed = queries.visible_by_number(session, AMARA, 3, kit)
        triage.close(session, AMARA, closed.id, "Done.", kit=kit, at=at, news_at=at)
        assert [each.number for each in queries.published(session, before=None, most=3)] == [5, 4, 2]
        assert [each.number for each in queries.published(session, before=2, most=3)] == [1]


def test_mine_is_all_that_i_raised_in_whatever_way_i_can_be_found(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        raised(session, kit, at, title="Named")
        tagging.tag(
            session,
            RAISER,
            channel="C1",
            message_ts="1.2",
            place=Kind.PUBLIC,
            permalink=None,
            kit=kit,
            at=at,
        )
        acts.raise_confidential(session, RAISER, Wording("Sealed", "b"), form="V1", kit=kit)
        acts.raise_confidential(session, person(1), Wording("Theirs", "b"), form="V2", kit=kit)
    run_batch(sessions, kit, at)
    with sessions.begin() as session:
        made(session, kit, at, State.WITHDRAWN, RaisedAs.CONFIDENTIAL, False)
        acts.raise_confidential(session, RAISER, Wording("Waits", "b"), form="V3", kit=kit)
        own = queries.mine(session, RAISER, kit)
        assert sorted(each.title for each in own.problems) == ["", "Named", "Sealed"]
        assert own.waiting == 1
        assert len(queries.mine(session, RAISER, kit, most=2).problems) == 2
        assert [each.title for each in queries.mine(session, person(1), kit).problems] == ["Theirs"]
        assert queries.mine(session, STRANGER, kit) == queries.Mine([], 0)


def test_what_waits_for_stewards_is_in_no_order_of_raising(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        for number in range(30):
            acts.raise_confidential(
                session, person(number), Wording(f"Raised as {number:02}", "b"), form=f"V{number}", kit=kit
            )
    run_batch(sessions, kit, at)
    with sessions.reading() as session:
        waiting = on_desk(session, at=at, today=at.date(), most=50)[Waits.NEW]
        titles = [each.title for each in waiting.rows]
        assert len(titles) == 30
        assert titles != sorted(titles)
        assert queries.count_in(session, State.NEW) == 30


def test_a_raiser_whose_key_is_lost_can_not_be_reached_and_an_anonymous_one_never(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        acts.raise_confidential(session, RAISER, WORDS, form="V1", kit=kit)
    run_batch(sessions, kit, at)
    with sessions.begin() as session:
        sealed = the_new_one(session)
        assert queries.reachable(sealed, kit)
        sealed.sealed_address = b"\x01" + b"x" * 96
        assert not queries.reachable(sealed, kit)
        anonymous = made(session, kit, at, State.NEW, RaisedAs.ANONYMOUS, False)
        assert not queries.reachable(anonymous, kit)
        assert not queries.raised_by(anonymous, "", kit)


def test_what_concerns_a_team_does_not_move_with_who_confirms(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        ours = team(session, kit, "Ours", [person(1)]).id
        ident = published(session, kit, at).id
        acts.confirm(session, person(1), ident, kit=kit)
    run_batch(sessions, kit, at)
    with sessions.begin() as session:
        assert queries.concerning(session, ours) == []
        triage.set_inputs(
            session,
            AMARA,
            ident,
            felt_by=frozenset({ours}),
            needed_from=frozenset(),
            ownership=None,
            kit=kit,
            at=at,
        )
        assert [each.id for each in queries.concerning(session, ours)] == [ident]


def test_an_actor_without_a_name_raised_nothing(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        problem = made(session, kit, at, State.NEW, RaisedAs.ANONYMOUS, False)
        with pytest.raises(NotFound):
            queries.visible(session, Actor(""), problem.id, kit)
        assert session.scalar(sa.select(sa.func.count()).select_from(Problem)) == 1
