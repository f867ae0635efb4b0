"""What the calls of this room share."""

from datetime import datetime

from flask import Blueprint

from jobfair.stations.devices import tell_refusals

calls = Blueprint("attendance_calls", __name__, url_prefix="/station")
tell_refusals(calls)


def milliseconds(instant: datetime) -> int:
    """Return an instant as stations count: milliseconds since 1970."""
    return round(instant.timestamp() * 1000)
