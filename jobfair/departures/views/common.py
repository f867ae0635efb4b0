"""What the pages of this room share: blueprints, reach, words."""

from collections.abc import Mapping, Sequence

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, who
from jobfair.departures.queries import batches
from jobfair.departures.queries.batches import BatchRow
from jobfair.departures.queries.roster import RiderRow
from jobfair.departures.rules.roster import COMPANY_NAMES, GAP_NAMES, ROLE_NAMES, RUNG_NAMES
from jobfair.departures.rules.scans import JOB_NAMES, SEEN_NAMES
from jobfair.departures.rules.states import MODE_NAMES, PAYER_NAMES, STATE_NAMES, shares
from jobfair.kit.downloads import beijing, yuan
from jobfair.kit.errors import NotFound
from jobfair.kit.events.rules import Recorder
from jobfair.kit.i18n import Words
from jobfair.placements.rules.words import KIND_NAMES, OFF_BATCH_NAMES
from jobfair.stations.devices import tell_refusals
from jobfair.stations.rules import STATE_NAMES as STATION_STATES

bp = Blueprint("departures", __name__, url_prefix="/departures")
calls = Blueprint("departure_calls", __name__, url_prefix="/station/batch")
tell_refusals(calls)

Page = str | tuple[str, int] | Response
_WORDS: Mapping[str, Mapping[str, str]] = {
    "state": STATE_NAMES,
    "mode": MODE_NAMES,
    "payer": PAYER_NAMES,
    "company": COMPANY_NAMES,
    "role": ROLE_NAMES,
    "rung": RUNG_NAMES,
    "gap": GAP_NAMES,
    "seen": SEEN_NAMES,
    "job": JOB_NAMES,
    "left": OFF_BATCH_NAMES,
    "station": {str(state): name for state, name in STATION_STATES.items()},
    "kind": KIND_NAMES,
}


@bp.context_processor
def _words() -> dict[str, object]:
    """Give this room's templates its words and how money reads."""
    words = {subject: Words(names) for subject, names in _WORDS.items()}
    return {"words": words, "yuan": yuan, "beijing": beijing}


def recorder() -> Recorder:
    """Return who records in this request."""
    actor = who()
    return Recorder(actor.user_id, actor.organisation_id)


def batch_in_reach(session: Session, batch_id: int, permission: Permission) -> batches.BatchRow:
    """Return a batch.

    Raises:
        NotFound: none such, or another office's.
    """
    found = batches.find_batch(session, batch_id)
    if found is None:
        raise NotFound
    who().scope(permission).must_cover(division=found.division)
    return found


def costs(batch: BatchRow, riders: Sequence[RiderRow]) -> dict[int, int]:
    """Return what the journey of each who goes costs, in fen; together exactly the whole."""
    going = [one.id for one in riders if one.left is None]
    return dict(zip(going, shares(batch.cost_fen, len(going)), strict=True))
