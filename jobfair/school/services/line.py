"""A student's line: append a step or a leaving, reverse what was wrong."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.accounts.models import Organisation
from jobfair.kit import audit
from jobfair.kit.errors import NotFound
from jobfair.kit.events.rules import Fact, Recorder
from jobfair.kit.events.services import append, reverse
from jobfair.school.models import Student
from jobfair.school.queries.lines import EVENTS
from jobfair.school.rules.drafts import EnrolledElsewhere, Papers
from jobfair.school.rules.events import (
    LINE,
    StudentEventKind,
    StudentState,
    earliest,
)


def append_event(
    session: Session, student_id: int, fact: Fact[StudentEventKind], recorder: Recorder
) -> int:
    """Append a step to a student's line and return the event's id.

    Raises:
        NotFound: no such student.
        Refusal: it cannot have happened; the message says what is missing.
    """
    student = _lock(session, student_id)
    fact = earliest(fact, LINE.state_at(EVENTS.line_of(session, student_id)))
    Papers(student.birth_date, student.guardian_consent_on, student.education).check(fact)
    event_id, state = append(session, EVENTS, fact, recorder, owner={"student_id": student_id})
    _refresh(session, student, state)
    return event_id


def reverse_event(session: Session, event_id: int, reason: str, recorder: Recorder) -> int:
    """Take an event back by appending a reversal, and return the student's id.

    Raises:
        NotFound: no such event.
        Refusal: no reason, reversed before, or later events stand on it.
    """
    student_id = EVENTS.owner_of(session, event_id)
    if student_id is None:
        raise NotFound
    student = _lock(session, student_id)
    state = reverse(session, EVENTS, event_id, reason, recorder, owner={"student_id": student_id})
    _refresh(session, student, state)
    return student_id


def note_unmasked_read(session: Session, student_id: int) -> None:
    """Record that somebody is about to see a student's full data."""
    audit.record(session, "student.unmask", subject="student", subject_id=student_id)


def _lock(session: Session, student_id: int) -> Student:
    student = session.execute(
        select(Student).where(Student.id == student_id).with_for_update()
    ).scalar_one_or_none()
    if student is None:
        raise NotFound
    return student


def _refresh(session: Session, student: Student, state: StudentState) -> None:
    """Repeat in the student's row what the events now say.

    Raises:
        EnrolledElsewhere: the place would be taken again, but the person has another by now.
    """
    open_again = state.left_on is None and state.stage is not None
    if open_again and (student.left_on is not None or student.void):
        other = session.execute(
            select(Organisation.name)
            .join(Student, Student.organisation_id == Organisation.id)
            .where(
                Student.id_index == student.id_index,
                Student.id != student.id,
                Student.left_on.is_(None),
                ~Student.void,
            )
        ).scalar()
        if other is not None:
            raise EnrolledElsewhere(school=other)
    student.enrolled_on, student.left_on = state.enrolled_on, state.left_on
    student.void = state.stage is None
    session.flush()
