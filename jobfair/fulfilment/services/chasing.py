"""Reminding employers of what they owe, and excusing them."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.follow_ups.rules.outcomes import Way
from jobfair.fulfilment.models import DutyReminder, EmployerDuty
from jobfair.fulfilment.rules.duties import DutyState, ExcuseMissing, NotAsked
from jobfair.fulfilment.services.planning import settle
from jobfair.kit import audit, clock
from jobfair.kit.errors import NotFound, Refusal
from jobfair.kit.events.rules import check_happened


def remind(
    session: Session,
    duty_id: int,
    way: Way,
    day: date,
    *,
    reached: bool,
    note: str,
    user_id: int | None,
) -> None:
    """Record that an employer was reminded, or that somebody tried.

    Raises:
        NotFound: no such duty.
        NotAsked: nothing is owed.
        NotYet: a day to come.
    """
    duty = _locked(session, duty_id)
    if duty.state != DutyState.OPEN:
        raise NotAsked
    check_happened(day, clock.now())
    session.add(
        DutyReminder(
            duty_id=duty_id,
            way=way,
            happened_on=day,
            reached=reached,
            note=note.strip(),
            recorded_at=clock.now(),
            recorded_by=user_id,
        )
    )
    detail = {"way": str(way), "reached": reached}
    audit.record(session, "duty.remind", subject="employer_duty", subject_id=duty_id, detail=detail)


def remind_together(
    session: Session,
    duty_ids: Collection[int],
    way: Way,
    day: date,
    *,
    reached: bool,
    note: str,
    user_id: int | None,
) -> dict[int, Refusal]:
    """Record one reminder of many duties, by id; a refused one leaves the others alone.

    Returns:
        Those that were refused, and why.
    """
    refused: dict[int, Refusal] = {}
    for duty_id in sorted(set(duty_ids)):
        try:
            remind(session, duty_id, way, day, reached=reached, note=note, user_id=user_id)
        except Refusal as refusal:
            refused[duty_id] = refusal
    return refused


def excuse(session: Session, duty_id: int, reason: str, user_id: int | None) -> None:
    """Excuse an employer from a duty.

    Raises:
        NotFound: no such duty.
        NotAsked: it is done, excused, or nothing is owed.
        ExcuseMissing: no reason.
    """
    duty = _locked(session, duty_id)
    if duty.state != DutyState.OPEN:
        raise NotAsked
    if not reason.strip():
        raise ExcuseMissing
    duty.state, duty.excuse = DutyState.EXCUSED, reason.strip()
    duty.excused_by, duty.excused_at = user_id, clock.now()
    audit.record(session, "duty.excuse", subject="employer_duty", subject_id=duty_id)


def take_excuse_back(session: Session, duty_id: int) -> None:
    """Ask again for a duty that was excused.

    Raises:
        NotFound: no such duty.
        NotAsked: it is not excused.
    """
    duty = _locked(session, duty_id)
    if duty.state != DutyState.EXCUSED:
        raise NotAsked
    duty.state, duty.excuse, duty.excused_by, duty.excused_at = DutyState.OPEN, "", None, None
    session.flush()
    if duty.opens_on <= clock.today():
        settle(session, [duty_id])
    audit.record(session, "duty.ask_again", subject="employer_duty", subject_id=duty_id)


def _locked(session: Session, duty_id: int) -> EmployerDuty:
    found = session.execute(
        select(EmployerDuty).where(EmployerDuty.id == duty_id).with_for_update()
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found
