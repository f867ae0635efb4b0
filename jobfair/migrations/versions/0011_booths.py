"""What booths record, and what of it could not be carried out.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from jobfair.kit.db import append_only_ddl

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "booth_record",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("card", sa.LargeBinary(length=16), nullable=True),
        sa.Column("position_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=True),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("target", sa.String(length=32), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("skew", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'undo') = (card IS NULL)", name=op.f("ck_booth_record_others_have_card")
        ),
        sa.CheckConstraint(
            "(kind = 'unsuitable') = (reason IS NOT NULL)",
            name=op.f("ck_booth_record_unsuitable_says_why"),
        ),
        sa.CheckConstraint(
            "(kind IN ('undo', 'accept', 'refuse')) = (target IS NOT NULL)",
            name=op.f("ck_booth_record_answers_have_target"),
        ),
        sa.CheckConstraint(
            "kind IN ('join', 'call', 'away', 'back', 'leave', 'offer', 'second', 'unsuitable', "
            "'decline', 'accept', 'refuse', 'undo')",
            name=op.f("ck_booth_record_kind_known"),
        ),
        sa.CheckConstraint(
            "reason IN ('skill', 'experience', 'certificate', 'education', 'hours', 'pay', "
            "'place', 'start', 'other')",
            name=op.f("ck_booth_record_reason_known"),
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_booth_record_employer_id_employer")
        ),
        sa.ForeignKeyConstraint(
            ["fair_id"], ["fair.id"], name=op.f("fk_booth_record_fair_id_fair")
        ),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairing.id"], name=op.f("fk_booth_record_pairing_id_pairing")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booth_record")),
        sa.UniqueConstraint(
            "pairing_id", "sequence", name=op.f("uq_booth_record_pairing_id_sequence")
        ),
    )
    op.create_index("ix_booth_record_booth", "booth_record", ["fair_id", "employer_id", "card"])
    op.create_index(op.f("ix_booth_record_position_id"), "booth_record", ["position_id"])
    op.create_index(op.f("ix_booth_record_target"), "booth_record", ["target"])
    for statement in append_only_ddl("booth_record", op.get_context().dialect.name):
        op.execute(statement)
    op.create_table(
        "booth_claim",
        sa.Column("record_id", sa.String(length=32), nullable=False),
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("promised", sa.Boolean(), nullable=False),
        sa.Column("refusal", sa.String(length=40), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("settled_how", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(["fair_id"], ["fair.id"], name=op.f("fk_booth_claim_fair_id_fair")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["booth_record.id"], name=op.f("fk_booth_claim_record_id_booth_record")
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_booth_claim")),
    )
    op.create_index(op.f("ix_booth_claim_fair_id"), "booth_claim", ["fair_id"])


def downgrade() -> None:
    op.drop_table("booth_claim")
    op.drop_table("booth_record")
