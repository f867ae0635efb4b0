"""Titles whose occupation people have corrected.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "occupation_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("from_code", sa.String(length=20), nullable=True),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.JSON(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('proposed', 'accepted', 'rejected', 'withdrawn')",
            name=op.f("ck_occupation_alias_status_known"),
        ),
        sa.CheckConstraint("times > 0", name=op.f("ck_occupation_alias_times_positive")),
        sa.CheckConstraint("length(key) > 0", name=op.f("ck_occupation_alias_key_given")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occupation_alias")),
        sa.UniqueConstraint("key", "code", name=op.f("uq_occupation_alias_key_code")),
    )
    op.create_index(
        op.f("ix_occupation_alias_status"), "occupation_alias", ["status"], unique=False
    )
    op.create_index(
        "uq_occupation_alias_accepted",
        "occupation_alias",
        ["key"],
        unique=True,
        sqlite_where=sa.text("status = 'accepted'"),
        postgresql_where=sa.text("status = 'accepted'"),
    )


def downgrade() -> None:
    op.drop_table("occupation_alias")
