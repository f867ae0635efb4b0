"""What the pages of rankings show, and to whom."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from jobfair.kit import clock
from jobfair.kit.audit import AuditEntry
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Recorder
from jobfair.placements.rules.counting import Channel
from jobfair.placements.rules.drafts import PlacementDraft
from jobfair.placements.services import record_placement
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


def _names(page: str) -> int:
    """Return how many people or positions a list shows."""
    return page.count('class="jf-score"')


def test_candidates_are_narrowed_by_what_the_work_needs(
    make: Make, sign_in: SignIn, position_id: int
) -> None:
    make.seeker(1, education="71")
    make.seeker(2, education="31")
    make.seeker(3, education="31", available_from=date(2099, 5, 1))
    clerk = sign_in("clerk")
    address = f"/positions/{position_id}/candidates"
    assert _names(clerk.get(address).text) == 3
    assert _names(clerk.get(f"{address}?education=31").text) == 2
    assert _names(clerk.get(f"{address}?free_by=2098-01-01").text) == 2
    assert _names(clerk.get(f"{address}?score=0").text) == 3
    nobody = clerk.get(f"{address}?education=10").text
    assert _names(nobody) == 0
    assert "Nobody fits this filter" in nobody
    assert _names(clerk.get(f"{address}?score=x&free_by=y&education=z").text) == 3, "no crash"


def test_only_an_office_narrows_by_household_category(
    make: Make, sign_in: SignIn, organisation: int, position_id: int
) -> None:
    make.seeker(1, household_category="at_risk")
    make.seeker(2, household_category="general")
    address = f"/positions/{position_id}/candidates?category=at_risk"
    assert _names(sign_in("clerk").get(address).text) == 1
    seen = sign_in("recruiter", organisation=organisation).get(address).text
    assert _names(seen) == 2, "a recruiter's filter by category has no effect"
    assert 'name="category"' not in seen


def test_no_filter_asks_for_age_or_sex(sign_in: SignIn, position_id: int) -> None:
    page = sign_in("clerk").get(f"/positions/{position_id}/candidates").text
    names = set(re.findall(r'name="(\w+)"', page))
    assert {"education", "score", "free_by", "asked", "category"} <= names
    assert not names & {"age", "age_from", "age_to", "sex", "ethnic_group"}


def test_people_with_the_same_score_share_a_place(
    make: Make, sign_in: SignIn, position_id: int
) -> None:
    for n in (1, 2):
        make.seeker(n)
    page = sign_in("clerk").get(f"/positions/{position_id}/candidates").text
    assert page.count('>1<span class="jf-tie"') == 2


def test_an_office_finds_a_person_among_the_candidates_without_a_name_in_the_address(
    make: Make, sign_in: SignIn, position_id: int
) -> None:
    for n in (1, 2, 3):
        make.seeker(n)
    clerk = sign_in("clerk")
    address = f"/positions/{position_id}/candidates"
    answer = clerk.post(f"{address}/search", data={"text": person(2).id_number})
    assert answer.status_code == 303
    assert person(2).id_number not in answer.location
    assert _names(clerk.get(answer.location).text) == 1


def test_a_recruiter_cannot_search_by_name(
    make: Make, sign_in: SignIn, organisation: int, position_id: int
) -> None:
    make.seeker(1)
    recruiter = sign_in("recruiter", organisation=organisation)
    address = f"/positions/{position_id}/candidates"
    assert recruiter.post(f"{address}/search", data={"text": "x"}).status_code == 403
    assert 'name="text"' not in recruiter.get(address).text


def test_candidates_are_downloaded_masked_and_the_download_is_recorded(
    database: Database, make: Make, sign_in: SignIn, organisation: int, position_id: int
) -> None:
    make.seeker(1, education="71")
    make.seeker(2, education="31")
    recruiter = sign_in("recruiter", organisation=organisation)
    address = f"/positions/{position_id}/candidates/export"
    answer = recruiter.get(f"{address}/csv?education=31")
    lines = answer.get_data(as_text=True).strip().splitlines()
    assert len(lines) == 2, "the head and the one the filter keeps"
    assert holds_personal_data(answer.get_data(as_text=True)) is None
    assert recruiter.get(f"{address}/xlsx").data.startswith(b"PK")
    assert recruiter.get(f"{address}/pdf").status_code == 404
    with database.reading() as session:
        query = select(AuditEntry).where(AuditEntry.action == "candidates.download")
        found = session.execute(query.order_by(AuditEntry.seq)).scalars()
        entries = [(entry.subject_id, entry.detail) for entry in found]
    assert entries == [
        (position_id, {"rows": 1, "kind": "csv"}),
        (position_id, {"rows": 2, "kind": "xlsx"}),
    ]


def test_positions_of_a_person_are_narrowed_at_the_counter(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    employer = make_employer(database)
    make_position(database, employer, lodging=True, night_shift=False)
    make_position(database, employer, lodging=False, night_shift=True)
    seeker_id = make.seeker(1)
    clerk = sign_in("clerk")
    address = f"/seekers/{seeker_id}/positions"
    assert _names(clerk.get(address).text) == 2
    assert _names(clerk.get(f"{address}?lodging=1").text) == 1
    assert _names(clerk.get(f"{address}?days=1").text) == 1
    assert _names(clerk.get(f"{address}?wage=1000000").text) == 0
    assert _names(clerk.get(f"{address}?place=52").text) == 0
    assert "No suitable position fits this filter" in clerk.get(f"{address}?place=52").text


def test_the_slip_is_chinese_and_holds_what_was_ticked(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    employer = make_employer(database)
    titles = ("电子装配工", "缝纫工", "焊工")
    ids = [make_position(database, employer, title=title) for title in titles]
    seeker_id = make.seeker(1)
    clerk = sign_in("clerk")
    address = f"/seekers/{seeker_id}/positions/slip"
    page = clerk.get(f"{address}?position={ids[0]}&position={ids[2]}").text
    assert '<html lang="zh-CN">' in page
    assert "岗位推荐单" in page
    assert [title in page for title in titles] == [True, False, True]
    assert holds_personal_data(page) is None
    assert all(title in clerk.get(address).text for title in titles), "without a tick, the best"


def test_who_is_at_work_is_told_so_once(database: Database, make: Make, sign_in: SignIn) -> None:
    for n in range(3):
        make_position(database, make_employer(database), title=f"普工{n}")
    seeker_id = make.seeker(1)
    draft = PlacementDraft(
        "某电子厂", channel=Channel.ORGANISED, started_on=clock.today(), workplace_division="440306"
    )
    with database.writing() as session:
        record_placement(session, seeker_id, draft, Recorder())
    page = sign_in("clerk").get(f"/seekers/{seeker_id}/positions").text
    assert page.count("The person is on post already.") == 1
    assert "Record the end of the present placement." in page


def test_the_pair_page_says_what_each_part_means_and_what_would_raise_it(
    make: Make, sign_in: SignIn, position_id: int
) -> None:
    seeker_id = make.seeker(1, wage_min=99_000_00)
    page = sign_in("clerk").get(f"/seekers/{seeker_id}/positions/{position_id}").text
    assert "The pay is far below what the person asks for." in page
    assert "Ask the person for the lowest pay they accept" in page
