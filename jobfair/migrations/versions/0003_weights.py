"""Versions of the weights, and which of them is in use.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from jobfair.kit.db import append_only_ddl

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_COMPONENTS = ("occupation", "skills", "wage", "experience", "education", "place", "travel_group")
_RANGES = [*((name, 1000) for name in _COMPONENTS), ("priority", 100)]
_TABLES = ("weight_profile", "weight_use")


def upgrade() -> None:
    op.create_table(
        "weight_profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name, _most in _RANGES),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            " AND ".join(f"{name} BETWEEN 0 AND {most}" for name, most in _RANGES),
            name=op.f("ck_weight_profile_points_in_range"),
        ),
        sa.CheckConstraint(
            f"{' + '.join(_COMPONENTS)} > 0", name=op.f("ck_weight_profile_something_counts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weight_profile")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_weight_profile_name_version")),
    )
    op.create_table(
        "weight_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chosen_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weight_use")),
    )
    for table in _TABLES:
        for statement in append_only_ddl(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION {table}_refuse_change()")
