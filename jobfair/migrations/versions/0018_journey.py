"""More kinds of events of a placement; the indexes that find a card's first entry.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from jobfair.migrations.checks import change_check

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_BEFORE = (
    "kind IN ('intention', 'contract_signed', 'departed', 'arrived', 'on_post', 'follow_up', "
    "'changed_employer', 'returned_home', 'lost_contact', 'contact_restored', 'exempt', "
    "'reversal')"
)
_AFTER = (
    "kind IN ('intention', 'contract_signed', 'health_checked', 'batch_assigned', 'batch_left', "
    "'boarded', 'departed', 'arrived', 'handed_over', 'on_post', 'employer_confirmed', "
    "'follow_up', 'changed_employer', 'left_post', 'returned_home', 'lost_contact', "
    "'contact_restored', 'exempt', 'reversal')"
)
_UNDO = "ix_gate_record_target"
_INDEX = "ix_gate_record_card"
_CHECK = ("placement_event", "ck_placement_event_kind_known")


def upgrade() -> None:
    change_check(*_CHECK, _BEFORE, _AFTER)
    op.drop_index(_INDEX, table_name="gate_record")
    op.create_index(_INDEX, "gate_record", ["card", "fair_id", "kind", "at", "id"])
    op.drop_index(_UNDO, table_name="gate_record")
    given = sa.text("target IS NOT NULL")
    op.create_index(_UNDO, "gate_record", ["target"], sqlite_where=given, postgresql_where=given)


def downgrade() -> None:
    change_check(*_CHECK, _AFTER, _BEFORE)
    op.drop_index(_UNDO, table_name="gate_record")
    op.create_index(_UNDO, "gate_record", ["target"])
    op.drop_index(_INDEX, table_name="gate_record")
    op.create_index(_INDEX, "gate_record", ["card", "fair_id", "kind"])
