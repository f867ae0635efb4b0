"""The pages of students, as registrars and others meet them."""

import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.sheets.writing import Column, write_table
from jobfair.school import queries
from jobfair.school.models import Student
from tests.accounts.factory import make_organisation
from tests.planted import person
from tests.school.factory import BORN, make_student

SignIn = Callable[..., FlaskClient]
TOMORROW = (clock.today() + timedelta(days=1)).isoformat()
LEFT = {
    "kind": "withdrawn",
    "occurred_on": "2010-09-20",
    "precision": "day",
    "grade": "C",
    "reason": "",
}


@pytest.fixture
def school(database: Database) -> int:
    return make_organisation(database, kind="school", division="4403", name="深圳某技工学校")


def applicant(n: int) -> dict[str, str]:
    who = person(n, born=BORN, division="520521")
    return {
        "name": who.name,
        "id_number": who.id_number,
        "home": "毕节市大方县",
        "education": "71",
        "household_category": "registered_poor",
        "guardian_consent_on": "2010-05-30",
        "intake_year": "2010",
        "applied_on": "2010-06-01",
        "enrolled_on": "2010-09-08",
        "major": "模具制造",
        "level": "secondary",
        "student_number": "S1",
    }


def test_a_registrar_admits_follows_and_reverses(
    database: Database, sign_in: SignIn, school: int
) -> None:
    registrar = sign_in("registrar", organisation=school)
    assert "No student found" in registrar.get("/students/").text
    answer = registrar.post("/students/new", data=applicant(1), follow_redirects=True)
    assert "The applicant is recorded." in answer.text
    with database.reading() as session:
        (row,) = queries.list_students(session, queries.StudentFilter())
        found = queries.find_student(session, row.id)
    assert found is not None
    assert (found.home_division, found.organisation_id) == ("520521", school)
    page = f"/students/{row.id}"
    assert person(1).name not in registrar.get(page).text
    assert person(1).name in registrar.post(f"{page}/unmask").text
    left = {"kind": "withdrawn", "occurred_on": "2010-10-01", "grade": "C", "reason": "family"}
    answer = registrar.post(f"{page}/events/new", data=left, follow_redirects=True)
    assert "Withdrew" in answer.text
    with database.reading() as session:
        found = queries.find_student(session, row.id)
    assert found is not None
    event = found.events[-1].event.id
    answer = registrar.post(
        f"/students/events/{event}/reverse", data={"reason": "came back"}, follow_redirects=True
    )
    assert "is-reversed" in answer.text
    assert registrar.post(f"{page}/events/new", data={}).status_code == 422


def test_what_is_refused_stays_on_the_form(sign_in: SignIn, school: int) -> None:
    registrar = sign_in("registrar", organisation=school)
    young = applicant(1) | {"applied_on": "2009-05-01", "enrolled_on": ""}
    answer = registrar.post("/students/new", data=young)
    assert answer.status_code == 422
    assert "must be 15 or older" in answer.text
    nowhere = registrar.post("/students/new", data=applicant(1) | {"home": "不存在"})
    assert nowhere.status_code == 422
    assert "No such county is known" in nowhere.text


def test_another_school_sees_nothing(database: Database, sign_in: SignIn, school: int) -> None:
    student = make_student(database, school, 1)
    other = make_organisation(database, kind="school", division="4403", name="另一所学校")
    registrar = sign_in("registrar", organisation=other)
    assert registrar.get(f"/students/{student}").status_code == 404
    assert registrar.post(f"/students/{student}/unmask").status_code == 404
    assert registrar.get(f"/students/{student}/events/new").status_code == 404
    assert "No student found" in registrar.get("/students/").text
    for role in ("clerk", "recruiter"):
        assert sign_in(role).get("/students/").status_code == 403


