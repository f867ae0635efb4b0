"""Indexes for what the first page counts.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_seeker_standing", "seeker", ["expires_on", "status", "home_division", "consent_at"]
    )
    op.create_index(
        "ix_placement_export_started", "placement", ["export", "void", "started_on", "seeker_id"]
    )


def downgrade() -> None:
    op.drop_index("ix_placement_export_started", table_name="placement")
    op.drop_index("ix_seeker_standing", table_name="seeker")
