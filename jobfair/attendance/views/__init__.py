"""What stations ask of the arrivals' room: to deliver records, and to know cards and entries."""

from jobfair.attendance.views import knowing, recording
from jobfair.attendance.views.common import calls

__all__ = ["calls", "knowing", "recording"]
