"""Pages of follow-ups."""

from jobfair.follow_ups.views import calling, cases, confirming, made, own, recalls, work
from jobfair.follow_ups.views.common import bp

__all__ = ["bp", "calling", "cases", "confirming", "made", "own", "recalls", "work"]
