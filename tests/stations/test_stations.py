"""A device is paired once by a code, works until it is replaced or revoked, and says how it is."""

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.stations.rules import PAIRING_VALID
from tests.employers.factory import make_employer, make_position
from tests.fairs.factory import make_fair
from tests.venues.factory import make_booths

SignIn = Callable[..., FlaskClient]
PAGE = "/fairs/2010-spring/stations"


@pytest.fixture
def employer(database: Database) -> int:
    """An employer that takes part in the fair."""
    found = make_employer(database, name="龙岗电子厂")
    make_fair(database, [make_position(database, found)])
    return found


def _shown(manager: FlaskClient, station: int = 1) -> str:
    page = manager.post(f"/stations/{station}/pairing")
    found = re.search(r"\d{4} \d{4}", page.text)
    assert page.status_code == 200
    assert found
    return found.group()


def _pair(client: FlaskClient, code: str) -> dict[str, str]:
    answer = client.post("/station/pair", json={"code": code})
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json['secret']}"} if answer.json else {}


def _itself(client: FlaskClient, headers: dict[str, str]) -> tuple[int, object]:
    answer = client.get("/station/self", headers=headers)
    return answer.status_code, answer.json


@pytest.mark.usefixtures("employer")
def test_a_station_is_added_paired_replaced_and_revoked(
    sign_in: SignIn, client: FlaskClient
) -> None:
    manager = sign_in("manager")
    assert "No stations yet" in manager.get(PAGE).text
    added = manager.post(PAGE, data={"name": "Gate B", "job": "gate"}, follow_redirects=True)
    assert "Waits for a device" in added.text
    code = _shown(manager)
    device = _pair(client, code)
    itself = {
        "fair": 1,
        "station": 1,
        "name": "Gate B",
        "job": "gate",
        "employer": None,
        "present": True,
    }
    assert _itself(client, device) == (200, itself)
    assert "Paired" in manager.get(PAGE).text
    again = client.post("/station/pair", json={"code": code})
    assert (again.status_code, again.json and again.json["error"]) == (422, "pairing_code_wrong")
    other = _pair(client, _shown(manager))
    assert _itself(client, other) == (200, itself)
    revoked = manager.post("/stations/1/revoke", follow_redirects=True)
    assert "Gate B is revoked" in revoked.text


@pytest.mark.usefixtures("employer")
def test_a_revoked_station_is_refused_within_a_second(
    sign_in: SignIn, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = sign_in("manager")
    manager.post(PAGE, data={"name": "Gate B", "job": "gate"})
    device = _pair(client, _shown(manager))
    assert _itself(client, device)[0] == 200
    manager.post("/stations/1/revoke")
    monkeypatch.setattr("jobfair.stations.devices.time.monotonic", lambda: 10**9)
    status, told = _itself(client, device)
    assert status == 401
    assert isinstance(told, dict)
    assert told["error"] == "unknown_device"


@pytest.mark.usefixtures("employer")
@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer ", "Bearer x", "Basic eDp5", "x" * 500])
def test_who_shows_no_secret_is_no_device(client: FlaskClient, shown: str) -> None:
    assert _itself(client, {"Authorization": shown})[0] == 401


@pytest.mark.usefixtures("employer")
@pytest.mark.parametrize("sent", [{}, {"code": ""}, {"code": "1234"}, {"code": [1]}, [], "x", None])
def test_what_is_no_code_pairs_nothing(client: FlaskClient, sent: object) -> None:
    answer = client.post("/station/pair", json=sent)
    assert answer.status_code == 422
    assert answer.json
    assert answer.json["message"].startswith(("This code", "配对码"))


@pytest.mark.usefixtures("employer")
def test_a_code_is_good_for_minutes_and_the_last_one_counts(
    sign_in: SignIn, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = sign_in("manager")
    manager.post(PAGE, data={"name": "Desk 1", "job": "desk"})
    first, second = _shown(manager), _shown(manager)
    assert client.post("/station/pair", json={"code": first}).status_code == 422
    later = clock.now() + PAIRING_VALID + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.post("/station/pair", json={"code": second}).status_code == 422


@pytest.mark.usefixtures("employer")
def test_codes_cannot_be_tried_one_after_another(
    sign_in: SignIn, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = sign_in("manager")
    manager.post(PAGE, data={"name": "Gate B", "job": "gate"})
    code = _shown(manager)
    statuses = [client.post("/station/pair", json={"code": "00000000"}).status_code]
    statuses += [client.post("/station/pair", json={"code": "1"}).status_code for _ in range(30)]
    assert statuses == [422] * 30 + [429]
    assert client.post("/station/pair", json={"code": code}).status_code == 429  # not even now
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    tried = client.post("/station/pair", json={"code": "1"}, environ_base=elsewhere)
    assert tried.status_code == 422
    later = time.monotonic() + 16 * 60
    monkeypatch.setattr("jobfair.stations.devices.time.monotonic", lambda: later)
    _pair(client, code)


def test_a_booth_has_an_employer_of_the_fair(sign_in: SignIn, employer: int) -> None:
    manager = sign_in("manager")
    without = manager.post(PAGE, data={"name": "A1", "job": "booth"})
    assert without.status_code == 422
    assert "Choose the employer of the booth" in without.text
    data = {"name": "A1", "job": "booth", "employer": str(employer)}
    assert "龙岗电子厂" in manager.post(PAGE, data=data, follow_redirects=True).text
    same = manager.post(PAGE, data={"name": "A1", "job": "gate"})
    assert same.status_code == 422
    assert "already a station of this name" in same.text


@pytest.mark.usefixtures("employer")
def test_the_fairs_gates_and_booths_are_suggested_as_names(
    database: Database, sign_in: SignIn
) -> None:
    make_booths(database, "2010-spring", 1)
    manager = sign_in("manager")
    form = {
        "name": "春风行动招聘会",
        "code": "2010-spring",
        "starts_on": "2010-03-06",
        "ends_on": "2010-03-07",
        "venue": "毕节",
        "division_code": "5205",
        "gates": " 东门 \n\n西门\n东门",
    }
    assert manager.post("/fairs/2010-spring/edit", data=form).status_code == 303
    assert "东门\n西门</textarea>" in manager.get("/fairs/2010-spring/edit").text

    def suggested() -> list[str]:
        [listed] = re.findall(r"<datalist.*?</datalist>", manager.get(PAGE).text, re.DOTALL)
        return re.findall(r'value="([^"]+)"', listed)

    assert suggested() == ["东门", "西门", "A01"]
    assert manager.post(PAGE, data={"name": "东门", "job": "gate"}).status_code == 303
    assert suggested() == ["西门", "A01"]
    refused = manager.post("/fairs/2010-spring/edit", data=form | {"gates": "东" * 61})
    assert refused.status_code == 422
    assert "at most 40 gates" in refused.text
