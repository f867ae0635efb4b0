"""A second office's word about a placement on record.

Revision ID: 0026
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

from jobfair.kit.db import append_only_ddl

revision = "0026"
down_revision = "0022"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("placement_claim",)


def upgrade() -> None:
    op.create_table(
        "placement_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("seeker_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("employer_name", sa.String(length=200), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("grade", sa.String(length=1), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "grade IN ('A', 'B', 'C', 'D', 'E')", name=op.f("ck_placement_claim_grade_known")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"],
            ["organisation.id"],
            name=op.f("fk_placement_claim_office_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placement.id"],
            name=op.f("fk_placement_claim_placement_id_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["seeker_id"], ["seeker.id"], name=op.f("fk_placement_claim_seeker_id_seeker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_claim")),
        sa.UniqueConstraint(
            "placement_id", "office_id", name=op.f("uq_placement_claim_placement_id_office_id")
        ),
    )
    op.create_index(op.f("ix_placement_claim_office_id"), "placement_claim", ["office_id"])
    op.create_index(op.f("ix_placement_claim_seeker_id"), "placement_claim", ["seeker_id"])
    dialect = op.get_bind().dialect.name
    for table in _APPEND_ONLY:
        for statement in append_only_ddl(table, dialect):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("placement_claim")
    if op.get_bind().dialect.name == "postgresql":
        for table in _APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_refuse_change()")
