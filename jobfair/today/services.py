"""The one thing the first page writes: that the audit chain was checked."""

from sqlalchemy.orm import Session

from jobfair.kit import audit
from jobfair.today.queries import VERIFIED


def verify_chain(session: Session) -> audit.Verdict:
    """Walk the audit chain and record what was found, so that everybody can see when."""
    verdict = audit.verify(session)
    detail = {
        "entries": verdict.entries,
        "valid": verdict.valid,
        "head": verdict.head,
        "first_bad": verdict.first_bad,
    }
    audit.record(session, VERIFIED, subject="audit_entry", detail=detail)
    return verdict
