"""Who works on a problem, who waits for whom, and how long people waited for a first answer.

Stewards' own acts may carry days. What teams, helpers and the sponsor answer carries none.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.store import Base, one_of, random_id, reference


class TeamsAnswer(StrEnum):
    """What came of asking a team to take a problem."""

    WAITING = "waiting"
    YES = "yes"
    NOT_OURS = "not_ours"
    SILENT = "silent"  # no answer in time
    GONE = "gone"  # dissolved, or nobody answers for it any more
    TAKEN_BACK = "taken_back"


class Hand(Base):
    """A problem handed to a team: what is asked of it, until when, and what it said."""

    __tablename__ = "hands"
    __table_args__ = (one_of("answer", [answer.value for answer in TeamsAnswer]),)

    id: Mapped[int] = random_id()
    problem_id: Mapped[int] = reference("problems.id", index=True)
    team_id: Mapped[int] = reference("teams.id")
    asks: Mapped[str] = mapped_column(sa.Text)
    due_on: Mapped[dt.date] = mapped_column(sa.Date)
    answer: Mapped[str] = mapped_column(sa.String(12), default=TeamsAnswer.WAITING.value)
    text: Mapped[str] = mapped_column(sa.Text, default="")


class SponsorsAnswer(Base):
    """What the sponsor is asked, until when, and the answer, which stands beside the problem."""

    __tablename__ = "sponsors_answers"

    id: Mapped[int] = random_id()
    problem_id: Mapped[int] = reference("problems.id", index=True)
    asks: Mapped[str] = mapped_column(sa.Text)
    due_on: Mapped[dt.date] = mapped_column(sa.Date)
    text: Mapped[str | None] = mapped_column(sa.Text)


class HelpState(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"  # everybody reads that this team helps
    DECLINED = "declined"


class Help(Base):
    """Somebody offers a team's help, and says so to the stewards by name; once accepted, readers see the team."""

    __tablename__ = "helps"
    __table_args__ = (
        one_of("state", [state.value for state in HelpState]),
        sa.UniqueConstraint("problem_id", "person"),
    )

    id: Mapped[int] = random_id()
    problem_id: Mapped[int] = reference("problems.id")
    team_id: Mapped[int | None] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.ForeignKey("teams.id", ondelete="SET NULL")
    )
    person: Mapped[str | None] = mapped_column(sa.String(32), index=True)
    text: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.String(10), default=HelpState.OFFERED.value)


class Away(Base):
    """A steward is away until a day, that day included."""

    __tablename__ = "away"
    __table_args__ = ({"sqlite_with_rowid": False},)

    steward: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    since: Mapped[dt.date] = mapped_column(sa.Date)
    until: Mapped[dt.date] = mapped_column(sa.Date)


class PausedDay(Base):
    """A day on which all stewards were away: it counts in no promise."""

    __tablename__ = "paused_days"

    day: Mapped[dt.date] = mapped_column(sa.Date, primary_key=True)


class Arrival(Base):
    """How many problems stewards could first read on a day; of each problem its `raised_week` alone is kept."""

    __tablename__ = "arrivals"

    day: Mapped[dt.date] = mapped_column(sa.Date, primary_key=True)
    week: Mapped[dt.date] = mapped_column(sa.Date, primary_key=True)
    number: Mapped[int] = mapped_column(sa.Integer)


class CostCount(Base):
    """How raisers answered "did raising this cost you anything?": sums alone, and what was last shown of them."""

    __tablename__ = "cost_counts"
    __table_args__ = ({"sqlite_with_rowid": False},)

    answer: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    number: Mapped[int] = mapped_column(sa.Integer)
    shown: Mapped[int] = mapped_column(sa.Integer)


class WorkRule(Base):
    """What the stewards have set for themselves, and how they keep what they promise.

    most_under_way: how much may be under way at once (none: no limit). share: of so many how many got a first
    answer in time, as of the last Monday.
    """

    __tablename__ = "work_rules"
    __table_args__ = (
        sa.CheckConstraint("id = 1", name="one_row"),
        sa.CheckConstraint("most_under_way IS NULL OR most_under_way > 0", name="most_under_way"),
    )

    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    most_under_way: Mapped[int | None] = mapped_column(sa.Integer)
    share_within: Mapped[int | None] = mapped_column(sa.Integer)
    share_of: Mapped[int | None] = mapped_column(sa.Integer)
