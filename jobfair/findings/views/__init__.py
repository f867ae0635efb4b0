"""Pages of findings."""

from jobfair.findings.views import listing, stops
from jobfair.findings.views.listing import bp

__all__ = ["bp", "listing", "stops"]
