"""The hall's figures come from the records, show nobody, and stand still once a fair is closed."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from jobfair.cards.queries import digests_in_force
from jobfair.cards.services import issue_cards
from jobfair.hall.queries import live, silent_stations
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.ids import new_key
from jobfair.offers import services as offers
from jobfair.stations.rules import Job
from jobfair.stations.services import add_station, offer_pairing, pair
from tests.factories import Make
from tests.offers.factory import make_offering
from tests.planted import holds_personal_data

SignIn = Callable[..., FlaskClient]
FAIR = "/fairs/2010-spring"


@pytest.fixture
def fair(database: Database) -> tuple[int, list[int]]:
    """A fair with a full and an empty position."""
    return make_offering(database, [1, 40])


@pytest.fixture
def gate(database: Database, client: FlaskClient, fair: tuple[int, list[int]], make: Make) -> str:
    """A paired gate through which four of five people have come, one of them gone again."""
    people = [make.seeker(n) for n in range(1, 6)]
    with database.writing() as session:
        issue_cards(session, people)
        secret = pair(session, offer_pairing(session, add_station(session, fair[0], "A", Job.GATE)))
        offers.offer(session, fair[0], fair[1][0], people[0], key=new_key())
    with database.reading() as session:
        cards = digests_in_force(session)
    _send(client, secret.secret, [("in", card) for card in cards[:4]] + [("out", cards[3])])
    return secret.secret


def _send(client: FlaskClient, secret: str, records: list[tuple[str, bytes]]) -> None:
    now = round(clock.now().timestamp() * 1000)
    sent = [
        {"id": new_key(), "seq": seq, "kind": kind, "card": card.hex(), "at": now + seq}
        for seq, (kind, card) in enumerate(records, 1)
    ]
    answer = client.post(
        "/station/records", json={"records": sent}, headers={"Authorization": f"Bearer {secret}"}
    )
    assert answer.status_code == 200, answer.text


@pytest.mark.usefixtures("gate")
def test_the_screen_tells_figures_and_nobody(
    database: Database, fair: tuple[int, list[int]], sign_in: SignIn
) -> None:
    with database.reading() as session:
        told = live(session, fair[0], clock.now())
    assert told["figures"]["persons"] == 4
    assert told["figures"]["entries"] == 4
    assert told["figures"]["offers"] == 1
    assert told["figures"]["left"] == 40
    assert sum(told["arrivals"]) == 4
    assert [one["left"] for one in told["wanted"]] == [0]
    assert [one["left"] for one in told["empty"]] == [40]
    staff = sign_in("staff")
    for path in ("screen", "live.json"):
        page = staff.get(f"{FAIR}/{path}")
        assert page.status_code == 200
        assert holds_personal_data(page.text) is None
        assert "李" not in page.text  # not even masked
    assert staff.get(f"{FAIR}/console").status_code == 403


def test_an_entry_taken_back_is_no_arrival_any_more(
    database: Database, client: FlaskClient, fair: tuple[int, list[int]], gate: str
) -> None:
    with database.reading() as session:
        wrong = session.execute(text("SELECT id FROM gate_record WHERE sequence = 1")).scalar_one()
    now = clock.milliseconds(clock.now())
    undo = {"id": new_key(), "seq": 9, "kind": "undo", "target": wrong, "at": now}
    client.post(
        "/station/records", json={"records": [undo]}, headers={"Authorization": f"Bearer {gate}"}
    )
    with database.reading() as session:
        assert sum(live(session, fair[0], clock.now())["arrivals"]) == 3


@pytest.mark.usefixtures("gate")
def test_the_stream_tells_the_state_and_too_many_are_asked_to_poll(sign_in: SignIn) -> None:
    staff = sign_in("staff")
    opened = [staff.get(f"{FAIR}/live", buffered=False) for _ in range(4)]
    first = next(opened[0].iter_encoded()).decode()
    assert first.startswith("data: ")
    assert json.loads(first.removeprefix("data: "))["figures"]["persons"] == 4
    assert opened[0].mimetype == "text/event-stream"
    refused = staff.get(f"{FAIR}/live")
    assert refused.status_code == 503
    for one in opened:
        one.close()
    again = staff.get(f"{FAIR}/live", buffered=False)
    assert again.status_code == 200
    again.close()


def test_a_station_nobody_hears_is_shown(
    database: Database, fair: tuple[int, list[int]], gate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert gate
    now = clock.now()
    with database.reading() as session:
        assert silent_stations(session, fair[0], now) == []
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=90))
    with database.reading() as session:
        assert [one.name for one in silent_stations(session, fair[0], clock.now())] == ["A"]


def test_an_announcement_reaches_screens_and_stations_until_it_is_over(
    client: FlaskClient, gate: str, sign_in: SignIn
) -> None:
    manager = sign_in("manager")
    empty = manager.post(f"{FAIR}/console", data={"zh": " ", "en": "Bus leaves at three"})
    assert empty.status_code == 422
    assert "Bus leaves at three" in empty.text
    manager.post(f"{FAIR}/console", data={"zh": "大巴三点发车", "en": "Bus leaves at three"})
    headers = {"Authorization": f"Bearer {gate}"}
    told = client.get("/station/notices", headers=headers).json
    assert told == {"notices": [{"id": 1, "zh": "大巴三点发车", "en": "Bus leaves at three"}]}
    assert "Bus leaves at three" in manager.get(f"{FAIR}/console").text
    manager.post("/announcements/1/end")
    assert client.get("/station/notices", headers=headers).json == {"notices": []}
    assert manager.post("/announcements/99/end").status_code == 404


@pytest.mark.usefixtures("gate")
def test_who_fits_an_empty_position_and_is_inside_can_be_called_in(sign_in: SignIn) -> None:
    page = sign_in("manager").get(f"{FAIR}/call-in")
    assert page.status_code == 200
    assert "3 people are in the hall" in page.text
    assert "40 of 40 posts left" in page.text
    assert holds_personal_data(page.text) is None


def test_a_closed_fairs_figures_stand_still_beside_what_comes_later(
    database: Database, client: FlaskClient, gate: str, sign_in: SignIn
) -> None:
    manager = sign_in("manager")
    before = manager.get(f"{FAIR}/close").text
    assert "1 offers nobody has answered" in before
    manager.post(f"{FAIR}/close")
    with database.reading() as session:
        late = digests_in_force(session)[4]
    now = round(clock.now().timestamp() * 1000)
    record = {"id": new_key(), "seq": 99, "kind": "in", "card": late.hex(), "at": now}
    client.post(
        "/station/records", json={"records": [record]}, headers={"Authorization": f"Bearer {gate}"}
    )
    manager.post(f"{FAIR}/close")  # a second time freezes nothing anew
    page = " ".join(manager.get(f"{FAIR}/close").text.split())
    row = page[page.index("People checked in") :]
    assert row.index(">4<") < row.index(">5<")
    manager.post(f"{FAIR}/close", data={"again": "1"})
    assert "The figures are frozen" not in manager.get(f"{FAIR}/close").text


@pytest.mark.usefixtures("gate")
def test_an_employers_list_is_printed_and_its_signature_noted(sign_in: SignIn, make: Make) -> None:
    manager = sign_in("manager")
    assert manager.get(f"{FAIR}/results?employer=1").status_code == 200
    manager.post(f"{FAIR}/signatures", data={"employer": "1", "signed": "1"})
    assert "Not signed after all" in manager.get(f"{FAIR}/close").text
    manager.post(f"{FAIR}/signatures", data={"employer": "1", "signed": "0"})
    assert "Not signed after all" not in manager.get(f"{FAIR}/close").text
    assert manager.post(f"{FAIR}/signatures", data={"employer": "77"}).status_code == 404
    stranger = sign_in("recruiter", organisation=make.organisation("employer"))
    assert stranger.get(f"{FAIR}/results?employer=1").status_code == 404
