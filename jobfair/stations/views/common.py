"""What the views of this room share: the blueprint of pages, and that of devices' calls."""

from flask import Blueprint

from jobfair.kit.downloads import beijing
from jobfair.stations.devices import tell_refusals

bp = Blueprint("stations", __name__)
calls = Blueprint("station_calls", __name__, url_prefix="/station")
tell_refusals(calls)


@bp.context_processor
def _words() -> dict[str, object]:
    """Give this room's templates their words."""
    return {"beijing": beijing}
