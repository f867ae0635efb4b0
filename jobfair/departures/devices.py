"""Who calls when a phone of a batch does: it shows the secret it was given at its pairing."""

from flask import g, request

from jobfair.departures.queries.stations import BatchDevice, find_device
from jobfair.kit import audit
from jobfair.kit.web import db
from jobfair.stations.devices import UnknownDevice

_SCHEME = "Bearer "


def check_batch_device() -> None:
    """Let the request through only from a phone that is paired to a batch.

    Raises:
        UnknownDevice: it shows no secret, or one that opens nothing.
    """
    shown = request.headers.get("Authorization", "")
    found = None
    if shown.startswith(_SCHEME):
        with db().reading() as session:
            found = find_device(session, shown.removeprefix(_SCHEME))
    if found is None:
        raise UnknownDevice
    g.batch_device = found
    audit.act_as(None, "station")


def batch_device() -> BatchDevice:
    """Return the phone that makes this request; only where the guard has let one through."""
    found: BatchDevice = g.batch_device
    return found
