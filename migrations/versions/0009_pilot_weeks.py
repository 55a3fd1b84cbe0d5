"""what was counted of a pilot, week by week

Revision: 0009, after 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "pilot_weeks",
        sa.Column("pilot_id", _KEY, nullable=False),
        sa.Column("counted_to", sa.Date(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilots.id"], name=op.f("fk_pilot_weeks_pilot_id_pilots"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pilot_id", "counted_to", name=op.f("pk_pilot_weeks")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pilot_verdicts",
        sa.Column("pilot_id", _KEY, nullable=False),
        sa.Column("problem_id", _KEY, nullable=False),
        sa.Column("verdict", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilots.id"], name=op.f("fk_pilot_verdicts_pilot_id_pilots"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["problem_id"],
            ["problems.id"],
            name=op.f("fk_pilot_verdicts_problem_id_problems"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("pilot_id", "problem_id", name=op.f("pk_pilot_verdicts")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("pilot_verdicts")
    op.drop_table("pilot_weeks")
