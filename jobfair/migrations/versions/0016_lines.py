"""Who was told of a post that came free, and who was proposed another booth.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

from jobfair.migrations.checks import change_check

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


_CHECK = ("booth_record", "ck_booth_record_kind_known")
_KINDS = (
    "kind IN ('join', 'call', 'away', 'back', 'leave', 'offer', {}, "
    "'decline', 'accept', 'refuse', 'undo')"
)
_BEFORE = _KINDS.format("'second', 'unsuitable'")
_AFTER = _KINDS.format("'second', 'talk', 'unsuitable'")


def upgrade() -> None:
    op.create_table(
        "freed_post",
        sa.Column("hold_id", sa.Integer(), nullable=False),
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("seeker_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(seeker_id IS NULL) = (until IS NULL)", name=op.f("ck_freed_post_told_until")
        ),
        sa.CheckConstraint(
            "seeker_id IS NOT NULL OR number = ''", name=op.f("ck_freed_post_number_of_somebody")
        ),
        sa.ForeignKeyConstraint(["hold_id"], ["hold.id"], name=op.f("fk_freed_post_hold_id_hold")),
        sa.ForeignKeyConstraint(["fair_id"], ["fair.id"], name=op.f("fk_freed_post_fair_id_fair")),
        sa.ForeignKeyConstraint(
            ["position_id"], ["position.id"], name=op.f("fk_freed_post_position_id_position")
        ),
        sa.ForeignKeyConstraint(
            ["seeker_id"], ["seeker.id"], name=op.f("fk_freed_post_seeker_id_seeker")
        ),
        sa.PrimaryKeyConstraint("hold_id", name=op.f("pk_freed_post")),
    )
    for column in ("fair_id", "position_id", "seeker_id"):
        op.create_index(op.f(f"ix_freed_post_{column}"), "freed_post", [column])
    # What came free before anybody could be told is over.
    op.execute(
        "INSERT INTO freed_post (hold_id, fair_id, position_id, number, noticed_at) "
        "SELECT id, fair_id, position_id, '', released_at FROM hold WHERE released_at IS NOT NULL"
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("seeker_id", sa.Integer(), nullable=False),
        sa.Column("from_employer_id", sa.Integer(), nullable=False),
        sa.Column("to_employer_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("wait_here", sa.Integer(), nullable=False),
        sa.Column("wait_there", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "from_employer_id <> to_employer_id", name=op.f("ck_proposal_to_another")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fair.id"], name=op.f("fk_proposal_fair_id_fair")),
        sa.ForeignKeyConstraint(
            ["seeker_id"], ["seeker.id"], name=op.f("fk_proposal_seeker_id_seeker")
        ),
        sa.ForeignKeyConstraint(
            ["from_employer_id"],
            ["employer.id"],
            name=op.f("fk_proposal_from_employer_id_employer"),
        ),
        sa.ForeignKeyConstraint(
            ["to_employer_id"], ["employer.id"], name=op.f("fk_proposal_to_employer_id_employer")
        ),
        sa.ForeignKeyConstraint(
            ["position_id"], ["position.id"], name=op.f("fk_proposal_position_id_position")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint(
            "fair_id",
            "seeker_id",
            "to_employer_id",
            name=op.f("uq_proposal_fair_id_seeker_id_to_employer_id"),
        ),
    )
    for column in ("fair_id", "seeker_id"):
        op.create_index(op.f(f"ix_proposal_{column}"), "proposal", [column])
    op.create_table(
        "lease_order",
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ordered_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("units >= 0", name=op.f("ck_lease_order_units_not_negative")),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_lease_order_station_id_station")
        ),
        sa.ForeignKeyConstraint(
            ["position_id"], ["position.id"], name=op.f("fk_lease_order_position_id_position")
        ),
        sa.PrimaryKeyConstraint("station_id", "position_id", name=op.f("pk_lease_order")),
    )
    op.create_table(
        "paper_row",
        sa.Column("record_id", sa.String(length=32), nullable=False),
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.String(length=32), nullable=False),
        sa.Column("sheet", sa.String(length=40), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("taken_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_in_by", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(outcome IS NULL) = (employer_id IS NULL)", name=op.f("ck_paper_row_outcome_at_booth")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fair.id"], name=op.f("fk_paper_row_fair_id_fair")),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_paper_row_employer_id_employer")
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_paper_row")),
    )
    op.create_index("ix_paper_row_import", "paper_row", ["fair_id", "import_id"])
    change_check(*_CHECK, _BEFORE, _AFTER)
    for table in ("gate_record", "booth_record"):
        op.add_column(table, sa.Column("instead", sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column("booth_record", "instead")
    op.drop_column("gate_record", "instead")
    change_check(*_CHECK, _AFTER, _BEFORE)
    op.drop_table("paper_row")
    op.drop_table("lease_order")
    op.drop_table("proposal")
    op.drop_table("freed_post")
