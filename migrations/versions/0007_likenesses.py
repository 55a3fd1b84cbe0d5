"""likenesses

Revision: 0007, after 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "likenesses",
        sa.Column("problem_id", key, nullable=False),
        sa.Column("mark", key, nullable=False),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["problem_id"],
            ["problems.id"],
            name=op.f("fk_likenesses_problem_id_problems"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("problem_id", name=op.f("pk_likenesses")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_likenesses_mark"), "likenesses", ["mark"])


def downgrade() -> None:
    op.drop_table("likenesses")
