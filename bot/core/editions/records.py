"""An edition is a row with its items and their order: what was said, and where it stands."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.store import Base, one_of, random_id, reference


class EditionState(StrEnum):
    COMPOSED = "composed"
    POSTED = "posted"
    HELD = "held"  # not known whether it was posted: waits for a steward's word


class Section(StrEnum):
    LEAD = "lead"  # what no single team can solve
    NEW = "new"
    REVIEW = "review"
    LEAST_SEEN = "least_seen"
    WAITING_ON_ONE = "waiting_on_one"
    STILL_THERE = "still_there"
    DONE = "done"  # you said, we did


class Edition(Base):
    __tablename__ = "editions"
    __table_args__ = (one_of("state", [state.value for state in EditionState]),)

    id: Mapped[int] = random_id()
    period: Mapped[str] = mapped_column(sa.String(10), unique=True)  # ISO week, as 2026-W47
    due_at: Mapped[dt.datetime]
    composed_at: Mapped[dt.datetime]
    late: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    state: Mapped[str] = mapped_column(sa.String(10), default=EditionState.COMPOSED.value)
    channel: Mapped[str] = mapped_column(sa.String(32))  # "" where none was named: it is posted nowhere
    message_ts: Mapped[str | None] = mapped_column(sa.String(20))
    facts: Mapped[dict[str, Any]] = mapped_column(
        sa.JSON
    )  # what moved, the oldest waiting, what does not fit
    note: Mapped[str | None] = mapped_column(sa.Text)
    # The running mean of all scores up to here; shown nowhere.
    raw_total: Mapped[float] = mapped_column(sa.Float, default=0.0)
    raw_problems: Mapped[int] = mapped_column(sa.Integer, default=0)


class EditionNote(Base):
    """A steward's note for an edition that is still to come."""

    __tablename__ = "edition_notes"

    period: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    note: Mapped[str] = mapped_column(sa.Text)


class EditionItem(Base):
    """One problem in an edition with the words that stood for it: what was said stays as it was said."""

    __tablename__ = "edition_items"
    __table_args__ = (
        one_of("section", [section.value for section in Section]),
        sa.UniqueConstraint("edition_id", "section", "position"),
    )

    id: Mapped[int] = random_id()
    edition_id: Mapped[int] = reference("editions.id", index=True)
    section: Mapped[str] = mapped_column(sa.String(16))
    position: Mapped[int] = mapped_column(sa.Integer)
    problem_id: Mapped[int] = reference("problems.id", index=True)
    title: Mapped[str] = mapped_column(sa.Text)
    shown: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class ChannelMove(Base):
    """A channel that bears another id since; settings may go on naming the old one."""

    __tablename__ = "channel_moves"
    __table_args__ = ({"sqlite_with_rowid": False},)

    old: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    new: Mapped[str] = mapped_column(sa.String(32))
