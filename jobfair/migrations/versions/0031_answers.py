"""Follow-ups keep the answers to all that is asked at a checkpoint.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_ANSWERS = ("as_promised", "contract", "insured", "wants_change", "stays_next_year")


def upgrade() -> None:
    """Add the answers, unknown for follow-ups on record."""
    for name in _ANSWERS:
        op.add_column("follow_up_terms", sa.Column(name, sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Forget them."""
    for name in reversed(_ANSWERS):
        op.drop_column("follow_up_terms", name)
