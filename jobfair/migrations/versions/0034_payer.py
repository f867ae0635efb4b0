"""Single riders whose journey somebody else pays than the batch's payer.

Revision ID: 0034
Revises: 0033
"""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leave the batch's payer to everybody on record."""
    # With its check in one statement: SQLite adds none to a table that stands.
    op.execute(
        "ALTER TABLE batch_rider ADD COLUMN payer VARCHAR(20) "
        "CONSTRAINT ck_batch_rider_payer_known "
        "CHECK (payer IN ('home_office', 'receiving_office', 'employer', 'traveller'))"
    )


def downgrade() -> None:
    """Leave it to the batch's payer again."""
    op.drop_column("batch_rider", "payer")
