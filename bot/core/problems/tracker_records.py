"""Items of other tools in which a problem is worked on."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.store import Base, random_id, reference


class TrackerLink(Base):
    """A link that a steward put beside a problem, for everybody who may read it."""

    __tablename__ = "tracker_links"
    __table_args__ = (sa.UniqueConstraint("problem_id", "url"),)

    id: Mapped[int] = random_id()
    problem_id: Mapped[int] = reference("problems.id")
    url: Mapped[str] = mapped_column(sa.String(500))
