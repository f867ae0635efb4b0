"""Verbs that change employers and positions; the caller's transaction commits."""

from collections.abc import Iterable
from dataclasses import fields

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from jobfair.employers.models import Employer, Position
from jobfair.employers.queries import find_position
from jobfair.employers.rules.drafts import (
    EmployerDraft,
    EmployerStatus,
    PositionDraft,
    PositionStatus,
)
from jobfair.employers.rules.identity import credit_code_fault, name_key, tidy_code
from jobfair.employers.rules.vacancy import MinimumWage, check_draft, no_minimum, stops
from jobfair.kit import audit, changes, clock, crypto
from jobfair.kit.errors import Invalid, NotFound, Refusal
from jobfair.kit.i18n import N_
from jobfair.kit.ids import new_key

_SEALED = ("address", "contact_name", "contact_phone")
_PLAIN = ("kind", "industry_code", "division_code")
_POSITION_FIELDS = tuple(f.name for f in fields(PositionDraft) if f.name != "wage")


class BadCreditCode(Invalid):
    """The credit code does not check out."""

    code = "bad_credit_code"
    message = N_("The credit code is not valid. Check it against the business licence.")


class NameMissing(Invalid):
    """An employer without a name."""

    code = "name_missing"
    message = N_("Enter the employer's full name.")


class EmployerKnown(Refusal):
    """The code or the name is already registered."""

    code = "employer_known"
    message = N_(
        "This employer is already registered. "
        "Ask its administrator or the labour office for access."
    )


class CodeNeeded(Refusal):
    """Verification without a credit code."""

    code = "credit_code_needed"
    message = N_("Enter the employer's credit code before verifying it.")


class VacancyStopped(Refusal):
    """The text or a figure breaks a rule that stops publication."""

    status = 422
    code = "vacancy_stopped"
    message = N_(
        "The position cannot be published: mend the lines marked below, or save it as a draft."
    )


class WrongState(Refusal):
    """The verb does not fit where the position stands."""

    code = "wrong_state"
    message = N_("This cannot be done with a position in this state. Reload the page.")


class Closed(WrongState):
    """A closed position is edited."""

    code = "position_closed"
    message = N_("The position is closed. Reopen it before changing it.")


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


