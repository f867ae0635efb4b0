"""Pages of stations, and the calls of devices."""

from jobfair.stations.views import calling, device_page, managing
from jobfair.stations.views.common import bp, calls

__all__ = ["bp", "calling", "calls", "device_page", "managing"]
