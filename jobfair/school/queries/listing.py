"""The list of students: filtered, scoped, a page at a time, masked."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from jobfair.accounts.models import Organisation
from jobfair.accounts.rules import OrganisationKind
from jobfair.kit.errors import Invalid
from jobfair.kit.i18n import N_
from jobfair.kit.masking import mask_id_number, mask_name
from jobfair.school.models import Student
from jobfair.school.queries import sealed
from jobfair.school.queries.sealed import open_column
from jobfair.school.rules.events import StudentStage
from jobfair.seekers.rules.identity import tidy_id_number
from jobfair.seekers.rules.searching import Find, understand


@dataclass(frozen=True, slots=True)
class StudentFilter:
    """What a list is narrowed to; None or empty is no limit.

    Attributes:
        organisation_id: the caller's own school.
        home: the home division at application begins with this.
        sort: one of `SORTS`, a leading minus for descending; else the usual order.
    """

    organisation_id: int | None = None
    year: int | None = None
    major: str | None = None
    level: str | None = None
    category: str | None = None
    home: str | None = None
    stage: StudentStage | None = None
    ids: tuple[int, ...] | None = None
    sort: str = ""


# The orders a list may be asked for; the first is the usual one.
SORTS = ("-year", "number", "-entered", "entered", "-applied")


@dataclass(frozen=True, slots=True)
class StudentRow:
    """One line of the list; name and ID number are masked."""

    id: int
    organisation_id: int
    name: str
    id_number: str
    sex: str
    home_division: str
    household_category: str | None
    intake_year: int
    major: str
    level: str
    school_class: str
    student_number: str | None
    applied_on: date
    enrolled_on: date | None
    left_on: date | None


def list_students(
    session: Session, wanted: StudentFilter, *, limit: int = 50, offset: int = 0
) -> list[StudentRow]:
    """Return a page of students, the latest intake first."""
    found = session.execute(
        select(Student)
        .where(*_conditions(wanted))
        .order_by(*_order(wanted.sort))
        .limit(limit)
        .offset(offset)
    ).scalars()
    return [_row(student) for student in found]


def count_students(session: Session, wanted: StudentFilter) -> int:
    """Return how many students a filter finds."""
    return session.execute(
        select(func.count()).select_from(Student).where(*_conditions(wanted))
    ).scalar_one()


def find_by_text(session: Session, text: str, organisation_id: int | None) -> tuple[int, ...]:
    """Return the students found by name, pinyin initials, ID number, its last four, or number.

    Args:
        session: a reading session.
        text: as typed.
        organisation_id: only this school's; None for all.
    """
    search = understand(text)
    if search is None:
        return ()
    match = Student.student_number == text.strip()
    if search.by is Find.NAME:
        match |= Student.name_index == sealed.name_index(search.text)
    elif search.by is Find.INITIALS:
        match |= Student.initials_index == sealed.initials_index(search.text)
    elif search.by is Find.LAST4:
        county = func.substr(Student.home_division, 1, sealed.COUNTY)
        counties = session.execute(select(county).where(*_of(organisation_id)).distinct())
        indexes = [sealed.last4_index(search.text, code) for code in counties.scalars()]
        match |= Student.id_last4_index.in_(indexes)
    elif search.by is Find.ID_NUMBER:
        match |= Student.id_index == sealed.id_index(tidy_id_number(text))
    found = session.execute(select(Student.id).where(match, *_of(organisation_id)))
    return tuple(found.scalars())


def _of(organisation_id: int | None) -> list[ColumnElement[bool]]:
    return [] if organisation_id is None else [Student.organisation_id == organisation_id]


def intake_years(session: Session, organisation_id: int | None) -> list[int]:
    """Return the intake years on record, newest first."""
    statement = select(Student.intake_year).distinct().order_by(Student.intake_year.desc())
    if organisation_id is not None:
        statement = statement.where(Student.organisation_id == organisation_id)
    return list(session.execute(statement).scalars())


def majors(session: Session, organisation_id: int | None) -> list[str]:
    """Return the majors on record."""
    statement = select(Student.major).distinct().order_by(Student.major)
    if organisation_id is not None:
        statement = statement.where(Student.organisation_id == organisation_id)
    return list(session.execute(statement).scalars())


def schools(session: Session) -> list[tuple[int, str]]:
    """Return the schools that may take in students: id and name."""
    rows = session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.kind == OrganisationKind.SCHOOL, Organisation.active)
        .order_by(Organisation.name)
    )
    return [(row.id, row.name) for row in rows]


class SchoolNotSaid(Invalid):
    """There is no school, or more than one."""

    code = "school_not_said"
    message = N_("Say which school: give its organisation number.")


def only_school(session: Session, organisation_id: int | None) -> int:
    """Return the school asked for, or the only one.

    Raises:
        SchoolNotSaid: none such, or several and none was asked for.
    """
    found = [number for number, _ in schools(session) if organisation_id in {None, number}]
    if len(found) != 1:
        raise SchoolNotSaid
    return found[0]


def _conditions(wanted: StudentFilter) -> list[ColumnElement[bool]]:
    equal = (
        (Student.organisation_id, wanted.organisation_id),
        (Student.intake_year, wanted.year),
        (Student.major, wanted.major),
        (Student.level, wanted.level),
        (Student.household_category, wanted.category),
    )
    found: list[ColumnElement[bool]] = [~Student.void]
    found += [column == value for column, value in equal if value is not None]
    if wanted.home:
        found.append(Student.home_division.startswith(wanted.home, autoescape=True))
    if wanted.stage is StudentStage.LEFT:
        found.append(Student.left_on.is_not(None))
    elif wanted.stage is StudentStage.ENROLLED:
        found += [Student.enrolled_on.is_not(None), Student.left_on.is_(None)]
    elif wanted.stage is not None:
        found += [Student.enrolled_on.is_(None), Student.left_on.is_(None)]
    if wanted.ids is not None:
        found.append(Student.id.in_(wanted.ids))
    return found


def _order(sort: str) -> list[Any]:
    columns = {
        "number": Student.student_number,
        "entered": Student.enrolled_on,
        "applied": Student.applied_on,
    }
    column = columns.get(sort.removeprefix("-"))
    if column is None:
        return [Student.intake_year.desc(), Student.student_number, Student.id]
    # What is not known comes last on both databases.
    return [column.is_(None), column.desc() if sort.startswith("-") else column, Student.id]


def _row(student: Student) -> StudentRow:
    return StudentRow(
        id=student.id,
        organisation_id=student.organisation_id,
        name=mask_name(open_column(student, "name")),
        id_number=mask_id_number(open_column(student, "id_number")),
        sex=student.sex,
        home_division=student.home_division,
        household_category=student.household_category,
        intake_year=student.intake_year,
        major=student.major,
        level=student.level,
        school_class=student.school_class,
        student_number=student.student_number,
        applied_on=student.applied_on,
        enrolled_on=student.enrolled_on,
        left_on=student.left_on,
    )
