"""What a device asks of the server: to be paired, and who it is."""

from typing import Any

from flask import request

from jobfair.accounts.access import Permission, allow
from jobfair.kit.web import db
from jobfair.stations import services
from jobfair.stations.devices import UnknownDevice, device, guesses
from jobfair.stations.queries import Device, find_device
from jobfair.stations.views.common import calls


@calls.route("/pair", methods=["POST"])
@allow(Permission.PUBLIC)
def pair() -> dict[str, Any]:
    """Pair the calling device by a one-time code; its secret is told this once."""
    sent = request.get_json(silent=True)
    code = sent.get("code", "") if isinstance(sent, dict) else ""
    with (
        guesses().counted(request.remote_addr or "", services.CodeWrong),
        db().writing() as session,
    ):
        paired = services.pair(session, str(code))
        mine = find_device(session, paired.secret)
    if mine is None:
        raise UnknownDevice
    return {"secret": paired.secret} | _identity(mine)


@calls.route("/self")
@allow(Permission.STATION)
def itself() -> dict[str, Any]:
    """Tell a device which station it is."""
    return _identity(device())


def _identity(mine: Device) -> dict[str, Any]:
    return {
        "fair": mine.fair_id,
        "station": mine.station_id,
        "name": mine.name,
        "job": mine.job,
        "employer": mine.employer_id,
        "present": mine.present,
    }
