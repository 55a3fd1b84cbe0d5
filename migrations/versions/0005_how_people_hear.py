"""how people hear

Revision: 0005, after 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hearing",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("hears", sa.String(length=8), nullable=False),
        sa.CheckConstraint("hears IN ('mornings', 'mondays', 'never')", name=op.f("ck_hearing_hears")),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_hearing")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("hearing")
