"""Pages of transfer ledgers."""

from jobfair.ledgers.views import columns, importing, listing, overlaps, taken_in
from jobfair.ledgers.views.common import bp

__all__ = ["bp", "columns", "importing", "listing", "overlaps", "taken_in"]
