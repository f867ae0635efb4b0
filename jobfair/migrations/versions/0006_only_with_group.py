"""Who goes with their whole travel group or not at all.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nobody registered so far has said so.
    op.add_column(
        "seeker",
        sa.Column("only_with_group", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("seeker", "only_with_group")
