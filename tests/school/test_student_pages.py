"""The pages of students, as registrars and others meet them."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from jobfair.kit.db import Database
from jobfair.school import queries
from tests.accounts.factory import make_organisation
from tests.planted import person
from tests.school.factory import BORN, make_student

SignIn = Callable[..., FlaskClient]


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
