"""What the pages of rankings show, and to whom."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from jobfair.kit.db import Database
from tests.employers.factory import make_employer, make_position
from tests.factories import Make
from tests.planted import holds_personal_data, person

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def organisation(make: Make) -> int:
    """The recruiters' organisation."""
    return make.organisation("employer", name="龙岗测试厂")


@pytest.fixture
def position_id(database: Database, organisation: int) -> int:
    return make_position(database, make_employer(database, organisation_id=organisation))


def test_a_recruiter_sees_masked_people_for_their_own_position(
    make: Make, sign_in: SignIn, organisation: int, position_id: int
) -> None:
    seeker_id = make.seeker(1)
    recruiter = sign_in("recruiter", organisation=organisation)
    answer = recruiter.get(f"/positions/{position_id}/candidates")
    assert answer.status_code == 200
    assert "Eligible: 1<" in answer.text
    planted = person(1)
    assert planted.name[0] in answer.text
    assert holds_personal_data(answer.text) is None
    assert planted.id_number[6:14] not in answer.text
    assert f"/seekers/{seeker_id}/" not in answer.text, "a recruiter opens no person"


def test_a_recruiter_cannot_open_another_employers_candidates(
    database: Database, make: Make, sign_in: SignIn, organisation: int
) -> None:
    make.seeker(1)
    other = make_position(database, make_employer(database))
    recruiter = sign_in("recruiter", organisation=organisation)
    assert recruiter.get(f"/positions/{other}/candidates").status_code == 404


def test_a_clerk_sees_candidates_of_their_own_county_only(
    make: Make, sign_in: SignIn, position_id: int
) -> None:
    make.seeker(1, division="520502001")
    make.seeker(2, division="520521001")
    address = f"/positions/{position_id}/candidates"
    clerk = sign_in("clerk", division="520502")
    assert "Eligible: 1<" in clerk.get(address).text
    assert "Eligible: 1<" in clerk.get(f"{address}?home=520521").text, "no wider"
    admin = sign_in("admin", division="5205")
    assert "Eligible: 2<" in admin.get(address).text


def test_an_unknown_position_is_not_found(sign_in: SignIn) -> None:
    assert sign_in("admin", division="5205").get("/positions/99/candidates").status_code == 404


def test_positions_for_a_person_and_near_ones_with_why_not(
    database: Database, make: Make, sign_in: SignIn, position_id: int
) -> None:
    seeker_id = make.seeker(1)
    make_position(database, make_employer(database), title="塔吊工", min_age=50)
    page = sign_in("clerk").get(f"/seekers/{seeker_id}/positions")
    assert page.status_code == 200
    assert "普工" in page.text
    assert "塔吊工" in page.text


def test_why_not_says_the_reason_and_the_change_in_both_languages(
    make: Make, sign_in: SignIn, position_id: int
) -> None:
    seeker_id = make.seeker(1, wage_min=None, refusals=("other_province",))
    clerk = sign_in("clerk")
    address = f"/seekers/{seeker_id}/positions/{position_id}"
    english = clerk.get(address).text
    assert "Why not" in english
    assert "province" in english
    clerk.set_cookie("language", "zh")
    chinese = clerk.get(address).text
    assert "Why not" not in chinese
    assert "省" in chinese
    for page in (english, chinese):
        item = page.split("jf-reasons")[1].split("</ul>")[0]
        reason, change = item.split("<li>")[1].split("<strong>")
        assert reason.strip()
        assert change.split("</strong>")[0].strip()


def test_why_says_when_every_rule_holds(make: Make, sign_in: SignIn, position_id: int) -> None:
    seeker_id = make.seeker(1)
    page = sign_in("clerk").get(f"/seekers/{seeker_id}/positions/{position_id}").text
    assert "Every rule holds" in page


def test_a_clerk_cannot_ask_about_another_countys_person(
    make: Make, sign_in: SignIn, position_id: int
) -> None:
    seeker_id = make.seeker(1, division="520521001")
    clerk = sign_in("clerk", division="520502")
    assert clerk.get(f"/seekers/{seeker_id}/positions").status_code == 404
    assert clerk.get(f"/seekers/{seeker_id}/positions/{position_id}").status_code == 404
    assert clerk.get(f"/seekers/99/positions/{position_id}").status_code == 404
