"""merging

Revision: 0011, after 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "merges",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("problem_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("root_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("yes_of_one", sa.Boolean(), nullable=False),
        sa.Column("yes_of_other", sa.Boolean(), nullable=False),
        sa.Column("kept", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("problem_id <> into_id", name=op.f("ck_merges_in_another")),
        sa.CheckConstraint("state IN ('asked', 'stands', 'refused')", name=op.f("ck_merges_state")),
        sa.CheckConstraint(
            "state <> 'stands' OR root_id IS NOT NULL", name=op.f("ck_merges_goes_on_somewhere")
        ),
        sa.ForeignKeyConstraint(
            ["into_id"], ["problems.id"], name=op.f("fk_merges_into_id_problems"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problems.id"], name=op.f("fk_merges_problem_id_problems"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["root_id"], ["problems.id"], name=op.f("fk_merges_root_id_problems"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    op.create_index("ix_merges_problem_id", "merges", ["problem_id"])
    op.create_index("ix_merges_into_id", "merges", ["into_id"])
    op.create_index("ix_merges_root_id", "merges", ["root_id"])
    standing = sa.text("state <> 'refused'")
    op.create_index(
        "uq_merges_at_a_time",
        "merges",
        ["problem_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    # With a default in the database: the release before this one writes confirmations without it.
    op.add_column("confirmations", sa.Column("twin", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("confirmations", "twin")
    op.drop_table("merges")
