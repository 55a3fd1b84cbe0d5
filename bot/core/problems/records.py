"""Problems and everything that is said of them.

No row here carries a time finer than a week, except what stewards did. Tables that protected acts
write to have no order of arrival: their keys are random or hashes, on SQLite the key is the place.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bot.core.problems.rules import Mechanism, Ownership, Verdict
from bot.core.problems.standing_rules import Course as Course
from bot.core.problems.standing_rules import Ending as Ending
from bot.core.problems.standing_rules import Outcome as Outcome
from bot.core.problems.standing_rules import State as State
from bot.core.store import Base, one_of, random_id, reference


class RaisedAs(StrEnum):
    CONFIDENTIAL = "confidential"
    ANONYMOUS = "anonymous"
    NAMED = "named"
    TAGGED = "tagged"


PUBLISHED = (State.OPEN.value, State.RESTING.value, State.CLOSED.value)
CONFIRMABLE = (
    State.TAGGED.value,
    State.NEW.value,
    State.ASKED.value,
    State.OPEN.value,
    State.RESTING.value,
)


class Kind(StrEnum):
    """Whether a place may be spoken of elsewhere."""

    UNKNOWN = "unknown"  # counts as private
    PUBLIC = "public"
    PRIVATE = "private"
    SHARED = "shared"


class Act(StrEnum):
    """Protected acts that wait for the batch."""

    RAISE = "raise"
    CONFIRM = "confirm"
    FOLLOW_UP = "follow_up"
    ANSWER = "answer"
    # What a raiser does later; the room of replies moves these.
    TOLD = "told"  # an answer to a steward's question
    WORDS = "words"  # other words, or a yes or no to a steward's
    QUIET = "quiet"  # no more questions
    WITHDRAW = "withdraw"
    OUTCOME = "outcome"  # whether the ending settled it
    HOLDS = "holds"  # whether it still holds a month later
    COST = "cost"  # whether raising it cost the raiser anything
    CONSENT = "consent"  # yes or no to being merged with another


def _words(values: type[StrEnum]) -> list[str]:
    return [value.value for value in values]


def _listed(name: str, *columns: str) -> sa.Index:
    """An index over the problems that no steward holds."""
    free = sa.text("held_because IS NULL")
    return sa.Index(f"ix_problems_{name}", *columns, sqlite_where=free, postgresql_where=free)


class Problem(Base):
    __tablename__ = "problems"
    __table_args__ = (
        one_of("raised_as", _words(RaisedAs)),
        one_of("state", _words(State)),
        sa.CheckConstraint("raiser IS NULL OR raised_as IN ('named', 'tagged')", name="raiser_in_clear"),
        sa.CheckConstraint("sealed_address IS NULL OR raised_as = 'confidential'", name="address_sealed"),
        sa.CheckConstraint("receipt_hash IS NULL OR raised_as = 'anonymous'", name="receipt_of_anonymous"),
        sa.CheckConstraint("raiser_team_id IS NULL OR raised_as IN ('named', 'tagged')", name="raisers_team"),
        sa.CheckConstraint("(number IS NULL) = (published_week IS NULL)", name="number_at_publication"),
        sa.CheckConstraint(
            "overrule_verdict IS NULL OR coalesce(length(overrule_sentence), 0) > 0", name="overrule_says_why"
        ),
        sa.CheckConstraint(
            "state <> 'closed' OR coalesce(length(closing), 0) > 0", name="closed_with_a_sentence"
        ),
        one_of("course", _words(Course)),
        one_of("ending", _words(Ending)),
        one_of("outcome", _words(Outcome)),
        # What stewards look up each morning.
        sa.Index("ix_problems_course_until", "course", "course_until"),
        sa.Index("ix_problems_course_state_raised", "course", "state", "raised_week", "id"),
        sa.Index(
            "ix_problems_others_spoke",
            "id",
            sqlite_where=sa.text("others_spoke = 1"),
            postgresql_where=sa.text("others_spoke"),
        ),
        sa.Index(
            "ix_problems_raiser_spoke",
            "id",
            sqlite_where=sa.text("raiser_spoke = 1"),
            postgresql_where=sa.text("raiser_spoke"),
        ),
        sa.Index(
            "ix_problems_held",
            "id",
            sqlite_where=sa.text("held_because IS NOT NULL"),
            postgresql_where=sa.text("held_because IS NOT NULL"),
        ),
        # What an edition looks up: the tops of its orders among what has not changed, and all that has.
        _listed("by_score", "state", "changed", "verdict", "score"),
        _listed("by_hours", "state", "changed", "verdict", "hours"),
        _listed("by_age", "state", "changed", "stale_from"),
        _listed("least_seen", "state", "changed", "editions", "number"),
        sa.Index(
            "ix_problems_changed",
            *("state", "id"),
            sqlite_where=sa.text("changed = 1"),
            postgresql_where=sa.text("changed"),
        ),
        sa.Index("ix_problems_state_number", "state", "number"),
    )

    id: Mapped[int] = random_id()
    number: Mapped[int | None] = mapped_column(sa.Integer, unique=True)
    raised_as: Mapped[str] = mapped_column(sa.String(12))
    raiser: Mapped[str | None] = mapped_column(sa.String(32), index=True)
    sealed_address: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    receipt_hash: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32), unique=True)
    raiser_team_id: Mapped[int | None] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.ForeignKey("teams.id", ondelete="SET NULL")
    )
    state: Mapped[str] = mapped_column(sa.String(10))
    raised_week: Mapped[dt.date] = mapped_column(sa.Date)
    published_week: Mapped[dt.date | None] = mapped_column(sa.Date)
    closed_week: Mapped[dt.date | None] = mapped_column(sa.Date)

    title: Mapped[str] = mapped_column(sa.Text, default="")
    hardship: Mapped[str] = mapped_column(sa.Text, default="")
    tried: Mapped[str] = mapped_column(sa.Text, default="")
    guardrails: Mapped[str] = mapped_column(sa.Text, default="")
    label: Mapped[str | None] = mapped_column(sa.String(80))

    # Destroyed at closing: then nobody can work out any more who confirmed.
    salt: Mapped[bytes | None] = mapped_column(sa.LargeBinary(16))
    salt_mark: Mapped[bytes | None] = mapped_column(sa.LargeBinary(4))

    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    not_ours: Mapped[int] = mapped_column(sa.Integer, default=0)
    came_back: Mapped[int] = mapped_column(sa.Integer, default=0)
    overrule_verdict: Mapped[str | None] = mapped_column(sa.String(30))
    overrule_sentence: Mapped[str | None] = mapped_column(sa.Text)
    closing: Mapped[str | None] = mapped_column(sa.Text)
    held_because: Mapped[str | None] = mapped_column(sa.Text)
    # False while other words of a steward wait for the raiser's yes.
    agreed: Mapped[bool] = mapped_column(sa.Boolean, default=True, server_default=sa.true())
    no_more_questions: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.false())
    # The raiser has said something since a steward last did something here.
    raiser_spoke: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.false())
    # The same of a team or the sponsor.
    others_spoke: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.false())

    # What is being done, until when, and the stewards' sentence on it that every reader finds.
    course: Mapped[str] = mapped_column(
        sa.String(12), default=Course.WAITING.value, server_default=Course.WAITING.value
    )
    course_until: Mapped[dt.date | None] = mapped_column(sa.Date)
    course_sentence: Mapped[str | None] = mapped_column(sa.Text)
    would_help: Mapped[str | None] = mapped_column(sa.Text)
    # The stewards' sentence on how to get by until something changes.
    way_around: Mapped[str | None] = mapped_column(sa.Text)
    # The day of the stewards' act, in UTC.
    closed_on: Mapped[dt.date | None] = mapped_column(sa.Date)
    # After closing. None of an older release's rows: "other", and the raiser was not asked.
    ending: Mapped[str | None] = mapped_column(sa.String(12))
    outcome: Mapped[str | None] = mapped_column(sa.String(14))
    outcome_words: Mapped[str | None] = mapped_column(sa.Text)
    holds: Mapped[bool | None] = mapped_column(sa.Boolean)
    reopened_week: Mapped[dt.date | None] = mapped_column(sa.Date)
    # Which of the later questions the raiser was told of, and whether the one about costs was answered.
    asked_cost: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.false())
    asked_holds: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.false())
    said_cost: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.false())

    # Worked out with each edition for what has changed since; never live.
    changed: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    finding: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    verdict: Mapped[str | None] = mapped_column(sa.String(30))
    raw_score: Mapped[float | None] = mapped_column(sa.Float)
    score: Mapped[float] = mapped_column(sa.Float, default=0.0)
    hours: Mapped[float] = mapped_column(sa.Float, default=0.0)
    freshness: Mapped[float] = mapped_column(sa.Float, default=0.0)
    fresh_at: Mapped[dt.date | None] = mapped_column(sa.Date)
    stale_from: Mapped[dt.date | None] = mapped_column(sa.Date)
    editions: Mapped[int] = mapped_column(sa.Integer, default=0)


class Confirmation(Base):
    """One person says "this hits us too": a hash that tells people apart, and the team at that moment."""

    __tablename__ = "confirmations"
    __table_args__ = (
        # An edition counts by problem and finds all it needs here; the batch rewrites a week.
        sa.Index("ix_confirmations_problem_team_week", "problem_id", "team_id", "week"),
        sa.Index("ix_confirmations_week", "week"),
        {"sqlite_with_rowid": False},
    )

    problem_id: Mapped[int] = reference("problems.id", primary_key=True)
    voice: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    team_id: Mapped[int | None] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.ForeignKey("teams.id", ondelete="SET NULL")
    )
    trusted: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    week: Mapped[dt.date] = mapped_column(sa.Date)
    # Of somebody who is counted already in another problem that this one goes on with.
    twin: Mapped[bool] = mapped_column(sa.Boolean, default=False, server_default=sa.false())


class Tally(Base):
    """What is left of a closed problem's confirmations: voices per team, of nobody in particular."""

    __tablename__ = "tallies"
    __table_args__ = ({"sqlite_with_rowid": False},)

    problem_id: Mapped[int] = reference("problems.id", primary_key=True)
    team: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)  # 0: people without a team
    voices: Mapped[int] = mapped_column(sa.Integer)


