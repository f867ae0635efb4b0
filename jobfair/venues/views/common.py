"""What the pages of this room share: the blueprint, how names fit on a map."""

from flask import Blueprint

from jobfair.fairs.views.common import words
from jobfair.venues.rules import lines_of

bp = Blueprint("venues", __name__)
bp.context_processor(words)  # they stand under the head of a fair
# Width and height of a cell of the map, and how much of an employer's name a cell holds.
CELL = (104, 72)
_SIGNS, _LINES = 15, 2


@bp.context_processor
def _words() -> dict[str, object]:
    """Give this room's templates their words."""
    return {
        "cell": CELL,
        "name_lines": lambda name, columns: lines_of(name, _SIGNS * columns, _LINES),
    }
