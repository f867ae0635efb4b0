"""Exports of labour, students left out: work begun while on a school's roll is no export (C11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.kit.crypto import vault
from jobfair.placements.models import Placement
from jobfair.placements.queries.exports import ExportedRow, exported_rows
from jobfair.placements.rules.counting import overlap
from jobfair.school.models import Student
from jobfair.school.queries.lines import EVENTS
from jobfair.school.rules.events import LINE
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries import sealed as seekers_sealed


def labour_exports(
    session: Session,
    *,
    as_of: date,
    known_at: datetime | None = None,
    division: str | None = None,
    since: date | None = None,
) -> list[ExportedRow]:
    """Return exported labourers as `exported_rows` does, without a school's enrolled students."""
    return exported_rows(
        session,
        as_of=as_of,
        known_at=known_at,
        division=division,
        since=since,
        leaving_out=student_placements(session, as_of=as_of, known_at=known_at),
    )


@dataclass(frozen=True, slots=True)
class StudentAtWork:
    """A student's roll and a placement of the same person.

    Attributes:
        entered: first day on the roll.
        left: last day on it, None while it lasts.
    """

    student_id: int
    placement_id: int
    entered: date
    left: date | None
    started: date
    ended: date | None

    @property
    def began_on_roll(self) -> bool:
        """Whether the work began while the person was on the roll."""
        return self.entered <= self.started and (self.left is None or self.started < self.left)

    @property
    def together(self) -> bool:
        """Whether there are days on which both are on record."""
        return overlap((self.entered, self.left), (self.started, self.ended))


def student_placements(
    session: Session, *, as_of: date, known_at: datetime | None = None
) -> frozenset[int]:
    """Return the placements that began while their person was on a school's roll."""
    found = students_at_work(session, as_of=as_of, known_at=known_at)
    return frozenset(one.placement_id for one in found if one.began_on_roll)


def students_at_work(
    session: Session, *, as_of: date, known_at: datetime | None = None
) -> list[StudentAtWork]:
    """Return each student's placements that reached their post.

    Student and seeker carry the same ID number under different indexes. Birth date and sex, which
    the number holds, narrow the pairs; the number itself decides.
    """
    pairs = session.execute(
        select(
            Student.id,
            Student.key,
            Student.id_number_sealed,
            Placement.id.label("placement"),
            Placement.started_on,
            Placement.ended_on,
            Seeker.id_index,
        )
        .select_from(Placement)
        .join(Seeker, Seeker.id == Placement.seeker_id)
        .join(Student, (Student.birth_date == Seeker.birth_date) & (Student.sex == Seeker.sex))
        .where(
            ~Placement.void,
            Placement.started_on.is_not(None),
            Placement.ended_on.is_(None) | (Placement.ended_on >= Student.applied_on),
        )
        .order_by(Placement.id, Student.id)
    ).all()
    indexes = seeker_indexes({row.id: (row.key, row.id_number_sealed) for row in pairs})
    own = [row for row in pairs if bytes(row.id_index) == indexes[row.id]]
    lines = EVENTS.lines(session, {row.id for row in own})
    found = []
    for row in own:
        state = LINE.state_at(lines.get(row.id, ()), as_of=as_of, known_at=known_at)
        if state.enrolled_on is not None:
            roll = (state.enrolled_on, state.left_on)
            found.append(StudentAtWork(row.id, row.placement, *roll, row.started_on, row.ended_on))
    return found


def seeker_indexes(students: Mapping[int, tuple[str, bytes]]) -> dict[int, bytes]:
    """Return under which index each student's ID number stands in the register, by student.

    Args:
        students: the student's key and sealed ID number.
    """
    return {
        student: seekers_sealed.id_index(
            vault().open(sealed, table="student", column="id_number", row=key)
        )
        for student, (key, sealed) in students.items()
    }
