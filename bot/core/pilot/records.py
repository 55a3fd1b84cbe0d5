"""A pilot as it was written down, what was changed since, and the hours that stewards gave."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.store import Base, random_id, reference


class Pilot(Base):
    """One trial. Without `starts_on` it is a draft; `standing` is true of the one that the desk shows."""

    __tablename__ = "pilots"
    __table_args__ = (
        sa.CheckConstraint("standing IS NULL OR standing", name="standing_or_not"),
        sa.CheckConstraint("ended_on IS NULL OR starts_on IS NOT NULL", name="started_before_ended"),
        sa.CheckConstraint(
            "ended_on IS NULL OR coalesce(length(ended_because), 0) > 0", name="ended_with_a_sentence"
        ),
        sa.CheckConstraint(
            "intake_weeks >= 1 AND follow_weeks >= 1 AND review_weeks >= 1", name="has_an_end"
        ),
    )

    id: Mapped[int] = random_id()
    standing: Mapped[bool | None] = mapped_column(sa.Boolean, unique=True)
    question: Mapped[str] = mapped_column(sa.Text)
    decides: Mapped[str] = mapped_column(sa.Text)
    not_used_for: Mapped[str] = mapped_column(sa.Text)
    # Ids and the names that they had when it was written down.
    functions: Mapped[list[Any]] = mapped_column(sa.JSON)
    intake_weeks: Mapped[int] = mapped_column(sa.Integer)
    follow_weeks: Mapped[int] = mapped_column(sa.Integer)
    review_weeks: Mapped[int] = mapped_column(sa.Integer)
    lines: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    starts_on: Mapped[dt.date | None] = mapped_column(sa.Date)
    ended_on: Mapped[dt.date | None] = mapped_column(sa.Date)
    ended_because: Mapped[str | None] = mapped_column(sa.Text)
    # What was shown of contacts and of what raising cost when it started; none of one that started before this was kept.
    felt_before: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))


class PilotChange(Base):
    """Something of a started pilot that was changed, and why; who did it stands in the audit trail."""

    __tablename__ = "pilot_changes"

    id: Mapped[int] = random_id()
    pilot_id: Mapped[int] = reference("pilots.id", index=True)
    what: Mapped[str] = mapped_column(sa.String(30))
    was: Mapped[str] = mapped_column(sa.Text)
    becomes: Mapped[str] = mapped_column(sa.Text)
    because: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[dt.datetime]


class StewardHours(Base):
    """What one steward says a week of the pilot took, under a keyed hash; the report knows the sum alone."""

    __tablename__ = "steward_hours"
    __table_args__ = (
        sa.CheckConstraint("low >= 0 AND high >= low", name="hours_range"),
        {"sqlite_with_rowid": False},
    )

    pilot_id: Mapped[int] = reference("pilots.id", primary_key=True)
    mark: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    week: Mapped[dt.date] = mapped_column(sa.Date, primary_key=True)
    low: Mapped[float] = mapped_column(sa.Float)
    high: Mapped[float] = mapped_column(sa.Float)


class PilotWeek(Base):
    """What was counted up to a Monday: a report reads the same until the next one, whatever a day brings."""

    __tablename__ = "pilot_weeks"
    __table_args__ = ({"sqlite_with_rowid": False},)

    pilot_id: Mapped[int] = reference("pilots.id", primary_key=True)
    counted_to: Mapped[dt.date] = mapped_column(sa.Date, primary_key=True)
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class PilotVerdict(Base):
    """The first verdict of a problem, to see whether a later one is another."""

    __tablename__ = "pilot_verdicts"
    __table_args__ = ({"sqlite_with_rowid": False},)

    pilot_id: Mapped[int] = reference("pilots.id", primary_key=True)
    problem_id: Mapped[int] = reference("problems.id", primary_key=True)
    verdict: Mapped[str] = mapped_column(sa.String(30))