def _employer(session: Session, employer_id: int) -> Employer:
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
        EmployerKnown: the code, or the name of an employer without one, is already there.
    """
    if not name_key(draft.name):
        raise NameMissing
    code = _checked_code(draft.credit_code)
    if _is_taken(session, code=code, name=draft.name):
        raise EmployerKnown
    key = new_key()
    employer = Employer(
        key=key,
        organisation_id=organisation_id,
        name=draft.name.strip(),
        name_key=name_key(draft.name),
        credit_code=code,
        status=status,
        source=draft.source,
        created_at=clock.now(),
        revision=changes.next_revision(session, "employer"),
        **{column: getattr(draft, column) for column in _PLAIN},
        **_seal(key, draft),
    )
    if status == EmployerStatus.VERIFIED:
        if code is None:
            raise CodeNeeded
        employer.verified_at = clock.now()
    session.add(employer)
    session.flush()
    audit.record(session, "employer.register", subject="employer", subject_id=employer.id)
    return employer


def edit_employer(session: Session, employer_id: int, draft: EmployerDraft) -> None:
    """Change an employer; a new name or code must be verified again.

    Raises:
        NotFound, NameMissing, BadCreditCode, EmployerKnown: as at registration.
    """
    employer = _employer(session, employer_id)
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


def employer_lacks(status: str, has_code: bool) -> list[str]:
    """Return what an employer lacks before its positions may be published."""
    if status == EmployerStatus.VERIFIED:
        return []
    return ["verification"] if has_code else ["credit_code", "verification"]


def verify_employer(session: Session, employer_id: int, *, user_id: int | None) -> None:
    """Verify an employer for the labour office; drafts that waited only for this are published.

    Raises:
        CodeNeeded: its credit code is not known.
    """
    employer = _employer(session, employer_id)
    if employer.credit_code is None:
        raise CodeNeeded
    employer.status = EmployerStatus.VERIFIED
    employer.verified_by, employer.verified_at = user_id, clock.now()
    employer.refused_reason = None
    _touch(session, employer)
    _settle_positions(session, employer)
    audit.record(session, "employer.verify", subject="employer", subject_id=employer_id)


class ReasonNeeded(Invalid):
    """A refusal without a reason."""

    code = "reason_needed"
    message = N_("Say why, so that the employer can mend it.")


def refuse_employer(session: Session, employer_id: int, *, reason: str) -> None:
    """Refuse an employer with a reason it will read; its open positions become drafts."""
    if not reason.strip():
        raise ReasonNeeded
    employer = _employer(session, employer_id)
    employer.status = EmployerStatus.REFUSED
    employer.refused_reason = reason.strip()[:500]
    employer.verified_by = employer.verified_at = None
    _touch(session, employer)
    _settle_positions(session, employer)
    audit.record(session, "employer.refuse", subject="employer", subject_id=employer_id)


def values_of(draft: PositionDraft) -> dict[str, object]:
    """Return the columns of ``position`` a draft fills."""
    values: dict[str, object] = {name: getattr(draft, name) for name in _POSITION_FIELDS}
    values["certificates"] = list(draft.certificates)
    values["skills"] = list(draft.skills)
    values["wage_low"] = draft.wage.low if draft.wage else None
    values["wage_high"] = draft.wage.high if draft.wage else None
    return values


def _stand(
    employer: Employer, draft: PositionDraft, *, publish: bool, minimum: MinimumWage
) -> tuple[str, list[str]]:
    """Return the status a draft gets and what it still lacks.

    Raises:
        VacancyStopped: it should be published and breaks a rule that stops it.
    """
    lacks = [*draft.missing(), *employer_lacks(employer.status, employer.credit_code is not None)]
    if stops(check_draft(draft, on=clock.today(), minimum=minimum)):
        if publish:
            raise VacancyStopped
        return PositionStatus.STOPPED, lacks
    return (PositionStatus.OPEN if publish and not lacks else PositionStatus.DRAFT), lacks


def post_position(
    session: Session,
    employer_id: int,
    draft: PositionDraft,
    *,
    publish: bool = True,
    created_by: int | None = None,
    minimum: MinimumWage = no_minimum,
    source: str = "form",
) -> Position:
    """Post a position; what lacks something, or whose employer is not verified, waits as a draft.

    Raises:
        NotFound: no such employer.
        VacancyStopped: a rule stops it and ``publish`` was asked for.
    """
    employer = _employer(session, employer_id)
    status, missing = _stand(employer, draft, publish=publish, minimum=minimum)
    now = clock.now()
    position = Position(
        key=new_key(),
        employer_id=employer_id,
        source=source,
        status=status,
        missing=missing,
        published_at=now if status == PositionStatus.OPEN else None,
        created_at=now,
        created_by=created_by,
        revision=changes.next_revision(session, "position"),
        **values_of(draft),
    )
    session.add(position)
    session.flush()
    audit.record(
        session,
        "position.post",
        subject="position",
        subject_id=position.id,
        detail={"status": status},
    )
    return position


def _position(session: Session, position_id: int) -> Position:
    position = session.get(Position, position_id, with_for_update=True)
    if position is None:
        raise NotFound
    return position


def edit_position(
    session: Session,
    position_id: int,
    draft: PositionDraft,
    *,
    publish: bool = True,
    minimum: MinimumWage = no_minimum,
) -> str:
    """Change a position and return its new status.

    Raises:
        Closed: reopen it first.
        VacancyStopped: a rule stops it and ``publish`` was asked for.
    """
    position = _position(session, position_id)
    if position.status == PositionStatus.CLOSED:
        raise Closed
    employer = _employer(session, position.employer_id)
    status, missing = _stand(employer, draft, publish=publish, minimum=minimum)
    changed = _apply(position, draft)
    if status == PositionStatus.OPEN and position.published_at is None:
        position.published_at = clock.now()
    position.status, position.missing = status, missing
    position.revision = changes.next_revision(session, "position")
    audit.record(
        session,
        "position.edit",
        subject="position",
        subject_id=position_id,
        detail={"fields": changed, "status": status},
    )
    return status


def _apply(position: Position, draft: PositionDraft) -> list[str]:
    """Write a draft into a row and return the names of the fields it changed."""
    changed = []
    for name, value in values_of(draft).items():
        if name != "source_ref" and getattr(position, name) != value:
            setattr(position, name, value)
            changed.append(name)
    return changed


def close_position(session: Session, position_id: int) -> None:
    """Take a position out of rankings and fairs; its history stays."""
    position = _position(session, position_id)
    if position.status == PositionStatus.CLOSED:
        raise WrongState
    position.status, position.closed_at = PositionStatus.CLOSED, clock.now()
    position.revision = changes.next_revision(session, "position")
    audit.record(session, "position.close", subject="position", subject_id=position_id)


def reopen_position(
    session: Session, position_id: int, *, minimum: MinimumWage = no_minimum
) -> str:
    """Offer a closed position again and return its status.

    Raises:
        WrongState: it is not closed.
        VacancyStopped: today's rules stop it.
    """
    position = _position(session, position_id)
    row = find_position(session, position_id)
    if row is None or position.status != PositionStatus.CLOSED:
        raise WrongState
    employer = _employer(session, position.employer_id)
    status, missing = _stand(employer, row.draft(), publish=True, minimum=minimum)
    position.status, position.missing, position.closed_at = status, missing, None
    if status == PositionStatus.OPEN:
        position.published_at = clock.now()
    position.revision = changes.next_revision(session, "position")
    audit.record(session, "position.reopen", subject="position", subject_id=position_id)
    return status


def close_expired(session: Session, *, position_ids: Iterable[int] | None = None) -> int:
    """Close the open positions whose last day has passed; return how many."""
    expired = (Position.status == PositionStatus.OPEN) & (Position.valid_until < clock.today())
    if position_ids is not None:
        expired &= Position.id.in_(list(position_ids))
    found = list(session.execute(select(Position).where(expired)).scalars())
    for position in found:
        position.status, position.closed_at = PositionStatus.CLOSED, clock.now()
        position.revision = changes.next_revision(session, "position")
    if found:
        audit.record(session, "position.expire", subject="position", detail={"count": len(found)})
    return len(found)