class Spoken(Base):
    """A hash of somebody who has answered a question about a problem, so that it counts once."""

    __tablename__ = "spoken"
    __table_args__ = ({"sqlite_with_rowid": False},)

    problem_id: Mapped[int] = reference("problems.id", primary_key=True)
    voice: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)


class FollowUp(Base):
    """What somebody added after "hits us too": by function, apart from who confirmed, for stewards only."""

    __tablename__ = "follow_ups"
    __table_args__ = (
        sa.CheckConstraint(
            "mechanism IS NULL OR mechanism IN (" + ", ".join(f"'{m.value}'" for m in Mechanism) + ")",
            name="mechanism",
        ),
        sa.CheckConstraint(
            "hours_low IS NULL OR (hours_low >= 0 AND hours_high >= hours_low)", name="hours_range"
        ),
    )

    id: Mapped[int] = random_id()
    problem_id: Mapped[int] = reference("problems.id", index=True)
    function_id: Mapped[int | None] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.ForeignKey("functions.id", ondelete="SET NULL")
    )
    hours_low: Mapped[float | None] = mapped_column(sa.Float)
    hours_high: Mapped[float | None] = mapped_column(sa.Float)
    mechanism: Mapped[str | None] = mapped_column(sa.String(12))
    would_help: Mapped[str] = mapped_column(sa.Text, default="")


