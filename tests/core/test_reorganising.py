"""Two teams become one, and nothing that anybody said is lost or counted twice."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from bot.core.kit import Kit
from bot.core.outbox import Message
from bot.core.problems import handing, triage
from bot.core.problems.acts import confirm
from bot.core.problems.evidence import evidence
from bot.core.problems.records import Confirmation, Problem, Tally
from bot.core.refusal import Refusal
from bot.core.replies.records import Reply
from bot.core.replies.reorganising import merge_teams
from bot.core.store import Sessions
from bot.core.teams.acts import name_contact
from bot.core.teams.queries import team_of, teams
from bot.core.teams.records import Team
from tests.company import AMARA, appoint, person, published, run_batch, team


def test_all_of_an_old_team_is_the_new_ones(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    appoint(sessions)
    with sessions.begin() as session:
        old = team(session, kit, "Checkout", [person(n) for n in (1, 2, 3)])
        new = team(session, kit, "Payments", [person(n) for n in (3, 4)])
        name_contact(session, AMARA, team=old.id, contact=person(1).person)
        name_contact(session, AMARA, team=new.id, contact=person(4).person)
        ident, closed = published(session, kit, at).id, published(session, kit, at, title="Closed").id
        for number in (1, 2, 4):
            confirm(session, person(number), ident, kit=kit)
            confirm(session, person(number), closed, kit=kit)
        triage.set_inputs(
            session,
            AMARA,
            ident,
            felt_by=frozenset({new.id}),
            needed_from=frozenset({old.id, new.id}),
            ownership=None,
            kit=kit,
            at=at,
        )
        for each, text in ((old, "Ours in part."), (new, None)):
            session.add(Reply(problem_id=ident, team_id=each.id, holds=True, text=text))
        session.flush()
        due = {"due_on": at.date() + dt.timedelta(days=7), "today": at.date()}
        handing.hand(session, AMARA, ident, old.id, "Yours?", kit=kit, at=at, news_at=at, **due)
        idents = (old.id, new.id)
    run_batch(sessions, kit, at)
    with sessions.begin() as session:
        triage.close(session, AMARA, closed, "Done.", kit=kit, at=at, news_at=at)
        session.execute(sa.delete(Message))
        session.execute(sa.update(Problem).values(changed=False))
        old, new = (session.get_one(Team, each) for each in idents)
        merge_teams(session, old, new, kit=kit, at=at)
    with sessions.begin() as session:
        assert [each.name for each in teams(session)] == ["Payments"]
        found = team_of(session, person(1).person)
        assert found is not None
        assert found.team.id == idents[1]
        assert set(session.scalars(sa.select(Confirmation.team_id))) == {idents[1]}
        assert evidence(session, [ident])[ident].felt == {str(idents[1]): 3}
        assert session.scalars(sa.select(Tally.voices).where(Tally.problem_id == closed)).all() == [3]
        assert session.scalars(sa.select(Reply.text)).all() == ["Ours in part."]
        assert session.get_one(Problem, ident).changed
        assert [each.team.id for each in handing.waiting_for(session, person(4))] == [idents[1]]
        assert session.scalars(sa.select(Message.kind)).all() == ["handed_team"]


def test_a_team_is_not_merged_into_itself_or_into_one_that_is_gone(
    sessions: Sessions, kit: Kit, at: dt.datetime
) -> None:
    with sessions.begin() as session:
        one, other = team(session, kit, "Checkout"), team(session, kit, "Payments")
        other.dissolved = True
        for into in (one, other):
            with pytest.raises(Refusal):
                merge_teams(session, one, into, kit=kit, at=at)


def test_a_user_group_goes_over_with_its_team(sessions: Sessions, kit: Kit, at: dt.datetime) -> None:
    with sessions.begin() as session:
        one, other = team(session, kit, "Checkout"), team(session, kit, "Payments")
        one.group = "S1"
        session.flush()
        merge_teams(session, one, other, kit=kit, at=at)
        assert (one.group, other.group) == (None, "S1")
