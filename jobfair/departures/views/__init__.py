"""Pages of departure batches, and the calls of their stations."""

from jobfair.departures.views import calling, listing, planning, printing, rosters, stations
from jobfair.departures.views.common import bp, calls

__all__ = ["bp", "calling", "calls", "listing", "planning", "printing", "rosters", "stations"]
