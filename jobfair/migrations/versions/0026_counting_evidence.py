"""A second office's word about a placement on record; files of evidence; payment stops.

Revision ID: 0026
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

# Table of files → column and table of what they prove.
_FILES = {
    "placement_evidence": ("event_id", "placement_event"),
    "claim_evidence": ("claim_id", "subsidy_claim"),
}


def _create_files(table: str, owner: str, target: str) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("seeker_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.Integer(), nullable=True),
        sa.Column("removed_why", sa.String(length=300), nullable=False),
        sa.Column(owner, sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('jpeg', 'png', 'pdf')", name=op.f(f"ck_{table}_kind_known")),
        sa.CheckConstraint("size > 0", name=op.f(f"ck_{table}_size_positive")),
        sa.CheckConstraint(
            "removed_at IS NULL OR removed_why <> ''", name=op.f(f"ck_{table}_removed_with_reason")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["organisation.id"], name=op.f(f"fk_{table}_office_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["seeker_id"], ["seeker.id"], name=op.f(f"fk_{table}_seeker_id_seeker")
        ),
        sa.ForeignKeyConstraint(
            [owner], [f"{target}.id"], name=op.f(f"fk_{table}_{owner}_{target}")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("key", name=op.f(f"uq_{table}_key")),
    )
    op.create_index(op.f(f"ix_{table}_digest"), table, ["digest"])
    op.create_index(op.f(f"ix_{table}_seeker_id"), table, ["seeker_id"])
    standing = sa.text("removed_at IS NULL")
    op.create_index(
        f"uq_{table}_once",
        table,
        [owner, "digest"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )


def upgrade() -> None:
    op.create_table(
        "placement_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("seeker_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("employer_name", sa.String(length=200), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("grade", sa.String(length=1), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_why", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "grade IN ('A', 'B', 'C', 'D', 'E')", name=op.f("ck_placement_claim_grade_known")
        ),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR withdrawn_why <> ''",
            name=op.f("ck_placement_claim_withdrawn_with_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["office_id"],
            ["organisation.id"],
            name=op.f("fk_placement_claim_office_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"],
            ["placement.id"],
            name=op.f("fk_placement_claim_placement_id_placement"),
        ),
        sa.ForeignKeyConstraint(
            ["seeker_id"], ["seeker.id"], name=op.f("fk_placement_claim_seeker_id_seeker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_claim")),
    )
    op.create_index(
        "uq_placement_claim_standing",
        "placement_claim",
        ["placement_id", "office_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_index(op.f("ix_placement_claim_office_id"), "placement_claim", ["office_id"])
    op.create_index(op.f("ix_placement_claim_seeker_id"), "placement_claim", ["seeker_id"])
    op.create_table(
        "payment_stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("person_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('death', 'prison', 'conscription', 'study')",
            name=op.f("ck_payment_stop_kind_known"),
        ),
        sa.CheckConstraint("until >= since", name=op.f("ck_payment_stop_ends_after_start")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_stop")),
        sa.UniqueConstraint("key", name=op.f("uq_payment_stop_key")),
        sa.UniqueConstraint(
            "person_index", "kind", "since", name=op.f("uq_payment_stop_person_index_kind_since")
        ),
    )
    op.create_table(
        "evidence_content",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_evidence_content")),
    )
    for files, (owner, target) in _FILES.items():
        _create_files(files, owner, target)


def downgrade() -> None:
    for files in _FILES:
        op.drop_table(files)
    op.drop_table("evidence_content")
    op.drop_table("payment_stop")
    op.drop_table("placement_claim")
