"""The intake of a year as of D, known at K: enrolment events and who was still there at day 30."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.school.models import Student
from jobfair.school.queries.lines import EVENTS
from jobfair.school.rules.drafts import needy
from jobfair.school.rules.events import LINE, StudentState

ROLL_DAYS = 30


@dataclass(frozen=True, slots=True)
class IntakeRow:
    """One student with an enrolment event in the intake.

    Attributes:
        county: code of the home county at application.
        province: code of the home province at application.
        category: household category on the day of application, as stated.
        needy: needy category with a proof valid on that day (S03).
        still_on_roll: had not left within 30 days of entry, as far as D reaches (S01).
    """

    student_id: int
    organisation_id: int
    county: str
    province: str
    major: str
    level: str
    category: str | None
    needy: bool
    enrolled_on: date
    still_on_roll: bool


def intake_rows(
    session: Session,
    *,
    year: int,
    as_of: date,
    known_at: datetime | None = None,
    organisation_id: int | None = None,
    division: str | None = None,
) -> list[IntakeRow]:
    """Return the students who had entered in an intake year.

    Args:
        session: a reading session.
        year: intake year.
        as_of: only what had happened by this day.
        known_at: only what had been recorded by then; None for now.
        organisation_id: only this school.
        division: only students at home in this division.
    """
    statement = select(Student).where(Student.intake_year == year).order_by(Student.id)
    if organisation_id is not None:
        statement = statement.where(Student.organisation_id == organisation_id)
    if division is not None:
        statement = statement.where(Student.home_division.startswith(division, autoescape=True))
    students = list(session.execute(statement).scalars())
    lines = EVENTS.lines(session, select(Student.id).where(Student.intake_year == year))
    rows = []
    for student in students:
        state = LINE.state_at(lines.get(student.id, ()), as_of=as_of, known_at=known_at)
        if state.enrolled_on is not None:
            rows.append(_row(student, state, state.enrolled_on))
    return rows


def _row(student: Student, state: StudentState, enrolled_on: date) -> IntakeRow:
    limit = enrolled_on + timedelta(days=ROLL_DAYS)
    return IntakeRow(
        student_id=student.id,
        organisation_id=student.organisation_id,
        county=student.home_division[:6],
        province=student.home_division[:2],
        major=student.major,
        level=student.level,
        category=student.household_category,
        needy=needy(student.household_category, student.category_valid_until, student.applied_on),
        enrolled_on=enrolled_on,
        still_on_roll=state.left_on is None or state.left_on > limit,
    )
