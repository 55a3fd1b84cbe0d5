"""carried at the batch hour

Revision: 0012, after 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("questions", "proposals"):
        op.add_column(table, sa.Column("carried", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    for table in ("proposals", "questions"):
        op.drop_column(table, "carried")
