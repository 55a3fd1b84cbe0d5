"""What travels between raisers, stewards and teams without a name.

A raiser's word gets here at the batch hour and carries no time; stewards' own acts may carry one.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.problems.records import State
from bot.core.store import Base, one_of, random_id, reference


class Question(Base):
    """What a steward asks the raiser; answered once the batch has brought the answer."""

    __tablename__ = "questions"

    id: Mapped[int] = random_id()
    problem_id: Mapped[int] = reference("problems.id", index=True)
    steward: Mapped[str | None] = mapped_column(sa.String(32))
    text: Mapped[str] = mapped_column(sa.Text)
    answer: Mapped[str | None] = mapped_column(sa.Text)
    # False until the batch hour after it was asked: before that the raiser does not see it.
    carried: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.true())


class Proposal(Base):
    """Other words for a problem that wait for a yes: the raiser's for a steward's, a steward's for the raiser's.

    One of each kind a problem: a newer one replaces the older, and once it is settled it is gone.
    """

    __tablename__ = "proposals"
    __table_args__ = (sa.UniqueConstraint("problem_id", "by_raiser"),)

    id: Mapped[int] = random_id()
    problem_id: Mapped[int] = reference("problems.id")
    by_raiser: Mapped[bool] = mapped_column(sa.Boolean)
    title: Mapped[str] = mapped_column(sa.Text)
    hardship: Mapped[str] = mapped_column(sa.Text)
    tried: Mapped[str] = mapped_column(sa.Text, default="")
    guardrails: Mapped[str] = mapped_column(sa.Text, default="")
    # The same of a steward's.
    carried: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.true())


class Clock(Base):
    """The one time that asked teams have, whenever each of them was asked."""

    __tablename__ = "reply_clocks"
    __table_args__ = (sa.CheckConstraint("began_at <= due_at", name="ends_later"),)

    problem_id: Mapped[int] = reference("problems.id", primary_key=True)
    began_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]


class Reply(Base):
    """A team that was asked before others read, and its words; `holds` where publishing waits for them."""

    __tablename__ = "replies"
    __table_args__ = ({"sqlite_with_rowid": False},)

    problem_id: Mapped[int] = reference("problems.id", primary_key=True)
    team_id: Mapped[int] = reference("teams.id", primary_key=True)
    holds: Mapped[bool] = mapped_column(sa.Boolean)
    text: Mapped[str | None] = mapped_column(sa.Text)


class EarlyWord(Base):
    """A steward's sentence for publishing before the asked teams' time is over; it takes two of them."""

    __tablename__ = "early_words"
    __table_args__ = (sa.UniqueConstraint("problem_id", "steward"),)

    id: Mapped[int] = random_id()
    problem_id: Mapped[int] = reference("problems.id")
    steward: Mapped[str | None] = mapped_column(sa.String(32))
    sentence: Mapped[str] = mapped_column(sa.Text)


class Withheld(Base):
    """The words of a problem that was taken down, until a second steward has looked.

    `steward` is who took it down; nobody where a reader did, whose reason stands here without a name.
    """

    __tablename__ = "withheld"
    __table_args__ = (one_of("state", [state.value for state in State]),)

    problem_id: Mapped[int] = reference("problems.id", primary_key=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    steward: Mapped[str | None] = mapped_column(sa.String(32))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    title: Mapped[str] = mapped_column(sa.Text)
    hardship: Mapped[str] = mapped_column(sa.Text)
    tried: Mapped[str] = mapped_column(sa.Text)
    guardrails: Mapped[str] = mapped_column(sa.Text)
