"""What was read from the text of a position, with its words.

Positions stored before have no readings until they are changed or imported again.

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
    with op.batch_alter_table("position") as table:
        table.add_column(sa.Column("readings", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    with op.batch_alter_table("position") as table:
        table.drop_column("readings")
