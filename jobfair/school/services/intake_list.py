"""Taking in a school's intake list from a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from jobfair.kit import clock
from jobfair.kit.events.rules import Recorder
from jobfair.kit.i18n import N_, translate
from jobfair.kit.sheets.headers import FieldSpec
from jobfair.kit.sheets.importing import ImportSpec
from jobfair.kit.sheets.rows import Outcome, RowError, SheetRow
from jobfair.kit.values.kinds import Kind
from jobfair.school.rules import reading
from jobfair.school.rules.drafts import OPEN_NAMES, Admitted, Open, Result, StudentDraft
from jobfair.school.services.admission import admit_students
from jobfair.seekers.rules import reading as people
from jobfair.seekers.rules.identity import age_on

_PERSON = {
    "name": N_("Name"),
    "id_number": N_("ID number"),
    "phone": N_("Phone"),
    "division_code": N_("Division code"),
    "county": N_("Home county"),
    "township": N_("Home township"),
    "address": N_("Home address"),
    "sex": N_("Sex"),
    "education": N_("Education"),
    "household_category": N_("Household category"),
}
# The lists of schools write some of these their own way.
_MORE = {
    "county": ("行政区", "生源地", "户籍地", "户籍所在地"),
    "address": ("住址",),
    "name": ("学生姓名",),
    "education": ("毕业证", "毕业学校类型"),
    "household_category": people.HEADERS["exit_state"],
}
_SCHOOL = {
    "intake_year": N_("Intake year"),
    "applied_on": N_("Day of the application"),
    "enrolled_on": N_("Day of entry"),
    "major": N_("Major"),
    "level": N_("Level"),
    "school_class": N_("Class"),
    "student_number": N_("Student number"),
    "guardian_consent_on": N_("Guardian's consent on"),
    "category_valid_until": N_("Proof of the category valid until"),
}
_KINDS = {"id_number": Kind.ID_NUMBER, "phone": Kind.PHONE, "name": Kind.NAME}
_REQUIRED = frozenset({"name", "id_number", "major"})
FIELDS = tuple(
    FieldSpec(
        name,
        title,
        aliases=(*people.HEADERS[name], *_MORE.get(name, ())),
        required=name in _REQUIRED,
        kind=_KINDS.get(name),
    )
    for name, title in _PERSON.items()
) + tuple(
    FieldSpec(
        name,
        title,
        aliases=reading.HEADERS[name],
        required=name in _REQUIRED,
    )
    for name, title in _SCHOOL.items()
)


@dataclass(frozen=True, slots=True)
class IntakeRow:
    """A row that was understood, and what is to be told about it."""

    draft: StudentDraft
    notes: tuple[str, ...]


def intake_spec(
    places: people.Places,
    organisation_id: int,
    recorder: Recorder,
    *,
    year: int | None = None,
) -> ImportSpec[IntakeRow]:
    """Return the import of one school's intake lists.

    Args:
        places: how places are found.
        organisation_id: the school.
        recorder: who tells.
        year: intake year, where a row does not say it; else the year of entry.
    """

    def parse(row: SheetRow) -> IntakeRow | list[RowError]:
        return read_intake_row({f.name: row.text(f.name) for f in FIELDS}, places, year=year)

    def apply(session: Session, rows: list[IntakeRow]) -> list[Outcome]:
        drafts = [row.draft for row in rows]
        answers = admit_students(session, organisation_id, drafts, recorder)
        return [_answer(answer, row.notes) for answer, row in zip(answers, rows, strict=True)]

    return ImportSpec("students", FIELDS, parse, apply)


def read_intake_row(
    cells: Mapping[str, str], places: people.Places, *, year: int | None
) -> IntakeRow | list[RowError]:
    """Return what a row tells, or everything that is wrong with it."""
    person = people.read_row({name: cells[name] for name in _PERSON}, places, today=clock.today())
    wrong = [RowError(None, fault) for fault in person.faults]
    if not cells["major"]:
        wrong.append(RowError("major", reading.NO_MAJOR))
    said: dict[str, Any] = {}
    for name in ("applied_on", "enrolled_on", "guardian_consent_on", "category_valid_until"):
        try:
            said[name] = reading.read_exact(cells[name])
        except ValueError as fault:
            wrong.append(RowError(name, str(fault)))
    entry = said.get("applied_on") or said.get("enrolled_on")
    try:
        intake = reading.read_year(cells["intake_year"], otherwise=year)
    except ValueError as fault:
        intake = None
        wrong.append(RowError("intake_year", str(fault)))
    if entry is None and not wrong:
        wrong.append(RowError("applied_on", reading.NO_DAY))
    draft = person.draft
    if wrong or draft is None or entry is None:
        return wrong
    student = StudentDraft(
        name=draft.name,
        id_number=draft.id_number,
        home_division=draft.home_division,
        intake_year=intake or (said["enrolled_on"] or entry).year,
        applied_on=entry,
        enrolled_on=said["enrolled_on"],
        major=cells["major"][:100],
        level=reading.read_level(cells["level"]),
        school_class=cells["school_class"][:60],
        student_number=cells["student_number"][:40] or None,
        phone=draft.phone,
        address=draft.address,
        household_category=draft.household_category,
        category_valid_until=said["category_valid_until"],
        guardian_consent_on=said["guardian_consent_on"],
        education=draft.education,
        source="list",
    )
    late = age_on(draft.id_number.birth_date, entry) > reading.USUAL_AGE
    return IntakeRow(student, (*person.notes, *([reading.LATE] if late else ())))


def _answer(answer: Admitted, notes: tuple[str, ...]) -> Outcome:
    if answer.refusal is not None:
        return Outcome("refused", translate(answer.refusal.message, **answer.refusal.params))
    waiting = {Open.GUARDIAN, Open.EDUCATION, Open.ENTRY_DAY} & set(answer.open)
    if answer.result is Result.CREATED and waiting:
        return Outcome(
            "draft", " ".join(translate(OPEN_NAMES[name]) for name in sorted(waiting)), notes
        )
    return Outcome(str(answer.result), notes=notes)
