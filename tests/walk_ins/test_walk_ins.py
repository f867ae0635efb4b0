"""A desk registers people with no network; what it sends is taken in once, and nothing is lost."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from jobfair.attendance.queries import Attendance, count_attendance
from jobfair.cards.rules import digest_of
from jobfair.kit.db import Database
from jobfair.kit.ids import new_key
from jobfair.stations.rules import Job
from jobfair.stations.services import add_station, offer_pairing, pair
from tests.factories import Make
from tests.offers.factory import make_offering
from tests.planted import holds_personal_data, person
from tests.walk_ins.desk import NINE, Desk

SignIn = Callable[..., FlaskClient]
PAGE = "/fairs/2010-spring/walk-ins"


@pytest.fixture
def fair(database: Database) -> int:
    """A fair."""
    return make_offering(database, [1])[0]


def _station(database: Database, client: FlaskClient, fair: int, name: str, job: Job) -> Desk:
    with database.writing() as session:
        station = add_station(session, fair, name, job)
        return Desk(client, pair(session, offer_pairing(session, station)).secret)


@pytest.fixture
def desk(database: Database, client: FlaskClient, fair: int) -> Desk:
    """A desk with key and blank cards."""
    made = _station(database, client, fair, "Desk 1", Job.DESK)
    made.prepare()
    return made


def _said(n: int, **more: Any) -> dict[str, Any]:
    who = person(n)
    plain = {"name": who.name, "id_number": who.id_number, "phone": who.phone, "agreed": True}
    return plain | more


def _seekers(database: Database) -> int:
    with database.reading() as session:
        return int(session.execute(text("SELECT COUNT(*) FROM seeker")).scalar_one())


def test_somebody_registered_apart_has_a_card_that_counts_from_the_first_scan(
    database: Database, fair: int, desk: Desk
) -> None:
    record = desk.register(_said(1, wishes="焊工"))
    entry = {"id": new_key(), "seq": 9, "kind": "in", "card": record["card"], "at": NINE}
    sent = desk.call("records", {"records": [entry]})  # the scan comes before the person
    assert [one["result"] for one in sent["answers"]] == ["unknown"]
    for result in ("registered", "known"):  # sent twice: the answer was lost
        assert desk.send(record) == [result]
    with database.reading() as session:
        assert count_attendance(session, fair) == Attendance(persons=1, entries=1, unknown=0)
    again = desk.call("records", {"records": [entry]})
    assert [one["result"] for one in again["answers"]] == ["new"]
    assert _seekers(database) == 1


def test_who_is_registered_already_gets_the_new_card_and_loses_the_old(
    database: Database, desk: Desk, make: Make
) -> None:
    who = make.seeker(1)
    assert desk.send(desk.register(_said(1))) == ["known"]
    first = desk.call("search", {"text": person(1).id_number})["people"]
    assert desk.send(desk.register(_said(1))) == ["known"]
    second = desk.call("search", {"text": person(1).id_number})["people"]
    assert first[0]["card"] != second[0]["card"]
    assert _seekers(database) == 1
    roster = desk.call("roster")
    assert len(base64.b64decode(roster["digests"])) == 2 * 16
    assert base64.b64decode(roster["void"]).hex() == first[0]["card"]
    assert who


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"id_number": person(1).id_number[:-1] + "@"}, "ID number"),
        ({"name": ""}, "name"),
        ({"agreed": False}, "must agree"),
        ({"agreed": "yes"}, "must agree"),
    ],
)
def test_what_cannot_be_registered_waits_for_the_office_and_is_completed(
    database: Database, desk: Desk, sign_in: SignIn, more: dict[str, Any], reason: str
) -> None:
    record = desk.register(_said(1, **more))
    assert desk.send(record) == ["to_complete"]
    assert desk.send(record) == ["to_complete"]
    assert _seekers(database) == 0
    office = sign_in("clerk")
    page = office.get(PAGE)
    assert "1 of them are to be completed" in page.text
    assert holds_personal_data(page.text) is None
    path = f"/walk-ins/{record['id']}"
    shown = office.get(path)
    assert reason in shown.text
    if "agreed" not in more:
        assert person(1).phone in shown.text  # what was typed is there, in clear
    wrong = office.post(path, data={"name": person(1).name, "id_number": "1", "phone": "138"})
    assert wrong.status_code == 422
    assert person(1).name in wrong.text
    right = {name: str(value) for name, value in _said(1).items()}
    done = office.post(path, data=right, follow_redirects=True)
    assert "the card they were given works" in done.text
    entry = {"id": new_key(), "seq": 99, "kind": "in", "card": record["card"], "at": NINE}
    sent = desk.call("records", {"records": [entry]})
    assert [one["result"] for one in sent["answers"]] == ["new"]
    with database.reading() as session:
        reads = session.execute(
            text("SELECT COUNT(*) FROM audit_entry WHERE action = 'seeker.unmask'")
        ).scalar_one()
    assert reads == 1
    assert office.get(path).status_code == 303  # nothing is left to complete


def test_an_envelope_of_elsewhere_or_of_another_record_opens_nothing(desk: Desk) -> None:
    record = desk.register(_said(1))
    other = desk.register(_said(2)) | {"sealed": record["sealed"]}
    assert desk.send(other) == ["to_complete"]
    broken = desk.register(_said(3)) | {"sealed": base64.b64encode(b"x" * 200).decode()}
    assert desk.send(broken) == ["to_complete"]
    assert desk.send(record) == ["registered"]


def test_a_blank_card_is_given_once(database: Database, desk: Desk) -> None:
    token = desk.cards[0]["token"]
    assert desk.send(desk.register(_said(1), card=token)) == ["registered"]
    assert desk.send(desk.register(_said(2), card=token)) == ["registered"]
    people = [desk.call("search", {"text": person(n).id_number})["people"][0] for n in (1, 2)]
    assert people[0]["card"] == digest_of(token).hex()
    assert people[1]["card"] not in {None, people[0]["card"]}  # a card of their own, to be printed
    with database.reading() as session:
        blanks = session.execute(text("SELECT COUNT(*) FROM blank_card")).scalar_one()
    assert blanks == 19


def test_a_desk_is_given_no_more_blank_cards_than_it_may_hold(desk: Desk) -> None:
    assert len(desk.cards) == 20
    assert len(desk.call("blank-cards", {"have": 15})["cards"]) == 5
    assert desk.call("blank-cards", {"have": 99})["cards"] == []
    assert desk.call("blank-cards", {"have": -1}, status=422)["error"] == "walk_in_unreadable"


@pytest.mark.parametrize("path", ["desk", "blank-cards", "walk-ins"])
def test_a_gate_registers_nobody(
    database: Database, client: FlaskClient, fair: int, path: str
) -> None:
    gate = _station(database, client, fair, "Gate A", Job.GATE)
    gate.call(path, None if path == "desk" else {}, status=404)


@pytest.mark.parametrize(
    "sent",
    [
        None,
        [1],
        [{"id": "x"}],
        [{"id": new_key(), "at": "9"}],
        [{"id": new_key(), "at": NINE, "card": "00", "sealed": ""}],
        [{"id": new_key(), "at": NINE, "card": "00" * 16, "sealed": "!"}],
        [{"id": new_key(), "at": NINE, "card": "00" * 16, "sealed": "A" * 20_000}],
    ],
)
def test_what_is_no_walk_in_is_refused_whole(desk: Desk, sent: object) -> None:
    answer = desk.call("walk-ins", {"records": sent}, status=422)
    assert answer["error"] == "walk_in_unreadable"
