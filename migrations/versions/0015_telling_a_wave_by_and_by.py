"""telling a wave by and by

Revision: 0015, after 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.core import store

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_COLUMNS = ("telling", "told_to", "told_at")


def upgrade() -> None:
    op.add_column("pulse_waves", sa.Column("telling", sa.String(length=32), nullable=True))
    op.add_column("pulse_waves", sa.Column("told_to", sa.String(length=32), nullable=True))
    op.add_column("pulse_waves", sa.Column("told_at", store.UtcTime(timezone=True), nullable=True))


def downgrade() -> None:
    for name in _COLUMNS:
        op.drop_column("pulse_waves", name)
