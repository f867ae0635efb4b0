"""Taking in students: one from a form, or a whole intake list, by the same rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, select, update
from sqlalchemy.orm import Session

from jobfair.accounts.models import Organisation
from jobfair.kit import audit, clock, crypto
from jobfair.kit.bulk import in_slices, insert_keyed, insert_rows
from jobfair.kit.errors import Refusal
from jobfair.kit.events.rules import Fact, Recorder, check_happened, told_next
from jobfair.kit.events.services import event_row
from jobfair.kit.ids import new_key
from jobfair.school.models import Student, StudentEventRecord
from jobfair.school.queries import sealed
from jobfair.school.queries.lines import EVENTS
from jobfair.school.rules.drafts import (
    Admitted,
    EnrolledElsewhere,
    NumberTaken,
    Result,
    StudentDraft,
)
from jobfair.school.rules.events import LINE, StudentEventKind
from jobfair.seekers.rules.identity import IdNumber
from jobfair.seekers.rules.searching import tidy_name

# A plain table: the unit of work would split rows by which columns are empty.
_STUDENTS = cast(Table, Student.__table__)
_EVENTS = cast(Table, StudentEventRecord.__table__)


@dataclass(frozen=True, slots=True)
class _Place:
    """A place on record, or given earlier in this batch; the id is None for those."""

    student_id: int | None
    key: str
    organisation_id: int
    year: int
    mark: bytes
    student_number: str | None
    enrolled_on: date | None
    left_on: date | None
    void: bool


@dataclass(slots=True)
class _Batch:
    places: dict[bytes, list[_Place]]
    numbers: dict[str, bytes]
    schools: dict[int, str]


@dataclass(frozen=True, slots=True)
class _Accepted:
    place: int
    draft: StudentDraft
    index: bytes
    mark: bytes
    key: str


@dataclass(frozen=True, slots=True)
class _Changed:
    place: int
    student_id: int
    key: str
    draft: StudentDraft
    mark: bytes


def admit_students(
    session: Session,
    organisation_id: int,
    drafts: Sequence[StudentDraft],
    recorder: Recorder,
) -> list[Admitted]:
    """Take in many applicants of one school and return the answers in order.

    The same person in the same intake year is the same student: an identical draft changes
    nothing, another one updates the record and appends the steps it adds.
    """
    at = clock.now()
    indexes = [sealed.id_index(draft.id_number.text) for draft in drafts]
    batch = _look_up(session, organisation_id, indexes)
    answers: dict[int, Admitted] = {}
    accepted: list[_Accepted] = []
    changed: list[_Changed] = []
    for place, (draft, index) in enumerate(zip(drafts, indexes, strict=True)):
        try:
            draft.check()
            _check_days(draft, at)
            mark = _mark(draft)
            known = _known(batch, organisation_id, draft, index)
            _check_number(batch, draft, index)
            if known is None:
                accepted.append(_Accepted(place, draft, index, mark, new_key()))
            else:
                answers[place] = _meet_again(known, place, draft, mark, changed)
            _remember(batch, organisation_id, draft, index, mark)
        except Refusal as refusal:
            answers[place] = Admitted(Result.REFUSED, refusal=refusal)
    ids = _insert(session, organisation_id, accepted, recorder, at)
    answers |= _update(session, changed, recorder, at)
    for item in accepted:
        answers[item.place] = Admitted(Result.CREATED, ids[item.key], open=item.draft.open())
    if accepted or changed:
        subject_id = next(iter(ids.values())) if len(drafts) == 1 and ids else None
        audit.record(
            session,
            "student.admit",
            subject="student",
            subject_id=subject_id,
            detail=_count(answers.values()) | {"organisation": organisation_id},
        )
    return [answers[place] for place in range(len(drafts))]


def _count(answers: Iterable[Admitted]) -> dict[str, int]:
    counts = dict.fromkeys((str(r) for r in Result), 0)
    for answer in answers:
        counts[answer.result] += 1
    return counts


def _look_up(session: Session, organisation_id: int, indexes: Sequence[bytes]) -> _Batch:
    places: dict[bytes, list[_Place]] = {}
    for block in in_slices(sorted(set(indexes))):
        for student in session.execute(
            select(Student).where(Student.id_index.in_(block))
        ).scalars():
            places.setdefault(student.id_index, []).append(_place(student))
    numbers = session.execute(
        select(Student.student_number, Student.id_index).where(
            Student.organisation_id == organisation_id, Student.student_number.is_not(None)
        )
    )
    schools = {p.organisation_id for own in places.values() for p in own}
    names = session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(schools))
    )
    return _Batch(
        places, {row[0]: row[1] for row in numbers if row[0]}, {row[0]: row[1] for row in names}
    )


def _place(student: Student) -> _Place:
    return _Place(
        student.id,
        student.key,
        student.organisation_id,
        student.intake_year,
        student.file_mark,
        student.student_number,
        student.enrolled_on,
        student.left_on,
        student.void,
    )


def _known(batch: _Batch, organisation_id: int, draft: StudentDraft, index: bytes) -> _Place | None:
    same: _Place | None = None
    for place in batch.places.get(index, ()):
        if (place.organisation_id, place.year) == (organisation_id, draft.intake_year):
            same = place
        elif place.left_on is None and not place.void:
            raise EnrolledElsewhere(school=batch.schools.get(place.organisation_id, "–"))
    return same


def _check_number(batch: _Batch, draft: StudentDraft, index: bytes) -> None:
    if draft.student_number and batch.numbers.get(draft.student_number, index) != index:
        raise NumberTaken


def _check_days(draft: StudentDraft, at: datetime) -> None:
    for fact in draft.facts():
        check_happened(fact.occurred_on, at)


def _meet_again(
    known: _Place, place: int, draft: StudentDraft, mark: bytes, changed: list[_Changed]
) -> Admitted:
    if known.student_id is None or known.mark == mark or known.void:
        return Admitted(Result.UNCHANGED, known.student_id, open=draft.open())
    changed.append(_Changed(place, known.student_id, known.key, draft, mark))
    return Admitted(Result.UPDATED, known.student_id, open=draft.open())


def _remember(
    batch: _Batch, organisation_id: int, draft: StudentDraft, index: bytes, mark: bytes
) -> None:
    if draft.student_number:
        batch.numbers[draft.student_number] = index
    own = batch.places.setdefault(index, [])
    if not any(p.organisation_id == organisation_id and p.year == draft.intake_year for p in own):
        new = _Place(None, "", organisation_id, draft.intake_year, mark, None, None, None, False)
        own.append(new)


def _mark(draft: StudentDraft) -> bytes:
    """Return the keyed digest of all a draft says; personal, so never stored plainly."""
    said = "\x1f".join(
        value.text if isinstance(value, IdNumber) else repr(value)
        for value in (getattr(draft, f.name) for f in fields(StudentDraft))
    )
    return crypto.vault().index(said, field="student.file_mark")


def _sealed(text: str | None, column: str, key: str) -> bytes | None:
    return crypto.vault().seal(text, table="student", column=column, row=key) if text else None


def _columns(draft: StudentDraft, key: str, mark: bytes) -> dict[str, Any]:
    """Return the columns that a later draft may change, too."""
    return {
        "name_sealed": _sealed(draft.name, "name", key),
        "name_index": sealed.name_index(tidy_name(draft.name)),
        "initials_index": sealed.initials_of(draft.name),
        "id_last4_index": sealed.last4_index(draft.id_number.text, draft.home_division),
        "phone_sealed": _sealed(draft.phone, "phone", key),
        "address_sealed": _sealed(draft.address, "address", key),
        "home_division": draft.home_division,
        "household_category": draft.household_category,
        "category_valid_until": draft.category_valid_until,
        "guardian_consent_on": draft.guardian_consent_on,
        "education": draft.education,
        "major": draft.major,
        "level": draft.level,
        "school_class": draft.school_class,
        "student_number": draft.student_number or None,
        "file_mark": mark,
    }


def _insert(
    session: Session,
    organisation_id: int,
    accepted: Sequence[_Accepted],
    recorder: Recorder,
    at: datetime,
) -> dict[str, int]:
    if not accepted:
        return {}
    rows = [
        _columns(item.draft, item.key, item.mark)
        | {
            "key": item.key,
            "organisation_id": organisation_id,
            "intake_year": item.draft.intake_year,
            "id_number_sealed": _sealed(item.draft.id_number.text, "id_number", item.key),
            "id_index": item.index,
            "birth_date": item.draft.id_number.birth_date,
            "sex": item.draft.id_number.sex,
            "applied_on": item.draft.applied_on,
            "enrolled_on": _entry(item.draft.facts()),
            "left_on": None,
            "void": False,
            "source": item.draft.source,
            "created_at": at,
            "created_by": recorder.user_id,
        }
        for item in accepted
    ]
    ids = insert_keyed(session, _STUDENTS, rows)
    events = [
        event_row(fact, recorder, at, source=item.draft.source) | {"student_id": ids[item.key]}
        for item in accepted
        for fact in item.draft.facts()
    ]
    insert_rows(session, _EVENTS, events)
    return ids


def _entry(facts: Iterable[Fact[StudentEventKind]]) -> date | None:
    return next((f.occurred_on for f in facts if f.kind is StudentEventKind.ENROLLED), None)


def _update(
    session: Session, changed: Sequence[_Changed], recorder: Recorder, at: datetime
) -> dict[int, Admitted]:
    """Lay drafts over their records and append the steps that they add; none is taken back.

    Returns the answers that are refusals after all: a step that cannot follow what is recorded.
    """
    refused: dict[int, Admitted] = {}
    if not changed:
        return refused
    lines = EVENTS.lines(session, [item.student_id for item in changed])
    events: list[dict[str, Any]] = []
    for item in changed:
        recorded = lines.get(item.student_id, [])
        known = LINE.visible(recorded)
        kinds = {event.kind for event in known}
        new = [fact for fact in item.draft.facts() if fact.kind not in kinds]
        if LINE.fold(known).left_on is not None:
            new = []
        try:
            for fact in new:
                told = told_next(recorded, fact, at)
                LINE.check_append(recorded, told)
                recorded.append(told)
        except Refusal as refusal:
            refused[item.place] = Admitted(Result.REFUSED, item.student_id, refusal=refusal)
            continue
        columns = _columns(item.draft, item.key, item.mark)
        said = {name: value for name, value in columns.items() if value not in {None, ""}}
        said |= {"enrolled_on": day} if (day := _entry(new)) else {}
        session.execute(update(Student).where(Student.id == item.student_id).values(**said))
        events += [
            event_row(fact, recorder, at, source=item.draft.source)
            | {"student_id": item.student_id}
            for fact in new
        ]
    insert_rows(session, _EVENTS, events)
    return refused
