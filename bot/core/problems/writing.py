"""How a problem is written, whoever writes it: a new row, its words, and a word on who would have to change."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.core.kit import Kit
from bot.core.problems.records import Answer, AnswerTeam, FeltBy, Problem, RaisedAs, State
from bot.core.problems.rules import Ownership
from bot.core.problems.wording import Wording, said
from bot.core.store import inserted, monday, new_id
from bot.core.teams import queries as teams


def fresh(kit: Kit, raised_as: RaisedAs, state: State, *, at: dt.datetime) -> Problem:
    """A new problem with its own id and salt; its time is the week."""
    return Problem(
        id=new_id(kit.randomness),
        raised_as=raised_as.value,
        state=state.value,
        raised_week=monday(at),
        salt=kit.randomness.randbytes(16),
        salt_mark=kit.sealing.newest,
        title="",
        hardship="",
        tried="",
        guardrails="",
    )


def put(session: Session, problem: Problem, wording: Wording, *, kit: Kit) -> None:
    """Write a wording into a problem; what stood there before is overwritten."""
    put_words(problem, wording)
    problem.label = wording.label
    session.flush()
    for team in sorted(teams.existing(session, wording.felt_by)):
        inserted(session, FeltBy, {"problem_id": problem.id, "team_id": team, "by_steward": False})
    if wording.needed_from:
        answer(session, problem, kit=kit, by_team=problem.raiser_team_id, needed_from=wording.needed_from)


def put_words(problem: Problem, wording: Wording) -> None:
    """Write the texts of a wording alone; the ones before are overwritten."""
    problem.title, problem.hardship = wording.title, wording.hardship
    problem.tried, problem.guardrails = wording.tried, wording.guardrails
    problem.attempts = 1 if said(wording.tried) else 0
    problem.changed = True


def answer(
    session: Session,
    problem: Problem,
    *,
    kit: Kit,
    needed_from: frozenset[int],
    by_team: int | None = None,
    by_steward: bool = False,
    ownership: Ownership | None = None,
) -> None:
    """Keep one person's word on who would have to change; teams that are gone say nothing."""
    named = teams.existing(session, needed_from)
    if not named and ownership is None:
        return
    row = Answer(
        id=new_id(kit.randomness),
        problem_id=problem.id,
        by_team_id=by_team,
        by_steward=by_steward,
        ownership=ownership.value if ownership else None,
    )
    session.add(row)
    session.flush()
    for team in sorted(named):
        session.add(AnswerTeam(answer_id=row.id, team_id=team))
    problem.changed = True
    session.flush()
