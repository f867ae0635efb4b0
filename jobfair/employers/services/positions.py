"""Posting, changing, closing and reopening positions."""

from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from typing import Any

from sqlalchemy.orm import Session

from jobfair.employers.models import Employer, Position
from jobfair.employers.queries import PositionRow, find_position
from jobfair.employers.rules.drafts import PositionDraft, PositionStatus, employer_lacks
from jobfair.employers.rules.readings import (
    NoSuchReading,
    Reading,
    read_position,
    stored_readings,
    without_readings,
)
from jobfair.employers.rules.requirements import SEVERAL, Kind
from jobfair.employers.rules.vacancy import MinimumWage, check_draft, no_minimum, stops
from jobfair.employers.services.employers import employer_for_update
from jobfair.employers.services.refusals import Closed, VacancyStopped, WrongState
from jobfair.kit import audit, changes, clock
from jobfair.kit.errors import NotFound
from jobfair.kit.ids import new_key
from jobfair.occupations.qualifications import qualifications
from jobfair.occupations.rules import Proposal
from jobfair.occupations.services import propose_alias

_POSITION_FIELDS = tuple(f.name for f in fields(PositionDraft) if f.name != "wage")


def values_of(draft: PositionDraft, readings: Sequence[Reading]) -> dict[str, object]:
    """Return the columns of ``position`` a draft and what was read from its text fill."""
    values: dict[str, object] = {name: getattr(draft, name) for name in _POSITION_FIELDS}
    values["certificates"] = list(draft.certificates)
    values["skills"] = list(draft.skills)
    values["readings"] = [one.stored() for one in readings]
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

    What its text demands holds where nothing was typed.

    Raises:
        NotFound: no such employer.
        VacancyStopped: a rule stops it and ``publish`` was asked for.
    """
    employer = employer_for_update(session, employer_id)
    draft, readings = read_position(draft, qualifications())
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
        **values_of(draft, readings),
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

    The draft is the position as its form showed it: a demand read from the text that is gone from
    its field was taken out, and stays out.

    Raises:
        Closed: reopen it first.
        VacancyStopped: a rule stops it and ``publish`` was asked for.
    """
    position = _position(session, position_id)
    if position.status == PositionStatus.CLOSED:
        raise Closed
    employer = employer_for_update(session, position.employer_id)
    typed, removed = without_readings(draft, stored_readings(position.readings))
    draft, readings = read_position(typed, qualifications(), removed=removed)
    status, missing = _stand(employer, draft, publish=publish, minimum=minimum)
    changed = _apply(position, draft, readings)
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


def _apply(position: Position, draft: PositionDraft, readings: Sequence[Reading]) -> list[str]:
    """Write a draft into a row and return the names of the fields it changed."""
    changed = []
    for name, value in values_of(draft, readings).items():
        if name != "source_ref" and getattr(position, name) != value:
            setattr(position, name, value)
            changed.append(name)
    return changed


def set_reading(session: Session, position_id: int, key: str, *, holds: bool) -> None:
    """Take a demand that was read out of a position, or let it hold again.

    Args:
        session: the writing session.
        position_id: the position.
        key: of the reading.
        holds: False takes it out; it stays out when the text is read again.

    Raises:
        Closed: reopen it first.
        NoSuchReading: the text does not say this.
    """
    position, row = _open_position(session, position_id)
    if key not in {one.key for one in row.read}:
        raise NoSuchReading
    typed, removed = without_readings(row.draft(), row.read)
    removed = removed - {key} if holds else removed | {key}
    _read_again(session, position, typed, removed)
    audit.record(
        session,
        "position.reading",
        subject="position",
        subject_id=position_id,
        detail={"reading": key, "holds": holds},
    )


def add_demand(session: Session, position_id: int, kind: Kind, name: str) -> None:
    """Add a certificate or a skill by hand; it holds whatever the text says.

    Raises:
        Closed: reopen it first.
        ValueError: of this kind there is only one, which the form changes.
    """
    if kind not in SEVERAL:
        raise ValueError(kind)
    position, row = _open_position(session, position_id)
    typed, removed = without_readings(row.draft(), row.read)
    known = getattr(typed, kind)
    change: dict[str, Any] = {kind.value: (*known, *({name} - set(known)))}
    _read_again(session, position, replace(typed, **change), removed)
    audit.record(
        session,
        "position.demand",
        subject="position",
        subject_id=position_id,
        detail={"kind": kind.value, "name": name},
    )


def _open_position(session: Session, position_id: int) -> tuple[Position, PositionRow]:
    position, row = _position(session, position_id), find_position(session, position_id)
    if row is None or position.status == PositionStatus.CLOSED:
        raise Closed
    return position, row


def _read_again(
    session: Session, position: Position, typed: PositionDraft, removed: Collection[str]
) -> None:
    _apply(position, *read_position(typed, qualifications(), removed=removed))
    position.revision = changes.next_revision(session, "position")


def correct_occupation(
    session: Session, position_id: int, *, code: str, user_id: int | None = None
) -> Proposal | None:
    """Set the occupation somebody chose for a position; it stays while the title does.

    Returns:
        What became of the correction as a lesson; None when the position had this code already.

    Raises:
        Closed: reopen it first.
    """
    position = _position(session, position_id)
    if position.status == PositionStatus.CLOSED:
        raise Closed
    before = position.occupation_code
    if before == code:
        return None
    position.occupation_code = code
    position.revision = changes.next_revision(session, "position")
    audit.record(
        session,
        "position.occupation",
        subject="position",
        subject_id=position_id,
        detail={"from": before, "to": code, "title": position.title},
    )
    return propose_alias(session, position.title, code, before=before, user_id=user_id)


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
    employer = employer_for_update(session, position.employer_id)
    status, missing = _stand(employer, row.draft(), publish=True, minimum=minimum)
    position.status, position.missing, position.closed_at = status, missing, None
    if status == PositionStatus.OPEN:
        position.published_at = clock.now()
    position.revision = changes.next_revision(session, "position")
    audit.record(session, "position.reopen", subject="position", subject_id=position_id)
    return status
