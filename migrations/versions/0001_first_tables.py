"""first tables

Revision: 0001, after
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.core import store

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batches",
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_batches")),
    )
    op.create_table(
        "deliveries",
        sa.Column("mark", sa.LargeBinary(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_deliveries")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "edition_notes",
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_edition_notes")),
    )
    op.create_table(
        "editions",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("due_at", store.UtcTime(timezone=True), nullable=False),
        sa.Column("composed_at", store.UtcTime(timezone=True), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("message_ts", sa.String(length=20), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("raw_total", sa.Float(), nullable=False),
        sa.Column("raw_problems", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('composed', 'posted', 'held')", name=op.f("ck_editions_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        sa.UniqueConstraint("period", name=op.f("uq_editions_period")),
    )
    op.create_table(
        "functions",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_functions")),
        sa.UniqueConstraint("name", name=op.f("uq_functions_name")),
    )
    op.create_table(
        "inbox",
        sa.Column("mark", sa.LargeBinary(length=16), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("problem_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.CheckConstraint("act IN ('raise', 'confirm', 'follow_up', 'answer')", name=op.f("ck_inbox_act")),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_inbox")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbox_problem_id"), ["problem_id"], unique=False)

    op.create_table(
        "looked_up",
        sa.Column("mark", sa.LargeBinary(length=16), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_looked_up")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("once", sa.String(length=120), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("sealed_person", sa.LargeBinary(), nullable=True),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("due_at", store.UtcTime(timezone=True), nullable=False),
        sa.Column("sending", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_until", store.UtcTime(timezone=True), nullable=True),
        sa.Column("problem_class", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "(channel IS NULL) <> (sealed_person IS NULL) OR kind = 'tag_prompt'",
            name=op.f("ck_outbox_one_recipient"),
        ),
        sa.CheckConstraint(
            "sending IN ('waiting', 'claimed', 'unknown', 'held', 'failed', 'sent')",
            name=op.f("ck_outbox_sending"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("once", name=op.f("uq_outbox_once")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_sending_due", ["sending", "due_at"], unique=False)

    op.create_table(
        "reactions",
        sa.Column("mark", sa.LargeBinary(length=16), nullable=False),
        sa.Column("event_ts", sa.String(length=20), nullable=False),
        sa.Column("there", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("settle_at", store.UtcTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_reactions")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("reactions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reactions_settle_at"), ["settle_at"], unique=False)

    op.create_table(
        "stewards",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_stewards")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "teams",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("function_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("group", sa.String(length=32), nullable=True),
        sa.Column("contact", sa.String(length=32), nullable=True),
        sa.Column("dissolved", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["function_id"], ["functions.id"], name=op.f("fk_teams_function_id_functions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("group", name=op.f("uq_teams_group")),
        sa.UniqueConstraint("name", name=op.f("uq_teams_name")),
    )
    op.create_table(
        "choices",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_choices_team_id_teams"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_choices")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "memberships",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.CheckConstraint("source IN ('group', 'list')", name=op.f("ck_memberships_source")),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_memberships_team_id_teams"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person", "team_id", "source", name=op.f("pk_memberships")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.create_index("ix_memberships_team", ["team_id"], unique=False)

    op.create_table(
        "problems",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("raised_as", sa.String(length=12), nullable=False),
        sa.Column("raiser", sa.String(length=32), nullable=True),
        sa.Column("sealed_address", sa.LargeBinary(), nullable=True),
        sa.Column("raiser_team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("raised_week", sa.Date(), nullable=False),
        sa.Column("published_week", sa.Date(), nullable=True),
        sa.Column("closed_week", sa.Date(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("hardship", sa.Text(), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("guardrails", sa.Text(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=True),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=True),
        sa.Column("salt_mark", sa.LargeBinary(length=4), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_ours", sa.Integer(), nullable=False),
        sa.Column("came_back", sa.Integer(), nullable=False),
        sa.Column("overrule_verdict", sa.String(length=30), nullable=True),
        sa.Column("overrule_sentence", sa.Text(), nullable=True),
        sa.Column("closing", sa.Text(), nullable=True),
        sa.Column("held_because", sa.Text(), nullable=True),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.Column("finding", sa.JSON(), nullable=True),
        sa.Column("verdict", sa.String(length=30), nullable=True),
        sa.Column("raw_score", sa.Float(), nullable=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("hours", sa.Float(), nullable=False),
        sa.Column("freshness", sa.Float(), nullable=False),
        sa.Column("fresh_at", sa.Date(), nullable=True),
        sa.Column("stale_from", sa.Date(), nullable=True),
        sa.Column("editions", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "raised_as IN ('confidential', 'anonymous', 'named', 'tagged')",
            name=op.f("ck_problems_raised_as"),
        ),
        sa.CheckConstraint(
            "raiser IS NULL OR raised_as IN ('named', 'tagged')", name=op.f("ck_problems_raiser_in_clear")
        ),
        sa.CheckConstraint(
            "raiser_team_id IS NULL OR raised_as IN ('named', 'tagged')",
            name=op.f("ck_problems_raisers_team"),
        ),
        sa.CheckConstraint(
            "sealed_address IS NULL OR raised_as = 'confidential'", name=op.f("ck_problems_address_sealed")
        ),
        sa.CheckConstraint(
            "state <> 'closed' OR coalesce(length(closing), 0) > 0",
            name=op.f("ck_problems_closed_with_a_sentence"),
        ),
        sa.CheckConstraint(
            "state IN ('tagged', 'new', 'open', 'resting', 'closed', 'withdrawn')",
            name=op.f("ck_problems_state"),
        ),
        sa.CheckConstraint(
            "(number IS NULL) = (published_week IS NULL)", name=op.f("ck_problems_number_at_publication")
        ),
        sa.CheckConstraint(
            "overrule_verdict IS NULL OR coalesce(length(overrule_sentence), 0) > 0",
            name=op.f("ck_problems_overrule_says_why"),
        ),
        sa.ForeignKeyConstraint(
            ["raiser_team_id"],
            ["teams.id"],
            name=op.f("fk_problems_raiser_team_id_teams"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problems")),
        sa.UniqueConstraint("number", name=op.f("uq_problems_number")),
    )
    with op.batch_alter_table("problems", schema=None) as batch_op:
        batch_op.create_index(
            "ix_problems_by_age",
            ["state", "changed", "stale_from"],
            unique=False,
            sqlite_where=sa.text("held_because IS NULL"),
            postgresql_where=sa.text("held_because IS NULL"),
        )
        batch_op.create_index(
            "ix_problems_by_hours",
            ["state", "changed", "verdict", "hours"],
            unique=False,
            sqlite_where=sa.text("held_because IS NULL"),
            postgresql_where=sa.text("held_because IS NULL"),
        )
        batch_op.create_index(
            "ix_problems_by_score",
            ["state", "changed", "verdict", "score"],
            unique=False,
            sqlite_where=sa.text("held_because IS NULL"),
            postgresql_where=sa.text("held_because IS NULL"),
        )
        batch_op.create_index(
            "ix_problems_changed",
            ["state", "id"],
            unique=False,
            sqlite_where=sa.text("changed = 1"),
            postgresql_where=sa.text("changed"),
        )
        batch_op.create_index(
            "ix_problems_least_seen",
            ["state", "changed", "editions", "number"],
            unique=False,
            sqlite_where=sa.text("held_because IS NULL"),
            postgresql_where=sa.text("held_because IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_problems_raiser"), ["raiser"], unique=False)
        batch_op.create_index("ix_problems_state_number", ["state", "number"], unique=False)

    op.create_table(
        "answers",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("problem_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by_team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by_steward", sa.Boolean(), nullable=False),
        sa.Column("ownership", sa.String(length=16), nullable=True),
        sa.CheckConstraint(
            "ownership IS NULL OR ownership IN ('one_team', 'one_but_cannot', 'contested', 'nobody')",
            name=op.f("ck_answers_ownership"),
        ),
        sa.ForeignKeyConstraint(
            ["by_team_id"], ["teams.id"], name=op.f("fk_answers_by_team_id_teams"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problems.id"], name=op.f("fk_answers_problem_id_problems"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
    )
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answers_problem_id"), ["problem_id"], unique=False)

    op.create_table(
        "asked",
        sa.Column("problem_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("feels_it", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problems.id"], name=op.f("fk_asked_problem_id_problems"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_asked_team_id_teams"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("problem_id", "team_id", name=op.f("pk_asked")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("problem_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("steward", sa.String(length=32), nullable=True),
        sa.Column("act", sa.String(length=30), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("at", store.UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problems.id"], name=op.f("fk_audit_problem_id_problems"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_problem_id"), ["problem_id"], unique=False)

    op.create_table(
        "confirmations",
        sa.Column("problem_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("voice", sa.LargeBinary(length=16), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("trusted", sa.Boolean(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["problem_id"],
            ["problems.id"],
            name=op.f("fk_confirmations_problem_id_problems"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_confirmations_team_id_teams"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("problem_id", "voice", name=op.f("pk_confirmations")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("confirmations", schema=None) as batch_op:
        batch_op.create_index(
            "ix_confirmations_problem_team_week", ["problem_id", "team_id", "week"], unique=False
        )
        batch_op.create_index("ix_confirmations_week", ["week"], unique=False)

    op.create_table(
        "edition_items",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("edition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("section", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("problem_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "section IN ('lead', 'new', 'review', 'least_seen', 'waiting_on_one', 'still_there', 'done')",
            name=op.f("ck_edition_items_section"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["editions.id"],
            name=op.f("fk_edition_items_edition_id_editions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["problem_id"],
            ["problems.id"],
            name=op.f("fk_edition_items_problem_id_problems"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_items")),
        sa.UniqueConstraint(
            "edition_id", "section", "position", name=op.f("uq_edition_items_edition_id_section_position")
        ),
    )
    with op.batch_alter_table("edition_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_items_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_edition_items_problem_id"), ["problem_id"], unique=False)

    op.create_table(
        "felt_by",
        sa.Column("problem_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by_steward", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problems.id"], name=op.f("fk_felt_by_problem_id_problems"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_felt_by_team_id_teams"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("problem_id", "team_id", name=op.f("pk_felt_by")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "follow_ups",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("problem_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("function_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("hours_low", sa.Float(), nullable=True),
        sa.Column("hours_high", sa.Float(), nullable=True),
        sa.Column("mechanism", sa.String(length=12), nullable=True),
        sa.Column("would_help", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "mechanism IS NULL OR mechanism IN ('incentive', 'authority', 'commons', 'ownership', 'coupling')",
            name=op.f("ck_follow_ups_mechanism"),
        ),
        sa.CheckConstraint(
            "hours_low IS NULL OR (hours_low >= 0 AND hours_high >= hours_low)",
            name=op.f("ck_follow_ups_hours_range"),
        ),
        sa.ForeignKeyConstraint(
            ["function_id"],
            ["functions.id"],
            name=op.f("fk_follow_ups_function_id_functions"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["problem_id"],
            ["problems.id"],
            name=op.f("fk_follow_ups_problem_id_problems"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
    )
    with op.batch_alter_table("follow_ups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_ups_problem_id"), ["problem_id"], unique=False)

    op.create_table(
        "spoken",
        sa.Column("problem_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("voice", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problems.id"], name=op.f("fk_spoken_problem_id_problems"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("problem_id", "voice", name=op.f("pk_spoken")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tags",
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("message_ts", sa.String(length=20), nullable=False),
        sa.Column("problem_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.String(length=8), nullable=False),
        sa.Column("permalink", sa.Text(), nullable=True),
        sa.CheckConstraint("place IN ('unknown', 'public', 'private', 'shared')", name=op.f("ck_tags_place")),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problems.id"], name=op.f("fk_tags_problem_id_problems"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("channel", "message_ts", name=op.f("pk_tags")),
        sa.UniqueConstraint("problem_id", name=op.f("uq_tags_problem_id")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tallies",
        sa.Column("problem_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team", sa.BigInteger(), nullable=False),
        sa.Column("voices", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problems.id"], name=op.f("fk_tallies_problem_id_problems"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("problem_id", "team", name=op.f("pk_tallies")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "answer_teams",
        sa.Column("answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("team_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answers.id"], name=op.f("fk_answer_teams_answer_id_answers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.id"], name=op.f("fk_answer_teams_team_id_teams"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("answer_id", "team_id", name=op.f("pk_answer_teams")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("answer_teams")
    op.drop_table("tallies")
    op.drop_table("tags")
    op.drop_table("spoken")
    with op.batch_alter_table("follow_ups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_ups_problem_id"))

    op.drop_table("follow_ups")
    op.drop_table("felt_by")
    with op.batch_alter_table("edition_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edition_items_problem_id"))
        batch_op.drop_index(batch_op.f("ix_edition_items_edition_id"))

    op.drop_table("edition_items")
    with op.batch_alter_table("confirmations", schema=None) as batch_op:
        batch_op.drop_index("ix_confirmations_week")
        batch_op.drop_index("ix_confirmations_problem_team_week")

    op.drop_table("confirmations")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_problem_id"))

    op.drop_table("audit")
    op.drop_table("asked")
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answers_problem_id"))

    op.drop_table("answers")
    with op.batch_alter_table("problems", schema=None) as batch_op:
        batch_op.drop_index("ix_problems_state_number")
        batch_op.drop_index(batch_op.f("ix_problems_raiser"))
        batch_op.drop_index(
            "ix_problems_least_seen",
            sqlite_where=sa.text("held_because IS NULL"),
            postgresql_where=sa.text("held_because IS NULL"),
        )
        batch_op.drop_index(
            "ix_problems_changed", sqlite_where=sa.text("changed = 1"), postgresql_where=sa.text("changed")
        )
        batch_op.drop_index(
            "ix_problems_by_score",
            sqlite_where=sa.text("held_because IS NULL"),
            postgresql_where=sa.text("held_because IS NULL"),
        )
        batch_op.drop_index(
            "ix_problems_by_hours",
            sqlite_where=sa.text("held_because IS NULL"),
            postgresql_where=sa.text("held_because IS NULL"),
        )
        batch_op.drop_index(
            "ix_problems_by_age",
            sqlite_where=sa.text("held_because IS NULL"),
            postgresql_where=sa.text("held_because IS NULL"),
        )

    op.drop_table("problems")
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_index("ix_memberships_team")

    op.drop_table("memberships")
    op.drop_table("choices")
    op.drop_table("teams")
    op.drop_table("stewards")
    with op.batch_alter_table("reactions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reactions_settle_at"))

    op.drop_table("reactions")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_sending_due")

    op.drop_table("outbox")
    op.drop_table("looked_up")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbox_problem_id"))

    op.drop_table("inbox")
    op.drop_table("functions")
    op.drop_table("editions")
    op.drop_table("edition_notes")
    op.drop_table("deliveries")
    op.drop_table("batches")
