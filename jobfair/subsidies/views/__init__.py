"""Pages of subsidies."""

from jobfair.subsidies.views import claims, evidence, listing, paying, terms
from jobfair.subsidies.views.common import bp

__all__ = ["bp", "claims", "evidence", "listing", "paying", "terms"]
