"""pilot

Revision: 0004, after 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.core import store

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "pilots",
        sa.Column("id", _KEY, autoincrement=False, nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("decides", sa.Text(), nullable=False),
        sa.Column("not_used_for", sa.Text(), nullable=False),
        sa.Column("functions", sa.JSON(), nullable=False),
        sa.Column("intake_weeks", sa.Integer(), nullable=False),
        sa.Column("follow_weeks", sa.Integer(), nullable=False),
        sa.Column("review_weeks", sa.Integer(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.CheckConstraint("standing IS NULL OR standing", name=op.f("ck_pilots_standing_or_not")),
        sa.CheckConstraint(
            "ended_on IS NULL OR starts_on IS NOT NULL", name=op.f("ck_pilots_started_before_ended")
        ),
        sa.CheckConstraint(
            "ended_on IS NULL OR coalesce(length(ended_because), 0) > 0",
            name=op.f("ck_pilots_ended_with_a_sentence"),
        ),
        sa.CheckConstraint(
            "intake_weeks >= 1 AND follow_weeks >= 1 AND review_weeks >= 1",
            name=op.f("ck_pilots_has_an_end"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilots")),
        sa.UniqueConstraint("standing", name=op.f("uq_pilots_standing")),
    )
    op.create_table(
        "pilot_changes",
        sa.Column("id", _KEY, autoincrement=False, nullable=False),
        sa.Column("pilot_id", _KEY, nullable=False),
        sa.Column("what", sa.String(length=30), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("becomes", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("at", store.UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilots.id"], name=op.f("fk_pilot_changes_pilot_id_pilots"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot_changes")),
    )
    op.create_index("ix_pilot_changes_pilot_id", "pilot_changes", ["pilot_id"])
    op.create_table(
        "steward_hours",
        sa.Column("pilot_id", _KEY, nullable=False),
        sa.Column("mark", sa.LargeBinary(length=16), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("low", sa.Float(), nullable=False),
        sa.Column("high", sa.Float(), nullable=False),
        sa.CheckConstraint("low >= 0 AND high >= low", name=op.f("ck_steward_hours_hours_range")),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilots.id"], name=op.f("fk_steward_hours_pilot_id_pilots"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pilot_id", "mark", "week", name=op.f("pk_steward_hours")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("steward_hours")
    op.drop_index("ix_pilot_changes_pilot_id", table_name="pilot_changes")
    op.drop_table("pilot_changes")
    op.drop_table("pilots")
