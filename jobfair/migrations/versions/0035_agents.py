"""Agents, whom each placed, and claims whose money is an agent's.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "agent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("licence", sa.String(length=60), nullable=False),
        sa.Column("licence_until", sa.Date(), nullable=True),
        sa.Column("contact_name", sa.LargeBinary(), nullable=True),
        sa.Column("contact_phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('broker', 'agency', 'cooperative')", name=op.f("ck_agent_kind_known")
        ),
        sa.CheckConstraint(
            "kind <> 'agency' OR (licence <> '' AND licence_until IS NOT NULL)",
            name=op.f("ck_agent_agency_has_licence"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent")),
        sa.UniqueConstraint("key", name=op.f("uq_agent_key")),
        sa.UniqueConstraint("division", "name", name=op.f("uq_agent_division_name")),
    )
    op.create_index(op.f("ix_agent_division"), "agent", ["division"])
    op.create_index(op.f("ix_agent_phone_index"), "agent", ["phone_index"])
    op.create_table(
        "arranged_placement",
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(length=200), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placement.id"],
            name=op.f("fk_arranged_placement_placement_id_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agent.id"], name=op.f("fk_arranged_placement_agent_id_agent")
        ),
        sa.PrimaryKeyConstraint("placement_id", name=op.f("pk_arranged_placement")),
    )
    op.create_index(op.f("ix_arranged_placement_agent_id"), "arranged_placement", ["agent_id"])
    op.execute(
        "ALTER TABLE subsidy_claim ADD COLUMN agent_id INTEGER "
        "CONSTRAINT fk_subsidy_claim_agent_id_agent REFERENCES agent (id)"
    )
    op.create_index(op.f("ix_subsidy_claim_agent_id"), "subsidy_claim", ["agent_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_subsidy_claim_agent_id"), "subsidy_claim")
    op.execute("ALTER TABLE subsidy_claim DROP COLUMN agent_id")
    op.drop_table("arranged_placement")
    op.drop_table("agent")
