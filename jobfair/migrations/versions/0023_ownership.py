"""Labour stations, hand-overs, whom stations hold; collectors and liaisons; whose work a due is.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

from jobfair.kit.db import append_only_ddl
from jobfair.migrations.checks import change_check

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("hand_over", "hand_over_answer")
_OF_STATION = sa.text("kind IN ('accepted', 'declined')")
_KINDS = "kind IN ('labour_office', 'employer', 'organiser', 'school', 'auditor'"
_ROLES = (
    "role IN ('admin', 'clerk', 'recruiter', 'manager', 'staff', 'registrar', 'leader', 'auditor'"
)
_DIVISION = "(division_code IS NOT NULL AND division_code <> '')"
# table, constraint, as it was, as it is
_CHECKS = (
    (
        "organisation",
        "ck_organisation_kind_known",
        f"{_KINDS})",
        f"{_KINDS}, 'village', 'labour_station')",
    ),
    (
        "organisation",
        "ck_organisation_office_has_division",
        f"kind <> 'labour_office' OR {_DIVISION}",
        f"NOT (kind IN ('labour_office', 'village', 'labour_station')) OR {_DIVISION}",
    ),
    (
        "user_account",
        "ck_user_account_role_known",
        f"{_ROLES})",
        f"{_ROLES}, 'collector', 'liaison')",
    ),
    ("invitation", "ck_invitation_role_known", f"{_ROLES})", f"{_ROLES}, 'collector', 'liaison')"),
)


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name)


def upgrade() -> None:
    for table, name, before, after in _CHECKS:
        change_check(table, name, before, after)
    op.create_table(
        "station_place",
        sa.Column("division", sa.String(length=12), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(division) >= 2", name=op.f("ck_station_place_place_named")),
        _foreign("station_place", "station_id", "organisation"),
        sa.PrimaryKeyConstraint("division", name=op.f("pk_station_place")),
    )
    op.create_index(op.f("ix_station_place_station_id"), "station_place", ["station_id"])
    op.create_table(
        "station_employer",
        sa.Column("employer_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        _foreign("station_employer", "employer_id", "employer"),
        _foreign("station_employer", "station_id", "organisation"),
        sa.PrimaryKeyConstraint("employer_id", name=op.f("pk_station_employer")),
    )
    op.create_index(op.f("ix_station_employer_station_id"), "station_employer", ["station_id"])
    op.create_table(
        "hand_over",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("seeker_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("from_division", sa.String(length=12), nullable=False),
        sa.Column("from_station_id", sa.Integer(), nullable=True),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_by", sa.Integer(), nullable=True),
        _foreign("hand_over", "seeker_id", "seeker"),
        _foreign("hand_over", "placement_id", "placement"),
        _foreign("hand_over", "from_station_id", "organisation"),
        _foreign("hand_over", "station_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
        sa.UniqueConstraint("key", name=op.f("uq_hand_over_key")),
    )
    op.create_index("ix_hand_over_station", "hand_over", ["station_id", "offered_at"])
    op.create_index(op.f("ix_hand_over_seeker_id"), "hand_over", ["seeker_id"])
    op.create_index(op.f("ix_hand_over_placement_id"), "hand_over", ["placement_id"])
    op.create_table(
        "hand_over_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hand_over_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('accepted', 'declined', 'taken_back')",
            name=op.f("ck_hand_over_answer_kind_known"),
        ),
        sa.CheckConstraint(
            "kind = 'accepted' OR reason <> ''", name=op.f("ck_hand_over_answer_has_reason")
        ),
        _foreign("hand_over_answer", "hand_over_id", "hand_over"),
        _foreign("hand_over_answer", "office_id", "organisation"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over_answer")),
    )
    op.create_index(
        "uq_hand_over_answer_kind", "hand_over_answer", ["hand_over_id", "kind"], unique=True
    )
    op.create_index(
        "uq_hand_over_answer_station",
        "hand_over_answer",
        ["hand_over_id"],
        unique=True,
        sqlite_where=_OF_STATION,
        postgresql_where=_OF_STATION,
    )
    op.create_table(
        "held",
        sa.Column("seeker_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("hand_over_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        _foreign("held", "seeker_id", "seeker"),
        _foreign("held", "station_id", "organisation"),
        _foreign("held", "hand_over_id", "hand_over"),
        _foreign("held", "placement_id", "placement"),
        sa.PrimaryKeyConstraint("seeker_id", name=op.f("pk_held")),
    )
    op.create_index("ix_held_station", "held", ["station_id", "since"])
    op.create_table(
        "ownership_mark",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("seeker_revision", sa.Integer(), nullable=False),
        sa.Column("swept_on", sa.Date(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_ownership_mark_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ownership_mark")),
    )
    # Zero: the first look compares every due follow-up with its person's home.
    op.add_column(
        "follow_up_mark",
        sa.Column("seeker_revision", sa.Integer(), nullable=False, server_default="0"),
    )
    for table in _APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    op.drop_column("follow_up_mark", "seeker_revision")
    for table in (
        "ownership_mark",
        "held",
        "hand_over_answer",
        "hand_over",
        "station_employer",
        "station_place",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for table in _APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_refuse_change()")
    for table, name, before, after in _CHECKS:
        change_check(table, name, after, before)
