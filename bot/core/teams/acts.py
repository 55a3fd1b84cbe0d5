"""The only writers of teams."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.identity.people import Actor, stewards_only
from bot.core.refusal import Refusal
from bot.core.store import inserted, new_id, upsert
from bot.core.teams import queries
from bot.core.teams.records import Choice, Function, LookedUp, Membership, Source, Team


@dataclass(frozen=True, slots=True)
class Group:
    """A user group as the workspace tells it."""

    id: str
    name: str
    people: Sequence[str]
    creator: str | None = None
    disabled: bool = False


#: Most characters in the name of a team or a function.
NAME_MOST = 200


def function_named(session: Session, name: str, *, randomness: random.Random) -> Function:
    """The function of this name, made where it is new."""
    name = _name(name)
    for function in session.scalars(sa.select(Function)):
        if queries.folded(function.name) == queries.folded(name):
            return function
    inserted(session, Function, {"id": new_id(randomness), "name": name})
    return session.scalars(sa.select(Function).where(Function.name == name)).one()


def team_named(session: Session, name: str, *, function: str | None, randomness: random.Random) -> Team:
    """The team of this name, made where it is new; a function given here is put right."""
    name = _name(name)
    found = queries.by_name(session, name)
    if found is None:
        inserted(session, Team, {"id": new_id(randomness), "name": name, "dissolved": False})
        found = session.scalars(sa.select(Team).where(Team.name == name)).one()
    found.dissolved = False
    if function:
        found.function = function_named(session, function, randomness=randomness)
    session.flush()
    return found


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or not name.isprintable():
        raise Refusal("A team or function needs a name that can be read.")
    if len(name) > NAME_MOST:
        raise Refusal(
            "The name of a team or function has {length} characters and can have {most}.",
            length=len(name),
            most=NAME_MOST,
        )
    return name


def mark_group(session: Session, group: Group, *, function: str | None, randomness: random.Random) -> Team:
    """Make a user group a team; its members come from it from now on."""
    found = session.scalar(sa.select(Team).where(Team.group == group.id))
    if found is None:
        found = team_named(session, group.name, function=function, randomness=randomness)
        if found.group is not None:
            raise Refusal(
                "There is a team named {team} already, from another user group. Please rename one of the two first.",
                team=found.name,
            )
        found.group = group.id
        found.contact = found.contact or group.creator
    elif function:
        found.function = function_named(session, function, randomness=randomness)
    session.flush()
    keep_in_step(session, group)
    return found


def unmark_group(session: Session, actor: Actor, group: str) -> None:
    """A user group is no team any more; what the team had said stays, and whom the list names."""
    stewards_only(actor)
    found = session.scalar(sa.select(Team).where(Team.group == group))
    if found is None:
        raise Refusal("That user group is not marked as a team.")
    _members(session, found.id, Source.GROUP, ())
    listed = session.scalar(sa.select(sa.exists().where(Membership.team_id == found.id)))
    found.group, found.dissolved = None, not listed
    session.flush()


def keep_in_step(session: Session, group: Group) -> bool:
    """Take over a marked group's people and name as they are now; False where it is no team."""
    found = session.scalar(sa.select(Team).where(Team.group == group.id))
    if found is None:
        return False
    _members(session, found.id, Source.GROUP, () if group.disabled else group.people)
    found.dissolved = group.disabled
    if group.name and group.name != found.name and queries.by_name(session, group.name) in (None, found):
        found.name = group.name
    session.flush()
    return True


def members_changed(session: Session, group: str, *, joined: Iterable[str], left: Iterable[str]) -> bool:
    """Take over what changed in a marked group; False where it is no team."""
    found = session.scalar(sa.select(Team).where(Team.group == group))
    if found is None:
        return False
    for person in joined:
        inserted(session, Membership, {"person": person, "team_id": found.id, "source": Source.GROUP.value})
    session.execute(
        sa.delete(Membership).where(
            Membership.team_id == found.id,
            Membership.source == Source.GROUP.value,
            Membership.person.in_(list(left)),
        )
    )
    return True


def list_members(session: Session, team: Team, people: Iterable[str]) -> None:
    """The people whom the imported list names for a team, and nobody else from that source."""
    _members(session, team.id, Source.LIST, people)


def choose(session: Session, actor: Actor, *, team: int) -> Team:
    """A person's own word on the team to count for."""
    found = to_choose(session, team)
    upsert(session, Choice, {"person": actor.person, "team_id": found.id}, key=["person"])
    return found


def to_choose(session: Session, team: int) -> Team:
    """The team that somebody would count for; a refusal where it is gone."""
    found = _team(session, team)
    if found is None or found.dissolved:
        raise Refusal("That team is not there any more. Please pick another one.")
    return found


def name_contact(session: Session, actor: Actor, *, team: int, contact: str) -> None:
    """A steward says who answers for a team."""
    stewards_only(actor)
    found = _team(session, team)
    if found is None:
        raise Refusal("That team is not there any more. Please pick another one.")
    found.contact = contact
    session.flush()


def forget_person(session: Session, person: str) -> None:
    """Somebody left the company: no team counts them any more."""
    session.execute(sa.delete(Membership).where(Membership.person == person))
    session.execute(sa.delete(Choice).where(Choice.person == person))
    session.execute(sa.update(Team).where(Team.contact == person).values(contact=None))


def looked_up(session: Session, mark: bytes, person: str | None, *, on: dt.date) -> None:
    """Remember for a day whom an e-mail belongs to."""
    upsert(session, LookedUp, {"mark": mark, "person": person, "day": on}, key=["mark"])


def _team(session: Session, ident: int) -> Team | None:
    return session.get(Team, ident) if queries.existing(session, [ident]) else None


def _members(session: Session, team: int, source: Source, people: Iterable[str]) -> None:
    wanted = set(people)
    here = (Membership.team_id == team, Membership.source == source.value)
    present = set(session.scalars(sa.select(Membership.person).where(*here)))
    session.execute(sa.delete(Membership).where(*here, Membership.person.in_(present - wanted)))
    for person in sorted(wanted - present):
        inserted(session, Membership, {"person": person, "team_id": team, "source": source.value})
