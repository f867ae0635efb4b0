"""Pages of placements."""

from jobfair.placements.views import back, lines, listing
from jobfair.placements.views.common import bp

__all__ = ["back", "bp", "lines", "listing"]
