"""What a station asks for when it has been apart from the others.

Revision ID: 0010
Revises: 0009
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_gate_record_received", "gate_record", ["fair_id", "received_at"])


def downgrade() -> None:
    op.drop_index("ix_gate_record_received", "gate_record")
