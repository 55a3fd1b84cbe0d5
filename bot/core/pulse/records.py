"""Waves of the pulse, who was invited, and what was answered while a wave is open.

An answer's key is a hash under the wave's own salt. When the wave closes, answers are counted into its results, and
the rows and the salt are destroyed: no row of anybody is left, so there is none to put in order or to link. What
somebody chose to have compared with another wave stays under a hash of words that this person alone knows.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.pulse.suppression_rules import FIGURES_FROM, TEXTS_FROM
from bot.core.store import Base, one_of, random_id, reference


class WaveState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    CALLED_OFF = "called_off"  # what was answered is destroyed and counts nowhere


class Side(StrEnum):
    """Who says how a contact felt."""

    STEWARD = "steward"
    FUNCTION = "function"


def _group() -> Any:
    """A function or team as it was when the wave opened; no more than a number once it is gone."""
    return mapped_column(sa.BigInteger, nullable=True)


class Wave(Base):
    """One run of the pulse. `functions` and `teams` are whom stewards invited, by id; thresholds are only ever raised."""

    __tablename__ = "pulse_waves"
    __table_args__ = (
        one_of("state", [state.value for state in WaveState]),
        sa.CheckConstraint("closes_at > opens_at", name="opens_before_it_closes"),
        sa.CheckConstraint(f"figures_from >= {FIGURES_FROM}", name="figures_threshold"),
        sa.CheckConstraint(f"texts_from >= {TEXTS_FROM}", name="texts_threshold"),
        sa.CheckConstraint("salt IS NULL OR state = 'open'", name="salt_while_open"),
        sa.CheckConstraint("state <> 'closed' OR results IS NOT NULL", name="closed_with_results"),
    )

    id: Mapped[int] = random_id()
    state: Mapped[str] = mapped_column(sa.String(10), default=WaveState.PLANNED.value)
    instrument: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    functions: Mapped[list[int]] = mapped_column(sa.JSON)
    teams: Mapped[list[int]] = mapped_column(sa.JSON)
    by_team: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    opens_at: Mapped[dt.datetime]
    closes_at: Mapped[dt.datetime]
    remind_at: Mapped[dt.datetime | None]  # taken away once it was said
    figures_from: Mapped[int] = mapped_column(sa.Integer, default=FIGURES_FROM)
    texts_from: Mapped[int] = mapped_column(sa.Integer, default=TEXTS_FROM)
    salt: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16))
    salt_mark: Mapped[bytes | None] = mapped_column(sa.LargeBinary(4))
    # What everybody is being told, up to whom and since when, until all were; in a large company that takes several goes.
    telling: Mapped[str | None] = mapped_column(sa.String(32))
    told_to: Mapped[str | None] = mapped_column(sa.String(32))
    told_at: Mapped[dt.datetime | None]
    # Half a megabyte in a large company, and read by whoever opens the results alone.
    results: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True), deferred=True)


class Invited(Base):
    """Somebody whom a wave asks, and the group that the answer counts for, taken when it opened. Never who answered."""

    __tablename__ = "pulse_invited"
    __table_args__ = ({"sqlite_with_rowid": False},)

    wave_id: Mapped[int] = reference("pulse_waves.id", primary_key=True)
    person: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    function_id: Mapped[int | None] = _group()
    team_id: Mapped[int | None] = _group()


class PulseAnswer(Base):
    """What one person answered, while the wave is open. `link`: the hash of words of the person's own, where given."""

    __tablename__ = "pulse_answers"
    __table_args__ = ({"sqlite_with_rowid": False},)

    wave_id: Mapped[int] = reference("pulse_waves.id", primary_key=True)
    voice: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    function_id: Mapped[int | None] = _group()
    team_id: Mapped[int | None] = _group()
    given: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    link: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))


class PulseLink(Base):
    """Agreement kept for the next wave alone, for whoever chose that; of no group and no time."""

    __tablename__ = "pulse_links"
    __table_args__ = ({"sqlite_with_rowid": False},)

    wave_id: Mapped[int] = reference("pulse_waves.id", primary_key=True)
    link: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    given: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class ToneCount(Base):
    """How often contacts of a week felt so, from 1 (defensive) to 5 (open)."""

    __tablename__ = "tones"
    __table_args__ = (
        one_of("side", [side.value for side in Side]),
        sa.CheckConstraint("value BETWEEN 1 AND 5", name="one_to_five"),
        {"sqlite_with_rowid": False},
    )

    week: Mapped[dt.date] = mapped_column(sa.Date, primary_key=True)
    side: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    value: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    times: Mapped[int] = mapped_column(sa.Integer)


class ToneMark(Base):
    """A contact whose side was asked and has said it, as a keyed hash of the contact."""

    __tablename__ = "tone_marks"
    __table_args__ = ({"sqlite_with_rowid": False},)

    mark: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)


class ToneShown(Base):
    """The figure of a side as it was last shown; the next one has at least five more answers."""

    __tablename__ = "tones_shown"

    side: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    counts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class Silence(Base):
    """What a quarter's look at what is quiet has found: functions by id, and whether the flow has fallen."""

    __tablename__ = "silences"

    quarter: Mapped[str] = mapped_column(sa.String(7), primary_key=True)  # as 2026-Q4
    functions: Mapped[list[int]] = mapped_column(sa.JSON)
    fell: Mapped[bool] = mapped_column(sa.Boolean)
