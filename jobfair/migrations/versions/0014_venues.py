"""Zones and booths of a fair on a map, its gates, what is published and what employers confirmed.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ZONE = sa.table("zone", *map(sa.column, ("id", "fair_id", "letter", "name")))
_BOOTH = sa.table("booth", *map(sa.column, ("id", "fair_id", "zone_id", "number", "employer_id")))
_CELL = sa.table("booth_cell", *map(sa.column, ("fair_id", "row", "column", "booth_id")))
# A station's name was the only place for a booth's number until now: a second station of an
# employer is another device at the same booth.
_NUMBERED = """
SELECT fair_id, employer_id, name FROM station AS first
WHERE job = 'booth' AND revoked_at IS NULL AND length(name) <= 20 AND NOT EXISTS (
  SELECT 1 FROM station AS earlier
  WHERE earlier.fair_id = first.fair_id AND earlier.employer_id = first.employer_id
    AND earlier.id < first.id AND earlier.revoked_at IS NULL AND length(earlier.name) <= 20)
ORDER BY fair_id, id"""
_IN_A_ROW = 10


def _keep_numbers() -> None:
    """Make a booth of every number that a station was given, in rows in the order of the stations.

    Every second row stays free for people to pass; a thirty-first row, which no fair has reached,
    would stop the migration and not lose a number.
    """
    connection = op.get_bind()
    zones: dict[int, int] = {}
    stand: dict[int, int] = {}
    for n, (fair_id, employer_id, name) in enumerate(connection.execute(sa.text(_NUMBERED)), 1):
        if fair_id not in zones:
            zones[fair_id] = len(zones) + 1
            zone = {"id": zones[fair_id], "fair_id": fair_id, "letter": "A", "name": "A"}
            connection.execute(sa.insert(_ZONE).values(zone))
        booth = {"id": n, "fair_id": fair_id, "zone_id": zones[fair_id]}
        booth |= {"number": name, "employer_id": employer_id}
        connection.execute(sa.insert(_BOOTH).values(booth))
        place = stand.get(fair_id, 0)
        stand[fair_id] = place + 1
        cell = {"row": 1 + 2 * (place // _IN_A_ROW), "column": 1 + place % _IN_A_ROW}
        connection.execute(sa.insert(_CELL).values(cell | {"fair_id": fair_id, "booth_id": n}))
    if connection.dialect.name == "postgresql":  # the ids were given here
        for table, last in (("zone", len(zones)), ("booth", sum(stand.values()))):
            if last:
                op.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})")


def upgrade() -> None:
    op.create_table(
        "zone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=2), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["fair_id"], ["fair.id"], name=op.f("fk_zone_fair_id_fair")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone")),
        sa.UniqueConstraint("fair_id", "id", name=op.f("uq_zone_fair_id_id")),
        sa.UniqueConstraint("fair_id", "letter", name=op.f("uq_zone_fair_id_letter")),
    )
    op.create_table(
        "booth",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("zone_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_booth_employer_id_employer")
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "zone_id"],
            ["zone.fair_id", "zone.id"],
            name=op.f("fk_booth_fair_id_zone_id_zone"),
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fair.id"], name=op.f("fk_booth_fair_id_fair")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booth")),
        sa.UniqueConstraint("fair_id", "employer_id", name=op.f("uq_booth_fair_id_employer_id")),
        sa.UniqueConstraint("fair_id", "id", name=op.f("uq_booth_fair_id_id")),
        sa.UniqueConstraint("fair_id", "number", name=op.f("uq_booth_fair_id_number")),
    )
    op.create_index(op.f("ix_booth_employer_id"), "booth", ["employer_id"], unique=False)
    op.create_index(op.f("ix_booth_zone_id"), "booth", ["zone_id"], unique=False)
    op.create_table(
        "booth_cell",
        sa.Column("fair_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("column", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("booth_id", sa.Integer(), nullable=False),
        sa.CheckConstraint('"column" BETWEEN 1 AND 40', name=op.f("ck_booth_cell_column_on_map")),
        sa.CheckConstraint('"row" BETWEEN 1 AND 60', name=op.f("ck_booth_cell_row_on_map")),
        sa.ForeignKeyConstraint(
            ["fair_id", "booth_id"],
            ["booth.fair_id", "booth.id"],
            name=op.f("fk_booth_cell_fair_id_booth_id_booth"),
        ),
        sa.PrimaryKeyConstraint("fair_id", "row", "column", name=op.f("pk_booth_cell")),
    )
    op.create_index(op.f("ix_booth_cell_booth_id"), "booth_cell", ["booth_id"], unique=False)
    op.add_column("fair", sa.Column("gates", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("fair", sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "fair_position", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("fair_position", sa.Column("confirmed_by", sa.Integer(), nullable=True))
    _keep_numbers()


def downgrade() -> None:
    op.drop_column("fair_position", "confirmed_by")
    op.drop_column("fair_position", "confirmed_at")
    op.drop_column("fair", "published_at")
    op.drop_column("fair", "gates")
    op.drop_index(op.f("ix_booth_cell_booth_id"), table_name="booth_cell")
    op.drop_table("booth_cell")
    op.drop_index(op.f("ix_booth_zone_id"), table_name="booth")
    op.drop_index(op.f("ix_booth_employer_id"), table_name="booth")
    op.drop_table("booth")
    op.drop_table("zone")
