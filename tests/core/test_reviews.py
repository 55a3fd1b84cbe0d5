"""A team that would have to change something asks for a second look, and another steward answers."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from bot.core.kit import Kit
from bot.core.outbox import Message
from bot.core.problems import writing
from bot.core.problems.flag_records import Review
from bot.core.problems.records import Problem
from bot.core.replies import moving, reviews
from bot.core.store import Sessions
from tests.company import AMARA, JONAS, STRANGER, appoint, person, published, refused, team

CONTACT = person(4)


def asked_of(sessions: Sessions, kit: Kit, at: dt.datetime) -> tuple[int, int]:
    appoint(sessions)
    with sessions.begin() as session:
        identity = team(session, kit, "Identity", map(person, range(6)), function="Engineering")
        identity.contact = CONTACT.person
        problem = published(session, kit, at)  # by Amara
        writing.answer(session, problem, kit=kit, needed_from=frozenset({identity.id}))
        return problem.id, identity.id


def test_the_contact_asks_once_and_a_second_steward_answers(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    ident, identity = asked_of(sessions, kit, at)
    assert refused(sessions, reviews.ask_review, STRANGER, ident, identity, "It is unfair.", kit=kit)
    assert refused(sessions, reviews.ask_review, CONTACT, ident, identity, "  ", kit=kit)
    with sessions.begin() as session:
        reviews.ask_review(session, CONTACT, ident, identity, "It reads as if we had said no.", kit=kit)
        assert [problem.id for problem in reviews.waiting(session)] == [ident]
    assert "already" in refused(sessions, reviews.ask_review, CONTACT, ident, identity, "Again.", kit=kit)
    answer = reviews.answer_review
    assert refused(sessions, answer, CONTACT, ident, identity, "Fine.", kit=kit, at=at)
    assert "yourself" in refused(sessions, answer, AMARA, ident, identity, "Fine.", kit=kit, at=at)
    with sessions.begin() as session:
        reviews.answer_review(session, JONAS, ident, identity, "We asked for other words.", kit=kit, at=at)
    with sessions.reading() as session:
        assert reviews.waiting(session) == []
        mine = reviews.may_ask(session, CONTACT, session.get_one(Problem, ident))
        assert [(each.name, each.answer) for each in mine] == [("Identity", "We asked for other words.")]
        assert session.scalar(sa.select(sa.func.count()).where(Message.kind == "reviewed")) == 1
    assert refused(sessions, answer, JONAS, ident, identity, "Once more.", kit=kit, at=at)


def test_others_are_offered_nothing_and_a_withdrawn_problem_keeps_nothing(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    ident, identity = asked_of(sessions, kit, at)
    with sessions.begin() as session:
        problem = session.get_one(Problem, ident)
        assert reviews.may_ask(session, STRANGER, problem) == []
        reviews.ask_review(session, CONTACT, ident, identity, "Please look again.", kit=kit)
        moving.destroy_all(session, problem)
        assert session.scalar(sa.select(sa.func.count()).select_from(Review)) == 0
    assert refused(sessions, reviews.ask_review, CONTACT, ident, identity, "Please look again.", kit=kit)
