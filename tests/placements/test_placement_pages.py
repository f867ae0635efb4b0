"""The pages of placements, as clerks and others meet them."""

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.placements import queries
from jobfair.seekers import services as seeker_services
from jobfair.seekers.rules.drafts import SeekerDraft
from jobfair.seekers.rules.identity import IdNumber
from tests.placements.factory import make_placement
from tests.planted import person

SignIn = Callable[..., FlaskClient]
WORK = {
    "employer_name": "深圳某电子厂",
    "title": "普工",
    "workplace": "深圳市宝安区",
    "channel": "organised",
    "started_on": "2010-03-08",
    "precision": "day",
    "wage": "1800.50",
    "grade": "B",
    "evidence": "",
}


@pytest.fixture
def seeker(database: Database) -> int:
    who = person(1)
    number = IdNumber.parse(who.id_number, today=clock.today())
    draft = SeekerDraft(who.name, number, "520502", phone=who.phone)
    with database.writing() as session:
        (made,) = seeker_services.bulk_upsert(
            session, [replace(draft, household_category="at_risk")], registered_by=None
        )
    assert made.seeker_id is not None
    return made.seeker_id


def line_of(database: Database, seeker_id: int) -> list[queries.PlacementLine]:
    with database.reading() as session:
        return queries.person_lines(session, seeker_id)


def test_a_clerk_records_follows_and_reverses(
    database: Database, sign_in: SignIn, seeker: int
) -> None:
    clerk = sign_in("clerk", division="520502")
    page = f"/placements/people/{seeker}"
    assert "Nothing is recorded yet" in clerk.get(page).text
    answer = clerk.post(f"{page}/new", data=WORK, follow_redirects=True)
    assert "The placement is recorded." in answer.text
    (line,) = line_of(database, seeker)
    assert (line.wage_fen, line.workplace_division) == (180_050, "440306")
    assert line.events[0].recorder
    assert "1,800.50" in answer.text
    event = {"kind": "returned_home", "occurred_on": "2010-12-20", "precision": "day"}
    url = f"/placements/{line.id}/events/new"
    answer = clerk.post(
        url, data=event | {"grade": "D", "reason": "seasonal"}, follow_redirects=True
    )
    assert "For the season" in answer.text
    number = line_of(database, seeker)[0].events[1].event.id
    reverse = f"/placements/events/{number}/reverse"
    assert clerk.post(reverse, data={"reason": " "}).status_code == 422
    answer = clerk.post(reverse, data={"reason": "another person"}, follow_redirects=True)
    assert "is-reversed" in answer.text
    assert "another person" in answer.text
    again = clerk.post(reverse, data={"reason": "twice"})
    assert again.status_code == 422
    assert "was reversed before" in again.text


def test_a_refused_form_keeps_what_was_typed(sign_in: SignIn, seeker: int) -> None:
    clerk = sign_in("clerk", division="520502")
    url = f"/placements/people/{seeker}/new"
    tomorrow = clock.today().replace(year=clock.today().year + 1).isoformat()
    answer = clerk.post(url, data=WORK | {"started_on": tomorrow})
    assert answer.status_code == 422
    assert "lies in the future" in answer.text
    assert 'value="深圳某电子厂"' in answer.text
    assert clerk.post(url, data={}).status_code == 422


def test_a_second_placement_is_refused_and_a_change_taken(
    database: Database, sign_in: SignIn, seeker: int
) -> None:
    placement = make_placement(database, seeker)
    clerk = sign_in("clerk", division="520502")
    later = WORK | {"started_on": "2010-07-01", "employer_name": "东莞某鞋厂"}
    answer = clerk.post(f"/placements/people/{seeker}/new", data=later)
    assert answer.status_code == 422
    assert "record this as a change of employer" in answer.text
    url = f"/placements/{placement}/change-employer"
    assert "Until now at" in clerk.get(url).text
    answer = clerk.post(url, data=later, follow_redirects=True)
    assert "The change of employer is recorded." in answer.text
    assert [line.running for line in line_of(database, seeker)] == [True, False]


def test_another_county_sees_nothing(database: Database, sign_in: SignIn, seeker: int) -> None:
    placement = make_placement(database, seeker)
    event = line_of(database, seeker)[0].events[0].event.id
    other = sign_in("clerk", division="520521")
    for url in (
        f"/placements/people/{seeker}",
        f"/placements/people/{seeker}/new",
        f"/placements/{placement}/events/new",
        f"/placements/{placement}/change-employer",
        f"/placements/events/{event}/reverse",
    ):
        assert other.get(url).status_code == 404
        assert other.post(url, data=WORK).status_code in {404, 405}
    assert "No placement found" in other.get("/placements/").text
    for role in ("recruiter", "leader", "registrar"):
        assert sign_in(role).get("/placements/").status_code == 403


def test_the_list_finds_filters_and_downloads(
    database: Database, sign_in: SignIn, seeker: int
) -> None:
    make_placement(database, seeker)
    clerk = sign_in("clerk", division="5205")
    page = clerk.get("/placements/?channel=organised&month=2010-03&county=520502")
    assert "1 placements of 1 persons" in page.text
    assert person(1).name not in page.text
    for query in ("month=2010-04", "channel=self_arranged", "standing=ended", "employer=鞋"):
        assert "No placement found" in clerk.get(f"/placements/?{query}").text
    found = clerk.post(
        "/placements/search", data={"text": person(1).id_number}, follow_redirects=True
    )
    assert "1 placements of 1 persons" in found.text
    table = clerk.get("/placements/export/csv?channel=organised")
    assert "深圳某电子厂" in table.data.decode("utf-8-sig")
    assert clerk.get("/placements/export/xlsx").data[:2] == b"PK"
    assert clerk.get("/placements/export/pdf").status_code == 404


def test_a_ledger_is_taken_in_through_the_browser(
    database: Database, sign_in: SignIn, seeker: int
) -> None:
    clerk = sign_in("clerk", division="520502")
    assert clerk.get("/ledgers/template.xlsx").data[:2] == b"PK"
    head = "姓名,身份证号,单位名称,转移就业地点,转移就业时间,是否有组织劳务输出\n"
    row = f"{person(1).name},{person(1).id_number},某厂,广东省深圳市宝安区,2010-03-08,是\n"
    file = (BytesIO((head + row).encode("utf-8-sig")), "台账.csv")
    answer = clerk.post("/ledgers/import", data={"file": file}, content_type="multipart/form-data")
    assert answer.status_code == 302, re.sub(r"<[^>]+>|\s+", " ", answer.text)[:600]
    preview = answer.headers["Location"]
    assert clerk.get(preview).status_code == 200
    done = clerk.post(preview, follow_redirects=True)
    assert done.status_code == 200
    (line,) = line_of(database, seeker)
    assert line.employer_name == "某厂"
