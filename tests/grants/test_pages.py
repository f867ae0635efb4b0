"""Lists of grants and monthly reports go in through the pages; a student sees the own statement."""

import io
import re
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient

from jobfair.kit.db import Database
from jobfair.kit.sheets.writing import Column, write_table
from jobfair.school.queries import find_student
from tests.accounts.factory import make_organisation
from tests.grants.factory import pay, report
from tests.school.factory import make_student

SignIn = Callable[..., FlaskClient]
HEAD = ("学号", "姓名", "资助项目", "金额", "发放日期", "户名", "银行卡号", "流水号")


@pytest.fixture
def school(database: Database) -> int:
    return make_organisation(database, kind="school", division="4403", name="携创技校")


@pytest.fixture
def registrar(sign_in: SignIn, school: int) -> FlaskClient:
    return sign_in("registrar", organisation=school)


def take_in(client: FlaskClient, url: str, head: tuple[str, ...], *rows: tuple[str, ...]) -> str:
    """Take a list in through the pages; return the result."""
    out = io.BytesIO()
    write_table(out, [Column(title, text=True) for title in head], rows)
    out.seek(0)
    preview = client.post(url, data={"file": (out, "名单.xlsx")}, follow_redirects=True)
    assert preview.status_code == 200, preview.text
    return client.post(preview.request.path, follow_redirects=True).text


def name_of(database: Database, student: int) -> str:
    with database.reading() as session:
        found = find_student(session, student, unmasked=True)
    assert found is not None
    return found.name


def test_a_list_of_the_bank_goes_in_once_and_keeps_no_card_number(
    database: Database, school: int, registrar: FlaskClient
) -> None:
    student = make_student(database, school, 1)
    make_student(database, school, 2)
    name = name_of(database, student)
    assert "No payment is on record yet" in registrar.get("/students/grants").text
    rows = (
        ("S20100001", name, "国家助学金", "750", "2010-11-05", name, "6222020000001234567", "A1"),
        ("S20100001", name, "国家助学金", "750", "2010-11-05", name, "6222020000001234567", "A2"),
        ("S20100002", "", "学费补助", "4000", "2010-11-06", "别人", "6222020000007654321", ""),
        ("S20109999", "", "国家助学金", "750", "2010-11-05", "", "", ""),
        ("S20100002", "别的名字", "国家助学金", "750", "2010-11-05", "", "", ""),
        ("", "", "国家助学金", "12.345", "11月初", "", "", ""),
    )
    result = take_in(registrar, "/students/grants/import", HEAD, *rows)
    for words in ("No student of the school has this number", "has another name"):
        assert words in result
    page = registrar.get("/students/grants").text
    assert "3 payments to 2 students, 5,500 yuan together" in page
    assert "*4567" in page
    assert "6222020000001234567" not in page
    assert unescape(page).count("Not the student's own") == 1
    take_in(registrar, "/students/grants/import", HEAD, *rows[:3])
    assert "3 payments to 2 students" in registrar.get("/students/grants").text
    only = registrar.get("/students/grants?kind_of=tuition&school_year=2010&standing=counts").text
    assert "1 payments to 1 students, 4,000 yuan" in only
    file = registrar.get("/students/grants/export/csv?kind_of=state").get_data(as_text=True)
    assert len(file.splitlines()) == 3
    assert name not in file


def test_one_payment_is_recorded_refused_doubled_and_taken_back(
    database: Database, school: int, registrar: FlaskClient
) -> None:
    student = make_student(database, school, 1)
    url = f"/students/{student}/grants/new"
    told = {"kind": "state", "amount": "12.345", "paid_on": "2010-11-05"}
    refused = registrar.post(url, data=told)
    assert refused.status_code == 422
    assert "at most two decimals" in refused.text
    assert 'value="12.345"' in refused.text
    assert registrar.post(url, data=told | {"amount": "750"}).status_code == 303
    again = registrar.post(url, data=told | {"amount": "750"}, follow_redirects=True)
    assert "on record already" in again.text
    page = registrar.get(f"/students/{student}/statement").text
    assert "750 yuan together" in page
    [back] = re.findall(r'href="(/students/grants/\d+/take-back)"', page)
    assert registrar.post(back, data={"reason": ""}).status_code == 422
    assert registrar.post(back, data={"reason": "typed twice"}).status_code == 303
    assert "taken back already" in registrar.post(back, data={"reason": "again"}).text
    page = registrar.get(f"/students/{student}/statement").text
    assert "0 yuan together" in page
    assert "typed twice" in page


