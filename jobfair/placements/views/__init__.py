"""Pages of placements."""

from jobfair.placements.views import importing, lines, listing
from jobfair.placements.views.common import bp

__all__ = ["bp", "importing", "lines", "listing"]
