"""Reads of students."""

from jobfair.school.queries.intake import IntakeRow, intake_rows
from jobfair.school.queries.lines import (
    StudentDetail,
    find_student,
    student_of_event,
)
from jobfair.school.queries.listing import (
    SORTS,
    StudentFilter,
    StudentRow,
    count_students,
    find_by_text,
    intake_years,
    list_students,
    majors,
    only_school,
    schools,
)

__all__ = [
    "SORTS",
    "IntakeRow",
    "StudentDetail",
    "StudentFilter",
    "StudentRow",
    "count_students",
    "find_by_text",
    "find_student",
    "intake_rows",
    "intake_years",
    "list_students",
    "majors",
    "only_school",
    "schools",
    "student_of_event",
]