class Answer(Base):
    """One person's word on who would have to change, and who owns it."""

    __tablename__ = "answers"
    __table_args__ = (
        sa.CheckConstraint(
            "ownership IS NULL OR ownership IN (" + ", ".join(f"'{o.value}'" for o in Ownership) + ")",
            name="ownership",
        ),
    )

    id: Mapped[int] = random_id()
    problem_id: Mapped[int] = reference("problems.id", index=True)
    by_team_id: Mapped[int | None] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), sa.ForeignKey("teams.id", ondelete="SET NULL")
    )
    by_steward: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    ownership: Mapped[str | None] = mapped_column(sa.String(16))


class AnswerTeam(Base):
    __tablename__ = "answer_teams"
    __table_args__ = ({"sqlite_with_rowid": False},)

    answer_id: Mapped[int] = reference("answers.id", primary_key=True)
    team_id: Mapped[int] = reference("teams.id", primary_key=True)


class FeltBy(Base):
    """A team that is said to feel it, by the raiser or a steward; it counts once that team speaks or a steward says so."""

    __tablename__ = "felt_by"
    __table_args__ = ({"sqlite_with_rowid": False},)

    problem_id: Mapped[int] = reference("problems.id", primary_key=True)
    team_id: Mapped[int] = reference("teams.id", primary_key=True)
    by_steward: Mapped[bool] = mapped_column(sa.Boolean, default=False)


