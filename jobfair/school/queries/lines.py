"""One student with the whole line of events, reversed ones included."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.accounts.models import Organisation, UserAccount
from jobfair.kit import crypto
from jobfair.kit.masking import mask_address, mask_id_number, mask_name, mask_phone
from jobfair.placements.rules.events import Grade, Precision
from jobfair.school.models import Student, StudentEventRecord
from jobfair.school.rules.drafts import needy
from jobfair.school.rules.events import (
    StudentEvent,
    StudentEventKind,
    StudentState,
    order,
    state_at,
)


@dataclass(frozen=True, slots=True)
class StudentEventRow:
    """One event as shown; ``reversal`` is the event that took it back."""

    event: StudentEvent
    student_id: int
    organisation_id: int
    recorder: str
    office: str
    evidence: str
    source: str
    reversal: StudentEvent | None


@dataclass(frozen=True, slots=True)
class StudentDetail:
    """A student's record; personal values are masked unless asked for in full."""

    id: int
    organisation_id: int
    school: str
    name: str
    id_number: str
    phone: str
    address: str
    birth_date: date
    sex: str
    home_division: str
    household_category: str | None
    category_valid_until: date | None
    needy: bool
    guardian_consent_on: date | None
    education: str | None
    intake_year: int
    major: str
    level: str
    school_class: str
    student_number: str | None
    applied_on: date
    source: str
    state: StudentState
    events: tuple[StudentEventRow, ...]


def event_of(row: StudentEventRecord) -> StudentEvent:
    """Return a stored event as the rules know it."""
    return StudentEvent(
        row.id,
        StudentEventKind(row.kind),
        row.occurred_on,
        row.recorded_at,
        Precision(row.date_precision),
        Grade(row.evidence_grade),
        row.reverses_id,
        row.reason,
    )


def find_student(
    session: Session, student_id: int, *, unmasked: bool = False
) -> StudentDetail | None:
    """Return one student; the caller records an unmasked read."""
    found = session.execute(
        select(Student, Organisation.name)
        .join(Organisation, Organisation.id == Student.organisation_id)
        .where(Student.id == student_id)
    ).one_or_none()
    if found is None:
        return None
    student, school = found
    name, number, phone, address = (
        open_column(student, column) for column in ("name", "id_number", "phone", "address")
    )
    if not unmasked:
        name, number = mask_name(name), mask_id_number(number)
        phone, address = mask_phone(phone) if phone else "", mask_address(address)
    events = _events(session, student)
    return StudentDetail(
        id=student.id,
        organisation_id=student.organisation_id,
        school=school,
        name=name,
        id_number=number,
        phone=phone,
        address=address,
        birth_date=student.birth_date,
        sex=student.sex,
        home_division=student.home_division,
        household_category=student.household_category,
        category_valid_until=student.category_valid_until,
        needy=needy(student.household_category, student.category_valid_until, student.applied_on),
        guardian_consent_on=student.guardian_consent_on,
        education=student.education,
        intake_year=student.intake_year,
        major=student.major,
        level=student.level,
        school_class=student.school_class,
        student_number=student.student_number,
        applied_on=student.applied_on,
        source=student.source,
        state=state_at(row.event for row in events),
        events=events,
    )


def open_column(student: Student, column: str) -> str:
    """Return a sealed column's text, empty when there is none."""
    sealed: bytes | None = getattr(student, f"{column}_sealed")
    if sealed is None:
        return ""
    return crypto.vault().open(sealed, table="student", column=column, row=student.key)


def find_event(session: Session, event_id: int) -> StudentEventRow | None:
    """Return one event."""
    found = session.get(StudentEventRecord, event_id)
    student = session.get(Student, found.student_id) if found else None
    if student is None:
        return None
    return next(row for row in _events(session, student) if row.event.id == event_id)


def _events(session: Session, student: Student) -> tuple[StudentEventRow, ...]:
    rows = session.execute(
        select(StudentEventRecord, UserAccount.display_name, Organisation.name)
        .outerjoin(UserAccount, UserAccount.id == StudentEventRecord.recorded_by)
        .outerjoin(Organisation, Organisation.id == StudentEventRecord.office_id)
        .where(StudentEventRecord.student_id == student.id)
    ).all()
    reversals = {r.reverses_id: event_of(r) for r, _, _ in rows if r.reverses_id is not None}
    shown = [
        StudentEventRow(
            event_of(row),
            student.id,
            student.organisation_id,
            recorder or "",
            office or "",
            row.evidence_ref,
            row.source,
            reversals.get(row.id),
        )
        for row, recorder, office in rows
    ]
    return tuple(sorted(shown, key=lambda row: order(row.event)))
