"""Pages of batches: plan, roster, refusals that name people, files, sheets, a phone's calls."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from jobfair.departures.rules.scans import Job, Kind
from jobfair.departures.rules.states import Payer, State
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.ids import new_key
from tests.departures.factory import (
    make_batch,
    make_phone,
    make_traveller,
    move,
    put_on,
    riders,
    row,
)
from tests.planted import person
from tests.seekers.factory import make_seeker

SignIn = Callable[..., FlaskClient]
_PLAN = {
    "origin": "毕节汽车站",
    "destination": "深圳宝安",
    "mode": "coach",
    "departs_on": "2010.3.8",
    "arrives_on": "2010-03-09",
    "carrier": "毕节客运",
    "carrier_licence": "5224",
    "cost": "9000.50",
    "payer": "receiving_office",
    "policy_number": "PICC-1",
    "pick_up": "宝安汽车站",
}


@pytest.fixture
def clerk(sign_in: SignIn) -> FlaskClient:
    """The clerk of a county."""
    return sign_in("clerk", division="520502")


def test_a_clerk_plans_a_journey_and_sees_what_it_still_lacks(
    database: Database, clerk: FlaskClient
) -> None:
    for name, wrong in (("cost", "12.345"), ("arrives_on", "2010-03-07"), ("departs_on", "3月初")):
        answer = clerk.post("/departures/new", data=_PLAN | {name: wrong})
        assert answer.status_code == 422
        assert 'value="毕节汽车站"' in answer.text
    answer = clerk.post("/departures/new", data=_PLAN)
    address = answer.location
    batch = int(address.rsplit("/", 1)[1])
    assert row(database, batch).cost_fen == 900_050
    assert "Still missing: vehicles and their seats" in clerk.get(address).text
    answer = clerk.post(f"{address}/move", data={"to": "open"})
    assert answer.status_code == 409
    assert "at least one stop" in answer.text
    vehicle = {"part": "vehicle", "plate": "贵F00001", "seats": "45"}
    assert clerk.post(f"{address}/add", data=vehicle).status_code == 303
    assert clerk.post(f"{address}/add", data=vehicle).status_code == 422
    stop = {"part": "stop", "division": "520502", "place": "车站", "leaves_at": "7：30"}
    clerk.post(f"{address}/add", data=stop)
    driver = {"part": "contact", "role": "driver", "person": "赵师傅", "phone": "13900000000"}
    answer = clerk.post(f"{address}/add", data=driver)
    assert answer.status_code == 422
    assert "Choose the vehicle" in answer.text
    clerk.post(f"{address}/move", data={"to": "open"})
    page = clerk.get(address).text
    assert "07:30" in page
    assert "Still missing: two drivers of each coach" in page
    assert clerk.post(f"{address}/edit", data=_PLAN | {"cost": "8000"}).status_code == 303
    assert row(database, batch).cost_fen == 800_000


def test_46_riders_on_45_seats_are_refused_by_name_and_then_locked(
    database: Database, clerk: FlaskClient
) -> None:
    batch = make_batch(database, 2)
    for n in range(1, 4):
        make_traveller(database, n)
    page = clerk.post(f"/departures/{batch}/candidates", data={"all": "1"}, follow_redirects=True)
    assert "3 put on the roster" in page.text
    page = clerk.post(f"/departures/{batch}/seats", follow_redirects=True)
    assert "1 have no seat" in page.text
    clerk.post(f"/departures/{batch}/insured")
    answer = clerk.post(f"/departures/{batch}/move", data={"to": "locked"})
    [out] = [one for one in riders(database, batch) if one.seat is None]
    assert answer.status_code == 409
    assert "1 more on the roster than there are seats" in answer.text
    assert f"{out.person.name} {out.person.id_number[-4:]}" in answer.text
    address = f"/departures/{batch}/roster"
    nothing = clerk.post(address, data={"deed": "off"}, follow_redirects=True)
    assert "Choose people" in nothing.text
    clerk.post(address, data={"deed": "off", "rider": out.id, "reason": "withdrew"})
    clerk.post(f"/departures/{batch}/insured")
    assert clerk.post(f"/departures/{batch}/move", data={"to": "locked"}).status_code == 303
    again = clerk.post(f"/departures/{batch}/move", data={"to": "locked"})
    assert "now in another state" in again.text


def test_a_departure_to_come_is_offered_as_planned(database: Database, clerk: FlaskClient) -> None:
    batch = make_batch(database)
    put_on(database, batch, make_traveller(database, 1))
    move(database, batch, State.LOCKED)
    day = (clock.today() + timedelta(days=5)).isoformat()
    answer = clerk.post(f"/departures/{batch}/move", data={"to": "departed", "day": day})
    assert answer.status_code == 422
    assert "Keep it as planned" in answer.text
    clerk.post(f"/departures/{batch}/postpone", data={"day": day})
    found = row(database, batch)
    assert (found.state, found.departs_on.isoformat()) == (State.LOCKED, day)
    assert found.arrives_on - found.departs_on == timedelta(days=1)


def test_numbers_open_to_names_and_gaps_are_settled_by_hand(
    database: Database, clerk: FlaskClient
) -> None:
    batch = make_batch(database)
    one, two = put_on(database, batch, *(make_traveller(database, n) for n in (1, 2)))
    move(database, batch, State.LOCKED)
    address = f"/departures/{batch}/roster"
    clerk.post(address, data={"deed": "boarded", "rider": one})
    clerk.post(f"/departures/{batch}/move", data={"to": "departed", "day": "2010-03-08"})
    names = {one.id: one.person.name for one in riders(database, batch)}
    aboard = clerk.get(f"{address}?rung=boarded").text
    assert names[one] in aboard
    missing = clerk.get(f"{address}?gap=not_boarded").text
    assert f"rider-{two}" in missing
    assert f"rider-{one}" not in missing
    assert "nobody saw them board" in clerk.get(f"/departures/{batch}").text
    clerk.post(address, data={"deed": "off", "rider": two, "reason": "no_show"})
    today = clerk.get("/").text
    assert "journeys should have left and are not settled" in today
    assert "people did not come to a departure and wait" in today
    assert row(database, batch).number in clerk.get("/departures/?unsettled=1").text
    waiting = clerk.get("/departures/waiting?missed=1").text
    assert names[two] in waiting
    assert row(database, batch).number in waiting
    refused = clerk.post(
        address, data={"deed": "off", "rider": one, "reason": "no_show"}, follow_redirects=True
    )
    assert "was seen boarding" in refused.text
    clerk.post(address, data={"deed": "arrived", "rider": one})
    for left in ({Kind.BOARDED}, set()):  # whoever arrived had boarded; taken back twice
        clerk.post(address, data={"deed": "take_back", "rider": one})
        assert next(set(r.seen) for r in riders(database, batch) if r.id == one) == left
    again = clerk.post(address, data={"deed": "take_back", "rider": one}, follow_redirects=True)
    assert "Taken back for 0" in again.text


def test_companions_minors_and_seats_are_noted_on_the_roster(
    database: Database, clerk: FlaskClient
) -> None:
    batch = make_batch(database, 3)
    [young] = put_on(database, batch, make_traveller(database, 1, born=date(1993, 6, 1)))
    make_seeker(database, 2)
    number = person(2, division="520502", born=date(1990, 5, 17)).id_number
    companion = {"found": number, "company": "accompanying"}
    page = clerk.post(f"/departures/{batch}/companions", data=companion, follow_redirects=True).text
    assert "Put on the roster" in page
    nobody = clerk.post(
        f"/departures/{batch}/companions",
        data=companion | {"found": "13700000000"},
        follow_redirects=True,
    )
    assert "0 people are meant" in nobody.text
    address = f"/departures/{batch}/roster"
    assert "consent missing" in clerk.get(address).text
    clerk.post(address, data={"deed": "consent", "rider": young, "day": "2010-03-01"})
    page = clerk.get(address).text
    assert "guardian agreed on 2010-03-01" in page
    [vehicle] = {one.vehicle_id for one in riders(database, batch) if one.vehicle_id}
    seat = {"deed": "seat", "rider": young, "vehicle": vehicle, "seat": "3"}
    clerk.post(address, data=seat)
    assert next(one.seat for one in riders(database, batch) if one.id == young) == 3
    assert (
        "seats 1 to 3" in clerk.post(address, data=seat | {"seat": "4"}, follow_redirects=True).text
    )


def test_sheets_to_print_show_names_and_seats_and_are_recorded(
    database: Database, clerk: FlaskClient
) -> None:
    batch = make_batch(database)
    put_on(database, batch, make_traveller(database, 1))
    move(database, batch, State.LOCKED)
    who = person(1, division="520502", born=date(1990, 5, 17))
    for sheet in ("roster", "contacts", "cards"):
        page = clerk.get(f"/departures/{batch}/print/{sheet}").text
        assert who.name in page
        assert who.id_number not in page
    assert "<svg" in page
    assert who.name not in clerk.get(f"/departures/{batch}/roster").text
    other = clerk.get(f"/departures/{batch}/roster/export/csv").text
    assert who.name not in other
    assert "9000" in other


def test_another_countys_batches_are_not_there(database: Database, sign_in: SignIn) -> None:
    batch = make_batch(database)
    number = row(database, batch).number
    stranger, above = sign_in("clerk", division="520521"), sign_in("clerk", division="5205")
    assert number not in stranger.get("/departures/").text
    assert stranger.get(f"/departures/{batch}").status_code == 404
    assert number in above.get("/departures/?state=open&mode=coach&since=2010-03-01&text=宝安").text
    assert number not in above.get("/departures/?until=2010-03-01").text


def test_a_phone_is_paired_once_and_tells_what_it_may(
    database: Database, clerk: FlaskClient, client: FlaskClient
) -> None:
    batch = make_batch(database)
    [rider] = put_on(database, batch, make_traveller(database, 1))
    page = clerk.post(
        f"/departures/{batch}/phones", data={"name": "一号车", "job": "boarding"}
    ).text
    code = page.split('class="jf-code">')[1].split("<")[0]
    told = client.post("/station/batch/pair", json={"code": code}).get_json()
    assert client.post("/station/batch/pair", json={"code": code}).status_code == 422
    secret = {"Authorization": f"Bearer {told['secret']}"}
    known = client.get("/station/batch/roster", headers=secret).get_json()
    assert [one["id"] for one in known["riders"]] == [rider]
    assert person(1, division="520502", born=date(1990, 5, 17)).name not in str(known)
    record = {
        "id": new_key(),
        "seq": 1,
        "kind": "boarded",
        "rider": rider,
        "at": clock.milliseconds(clock.now()),
    }
    for _ in range(2):
        answer = client.post("/station/batch/records", headers=secret, json={"records": [record]})
        assert answer.get_json()["answers"] == [{"id": record["id"], "result": "done"}]
    wrong = client.post("/station/batch/records", headers=secret, json={"records": [{}]})
    assert wrong.get_json()["error"] == "record_unreadable"
    # A phone of a batch is none of a fair, and the other way round.
    assert client.get("/station/self", headers=secret).status_code == 401
    assert Kind.BOARDED in riders(database, batch)[0].seen
    station = (
        clerk.get(f"/departures/{batch}/phones").text.split('name="id" value="')[1].split('"')[0]
    )
    clerk.post(f"/departures/{batch}/phones/revoke", data={"id": station})
    assert client.get("/station/batch/roster", headers=secret).status_code == 401


def test_a_phone_for_arrival_is_no_phone_for_boarding(
    app: Flask, database: Database, client: FlaskClient
) -> None:
    batch = make_batch(database)
    [rider] = put_on(database, batch, make_traveller(database, 1))
    phone = make_phone(database, batch, Job.ARRIVAL)
    record = {"id": new_key(), "seq": 1, "kind": "boarded", "rider": rider, "at": 1}
    client.post(
        "/station/batch/records",
        headers={"Authorization": f"Bearer {phone.secret}"},
        json={"records": [record]},
    )
    assert riders(database, batch)[0].seen == {}


def test_somebody_else_pays_for_single_riders_until_the_batch_is_settled(
    database: Database, clerk: FlaskClient
) -> None:
    batch = make_batch(database, cost_fen=100_000, payer=Payer.HOME_OFFICE)
    one, _two, three = put_on(database, batch, *(make_traveller(database, n) for n in (1, 2, 3)))
    address = f"/departures/{batch}/roster"
    told = {"deed": "payer", "rider": [one, three]}
    assert "Choose who pays" in clerk.post(address, data=told, follow_redirects=True).text
    page = clerk.post(address, data=told | {"payer": "employer"}, follow_redirects=True).text
    assert "Who pays is noted for 2." in page
    assert page.count("paid by The employer") == 2
    plan = clerk.get(f"/departures/{batch}").text
    assert "Paid by: The labour office at home, for 1" in plan
    assert "Paid by: The employer, for 2" in plan
    assert "666.67" in plan  # 333.34 and 333.33: together the whole
    rows = list(csv.reader(io.StringIO(clerk.get(f"{address}/export/csv").get_data(as_text=True))))
    assert sorted((row[18], row[19]) for row in rows[1:]) == [
        ("333.33", "The employer"),
        ("333.33", "The labour office at home"),
        ("333.34", "The employer"),
    ]
    clerk.post(address, data=told | {"payer": "home_office"})
    assert "paid by" not in clerk.get(address).text
    clerk.post(f"/departures/{batch}/move", data={"to": "cancelled", "reason": "no coach"})
    late = clerk.post(address, data=told | {"payer": "employer"}, follow_redirects=True)
    assert "not changed any more" in late.text
