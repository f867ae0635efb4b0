"""Plans of fairs with their seats, what is set by hand, invitations.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "allocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("objective", sa.String(length=20), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("group_rule", sa.String(length=20), nullable=False),
        sa.Column("profile", sa.String(length=60), nullable=False),
        sa.Column("planned_for", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("bound", sa.Integer(), nullable=False),
        sa.Column("rivals", sa.Integer(), nullable=False),
        sa.Column("groups_kept", sa.Integer(), nullable=False),
        sa.Column("groups_apart", sa.Integer(), nullable=False),
        sa.Column("groups_left", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["fair_id"], ["fair.id"], name=op.f("fk_allocation_fair_id_fair")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
    )
    op.create_index(op.f("ix_allocation_fair_id"), "allocation", ["fair_id"], unique=False)
    op.create_table(
        "allocation_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("seeker_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('pinned', 'barred')", name=op.f("ck_allocation_edit_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["fair_id"], ["fair.id"], name=op.f("fk_allocation_edit_fair_id_fair")
        ),
        sa.ForeignKeyConstraint(
            ["position_id"], ["position.id"], name=op.f("fk_allocation_edit_position_id_position")
        ),
        sa.ForeignKeyConstraint(
            ["seeker_id"], ["seeker.id"], name=op.f("fk_allocation_edit_seeker_id_seeker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_edit")),
    )
    op.create_index(
        "uq_allocation_edit_pair",
        "allocation_edit",
        ["fair_id", "seeker_id", "position_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_index(
        "uq_allocation_edit_pinned",
        "allocation_edit",
        ["fair_id", "seeker_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL AND kind = 'pinned'"),
        postgresql_where=sa.text("withdrawn_at IS NULL AND kind = 'pinned'"),
    )
    op.create_table(
        "allocation_position",
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.Column("eligible", sa.Integer(), nullable=False),
        sa.Column("lack", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "filled <= headcount", name=op.f("ck_allocation_position_within_headcount")
        ),
        sa.CheckConstraint("filled >= 0", name=op.f("ck_allocation_position_filled_not_negative")),
        sa.ForeignKeyConstraint(
            ["allocation_id"],
            ["allocation.id"],
            name=op.f("fk_allocation_position_allocation_id_allocation"),
        ),
        sa.ForeignKeyConstraint(
            ["position_id"],
            ["position.id"],
            name=op.f("fk_allocation_position_position_id_position"),
        ),
        sa.PrimaryKeyConstraint(
            "allocation_id", "position_id", name=op.f("pk_allocation_position")
        ),
    )
    op.create_table(
        "allocation_rival",
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.Column("seeker_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["allocation_id"],
            ["allocation.id"],
            name=op.f("fk_allocation_rival_allocation_id_allocation"),
        ),
        sa.ForeignKeyConstraint(
            ["position_id"], ["position.id"], name=op.f("fk_allocation_rival_position_id_position")
        ),
        sa.ForeignKeyConstraint(
            ["seeker_id"], ["seeker.id"], name=op.f("fk_allocation_rival_seeker_id_seeker")
        ),
        sa.PrimaryKeyConstraint(
            "allocation_id", "seeker_id", "position_id", name=op.f("pk_allocation_rival")
        ),
    )
    op.create_table(
        "allocation_seat",
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.Column("seeker_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["allocation_id"],
            ["allocation.id"],
            name=op.f("fk_allocation_seat_allocation_id_allocation"),
        ),
        sa.ForeignKeyConstraint(
            ["position_id"], ["position.id"], name=op.f("fk_allocation_seat_position_id_position")
        ),
        sa.ForeignKeyConstraint(
            ["seeker_id"], ["seeker.id"], name=op.f("fk_allocation_seat_seeker_id_seeker")
        ),
        sa.PrimaryKeyConstraint("allocation_id", "seeker_id", name=op.f("pk_allocation_seat")),
    )
    op.create_index(
        "ix_allocation_seat_position",
        "allocation_seat",
        ["allocation_id", "position_id"],
        unique=False,
    )
    op.create_table(
        "fair_invitation",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("seeker_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("allocation_id", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["allocation_id"],
            ["allocation.id"],
            name=op.f("fk_fair_invitation_allocation_id_allocation"),
        ),
        sa.ForeignKeyConstraint(
            ["fair_id"], ["fair.id"], name=op.f("fk_fair_invitation_fair_id_fair")
        ),
        sa.ForeignKeyConstraint(
            ["position_id"], ["position.id"], name=op.f("fk_fair_invitation_position_id_position")
        ),
        sa.ForeignKeyConstraint(
            ["seeker_id"], ["seeker.id"], name=op.f("fk_fair_invitation_seeker_id_seeker")
        ),
        sa.PrimaryKeyConstraint(
            "fair_id", "seeker_id", "position_id", name=op.f("pk_fair_invitation")
        ),
    )


def downgrade() -> None:
    op.drop_table("fair_invitation")
    op.drop_index("ix_allocation_seat_position", table_name="allocation_seat")
    op.drop_table("allocation_seat")
    op.drop_table("allocation_rival")
    op.drop_table("allocation_position")
    op.drop_index(
        "uq_allocation_edit_pinned",
        table_name="allocation_edit",
        sqlite_where=sa.text("withdrawn_at IS NULL AND kind = 'pinned'"),
        postgresql_where=sa.text("withdrawn_at IS NULL AND kind = 'pinned'"),
    )
    op.drop_index(
        "uq_allocation_edit_pair",
        table_name="allocation_edit",
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.drop_table("allocation_edit")
    op.drop_index(op.f("ix_allocation_fair_id"), table_name="allocation")
    op.drop_table("allocation")
