"""Registering, changing and verifying employers."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from jobfair.employers.models import Employer, Position
from jobfair.employers.rules.drafts import (
    EmployerDraft,
    EmployerStatus,
    PositionStatus,
    employer_lacks,
)
from jobfair.employers.rules.identity import credit_code_fault, name_key, tidy_code
from jobfair.employers.services.refusals import (
    BadCreditCode,
    CodeNeeded,
    EmployerKnown,
    NameMissing,
    ReasonNeeded,
)
from jobfair.kit import audit, changes, clock, crypto
from jobfair.kit.bulk import insert_keyed
from jobfair.kit.errors import NotFound
from jobfair.kit.ids import new_key

_EMPLOYERS = cast(Table, Employer.__table__)
_SEALED = ("address", "contact_name", "contact_phone")
_PLAIN = ("kind", "industry_code", "division_code")


def _seal(key: str, draft: EmployerDraft) -> dict[str, bytes | None]:
    vault = crypto.vault()
    return {
        column: vault.seal(text, table="employer", column=column, row=key)
        if (text := getattr(draft, column).strip())
        else None
        for column in _SEALED
    }


def _checked_code(text: str | None) -> str | None:
    if not text:
        return None
    if credit_code_fault(text):
        raise BadCreditCode
    return tidy_code(text)


def employer_for_update(session: Session, employer_id: int) -> Employer:
    """Return the employer, locked.

    Raises:
        NotFound: there is none.
    """
    employer = session.get(Employer, employer_id, with_for_update=True)
    if employer is None:
        raise NotFound
    return employer


def _is_taken(session: Session, *, code: str | None, name: str, but: int | None = None) -> bool:
    same = (
        Employer.credit_code == code
        if code
        else (Employer.name_key == name_key(name)) & Employer.credit_code.is_(None)
    )
    found = session.execute(select(Employer.id).where(same)).scalar_one_or_none()
    return found is not None and found != but


def _values(
    session: Session,
    draft: EmployerDraft,
    *,
    organisation_id: int | None,
    status: EmployerStatus,
) -> dict[str, Any]:
    """Return a new employer's columns."""
    if not name_key(draft.name):
        raise NameMissing
    code = _checked_code(draft.credit_code)
    verified = status == EmployerStatus.VERIFIED
    if verified and code is None:
        raise CodeNeeded
    key, now = new_key(), clock.now()
    return {
        "key": key,
        "organisation_id": organisation_id,
        "name": draft.name.strip(),
        "name_key": name_key(draft.name),
        "credit_code": code,
        "status": status,
        "verified_at": now if verified else None,
        "source": draft.source,
        "created_at": now,
        "revision": changes.next_revision(session, "employer"),
        **{column: getattr(draft, column) for column in _PLAIN},
        **_seal(key, draft),
    }


def register_employer(
    session: Session,
    draft: EmployerDraft,
    *,
    organisation_id: int | None = None,
    status: EmployerStatus = EmployerStatus.UNVERIFIED,
) -> Employer:
    """Register an employer; not verified unless the office itself says so.

    Raises:
        NameMissing: no name.
        BadCreditCode: the code does not check out.
        CodeNeeded: it is to be verified and has no code.
        EmployerKnown: the code, or the name of an employer without one, is already there.
    """
    values = _values(session, draft, organisation_id=organisation_id, status=status)
    if _is_taken(session, code=values["credit_code"], name=draft.name):
        raise EmployerKnown
    employer = Employer(**values)
    session.add(employer)
    session.flush()
    audit.record(session, "employer.register", subject="employer", subject_id=employer.id)
    return employer


def register_employers(session: Session, drafts: Sequence[EmployerDraft]) -> list[int]:
    """Register unverified employers and return their ids, in less time than one by one.

    Raises:
        NameMissing, BadCreditCode, EmployerKnown: as for one; then none is registered.
    """
    if not drafts:
        return []
    unverified = EmployerStatus.UNVERIFIED
    rows = [_values(session, one, organisation_id=None, status=unverified) for one in drafts]
    try:
        ids = insert_keyed(session, _EMPLOYERS, rows)
    except IntegrityError:
        raise EmployerKnown from None
    for employer_id in ids.values():
        audit.record(session, "employer.register", subject="employer", subject_id=employer_id)
    return list(ids.values())


