"""Pages of placements."""

from jobfair.placements.views import back, claims, evidence, lines, listing
from jobfair.placements.views.common import bp

__all__ = ["back", "bp", "claims", "evidence", "lines", "listing"]
