"""What people invited to a fair answer.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

from jobfair.kit.db import append_only_ddl

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invitation_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("seeker_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=True),
        sa.Column("way", sa.String(length=9), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "answer IN ('coming', 'not_coming')", name=op.f("ck_invitation_answer_answer_known")
        ),
        sa.CheckConstraint(
            "reason IN ('found_work', 'family', 'far', 'away', 'unsuitable', 'other')",
            name=op.f("ck_invitation_answer_reason_known"),
        ),
        sa.CheckConstraint(
            "way IN ('telephone', 'own_link')", name=op.f("ck_invitation_answer_way_known")
        ),
        sa.CheckConstraint(
            "(answer = 'not_coming') = (reason IS NOT NULL)",
            name=op.f("ck_invitation_answer_no_has_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["fair_id"], ["fair.id"], name=op.f("fk_invitation_answer_fair_id_fair")
        ),
        sa.ForeignKeyConstraint(
            ["seeker_id"], ["seeker.id"], name=op.f("fk_invitation_answer_seeker_id_seeker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_answer")),
    )
    op.create_index(
        "ix_invitation_answer_person", "invitation_answer", ["fair_id", "seeker_id"], unique=False
    )
    for statement in append_only_ddl("invitation_answer", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_invitation_answer_person", table_name="invitation_answer")
    op.drop_table("invitation_answer")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION invitation_answer_refuse_change()")
