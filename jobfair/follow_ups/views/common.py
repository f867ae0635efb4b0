"""What the pages of this room share: the blueprint and its words."""

from collections.abc import Mapping

from flask import Blueprint
from flask_babel import gettext as _

from jobfair.follow_ups.forms import TOLD_NAMES
from jobfair.follow_ups.rules.cases import CASE_OUTCOME_NAMES
from jobfair.follow_ups.rules.checkpoints import ASKED, CHECKPOINT_NAMES, DueState
from jobfair.follow_ups.rules.drafts import FoundTerms
from jobfair.follow_ups.rules.outcomes import OUTCOME_NAMES, PROBLEM_NAMES, WAY_NAMES
from jobfair.kit.downloads import beijing, yuan
from jobfair.kit.events.rules import PRECISION_NAMES, day_text
from jobfair.kit.i18n import N_, Words, translate
from jobfair.placements.rules.words import ANY_REASON_NAMES, GRADE_NAMES, KIND_NAMES

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
    return {
        "words": words,
        "yuan": yuan,
        "beijing": beijing,
        "day_text": day_text,
        "answers": answers,
    }


def answers(terms: FoundTerms) -> list[str]:
    """Return what was found beside the pay, for reading."""
    found = []
    if terms.hours_per_day:
        found.append(_("%(n)s hours a day", n=round(terms.hours_per_day, 1)))
    if terms.days_per_week:
        found.append(_("%(n)s days a week", n=round(terms.days_per_week, 1)))
    found += [translate(text) for name, text in TOLD_NAMES.items() if _is_told(terms, name)]
    if terms.cost_fen is not None:
        found.append(_("paid %(yuan)s yuan to get the job", yuan=yuan(terms.cost_fen)))
    return found


def _is_told(terms: FoundTerms, name: str) -> bool:
    field, _dash, answer = name.partition("-")
    return getattr(terms, field) is (answer == "yes")
