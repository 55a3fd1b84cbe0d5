"""kept share, and the desk's look-ups

Revision: 0013, after 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("work_rules", schema=None) as batch_op:
        batch_op.add_column(sa.Column("share_within", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("share_of", sa.Integer(), nullable=True))

    # No batch: making an index copies no table.
    op.create_index("ix_problems_course_state_raised", "problems", ["course", "state", "raised_week", "id"])
    for column in ("others_spoke", "raiser_spoke"):
        op.create_index(
            f"ix_problems_{column}",
            "problems",
            ["id"],
            sqlite_where=sa.text(f"{column} = 1"),
            postgresql_where=sa.text(column),
        )


def downgrade() -> None:
    for column in ("raiser_spoke", "others_spoke"):
        op.drop_index(f"ix_problems_{column}", table_name="problems")
    op.drop_index("ix_problems_course_state_raised", table_name="problems")
    with op.batch_alter_table("work_rules", schema=None) as batch_op:
        batch_op.drop_column("share_of")
        batch_op.drop_column("share_within")
