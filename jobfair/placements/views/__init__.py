"""Pages of placements."""

from jobfair.placements.views import claims, evidence, importing, lines, listing
from jobfair.placements.views.common import bp

__all__ = ["bp", "claims", "evidence", "importing", "lines", "listing"]
