"""answers without names

Revision: 0002, after 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.core import store

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_OLD_STATES = "state IN ('tagged', 'new', 'open', 'resting', 'closed', 'withdrawn')"
_STATES = "state IN ('tagged', 'new', 'asked', 'open', 'resting', 'closed', 'withdrawn', 'taken_down')"
_OLD_ACTS = "act IN ('raise', 'confirm', 'follow_up', 'answer')"
_ACTS = "act IN ('raise', 'confirm', 'follow_up', 'answer', 'told', 'words', 'quiet', 'withdraw')"
_RECEIPT = "receipt_hash IS NULL OR raised_as = 'anonymous'"


def upgrade() -> None:
    op.create_table(
        "channel_moves",
        sa.Column("old", sa.String(length=32), nullable=False),
        sa.Column("new", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("old", name=op.f("pk_channel_moves")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "erasures",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("receipt_salt", sa.LargeBinary(length=16), nullable=False),
        sa.Column("paused_because", sa.Text(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "early_words",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("problem_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("steward", sa.String(length=32), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["problem_id"],
            ["problems.id"],
            name=op.f("fk_early_words_problem_id_problems"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_early_words")),
        sa.UniqueConstraint("problem_id", "steward", name=op.f("uq_early_words_problem_id_steward")),
    )
    op.create_table(
        "proposals",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("problem_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by_raiser", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("hardship", sa.Text(), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("guardrails", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problems.id"], name=op.f("fk_proposals_problem_id_problems"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("problem_id", "by_raiser", name=op.f("uq_proposals_problem_id_by_raiser")),
    )
    op.create_table(
        "questions",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("problem_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("steward", sa.String(length=32), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problems.id"], name=op.f("fk_questions_problem_id_problems"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_questions_problem_id"), ["problem_id"], unique=False)

    op.create_table(
        "replies",
        sa.Column("problem_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problems.id"], name=op.f("fk_replies_problem_id_problems"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_replies_team_id_teams"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("problem_id", "team_id", name=op.f("pk_replies")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reply_clocks",
        sa.Column("problem_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("began_at", store.UtcTime(timezone=True), nullable=False),
        sa.Column("due_at", store.UtcTime(timezone=True), nullable=False),
        sa.CheckConstraint("began_at <= due_at", name=op.f("ck_reply_clocks_ends_later")),
        sa.ForeignKeyConstraint(
            ["problem_id"],
            ["problems.id"],
            name=op.f("fk_reply_clocks_problem_id_problems"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("problem_id", name=op.f("pk_reply_clocks")),
    )
    op.create_table(
        "withheld",
        sa.Column("problem_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("steward", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("hardship", sa.Text(), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("guardrails", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('tagged', 'new', 'asked', 'open', 'resting', 'closed', 'withdrawn', 'taken_down')",
            name=op.f("ck_withheld_state"),
        ),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problems.id"], name=op.f("fk_withheld_problem_id_problems"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("problem_id", name=op.f("pk_withheld")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.alter_column("problem_id", existing_type=sa.INTEGER(), nullable=True)

    with op.batch_alter_table("problems", schema=None) as batch_op:
        batch_op.add_column(sa.Column("receipt_hash", sa.LargeBinary(length=32), nullable=True))
        # With defaults in the database: the release before this one writes problems without these.
        batch_op.add_column(sa.Column("agreed", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(
            sa.Column("no_more_questions", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("raiser_spoke", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.create_unique_constraint(batch_op.f("uq_problems_receipt_hash"), ["receipt_hash"])
        batch_op.create_check_constraint(batch_op.f("ck_problems_receipt_of_anonymous"), _RECEIPT)
        batch_op.drop_constraint(batch_op.f("ck_problems_state"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_problems_state"), _STATES)

    _inbox_takes(_ACTS)


def _inbox_takes(acts: str) -> None:
    with op.batch_alter_table("inbox", table_kwargs={"sqlite_with_rowid": False}) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_inbox_act"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_inbox_act"), acts)


def downgrade() -> None:
    op.execute("DELETE FROM inbox WHERE act IN ('told', 'words', 'quiet', 'withdraw')")
    op.execute("DELETE FROM audit WHERE problem_id IS NULL")
    op.execute("UPDATE problems SET state = 'new' WHERE state = 'asked'")
    # What was taken down stays away; the older release knows no other way to keep it from readers.
    op.execute("UPDATE problems SET state = 'withdrawn' WHERE state = 'taken_down'")
    _inbox_takes(_OLD_ACTS)
    with op.batch_alter_table("problems", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_problems_state"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_problems_state"), _OLD_STATES)
        batch_op.drop_constraint(batch_op.f("ck_problems_receipt_of_anonymous"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_problems_receipt_hash"), type_="unique")
        batch_op.drop_column("raiser_spoke")
        batch_op.drop_column("no_more_questions")
        batch_op.drop_column("agreed")
        batch_op.drop_column("receipt_hash")

    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.alter_column("problem_id", existing_type=sa.INTEGER(), nullable=False)

    op.drop_table("withheld")
    op.drop_table("reply_clocks")
    op.drop_table("replies")
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_questions_problem_id"))

    op.drop_table("questions")
    op.drop_table("proposals")
    op.drop_table("early_words")
    op.drop_table("installation")
    op.drop_table("erasures")
    op.drop_table("channel_moves")
