"""Who belongs where, and how many they are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.core.store import is_id
from bot.core.teams.records import Choice, Function, Membership, Source, Team


@dataclass(frozen=True, slots=True)
class Belonging:
    """The team a person counts for; `trusted` where a user group or the list says so."""

    team: Team
    trusted: bool


def team_of(session: Session, person: str, *, chosen: int | None = None) -> Belonging | None:
    """One team a person: of the most trusted source, among several the chosen one, else the first by name.

    chosen: a choice of this moment, in the place of the one that is kept.
    """
    rows = session.execute(
        sa.select(Membership.source, Team)
        .join(Team, Team.id == Membership.team_id)
        .where(Membership.person == person, Team.dissolved.is_(False))
        .order_by(Team.name)
    ).all()
    choice = session.scalar(
        sa.select(Team)
        .join(Choice, Choice.team_id == Team.id)
        .where(Choice.person == person, Team.dissolved.is_(False))
    )
    if chosen is not None:
        choice = session.get(Team, chosen)
    for source in Source:
        teams = [team for kind, team in rows if kind == source.value]
        if choice is not None and choice in teams:
            return Belonging(choice, trusted=True)
        if teams:
            return Belonging(teams[0], trusted=True)
    return Belonging(choice, trusted=False) if choice is not None else None


def teams(session: Session) -> list[Team]:
    """All teams that there are now, by name."""
    return list(session.scalars(sa.select(Team).where(Team.dissolved.is_(False)).order_by(Team.name)))


def trusted_teams(session: Session, person: str) -> list[Team]:
    """The teams among which a person may choose by right."""
    return list(
        session.scalars(
            sa.select(Team)
            .where(
                Team.dissolved.is_(False),
                sa.exists().where(Membership.team_id == Team.id, Membership.person == person),
            )
            .order_by(Team.name)
        )
    )


def answers_for(session: Session, person: str) -> list[Team]:
    """The teams that a person answers for, by name."""
    mine = sa.select(Team).where(Team.contact == person, Team.dissolved.is_(False))
    return list(session.scalars(mine.order_by(Team.name)))


def sizes(session: Session) -> dict[int, int]:
    """People per team by trusted word alone; a self-declared one does not make a team larger."""
    rows = session.execute(
        sa.select(Membership.team_id, sa.func.count(sa.distinct(Membership.person))).group_by(
            Membership.team_id
        )
    )
    return {row[0]: row[1] for row in rows}


def existing(session: Session, idents: Iterable[int]) -> frozenset[int]:
    """Those of these ids that are teams; whatever else a form may have sent is left out."""
    likely = [ident for ident in idents if is_id(ident)]
    return frozenset(session.scalars(sa.select(Team.id).where(Team.id.in_(likely))))


def by_id(session: Session, ident: int) -> Team | None:
    """The team that a message names, also a dissolved one."""
    return session.get(Team, ident)


def by_name(session: Session, name: str) -> Team | None:
    """The team of this name, however it is written: the databases fold letters each in its own way."""
    exact = session.scalar(sa.select(Team).where(Team.name == name))
    if exact is not None:
        return exact
    for ident, other in session.execute(sa.select(Team.id, Team.name)):
        if folded(other) == folded(name):
            return session.get(Team, ident)
    return None


def folded(name: str) -> str:
    """A name as it is compared."""
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()


def functions(session: Session) -> dict[int, str]:
    """Names of functions by id."""
    return {function.id: function.name for function in session.scalars(sa.select(Function))}


def known(session: Session, person: str) -> bool:
    """Whether a trusted source lists this person, who then needs no further look-up."""
    return bool(session.scalar(sa.select(sa.exists().where(Membership.person == person))))
