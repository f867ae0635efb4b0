"""What the pages of subsidies share: the blueprint, reach, words."""

from collections.abc import Mapping

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from jobfair.accounts.access import Permission, division_filter, who
from jobfair.kit.downloads import beijing, yuan
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.events.rules import Recorder
from jobfair.kit.i18n import Words, translate
from jobfair.notices.rules import STATE_NAMES as NOTICE_STATES
from jobfair.placements.rules.counting import DESTINATION_NAMES
from jobfair.regions import queries as regions
from jobfair.subsidies.queries.claims import ClaimDetail, RunRow, find_claim, find_run
from jobfair.subsidies.queries.terms import RuleRow, find_rule
from jobfair.subsidies.rules.claims import APPLICANT_NAMES, STATE_NAMES, STEP_NAMES
from jobfair.subsidies.rules.entitlement import WHY_TEXTS, Reason
from jobfair.subsidies.rules.terms import (
    BEYOND_NAMES,
    CONTINUITY_NAMES,
    DOCUMENT_NAMES,
    FAMILY_NAMES,
    JOURNEY_NAMES,
    PAYEE_NAMES,
)

bp = Blueprint("subsidies", __name__, url_prefix="/subsidies")

Page = str | tuple[str, int] | Response
_WORDS: Mapping[str, Mapping[str, str]] = {
    "state": STATE_NAMES,
    "step": STEP_NAMES,
    "applicant": APPLICANT_NAMES,
    "notice": NOTICE_STATES,
    "family": FAMILY_NAMES,
    "payee": PAYEE_NAMES,
    "continuity": CONTINUITY_NAMES,
    "journey": JOURNEY_NAMES,
    "beyond": BEYOND_NAMES,
    "document": DOCUMENT_NAMES,
}


@bp.context_processor
def _words() -> dict[str, object]:
    """Give this room's templates its words and how money reads."""
    return {
        "words": {subject: Words(names) for subject, names in _WORDS.items()},
        "yuan": yuan,
        "beijing": beijing,
        "why": why,
        "destinations": Words(DESTINATION_NAMES),
    }


def why(reason: Reason) -> str:
    """Return a reason for reading."""
    return translate(WHY_TEXTS[reason.why], **reason.params)


def said(refusal: Refusal) -> str:
    """Return a refusal for reading."""
    return translate(refusal.message, **refusal.params)


def scope_of(permission: Permission) -> str | None:
    """Return the division the user may look into; None for everywhere."""
    return division_filter(who(), permission)


def recorder() -> Recorder:
    """Return who acts in this request."""
    actor = who()
    return Recorder(actor.user_id, actor.organisation_id)


def place_names(session: Session, *codes: str) -> dict[str, str]:
    """Return the full names of divisions by code; a code without a name is its own."""
    places = regions.gazetteer(session)
    return {code: places.full_name(code) or code for code in codes}


def claim_in_reach(session: Session, claim_id: int, permission: Permission) -> ClaimDetail:
    """Return a claim of a person the user looks after.

    Raises:
        NotFound: none such, or another office's.
    """
    found = find_claim(session, claim_id)
    if found is None:
        raise NotFound
    who().scope(permission).must_cover(division=found.row.home_division)
    return found


def run_in_reach(session: Session, run_id: int) -> RunRow:
    """Return a payment file of people the user looks after.

    Raises:
        NotFound: none such, or another office's.
    """
    found = find_run(session, run_id)
    if found is None:
        raise NotFound
    who().scope(Permission.SUBSIDIES_PAY).must_cover(division=found.division)
    return found


def known_rule(session: Session, rule_id: int) -> RuleRow:
    """Return a version of terms.

    Raises:
        NotFound: none such.
    """
    found = find_rule(session, rule_id)
    if found is None:
        raise NotFound
    return found
