"""decisions with who pays and who gains, and links to trackers

Revision: 0008, after 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "decisions",
        sa.Column("id", key, autoincrement=False, nullable=False),
        sa.Column("problem_id", key, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("door", sa.String(length=8), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("stop_rule", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("disagreement", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("counts_from", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("review_asked", sa.Boolean(), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("over_on", sa.Date(), nullable=True),
        sa.Column("over_sentence", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("door IN ('two_way', 'one_way')", name=op.f("ck_decisions_door")),
        sa.CheckConstraint(
            "state <> 'proposed' OR counts_from IS NOT NULL", name=op.f("ck_decisions_proposed_until_a_day")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'running', 'ended', 'lapsed', 'dropped')", name=op.f("ck_decisions_state")
        ),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problems.id"], name=op.f("fk_decisions_problem_id_problems"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_problem_id"), "decisions", ["problem_id"], unique=False)
    op.create_index("ix_decisions_state_review_on", "decisions", ["state", "review_on"], unique=False)
    op.create_index(
        "uq_decisions_standing",
        "decisions",
        ["problem_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('proposed', 'running')"),
        postgresql_where=sa.text("state IN ('proposed', 'running')"),
    )

    op.create_table(
        "tracker_links",
        sa.Column("id", key, autoincrement=False, nullable=False),
        sa.Column("problem_id", key, nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["problem_id"],
            ["problems.id"],
            name=op.f("fk_tracker_links_problem_id_problems"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracker_links")),
        sa.UniqueConstraint("problem_id", "url", name=op.f("uq_tracker_links_problem_id_url")),
    )
    op.create_table(
        "decision_comments",
        sa.Column("decision_id", key, nullable=False),
        sa.Column("team_id", key, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decisions.id"],
            name=op.f("fk_decision_comments_decision_id_decisions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_decision_comments_team_id_teams"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("decision_id", "team_id", name=op.f("pk_decision_comments")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "decision_gains",
        sa.Column("decision_id", key, nullable=False),
        sa.Column("team_id", key, nullable=False),
        sa.Column("hours_low", sa.Float(), nullable=True),
        sa.Column("hours_high", sa.Float(), nullable=True),
        sa.CheckConstraint(
            "hours_low IS NULL OR (hours_low >= 0 AND hours_high >= hours_low)",
            name=op.f("ck_decision_gains_hours_range"),
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decisions.id"],
            name=op.f("fk_decision_gains_decision_id_decisions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_decision_gains_team_id_teams"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("decision_id", "team_id", name=op.f("pk_decision_gains")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "decision_guardrails",
        sa.Column("id", key, autoincrement=False, nullable=False),
        sa.Column("decision_id", key, nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("check_on", sa.Date(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=True),
        sa.Column("found", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decisions.id"],
            name=op.f("fk_decision_guardrails_decision_id_decisions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_guardrails")),
    )
    op.create_index(
        op.f("ix_decision_guardrails_decision_id"), "decision_guardrails", ["decision_id"], unique=False
    )

    op.create_table(
        "decision_payers",
        sa.Column("decision_id", key, nullable=False),
        sa.Column("team_id", key, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("hours_low", sa.Float(), nullable=True),
        sa.Column("hours_high", sa.Float(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("word", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("review_word", sa.String(length=8), nullable=True),
        sa.Column("review_words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "review_word IN ('keep', 'change', 'end')", name=op.f("ck_decision_payers_review_word")
        ),
        sa.CheckConstraint(
            "word IN ('informed', 'agreed', 'disagrees')", name=op.f("ck_decision_payers_word")
        ),
        sa.CheckConstraint(
            "hours_low IS NULL OR (hours_low >= 0 AND hours_high >= hours_low)",
            name=op.f("ck_decision_payers_hours_range"),
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decisions.id"],
            name=op.f("fk_decision_payers_decision_id_decisions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_decision_payers_team_id_teams"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("decision_id", "team_id", name=op.f("pk_decision_payers")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_decision_payers_team", "decision_payers", ["team_id"], unique=False)


def downgrade() -> None:
    op.drop_table("decision_payers")
    op.drop_table("decision_guardrails")
    op.drop_table("decision_gains")
    op.drop_table("decision_comments")
    op.drop_table("tracker_links")
    op.drop_table("decisions")
