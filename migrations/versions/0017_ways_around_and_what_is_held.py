"""ways around a problem, and an index of what is held

Revision: 0017, after 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_HELD = sa.text("held_because IS NOT NULL")


def upgrade() -> None:
    op.add_column("problems", sa.Column("way_around", sa.Text(), nullable=True))
    op.create_index("ix_problems_held", "problems", ["id"], sqlite_where=_HELD, postgresql_where=_HELD)


def downgrade() -> None:
    op.drop_index("ix_problems_held", table_name="problems")
    op.drop_column("problems", "way_around")
