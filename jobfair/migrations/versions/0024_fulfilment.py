"""Employers' duties after a fair, what was found beside the pay, and words that differ.

Revision ID: 0024
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

from jobfair.kit.db import append_only_ddl

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_TABLES = (
    "employer_standing",
    "follow_up_terms",
    "fulfilment_mark",
    "word_mismatch",
    "duty_reminder",
    "duty_answer",
    "employer_duty",
)
_APPEND_ONLY = ("duty_answer", "duty_reminder", "follow_up_terms")


def upgrade() -> None:
    op.create_table(
        "employer_duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(length=3), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("excuse", sa.String(length=300), nullable=False),
        sa.Column("excused_by", sa.Integer(), nullable=True),
        sa.Column("excused_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer_duty")),
        sa.UniqueConstraint(
            "fair_id", "employer_id", "term", name=op.f("uq_employer_duty_fair_id_employer_id_term")
        ),
        sa.CheckConstraint(
            "term IN ('d7', 'd30', 'd90')", name=op.f("ck_employer_duty_term_known")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'done', 'excused', 'dropped')",
            name=op.f("ck_employer_duty_state_known"),
        ),
        sa.CheckConstraint(
            "(state = 'done') = (done_on IS NOT NULL)", name=op.f("ck_employer_duty_done_on_a_day")
        ),
        sa.CheckConstraint(
            "state <> 'excused' OR excuse <> ''", name=op.f("ck_employer_duty_excused_in_words")
        ),
        sa.CheckConstraint("answered <= people", name=op.f("ck_employer_duty_answered_of_people")),
        sa.ForeignKeyConstraint(
            ["fair_id"], ["fair.id"], name=op.f("fk_employer_duty_fair_id_fair")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_employer_duty_employer_id_employer")
        ),
    )
    op.create_index(op.f("ix_employer_duty_employer_id"), "employer_duty", ["employer_id"])
    op.create_index("ix_employer_duty_state", "employer_duty", ["state", "due_on"])
    op.create_table(
        "duty_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("why", sa.String(length=10), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("paid_fen", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_answer")),
        sa.CheckConstraint(
            "said IN ('came', 'on_post', 'left', 'not_come')",
            name=op.f("ck_duty_answer_said_known"),
        ),
        sa.CheckConstraint(
            "why = '' OR why IN ('later', 'declined', 'elsewhere', 'unreached', 'withdrawn', 'pay', 'hours', 'lodging', 'family', 'health', 'dismissed', 'unknown')",
            name=op.f("ck_duty_answer_why_known"),
        ),
        sa.CheckConstraint("paid_fen >= 0", name=op.f("ck_duty_answer_paid_not_negative")),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["employer_duty.id"], name=op.f("fk_duty_answer_duty_id_employer_duty")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_duty_answer_placement_id_placement")
        ),
    )
    op.create_index(op.f("ix_duty_answer_duty_id"), "duty_answer", ["duty_id"])
    op.create_index(op.f("ix_duty_answer_placement_id"), "duty_answer", ["placement_id"])
    op.create_table(
        "duty_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_reminder")),
        sa.CheckConstraint(
            "way IN ('phone', 'visit', 'message', 'employer', 'relative', 'station', 'own_link')",
            name=op.f("ck_duty_reminder_way_known"),
        ),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["employer_duty.id"], name=op.f("fk_duty_reminder_duty_id_employer_duty")
        ),
    )
    op.create_index(op.f("ix_duty_reminder_duty_id"), "duty_reminder", ["duty_id"])
    op.create_table(
        "word_mismatch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("seeker_id", sa.Integer(), nullable=False),
        sa.Column("home_division", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=15), nullable=False),
        sa.Column("mark", sa.String(length=21), nullable=False),
        sa.Column("office_on", sa.Date(), nullable=True),
        sa.Column("employer_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(length=9), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word_mismatch")),
        sa.UniqueConstraint(
            "placement_id", "kind", "mark", name=op.f("uq_word_mismatch_placement_id_kind_mark")
        ),
        sa.CheckConstraint(
            "kind IN ('denied', 'arrival', 'first_day', 'office_silent', 'employer_silent')",
            name=op.f("ck_word_mismatch_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'settled', 'gone')", name=op.f("ck_word_mismatch_state_known")
        ),
        sa.CheckConstraint(
            "how IN ('office', 'employer', 'explained')", name=op.f("ck_word_mismatch_how_known")
        ),
        sa.CheckConstraint(
            "state <> 'settled' OR (how IS NOT NULL AND note <> '')",
            name=op.f("ck_word_mismatch_settled_in_words"),
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_word_mismatch_placement_id_placement")
        ),
        sa.ForeignKeyConstraint(
            ["seeker_id"], ["seeker.id"], name=op.f("fk_word_mismatch_seeker_id_seeker")
        ),
    )
    op.create_index(op.f("ix_word_mismatch_seeker_id"), "word_mismatch", ["seeker_id"])
    op.create_index("ix_word_mismatch_work", "word_mismatch", ["state", "home_division"])
    op.create_table(
        "fulfilment_mark",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("swept_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fulfilment_mark")),
        sa.CheckConstraint("id = 1", name=op.f("ck_fulfilment_mark_one_row")),
    )
    op.create_table(
        "follow_up_terms",
        sa.Column("follow_up_id", sa.Integer(), nullable=False),
        sa.Column("hours_per_day", sa.Double(), nullable=True),
        sa.Column("days_per_week", sa.Double(), nullable=True),
        sa.Column("lodging", sa.Boolean(), nullable=True),
        sa.Column("fee_fen", sa.Integer(), nullable=True),
        sa.Column("travel_fen", sa.Integer(), nullable=True),
        sa.Column("medical_fen", sa.Integer(), nullable=True),
        sa.Column("documents_fen", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("follow_up_id", name=op.f("pk_follow_up_terms")),
        sa.CheckConstraint(
            "hours_per_day > 0 AND hours_per_day <= 24",
            name=op.f("ck_follow_up_terms_hours_possible"),
        ),
        sa.CheckConstraint(
            "days_per_week > 0 AND days_per_week <= 7",
            name=op.f("ck_follow_up_terms_days_possible"),
        ),
        sa.CheckConstraint(
            "fee_fen >= 0 AND travel_fen >= 0 AND medical_fen >= 0 AND documents_fen >= 0",
            name=op.f("ck_follow_up_terms_costs_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"],
            ["follow_up.id"],
            name=op.f("fk_follow_up_terms_follow_up_id_follow_up"),
        ),
    )

    op.create_table(
        "employer_standing",
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("weighed_on", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("share", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "share >= 0 AND share <= 1", name=op.f("ck_employer_standing_share_possible")
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("fk_employer_standing_employer_id_employer")
        ),
        sa.PrimaryKeyConstraint("employer_id", name=op.f("pk_employer_standing")),
    )
    for table in _APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for table in _APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_refuse_change()")
