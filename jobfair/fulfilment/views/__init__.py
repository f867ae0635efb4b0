"""Pages of what employers owe and promise."""

from jobfair.fulfilment.views import duties, employers, mismatches
from jobfair.fulfilment.views.common import bp, promises_in_short, records_of_employers

__all__ = ["bp", "duties", "employers", "mismatches", "promises_in_short", "records_of_employers"]
