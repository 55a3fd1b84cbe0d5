"""Which problem goes on in which other. A merge moves nothing: words, addresses, receipts and voices stay where they are."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.store import Base, one_of, random_id, reference


class MergeState(StrEnum):
    ASKED = "asked"  # whoever raised them is asked; nothing has changed yet
    STANDS = "stands"
    REFUSED = "refused"  # one of those who raised them said no


_ONE_AT_A_TIME = sa.text("state <> 'refused'")


class Merge(Base):
    """A problem goes on in another: `into_id` is the one that was chosen, `root_id` where that goes on by now.

    yes_of_one, yes_of_other: the raiser of the one that goes into it, and of the other, said yes. kept: how the
    one stood before, while the merge stands.
    """

    __tablename__ = "merges"
    __table_args__ = (
        one_of("state", [state.value for state in MergeState]),
        sa.CheckConstraint("problem_id <> into_id", name="in_another"),
        sa.CheckConstraint("state <> 'stands' OR root_id IS NOT NULL", name="goes_on_somewhere"),
        sa.Index(
            "uq_merges_at_a_time",
            "problem_id",
            unique=True,
            sqlite_where=_ONE_AT_A_TIME,
            postgresql_where=_ONE_AT_A_TIME,
        ),
    )

    id: Mapped[int] = random_id()
    problem_id: Mapped[int] = reference("problems.id", index=True)
    into_id: Mapped[int] = reference("problems.id", index=True)
    root_id: Mapped[int | None] = reference("problems.id", index=True, nullable=True)
    state: Mapped[str] = mapped_column(sa.String(8))
    sentence: Mapped[str] = mapped_column(sa.Text)
    due_on: Mapped[dt.date] = mapped_column(sa.Date)
    yes_of_one: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    yes_of_other: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    # False until the batch hour after a steward said so: before that raisers do not see it.
    carried: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.true())
    kept: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
