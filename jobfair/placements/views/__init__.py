"""Pages of placements."""

from jobfair.placements.views import lines, listing
from jobfair.placements.views.common import bp

__all__ = ["bp", "lines", "listing"]
