"""A student's line: append a step or a leaving, reverse what was wrong."""

from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from jobfair.kit import audit, clock
from jobfair.kit.errors import NotFound
from jobfair.placements.rules.drafts import Recorder
from jobfair.placements.rules.events import Grade, NotYet
from jobfair.school.models import Student, StudentEventRecord
from jobfair.school.queries.lines import event_of
from jobfair.school.rules.drafts import EnrolledElsewhere
from jobfair.school.rules.events import (
    StudentEvent,
    StudentEventKind,
    check_append,
    check_reversal,
    state_at,
)
from jobfair.school.services.admission import event_row


def append_event(
    session: Session,
    student_id: int,
    kind: StudentEventKind,
    occurred_on: date,
    *,
    recorder: Recorder,
    grade: Grade = Grade.E,
    reason: str = "",
) -> int:
    """Append a step to a student's line and return the event's id.

    Raises:
        NotFound: no such student.
        Refusal: it cannot have happened; the message says what is missing.
    """
    if occurred_on > clock.today():
        raise NotYet
    student = _lock(session, student_id)
    line = _line(session, student_id)
    at = clock.now()
    newest = max((event.id for event in line), default=0) + 1
    told = StudentEvent(newest, kind, occurred_on, at, grade=grade, reason=reason)
    check_append(line, told)
    row = event_row(student_id, kind, occurred_on, None, recorder=recorder, at=at)
    row |= {"evidence_grade": grade, "reason": reason}
    event_id = session.execute(
        insert(StudentEventRecord).returning(StudentEventRecord.id), [row]
    ).scalar_one()
    _refresh(session, student, [*line, told])
    audit.record(
        session,
        f"student.{kind}",
        subject="student",
        subject_id=student_id,
        detail={"event": event_id, "grade": str(grade)},
    )
    return event_id


def reverse_event(session: Session, event_id: int, reason: str, recorder: Recorder) -> int:
    """Take an event back by appending a reversal, and return the student's id.

    Raises:
        NotFound: no such event.
        Refusal: no reason, reversed before, or later events stand on it.
    """
    found = session.get(StudentEventRecord, event_id)
    if found is None:
        raise NotFound
    student = _lock(session, found.student_id)
    line = _line(session, student.id)
    check_reversal(line, event_id, reason)
    at = clock.now()
    told = StudentEvent(
        max(event.id for event in line) + 1,
        StudentEventKind.REVERSAL,
        clock.today(),
        at,
        reverses=event_id,
        reason=reason,
    )
    row = event_row(
        student.id, StudentEventKind.REVERSAL, clock.today(), None, recorder=recorder, at=at
    )
    session.execute(
        insert(StudentEventRecord), [row | {"reverses_id": event_id, "reason": reason.strip()}]
    )
    _refresh(session, student, [*line, told])
    audit.record(
        session,
        "student.reverse",
        subject="student",
        subject_id=student.id,
        detail={"event": event_id, "kind": found.kind},
    )
    return student.id


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


def _line(session: Session, student_id: int) -> list[StudentEvent]:
    rows = session.execute(
        select(StudentEventRecord).where(StudentEventRecord.student_id == student_id)
    ).scalars()
    return [event_of(row) for row in rows]


def _refresh(session: Session, student: Student, line: list[StudentEvent]) -> None:
    """Repeat in the student's row what the events now say.

    Raises:
        EnrolledElsewhere: the place would be taken again, but the person has another by now.
    """
    state = state_at(line)
    open_again = state.left_on is None and state.stage is not None
    if open_again and (student.left_on is not None or student.void):
        other = session.execute(
            select(Student.id).where(
                Student.id_index == student.id_index,
                Student.id != student.id,
                Student.left_on.is_(None),
                ~Student.void,
            )
        ).first()
        if other is not None:
            raise EnrolledElsewhere(school="–")
    student.enrolled_on, student.left_on = state.enrolled_on, state.left_on
    student.void = state.stage is None
    session.flush()
