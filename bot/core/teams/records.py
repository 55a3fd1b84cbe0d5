"""Teams, their functions, and who belongs to them by which word."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.core.store import Base, one_of, random_id, reference


class Source(StrEnum):
    """Where a membership comes from, most trusted first. A person's own word is a `Choice`."""

    GROUP = "group"
    LIST = "list"


class Function(Base):
    __tablename__ = "functions"

    id: Mapped[int] = random_id()
    name: Mapped[str] = mapped_column(sa.String(200), unique=True)


class Team(Base):
    __tablename__ = "teams"

    id: Mapped[int] = random_id()
    name: Mapped[str] = mapped_column(sa.String(200), unique=True)
    function_id: Mapped[int | None] = reference("functions.id", nullable=True)
    group: Mapped[str | None] = mapped_column(sa.String(32), unique=True)
    contact: Mapped[str | None] = mapped_column(sa.String(32))
    dissolved: Mapped[bool] = mapped_column(sa.Boolean, default=False)

    function: Mapped[Function | None] = relationship(lazy="joined")


class Membership(Base):
    """A trusted word on who belongs to a team."""

    __tablename__ = "memberships"
    __table_args__ = (
        one_of("source", [source.value for source in Source]),
        sa.Index("ix_memberships_team", "team_id"),
        {"sqlite_with_rowid": False},
    )

    person: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    team_id: Mapped[int] = reference("teams.id", primary_key=True)
    source: Mapped[str] = mapped_column(sa.String(8), primary_key=True)


class Choice(Base):
    """A person's own word: which of several teams, or a team that nobody else vouches for."""

    __tablename__ = "choices"
    __table_args__ = ({"sqlite_with_rowid": False},)

    person: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    team_id: Mapped[int] = reference("teams.id")


class LookedUp(Base):
    """An e-mail that was looked up for an import, as a keyed hash; lets a broken import go on. Kept a day."""

    __tablename__ = "looked_up"
    __table_args__ = ({"sqlite_with_rowid": False},)

    mark: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    person: Mapped[str | None] = mapped_column(sa.String(32))
    day: Mapped[dt.date] = mapped_column(sa.Date)
