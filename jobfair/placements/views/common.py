"""What the pages of this room share: the blueprint, reach, words."""

from collections.abc import Mapping

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, who
from jobfair.kit.downloads import beijing, yuan
from jobfair.kit.errors import NotFound
from jobfair.kit.events.rules import PRECISION_NAMES, Recorder, day_text
from jobfair.kit.i18n import translate
from jobfair.placements import queries
from jobfair.placements.forms import STANDING_NAMES
from jobfair.placements.rules.counting import CHANNEL_NAMES, DESTINATION_NAMES
from jobfair.placements.rules.words import ANY_REASON_NAMES, GRADE_NAMES, KIND_NAMES, STAGE_NAMES
from jobfair.seekers import queries as seekers
from jobfair.seekers.rules.drafts import CATEGORY_NAMES

bp = Blueprint("placements", __name__, url_prefix="/placements")

Page = str | tuple[str, int] | Response
Cell = str | int | float

_WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": KIND_NAMES,
    "grade": GRADE_NAMES,
    "stage": STAGE_NAMES,
    "reason": ANY_REASON_NAMES,
    "channel": CHANNEL_NAMES,
    "destination": DESTINATION_NAMES,
    "precision": PRECISION_NAMES,
    "standing": STANDING_NAMES,
    "category": CATEGORY_NAMES,
}


@bp.context_processor
def _words() -> dict[str, object]:
    """Give this room's templates its words and how money reads."""
    words = {
        subject: {str(value): translate(text) for value, text in names.items()}
        for subject, names in _WORDS.items()
    }
    return {"words": words, "yuan": yuan, "beijing": beijing, "day_text": day_text}


def recorder() -> Recorder:
    """Return who records in this request."""
    actor = who()
    return Recorder(actor.user_id, actor.organisation_id)


def seeker_in_reach(
    session: Session, seeker_id: int, permission: Permission
) -> seekers.SeekerDetail:
    """Return a masked person.

    Raises:
        NotFound: none such, or another office's.
    """
    found = seekers.find_seeker(session, seeker_id)
    if found is None:
        raise NotFound
    who().scope(permission).must_cover(division=found.row.home_division)
    return found


def placement_in_reach(
    session: Session, placement_id: int, permission: Permission
) -> tuple[queries.PlacementLine, seekers.SeekerDetail]:
    """Return a placement and its person.

    Raises:
        NotFound: none such, or another office's person.
    """
    found = queries.find_placement(session, placement_id)
    if found is None:
        raise NotFound
    return found, seeker_in_reach(session, found.seeker_id, permission)
