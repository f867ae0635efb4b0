"""Employers and positions through the front door, refusals included."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from jobfair.accounts.rules import OrganisationKind, Role
from jobfair.employers import queries
from jobfair.employers.queries import PositionFilter
from jobfair.employers.rules.drafts import EmployerStatus
from jobfair.kit.db import Database
from tests.accounts.factory import make_organisation
from tests.employers.factory import credit_code, make_employer, make_position

SignIn = Callable[..., FlaskClient]

ADVERT = {
    "title": "电子厂普工",
    "headcount": "30",
    "pay_type": "monthly",
    "wage_from": "4000",
    "wage_to": "6000",
    "workplace": "深圳市龙岗区",
    "min_education": "71",
    "lodging": "yes",
    "certificates": "电工证，叉车证",
    "publish": "1",
}
REGISTRATION = {
    "name": "深圳市春风电子有限公司",
    "credit_code": credit_code(424242),
    "place": "深圳市龙岗区",
    "display_name": "测试经办",
    "login": "chunfeng",
    "password": "correct-horse-battery-2010",
}


def _english(client: FlaskClient) -> FlaskClient:
    client.set_cookie("language", "en")
    return client


def _recruiter(database: Database, sign_in: SignIn) -> tuple[FlaskClient, int]:
    organisation = make_organisation(
        database, kind=OrganisationKind.EMPLOYER, division=None, name="招聘单位"
    )
    employer_id = make_employer(database, organisation_id=organisation)
    return _english(sign_in(Role.RECRUITER, organisation=organisation)), employer_id


def test_an_employer_registers_and_waits_for_verification(
    client: FlaskClient, database: Database
) -> None:
    answer = _english(client).post("/employers/register", data=REGISTRATION)
    assert answer.status_code == 302
    with database.reading() as session:
        (row,) = queries.list_employers(session)
    assert (row.name, row.status, row.division_code) == (
        REGISTRATION["name"],
        EmployerStatus.UNVERIFIED,
        "440307",
    )
    assert row.organisation_id is not None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"credit_code": "123"}, "A credit code has 18 characters"),
        ({"credit_code": credit_code(1)[:-1] + "#"}, "only digits and capital letters"),
        ({"place": "火星基地"}, "No such place is known"),
        ({"name": ""}, "Enter the full name"),
        ({"password": "short"}, "at least"),
    ],
)
def test_a_registration_that_cannot_be_says_why_and_stores_nothing(
    client: FlaskClient, database: Database, change: dict[str, str], says: str
) -> None:
    answer = _english(client).post("/employers/register", data=REGISTRATION | change)
    assert answer.status_code == 422
    assert says in answer.text
    with database.reading() as session:
        assert queries.count_employers(session) == 0


def test_a_code_registered_twice_is_refused_whole(client: FlaskClient, database: Database) -> None:
    make_employer(database, credit_code=REGISTRATION["credit_code"])
    answer = _english(client).post("/employers/register", data=REGISTRATION)
    assert answer.status_code == 422
    assert "already registered" in answer.text
    again = client.post("/employers/register", data=REGISTRATION | {"credit_code": credit_code(9)})
    assert again.status_code == 302  # the login of the refused try was not left behind


def test_a_recruiter_posts_edits_copies_closes_and_reopens(
    database: Database, sign_in: SignIn
) -> None:
    recruiter, employer_id = _recruiter(database, sign_in)
    answer = recruiter.post(
        f"/employers/{employer_id}/positions/new", data=ADVERT, follow_redirects=True
    )
    assert "The position is published" in answer.text
    with database.reading() as session:
        (row,) = queries.list_positions(session, PositionFilter())
    assert (row.status, row.wage_low, row.workplace_division) == ("open", 400_000, "440307")
    assert row.certificates == ["电工证", "叉车证"]
    page = recruiter.get(f"/positions/{row.id}/edit")
    assert 'value="电子厂普工"' in page.text
    saved = recruiter.post(f"/positions/{row.id}/edit", data=ADVERT | {"headcount": "40"})
    assert saved.status_code == 302
    copy = recruiter.get(f"/employers/{employer_id}/positions/new?copy={row.id}")
    assert 'value="40"' in copy.text
    closed = recruiter.post(f"/positions/{row.id}/close", follow_redirects=True)
    assert "Reopen" in closed.text
    opened = recruiter.post(f"/positions/{row.id}/reopen", follow_redirects=True)
    assert "The position is published" in opened.text


def test_a_stopped_text_shows_the_clause_and_can_be_kept(
    database: Database, sign_in: SignIn
) -> None:
    recruiter, employer_id = _recruiter(database, sign_in)
    url = f"/employers/{employer_id}/positions/new"
    bad = ADVERT | {"description": "限男性，需交押金200元"}
    refused = recruiter.post(url, data=bad)
    assert refused.status_code == 422
    assert "Employment Promotion Law, art. 27" in refused.text
    assert "Labour Contract Law, art. 9" in refused.text
    assert "限男性" in refused.text
    bad.pop("publish")
    kept = recruiter.post(url, data=bad | {"draft": "1"}, follow_redirects=True)
    assert kept.status_code == 200
    with database.reading() as session:
        (row,) = queries.list_positions(session, PositionFilter())
    assert row.status == "stopped"


def test_a_refused_form_keeps_what_was_typed(database: Database, sign_in: SignIn) -> None:
    recruiter, employer_id = _recruiter(database, sign_in)
    url = f"/employers/{employer_id}/positions/new"
    answer = recruiter.post(url, data=ADVERT | {"wage_to": "1000"})
    assert answer.status_code == 422
    assert "must not be below" in answer.text
    assert 'value="电子厂普工"' in answer.text


def test_pay_below_the_citys_minimum_is_stopped(database: Database, sign_in: SignIn) -> None:
    recruiter, employer_id = _recruiter(database, sign_in)
    low = ADVERT | {"wage_from": "500", "wage_to": "600"}
    answer = recruiter.post(f"/employers/{employer_id}/positions/new", data=low)
    assert answer.status_code == 422
    assert "Labour Law, art. 48" in answer.text


def test_a_position_without_headcount_waits_as_a_draft(database: Database, sign_in: SignIn) -> None:
    recruiter, employer_id = _recruiter(database, sign_in)
    answer = recruiter.post(
        f"/employers/{employer_id}/positions/new",
        data=ADVERT | {"headcount": ""},
        follow_redirects=True,
    )
    assert "Still missing: Number to hire" in answer.text


def test_a_recruiter_sees_only_its_own(database: Database, sign_in: SignIn) -> None:
    recruiter, _own = _recruiter(database, sign_in)
    other = make_employer(database, name="别家电子厂")
    position = make_position(database, other, title="别家焊工")
    assert "别家" not in recruiter.get("/positions").text
    for url in (f"/employers/{other}", f"/positions/{position}", f"/positions/{position}/edit"):
        assert recruiter.get(url).status_code == 404
    assert recruiter.post(f"/positions/{position}/close").status_code == 404
    assert recruiter.post(f"/employers/{other}/positions/new", data=ADVERT).status_code == 404


def test_the_office_verifies_from_the_queue(database: Database, sign_in: SignIn) -> None:
    employer_id = make_employer(database, name="待核电子厂", status=EmployerStatus.UNVERIFIED)
    position_id = make_position(database, employer_id)
    clerk = _english(sign_in(Role.CLERK))
    assert "待核电子厂" in clerk.get("/employers/verification").text
    clerk.post(f"/employers/{employer_id}/verify")
    assert "待核电子厂" not in clerk.get("/employers/verification").text
    with database.reading() as session:
        row = queries.find_position(session, position_id)
    assert row is not None
    assert row.bookable


def test_a_refused_employer_reads_the_reason(database: Database, sign_in: SignIn) -> None:
    employer_id = make_employer(database, status=EmployerStatus.UNVERIFIED)
    clerk = _english(sign_in(Role.CLERK))
    page = clerk.post(
        f"/employers/{employer_id}/refuse", data={"reason": "营业执照已注销"}, follow_redirects=True
    )
    assert "营业执照已注销" in page.text


@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_positions_are_exported(database: Database, sign_in: SignIn, file_format: str) -> None:
    make_position(database, make_employer(database), title="出口焊工")
    answer = sign_in(Role.CLERK).get(f"/positions/export.{file_format}")
    assert answer.status_code == 200
    if file_format == "csv":
        assert "出口焊工" in answer.data.decode("utf-8-sig")
    else:
        assert answer.data.startswith(b"PK")


@pytest.mark.parametrize("url", ["/employers", "/positions", "/employers/verification"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_lists_open_empty_and_full(
    database: Database, sign_in: SignIn, url: str, language: str
) -> None:
    clerk = sign_in(Role.CLERK)
    clerk.set_cookie("language", language)
    assert clerk.get(url).status_code == 200
    employer_id = make_employer(database, status=EmployerStatus.UNVERIFIED)
    make_position(database, employer_id)
    assert clerk.get(f"{url}?q=x&page=2").status_code == 200
    assert clerk.get(url).status_code == 200
