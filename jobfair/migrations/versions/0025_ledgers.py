"""Transfer ledgers: files taken in, what their rows said, headers learnt; referred again.

Revision ID: 0025
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

from jobfair.migrations.checks import change_check

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_PRECISION = "date_precision IN ('day', 'month', 'year')"
_PRECISION_NOW = "date_precision IN ('day', 'ten_days', 'month', 'year')"
_KINDS = (
    "kind IN ('intention', 'contract_signed', 'health_checked', 'batch_assigned', 'batch_left', "
    "'boarded', 'departed', 'arrived', 'handed_over', 'on_post', 'employer_confirmed', "
    "'follow_up', 'changed_employer', 'left_post', 'returned_home', 'lost_contact', "
    "'contact_restored', 'exempt', 'reversal')"
)
_KINDS_NOW = _KINDS.replace("'exempt', ", "'exempt', 'rematched', ")
_CHANGES = (
    ("placement_event", "ck_placement_event_kind_known", _KINDS, _KINDS_NOW),
    ("placement_event", "ck_placement_event_precision_known", _PRECISION, _PRECISION_NOW),
    ("student_event", "ck_student_event_precision_known", _PRECISION, _PRECISION_NOW),
)


def upgrade() -> None:
    for table, name, before, after in _CHANGES:
        change_check(table, name, before, after)
    op.create_index("ix_placement_ended", "placement", ["ended_on", "seeker_id"])
    op.create_table(
        "ledger_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("taken_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_in_by", sa.Integer(), nullable=True),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("undo_reason", sa.String(length=200), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["organisation.id"], name=op.f("fk_ledger_import_office_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_import")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_import_key")),
    )
    op.create_index(op.f("ix_ledger_import_office_id"), "ledger_import", ["office_id"])
    op.create_index(op.f("ix_ledger_import_digest"), "ledger_import", ["digest"])
    op.create_table(
        "ledger_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("seeker_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("home_division", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("did", sa.String(length=20), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("slot", sa.String(length=120), nullable=False),
        sa.Column("overlap", sa.Boolean(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("told_mark", sa.String(length=64), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "did IN ('created', 'changed', 'started', 'ended', 'nothing')",
            name=op.f("ck_ledger_line_did_known"),
        ),
        sa.CheckConstraint(
            "state IN ('employed', 'own_business', 'idle')",
            name=op.f("ck_ledger_line_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["ledger_import.id"],
            name=op.f("fk_ledger_line_import_id_ledger_import"),
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["organisation.id"], name=op.f("fk_ledger_line_office_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_ledger_line_placement_id_placement")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["ledger_line.id"], name=op.f("fk_ledger_line_replaces_id_ledger_line")
        ),
        sa.ForeignKeyConstraint(
            ["seeker_id"], ["seeker.id"], name=op.f("fk_ledger_line_seeker_id_seeker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_line")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_line_key")),
    )
    for column in ("import_id", "seeker_id", "placement_id", "office_id"):
        op.create_index(op.f(f"ix_ledger_line_{column}"), "ledger_line", [column])
    op.create_index("ix_ledger_line_overlap", "ledger_line", ["overlap", "home_division"])
    op.create_index(
        "uq_ledger_line_current",
        "ledger_line",
        ["slot"],
        unique=True,
        sqlite_where=sa.text("current"),
        postgresql_where=sa.text("current"),
    )
    op.create_table(
        "ledger_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("header", sa.String(length=100), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["organisation.id"], name=op.f("fk_ledger_word_office_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_word")),
        sa.UniqueConstraint("office_id", "header", name=op.f("uq_ledger_word_office_id_header")),
    )


def downgrade() -> None:
    op.drop_table("ledger_word")
    op.drop_table("ledger_line")
    op.drop_table("ledger_import")
    op.drop_index("ix_placement_ended", table_name="placement")
    for table, name, before, after in _CHANGES:
        change_check(table, name, after, before)