def test_the_list_finds_filters_and_downloads(
    database: Database, sign_in: SignIn, school: int
) -> None:
    make_student(database, school, 1)
    registrar = sign_in("registrar", organisation=school)
    page = registrar.get("/students/?year=2010&level=secondary&stage=enrolled").text
    assert "S20100001" in page
    assert "S20100001" not in registrar.get("/students/?year=2011").text
    found = registrar.post("/students/search", data={"text": person(1).name}, follow_redirects=True)
    assert "S20100001" in found.text
    assert "模具制造" in registrar.get("/students/export/csv").data.decode("utf-8-sig")
    assert registrar.get("/students/export/xlsx").data[:2] == b"PK"
    assert registrar.get("/students/template.xlsx").data[:2] == b"PK"
    assert registrar.get("/students/import").status_code == 200


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"applied_on": TOMORROW, "enrolled_on": ""}, "lies in the future"),
        ({"enrolled_on": TOMORROW}, "lies in the future"),
        ({"applied_on": "2010-02-30"}, "There is no such day in the calendar"),
        ({"enrolled_on": "2010-05-31"}, "before the application"),
        ({"applied_on": "2009-05-16", "enrolled_on": "2009-05-16"}, "must be 15 or older"),
        ({"education": ""}, "Choose one"),
        ({"major": " "}, "Enter the major"),
        ({"name": " "}, "Enter the name"),
        ({"intake_year": "1890"}, "between 2000 and 2100"),
    ],
)
def test_an_applicant_who_cannot_be_is_refused(
    sign_in: SignIn, school: int, changes: dict[str, str], said: str
) -> None:
    registrar = sign_in("registrar", organisation=school)
    answer = registrar.post("/students/new", data=applicant(1) | changes)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="毕节市大方县"' in answer.text
    assert "No student found" in registrar.get("/students/").text


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"occurred_on": TOMORROW}, "lies in the future"),
        ({"occurred_on": "2010-13-01"}, "There is no such day in the calendar"),
        ({"kind": ""}, "Choose what happened"),
        ({"kind": "enrolled"}, "This is recorded already"),
        ({"kind": "travelled", "occurred_on": "2010-05-01"}, "An earlier step is missing"),
        ({"grade": "Z"}, "Not a valid choice"),
    ],
)
def test_a_step_that_cannot_be_is_refused(
    database: Database, sign_in: SignIn, school: int, event: dict[str, str], said: str
) -> None:
    student = make_student(database, school, 1)
    registrar = sign_in("registrar", organisation=school)
    answer = registrar.post(f"/students/{student}/events/new", data=LEFT | event)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Recorded so far" in answer.text


def test_after_leaving_nothing_is_recorded(
    database: Database, sign_in: SignIn, school: int
) -> None:
    student = make_student(database, school, 1)
    registrar = sign_in("registrar", organisation=school)
    url = f"/students/{student}/events/new"
    vague = LEFT | {"precision": "month", "evidence": "退学申请2010-9"}
    page = registrar.post(url, data=vague, follow_redirects=True).text
    # September, but not before the day of entry; shown no more exact than it is known.
    for text in ("Withdrew</strong> 2010-09 ", "Only the month is known", "退学申请2010-9"):
        assert text in page
    assert "C: the student in person" in page
    answer = registrar.post(url, data=LEFT | {"kind": "expelled", "occurred_on": "2010-10-01"})
    assert "The student left on 2010-09-08" in answer.text


def test_eligibility_without_the_papers_is_refused(
    database: Database, sign_in: SignIn, school: int
) -> None:
    registrar = sign_in("registrar", organisation=school)
    early = applicant(1) | {"guardian_consent_on": ""}
    page = registrar.post("/students/new", data=early, follow_redirects=True).text
    assert "consent is missing" in page
    with database.reading() as session:
        (row,) = queries.list_students(session, queries.StudentFilter())
    step = LEFT | {"kind": "eligibility_checked", "occurred_on": "2010-06-02"}
    answer = registrar.post(f"/students/{row.id}/events/new", data=step)
    assert answer.status_code == 422
    assert "Enter the applicant again with its day" in answer.text
    registrar.post("/students/new", data=applicant(1))
    assert "On roll" in registrar.get(f"/students/{row.id}").text


def test_a_person_of_another_school_is_refused_by_name_of_the_school_only(
    database: Database, sign_in: SignIn, school: int
) -> None:
    make_student(database, school, 1)
    other = make_organisation(database, kind="school", division="4403", name="另一所学校")
    answer = sign_in("registrar", organisation=other).post("/students/new", data=applicant(1))
    assert answer.status_code == 422
    assert "Ask 深圳某技工学校 about it" in answer.text
    assert "S20100001" not in answer.text


@pytest.mark.parametrize(("born", "told"), [(date(1980, 1, 1), False), (date(1979, 8, 31), True)])
def test_a_list_tells_who_is_over_thirty_and_reads_the_exit_from_poverty(
    sign_in: SignIn, database: Database, school: int, born: date, told: bool
) -> None:
    """The lists of schools have 脱贫状态 where others have the household category."""
    registrar = sign_in("registrar", organisation=school)
    who = person(1, born=born)
    cells = {
        "姓名": who.name,
        "身份证号": who.id_number,
        "专业": "模具制造",
        "申请日期": "2010-09-01",
        "毕业证": "初中",
        "脱贫状态": "已脱贫",
        "县": "七星关区",
    }
    file = io.BytesIO()
    write_table(file, [Column(title, text=True) for title in cells], [list(cells.values())])
    file.seek(0)
    upload = {"file": (file, "名单.xlsx")}
    preview = registrar.post("/students/import", data=upload, follow_redirects=True)
    assert ("Over 30 on the day of entry" in preview.text) is told
    registrar.post(preview.request.path, follow_redirects=True)
    with database.reading() as session:
        kept = session.execute(select(Student.household_category)).scalars().all()
    assert kept == ["lifted_out"]
