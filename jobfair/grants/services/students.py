"""Which student a row of a list means, and reading such rows."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from jobfair.kit import clock
from jobfair.kit.bulk import in_slices
from jobfair.kit.i18n import N_
from jobfair.kit.sheets.rows import RowError, SheetRow
from jobfair.school.models import Student
from jobfair.school.queries.sealed import id_index, open_column
from jobfair.seekers.rules.identity import id_number_fault, tidy_id_number

NOT_ON_ROLL = N_("No student of the school has this number. Compare student number and ID number.")
OTHER_NAME = N_("The student with this number has another name. Compare with the roll.")
NO_STUDENT = N_("Enter the student number or the ID number.")
TWO_STUDENTS = N_("Student number and ID number belong to two students.")
_Draft = TypeVar("_Draft")


class Who(NamedTuple):
    """How a row names a student; a tidy ID number, a student number, or both."""

    student_number: str
    id_number: str
    name: str


class Known(NamedTuple):
    """A student of the roll."""

    id: int
    name: str


def read_row(
    row: SheetRow,
    fields: Iterable[str],
    read: Callable[[Mapping[str, str]], _Draft | list[tuple[str, str]]],
) -> tuple[Who, _Draft] | list[RowError]:
    """Return whom a row means and what it says of them, or all that is wrong with it.

    Args:
        row: names the student in the fields of ``WHO_HEADERS``.
        fields: the others.
        read: gives what these say, or field and reason of what is wrong.
    """
    who = _read_who(row)
    draft = read({name: row.text(name) for name in fields})
    wrong = who if isinstance(who, list) else []
    if isinstance(draft, list):
        return wrong + [RowError(name, reason) for name, reason in draft]
    return who if isinstance(who, list) else (who, draft)


def _read_who(row: SheetRow) -> Who | list[RowError]:
    number = tidy_id_number(row.text("id_number"))
    fault = id_number_fault(number, today=clock.today()) if number else None
    who = Who(row.text("student_number"), number, row.text("name"))
    if fault:
        return [RowError("id_number", fault)]
    if not number and not who.student_number:
        return [RowError("student_number", NO_STUDENT)]
    return who


def find_students(
    session: Session, organisation_id: int | None, rows: Iterable[Who]
) -> list[Known | str]:
    """Return the student that each row means, or the msgid of why there is none.

    Of several intakes of one person the latest counts. Names are compared where a row has one.

    Args:
        session: a session.
        organisation_id: only this school's; None for all.
        rows: how the rows name them.
    """
    asked = [(who, id_index(who.id_number) if who.id_number else b"") for who in rows]
    by_number: dict[str, Student] = {}
    by_index: dict[bytes, Student] = {}
    for some in in_slices(asked):
        numbers = [who.student_number for who, _ in some if who.student_number]
        indexes = [index for _, index in some if index]
        query = (
            select(Student)
            .where(
                ~Student.void,
                or_(Student.student_number.in_(numbers), Student.id_index.in_(indexes)),
            )
            .order_by(Student.intake_year, Student.id)
        )
        if organisation_id is not None:
            query = query.where(Student.organisation_id == organisation_id)
        for student in session.execute(query).scalars():
            by_index[student.id_index] = student
            if student.student_number:
                by_number[student.student_number] = student
    return [_meant(who, by_number.get(who.student_number), by_index.get(i)) for who, i in asked]


def _meant(who: Who, numbered: Student | None, indexed: Student | None) -> Known | str:
    if numbered and indexed and numbered.id_index != indexed.id_index:
        return TWO_STUDENTS
    found = numbered or indexed
    if found is None:
        return NOT_ON_ROLL
    name = open_column(found, "name")
    if who.name and who.name != name:
        return OTHER_NAME
    return Known(found.id, name)
