"""Pages of seekers."""

from jobfair.seekers.views import duplicates, listing, records
from jobfair.seekers.views.room import bp

__all__ = ["bp", "duplicates", "listing", "records"]
