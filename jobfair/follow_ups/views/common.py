"""What the pages of this room share: the blueprint and its words."""

from collections.abc import Mapping

from flask import Blueprint

from jobfair.follow_ups.rules.cases import CASE_OUTCOME_NAMES
from jobfair.follow_ups.rules.checkpoints import ASKED, CHECKPOINT_NAMES, DueState
from jobfair.follow_ups.rules.outcomes import OUTCOME_NAMES, PROBLEM_NAMES, WAY_NAMES
from jobfair.kit.downloads import beijing
from jobfair.kit.events.rules import PRECISION_NAMES, day_text
from jobfair.kit.i18n import N_, Words
from jobfair.placements.rules.words import ANY_REASON_NAMES, GRADE_NAMES, KIND_NAMES
from jobfair.placements.views.common import yuan

bp = Blueprint("follow_ups", __name__)

STATE_NAMES: Mapping[str, str] = {
    DueState.OPEN: N_("Not yet answered"),
    DueState.DONE: N_("Answered"),
    DueState.PASSED: N_("Overtaken by the next"),
    DueState.MISSED: N_("Missed"),
    DueState.DROPPED: N_("No longer asked"),
}
SHOW_NAMES: Mapping[str, str] = {
    "due": N_("Due now"),
    "overdue": N_("Overdue"),
    "tried": N_("Tried, nobody reached"),
    "missed": N_("Missed"),
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": KIND_NAMES,
    "grade": GRADE_NAMES,
    "precision": PRECISION_NAMES,
    "reason": ANY_REASON_NAMES,
    "checkpoint": CHECKPOINT_NAMES,
    "asked": ASKED,
    "outcome": OUTCOME_NAMES,
    "way": WAY_NAMES,
    "problem": PROBLEM_NAMES,
    "state": STATE_NAMES,
    "show": SHOW_NAMES,
    "closed": CASE_OUTCOME_NAMES,
}


@bp.context_processor
def _words() -> dict[str, object]:
    """Give this room's templates its words and how money reads."""
    words = {subject: Words(names) for subject, names in _WORDS.items()}
    return {"words": words, "yuan": yuan, "beijing": beijing, "day_text": day_text}
