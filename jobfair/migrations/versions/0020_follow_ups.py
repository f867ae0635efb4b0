"""Follow-ups: what is due, what was asked, rights cases, samples called again.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

from jobfair.kit.db import append_only_ddl

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("follow_up", "follow_up_reversal", "rights_case_step")


def upgrade() -> None:
    op.create_table(
        "follow_up_mark",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("swept_on", sa.Date(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_follow_up_mark_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_mark")),
    )
    op.create_table(
        "recall_sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column("drawn_from", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["office_id"], ["organisation.id"], name=op.f("fk_recall_sample_office_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_sample")),
    )
    op.create_index(
        op.f("ix_recall_sample_office_id"), "recall_sample", ["office_id"], unique=False
    )
    op.create_index("uq_recall_sample_month", "recall_sample", ["month", "county"], unique=True)
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("checkpoint", sa.String(length=3), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("grade", sa.String(length=1), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("dialled", sa.String(length=20), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("relative_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("wage_fen", sa.Integer(), nullable=True),
        sa.Column("wage_confirmed", sa.Boolean(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("next_placement_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "checkpoint IN ('d7', 'm1', 'm3', 'm6', 'm12')",
            name=op.f("ck_follow_up_checkpoint_known"),
        ),
        sa.CheckConstraint(
            "grade IN ('A', 'B', 'C', 'D', 'E')", name=op.f("ck_follow_up_grade_known")
        ),
        sa.CheckConstraint(
            "outcome IN ('on_post_same', 'on_post_other', 'returned_seasonal', 'returned_final', 'unemployed_away', 'in_study', 'exempt', 'refused', 'unreached')",
            name=op.f("ck_follow_up_outcome_known"),
        ),
        sa.CheckConstraint(
            "way <> 'relative' OR relative_sealed IS NOT NULL",
            name=op.f("ck_follow_up_relative_named"),
        ),
        sa.CheckConstraint(
            "way IN ('phone', 'visit', 'message', 'employer', 'relative', 'station', 'own_link')",
            name=op.f("ck_follow_up_way_known"),
        ),
        sa.CheckConstraint("seconds >= 0", name=op.f("ck_follow_up_seconds_positive")),
        sa.CheckConstraint("wage_fen > 0", name=op.f("ck_follow_up_wage_positive")),
        sa.ForeignKeyConstraint(
            ["next_placement_id"],
            ["placement.id"],
            name=op.f("fk_follow_up_next_placement_id_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["organisation.id"], name=op.f("fk_follow_up_office_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_follow_up_placement_id_placement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("key", name=op.f("uq_follow_up_key")),
    )
    op.create_index("ix_follow_up_day", "follow_up", ["happened_on", "id"], unique=False)
    op.create_index(op.f("ix_follow_up_placement_id"), "follow_up", ["placement_id"], unique=False)
    op.create_index(
        "ix_follow_up_recorder", "follow_up", ["recorded_by", "recorded_at"], unique=False
    )
    op.create_table(
        "rights_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("seeker_id", sa.Integer(), nullable=False),
        sa.Column("home_division", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("claimed_fen", sa.Integer(), nullable=True),
        sa.Column("recovered_fen", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "kind IN ('unpaid_wages', 'injury', 'dispute')", name=op.f("ck_rights_case_kind_known")
        ),
        sa.CheckConstraint(
            "outcome IN ('settled', 'partly', 'referred', 'withdrawn', 'unfounded')",
            name=op.f("ck_rights_case_outcome_known"),
        ),
        sa.CheckConstraint(
            "(closed_on IS NULL) = (outcome IS NULL)",
            name=op.f("ck_rights_case_closed_with_outcome"),
        ),
        sa.CheckConstraint("claimed_fen > 0", name=op.f("ck_rights_case_claimed_positive")),
        sa.CheckConstraint("recovered_fen >= 0", name=op.f("ck_rights_case_recovered_positive")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name=op.f("fk_rights_case_owner_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_rights_case_placement_id_placement")
        ),
        sa.ForeignKeyConstraint(
            ["seeker_id"], ["seeker.id"], name=op.f("fk_rights_case_seeker_id_seeker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_case")),
        sa.UniqueConstraint("key", name=op.f("uq_rights_case_key")),
    )
    op.create_index(
        "ix_rights_case_home", "rights_case", ["home_division", "closed_on"], unique=False
    )
    op.create_index(
        "uq_rights_case_open",
        "rights_case",
        ["placement_id", "kind"],
        unique=True,
        sqlite_where=sa.text("closed_on IS NULL"),
        postgresql_where=sa.text("closed_on IS NULL"),
    )
    op.create_table(
        "follow_up_due",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("seeker_id", sa.Integer(), nullable=False),
        sa.Column("county", sa.String(length=6), nullable=False),
        sa.Column("home_division", sa.String(length=12), nullable=False),
        sa.Column("checkpoint", sa.String(length=3), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("caller_id", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("follow_up_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "checkpoint IN ('d7', 'm1', 'm3', 'm6', 'm12')",
            name=op.f("ck_follow_up_due_checkpoint_known"),
        ),
        sa.CheckConstraint(
            "state <> 'done' OR follow_up_id IS NOT NULL",
            name=op.f("ck_follow_up_due_done_by_follow_up"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'done', 'passed', 'missed', 'dropped')",
            name=op.f("ck_follow_up_due_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["caller_id"], ["user_account.id"], name=op.f("fk_follow_up_due_caller_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_follow_up_due_follow_up_id_follow_up")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_follow_up_due_placement_id_placement")
        ),
        sa.ForeignKeyConstraint(
            ["seeker_id"], ["seeker.id"], name=op.f("fk_follow_up_due_seeker_id_seeker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_due")),
    )
    op.create_index(
        "ix_follow_up_due_caller",
        "follow_up_due",
        ["caller_id", "opens_on"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_follow_up_due_work",
        "follow_up_due",
        ["county", "opens_on"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_follow_up_due_placement", "follow_up_due", ["placement_id", "checkpoint"], unique=True
    )
    op.create_table(
        "follow_up_reversal",
        sa.Column("follow_up_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reversed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_follow_up_reversal_has_reason")),
        sa.ForeignKeyConstraint(
            ["follow_up_id"],
            ["follow_up.id"],
            name=op.f("fk_follow_up_reversal_follow_up_id_follow_up"),
        ),
        sa.PrimaryKeyConstraint("follow_up_id", name=op.f("pk_follow_up_reversal")),
    )
    op.create_table(
        "recall",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("follow_up_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('on_post_same', 'on_post_other', 'returned_seasonal', 'returned_final', 'unemployed_away', 'in_study', 'exempt', 'refused', 'unreached')",
            name=op.f("ck_recall_outcome_known"),
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (answered_at IS NULL)",
            name=op.f("ck_recall_answered_with_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_recall_follow_up_id_follow_up")
        ),
        sa.ForeignKeyConstraint(
            ["sample_id"], ["recall_sample.id"], name=op.f("fk_recall_sample_id_recall_sample")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall")),
    )
    op.create_index("uq_recall_follow_up", "recall", ["sample_id", "follow_up_id"], unique=True)
    op.create_table(
        "rights_case_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("recovered_fen", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["rights_case.id"], name=op.f("fk_rights_case_step_case_id_rights_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_case_step")),
    )
    op.create_index(
        op.f("ix_rights_case_step_case_id"), "rights_case_step", ["case_id"], unique=False
    )
    for table in _APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    op.drop_index(op.f("ix_rights_case_step_case_id"), table_name="rights_case_step")
    op.drop_table("rights_case_step")
    op.drop_index("uq_recall_follow_up", table_name="recall")
    op.drop_table("recall")
    op.drop_table("follow_up_reversal")
    op.drop_index("uq_follow_up_due_placement", table_name="follow_up_due")
    op.drop_index(
        "ix_follow_up_due_work",
        table_name="follow_up_due",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(
        "ix_follow_up_due_caller",
        table_name="follow_up_due",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_table("follow_up_due")
    op.drop_index(
        "uq_rights_case_open",
        table_name="rights_case",
        sqlite_where=sa.text("closed_on IS NULL"),
        postgresql_where=sa.text("closed_on IS NULL"),
    )
    op.drop_index("ix_rights_case_home", table_name="rights_case")
    op.drop_table("rights_case")
    op.drop_index("ix_follow_up_recorder", table_name="follow_up")
    op.drop_index(op.f("ix_follow_up_placement_id"), table_name="follow_up")
    op.drop_index("ix_follow_up_day", table_name="follow_up")
    op.drop_table("follow_up")
    op.drop_index("uq_recall_sample_month", table_name="recall_sample")
    op.drop_index(op.f("ix_recall_sample_office_id"), table_name="recall_sample")
    op.drop_table("recall_sample")
    op.drop_table("follow_up_mark")
    if op.get_bind().dialect.name == "postgresql":
        for table in _APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_refuse_change()")
