"""Sheets and slips print for whom they may, name nobody in full, and check nobody in."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from jobfair.attendance.queries import count_records
from jobfair.cards.services import issue_cards
from jobfair.kit.audit import AuditEntry
from jobfair.kit.db import Database
from tests.employers.factory import make_employer, make_position
from tests.factories import Make
from tests.fairs.factory import make_fair
from tests.planted import holds_personal_data, person

SignIn = Callable[..., FlaskClient]
PACK = "/fairs/2010-spring/paper"
TOWNSHIP = "520502001"
OTHER = "520521001"


@pytest.fixture(autouse=True)
def fair(database: Database) -> None:
    """A fair with two positions of one employer."""
    employer = make_employer(database, name="龙岗电子厂")
    make_fair(database, [make_position(database, employer, title=t) for t in ("普工", "质检员")])


def _give_cards(database: Database, make: Make, township: str, numbers: range) -> None:
    people = [make.seeker(n, home_division=township, village="上坝村") for n in numbers]
    with database.writing() as session:
        issue_cards(session, people)


def test_a_township_prints_its_own_people_masked_in_sheets_of_25(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    _give_cards(database, make, TOWNSHIP, range(1, 27))
    _give_cards(database, make, OTHER, range(30, 32))
    make.seeker(40, home_division=TOWNSHIP)  # without a card
    clerk = sign_in("clerk")
    pack = clerk.get(PACK).text
    assert f"check-in/{TOWNSHIP}" in pack
    assert f"check-in/{OTHER}" not in pack
    page = clerk.get(f"{PACK}/check-in/{TOWNSHIP}").text
    assert len(set(re.findall(rf"{TOWNSHIP}-\d{{4}}-\d+", page))) == 2
    assert page.count("jf-grid__code") == 26
    assert person(1).name not in page
    with database.reading() as session:
        assert count_records(session) == 0


@pytest.mark.parametrize("township", [OTHER, "x", "5205"])
def test_nobody_prints_the_people_of_another_county(sign_in: SignIn, township: str) -> None:
    answer = sign_in("clerk").get(f"{PACK}/check-in/{township}")
    assert answer.status_code == 404


def test_who_may_not_see_people_prints_the_rest(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    _give_cards(database, make, TOWNSHIP, range(1, 3))
    staff = sign_in("staff")
    assert "check-in/" not in staff.get(PACK).text
    assert staff.get(f"{PACK}/check-in/{TOWNSHIP}").status_code == 403
    page = staff.get(f"{PACK}/booths?employer=").text
    assert page.count('class="jf-page"') == 2
    assert page.count("<tr><td>") == 40
    assert staff.get(f"{PACK}/booths?employer=999").text.count('class="jf-page"') == 0


def test_who_runs_the_fair_prints_the_sheets_masked_and_that_is_recorded(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    manager = sign_in("manager")
    assert "The labour offices issue them." in manager.get(PACK).text
    _give_cards(database, make, TOWNSHIP, range(1, 3))
    _give_cards(database, make, OTHER, range(30, 31))
    assert f"check-in/{OTHER}" in manager.get(PACK).text
    page = manager.get(f"{PACK}/check-in/{TOWNSHIP}").text
    assert page.count("jf-grid__code") == 2
    assert holds_personal_data(page) is None
    assert manager.get("/seekers/").status_code == 403
    with database.reading() as session:
        looks = session.execute(
            select(AuditEntry.detail).where(AuditEntry.action == "paper.check_in")
        ).scalars()
        assert list(looks) == [{"people": 2, "township": TOWNSHIP}]


def test_slip_numbers_go_on_and_are_printed_again_as_they_were(sign_in: SignIn) -> None:
    staff = sign_in("staff")
    first = staff.post(f"{PACK}/slips", data={"count": "5"})
    second = staff.post(f"{PACK}/slips", data={"count": "2"})
    numbers = [
        re.findall(r"W(\d{5})-", staff.get(made.headers["Location"]).text)
        for made in (first, second, first)
    ]
    one_to_five = [f"{n:05}" for n in range(1, 6)]
    assert numbers == [one_to_five, ["00006", "00007"], one_to_five]
    assert staff.get("/paper/slips/999").status_code == 404


@pytest.mark.parametrize("count", ["", "0", "1001"])
def test_no_slips_or_too_many_are_refused(sign_in: SignIn, count: str) -> None:
    answer = sign_in("staff").post(f"{PACK}/slips", data={"count": count})
    assert answer.status_code == 422
    assert "Enter how many slips" in answer.text


def test_numbers_of_another_fair_begin_anew(database: Database, sign_in: SignIn) -> None:
    make_fair(database, [], code="other")
    staff = sign_in("staff")
    staff.post(f"{PACK}/slips", data={"count": "5"})
    page = staff.post("/fairs/other/paper/slips", data={"count": "1"}, follow_redirects=True)
    assert "W00001-" in page.text


def test_many_booth_sheets_print_in_parts(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobfair.paper.views.printing._SHEETS", 1)
    manager = sign_in("manager")
    titles = [
        re.findall(r"龙岗电子厂 · (\S+)", manager.get(f"{PACK}/booths?page={n}").text)[0]
        for n in (1, 2)
    ]
    assert sorted(titles) == ["普工", "质检员"]
