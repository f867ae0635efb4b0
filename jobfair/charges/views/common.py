"""What the pages of this room share: the blueprint and its words."""

from collections.abc import Mapping

from flask import Blueprint

from jobfair.charges.queries import Working
from jobfair.follow_ups.rules.checkpoints import ASKED, CHECKPOINT_NAMES
from jobfair.follow_ups.rules.outcomes import OUTCOME_NAMES, PROBLEM_NAMES, WAY_NAMES
from jobfair.kit.i18n import N_, Words
from jobfair.placements.rules.words import STAGE_NAMES

bp = Blueprint("charges", __name__)

WORKING_NAMES: Mapping[str, str] = {Working.YES: N_("In work"), Working.NO: N_("Not in work")}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "asked": ASKED,
    "checkpoint": CHECKPOINT_NAMES,
    "outcome": OUTCOME_NAMES,
    "problem": PROBLEM_NAMES,
    "stage": STAGE_NAMES,
    "way": WAY_NAMES,
    "working": WORKING_NAMES,
}


@bp.context_processor
def _words() -> dict[str, object]:
    """Give this room's templates its words."""
    return {"words": {subject: Words(names) for subject, names in _WORDS.items()}}
