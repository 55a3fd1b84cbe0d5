"""Who looks after problems, and what was already handled."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.store import Base, one_of, random_id


class Steward(Base):
    """A person who looks after problems, as the settings or the stewards' user group say."""

    __tablename__ = "stewards"
    __table_args__ = ({"sqlite_with_rowid": False},)

    person: Mapped[str] = mapped_column(sa.String(32), primary_key=True)


class Delivery(Base):
    """A delivery that was handled, as a keyed hash; kept for a day."""

    __tablename__ = "deliveries"
    __table_args__ = ({"sqlite_with_rowid": False},)

    mark: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    day: Mapped[dt.date] = mapped_column(sa.Date)


class Installation(Base):
    """What there is once: the salt of all receipts, whether problems may be raised now, and the mode."""

    __tablename__ = "installation"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    receipt_salt: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    paused_because: Mapped[str | None] = mapped_column(sa.Text)
    # "open", "careful", or None where nobody has chosen: that is open. The sentence waits for the next edition.
    mode: Mapped[str | None] = mapped_column(sa.String(8))
    mode_sentence: Mapped[str | None] = mapped_column(sa.Text)


class Erasure(Base):
    """What somebody asked to be forgotten, sealed: hidden from now on, destroyed by the next weekly sweep."""

    __tablename__ = "erasures"

    id: Mapped[int] = random_id()
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)


class Hears(StrEnum):
    """When a person is told that there is news."""

    MORNINGS = "mornings"  # each one that there is some; the default, of which no row is kept
    MONDAYS = "mondays"
    NEVER = "never"  # Home and the receipt tell


class Hearing(Base):
    """A person's own choice of how to hear that there is news, under a keyed hash of the person."""

    __tablename__ = "hearing"
    __table_args__ = (one_of("hears", [each.value for each in Hears]), {"sqlite_with_rowid": False})

    person: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    hears: Mapped[str] = mapped_column(sa.String(8))
