"""the pulse, tone, silence, and the mode

Revision: 0006, after 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.core import store

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pulse_waves",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("instrument", sa.JSON(), nullable=False),
        sa.Column("functions", sa.JSON(), nullable=False),
        sa.Column("teams", sa.JSON(), nullable=False),
        sa.Column("by_team", sa.Boolean(), nullable=False),
        sa.Column("opens_at", store.UtcTime(timezone=True), nullable=False),
        sa.Column("closes_at", store.UtcTime(timezone=True), nullable=False),
        sa.Column("remind_at", store.UtcTime(timezone=True), nullable=True),
        sa.Column("figures_from", sa.Integer(), nullable=False),
        sa.Column("texts_from", sa.Integer(), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=True),
        sa.Column("salt_mark", sa.LargeBinary(length=4), nullable=True),
        sa.Column("results", sa.JSON(), nullable=True),
        sa.CheckConstraint("salt IS NULL OR state = 'open'", name=op.f("ck_pulse_waves_salt_while_open")),
        sa.CheckConstraint(
            "state <> 'closed' OR results IS NOT NULL", name=op.f("ck_pulse_waves_closed_with_results")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'open', 'closed', 'called_off')", name=op.f("ck_pulse_waves_state")
        ),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_pulse_waves_opens_before_it_closes")),
        sa.CheckConstraint("figures_from >= 5", name=op.f("ck_pulse_waves_figures_threshold")),
        sa.CheckConstraint("texts_from >= 10", name=op.f("ck_pulse_waves_texts_threshold")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse_waves")),
    )
    op.create_table(
        "silences",
        sa.Column("quarter", sa.String(length=7), nullable=False),
        sa.Column("functions", sa.JSON(), nullable=False),
        sa.Column("fell", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("quarter", name=op.f("pk_silences")),
    )
    op.create_table(
        "tone_marks",
        sa.Column("mark", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_tone_marks")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tones",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("side IN ('steward', 'function')", name=op.f("ck_tones_side")),
        sa.CheckConstraint("value BETWEEN 1 AND 5", name=op.f("ck_tones_one_to_five")),
        sa.PrimaryKeyConstraint("week", "side", "value", name=op.f("pk_tones")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tones_shown",
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("side", name=op.f("pk_tones_shown")),
    )
    op.create_table(
        "pulse_answers",
        sa.Column("wave_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("voice", sa.LargeBinary(length=16), nullable=False),
        sa.Column("function_id", sa.BigInteger(), nullable=True),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("link", sa.LargeBinary(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["wave_id"],
            ["pulse_waves.id"],
            name=op.f("fk_pulse_answers_wave_id_pulse_waves"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("wave_id", "voice", name=op.f("pk_pulse_answers")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pulse_invited",
        sa.Column("wave_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("function_id", sa.BigInteger(), nullable=True),
        sa.Column("team_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["wave_id"],
            ["pulse_waves.id"],
            name=op.f("fk_pulse_invited_wave_id_pulse_waves"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("wave_id", "person", name=op.f("pk_pulse_invited")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pulse_links",
        sa.Column("wave_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("link", sa.LargeBinary(length=32), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["wave_id"],
            ["pulse_waves.id"],
            name=op.f("fk_pulse_links_wave_id_pulse_waves"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("wave_id", "link", name=op.f("pk_pulse_links")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mode", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("mode_sentence", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.drop_column("mode_sentence")
        batch_op.drop_column("mode")

    op.drop_table("pulse_links")
    op.drop_table("pulse_invited")
    op.drop_table("pulse_answers")
    op.drop_table("tones_shown")
    op.drop_table("tones")
    op.drop_table("tone_marks")
    op.drop_table("silences")
    op.drop_table("pulse_waves")
