"""Pages of venues."""

from jobfair.venues.views import arranging, exhibitors, own, public, signs
from jobfair.venues.views.common import bp

__all__ = ["arranging", "bp", "exhibitors", "own", "public", "signs"]
