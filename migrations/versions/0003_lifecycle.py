"""lifecycle

Revision: 0003, after 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OLD_ACTS = "act IN ('raise', 'confirm', 'follow_up', 'answer', 'told', 'words', 'quiet', 'withdraw')"
_ACTS = (
    "act IN ('raise', 'confirm', 'follow_up', 'answer', 'told', 'words', 'quiet', 'withdraw', "
    "'outcome', 'holds', 'cost', 'consent')"
)
_COURSES = (
    "course IN ('waiting', 'acknowledged', 'handed', 'taken', 'observed', 'tried', 'sponsor', 'not_now')"
)
_ENDINGS = "ending IN ('solved', 'back_to_team', 'not_for_us', 'not_now', 'rests', 'merged', 'other')"
_OUTCOMES = "outcome IN ('waiting', 'confirmed', 'partly', 'denied', 'not_confirmed')"


def upgrade() -> None:
    op.create_table(
        "arrivals",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "week", name=op.f("pk_arrivals")),
    )
    op.create_table(
        "away",
        sa.Column("steward", sa.String(length=32), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("steward", name=op.f("pk_away")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cost_counts",
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("answer", name=op.f("pk_cost_counts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "paused_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_paused_days")),
    )
    op.create_table(
        "work_rules",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("most_under_way", sa.Integer(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_work_rules_one_row")),
        sa.CheckConstraint(
            "most_under_way IS NULL OR most_under_way > 0", name=op.f("ck_work_rules_most_under_way")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_rules")),
    )
    op.create_table(
        "hands",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("problem_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "answer IN ('waiting', 'yes', 'not_ours', 'silent', 'gone', 'taken_back')",
            name=op.f("ck_hands_answer"),
        ),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problems.id"], name=op.f("fk_hands_problem_id_problems"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_hands_team_id_teams"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hands")),
    )
    with op.batch_alter_table("hands", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hands_problem_id"), ["problem_id"], unique=False)

    op.create_table(
        "helps",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("problem_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("person", sa.String(length=32), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.CheckConstraint("state IN ('offered', 'accepted', 'declined')", name=op.f("ck_helps_state")),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problems.id"], name=op.f("fk_helps_problem_id_problems"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_helps_team_id_teams"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_helps")),
        sa.UniqueConstraint("problem_id", "person", name=op.f("uq_helps_problem_id_person")),
    )
    with op.batch_alter_table("helps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_helps_person"), ["person"], unique=False)

    op.create_table(
        "sponsors_answers",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("problem_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["problem_id"],
            ["problems.id"],
            name=op.f("fk_sponsors_answers_problem_id_problems"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sponsors_answers")),
    )
    with op.batch_alter_table("sponsors_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sponsors_answers_problem_id"), ["problem_id"], unique=False)

    # With defaults in the database: the release before this one writes problems without these.
    with op.batch_alter_table("problems", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("others_spoke", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("course", sa.String(length=12), server_default="waiting", nullable=False)
        )
        batch_op.add_column(sa.Column("course_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("course_sentence", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("would_help", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("closed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ending", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("outcome", sa.String(length=14), nullable=True))
        batch_op.add_column(sa.Column("outcome_words", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("holds", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("reopened_week", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("asked_cost", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("asked_holds", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("said_cost", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index("ix_problems_course_until", ["course", "course_until"], unique=False)
        batch_op.create_check_constraint(batch_op.f("ck_problems_course"), _COURSES)
        batch_op.create_check_constraint(batch_op.f("ck_problems_ending"), _ENDINGS)
        batch_op.create_check_constraint(batch_op.f("ck_problems_outcome"), _OUTCOMES)

    _inbox_takes(_ACTS)


def _inbox_takes(acts: str) -> None:
    with op.batch_alter_table("inbox", table_kwargs={"sqlite_with_rowid": False}) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_inbox_act"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_inbox_act"), acts)


def downgrade() -> None:
    op.execute("DELETE FROM inbox WHERE act IN ('outcome', 'holds', 'cost', 'consent')")
    _inbox_takes(_OLD_ACTS)
    with op.batch_alter_table("problems", schema=None) as batch_op:
        batch_op.drop_index("ix_problems_course_until")
        for check in ("outcome", "ending", "course"):
            batch_op.drop_constraint(batch_op.f(f"ck_problems_{check}"), type_="check")
        batch_op.drop_column("said_cost")
        batch_op.drop_column("asked_holds")
        batch_op.drop_column("asked_cost")
        batch_op.drop_column("reopened_week")
        batch_op.drop_column("holds")
        batch_op.drop_column("outcome_words")
        batch_op.drop_column("outcome")
        batch_op.drop_column("ending")
        batch_op.drop_column("closed_on")
        batch_op.drop_column("would_help")
        batch_op.drop_column("course_sentence")
        batch_op.drop_column("course_until")
        batch_op.drop_column("course")
        batch_op.drop_column("others_spoke")

    with op.batch_alter_table("sponsors_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sponsors_answers_problem_id"))

    op.drop_table("sponsors_answers")
    with op.batch_alter_table("helps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_helps_person"))

    op.drop_table("helps")
    with op.batch_alter_table("hands", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hands_problem_id"))

    op.drop_table("hands")
    op.drop_table("work_rules")
    op.drop_table("paused_days")
    op.drop_table("cost_counts")
    op.drop_table("away")
    op.drop_table("arrivals")
