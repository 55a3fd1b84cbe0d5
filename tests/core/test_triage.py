"""What stewards do: with a sentence where people are owed one, once, and on what they have in front of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from bot.core.identity.people import Actor
from bot.core.kit import Kit
from bot.core.outbox import Message
from bot.core.problems import acts, queries, triage
from bot.core.problems.acts import Told
from bot.core.problems.records import (
    Answer,
    AnswerTeam,
    Audit,
    Confirmation,
    FeltBy,
    FollowUp,
    Inbox,
    Problem,
    Spoken,
    State,
    Tally,
)
from bot.core.problems.rules import Ownership, Verdict
from bot.core.problems.wording import TEXT_MOST
from bot.core.refusal import NotFound, Refusal, Stale
from bot.core.store import Sessions
from tests.company import (
    AMARA,
    JONAS,
    RAISER,
    STRANGER,
    WORDS,
    person,
    published,
    raised,
    run_batch,
    team,
    the_new_one,
    together,
)

Work = Callable[[object, Actor, int, Kit, dt.datetime], object]

EVERYTHING: dict[str, Work] = {
    "publish": lambda s, who, ident, kit, at: triage.publish(s, who, ident, kit=kit, at=at, news_at=at),
    "close": lambda s, who, ident, kit, at: triage.close(s, who, ident, "Done.", kit=kit, at=at, news_at=at),
    "overrule": lambda s, who, ident, kit, at: triage.overrule(
        s, who, ident, Verdict.NO_SINGLE_TEAM, "Because.", kit=kit, at=at
    ),
    "set_inputs": lambda s, who, ident, kit, at: triage.set_inputs(
        s,
        who,
        ident,
        felt_by=frozenset(),
        needed_from=frozenset(),
        ownership=Ownership.NOBODY,
        kit=kit,
        at=at,
    ),
    "hold": lambda s, who, ident, kit, at: triage.hold(s, who, ident, "Because.", kit=kit, at=at),
}
ALLOWED = {
    "publish": {State.NEW},
    "close": {State.NEW, State.ASKED, State.OPEN, State.RESTING},
    "overrule": {State.NEW, State.ASKED, State.OPEN, State.RESTING},
    "set_inputs": {State.NEW, State.ASKED, State.OPEN, State.RESTING},
    "hold": {State.OPEN},
}


def in_state(sessions: Sessions, kit: Kit, at: dt.datetime, state: State) -> int:
    with sessions.begin() as session:
        problem = raised(session, kit, at)
        if state in (State.OPEN, State.RESTING, State.CLOSED):
            triage.publish(session, AMARA, problem.id, kit=kit, at=at, news_at=at)
        if state is State.CLOSED:
            triage.close(session, AMARA, problem.id, "Done.", kit=kit, at=at, news_at=at)
        problem.state = state.value
        return problem.id


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("name", EVERYTHING)
def test_every_act_is_for_stewards_and_for_the_states_that_it_fits(
    sessions: Sessions, kit: Kit, at: dt.datetime, name: str, state: State
) -> None:
    ident = in_state(sessions, kit, at, state)
    with sessions.begin() as session:
        for who in (RAISER, STRANGER):
            with pytest.raises(Refusal, match="stewards"):
                EVERYTHING[name](session, who, ident, kit, at)
        if state in ALLOWED[name]:
            EVERYTHING[name](session, AMARA, ident, kit, at)
            assert session.scalars(sa.select(Audit).order_by(Audit.at)).all()[-1].steward == AMARA.person
        else:
            hidden = state in (State.TAGGED, State.WITHDRAWN)
            with pytest.raises(NotFound if hidden else Stale):
                EVERYTHING[name](session, AMARA, ident, kit, at)


def test_numbers_are_given_at_publication_without_a_gap_also_by_many_at_once(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        idents = [raised(session, kit, at, title=f"Number {number}").id for number in range(8)]
        assert session.scalars(sa.select(Problem.number)).all() == [None] * 8

    def publish(number: int) -> int | None:
        with sessions.begin(patient=True) as session:
            return triage.publish(session, AMARA, idents[number], kit=kit, at=at, news_at=at).number

    assert sorted(each or 0 for each in together(8, publish)) == list(range(1, 9))


@pytest.mark.parametrize("name", ["publish", "close"])
def test_of_two_stewards_at_once_one_is_told_that_the_other_was_quicker(
    sessions: Sessions, kit: Kit, at: dt.datetime, name: str
) -> None:
    ident = in_state(sessions, kit, at, State.NEW)

    def act(number: int) -> bool:
        try:
            with sessions.begin(patient=True) as session:
                EVERYTHING[name](session, (AMARA, JONAS)[number], ident, kit, at)
        except Stale:
            return False
        return True

    assert sorted(together(2, act)) == [False, True]
    with sessions.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Audit)) == 1
        assert (
            session.scalar(sa.select(sa.func.count()).select_from(Message).where(Message.kind == "news")) == 1
        )


@pytest.mark.parametrize("sentence", ["", "   ", "\n", "\u200b", "x\x00", "x" * (TEXT_MOST + 1)])
def test_nothing_is_closed_or_overruled_without_a_sentence(
    sessions: Sessions, kit: Kit, at: dt.datetime, sentence: str
) -> None:
    ident = in_state(sessions, kit, at, State.OPEN)
    for work in (
        lambda s: triage.close(s, AMARA, ident, sentence, kit=kit, at=at, news_at=at),
        lambda s: triage.overrule(s, AMARA, ident, Verdict.TEAM_LOCAL, sentence, kit=kit, at=at),
    ):
        with pytest.raises(Refusal), sessions.begin() as session:
            work(session)
    with sessions.reading() as session:
        problem = session.get(Problem, ident)
        assert problem is not None
        assert (problem.state, problem.overrule_verdict, problem.closing) == ("open", None, None)


def test_closing_leaves_voices_per_team_with_todays_words_and_destroys_the_rest(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        checkout = team(session, kit, "Checkout", [person(1), person(2), person(3)]).id
        ident = published(session, kit, at).id
        for number in (1, 2, 5):
            acts.confirm(session, person(number), ident, kit=kit)
    run_batch(sessions, kit, at)
    with sessions.begin() as session:
        acts.undo_confirmation(session, person(2), ident, kit=kit)
        acts.confirm(session, person(3), ident, kit=kit)
        acts.confirm(session, person(6), ident, kit=kit)
        acts.follow_up(session, person(1), ident, Told((1, 2), None, "one list"), kit=kit)
        triage.close(session, AMARA, ident, "Done.", kit=kit, at=at, news_at=at)
        problem = session.get(Problem, ident)
        assert problem is not None
        assert (problem.salt, problem.salt_mark) == (None, None)
        tallies = session.scalars(sa.select(Tally)).all()
        assert {row.team: row.voices for row in tallies} == {checkout: 2, 0: 2}
        for table in (Confirmation, Spoken):
            assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
        assert session.scalars(sa.select(Inbox.act)).all() == ["follow_up"]
    run_batch(sessions, kit, at, days=1)
    with sessions.reading() as session:
        # Somebody was thanked for these words before it was closed.
        assert session.scalars(sa.select(FollowUp.would_help)).all() == ["one list"]
        assert session.scalar(sa.select(sa.func.count()).select_from(Spoken)) == 0


def test_an_overrule_stands_with_its_sentence_and_can_be_taken_back(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    ident = in_state(sessions, kit, at, State.OPEN)
    with sessions.begin() as session:
        problem = triage.overrule(session, AMARA, ident, Verdict.NO_SINGLE_TEAM, " Because. ", kit=kit, at=at)
        assert (problem.overrule_verdict, problem.overrule_sentence) == (
            Verdict.NO_SINGLE_TEAM.value,
            "Because.",
        )
        problem = triage.overrule(session, JONAS, ident, None, "Not any more.", kit=kit, at=at)
        assert (problem.overrule_verdict, problem.overrule_sentence) == (None, None)


def test_the_stewards_word_on_the_inputs_replaces_their_last_one_and_nobody_elses(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    ident = in_state(sessions, kit, at, State.OPEN)
    with sessions.begin() as session:
        one, two = (team(session, kit, name).id for name in ("One", "Two"))
        acts.give_answer(session, person(1), ident, needed_from=frozenset({one}), ownership=None, kit=kit)
    run_batch(sessions, kit, at)
    values = {"ownership": None, "kit": kit, "at": at}
    with sessions.begin() as session:
        for felt, needed in ((one, one), (two, two)):
            triage.set_inputs(
                session, AMARA, ident, felt_by=frozenset({felt}), needed_from=frozenset({needed}), **values
            )
    with sessions.reading() as session:
        assert session.scalars(sa.select(FeltBy.team_id)).all() == [two]
        said = session.execute(
            sa.select(Answer.by_steward, AnswerTeam.team_id).join(
                AnswerTeam, AnswerTeam.answer_id == Answer.id
            )
        ).all()
        assert sorted(said) == [(False, one), (True, two)]
    for gone in (4711, 2**70, -1):
        with pytest.raises(Stale), sessions.begin() as session:
            triage.set_inputs(
                session, AMARA, ident, felt_by=frozenset({gone}), needed_from=frozenset(), **values
            )


def test_a_hold_has_a_reason_and_an_empty_one_lets_it_in(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    ident = in_state(sessions, kit, at, State.OPEN)
    with sessions.begin() as session:
        assert triage.hold(session, AMARA, ident, "Wait.", kit=kit, at=at).held_because == "Wait."
        assert triage.hold(session, AMARA, ident, "  ", kit=kit, at=at).held_because is None
        with pytest.raises(Refusal):
            triage.hold(session, AMARA, ident, "x" * (TEXT_MOST + 1), kit=kit, at=at)
        assert sorted(session.scalars(sa.select(Audit.act))) == ["held", "let_in", "published"]


def test_the_audit_names_the_steward_and_nothing_names_a_sealed_raiser(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        acts.raise_confidential(session, RAISER, WORDS, form="V1", kit=kit)
    run_batch(sessions, kit, at)
    news_at = at + dt.timedelta(days=1)
    with sessions.begin() as session:
        ident = the_new_one(session).id
        triage.publish(session, AMARA, ident, kit=kit, at=at, news_at=news_at)
        triage.close(session, JONAS, ident, "Done.", kit=kit, at=at, news_at=news_at)
    with sessions.reading() as session:
        news = session.scalars(sa.select(Message).where(Message.kind != "home")).all()
        assert [(each.kind, each.about, each.due_at, each.once) for each in news] == [
            ("news", {}, news_at, None)
        ] * 2
        for each in news:
            assert each.sealed_person is not None
            opened = kit.sealing.unseal(each.sealed_person, bound_to=f"outbox:{each.id}")
            assert opened == RAISER.person
        trail = session.scalars(sa.select(Audit)).all()
        assert {(row.act, row.steward) for row in trail} == {
            ("published", AMARA.person),
            ("closed", JONAS.person),
        }
        problem = session.get(Problem, ident)
        assert problem is not None
        assert queries.reachable(problem, kit)
        assert RAISER.person not in str(vars(problem)) + str([vars(row) for row in (*trail, *news)])
