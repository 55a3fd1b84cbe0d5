"""Decisions: what is tried, who pays and who gains, and what was found.

No row names a person: which steward did what is in the audit trail, and a team's answer is the team's, without a day.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.decisions.rules import DecisionState, Door, Hours, PayersWord, ReviewWord
from bot.core.store import Base, one_of, random_id, reference

_RANGE = "hours_low IS NULL OR (hours_low >= 0 AND hours_high >= hours_low)"


class Decision(Base):
    """One try: its public sentence, the line at which it stops, and the day on which it is looked at again."""

    __tablename__ = "decisions"
    __table_args__ = (
        one_of("door", [door.value for door in Door]),
        one_of("state", [state.value for state in DecisionState]),
        sa.CheckConstraint("state <> 'proposed' OR counts_from IS NOT NULL", name="proposed_until_a_day"),
        # A problem has one decision at a time.
        sa.Index(
            "uq_decisions_standing",
            "problem_id",
            unique=True,
            sqlite_where=sa.text("state IN ('proposed', 'running')"),
            postgresql_where=sa.text("state IN ('proposed', 'running')"),
        ),
        sa.Index("ix_decisions_state_review_on", "state", "review_on"),
    )

    id: Mapped[int] = random_id()
    problem_id: Mapped[int] = reference("problems.id", index=True)
    state: Mapped[str] = mapped_column(sa.String(10))
    door: Mapped[str] = mapped_column(sa.String(8), default=Door.TWO_WAY.value)
    sentence: Mapped[str] = mapped_column(sa.Text)
    stop_rule: Mapped[str] = mapped_column(sa.Text)
    options: Mapped[str] = mapped_column(sa.Text, default="")  # a line each, beside "do nothing and watch"
    disagreement: Mapped[str] = mapped_column(sa.Text, default="")
    decided_on: Mapped[dt.date] = mapped_column(sa.Date)
    counts_from: Mapped[dt.date | None] = mapped_column(sa.Date)  # of a one-way door: when comments are over
    review_on: Mapped[dt.date] = mapped_column(sa.Date)
    review_asked: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    flagged: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    over_on: Mapped[dt.date | None] = mapped_column(sa.Date)
    over_sentence: Mapped[str | None] = mapped_column(sa.Text)
    # Grows with each change, so that a form which was opened before it is known to be old.
    version: Mapped[int] = mapped_column(sa.Integer, default=1)


class Payer(Base):
    """What one team carries so that others gain, and what it says of that; never who said it, or when."""

    __tablename__ = "decision_payers"
    __table_args__ = (
        one_of("word", [word.value for word in PayersWord]),
        one_of("review_word", [word.value for word in ReviewWord]),
        sa.CheckConstraint(_RANGE, name="hours_range"),
        sa.Index("ix_decision_payers_team", "team_id"),
        {"sqlite_with_rowid": False},
    )

    decision_id: Mapped[int] = reference("decisions.id", primary_key=True)
    team_id: Mapped[int] = reference("teams.id", primary_key=True)
    what: Mapped[str] = mapped_column(sa.Text, default="")
    hours_low: Mapped[float | None] = mapped_column(sa.Float)
    hours_high: Mapped[float | None] = mapped_column(sa.Float)
    since: Mapped[dt.date] = mapped_column(sa.Date)
    until: Mapped[dt.date] = mapped_column(sa.Date)
    word: Mapped[str] = mapped_column(sa.String(10), default=PayersWord.INFORMED.value)
    words: Mapped[str] = mapped_column(sa.Text, default="")
    review_word: Mapped[str | None] = mapped_column(sa.String(8))
    review_words: Mapped[str] = mapped_column(sa.Text, default="")

    @property
    def hours(self) -> Hours | None:
        return _hours(self.hours_low, self.hours_high)


class Gain(Base):
    """What one team saves by it."""

    __tablename__ = "decision_gains"
    __table_args__ = (sa.CheckConstraint(_RANGE, name="hours_range"), {"sqlite_with_rowid": False})

    decision_id: Mapped[int] = reference("decisions.id", primary_key=True)
    team_id: Mapped[int] = reference("teams.id", primary_key=True)
    hours_low: Mapped[float | None] = mapped_column(sa.Float)
    hours_high: Mapped[float | None] = mapped_column(sa.Float)

    @property
    def hours(self) -> Hours | None:
        return _hours(self.hours_low, self.hours_high)


class Guardrail(Base):
    """One line of "a fix must not ...", the day on which somebody looks, and what was found."""

    __tablename__ = "decision_guardrails"

    id: Mapped[int] = random_id()
    decision_id: Mapped[int] = reference("decisions.id", index=True)
    line: Mapped[str] = mapped_column(sa.Text)
    check_on: Mapped[dt.date] = mapped_column(sa.Date)
    held: Mapped[bool | None] = mapped_column(sa.Boolean)
    found: Mapped[str] = mapped_column(sa.Text, default="")


class Comment(Base):
    """What a team says before a one-way door counts, by whoever answers for it."""

    __tablename__ = "decision_comments"
    __table_args__ = ({"sqlite_with_rowid": False},)

    decision_id: Mapped[int] = reference("decisions.id", primary_key=True)
    team_id: Mapped[int] = reference("teams.id", primary_key=True)
    text: Mapped[str] = mapped_column(sa.Text)


def _hours(low: float | None, high: float | None) -> Hours | None:
    return None if low is None or high is None else Hours(low, high)
