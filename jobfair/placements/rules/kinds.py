"""The kinds of events of a placement, where it may stand, and the closed lists of reasons.

Source: the events and outcomes follow the project's life cycle of a placement.
"""

from enum import StrEnum


class EventKind(StrEnum):
    """What happened; a reversal takes another event back."""

    INTENTION = "intention"
    CONTRACT_SIGNED = "contract_signed"
    HEALTH_CHECKED = "health_checked"  # the reason is the verdict
    BATCH_ASSIGNED = "batch_assigned"  # the reason is the batch's code
    BATCH_LEFT = "batch_left"
    BOARDED = "boarded"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    HANDED_OVER = "handed_over"
    ON_POST = "on_post"
    EMPLOYER_CONFIRMED = "employer_confirmed"  # the employer's own word, which is the reason
    FOLLOW_UP = "follow_up"  # still on post at the same employer
    CHANGED_EMPLOYER = "changed_employer"
    LEFT_POST = "left_post"  # left or lost the post, and is not known to be home
    RETURNED_HOME = "returned_home"
    LOST_CONTACT = "lost_contact"
    CONTACT_RESTORED = "contact_restored"
    EXEMPT = "exempt"
    REMATCHED = "rematched"  # referred again after the end
    REVERSAL = "reversal"


class Stage(StrEnum):
    """Where a placement stands."""

    PLANNED = "planned"
    SIGNED = "signed"
    ASSIGNED = "assigned"  # has a seat in a departure batch
    DEPARTED = "departed"
    ARRIVED = "arrived"
    ON_POST = "on_post"
    LOST = "lost"
    ENDED = "ended"


class EndReason(StrEnum):
    """Why a placement ended; seasonal returns are expected to go out again."""

    SEASONAL = "seasonal"
    FINAL = "final"
    ILLNESS = "illness"
    FAMILY = "family"
    PAY = "pay"
    HOURS = "hours"
    NIGHT_SHIFT = "night_shift"
    LODGING = "lodging"
    CONTRACT_OVER = "contract_over"
    DISMISSED = "dismissed"
    LAYOFF = "layoff"
    UNKNOWN = "unknown"


class ExemptReason(StrEnum):
    """What takes somebody out of the count of those who should be at work; the list is closed."""

    DEATH = "death"
    PRISON = "prison"
    CONSCRIPTION = "conscription"
    STUDY = "study"
    INCAPACITY = "incapacity"


class Verdict(StrEnum):
    """What a health check says about the post; findings and values are never kept.

    Source: the human resources ministry's notice 12 of 2010 forbids asking for hepatitis B in
    hiring.
    """

    FIT = "fit"
    FIT_WITH_LIMITS = "fit_with_limits"
    NOT_FOR_THIS_POST = "not_for_this_post"
    NOT_REQUIRED = "not_required"


class OffBatch(StrEnum):
    """Why somebody with a seat in a batch did not ride with it."""

    NO_SHOW = "no_show"
    WITHDREW = "withdrew"
    MOVED = "moved"  # to another batch


class Word(StrEnum):
    """What the employer itself says about a person."""

    ARRIVED = "arrived"
    ON_POST = "on_post"
    NOT_HERE = "not_here"
