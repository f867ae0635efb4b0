"""What the pages of this room share: the blueprint, reach, words."""

from flask import Blueprint
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, who
from jobfair.employers import queries
from jobfair.employers.forms import EDUCATION_LABELS
from jobfair.employers.rules.drafts import (
    LABELS,
    MISSING_LABELS,
    EmployerStatus,
    PayType,
    PositionStatus,
)
from jobfair.kit.errors import NotFound
from jobfair.kit.i18n import N_, Words, translate

bp = Blueprint("employers", __name__)

Page = str | tuple[str, int] | Response

_TAGS = {
    PositionStatus.OPEN: "good",
    PositionStatus.STOPPED: "bad",
    PositionStatus.DRAFT: "warn",
    EmployerStatus.VERIFIED: "good",
    EmployerStatus.REFUSED: "bad",
    EmployerStatus.UNVERIFIED: "warn",
}


def yuan(row: queries.PositionRow) -> str:
    """Return a position's pay for reading."""
    if row.wage_low is None or row.wage_high is None:
        return str(_("Negotiable")) if row.pay_type == PayType.NEGOTIABLE else row.wage_text or "–"
    low, high = row.wage_low // 100, row.wage_high // 100
    text = f"{low:,}" if low == high else f"{low:,}–{high:,}"
    return str(_("%(amount)s yuan a month", amount=text))


def origin(source: str) -> str:
    """Return where a record came from, for reading; a file's name stays as it is."""
    words = {"form": N_("typed in here"), "demo": N_("demonstration")}
    return translate(words[source]) if source in words else source


_WORDS = {
    "employer_words": Words(LABELS),
    "missing_words": Words(MISSING_LABELS),
    "education_words": Words(EDUCATION_LABELS),
    "status_kinds": {str(value): kind for value, kind in _TAGS.items()},
    "yuan": yuan,
    "origin": origin,
}


@bp.app_context_processor
def _words() -> dict[str, object]:
    """Give the templates their words for employers and positions."""
    return _WORDS


def own_organisation(permission: Permission) -> int | None:
    """Return the organisation the caller is held to, None for all."""
    return who().scope(permission).organisation_id


def employer_in_reach(
    session: Session, employer_id: int, permission: Permission
) -> queries.EmployerDetail:
    """Return an employer.

    Raises:
        NotFound: none such, or not the caller's.
    """
    employer = queries.find_employer(session, employer_id)
    if employer is None:
        raise NotFound
    who().scope(permission).must_cover(
        division=employer.division_code or "", organisation_id=employer.organisation_id
    )
    return employer


def position_in_reach(
    session: Session, position_id: int, permission: Permission
) -> queries.PositionRow:
    """Return a position.

    Raises:
        NotFound: none such, or not the caller's.
    """
    row = queries.find_position(session, position_id)
    if row is None:
        raise NotFound
    who().scope(permission).must_cover(
        division=row.employer_division or "", organisation_id=row.employer_organisation_id
    )
    return row
