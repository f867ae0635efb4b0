"""Verbs of findings: look through the records, explain a finding, open it again."""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from jobfair.findings.models import Finding
from jobfair.findings.queries import found_now
from jobfair.findings.rules import Code, FindingState, Found, NoteMissing, SettledElsewhere
from jobfair.fulfilment.services import catch_up
from jobfair.kit import audit, clock
from jobfair.kit.bulk import insert_rows
from jobfair.kit.errors import NotFound

_Key = tuple[str, str, int, str]


@dataclass(frozen=True, slots=True)
class Looked:
    """What looking through the records came to."""

    new: int
    fixed: int
    standing: int


def look(session: Session) -> Looked:
    """Look through all records by every rule, and keep what is found.

    What the records do not say any more is fixed, whatever had been noted to it; what they say
    again is open again. An explanation holds as long as the records say the same.
    """
    at = clock.now()
    catch_up(session)
    now = {_key_of(found): found for found in found_now(session, clock.today())}
    kept = {
        (one.code, one.subject, one.subject_id, one.mark): one
        for one in session.execute(select(Finding).with_for_update()).scalars()
    }
    new = [_row(found) | {"found_at": at} for key, found in now.items() if key not in kept]
    insert_rows(session, cast(Table, Finding.__table__), new)
    fixed = 0
    for key, one in kept.items():
        found = now.get(key)
        if found is None and one.state != FindingState.FIXED:
            one.state, one.fixed_at = FindingState.FIXED, at
            fixed += 1
        elif found is not None and (
            one.state == FindingState.FIXED or one.told != dict(found.told)
        ):
            one.state, one.told = FindingState.OPEN, dict(found.told)
            one.found_at, one.fixed_at = at, None
    looked = Looked(len(new), fixed, len(now) - len(new))
    audit.record(
        session,
        "finding.look",
        subject="finding",
        detail={"new": looked.new, "fixed": looked.fixed, "standing": looked.standing},
    )
    return looked


def _key_of(found: Found) -> _Key:
    return found.code, found.subject, found.subject_id, found.mark


def _row(found: Found) -> dict[str, object]:
    return {
        "code": found.code,
        "subject": found.subject,
        "subject_id": found.subject_id,
        "mark": found.mark,
        "seeker_id": found.seeker_id,
        "division": found.division,
        "organisation_id": found.organisation_id,
        "told": dict(found.told),
        "state": FindingState.OPEN,
        "fixed_at": None,
        "note": "",
        "explained_by": None,
        "explained_at": None,
    }


def explain(session: Session, finding_id: int, note: str, user_id: int | None) -> None:
    """Note how a finding is explained; it stands as explained until the records change.

    Raises:
        NotFound: there is no such finding.
        NoteMissing: nothing was said.
        SettledElsewhere: the employer's word is settled on a list of its own.
    """
    found = _lock(session, finding_id)
    if found.code == Code.DENIED:
        raise SettledElsewhere
    if not note.strip():
        raise NoteMissing
    found.state, found.note = FindingState.EXPLAINED, note.strip()
    found.explained_by, found.explained_at = user_id, clock.now()
    audit.record(session, "finding.explain", subject="finding", subject_id=finding_id)


def reopen(session: Session, finding_id: int) -> None:
    """Open a finding again; what had been noted stays to be read.

    Raises:
        NotFound: there is no such finding.
    """
    found = _lock(session, finding_id)
    if found.state == FindingState.EXPLAINED:
        found.state = FindingState.OPEN
        audit.record(session, "finding.reopen", subject="finding", subject_id=finding_id)


def _lock(session: Session, finding_id: int) -> Finding:
    found = session.get(Finding, finding_id, with_for_update=True)
    if found is None:
        raise NotFound
    return found
