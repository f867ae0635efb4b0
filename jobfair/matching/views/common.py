"""What the pages of this room share: the blueprint, the pool, a position in reach."""

from typing import cast

from flask import Blueprint, current_app
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, who
from jobfair.employers.queries import PositionRow
from jobfair.kit.downloads import beijing
from jobfair.matching.core.weights import STANDARD
from jobfair.matching.pool import Pool

bp = Blueprint("matching", __name__)

Page = str | tuple[str, int] | Response
# A person's county: the first digits of the code of their home.
COUNTY = 6


def pool() -> Pool:
    """Return the application's pool."""
    return cast(Pool, current_app.extensions["jobfair.pool"])


def reaches(post: PositionRow) -> bool:
    """Return whether the candidates of a position are for the reader; an employer's are its own."""
    scope = who().scope(Permission.CANDIDATES_READ)
    if scope.organisation_id is None:
        return True
    return scope.covers(organisation_id=post.employer_organisation_id)


@bp.context_processor
def _words() -> dict[str, object]:
    """Give this room's templates their words."""
    return {"beijing": beijing, "builtin": STANDARD.version}
