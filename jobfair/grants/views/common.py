"""What the pages of this room share: the blueprint, reach, words."""

from flask import Blueprint

from jobfair.accounts.access import Permission, organisation_filter, who
from jobfair.grants.rules.entitlement import GRANT_NAMES
from jobfair.kit.downloads import beijing, yuan
from jobfair.kit.i18n import Words
from jobfair.school.views.common import Cell, Page, recorder, student_in_reach

__all__ = ["Cell", "Page", "bp", "own_school", "recorder", "student_in_reach"]

bp = Blueprint("grants", __name__, url_prefix="/students")


def own_school(permission: Permission) -> int | None:
    """Return the only school whose records the caller may see, None for all."""
    return organisation_filter(who(), permission)


@bp.context_processor
def _words() -> dict[str, object]:
    """Give this room's templates its words and how money reads."""
    return {"words": {"grant": Words(GRANT_NAMES)}, "yuan": yuan, "beijing": beijing}
