"""Pages of placements."""

from jobfair.placements.views import evidence, importing, lines, listing
from jobfair.placements.views.common import bp

__all__ = ["bp", "evidence", "importing", "lines", "listing"]
