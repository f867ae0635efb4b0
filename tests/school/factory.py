"""Students for tests, made by the real verbs."""

from dataclasses import replace
from datetime import date
from typing import Any

from jobfair.kit.db import Database
from jobfair.kit.events.rules import Recorder
from jobfair.school import services
from jobfair.school.rules.drafts import StudentDraft
from jobfair.seekers.rules.identity import IdNumber
from tests.planted import person

BORN = date(1994, 5, 17)


def draft(n: int, **changes: Any) -> StudentDraft:
    """Return the n-th applicant, complete, entering in September 2010."""
    who = person(n, born=BORN, division="520521")
    made = StudentDraft(
        name=who.name,
        id_number=IdNumber.parse(who.id_number, today=date(2010, 9, 1)),
        home_division="520521",
        intake_year=2010,
        applied_on=date(2010, 6, 1),
        enrolled_on=date(2010, 9, 8),
        major="模具制造",
        student_number=f"S2010{n:04d}",
        phone=who.phone,
        household_category="registered_poor",
        guardian_consent_on=date(2010, 5, 30),
        education="71",
    )
    return replace(made, **changes)


def make_student(database: Database, organisation_id: int, n: int, **changes: Any) -> int:
    """Admit a student and return the id."""
    with database.writing() as session:
        answer = services.admit_students(
            session, organisation_id, [draft(n, **changes)], Recorder()
        )[0]
    if answer.student_id is None:
        raise AssertionError(answer)
    return answer.student_id
