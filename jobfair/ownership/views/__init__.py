"""Pages of hand-overs and labour stations."""

from jobfair.ownership.views import hand_overs, people, stations
from jobfair.ownership.views.common import bp

__all__ = ["bp", "hand_overs", "people", "stations"]
