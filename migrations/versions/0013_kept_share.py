"""kept share

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


def downgrade() -> None:
    with op.batch_alter_table("work_rules", schema=None) as batch_op:
        batch_op.drop_column("share_of")
        batch_op.drop_column("share_within")
