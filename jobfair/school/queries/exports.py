"""Exports of labour, students left out: work begun while on a school's roll is no export (C11)."""

from collections import defaultdict
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.kit.crypto import vault
from jobfair.placements.models import Placement
from jobfair.placements.queries.exports import ExportedRow, exported_rows
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


def student_placements(
    session: Session, *, as_of: date, known_at: datetime | None = None
) -> frozenset[int]:
    """Return the export placements that began while their person was on a school's roll.

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
            Seeker.id_index,
        )
        .select_from(Placement)
        .join(Seeker, Seeker.id == Placement.seeker_id)
        .join(Student, (Student.birth_date == Seeker.birth_date) & (Student.sex == Seeker.sex))
        .where(
            Placement.export,
            Placement.started_on.is_not(None),
            Placement.started_on >= Student.applied_on,
        )
    ).all()
    numbers = {row.id: (row.key, row.id_number_sealed) for row in pairs}
    indexes = {
        student: seekers_sealed.id_index(
            vault().open(sealed, table="student", column="id_number", row=key)
        )
        for student, (key, sealed) in numbers.items()
    }
    own: dict[int, list[tuple[int, date]]] = defaultdict(list)
    for row in pairs:
        if bytes(row.id_index) == indexes[row.id]:
            own[row.id].append((row.placement, row.started_on))
    lines = EVENTS.lines(session, list(own))
    found: set[int] = set()
    for student, placements in own.items():
        state = LINE.state_at(lines.get(student, ()), as_of=as_of, known_at=known_at)
        entered, left = state.enrolled_on, state.left_on
        if entered is not None:
            found.update(
                placement
                for placement, started in placements
                if entered <= started and (left is None or started < left)
            )
    return frozenset(found)
