"""Two teams become one: all that was said by and of the old one is the new one's from now on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.kit import Kit
from bot.core.problems.records import Answer, AnswerTeam, Confirmation, FeltBy, Problem, Tally
from bot.core.problems.work_records import Hand, TeamsAnswer
from bot.core.refusal import Refusal
from bot.core.replies.records import Reply
from bot.core.store import Base
from bot.core.teams.records import Membership, Source, Team

#: What was asked or counted of the team as it was: a pulse's wave and a pilot's week are not written anew.
_AS_IT_WAS: Final = ("pulse_", "pilot_")
#: What each of the two carries or gains by one decision: both rows stay, the old one under the old name.
_OF_BOTH: Final = "decision_"


def merge_teams(session: Session, old: Team, into: Team, *, kit: Kit, at: dt.datetime) -> None:
    """Make `old` a part of `into`: people, voices, answers, replies and what waits; `old` is dissolved then.

    A person in both counts once. The two teams' voices on closed problems add up, since they were other people.
    """
    if old.id == into.id:
        raise Refusal("A team can't be merged into itself.")
    if into.dissolved:
        raise Refusal("{team} is dissolved. Merge into a team that is there.", team=into.name)
    touched = _touched(session, old)
    _add_tallies(session, old, into)
    _keep_words(session, old, into)
    if into.group is not None:
        # The other group tells who belongs to it; those of the old one are not added by hand.
        gone = (Membership.team_id == old.id, Membership.source == Source.GROUP.value)
        session.execute(sa.delete(Membership).where(*gone))
    for table, column in _references():
        _move(session, table, column, old.id, into.id)
    group, old.group, old.dissolved = old.group, None, True
    session.flush()
    into.group = into.group or group
    into.contact = into.contact or old.contact
    session.execute(sa.update(Problem).where(Problem.id.in_(touched)).values(changed=True))
    session.flush()
    _tell(session, into, kit, at)


def _touched(session: Session, old: Team) -> list[int]:
    """Problems whose breadth may read otherwise afterwards."""
    said = [
        sa.select(Confirmation.problem_id).where(Confirmation.team_id == old.id),
        sa.select(FeltBy.problem_id).where(FeltBy.team_id == old.id),
        sa.select(Answer.problem_id).where(Answer.by_team_id == old.id),
        sa.select(Answer.problem_id)
        .join(AnswerTeam, AnswerTeam.answer_id == Answer.id)
        .where(AnswerTeam.team_id == old.id),
        sa.select(Tally.problem_id).where(Tally.team == old.id),
    ]
    return sorted({ident for each in said for ident in session.scalars(each)})


def _add_tallies(session: Session, old: Team, into: Team) -> None:
    for tally in session.scalars(sa.select(Tally).where(Tally.team == old.id)).all():
        kept = session.get(Tally, (tally.problem_id, into.id))
        if kept is None:
            session.add(Tally(problem_id=tally.problem_id, team=into.id, voices=tally.voices))
        else:
            kept.voices += tally.voices
        session.delete(tally)
    session.flush()


def _keep_words(session: Session, old: Team, into: Team) -> None:
    """Where both were asked and the old team alone has answered, its words stand for both."""
    for said in session.scalars(
        sa.select(Reply).where(Reply.team_id == old.id, Reply.text.is_not(None))
    ).all():
        other = session.get(Reply, (said.problem_id, into.id))
        if other is not None and other.text is None:
            other.text = said.text
    session.flush()


def _references() -> Iterator[tuple[sa.Table, sa.Column[Any]]]:
    """Every column that names a team, but where it names the team as it was."""
    for table in Base.metadata.sorted_tables:
        if table.name.startswith(_AS_IT_WAS):
            continue
        for column in table.columns:
            if any(key.column.table is Team.__table__ for key in column.foreign_keys):
                yield table, column


def _move(session: Session, table: sa.Table, column: sa.Column[Any], old: int, into: int) -> None:
    """Rename the team in one table; a row that would then stand twice stands once."""
    for key in _keys_with(table, column):
        other = table.alias()
        same = [table.c[name] == other.c[name] for name in key if name != column.name]
        twice = sa.exists().where(other.c[column.name] == into, *same)
        if table.name.startswith(_OF_BOTH):
            session.execute(sa.update(table).where(column == old, ~twice).values({column.name: into}))
            return
        session.execute(sa.delete(table).where(column == old, twice))
    session.execute(sa.update(table).where(column == old).values({column.name: into}))


def _keys_with(table: sa.Table, column: sa.Column[Any]) -> Iterator[list[str]]:
    for constraint in table.constraints:
        if isinstance(constraint, sa.PrimaryKeyConstraint | sa.UniqueConstraint):
            names = [each.name for each in constraint.columns]
            if column.name in names:
                yield names


def _tell(session: Session, into: Team, kit: Kit, at: dt.datetime) -> None:
    """Whoever answers for the new team hears of what waits for it now."""
    waiting = (Hand.team_id == into.id, Hand.answer == TeamsAnswer.WAITING.value)
    for hand in session.scalars(sa.select(Hand).where(*waiting)) if into.contact else ():
        about = {"problem": hand.problem_id, "team": into.id}
        once = f"handed:{hand.id}"
        kit.outbox.to_person(session, str(into.contact), "handed_team", about, at=at, once=once)
