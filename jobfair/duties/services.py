"""Verbs of organisers' duties: add one's own, change, remove; say that one is done, or not."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.duties.models import OrganiserDuty
from jobfair.duties.rules import Duty
from jobfair.fairs.services import lock_fair
from jobfair.kit import audit, clock
from jobfair.kit.errors import NotFound


def _own(session: Session, duty_id: int) -> OrganiserDuty:
    found = session.get(OrganiserDuty, duty_id, with_for_update=True)
    if found is None or found.code is not None:
        raise NotFound
    return found


def _find(session: Session, fair_id: int, key: str) -> OrganiserDuty:
    """Return the row of a duty; one of the rules gets its row now.

    Raises:
        NotFound: the fair has no such duty.
    """
    if key in set(Duty):
        return _of_rule(session, fair_id, key)
    if key.isdecimal() and len(key) < 10:
        own = _own(session, int(key))
        if own.fair_id == fair_id:
            return own
    raise NotFound


def _of_rule(session: Session, fair_id: int, code: str) -> OrganiserDuty:
    # Two who tick at the same moment wait for each other, so that there is one row.
    lock_fair(session, fair_id)
    wanted = (OrganiserDuty.fair_id == fair_id) & (OrganiserDuty.code == code)
    found = session.execute(select(OrganiserDuty).where(wanted)).scalar_one_or_none()
    if found is None:
        found = OrganiserDuty(fair_id=fair_id, code=code)
        session.add(found)
    return found


def _record(session: Session, action: str, fair_id: int, key: str) -> None:
    audit.record(session, action, subject="fair", subject_id=fair_id, detail={"duty": key})


def add_duty(session: Session, fair_id: int, title: str, due_on: date) -> int:
    """Add a duty of one's own to a fair; return its id."""
    duty = OrganiserDuty(fair_id=fair_id, title=title, due_on=due_on)
    session.add(duty)
    session.flush()
    _record(session, "duty.add", fair_id, str(duty.id))
    return duty.id


def change_duty(session: Session, duty_id: int, title: str, due_on: date) -> None:
    """Change the words or the day of a duty of one's own.

    Raises:
        NotFound: there is no such duty, or it follows from the rules.
    """
    duty = _own(session, duty_id)
    if (duty.title, duty.due_on) != (title, due_on):
        duty.title, duty.due_on = title, due_on
        _record(session, "duty.change", duty.fair_id, str(duty_id))


def remove_duty(session: Session, duty_id: int) -> None:
    """Remove a duty of one's own.

    Raises:
        NotFound: there is no such duty, or it follows from the rules.
    """
    duty = _own(session, duty_id)
    session.delete(duty)
    _record(session, "duty.remove", duty.fair_id, str(duty_id))


def mark_done(session: Session, fair_id: int, key: str, *, user_id: int | None) -> None:
    """Say that a duty is done; what was said first stays.

    Raises:
        NotFound: the fair has no such duty.
    """
    duty = _find(session, fair_id, key)
    if duty.done_at is None:
        duty.done_at, duty.done_by = clock.now(), user_id
    _record(session, "duty.done", fair_id, key)


def mark_open(session: Session, fair_id: int, key: str) -> None:
    """Take back that a duty is done.

    Raises:
        NotFound: the fair has no such duty.
    """
    duty = _find(session, fair_id, key)
    duty.done_at = duty.done_by = None
    _record(session, "duty.open", fair_id, key)
