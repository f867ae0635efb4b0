"""Subsidies with their terms, claims and payment files; public notices with objections.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

from jobfair.kit.db import append_only_ddl

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("objection", "objection_decision", "subsidy_rule", "subsidy_run", "subsidy_step")


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=12), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("kind IN ('subsidy')", name=op.f("ck_notice_kind_known")),
        sa.CheckConstraint("days > 0", name=op.f("ck_notice_days_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
    )
    op.create_index(op.f("ix_notice_closes_at"), "notice", ["closes_at"], unique=False)
    op.create_index("ix_notice_place_published", "notice", ["place", "published_at"], unique=False)
    op.create_table(
        "notice_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("question", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_call")),
        info={"unaudited": "counts calls for a few minutes"},
    )
    op.create_index(
        "ix_notice_call_address_at", "notice_call", ["address_index", "at"], unique=False
    )
    op.create_table(
        "subsidy_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("jurisdiction", sa.String(length=12), nullable=False),
        sa.Column("family", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "family IN ('travel', 'job_seeking', 'stay_on', 'organised_output')",
            name=op.f("ck_subsidy_rule_family_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subsidy_rule")),
        sa.UniqueConstraint(
            "code", "year", "version", name=op.f("uq_subsidy_rule_code_year_version")
        ),
    )
    op.create_table(
        "notice_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("person_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('subsidy')", name=op.f("ck_notice_line_kind_known")),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_notice_line_notice_id_notice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_line")),
    )
    op.create_index(op.f("ix_notice_line_subject_id"), "notice_line", ["subject_id"], unique=False)
    op.create_index("uq_notice_line_number", "notice_line", ["notice_id", "number"], unique=True)
    op.create_index(
        "uq_notice_line_standing",
        "notice_line",
        ["kind", "subject_id"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "subsidy_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("total_fen", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["subsidy_rule.id"], name=op.f("fk_subsidy_run_rule_id_subsidy_rule")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subsidy_run")),
    )
    op.create_index(op.f("ix_subsidy_run_rule_id"), "subsidy_run", ["rule_id"], unique=False)
    op.create_table(
        "notice_approver",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"], ["notice_line.id"], name=op.f("fk_notice_approver_line_id_notice_line")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_notice_approver_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("line_id", "user_id", name=op.f("pk_notice_approver")),
    )
    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "way IN ('page', 'telephone', 'paper')", name=op.f("ck_objection_way_known")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["notice_line.id"], name=op.f("fk_objection_line_id_notice_line")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("key", name=op.f("uq_objection_key")),
    )
    op.create_index(op.f("ix_objection_line_id"), "objection", ["line_id"], unique=False)
    op.create_table(
        "subsidy_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("seeker_id", sa.Integer(), nullable=False),
        sa.Column("home_division", sa.String(length=12), nullable=False),
        sa.Column("family", sa.String(length=20), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("applicant", sa.String(length=20), nullable=True),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.String(length=200), nullable=False),
        sa.Column("account_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("account_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("bank", sa.String(length=100), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "family IN ('travel', 'job_seeking', 'stay_on', 'organised_output')",
            name=op.f("ck_subsidy_claim_family_known"),
        ),
        sa.CheckConstraint(
            "state IN ('entitled', 'told', 'applied', 'announced', 'checked', 'approved', 'sent', 'paid', 'refused', 'returned', 'recovered')",
            name=op.f("ck_subsidy_claim_state_known"),
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_subsidy_claim_amount_positive")),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["subsidy_rule.id"], name=op.f("fk_subsidy_claim_rule_id_subsidy_rule")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["subsidy_run.id"], name=op.f("fk_subsidy_claim_run_id_subsidy_run")
        ),
        sa.ForeignKeyConstraint(
            ["seeker_id"], ["seeker.id"], name=op.f("fk_subsidy_claim_seeker_id_seeker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subsidy_claim")),
        sa.UniqueConstraint("key", name=op.f("uq_subsidy_claim_key")),
    )
    op.create_index(
        op.f("ix_subsidy_claim_account_index"), "subsidy_claim", ["account_index"], unique=False
    )
    op.create_index(
        "ix_subsidy_claim_home_state", "subsidy_claim", ["home_division", "state"], unique=False
    )
    op.create_index(op.f("ix_subsidy_claim_rule_id"), "subsidy_claim", ["rule_id"], unique=False)
    op.create_index(op.f("ix_subsidy_claim_run_id"), "subsidy_claim", ["run_id"], unique=False)
    op.create_index(
        op.f("ix_subsidy_claim_seeker_id"), "subsidy_claim", ["seeker_id"], unique=False
    )
    op.create_index(op.f("ix_subsidy_claim_state"), "subsidy_claim", ["state"], unique=False)
    op.create_index(
        "uq_subsidy_claim_live",
        "subsidy_claim",
        ["seeker_id", "family", "period"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('recovered', 'refused')"),
        postgresql_where=sa.text("state NOT IN ('recovered', 'refused')"),
    )
    op.create_table(
        "objection_decision",
        sa.Column("objection_id", sa.Integer(), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.String(length=1000), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["user_account.id"],
            name=op.f("fk_objection_decision_decided_by_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["objection_id"],
            ["objection.id"],
            name=op.f("fk_objection_decision_objection_id_objection"),
        ),
        sa.PrimaryKeyConstraint("objection_id", name=op.f("pk_objection_decision")),
    )
    op.create_table(
        "subsidy_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "step IN ('propose', 'tell', 'apply', 'announce', 'check', 'approve', 'send_back', 'send', 'pay', 'return', 'correct', 'refuse', 'recover')",
            name=op.f("ck_subsidy_step_step_known"),
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["subsidy_claim.id"], name=op.f("fk_subsidy_step_claim_id_subsidy_claim")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["organisation.id"], name=op.f("fk_subsidy_step_office_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subsidy_step")),
    )
    op.create_index(op.f("ix_subsidy_step_claim_id"), "subsidy_step", ["claim_id"], unique=False)
    dialect = op.get_bind().dialect.name
    for table in _APPEND_ONLY:
        for statement in append_only_ddl(table, dialect):
            op.execute(statement)


def downgrade() -> None:

    op.drop_index(op.f("ix_subsidy_step_claim_id"), table_name="subsidy_step")
    op.drop_table("subsidy_step")
    op.drop_table("objection_decision")
    op.drop_index(
        "uq_subsidy_claim_live",
        table_name="subsidy_claim",
        sqlite_where=sa.text("state NOT IN ('recovered', 'refused')"),
        postgresql_where=sa.text("state NOT IN ('recovered', 'refused')"),
    )
    op.drop_index(op.f("ix_subsidy_claim_state"), table_name="subsidy_claim")
    op.drop_index(op.f("ix_subsidy_claim_seeker_id"), table_name="subsidy_claim")
    op.drop_index(op.f("ix_subsidy_claim_run_id"), table_name="subsidy_claim")
    op.drop_index(op.f("ix_subsidy_claim_rule_id"), table_name="subsidy_claim")
    op.drop_index("ix_subsidy_claim_home_state", table_name="subsidy_claim")
    op.drop_index(op.f("ix_subsidy_claim_account_index"), table_name="subsidy_claim")
    op.drop_table("subsidy_claim")
    op.drop_index(op.f("ix_objection_line_id"), table_name="objection")
    op.drop_table("objection")
    op.drop_table("notice_approver")
    op.drop_index(op.f("ix_subsidy_run_rule_id"), table_name="subsidy_run")
    op.drop_table("subsidy_run")
    op.drop_index(
        "uq_notice_line_standing",
        table_name="notice_line",
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.drop_index("uq_notice_line_number", table_name="notice_line")
    op.drop_index(op.f("ix_notice_line_subject_id"), table_name="notice_line")
    op.drop_table("notice_line")
    op.drop_table("subsidy_rule")
    op.drop_index("ix_notice_call_address_at", table_name="notice_call")
    op.drop_table("notice_call")
    op.drop_index("ix_notice_place_published", table_name="notice")
    op.drop_index(op.f("ix_notice_closes_at"), table_name="notice")
    op.drop_table("notice")
    if op.get_bind().dialect.name == "postgresql":
        for table in _APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_refuse_change()")
