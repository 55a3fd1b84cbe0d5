"""The batch hour: everything protected that came since yesterday is written anew, without its order."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.installation import prepare
from bot.core.identity.records import Delivery, Erasure, Hearing, Installation
from bot.core.identity.sealing import Unreadable
from bot.core.kit import Kit
from bot.core.problems import merged
from bot.core.problems.queries import in_steps
from bot.core.problems.records import (
    Act,
    Answer,
    AnswerTeam,
    Batch,
    Confirmation,
    FeltBy,
    FollowUp,
    Inbox,
    Problem,
    RaisedAs,
    Spoken,
    State,
)
from bot.core.problems.rules import Ownership
from bot.core.problems.waits import arrived
from bot.core.problems.wording import Wording
from bot.core.problems.work_records import Arrival
from bot.core.problems.writing import answer, fresh, put
from bot.core.store import Base, alone, inserted, monday, new_id, upsert
from bot.core.teams.queries import existing, functions
from bot.core.teams.records import Choice

#: How long a day whose batch has run is remembered.
DAYS = dt.timedelta(days=7)


#: How another room moves an act of its own on a problem, which is locked; the mapping is what the act said.
Moving = Callable[[Session, Problem, Mapping[str, Any], Kit], None]


@dataclass(frozen=True, slots=True)
class _Moved:
    """One act on its way: who did it is in `mark` and in the sealed address alone."""

    mark: bytes
    act: Act
    ident: int | None
    body: dict[str, Any]

    @property
    def said(self) -> tuple[str, int, str]:
        """What tells two acts apart, without who did them and when."""
        body = {name: value for name, value in self.body.items() if name not in ("address", "chosen")}
        return self.act.value, self.ident or 0, json.dumps(body, sort_keys=True)


@dataclass(frozen=True, slots=True)
class _Move:
    """What moving an act needs; `problems` are locked."""

    session: Session
    kit: Kit
    at: dt.datetime
    day: dt.date
    problems: Mapping[int, Problem]
    functions: Mapping[int, str]


def run(
    session: Session,
    *,
    day: dt.date,
    kit: Kit,
    at: dt.datetime,
    also: Mapping[Act, Moving] = MappingProxyType({}),
) -> int | None:
    """Move the inbox, in one transaction. The number of acts moved, or None where this day's batch has run.

    `also` moves the acts of other rooms; what nobody moves waits on. Jobs call `replies.moving.run`, which knows all.
    Two things are to follow: telling the stewards (`telling.tell_stewards`, in the same transaction), and
    `Sessions.destroy`, since until then the files still hold what was moved.
    """
    if not inserted(session, Batch, {"day": day}):
        return None
    session.execute(sa.delete(Batch).where(Batch.day < day - DAYS))
    alone(session, "inbox")
    alone(session, "public facts")  # else an edition could take a problem for unchanged that changes here
    # Every day, so that the first receipt makes nothing new that would date it.
    prepare(session, kit.randomness)
    acts = _take(session, [*_MOVES, *also])
    # First one order that depends on what was said alone, then a shuffle: nothing of the order of arrival is left,
    # and a world that is run twice comes out the same.
    acts.sort(key=lambda act: act.said)
    kit.randomness.shuffle(acts)
    acts.sort(key=lambda act: _ORDER[act.act])
    arrived(session, sum(act.act is Act.RAISE for act in acts), day=day, at=at)
    move = _Move(session, kit, at, day, _locked(session, acts), functions(session))
    for act in acts:
        if act.act in _MOVES:
            _MOVES[act.act](move, act)
        elif (problem := move.problems.get(act.ident or 0)) is not None:
            also[act.act](session, problem, act.body, kit)
    session.flush()
    merged.changed(session, move.problems.values())
    for table in (Choice, Delivery, Installation, Arrival, Erasure, Hearing):
        rewrite(session, table)
    session.execute(sa.delete(Delivery).where(Delivery.day < day - dt.timedelta(days=1)))
    if session.get_bind().dialect.name != "sqlite":
        _even_out(session, monday(at))
    return len(acts)


def _take(session: Session, kinds: list[Act]) -> list[_Moved]:
    # One statement: between a SELECT and a DELETE somebody's act could come, and be lost.
    moved = Inbox.act.in_([kind.value for kind in kinds])
    taken = sa.delete(Inbox).where(moved).returning(Inbox.mark, Inbox.act, Inbox.problem_id, Inbox.body)
    return [_Moved(mark, Act(act), ident, body) for mark, act, ident, body in session.execute(taken)]


def _locked(session: Session, acts: list[_Moved]) -> dict[int, Problem]:
    found = {}
    for idents in in_steps(sorted({act.ident for act in acts if act.ident is not None})):
        query = sa.select(Problem).where(Problem.id.in_(idents)).order_by(Problem.id).with_for_update()
        found.update({problem.id: problem for problem in session.scalars(query)})
    return found


def _raise(move: _Move, act: _Moved) -> None:
    receipt = act.body.get("receipt")
    raised_as = RaisedAs.ANONYMOUS if receipt else RaisedAs.CONFIDENTIAL
    problem = fresh(move.kit, raised_as, State.NEW, at=move.at)
    problem.receipt_hash = bytes.fromhex(receipt) if receipt else None
    problem.sealed_address = None if receipt else _address(move.kit, act, problem)
    move.session.add(problem)
    wording = Wording(
        title=act.body["title"],
        hardship=act.body["hardship"],
        tried=act.body["tried"],
        guardrails=act.body["guardrails"],
        label=act.body["label"],
        felt_by=frozenset(act.body["felt_by"]),
        needed_from=frozenset(act.body["needed_from"]),
    )
    put(move.session, problem, wording, kit=move.kit)
    if not receipt:
        # A second click on the same form may come after the batch as well; a receipt tells that by itself.
        inserted(move.session, Delivery, {"mark": act.mark, "day": move.day})


def _address(kit: Kit, act: _Moved, problem: Problem) -> bytes | None:
    """The sealed address, for its problem; None where its raiser asked to be forgotten, or the key was lost.

    The problem goes on all the same; its raiser can't be reached, and the desk says so.
    """
    if not act.body["address"]:
        return None
    try:
        person = kit.sealing.unseal(bytes.fromhex(act.body["address"]), bound_to=f"inbox:{act.mark.hex()}")
    except Unreadable:
        return None
    return kit.sealing.seal(person, bound_to=f"problem:{problem.id}")


def _confirm(move: _Move, act: _Moved) -> None:
    problem = move.problems.get(act.ident or 0)
    if problem is None or problem.salt is None:
        return  # closed or gone since: who confirmed is destroyed with it
    key = {"problem_id": problem.id, "voice": act.mark}
    if act.body["standing"]:
        team = act.body["team"]
        row = {
            **key,
            "team_id": team if team and existing(move.session, [team]) else None,
            "trusted": act.body["trusted"],
            "week": monday(move.at),
            "twin": act.body.get("twin", False),
        }
        upsert(move.session, Confirmation, row, key=["problem_id", "voice"])
        _choose(move, act)
        if problem.state == State.RESTING.value:
            problem.state = State.OPEN.value
    else:
        move.session.execute(sa.delete(Confirmation).filter_by(**key))
    problem.changed = True


def _choose(move: _Move, act: _Moved) -> None:
    """Keep the team that was picked with a "hits us too"; nothing tells with which."""
    if "chosen" not in act.body:
        return
    try:
        said = move.kit.sealing.unseal(bytes.fromhex(act.body["chosen"]), bound_to=f"inbox:{act.mark.hex()}")
    except Unreadable:
        return
    person, _, team = said.partition("\x1f")
    if existing(move.session, [int(team)]):
        upsert(move.session, Choice, {"person": person, "team_id": int(team)}, key=["person"])


def _follow_up(move: _Move, act: _Moved) -> None:
    problem = move.problems.get(act.ident or 0)
    if problem is None or not _speaks(move, problem, act):
        return
    low, high = act.body["hours"] or (None, None)
    function = act.body["function"]
    move.session.add(
        FollowUp(
            id=new_id(move.kit.randomness),
            problem_id=problem.id,
            function_id=function if function in move.functions else None,
            hours_low=low,
            hours_high=high,
            mechanism=act.body["mechanism"],
            would_help=act.body["would_help"],
        )
    )
    problem.changed = True


def _answer(move: _Move, act: _Moved) -> None:
    problem = move.problems.get(act.ident or 0)
    if problem is None or not _speaks(move, problem, act):
        return
    team = act.body["team"]
    answer(
        move.session,
        problem,
        kit=move.kit,
        by_team=team if team and existing(move.session, [team]) else None,
        needed_from=frozenset(act.body["teams"]),
        ownership=Ownership(act.body["ownership"]) if act.body["ownership"] else None,
    )


def _speaks(move: _Move, problem: Problem, act: _Moved) -> bool:
    if problem.salt is None:
        return problem.state == State.CLOSED.value  # nobody can speak of it any more, so nobody can twice
    return inserted(move.session, Spoken, {"problem_id": problem.id, "voice": act.mark})


def _even_out(session: Session, week: dt.date) -> None:
    """Write what was said this week anew: on Postgres a row's transaction and place would tell its day.

    Said of problems that no edition has counted since, that is; by then all of them were written together.
    """
    changed = sa.select(Problem.id).where(Problem.changed).scalar_subquery()
    answers = sa.select(Answer.id).where(Answer.problem_id.in_(changed)).scalar_subquery()
    named = _taken(session, AnswerTeam, AnswerTeam.answer_id.in_(answers))
    rewrite(session, Answer, Answer.problem_id.in_(changed))
    _put_back(session, AnswerTeam, named)
    for table in (Spoken, FollowUp, FeltBy):
        rewrite(session, table, table.problem_id.in_(changed))
    rewrite(session, Confirmation, Confirmation.week == week)
    problems: Any = Problem.__table__
    idents = [{"ident": ident} for ident in session.scalars(sa.select(Problem.id).where(Problem.changed))]
    if idents:
        idents.sort(key=lambda row: row["ident"])
        session.execute(
            sa.update(problems).where(problems.c.id == sa.bindparam("ident")).values(changed=True), idents
        )


def rewrite(session: Session, table: type[Base], which: sa.ColumnElement[bool] | None = None) -> None:
    """Write rows anew in the order of what they say, so that neither place nor transaction dates one."""
    _put_back(session, table, _taken(session, table, which))


def _taken(
    session: Session, table: type[Base], which: sa.ColumnElement[bool] | None = None
) -> list[dict[str, Any]]:
    columns: Any = table.__table__
    statement = sa.delete(columns).returning(*columns.c)
    rows = session.execute(statement if which is None else statement.where(which)).mappings()
    return [dict(row) for row in rows]


def _put_back(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> None:
    columns: Any = table.__table__
    if rows:
        # What a row says comes before its key: a key that is a hash would order teams by their people.
        said = [name for name in ("problem_id", "team_id", "trusted", "week") if name in columns.c]
        keys = columns.primary_key.columns.keys()
        rows.sort(key=lambda row: [str(row[name]) for name in said] + [row[name] for name in keys])
        session.execute(sa.insert(columns), rows)


_MOVES: dict[Act, Callable[[_Move, _Moved], None]] = {
    Act.RAISE: _raise,
    Act.CONFIRM: _confirm,
    Act.FOLLOW_UP: _follow_up,
    Act.ANSWER: _answer,
}
_ORDER = {act: place for place, act in enumerate(Act)}
