"""What the demonstration's school reports: months of everybody, grants of some, a few odd ones."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from jobfair.demo.loading import NotLoaded
from jobfair.grants.rules.entitlement import GrantKind
from jobfair.grants.rules.reading import MonthDraft, PaymentDraft
from jobfair.grants.services.months import MonthRow, keep_months, note_opening
from jobfair.grants.services.payments import PaymentRow, keep_payments
from jobfair.grants.services.students import Known, Who, find_students
from jobfair.kit.events.rules import Recorder
from jobfair.school.rules.drafts import StudentDraft

_MONTHS = (date(2010, 10, 1), date(2011, 3, 1))
_PAID_ON = (date(2010, 11, 5), date(2011, 4, 8))
_HALF_FEN, _WHOLE_FEN = 75_000, 150_000
_PAID = 60  # students of whom payments are shown
_DAYS = 22
_IN_A_ROOM = 8
_TIMES = 15  # the same grant to one student, as an audit once found it
_OTHER_CARD, _ABSENT, _NO_BED, _UNOPENED = 1, 2, 3, 4


def load_grants(session: Session, school_id: int, drafts: Sequence[StudentDraft]) -> None:
    """Report two months of all students, pay some of them, and leave a few things to be found.

    Raises:
        NotLoaded: something was refused.
    """
    recorder = Recorder(office_id=school_id)
    people = [Who(draft.student_number or "", "", draft.name) for draft in drafts]
    months = [
        MonthRow(who, _month(number, month))
        for month in _MONTHS
        for number, who in enumerate(people)
    ]
    payments = [
        PaymentRow(who, paid)
        for number, who in enumerate(people[:_PAID])
        for paid in _payments(number, who.name)
    ]
    answers = [
        *keep_months(session, school_id, months, recorder),
        *keep_payments(session, school_id, payments, recorder, "demo"),
    ]
    refused = [answer.reason for answer in answers if answer.kind == "refused"]
    if refused:
        raise NotLoaded(f"{len(refused)} rows of the demonstration's school: {refused[0]}")
    for student in find_students(session, school_id, people[:_PAID])[_UNOPENED:]:
        if isinstance(student, Known):
            note_opening(session, student.id)


def _month(number: int, month: date) -> MonthDraft:
    present = 0 if number == _ABSENT else _DAYS - number % 4
    room = "" if number == _NO_BED else f"3-{201 + number // _IN_A_ROOM}"
    return MonthDraft(month, _DAYS, present, room)


def _payments(number: int, name: str) -> list[PaymentDraft]:
    holder = "他人" if number == _OTHER_CARD else name
    card = f"621700000020{number:04d}"
    if number == 0:
        days = [_PAID_ON[0] + timedelta(days=day) for day in range(_TIMES)]
        return [PaymentDraft(GrantKind.STATE, 2010, _WHOLE_FEN, day, holder, card) for day in days]
    return [PaymentDraft(GrantKind.STATE, 2010, _HALF_FEN, day, holder, card) for day in _PAID_ON]
