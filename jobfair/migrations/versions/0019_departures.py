"""Departure batches: plans, vehicles, stops, contacts, rosters, stations and their records.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

from jobfair.kit.db import append_only_ddl

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "departure_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("origin", sa.String(length=100), nullable=False),
        sa.Column("destination", sa.String(length=100), nullable=False),
        sa.Column("departs_on", sa.Date(), nullable=False),
        sa.Column("arrives_on", sa.Date(), nullable=False),
        sa.Column("departed_on", sa.Date(), nullable=True),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.Column("carrier", sa.String(length=100), nullable=False),
        sa.Column("carrier_licence", sa.String(length=60), nullable=False),
        sa.Column("cost_fen", sa.Integer(), nullable=False),
        sa.Column("payer", sa.String(length=20), nullable=False),
        sa.Column("policy_number", sa.String(length=60), nullable=False),
        sa.Column("pick_up", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "mode IN ('coach', 'train', 'air', 'self_drive')",
            name=op.f("ck_departure_batch_mode_known"),
        ),
        sa.CheckConstraint(
            "payer IN ('home_office', 'receiving_office', 'employer', 'traveller')",
            name=op.f("ck_departure_batch_payer_known"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'open', 'locked', 'departed', 'arrived', 'handed_over', 'closed', 'cancelled')",
            name=op.f("ck_departure_batch_state_known"),
        ),
        sa.CheckConstraint(
            "arrived_on >= departed_on", name=op.f("ck_departure_batch_arrived_after_departing")
        ),
        sa.CheckConstraint(
            "arrives_on >= departs_on", name=op.f("ck_departure_batch_arrives_after_departing")
        ),
        sa.CheckConstraint("cost_fen >= 0", name=op.f("ck_departure_batch_cost_not_negative")),
        sa.ForeignKeyConstraint(
            ["office_id"],
            ["organisation.id"],
            name=op.f("fk_departure_batch_office_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departure_batch")),
    )
    op.create_index(
        op.f("ix_departure_batch_departs_on"), "departure_batch", ["departs_on"], unique=False
    )
    op.create_index(
        op.f("ix_departure_batch_division"), "departure_batch", ["division"], unique=False
    )
    op.create_index(op.f("ix_departure_batch_state"), "departure_batch", ["state"], unique=False)
    op.create_table(
        "batch_station",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=True),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("secret_digest", sa.String(length=64), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "job IN ('boarding', 'arrival')", name=op.f("ck_batch_station_job_known")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["departure_batch.id"],
            name=op.f("fk_batch_station_batch_id_departure_batch"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_station")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_batch_station_code_digest")),
        sa.UniqueConstraint("secret_digest", name=op.f("uq_batch_station_secret_digest")),
    )
    op.create_index(op.f("ix_batch_station_batch_id"), "batch_station", ["batch_id"], unique=False)
    op.create_table(
        "batch_stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("leaves_at", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["departure_batch.id"],
            name=op.f("fk_batch_stop_batch_id_departure_batch"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_stop")),
        sa.UniqueConstraint("batch_id", "division", name=op.f("uq_batch_stop_batch_id_division")),
    )
    op.create_index(op.f("ix_batch_stop_batch_id"), "batch_stop", ["batch_id"], unique=False)
    op.create_table(
        "batch_vehicle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("plate", sa.String(length=20), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.CheckConstraint("seats > 0", name=op.f("ck_batch_vehicle_seats_positive")),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["departure_batch.id"],
            name=op.f("fk_batch_vehicle_batch_id_departure_batch"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_vehicle")),
        sa.UniqueConstraint("batch_id", "plate", name=op.f("uq_batch_vehicle_batch_id_plate")),
    )
    op.create_index(op.f("ix_batch_vehicle_batch_id"), "batch_vehicle", ["batch_id"], unique=False)
    op.create_table(
        "batch_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "role <> 'driver' OR vehicle_id IS NOT NULL",
            name=op.f("ck_batch_contact_driver_has_vehicle"),
        ),
        sa.CheckConstraint(
            "role IN ('driver', 'escort', 'receiver')", name=op.f("ck_batch_contact_role_known")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["departure_batch.id"],
            name=op.f("fk_batch_contact_batch_id_departure_batch"),
        ),
        sa.ForeignKeyConstraint(
            ["vehicle_id"],
            ["batch_vehicle.id"],
            name=op.f("fk_batch_contact_vehicle_id_batch_vehicle"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_contact")),
        sa.UniqueConstraint("key", name=op.f("uq_batch_contact_key")),
    )
    op.create_index(op.f("ix_batch_contact_batch_id"), "batch_contact", ["batch_id"], unique=False)
    op.create_table(
        "batch_rider",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("seeker_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.Column("company", sa.String(length=12), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=True),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.Column("insured", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_reason", sa.String(length=10), nullable=True),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(company = 'placed') = (placement_id IS NOT NULL)",
            name=op.f("ck_batch_rider_placed_by_a_placement"),
        ),
        sa.CheckConstraint(
            "company IN ('placed', 'accompanying', 'other_city')",
            name=op.f("ck_batch_rider_company_known"),
        ),
        sa.CheckConstraint(
            "left_reason IN ('no_show', 'withdrew', 'moved')",
            name=op.f("ck_batch_rider_reason_known"),
        ),
        sa.CheckConstraint(
            "(left_reason IS NULL) = (left_at IS NULL)",
            name=op.f("ck_batch_rider_left_for_a_reason"),
        ),
        sa.CheckConstraint(
            "(vehicle_id IS NULL) = (seat IS NULL)", name=op.f("ck_batch_rider_seat_in_a_vehicle")
        ),
        sa.CheckConstraint(
            "left_reason IS NULL OR seat IS NULL", name=op.f("ck_batch_rider_who_left_has_no_seat")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["departure_batch.id"],
            name=op.f("fk_batch_rider_batch_id_departure_batch"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_batch_rider_placement_id_placement")
        ),
        sa.ForeignKeyConstraint(
            ["seeker_id"], ["seeker.id"], name=op.f("fk_batch_rider_seeker_id_seeker")
        ),
        sa.ForeignKeyConstraint(
            ["vehicle_id"],
            ["batch_vehicle.id"],
            name=op.f("fk_batch_rider_vehicle_id_batch_vehicle"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_rider")),
        sa.UniqueConstraint(
            "batch_id", "seeker_id", name=op.f("uq_batch_rider_batch_id_seeker_id")
        ),
        sa.UniqueConstraint("vehicle_id", "seat", name=op.f("uq_batch_rider_vehicle_id_seat")),
    )
    op.create_index(op.f("ix_batch_rider_batch_id"), "batch_rider", ["batch_id"], unique=False)
    op.create_index(
        op.f("ix_batch_rider_placement_id"), "batch_rider", ["placement_id"], unique=False
    )
    op.create_index(op.f("ix_batch_rider_seeker_id"), "batch_rider", ["seeker_id"], unique=False)
    op.create_table(
        "batch_scan",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("rider_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=11), nullable=False),
        sa.Column("target", sa.String(length=32), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("skew", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind IN ('undo', 'departs', 'reached')) = (rider_id IS NULL)",
            name=op.f("ck_batch_scan_others_have_rider"),
        ),
        sa.CheckConstraint(
            "(kind = 'undo') = (target IS NOT NULL)", name=op.f("ck_batch_scan_undo_has_target")
        ),
        sa.CheckConstraint(
            "kind IN ('boarded', 'arrived', 'handed_over', 'departs', 'reached', 'undo')",
            name=op.f("ck_batch_scan_kind_known"),
        ),
        sa.CheckConstraint(
            "(station_id IS NULL) = (sequence IS NULL)", name=op.f("ck_batch_scan_device_counts")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["departure_batch.id"],
            name=op.f("fk_batch_scan_batch_id_departure_batch"),
        ),
        sa.ForeignKeyConstraint(
            ["rider_id"], ["batch_rider.id"], name=op.f("fk_batch_scan_rider_id_batch_rider")
        ),
        sa.ForeignKeyConstraint(
            ["station_id"],
            ["batch_station.id"],
            name=op.f("fk_batch_scan_station_id_batch_station"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_scan")),
        sa.UniqueConstraint(
            "station_id", "sequence", name=op.f("uq_batch_scan_station_id_sequence")
        ),
        info={"unaudited": "is itself the record of who saw whom, where and when"},
    )
    op.create_index(op.f("ix_batch_scan_batch_id"), "batch_scan", ["batch_id"], unique=False)
    op.create_index(op.f("ix_batch_scan_rider_id"), "batch_scan", ["rider_id"], unique=False)
    waiting = sa.text("started_on IS NULL AND ended_on IS NULL")
    op.create_index(
        "ix_placement_waiting",
        "placement",
        ["seeker_id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    for statement in append_only_ddl("batch_scan", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_placement_waiting", table_name="placement")

    op.drop_index(op.f("ix_batch_scan_rider_id"), table_name="batch_scan")
    op.drop_index(op.f("ix_batch_scan_batch_id"), table_name="batch_scan")
    op.drop_table("batch_scan")
    op.drop_index(op.f("ix_batch_rider_seeker_id"), table_name="batch_rider")
    op.drop_index(op.f("ix_batch_rider_placement_id"), table_name="batch_rider")
    op.drop_index(op.f("ix_batch_rider_batch_id"), table_name="batch_rider")
    op.drop_table("batch_rider")
    op.drop_index(op.f("ix_batch_contact_batch_id"), table_name="batch_contact")
    op.drop_table("batch_contact")
    op.drop_index(op.f("ix_batch_vehicle_batch_id"), table_name="batch_vehicle")
    op.drop_table("batch_vehicle")
    op.drop_index(op.f("ix_batch_stop_batch_id"), table_name="batch_stop")
    op.drop_table("batch_stop")
    op.drop_index(op.f("ix_batch_station_batch_id"), table_name="batch_station")
    op.drop_table("batch_station")
    op.drop_index(op.f("ix_departure_batch_state"), table_name="departure_batch")
    op.drop_index(op.f("ix_departure_batch_division"), table_name="departure_batch")
    op.drop_index(op.f("ix_departure_batch_departs_on"), table_name="departure_batch")
    op.drop_table("departure_batch")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION batch_scan_refuse_change()")
