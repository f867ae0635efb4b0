"""What rules found in the records.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=10), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column("seeker_id", sa.Integer(), nullable=True),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("explained_by", sa.Integer(), nullable=True),
        sa.Column("explained_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'explained' OR note <> ''", name=op.f("ck_finding_explained_in_words")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'explained', 'fixed')", name=op.f("ck_finding_state_known")
        ),
        sa.CheckConstraint(
            "subject IN ('seeker', 'placement', 'employer', 'position', 'user')",
            name=op.f("ck_finding_subject_known"),
        ),
        sa.ForeignKeyConstraint(
            ["seeker_id"], ["seeker.id"], name=op.f("fk_finding_seeker_id_seeker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint(
            "code",
            "subject",
            "subject_id",
            "mark",
            name=op.f("uq_finding_code_subject_subject_id_mark"),
        ),
    )
    op.create_index(op.f("ix_finding_seeker_id"), "finding", ["seeker_id"])
    op.create_index("ix_finding_work", "finding", ["state", "code", "division"])


def downgrade() -> None:
    op.drop_table("finding")
