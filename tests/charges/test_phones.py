"""The phone screens of a village collector and of a station's liaison, and an office's list."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from jobfair.follow_ups.queries.calls import list_follow_ups
from jobfair.kit import clock
from jobfair.kit.audit import AuditEntry
from jobfair.kit.db import Database
from jobfair.kit.events.rules import Recorder
from jobfair.ownership.services import accept
from jobfair.placements.queries import find_placement, person_lines
from jobfair.seekers.queries import find_seeker
from jobfair.seekers.services import reveal_seeker, withdraw_consent
from tests.factories import Make
from tests.ownership.factory import make_station, offered
from tests.placements.factory import make_placement
from tests.planted import person
from tests.seekers.factory import draft

SignIn = Callable[..., FlaskClient]
TODAY = clock.today()
FIRST = TODAY - timedelta(days=30)
VILLAGE = "520502001"


@pytest.fixture
def collector(sign_in: SignIn) -> FlaskClient:
    return sign_in("collector", division="520502")


def phone_of(database: Database, seeker_id: int) -> str | None:
    with database.writing() as session:
        return reveal_seeker(session, seeker_id, reason="check").phone


def test_a_collector_sees_the_own_village_only_and_masked(
    make: Make, collector: FlaskClient
) -> None:
    near = make.seeker(1, home_division=VILLAGE, village="大坝村")
    far = make.seeker(2, home_division="520502002", village="别的村")
    page = collector.get("/village").text
    assert "大坝村" in page
    assert "别的村" not in page
    assert person(1).name not in page
    assert person(1).phone not in page
    assert collector.get(f"/village/{near}").status_code == 200
    for path in (f"/village/{far}", f"/village/{far}/gone", f"/village/{far}/number"):
        assert collector.get(path).status_code == 404
    for closed in ("/seekers", "/placements/", "/follow-ups", "/charges"):
        assert collector.get(closed).status_code in {308, 403}
    found = collector.post("/village/search", data={"text": person(1).name})
    assert person(1).name not in found.location
    assert "大坝村" in collector.get(found.location).text
    other = collector.post("/village/search", data={"text": "没有这个人"}, follow_redirects=True)
    assert "Nobody found" in other.text


def test_a_neighbour_is_registered_with_consent_and_once(
    database: Database, make: Make, collector: FlaskClient
) -> None:
    who = draft(7)
    typed = {"id_number": who.id_number.text, "name": who.name, "phone": "", "wish": "普工"}
    refused = collector.post("/village/new", data=typed)
    assert refused.status_code == 422
    assert "must agree" in refused.text
    assert 'value="普工"' in refused.text
    wrong = typed | {"id_number": who.id_number.text[:-1], "phone": "12", "agreed": "y"}
    assert collector.post("/village/new", data=wrong).text.count("govuk-error-message") == 2
    made = collector.post("/village/new", data=typed | {"agreed": "y"})
    seeker = int(made.location.rsplit("/", 1)[1])
    again = typed | {"agreed": "y", "village": "大坝村"}
    assert (
        "Registered before"
        in collector.post("/village/new", data=again, follow_redirects=True).text
    )
    with database.reading() as session:
        row = find_seeker(session, seeker)
        assert row
        assert (row.row.home_division, row.row.village) == (VILLAGE, "大坝村")
    other = draft(8, home_division="520521001")
    make.seeker(8, home_division="520521001")
    taken = typed | {"id_number": other.id_number.text, "agreed": "y"}
    assert "registered by another office" in collector.post("/village/new", data=taken).text


def test_a_collector_tells_who_went_out_came_home_and_has_a_new_number(
    database: Database, make: Make, collector: FlaskClient
) -> None:
    seeker = make.seeker(1, home_division=VILLAGE)
    page = f"/village/{seeker}"
    assert (
        "No work of this person"
        in collector.post(
            f"{page}/returned", data={"since": TODAY.isoformat(), "reason": "final", "way": "visit"}
        ).text
    )
    gone = {"way": "relative", "relative": "", "workplace": "深圳市宝安区", "since": str(FIRST)}
    assert "深圳市宝安区" in collector.post(f"{page}/gone", data=gone | {"since": "昨天"}).text
    assert collector.post(f"{page}/gone", data=gone).status_code == 303
    twice = collector.post(f"{page}/gone", data=gone)
    assert twice.status_code == 422
    assert "on post at" in twice.text
    with database.reading() as session:
        [line] = person_lines(session, seeker)
    assert (line.workplace_division, line.channel) == ("440306", "self_arranged")
    said = {"way": "relative", "relative": "母亲", "since": str(TODAY), "goes_again": "y"}
    unnamed = collector.post(f"{page}/returned", data=said | {"relative": ""})
    assert "which relative" in unnamed.text
    assert collector.post(f"{page}/returned", data=said).status_code == 303
    with database.reading() as session:
        found = find_placement(session, line.id)
        assert found
        assert (found.state.ended_on, found.state.end_reason) == (TODAY, "seasonal")
        [row] = list_follow_ups(session, line.id)
        assert (row.grade, row.relative) == ("D", "母亲")
    assert "11 digits" in collector.post(f"{page}/number", data={"phone": "12345"}).text
    assert collector.post(f"{page}/number", data={"phone": "139 0000 0001"}).status_code == 303
    assert phone_of(database, seeker) == "13900000001"
    assert collector.post(f"{page}/contact", data={"way": "visit"}).status_code == 303
    with database.writing() as session:
        withdraw_consent(session, seeker)
    assert "not in use" in collector.post(f"{page}/contact", data={"way": "visit"}).text


def held(database: Database, station: int) -> None:
    waiting = offered(database, station)
    with database.writing() as session:
        accept(session, waiting, Recorder())


def test_a_liaison_meets_who_arrives_and_asks_who_is_due(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    station = make_station(database, "440306")
    coming = make_placement(database, make.seeker(1), started_on=None, departed_on=TODAY)
    due = make_placement(database, make.seeker(2), started_on=FIRST, employer_name="到期厂")
    make_placement(
        database, make.seeker(3), started_on=FIRST, workplace_division="4401", employer_name="别处"
    )
    liaison = sign_in("liaison", organisation=station)
    assert liaison.get(f"/liaison/{due}").status_code == 404, "not accepted, not the station's"
    assert "wait to be accepted" in liaison.get("/").text
    held(database, station)
    page = liaison.get("/liaison").text
    assert page.index("On the way") < page.index("到期厂")
    assert "别处" not in page
    for step in ("arrived", "on_post"):
        assert liaison.post(f"/liaison/{coming}", data={"step": step}).status_code == 303
    again = liaison.post(f"/liaison/{coming}", data={"step": "arrived"})
    assert again.status_code == 422
    assert "recorded already" in again.text
    assert "Press one of the buttons" in liaison.post(f"/liaison/{coming}", data={"step": "x"}).text
    with database.reading() as session:
        line = find_placement(session, coming)
        assert line
        assert (line.state.arrived_on, line.state.on_post_on) == (TODAY, TODAY)
    assert liaison.post(f"/liaison/{due}", data={"step": "unreached"}).status_code == 303
    seen = re.search(r'name="seen" value="(\d+)"', liaison.get(f"/liaison/{due}").text)
    assert seen
    well = {"step": "still", "seen": seen[1]}
    assert liaison.post(f"/liaison/{due}", data=well).status_code == 303
    double = liaison.post(f"/liaison/{due}", data=well)
    assert double.status_code == 422
    assert "was recorded at" in double.text
    assert "到期厂" not in liaison.get("/liaison").text


def test_a_problem_opens_a_case_and_who_left_is_the_homes_again(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    station = make_station(database, "440306")
    placement = make_placement(database, make.seeker(1), started_on=FIRST)
    held(database, station)
    liaison = sign_in("liaison", organisation=station)
    wrong = f"/liaison/{placement}/problem"
    assert "Choose at least one problem" in liaison.post(wrong, data={"note": "欠薪"}).text
    typed = {"problems": ["unpaid_wages"], "note": "欠两个月"}
    assert liaison.post(wrong, data=typed).status_code == 303
    clerk = sign_in("clerk", division="520502")
    assert "Unpaid wages" in clerk.get("/rights-cases").text
    left = f"/liaison/{placement}/left"
    refused = liaison.post(left, data={"outcome": "returned_final", "since": str(TODAY)})
    assert "Choose a reason that belongs" in refused.text
    gone = {"outcome": "unemployed_away", "since": str(TODAY), "reason": "layoff"}
    assert liaison.post(left, data=gone).status_code == 303
    assert liaison.get(f"/liaison/{placement}").status_code == 404


def test_a_liaison_dials_and_the_look_is_recorded(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    station = make_station(database, "440306")
    placement = make_placement(database, make.seeker(1), started_on=FIRST)
    held(database, station)
    liaison = sign_in("liaison", organisation=station)
    assert "tel:" not in liaison.get(f"/liaison/{placement}").text
    assert re.search(r'href="tel:\d{11}"', liaison.post(f"/liaison/{placement}/phone").text)
    with database.reading() as session:
        looks = select(AuditEntry.detail).where(AuditEntry.action == "seeker.unmask")
        assert [one["reason"] for one in session.execute(looks).scalars()] == ["follow_up"]


def test_an_office_lists_whom_it_owns_by_state_county_employer_and_overdue(
    database: Database, make: Make, sign_in: SignIn
) -> None:
    station = make_station(database, "440306")
    make.seeker(1)
    make_placement(database, make.seeker(2), started_on=FIRST, employer_name="已移交厂")
    held(database, station)
    make_placement(
        database,
        make.seeker(3),
        started_on=TODAY - timedelta(days=20),
        workplace_division="4401",
        employer_name="广州厂",
    )
    make.seeker(4, home_division="520521001")
    clerk = sign_in("clerk", division="520502")

    def listed(query: str, browser: FlaskClient = clerk) -> int:
        assert browser.get(f"/charges?{query}").status_code == 200
        return len(browser.get(f"/charges/export/csv?{query}").text.splitlines()) - 1

    assert listed("") == 2
    assert listed("owner=any") == 3
    assert listed("owner=station") == 1
    assert listed("state=working") == 1
    assert listed("state=not_working") == 1
    assert listed("employer=广州") == 1
    assert listed("overdue=1") == 1
    assert listed("county=520521") == 0
    assert "No" in clerk.get("/charges?county=520521").text
    liaison = sign_in("liaison", organisation=station)
    assert listed("", liaison) == 1
    assert listed("owner=home", liaison) == 0
    assert "已移交厂" not in clerk.get("/follow-ups").text, "the station asks"
    assert "已移交厂" in clerk.get("/follow-ups?owner=station").text
    assert "已移交厂" in clerk.get("/follow-ups?owner=any").text
