"""Filters over open problems: they go by what is public or a steward's word, never by what people said."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.core.kit import Kit
from bot.core.problems import triage, writing
from bot.core.problems.browsing import Age, Wanted, functions_offered, open_ones
from bot.core.problems.records import FeltBy, Problem
from bot.core.problems.rules import Verdict
from bot.core.store import Sessions
from tests.company import AMARA, person, published, raised, team


def titles(session: Session, wanted: Wanted, at: dt.datetime, *, before: int | None = None) -> list[str]:
    found = open_ones(session, wanted, today=at.date(), before=before, most=10)
    return [problem.title for problem in found]


def test_each_filter_alone_and_all_together(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        for title, label, verdict, weeks in (
            ("late", "F9", Verdict.NO_SINGLE_TEAM, 0),
            ("names", "F1", Verdict.NO_SINGLE_TEAM, 5),
            ("queue", "F9", Verdict.ONE_OWNER_MANY_WAITING, 20),
        ):
            problem = published(session, kit, at - dt.timedelta(weeks=weeks), title=title)
            problem.label, problem.verdict = label, verdict.value
        raised(session, kit, at, title="unpublished").label = "F9"
        session.flush()
        assert titles(session, Wanted(), at) == ["queue", "names", "late"]
        assert titles(session, Wanted(label="F9"), at) == ["queue", "late"]
        assert titles(session, Wanted(verdict=Verdict.NO_SINGLE_TEAM), at) == ["names", "late"]
        by_age = {age: titles(session, Wanted(age=age), at) for age in Age}
        assert by_age == {Age.MONTH: ["late"], Age.QUARTER: ["names"], Age.OLDER: ["queue"]}
        assert titles(session, Wanted("F9", None, Verdict.NO_SINGLE_TEAM, Age.MONTH), at) == ["late"]
        assert titles(session, Wanted("F16"), at) == []
        assert titles(session, Wanted(), at, before=2) == ["late"]


def test_a_function_is_found_by_a_stewards_word_alone(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        sales = team(session, kit, "Sales", [person(n) for n in range(5)], function="Commercial")
        legal = team(session, kit, "Legal", [person(n) for n in range(10, 15)], function="Legal")
        problem = published(session, kit, at)
        writing.answer(session, problem, kit=kit, needed_from=frozenset({legal.id}), by_team=sales.id)
        session.add(FeltBy(problem_id=problem.id, team_id=sales.id))
        session.flush()
        by = {each.name: Wanted(function=each.id) for each in functions_offered(session)}
        assert titles(session, by["Legal"], at) == titles(session, by["Commercial"], at) == []
        triage.set_inputs(
            session,
            AMARA,
            problem.id,
            felt_by=frozenset({sales.id}),
            needed_from=frozenset({legal.id}),
            ownership=None,
            kit=kit,
            at=at,
        )
        assert titles(session, by["Legal"], at) == titles(session, by["Commercial"], at) == [problem.title]
        assert session.get_one(Problem, problem.id).number is not None


def test_a_function_of_four_people_is_not_offered(sessions: Sessions, kit: Kit) -> None:
    with sessions.begin() as session:
        team(session, kit, "Legal", [person(n) for n in range(4)], function="Legal")
        team(session, kit, "Sales", [person(n) for n in range(10, 13)], function="Commercial")
        team(session, kit, "Partners", [person(n) for n in range(12, 15)], function="Commercial")
        assert [each.name for each in functions_offered(session)] == ["Commercial"]
