"""Pages of venues."""

from jobfair.venues.views import arranging, exhibitors, public, signs
from jobfair.venues.views.common import bp

__all__ = ["arranging", "bp", "exhibitors", "public", "signs"]
