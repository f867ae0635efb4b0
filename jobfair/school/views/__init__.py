"""Pages of the school."""

from jobfair.school.views import importing, listing, records
from jobfair.school.views.common import bp

__all__ = ["bp", "importing", "listing", "records"]
