"""Rules of students find what was planted, on the list of the student's school and office."""

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from jobfair.findings.rules import RULES, Code
from jobfair.grants.rules.entitlement import GrantKind
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Fact, Grade, Recorder
from jobfair.school.rules.events import StudentEventKind
from jobfair.school.services import append_event
from tests.accounts.factory import make_organisation
from tests.grants.factory import pay, report
from tests.school.factory import draft, make_student

SignIn = Callable[..., FlaskClient]
Plant = Callable[[Database, int, int], None]
MONTH = date(2010, 10, 1)


def beyond(database: Database, _school: int, student: int) -> None:
    """Fifteen payments of 1,700 yuan, as an audit once found them."""
    for n in range(15):
        pay(database, student, 170_000, paid_on=date(2010, 11, 1) + timedelta(days=n))


def third_year(database: Database, _school: int, student: int) -> None:
    pay(database, student, 150_000, year=2012, paid_on=date(2012, 11, 5))


def to_others(database: Database, _school: int, student: int) -> None:
    pay(database, student, holder="他人")


def absent(database: Database, _school: int, student: int) -> None:
    report(database, student, MONTH, (21, 0), "3-201")


def not_named(database: Database, school: int, _student: int) -> None:
    report(database, make_student(database, school, 50), MONTH, (21, 21), "3-202")


def without_bed(database: Database, school: int, student: int) -> None:
    report(database, make_student(database, school, 50), MONTH, (21, 21), "3-202")
    report(database, student, MONTH, (21, 21))


def never_opened(database: Database, _school: int, student: int) -> None:
    pay(database, student)


def two_schools(database: Database, _school: int, student: int) -> None:
    """Left the one school after the other had the student already."""
    other = make_organisation(database, kind="school", division="4401", name="另一所技校")
    left = Fact(StudentEventKind.WITHDRAWN, date(2011, 3, 1), grade=Grade.B, reason="moved")
    with database.writing() as session:
        append_event(session, student, left, Recorder())
    make_student(database, other, 1, applied_on=date(2010, 12, 1), enrolled_on=date(2011, 2, 1))


PLANTED: list[tuple[Code, Plant]] = [
    (Code.GRANT_BEYOND, beyond),
    (Code.GRANT_BEYOND, third_year),
    (Code.GRANT_CARD, to_others),
    (Code.NO_ATTENDANCE, absent),
    (Code.NO_ATTENDANCE, not_named),
    (Code.NO_DORMITORY, without_bed),
    (Code.NO_REPORT, never_opened),
    (Code.NO_STATEMENT, never_opened),
    (Code.TWO_SCHOOLS, two_schools),
]


@pytest.mark.parametrize(("code", "plant"), PLANTED, ids=[f"{c}-{p.__name__}" for c, p in PLANTED])
def test_each_rule_finds_its_case_for_the_school_and_not_for_another(
    database: Database, sign_in: SignIn, code: Code, plant: Plant
) -> None:
    school = make_organisation(database, kind="school", division="4403", name="携创技校")
    elsewhere = make_organisation(database, kind="school", division="4420", name="无关的学校")
    student = make_student(database, school, 1)
    plant(database, school, student)
    registrar = sign_in("registrar", organisation=school)
    registrar.post("/findings/look")
    asked = f"/findings/?code={code}"
    page = unescape(registrar.get(asked).text)
    assert RULES[code].name in page
    assert f'href="/students/{student}/statement"' in page
    assert "No finding fits" in sign_in("registrar", organisation=elsewhere).get(asked).text
    assert f"{code} " in sign_in("clerk", division="4403").get(asked).text
    assert "No finding fits" in sign_in("clerk", division="520502").get(asked).text


def test_what_is_in_order_is_not_found(
    database: Database, sign_in: SignIn, client: FlaskClient
) -> None:
    school = make_organisation(database, kind="school", division="4403", name="携创技校")
    student = make_student(database, school, 1)
    for year in (2010, 2011):
        pay(database, student, 150_000, year=year, paid_on=date(year, 11, 5))
        pay(database, student, 400_000, kind=GrantKind.TUITION, year=year, reference=f"T{year}")
    for month in (MONTH, date(2011, 10, 1)):
        report(database, student, month, (21, 15), "3-201")
    registrar = sign_in("registrar", organisation=school)
    link = registrar.get(f"/students/{student}/statement").text.split("/students/statements/")[1]
    client.post("/students/statements/" + link.split("<")[0].split('"')[0])
    registrar.post("/findings/look")
    assert "Nothing doubtful is on the list" in registrar.get("/findings/").text


def test_a_payment_taken_back_is_not_counted_and_a_late_one_not_yet_asked_about(
    database: Database, sign_in: SignIn
) -> None:
    school = make_organisation(database, kind="school", division="4403", name="携创技校")
    entered = clock.today() - timedelta(days=30)
    student = make_student(
        database,
        school,
        1,
        applied_on=entered,
        enrolled_on=entered,
        intake_year=entered.year,
    )
    year = entered.year if entered.month >= 9 else entered.year - 1
    wrong = pay(database, student, 9_000_000, year=year, paid_on=clock.today())
    registrar = sign_in("registrar", organisation=school)
    registrar.post(f"/students/grants/{wrong}/take-back", data={"reason": "typed wrongly"})
    registrar.post("/findings/look")
    assert "Nothing doubtful is on the list" in registrar.get("/findings/").text
    assert draft(1).major
