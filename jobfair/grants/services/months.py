"""Taking in a school's monthly reports: days of school and the dormitory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, select, tuple_
from sqlalchemy.orm import Session

from jobfair.grants.models import StatementOpening, StudentMonth
from jobfair.grants.rules.reading import MONTH_HEADERS, WHO_HEADERS, MonthDraft, read_month
from jobfair.grants.services.students import Who, find_students, read_row
from jobfair.kit import audit, clock
from jobfair.kit.bulk import in_slices, insert_new, insert_rows
from jobfair.kit.events.rules import Recorder
from jobfair.kit.i18n import N_
from jobfair.kit.sheets.headers import FieldSpec
from jobfair.kit.sheets.importing import ImportSpec
from jobfair.kit.sheets.rows import Outcome, RowError, SheetRow

_TITLES = {
    "student_number": N_("Student number"),
    "id_number": N_("ID number"),
    "name": N_("Name"),
    "month": N_("Month"),
    "days_due": N_("Days due"),
    "days_present": N_("Days present"),
    "room": N_("Dormitory room"),
}
FIELDS = tuple(
    FieldSpec(name, _TITLES[name], aliases=aliases)
    for name, aliases in {**WHO_HEADERS, **MONTH_HEADERS}.items()
)


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A row that was understood: whom it means and the month."""

    who: Who
    draft: MonthDraft


def months_spec(organisation_id: int | None, recorder: Recorder) -> ImportSpec[MonthRow]:
    """Return the import of monthly reports.

    Args:
        organisation_id: only students of this school; None for all.
        recorder: who takes it in.
    """

    def parse(row: SheetRow) -> MonthRow | list[RowError]:
        read = read_row(row, MONTH_HEADERS, read_month)
        return read if isinstance(read, list) else MonthRow(*read)

    def apply(session: Session, rows: list[MonthRow]) -> list[Outcome]:
        return keep_months(session, organisation_id, rows, recorder)

    return ImportSpec("student-months", FIELDS, parse, apply)


def keep_months(
    session: Session, organisation_id: int | None, rows: Sequence[MonthRow], recorder: Recorder
) -> list[Outcome]:
    """Keep months; what is told later of the same month takes the place of what was told before."""
    students = find_students(session, organisation_id, [row.who for row in rows])
    pairs = [
        (student.id, row.draft.month)
        for student, row in zip(students, rows, strict=True)
        if not isinstance(student, str)
    ]
    there = _there(session, pairs)
    outcomes: list[Outcome] = []
    new: dict[tuple[int, date], dict[str, Any]] = {}
    changed = 0
    for student, row in zip(students, rows, strict=True):
        if isinstance(student, str):
            outcomes.append(Outcome("refused", student))
            continue
        key = student.id, row.draft.month
        said = {
            "days_due": row.draft.days_due,
            "days_present": row.draft.days_present,
            "room": row.draft.room,
        }
        known = there.get(key)
        if known is None:
            told = {"recorded_at": clock.now(), "recorded_by": recorder.user_id}
            outcomes.append(Outcome("unchanged" if key in new else "created"))
            new[key] = {"student_id": student.id, "month": row.draft.month} | said | told
        elif {name: getattr(known, name) for name in said} == said:
            outcomes.append(Outcome("unchanged"))
        else:
            for name, value in said.items():
                setattr(known, name, value)
            known.recorded_at, known.recorded_by = clock.now(), recorder.user_id
            changed += 1
            outcomes.append(Outcome("updated"))
    insert_rows(session, cast(Table, StudentMonth.__table__), list(new.values()))
    if new or changed:
        detail = {"new": len(new), "changed": changed}
        audit.record(session, "student_month.record", subject="student_month", detail=detail)
    return outcomes


def note_opening(session: Session, student_id: int) -> None:
    """Note the day on which a student first said to have looked at the statement."""
    row = {"student_id": student_id, "opened_on": clock.today()}
    if insert_new(session, cast(Table, StatementOpening.__table__), [row]):
        audit.record(session, "statement.open", subject="student", subject_id=student_id)


def _there(
    session: Session, pairs: Sequence[tuple[int, date]]
) -> dict[tuple[int, date], StudentMonth]:
    columns = (StudentMonth.student_id, StudentMonth.month)
    found: dict[tuple[int, date], StudentMonth] = {}
    for some in in_slices(sorted(set(pairs))):
        query = select(StudentMonth).where(tuple_(*columns).in_(some)).with_for_update()
        for one in session.execute(query).scalars():
            found[one.student_id, one.month] = one
    return found
