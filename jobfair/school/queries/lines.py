"""One student with the whole line of events, reversed ones included."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.accounts.models import Organisation
from jobfair.accounts.queries import recorder_names
from jobfair.kit.events.queries import EventRow, EventTable
from jobfair.kit.masking import mask_address, mask_id_number, mask_name, mask_phone
from jobfair.school.models import Student, StudentEventRecord
from jobfair.school.queries.sealed import open_column
from jobfair.school.rules.drafts import needy
from jobfair.school.rules.events import LINE, StudentEventKind, StudentState

EVENTS: EventTable[StudentEventKind, StudentState] = EventTable(
    StudentEventRecord, "student_id", StudentEventKind, LINE, subject="student"
)


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
    events: tuple[EventRow[StudentEventKind], ...]


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
    events = EVENTS.rows(session, [student_id], recorder_names).get(student_id, ())
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
        state=LINE.state_at(row.event for row in events),
        events=events,
    )


def student_of_event(session: Session, event_id: int) -> int | None:
    """Return the student on whose line an event stands."""
    return EVENTS.owner_of(session, event_id)
