"""What the calls of this room share."""

from flask import Blueprint

from jobfair.stations.devices import tell_refusals

calls = Blueprint("attendance_calls", __name__, url_prefix="/station")
tell_refusals(calls)
