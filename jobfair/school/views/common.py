"""What the pages of this room share: the blueprint, reach, words."""

from collections.abc import Mapping

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, who
from jobfair.kit.downloads import beijing
from jobfair.kit.errors import NotFound
from jobfair.kit.events.rules import PRECISION_NAMES, Recorder, day_text
from jobfair.kit.i18n import translate
from jobfair.school import queries
from jobfair.school.rules.events import (
    LEVEL_NAMES,
    STUDENT_GRADE_NAMES,
    STUDENT_KIND_NAMES,
    STUDENT_STAGE_NAMES,
)
from jobfair.seekers.rules.drafts import (
    CATEGORY_NAMES,
    EDUCATION_LABELS,
    SEX_LABELS,
)

bp = Blueprint("school", __name__, url_prefix="/students")

Page = str | tuple[str, int] | Response
Cell = str | int | float

_WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": STUDENT_KIND_NAMES,
    "grade": STUDENT_GRADE_NAMES,
    "precision": PRECISION_NAMES,
    "reason": {},
    "stage": STUDENT_STAGE_NAMES,
    "level": LEVEL_NAMES,
    "category": CATEGORY_NAMES,
    "education": EDUCATION_LABELS,
    "sex": SEX_LABELS,
}


@bp.context_processor
def _words() -> dict[str, object]:
    """Give this room's templates its words."""
    words = {
        subject: {str(value): translate(text) for value, text in names.items()}
        for subject, names in _WORDS.items()
    }
    return {"words": words, "beijing": beijing, "day_text": day_text}


def recorder() -> Recorder:
    """Return who records in this request."""
    actor = who()
    return Recorder(actor.user_id, actor.organisation_id)


def student_in_reach(
    session: Session, student_id: int, permission: Permission, *, unmasked: bool = False
) -> queries.StudentDetail:
    """Return a student.

    Raises:
        NotFound: none such, or another school's.
    """
    found = queries.find_student(session, student_id, unmasked=unmasked)
    if found is None:
        raise NotFound
    who().scope(permission).must_cover(organisation_id=found.organisation_id)
    return found
