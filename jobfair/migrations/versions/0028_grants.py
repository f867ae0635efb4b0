"""Grants paid to students, their months, opened statements; findings of students and schools.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

from jobfair.kit.db import append_only_ddl
from jobfair.migrations.checks import change_check

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_TABLES = ("grant_payment", "grant_reversal", "student_month", "statement_opening")
_SUBJECTS = "subject IN ('seeker', 'placement', 'employer', 'position', 'user')"
_SUBJECTS_NOW = "subject IN ('seeker', 'placement', 'employer', 'position', 'user', 'student')"


def upgrade() -> None:
    """Make the tables, and room for findings of students."""
    op.create_table(
        "grant_payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("own_card", sa.Boolean(), nullable=True),
        sa.Column("card_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("card_last4", sa.String(length=4), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('state', 'tuition')", name=op.f("ck_grant_payment_kind_known")
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_grant_payment_amount_positive")),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_grant_payment_student_id_student")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_payment")),
        sa.UniqueConstraint("key", name=op.f("uq_grant_payment_key")),
    )
    op.create_index(
        "uq_grant_payment_once",
        "grant_payment",
        ["student_id", "kind", "school_year", "paid_on", "amount_fen", "reference", "turn"],
        unique=True,
    )
    op.create_index(op.f("ix_grant_payment_card_index"), "grant_payment", ["card_index"])
    op.create_index("ix_grant_payment_day", "grant_payment", ["paid_on", "id"])
    op.create_table(
        "grant_reversal",
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reversed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_grant_reversal_has_reason")),
        sa.ForeignKeyConstraint(
            ["payment_id"],
            ["grant_payment.id"],
            name=op.f("fk_grant_reversal_payment_id_grant_payment"),
        ),
        sa.PrimaryKeyConstraint("payment_id", name=op.f("pk_grant_reversal")),
    )
    op.create_table(
        "student_month",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("days_due", sa.Integer(), nullable=False),
        sa.Column("days_present", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(length=30), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "days_present >= 0 AND days_present <= days_due AND days_due <= 31",
            name=op.f("ck_student_month_days_possible"),
        ),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_student_month_student_id_student")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_month")),
        sa.UniqueConstraint("student_id", "month", name=op.f("uq_student_month_student_id_month")),
    )
    op.create_index("ix_student_month_month", "student_month", ["month"])
    op.create_table(
        "statement_opening",
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["student_id"], ["student.id"], name=op.f("fk_statement_opening_student_id_student")
        ),
        sa.PrimaryKeyConstraint("student_id", name=op.f("pk_statement_opening")),
    )
    for table in _TABLES[:2]:
        for statement in append_only_ddl(table, op.get_bind().dialect.name):
            op.execute(statement)
    change_check("finding", "ck_finding_subject_known", _SUBJECTS, _SUBJECTS_NOW)
    op.add_column("finding", sa.Column("organisation_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_finding_organisation_id"), "finding", ["organisation_id"])


def downgrade() -> None:
    """Drop them; findings of students go."""
    op.drop_index(op.f("ix_finding_organisation_id"), "finding")
    op.drop_column("finding", "organisation_id")
    op.execute("DELETE FROM finding WHERE subject = 'student'")
    change_check("finding", "ck_finding_subject_known", _SUBJECTS_NOW, _SUBJECTS)
    for table in reversed(_TABLES):
        op.drop_table(table)
