"""What the pages of this room share: the blueprint, the office, words."""

from collections.abc import Mapping

from flask import Blueprint

from jobfair.accounts.access import who
from jobfair.kit.downloads import beijing, yuan
from jobfair.kit.events.rules import Recorder
from jobfair.kit.i18n import translate
from jobfair.ledgers.rules.words import STATE_NAMES
from jobfair.placements.rules.counting import CHANNEL_NAMES, DESTINATION_NAMES
from jobfair.placements.views.common import Page

__all__ = ["Page", "bp", "recorder"]

bp = Blueprint("ledgers", __name__, url_prefix="/ledgers")

_WORDS: Mapping[str, Mapping[str, str]] = {
    "state": STATE_NAMES,
    "channel": CHANNEL_NAMES,
    "destination": DESTINATION_NAMES,
}


@bp.context_processor
def _words() -> dict[str, object]:
    """Give this room's templates its words and how money reads."""
    words = {
        subject: {str(value): translate(text) for value, text in names.items()}
        for subject, names in _WORDS.items()
    }
    return {"words": words, "yuan": yuan, "beijing": beijing}


def recorder() -> Recorder:
    """Return who records in this request."""
    actor = who()
    return Recorder(actor.user_id, actor.organisation_id)
