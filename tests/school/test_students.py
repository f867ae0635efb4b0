"""Admission, the line of a student, and the intake's figures, on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.events.rules import AlreadyHappened, Fact, NotYet, OthersDepend, Recorder
from jobfair.school import queries, services
from jobfair.school.rules.drafts import (
    Admitted,
    CertificateMissing,
    CertificateNotStated,
    EnrolledElsewhere,
    EntryBeforeApplication,
    GuardianMissing,
    NumberTaken,
    Open,
    Result,
    StudentDraft,
    TooYoungToEnter,
)
from jobfair.school.rules.events import (
    AlreadyLeft,
    StepMissing,
    StudentEventKind,
    StudentStage,
)
from jobfair.seekers.rules.duplicates import initials
from tests.accounts.factory import make_organisation
from tests.planted import person
from tests.school.factory import draft, make_student

D = date


@pytest.fixture
def school(database: Database) -> int:
    return make_organisation(database, kind="school", division="4403", name="深圳某技工学校")


def admit(database: Database, school: int, *drafts: StudentDraft) -> list[Admitted]:
    with database.writing() as session:
        return services.admit_students(session, school, drafts, Recorder())


def stage(database: Database, student_id: int) -> StudentStage | None:
    with database.reading() as session:
        found = queries.find_student(session, student_id)
    assert found is not None
    return found.state.stage


def test_a_complete_applicant_is_enrolled_and_masked(database: Database, school: int) -> None:
    student = make_student(database, school, 1)
    with database.reading() as session:
        found = queries.find_student(session, student)
        full = queries.find_student(session, student, unmasked=True)
    assert found is not None
    assert full is not None
    assert found.state.stage is StudentStage.ENROLLED
    assert found.needy
    kinds = [row.event.kind for row in found.events]
    assert kinds == ["applied", "eligibility_checked", "admitted", "enrolled"]
    assert "*" in found.name
    assert full.name == person(1).name


@pytest.mark.parametrize(
    ("changes", "open_", "reached"),
    [
        ({"guardian_consent_on": None}, Open.GUARDIAN, StudentStage.APPLIED),
        ({"education": None}, Open.EDUCATION, StudentStage.APPLIED),
        ({"enrolled_on": None}, Open.ENTRY_DAY, StudentStage.ADMITTED),
        ({"category_valid_until": D(2010, 5, 1)}, Open.PROOF, StudentStage.ENROLLED),
    ],
)
def test_what_is_missing_is_said_and_the_student_kept(
    database: Database,
    school: int,
    changes: dict[str, object],
    open_: Open,
    reached: StudentStage,
) -> None:
    (answer,) = admit(database, school, draft(1, **changes))
    assert answer.open == (open_,)
    assert answer.student_id is not None
    assert stage(database, answer.student_id) is reached


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"enrolled_on": D(2009, 5, 16), "applied_on": D(2009, 5, 16)}, TooYoungToEnter),
        ({"education": "81"}, CertificateMissing),
        ({"enrolled_on": D(2010, 5, 1)}, EntryBeforeApplication),
        ({"enrolled_on": clock.today() + timedelta(days=1)}, NotYet),
    ],
)
def test_who_is_refused(
    database: Database, school: int, changes: dict[str, object], refusal: type[Exception]
) -> None:
    (answer,) = admit(database, school, draft(1, **changes))
    assert isinstance(answer.refusal, refusal)
    with database.reading() as session:
        assert queries.count_students(session, queries.StudentFilter()) == 0


def test_nobody_has_a_place_in_two_schools(database: Database, school: int) -> None:
    student = make_student(database, school, 1)
    other = make_organisation(database, kind="school", division="4403", name="另一所学校")
    (answer,) = admit(database, other, draft(1))
    assert isinstance(answer.refusal, EnrolledElsewhere)
    assert answer.refusal.params == {"school": "深圳某技工学校"}
    with database.writing() as session:
        left = services.append_event(
            session, student, Fact(StudentEventKind.TRANSFERRED, D(2010, 11, 1)), Recorder()
        )
    make_student(database, other, 1, applied_on=D(2010, 11, 2), enrolled_on=D(2010, 11, 2))
    with pytest.raises(EnrolledElsewhere), database.writing() as session:
        services.reverse_event(session, left, "wrong person", Recorder())


def test_a_student_number_belongs_to_one(database: Database, school: int) -> None:
    make_student(database, school, 1)
    (answer,) = admit(database, school, draft(2, student_number="S20100001"))
    assert isinstance(answer.refusal, NumberTaken)


def test_the_same_list_again_changes_nothing(database: Database, school: int) -> None:
    drafts = [draft(n) for n in range(3)]
    assert [a.result for a in admit(database, school, *drafts)] == [Result.CREATED] * 3
    assert [a.result for a in admit(database, school, *drafts)] == [Result.UNCHANGED] * 3


def test_a_later_list_fills_in_what_was_missing(database: Database, school: int) -> None:
    (first,) = admit(database, school, draft(1, guardian_consent_on=None, school_class="甲班"))
    (second,) = admit(database, school, draft(1, phone=None))
    assert second.result is Result.UPDATED
    assert second.student_id == first.student_id
    assert first.student_id is not None
    assert stage(database, first.student_id) is StudentStage.ENROLLED
    with database.reading() as session:
        found = queries.find_student(session, first.student_id, unmasked=True)
    assert found is not None
    assert (found.school_class, found.phone) == ("甲班", person(1).phone)


def test_a_line_goes_step_by_step_and_is_reversed_from_its_end(
    database: Database, school: int
) -> None:
    student = make_student(database, school, 1, enrolled_on=None)
    with database.reading() as session:
        found = queries.find_student(session, student)
    assert found is not None
    for row in reversed(found.events[1:]):
        with database.writing() as session:
            services.reverse_event(session, row.event.id, "another day", Recorder())

    def append(kind: StudentEventKind, day: date) -> int:
        with database.writing() as session:
            return services.append_event(session, student, Fact(kind, day), Recorder())

    with pytest.raises(StepMissing):
        append(StudentEventKind.ENROLLED, D(2010, 9, 8))
    with pytest.raises(AlreadyHappened):
        append(StudentEventKind.APPLIED, D(2010, 6, 2))
    checked = append(StudentEventKind.ELIGIBILITY_CHECKED, D(2010, 7, 1))
    append(StudentEventKind.ADMITTED, D(2010, 7, 1))
    append(StudentEventKind.TRAVELLED, D(2010, 9, 7))
    append(StudentEventKind.ENROLLED, D(2010, 9, 8))
    left = append(StudentEventKind.WITHDRAWN, D(2010, 9, 20))
    assert stage(database, student) is StudentStage.LEFT
    with pytest.raises(AlreadyLeft):
        append(StudentEventKind.EXPELLED, D(2010, 10, 1))
    with pytest.raises(OthersDepend), database.writing() as session:
        services.reverse_event(session, checked, "wrong", Recorder())
    with database.writing() as session:
        services.reverse_event(session, left, "came back the next day", Recorder())
    assert stage(database, student) is StudentStage.ENROLLED


def test_eligibility_needs_the_papers_and_entry_the_age(database: Database, school: int) -> None:
    def append(student: int, kind: StudentEventKind, day: date) -> None:
        with database.writing() as session:
            services.append_event(session, student, Fact(kind, day), Recorder())

    for n, (missing, refusal) in enumerate(
        [("guardian_consent_on", GuardianMissing), ("education", CertificateNotStated)]
    ):
        (answer,) = admit(database, school, draft(n, **{missing: None}))
        assert answer.student_id is not None
        with pytest.raises(refusal):
            append(answer.student_id, StudentEventKind.ELIGIBILITY_CHECKED, D(2010, 6, 2))
    early = make_student(
        database,
        school,
        3,
        applied_on=D(2009, 5, 17),
        guardian_consent_on=D(2009, 5, 1),
        enrolled_on=None,
    )
    assert stage(database, early) is StudentStage.ADMITTED
    append(early, StudentEventKind.ENROLLED, D(2009, 5, 18))


def test_a_later_list_that_contradicts_the_line_is_refused(database: Database, school: int) -> None:
    student = make_student(database, school, 1, enrolled_on=None)
    with database.reading() as session:
        found = queries.find_student(session, student)
    assert found is not None
    for row in reversed(found.events[1:]):
        with database.writing() as session:
            services.reverse_event(session, row.event.id, "another day", Recorder())
    for kind in (StudentEventKind.ELIGIBILITY_CHECKED, StudentEventKind.ADMITTED):
        with database.writing() as session:
            services.append_event(session, student, Fact(kind, D(2010, 9, 10)), Recorder())
    (answer,) = admit(database, school, draft(1, enrolled_on=D(2010, 9, 8)))
    assert isinstance(answer.refusal, StepMissing)
    assert stage(database, student) is StudentStage.ADMITTED


def test_events_are_never_changed(database: Database, school: int) -> None:
    make_student(database, school, 1)
    for statement in ("UPDATE student_event SET reason = 'x'", "DELETE FROM student_event"):
        with pytest.raises(DatabaseError, match="append-only"), database.writing() as session:
            session.execute(text(statement))


def test_the_intake_as_of_and_known_at(database: Database, school: int) -> None:
    make_student(database, school, 1)
    early = make_student(database, school, 2, home_division="440306", major="电子技术")
    before = clock.now()
    with database.writing() as session:
        services.append_event(
            session, early, Fact(StudentEventKind.WITHDRAWN, D(2010, 9, 20)), Recorder()
        )

    def rows(**more: object) -> list[queries.IntakeRow]:
        with database.reading() as session:
            asked = {"year": 2010, "as_of": D(2010, 12, 31)} | more
            return queries.intake_rows(session, **asked)  # type: ignore[arg-type]

    assert [(r.province, r.county, r.still_on_roll) for r in rows()] == [
        ("52", "520521", True),
        ("44", "440306", False),
    ]
    assert [r.still_on_roll for r in rows(known_at=before)] == [True, True]
    assert rows(as_of=D(2010, 9, 7)) == []
    assert rows(year=2011) == []
    assert rows(organisation_id=school + 1) == []
    assert rows(known_at=datetime(2010, 1, 1, tzinfo=UTC)) == []


def test_students_are_found_by_all_that_a_registrar_may_type(
    database: Database, school: int
) -> None:
    student = make_student(database, school, 1)
    make_student(database, school, 2)
    other = make_organisation(database, kind="school", division="4403", name="另一所学校")
    who = draft(1)
    typed = (who.name, initials(who.name), who.id_number.text, who.id_number.text[-4:], "S20100001")
    with database.reading() as session:
        for sought in typed:
            assert student in queries.find_by_text(session, sought, school), sought
            assert queries.find_by_text(session, sought, other) == ()
        for sought in (who.id_number.text, who.id_number.text[-4:], "S20100001"):
            assert queries.find_by_text(session, sought, None) == (student,)
        assert queries.find_by_text(session, "无此人", None) == ()


def test_students_are_listed_in_the_order_asked_for(database: Database, school: int) -> None:
    first = make_student(database, school, 1, enrolled_on=D(2010, 9, 9))
    second = make_student(database, school, 2, enrolled_on=D(2010, 9, 5))
    waiting = make_student(database, school, 3, enrolled_on=None, applied_on=D(2010, 6, 9))

    def order(sort: str) -> list[int]:
        with database.reading() as session:
            wanted = queries.StudentFilter(sort=sort)
            return [row.id for row in queries.list_students(session, wanted)]

    assert order("entered") == [second, first, waiting]
    assert order("-entered") == [first, second, waiting]
    assert order("-applied")[0] == waiting
    assert order("number") == order("") == [first, second, waiting]
