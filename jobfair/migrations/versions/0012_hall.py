"""Announcements, the close of a fair, and signed lists of results.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("text_zh", sa.String(length=120), nullable=False),
        sa.Column("text_en", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["fair_id"], ["fair.id"], name=op.f("fk_announcement_fair_id_fair")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    op.create_index(op.f("ix_announcement_fair_id"), "announcement", ["fair_id"])
    op.create_table(
        "fair_closing",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fair_id"], ["fair.id"], name=op.f("fk_fair_closing_fair_id_fair")
        ),
        sa.PrimaryKeyConstraint("fair_id", name=op.f("pk_fair_closing")),
    )
    op.create_table(
        "result_signature",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["employer_id"],
            ["employer.id"],
            name=op.f("fk_result_signature_employer_id_employer"),
        ),
        sa.ForeignKeyConstraint(
            ["fair_id"], ["fair.id"], name=op.f("fk_result_signature_fair_id_fair")
        ),
        sa.PrimaryKeyConstraint("fair_id", "employer_id", name=op.f("pk_result_signature")),
    )


def downgrade() -> None:
    op.drop_table("result_signature")
    op.drop_table("fair_closing")
    op.drop_table("announcement")
