"""Adding terms and new versions of them; nothing is ever changed."""

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from jobfair.kit import audit, clock
from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.i18n import N_
from jobfair.regions.queries import find_division
from jobfair.subsidies.models import SubsidyRule
from jobfair.subsidies.rules.terms import Terms, stored


class VersionTaken(Refusal):
    """Two added a version at the same moment."""

    code = "version_taken"
    message = N_("Somebody else just added a version of these terms. Look at it first.")


class UnknownPlace(Invalid):
    """The area of the terms is no division."""

    code = "unknown_place"
    message = N_("There is no division of this code. Enter the code of a county or prefecture.")


def add_version(session: Session, terms: Terms, *, user_id: int | None) -> int:
    """Add terms as the next version of their code and year, from now on in force; return its id.

    Claims made by an earlier version keep it.

    Raises:
        UnknownPlace: the area is no division.
        VersionTaken: somebody else added one at the same moment.
    """
    if find_division(session, terms.jurisdiction) is None:
        raise UnknownPlace
    before = select(func.max(SubsidyRule.version)).where(
        SubsidyRule.code == terms.code, SubsidyRule.year == terms.year
    )
    rule = SubsidyRule(
        code=terms.code,
        year=terms.year,
        version=(session.execute(before).scalar_one() or 0) + 1,
        jurisdiction=terms.jurisdiction,
        family=terms.family,
        title=terms.title,
        terms=stored(terms),
        source=terms.source,
        added_at=clock.now(),
        added_by=user_id,
    )
    try:
        with session.begin_nested():
            session.add(rule)
    except IntegrityError as met:
        raise VersionTaken from met
    detail = {"code": rule.code, "year": rule.year, "version": rule.version}
    audit.record(
        session, "subsidy_rule.add", subject="subsidy_rule", subject_id=rule.id, detail=detail
    )
    return rule.id
