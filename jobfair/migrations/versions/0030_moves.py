"""Where people's homes were before they moved.

Revision ID: 0030
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

from jobfair.kit.db import append_only_ddl

revision = "0030"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seeker_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("seeker_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("from_division", sa.String(length=12), nullable=False),
        sa.Column("to_division", sa.String(length=12), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("from_division <> to_division", name=op.f("ck_seeker_move_elsewhere")),
        sa.ForeignKeyConstraint(
            ["seeker_id"], ["seeker.id"], name=op.f("fk_seeker_move_seeker_id_seeker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seeker_move")),
        sa.UniqueConstraint("key", name=op.f("uq_seeker_move_key")),
    )
    op.create_index(op.f("ix_seeker_move_seeker_id"), "seeker_move", ["seeker_id"])
    op.create_index(op.f("ix_seeker_move_since"), "seeker_move", ["since"])
    for statement in append_only_ddl("seeker_move", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("seeker_move")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION seeker_move_refuse_change()")
