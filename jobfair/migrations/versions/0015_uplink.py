"""Who runs a fair's day; keys of organisations; what a hall's server and the prefecture's share.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

from jobfair.kit.ids import new_key

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ORGANISATION = sa.table("organisation", sa.column("id"), sa.column("key"))
_INSTANT = sa.DateTime(timezone=True)


def _give_keys() -> None:
    connection = op.get_bind()
    for organisation in list(connection.execute(sa.select(_ORGANISATION.c.id)).scalars()):
        connection.execute(
            sa.update(_ORGANISATION).where(_ORGANISATION.c.id == organisation).values(key=new_key())
        )


def upgrade() -> None:
    op.add_column("fair", sa.Column("run_by", sa.String(length=60), nullable=True))
    op.add_column("organisation", sa.Column("key", sa.String(length=32), nullable=True))
    _give_keys()
    with op.batch_alter_table("organisation") as batch:
        batch.alter_column("key", existing_type=sa.String(length=32), nullable=False)
        batch.create_unique_constraint(op.f("uq_organisation_key"), ["key"])
    op.create_table(
        "uplink",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fair_code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("secret_digest", sa.String(length=64), nullable=True),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("code_digest", sa.String(length=64), nullable=True),
        sa.Column("code_until", _INSTANT, nullable=True),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("began_at", _INSTANT, nullable=True),
        sa.Column("handing_back", sa.Boolean(), nullable=False),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.Column("ending", sa.String(length=12), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("heard_at", _INSTANT, nullable=True),
        sa.Column("down_since", _INSTANT, nullable=True),
        sa.Column("fault", sa.String(length=300), nullable=True),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("pending", sa.LargeBinary(), nullable=True),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("received_digest", sa.String(length=64), nullable=True),
        sa.Column("aside_there", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "ending IN ('handed_back', 'taken_back')", name=op.f("ck_uplink_ending_known")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ending IS NULL)", name=op.f("ck_uplink_ended_somehow")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uplink")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_uplink_code_digest")),
        sa.UniqueConstraint("secret_digest", name=op.f("uq_uplink_secret_digest")),
    )
    op.create_index(
        "uq_uplink_open",
        "uplink",
        ["fair_code"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "uplink_row",
        sa.Column("uplink_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("local", sa.String(length=100), nullable=False),
        sa.Column("agreed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["uplink_id"], ["uplink.id"], name=op.f("fk_uplink_row_uplink_id_uplink")
        ),
        sa.PrimaryKeyConstraint("uplink_id", "table_name", "name", name=op.f("pk_uplink_row")),
    )
    op.create_index("ix_uplink_row_local", "uplink_row", ["uplink_id", "table_name", "local"])
    op.create_table(
        "uplink_aside",
        sa.Column("uplink_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("changed_at_both", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(length=12), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("set_aside_at", _INSTANT, nullable=False),
        sa.Column("settled_at", _INSTANT, nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "why IN ('refused', 'missing', 'differs')", name=op.f("ck_uplink_aside_why_known")
        ),
        sa.ForeignKeyConstraint(
            ["uplink_id"], ["uplink.id"], name=op.f("fk_uplink_aside_uplink_id_uplink")
        ),
        sa.PrimaryKeyConstraint(
            "uplink_id", "table_name", "name", "changed_at_both", name=op.f("pk_uplink_aside")
        ),
    )


def downgrade() -> None:
    op.drop_table("uplink_aside")
    op.drop_table("uplink_row")
    op.drop_table("uplink")
    with op.batch_alter_table("organisation") as batch:
        batch.drop_constraint(op.f("uq_organisation_key"), type_="unique")
        batch.drop_column("key")
    op.drop_column("fair", "run_by")