def test_a_monthly_report_goes_in_is_corrected_and_shows_who_was_missing(
    database: Database, school: int, registrar: FlaskClient
) -> None:
    for n in (1, 2, 3):
        make_student(database, school, n)
    head = ("学号", "月份", "应到天数", "实到天数", "宿舍")
    assert "Nothing is reported here" in registrar.get("/students/months").text
    rows = (
        ("S20100001", "2010-10", "21", "20", "3-201"),
        ("S20100002", "2010-10", "21", "0", "3-201"),
        ("S20100003", "2010-10", "21", "22", "3-202"),
    )
    result = take_in(registrar, "/students/months/import", head, *rows)
    assert "no more present than due" in result
    assert "2010-10: 2 students" in registrar.get("/students/months").text
    missing = registrar.get("/students/months?month=2010-10&show=absent").text
    assert "Not there at all" in missing
    assert "2010-10: 1 students" in missing
    take_in(registrar, "/students/months/import", head, ("S20100002", "2010-10", "21", "19", "3-2"))
    assert "2010-10: 0 students" in registrar.get("/students/months?show=absent").text
    file = registrar.get("/students/months/export/csv?month=2010-10").get_data(as_text=True)
    assert len(file.splitlines()) == 3


def test_a_month_of_one_student_is_typed_and_refused(
    database: Database, school: int, registrar: FlaskClient
) -> None:
    student = make_student(database, school, 1)
    url = f"/students/{student}/months/new"
    told = {"month": "2010-10", "days_due": "21", "days_present": "22", "room": "3-201"}
    refused = registrar.post(url, data=told)
    assert refused.status_code == 422
    assert "no more present than due" in refused.text
    assert 'value="3-201"' in refused.text
    assert registrar.post(url, data=told | {"days_present": "21"}).status_code == 303
    assert "21 / 21" in registrar.get(f"/students/{student}/statement").text


def test_a_student_opens_the_own_statement_by_a_link_that_names_nobody(
    database: Database, school: int, registrar: FlaskClient, client: FlaskClient
) -> None:
    student = make_student(database, school, 1)
    pay(database, student, 75_000, card="6222020000001234567")
    report(database, student, date(2010, 10, 1), (21, 20), "3-201")
    page = registrar.get(f"/students/{student}/statement").text
    assert "Never opened." in page
    [link] = set(re.findall(r"/students/statements/[\w.-]+", page))
    own = client.get(link)
    assert own.status_code == 200
    for told in ("750", "*4567", "20 / 21", "2010-11-05"):
        assert told in own.text
    name = name_of(database, student)
    assert name not in own.text
    assert f"{name[0]}*" not in own.text
    url = f"/students/{student}/statement"
    registrar.post(link)  # somebody of the school does not count
    assert "Never opened." in registrar.get(url).text
    assert client.post(link).status_code == 303
    assert "First opened on" in registrar.get(url).text
    assert "You said on" in client.get(link).text or "您已于" in client.get(link).text
    assert client.get(link[:-3] + "abc").status_code == 404


def test_another_schools_students_are_nobodys_here(
    database: Database, school: int, registrar: FlaskClient
) -> None:
    other = make_organisation(database, kind="school", division="4403", name="别的学校")
    student = make_student(database, other, 1)
    payment = pay(database, student)
    assert "No payment is on record yet" in registrar.get("/students/grants").text
    for url in (
        f"/students/{student}/statement",
        f"/students/{student}/grants/new",
        f"/students/grants/{payment}/take-back",
    ):
        assert registrar.get(url).status_code == 404
    result = take_in(
        registrar,
        "/students/grants/import",
        HEAD[:5],
        ("S20100001", "", "国家助学金", "750", "2010-11-05"),
    )
    assert "No student of the school has this number" in result


def test_equal_payments_of_a_list_are_as_many_as_it_names_and_the_list_again_adds_none(
    database: Database, school: int, registrar: FlaskClient
) -> None:
    make_student(database, school, 1)
    head = (*HEAD[:5], "学年")
    row = ("S20100001", "", "国家助学金", "1500", "2011-11-05")
    rows = [(*row, "2010-2011")] * 3 + [(*row, "2011-2012")]
    for _ in range(2):
        take_in(registrar, "/students/grants/import", head, *rows)
        assert "4 payments to 1 students, 6,000 yuan" in registrar.get("/students/grants").text
    registrar.post("/findings/look")
    page = registrar.get("/findings/?code=DQ14").text
    assert "2010-2011: 4,500 yuan paid in 3 payments" in page
    assert "2011-2012" not in page


def test_a_payment_taken_back_by_mistake_is_told_again(
    database: Database, school: int, registrar: FlaskClient
) -> None:
    student = make_student(database, school, 1)
    payment = pay(database, student)
    registrar.post(f"/students/grants/{payment}/take-back", data={"reason": "by mistake"})
    told = {"kind": "state", "amount": "750", "paid_on": "2010-11-05"}
    for _ in range(2):
        registrar.post(f"/students/{student}/grants/new", data=told)
    assert "750 yuan together" in registrar.get(f"/students/{student}/statement").text
