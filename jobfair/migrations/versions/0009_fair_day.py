"""Stations of a fair, what gates record, and who holds which unit of headcount.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

from jobfair.kit.db import append_only_ddl

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "uq_fair_position_headcount",
        "fair_position",
        ["fair_id", "position_id", "headcount"],
        unique=True,
    )
    op.create_table(
        "station",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("job", sa.String(length=10), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("code_digest", sa.String(length=64), nullable=True),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(job = 'booth') = (employer_id IS NOT NULL)",
            name=op.f("ck_station_booth_has_employer"),
        ),
        sa.CheckConstraint("job IN ('gate', 'desk', 'booth')", name=op.f("ck_station_job_known")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_station_employer_id_employer")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fair.id"], name=op.f("fk_station_fair_id_fair")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_station_code_digest")),
        sa.UniqueConstraint("fair_id", "name", name=op.f("uq_station_fair_id_name")),
    )
    op.create_index(op.f("ix_station_employer_id"), "station", ["employer_id"], unique=False)
    op.create_index(op.f("ix_station_fair_id"), "station", ["fair_id"], unique=False)
    op.create_table(
        "pairing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("secret_digest", sa.String(length=64), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_pairing_station_id_station")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing")),
        sa.UniqueConstraint("secret_digest", name=op.f("uq_pairing_secret_digest")),
    )
    op.create_index(op.f("ix_pairing_station_id"), "pairing", ["station_id"], unique=False)
    op.create_index(
        "uq_pairing_present",
        "pairing",
        ["station_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "station_pulse",
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("skew", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_station_pulse_station_id_station")
        ),
        sa.PrimaryKeyConstraint("station_id", name=op.f("pk_station_pulse")),
    )
    op.create_table(
        "gate_record",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("how", sa.String(length=6), nullable=False),
        sa.Column("card", sa.LargeBinary(length=16), nullable=True),
        sa.Column("target", sa.String(length=32), nullable=True),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("skew", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'undo') = (card IS NULL)", name=op.f("ck_gate_record_others_have_card")
        ),
        sa.CheckConstraint(
            "(kind = 'undo') = (target IS NOT NULL)", name=op.f("ck_gate_record_undo_has_target")
        ),
        sa.CheckConstraint(
            "how IN ('qr', 'code', 'search')", name=op.f("ck_gate_record_how_known")
        ),
        sa.CheckConstraint("kind IN ('in', 'out', 'undo')", name=op.f("ck_gate_record_kind_known")),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_gate_record_sequence_positive")),
        sa.ForeignKeyConstraint(["fair_id"], ["fair.id"], name=op.f("fk_gate_record_fair_id_fair")),
        sa.ForeignKeyConstraint(
            ["pairing_id"], ["pairing.id"], name=op.f("fk_gate_record_pairing_id_pairing")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_record")),
        sa.UniqueConstraint(
            "pairing_id", "sequence", name=op.f("uq_gate_record_pairing_id_sequence")
        ),
    )
    op.create_index("ix_gate_record_card", "gate_record", ["card", "fair_id", "kind"], unique=False)
    op.create_index(op.f("ix_gate_record_target"), "gate_record", ["target"], unique=False)
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seeker_id", sa.Integer(), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offered_by", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=12), nullable=True),
        sa.CheckConstraint(
            "reason IN ('declined', 'expired', 'no_show', 'left', 'elsewhere', 'withdrawn', 'returned')",
            name=op.f("ck_hold_reason_known"),
        ),
        sa.CheckConstraint(
            "(offered_at IS NULL) = (expires_at IS NULL)", name=op.f("ck_hold_offer_has_an_end")
        ),
        sa.CheckConstraint(
            "(released_at IS NULL) = (reason IS NULL)", name=op.f("ck_hold_released_for_a_reason")
        ),
        sa.CheckConstraint(
            "(seeker_id IS NULL) = (offered_at IS NULL)", name=op.f("ck_hold_offered_to_somebody")
        ),
        sa.CheckConstraint(
            "accepted_at IS NULL OR offered_at IS NOT NULL", name=op.f("ck_hold_accepted_an_offer")
        ),
        sa.CheckConstraint(
            "released_at IS NOT NULL OR slot <= headcount", name=op.f("ck_hold_within_headcount")
        ),
        sa.CheckConstraint("slot >= 1", name=op.f("ck_hold_slot_positive")),
        sa.CheckConstraint(
            "station_id IS NOT NULL OR seeker_id IS NOT NULL", name=op.f("ck_hold_held_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "position_id", "headcount"],
            ["fair_position.fair_id", "fair_position.position_id", "fair_position.headcount"],
            name=op.f("fk_hold_fair_id_position_id_headcount_fair_position"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["seeker_id"], ["seeker.id"], name=op.f("fk_hold_seeker_id_seeker")
        ),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_hold_station_id_station")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sa.UniqueConstraint("key", name=op.f("uq_hold_key")),
    )
    op.create_index(op.f("ix_hold_seeker_id"), "hold", ["seeker_id"], unique=False)
    op.create_index(op.f("ix_hold_station_id"), "hold", ["station_id"], unique=False)
    op.create_index(
        "uq_hold_accepted",
        "hold",
        ["seeker_id"],
        unique=True,
        sqlite_where=sa.text("accepted_at IS NOT NULL AND released_at IS NULL"),
        postgresql_where=sa.text("accepted_at IS NOT NULL AND released_at IS NULL"),
    )
    op.create_index(
        "uq_hold_seeker",
        "hold",
        ["fair_id", "position_id", "seeker_id"],
        unique=True,
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.create_index(
        "uq_hold_slot",
        "hold",
        ["fair_id", "position_id", "slot"],
        unique=True,
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    for statement in append_only_ddl("gate_record", op.get_context().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_index(
        "uq_hold_slot",
        table_name="hold",
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.drop_index(
        "uq_hold_seeker",
        table_name="hold",
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.drop_index(
        "uq_hold_accepted",
        table_name="hold",
        sqlite_where=sa.text("accepted_at IS NOT NULL AND released_at IS NULL"),
        postgresql_where=sa.text("accepted_at IS NOT NULL AND released_at IS NULL"),
    )
    op.drop_index(op.f("ix_hold_station_id"), table_name="hold")
    op.drop_index(op.f("ix_hold_seeker_id"), table_name="hold")
    op.drop_table("hold")
    op.drop_index(op.f("ix_gate_record_target"), table_name="gate_record")
    op.drop_index("ix_gate_record_card", table_name="gate_record")
    op.drop_table("gate_record")
    op.drop_table("station_pulse")
    op.drop_index(
        "uq_pairing_present",
        table_name="pairing",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(op.f("ix_pairing_station_id"), table_name="pairing")
    op.drop_table("pairing")
    op.drop_index(op.f("ix_station_fair_id"), table_name="station")
    op.drop_index(op.f("ix_station_employer_id"), table_name="station")
    op.drop_table("station")
    op.drop_index("uq_fair_position_headcount", table_name="fair_position")
