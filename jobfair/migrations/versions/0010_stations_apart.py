"""What a station needs when it is apart: news of the others, blank cards, walk-ins.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_gate_record_received", "gate_record", ["fair_id", "received_at"])
    op.create_table(
        "blank_card",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("token_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_blank_card")),
        sa.UniqueConstraint("code", name=op.f("uq_blank_card_code")),
        sa.UniqueConstraint("digest", name=op.f("uq_blank_card_digest")),
    )
    op.create_table(
        "walk_in",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("card", sa.LargeBinary(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seeker_id", sa.Integer(), nullable=True),
        sa.Column("said_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("faults", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(seeker_id IS NULL) = (said_sealed IS NOT NULL)",
            name=op.f("ck_walk_in_kept_until_done"),
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fair.id"], name=op.f("fk_walk_in_fair_id_fair")),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairing.id"], name=op.f("fk_walk_in_pairing_id_pairing")
        ),
        sa.ForeignKeyConstraint(
            ["seeker_id"], ["seeker.id"], name=op.f("fk_walk_in_seeker_id_seeker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walk_in")),
    )
    op.create_index(op.f("ix_walk_in_fair_id"), "walk_in", ["fair_id"])
    op.create_index(op.f("ix_walk_in_pairing_id"), "walk_in", ["pairing_id"])
    op.create_index(op.f("ix_walk_in_seeker_id"), "walk_in", ["seeker_id"])


def downgrade() -> None:
    op.drop_table("walk_in")
    op.drop_table("blank_card")
    op.drop_index("ix_gate_record_received", "gate_record")
