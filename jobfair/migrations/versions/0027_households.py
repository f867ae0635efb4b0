"""Facts of a person's household, and what was known of them when.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# Column → the name of its check, and what it may hold; GB/T 4761 for relations.
_CLOSED = {
    "relation": (
        "relation_known",
        ("02", *map(str, range(10, 13)), *map(str, range(20, 98)), "99"),
    ),
    "labour_capacity": ("capacity_known", ("ordinary", "skilled", "weak", "none")),
    "exit_state": ("exit_known", ("not_lifted", "lifted", "fallen_back")),
}


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("household_no_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("relation", sa.String(length=2), nullable=True),
        sa.Column("household_since", sa.Date(), nullable=True),
        sa.Column("labour_capacity", sa.String(length=20), nullable=True),
        sa.Column("labour_capacity_since", sa.Date(), nullable=True),
        sa.Column("exit_state", sa.String(length=20), nullable=True),
        sa.Column("exit_since", sa.String(length=10), nullable=True),
    ]


def _condition(column: str) -> str:
    _name, values = _CLOSED[column]
    return f"{column} IN ({', '.join(map(repr, values))})"


def upgrade() -> None:
    for column in _columns():
        if column.name in _CLOSED:
            # With its check in one statement: SQLite adds none to a table that stands.
            kind = column.type.compile(dialect=op.get_bind().dialect)
            check = op.f(f"ck_seeker_{_CLOSED[column.name][0]}")
            op.execute(
                f"ALTER TABLE seeker ADD COLUMN {column.name} {kind} "
                f"CONSTRAINT {check} CHECK ({_condition(column.name)})"
            )
        else:
            op.add_column("seeker", column)
    op.add_column("seeker", sa.Column("household_index", sa.LargeBinary(length=32), nullable=True))
    op.create_index(op.f("ix_seeker_household_index"), "seeker", ["household_index"])
    op.create_table(
        "household_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("seeker_id", sa.Integer(), nullable=False),
        *_columns(),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.CheckConstraint(_condition(column), name=op.f(f"ck_household_record_{name}"))
            for column, (name, _values) in _CLOSED.items()
        ),
        sa.ForeignKeyConstraint(
            ["office_id"],
            ["organisation.id"],
            name=op.f("fk_household_record_office_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["seeker_id"], ["seeker.id"], name=op.f("fk_household_record_seeker_id_seeker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_record")),
        sa.UniqueConstraint("key", name=op.f("uq_household_record_key")),
    )
    for name in ("seeker_id", "office_id"):
        op.create_index(op.f(f"ix_household_record_{name}"), "household_record", [name])


def downgrade() -> None:
    op.drop_table("household_record")
    op.drop_index(op.f("ix_seeker_household_index"), table_name="seeker")
    op.drop_column("seeker", "household_index")
    for column in reversed(_columns()):
        op.drop_column("seeker", column.name)
