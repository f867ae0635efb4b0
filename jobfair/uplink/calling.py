"""Who calls when a hall's server does: it shows the secret it was given at its pairing."""

from flask import g, request

from jobfair.kit import audit
from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import N_
from jobfair.kit.web import db
from jobfair.uplink.queries.states import find_by_secret

_SCHEME = "Bearer "
_LONGEST = 100


class UnknownHall(Refusal):
    """The secret opens nothing."""

    status = 401
    code = "unknown_hall"
    message = N_("This hall's server is not paired here. Hand the fair over to it once more.")


def check_hall() -> None:
    """Let the request through only from a hall's server.

    Raises:
        UnknownHall: it shows no secret, or one that opens nothing.
    """
    shown = request.headers.get("Authorization", "")
    secret = shown.removeprefix(_SCHEME)
    found = None
    if shown.startswith(_SCHEME) and 0 < len(secret) <= _LONGEST:
        with db().reading() as session:
            found = find_by_secret(session, secret)
    if found is None:
        raise UnknownHall
    g.uplink_id = found
    audit.act_as(None, "uplink")


def calling_uplink() -> int:
    """Return the uplink whose hall makes this request; only where the guard has let one through."""
    found: int = g.uplink_id
    return found