class Asked(Base):
    """A team that was asked whether it concerns them, and what it said."""

    __tablename__ = "asked"
    __table_args__ = ({"sqlite_with_rowid": False},)

    problem_id: Mapped[int] = reference("problems.id", primary_key=True)
    team_id: Mapped[int] = reference("teams.id", primary_key=True)
    feels_it: Mapped[bool | None] = mapped_column(sa.Boolean)


class Inbox(Base):
    """Protected acts of today: rewritten without order at the batch hour, then gone.

    No foreign key: on Postgres its check would leave the act's transaction on the problem's row (xmax).
    """

    __tablename__ = "inbox"
    __table_args__ = (one_of("act", _words(Act)), {"sqlite_with_rowid": False})

    mark: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    act: Mapped[str] = mapped_column(sa.String(12))
    problem_id: Mapped[int | None] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), index=True
    )
    body: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class Batch(Base):
    """A day whose inbox was moved: the one thing that keeps a batch from running twice."""

    __tablename__ = "batches"

    day: Mapped[dt.date] = mapped_column(sa.Date, primary_key=True)


class Reaction(Base):
    """The newest that is known of one person's emoji on one message, as a keyed hash; gone within hours.

    `sealed` says which, until the worker has acted on it.
    """

    __tablename__ = "reactions"
    __table_args__ = ({"sqlite_with_rowid": False},)

    mark: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    event_ts: Mapped[str] = mapped_column(sa.String(20))
    there: Mapped[bool] = mapped_column(sa.Boolean)
    sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    settle_at: Mapped[dt.datetime | None] = mapped_column(index=True)


class Tag(Base):
    """The message that a problem was tagged on."""

    __tablename__ = "tags"
    __table_args__ = (one_of("place", _words(Kind)), {"sqlite_with_rowid": False})

    channel: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    message_ts: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    problem_id: Mapped[int] = reference("problems.id", unique=True)
    place: Mapped[str] = mapped_column(sa.String(8), default=Kind.UNKNOWN.value)
    permalink: Mapped[str | None] = mapped_column(sa.Text)


class Audit(Base):
    """What a steward did, when and with which sentence; it names the steward and never the raiser.

    Without a problem where it concerns all of them; without a steward once that one was forgotten.
    """

    __tablename__ = "audit"

    id: Mapped[int] = random_id()
    problem_id: Mapped[int | None] = reference("problems.id", index=True, nullable=True)
    steward: Mapped[str | None] = mapped_column(sa.String(32))
    act: Mapped[str] = mapped_column(sa.String(30))
    sentence: Mapped[str] = mapped_column(sa.Text, default="")
    at: Mapped[dt.datetime]


VERDICTS = _words(Verdict)
