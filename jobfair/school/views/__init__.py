"""Pages of the school."""

from jobfair.school.views import listing, records
from jobfair.school.views.common import bp

__all__ = ["bp", "listing", "records"]
