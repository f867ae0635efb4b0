"""What was read from the text of a position, with its words.

Positions stored before have no readings until they are changed or imported again.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("position", sa.Column("readings", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("position", "readings")
