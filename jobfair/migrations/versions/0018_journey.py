"""More kinds of events of a placement: the journey, the health check, the employer's word.

Revision ID: 0018
Revises: 0017
"""

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
_CHECK = ("placement_event", "ck_placement_event_kind_known")


def upgrade() -> None:
    change_check(*_CHECK, _BEFORE, _AFTER)


def downgrade() -> None:
    change_check(*_CHECK, _AFTER, _BEFORE)
