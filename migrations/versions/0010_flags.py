"""flags

Revision: 0010, after 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "flags",
        sa.Column("problem_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("why", sa.String(length=8), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("looked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("why IN ('one_way', 'alike', 'burst')", name=op.f("ck_flags_why")),
        sa.PrimaryKeyConstraint("problem_id", "why", name=op.f("pk_flags")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reviews",
        sa.Column("problem_id", _KEY, nullable=False),
        sa.Column("team_id", _KEY, nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problems.id"], name=op.f("fk_reviews_problem_id_problems"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_reviews_team_id_teams"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("problem_id", "team_id", name=op.f("pk_reviews")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("reviews")
    op.drop_table("flags")
