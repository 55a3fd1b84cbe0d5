"""What is stored to find similar problems: of published words alone, and gone in the transaction that takes them away."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from bot.core.problems.records import PUBLISHED, Problem
from bot.core.store import Base, reference

#: What a likeness was made from: where one of these changes, it is made anew.
_READ = ("title", "hardship")


class Likeness(Base):
    """A published problem's words and vector, as `model` reads them: both are text, and live as long as it.

    words: hashes of its words, 4 bytes each, in their order. vector: numbers of 2 bytes; None of words alone.
    mark: drawn at random with each row, so that the sum of all tells whether anything has changed.
    """

    __tablename__ = "likenesses"
    __table_args__ = ({"sqlite_with_rowid": False},)

    problem_id: Mapped[int] = reference("problems.id", primary_key=True)
    mark: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), index=True, nullable=False
    )
    model: Mapped[str] = mapped_column(sa.String(80))
    words: Mapped[bytes] = mapped_column(sa.LargeBinary)
    vector: Mapped[bytes | None] = mapped_column(sa.LargeBinary)


@event.listens_for(Problem, "after_update")
def _follow(_mapper: Mapper[Any], connection: sa.Connection, problem: Problem) -> None:
    """Take a likeness away with the words it was made from, whichever act does it: none can forget to."""
    state = sa.inspect(problem)
    gone = problem.state not in PUBLISHED
    if gone or any(state.attrs[name].history.has_changes() for name in _READ):
        connection.execute(sa.delete(Likeness).where(Likeness.problem_id == problem.id))
