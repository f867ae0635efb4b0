"""Capacity plans, the organiser's duties, tallies of services and numbers of walk-in slips.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from jobfair.kit.db import append_only_ddl

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "capacity_plan",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.Integer(), nullable=False),
        sa.Column("closes_at", sa.Integer(), nullable=False),
        sa.Column("entry", sa.String(length=10), nullable=False),
        sa.Column("peak_percent", sa.Integer(), nullable=False),
        sa.Column("card_percent", sa.Integer(), nullable=False),
        sa.Column("card_seconds", sa.Integer(), nullable=False),
        sa.Column("walk_in_seconds", sa.Integer(), nullable=False),
        sa.Column("utilisation_percent", sa.Integer(), nullable=False),
        sa.Column("lanes", sa.Integer(), nullable=False),
        sa.Column("hall_capacity", sa.Integer(), nullable=False),
        sa.Column("stay_minutes", sa.Integer(), nullable=False),
        sa.Column("booths", sa.Integer(), nullable=False),
        sa.Column("recruiters", sa.Integer(), nullable=False),
        sa.Column("talk_minutes", sa.Integer(), nullable=False),
        sa.Column("group_size", sa.Integer(), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("staff", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("entry IN ('free', 'slots')", name=op.f("ck_capacity_plan_entry_known")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_capacity_plan_hours_are_a_range")),
        sa.CheckConstraint(
            "persons > 0 AND days > 0", name=op.f("ck_capacity_plan_somebody_some_day")
        ),
        sa.ForeignKeyConstraint(
            ["fair_id"], ["fair.id"], name=op.f("fk_capacity_plan_fair_id_fair")
        ),
        sa.PrimaryKeyConstraint("fair_id", name=op.f("pk_capacity_plan")),
    )
    op.create_table(
        "organiser_duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(code IS NULL) = (due_on IS NOT NULL)", name=op.f("ck_organiser_duty_own_has_day")
        ),
        sa.CheckConstraint(
            "(code IS NULL) = (title IS NOT NULL)", name=op.f("ck_organiser_duty_own_has_title")
        ),
        sa.CheckConstraint(
            "done_at IS NOT NULL OR done_by IS NULL",
            name=op.f("ck_organiser_duty_done_by_when_done"),
        ),
        sa.ForeignKeyConstraint(
            ["fair_id"], ["fair.id"], name=op.f("fk_organiser_duty_fair_id_fair")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organiser_duty")),
        sa.UniqueConstraint("fair_id", "code", name=op.f("uq_organiser_duty_fair_id_code")),
    )
    op.create_index(op.f("ix_organiser_duty_fair_id"), "organiser_duty", ["fair_id"], unique=False)
    op.create_table(
        "slip_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "first > 0 AND count > 0", name=op.f("ck_slip_batch_numbers_are_a_range")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fair.id"], name=op.f("fk_slip_batch_fair_id_fair")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slip_batch")),
        sa.UniqueConstraint("fair_id", "first", name=op.f("uq_slip_batch_fair_id_first")),
    )
    op.create_table(
        "tally_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(service = 'other') = (name <> '')", name=op.f("ck_tally_entry_other_has_name")
        ),
        sa.CheckConstraint(
            "service IN ('leaflets', 'service_cards', 'policy', 'legal', 'complaints', 'other')",
            name=op.f("ck_tally_entry_service_known"),
        ),
        sa.CheckConstraint(
            "(number < 0) = (reverses_id IS NOT NULL)",
            name=op.f("ck_tally_entry_less_only_in_reverse"),
        ),
        sa.CheckConstraint("number <> 0", name=op.f("ck_tally_entry_number_counts")),
        sa.ForeignKeyConstraint(["fair_id"], ["fair.id"], name=op.f("fk_tally_entry_fair_id_fair")),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["tally_entry.id"], name=op.f("fk_tally_entry_reverses_id_tally_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_tally_entry_key")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_tally_entry_reverses_id")),
    )
    op.create_index(
        "ix_tally_entry_fair", "tally_entry", ["fair_id", "service", "name", "day"], unique=False
    )
    for statement in append_only_ddl("tally_entry", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:

    op.drop_index("ix_tally_entry_fair", table_name="tally_entry")
    op.drop_table("tally_entry")
    op.drop_table("slip_batch")
    op.drop_index(op.f("ix_organiser_duty_fair_id"), table_name="organiser_duty")
    op.drop_table("organiser_duty")
    op.drop_table("capacity_plan")
