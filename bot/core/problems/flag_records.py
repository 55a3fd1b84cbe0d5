"""What is worth a second look, by the week; and what an asked function's team wants looked at again."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.store import Base, one_of, reference


class Why(StrEnum):
    """Why a problem is worth a second look; no word of who."""

    ONE_WAY = "one_way"  # much is needed from one function that feels little of it
    ALIKE = "alike"  # another one says nearly the same, word for word
    BURST = "burst"  # many people of one team within an hour


class Flag(Base):
    """A problem is worth a second look; of which team or function, and of whom, is not kept.

    No foreign key: on Postgres its check would leave a confirmer's transaction on the problem's row (xmax).
    """

    __tablename__ = "flags"
    __table_args__ = (one_of("why", [why.value for why in Why]), {"sqlite_with_rowid": False})

    problem_id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    why: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    week: Mapped[dt.date] = mapped_column(sa.Date)
    looked: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.false())


class Review(Base):
    """A team that would have to change something asks for a second look, in a sentence; and the answer to it."""

    __tablename__ = "reviews"
    __table_args__ = ({"sqlite_with_rowid": False},)

    problem_id: Mapped[int] = reference("problems.id", primary_key=True)
    team_id: Mapped[int] = reference("teams.id", primary_key=True)
    sentence: Mapped[str] = mapped_column(sa.Text)
    answer: Mapped[str | None] = mapped_column(sa.Text)
