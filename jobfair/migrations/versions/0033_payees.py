"""Claims whose money is an employer's, a person at a time.

Revision ID: 0033
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0031"
branch_labels = None
depends_on = None

_LIVE = sa.text("state NOT IN ('recovered', 'refused')")
_INDEX = "uq_subsidy_claim_live"


def _index(*columns: str) -> None:
    op.drop_index(_INDEX, "subsidy_claim")
    op.create_index(
        _INDEX,
        "subsidy_claim",
        list(columns),
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )


def upgrade() -> None:
    """Say of each claim who gets the money; so far the labourers."""
    # With its check in one statement: SQLite adds none to a table that stands.
    op.execute(
        "ALTER TABLE subsidy_claim ADD COLUMN payee VARCHAR(10) DEFAULT 'person' NOT NULL "
        "CONSTRAINT ck_subsidy_claim_payee_known "
        "CHECK (payee IN ('person', 'employer', 'agent'))"
    )
    op.execute(
        "ALTER TABLE subsidy_claim ADD COLUMN employer_id INTEGER "
        "CONSTRAINT fk_subsidy_claim_employer_id_employer REFERENCES employer (id)"
    )
    op.create_index(op.f("ix_subsidy_claim_employer_id"), "subsidy_claim", ["employer_id"])
    _index("seeker_id", "family", "period", "payee")


def downgrade() -> None:
    """Forget who gets the money; refused by the index while somebody has claims of both kinds."""
    _index("seeker_id", "family", "period")
    op.drop_index(op.f("ix_subsidy_claim_employer_id"), "subsidy_claim")
    for column in ("employer_id", "payee"):
        # Its own check and reference go with it.
        op.execute(f"ALTER TABLE subsidy_claim DROP COLUMN {column}")
