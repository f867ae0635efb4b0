"""Pages of seekers."""

from jobfair.seekers.views import duplicates, importing, listing, records, wishes
from jobfair.seekers.views.room import bp

__all__ = ["bp", "duplicates", "importing", "listing", "records", "wishes"]