def edit_employer(session: Session, employer_id: int, draft: EmployerDraft) -> None:
    """Change an employer; a new name or code must be verified again.

    Raises:
        NotFound, NameMissing, BadCreditCode, EmployerKnown: as at registration.
    """
    employer = employer_for_update(session, employer_id)
    if not name_key(draft.name):
        raise NameMissing
    code = _checked_code(draft.credit_code)
    if _is_taken(session, code=code, name=draft.name, but=employer_id):
        raise EmployerKnown
    identity_changed = code != employer.credit_code or name_key(draft.name) != employer.name_key
    employer.name, employer.name_key = draft.name.strip(), name_key(draft.name)
    employer.credit_code = code
    for column in _PLAIN:
        setattr(employer, column, getattr(draft, column))
    for column, sealed in _seal(employer.key, draft).items():
        setattr(employer, column, sealed)
    if identity_changed or employer.status == EmployerStatus.REFUSED:
        employer.status = EmployerStatus.UNVERIFIED
        employer.verified_at = employer.verified_by = None
    _touch(session, employer)
    _settle_positions(session, employer)
    audit.record(
        session,
        "employer.edit",
        subject="employer",
        subject_id=employer_id,
        detail={"identity_changed": identity_changed},
    )


def _touch(session: Session, employer: Employer) -> None:
    employer.revision = changes.next_revision(session, "employer")
    session.flush()
    session.execute(
        update(Position)
        .where(Position.employer_id == employer.id)
        .values(revision=changes.next_revision(session, "position"))
    )


def _settle_positions(session: Session, employer: Employer) -> None:
    """Let the positions follow their employer: publish what waited only for it, hold what needs it.

    An employer that is no longer verified keeps its open positions as drafts.
    """
    verified = employer.status == EmployerStatus.VERIFIED
    wanted = (PositionStatus.DRAFT,) if verified else (PositionStatus.DRAFT, PositionStatus.OPEN)
    found = session.execute(
        select(Position).where(Position.employer_id == employer.id, Position.status.in_(wanted))
    ).scalars()
    for position in found:
        own = [code for code in position.missing if code not in {"credit_code", "verification"}]
        waited = bool(position.missing) and not own
        position.missing = own + employer_lacks(employer.status, employer.credit_code is not None)
        if verified and waited and position.status == PositionStatus.DRAFT:
            position.status = PositionStatus.OPEN
            position.published_at = clock.now()
        elif not verified:
            position.status = PositionStatus.DRAFT


def verify_employer(session: Session, employer_id: int, *, user_id: int | None) -> None:
    """Verify an employer for the labour office; drafts that waited only for this are published.

    Raises:
        CodeNeeded: its credit code is not known.
    """
    employer = employer_for_update(session, employer_id)
    if employer.credit_code is None:
        raise CodeNeeded
    employer.status = EmployerStatus.VERIFIED
    employer.verified_by, employer.verified_at = user_id, clock.now()
    employer.refused_reason = None
    _touch(session, employer)
    _settle_positions(session, employer)
    audit.record(session, "employer.verify", subject="employer", subject_id=employer_id)


def refuse_employer(session: Session, employer_id: int, *, reason: str) -> None:
    """Refuse an employer with a reason it will read; its open positions become drafts."""
    if not reason.strip():
        raise ReasonNeeded
    employer = employer_for_update(session, employer_id)
    employer.status = EmployerStatus.REFUSED
    employer.refused_reason = reason.strip()[:500]
    employer.verified_by = employer.verified_at = None
    _touch(session, employer)
    _settle_positions(session, employer)
    audit.record(session, "employer.refuse", subject="employer", subject_id=employer_id)
