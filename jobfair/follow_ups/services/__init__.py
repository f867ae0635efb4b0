"""Verbs of follow-ups."""

from jobfair.follow_ups.services.calling import record_follow_up, reverse_follow_up
from jobfair.follow_ups.services.planning import catch_up, share_work

__all__ = ["catch_up", "record_follow_up", "reverse_follow_up", "share_work"]
