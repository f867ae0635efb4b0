"""Pages of offers, and of what booths may promise apart."""

from jobfair.offers.views import leasing, offering
from jobfair.offers.views.common import bp

__all__ = ["bp", "leasing", "offering"]
