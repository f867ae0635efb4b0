"""Pages of subsidies."""

from jobfair.subsidies.views import claims, listing, paying, terms
from jobfair.subsidies.views.common import bp

__all__ = ["bp", "claims", "listing", "paying", "terms"]
