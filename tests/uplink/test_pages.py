"""What the manager sees and does at both servers, signed in at the hall as elsewhere."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from jobfair.uplink import courier
from tests.factories import Make
from tests.planted import holds_personal_data
from tests.uplink.hall import ADDRESS, Line

PAGE = "/fairs/2010-spring/uplink"


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_manager_hands_over_watches_and_hands_back(
    line: Line, app: Flask, hall_app: Flask, make: Make
) -> None:
    user = make.user("manager")

    def signed_in(at: Flask) -> FlaskClient:
        client = at.test_client()
        client.set_cookie("language", "en")
        said = {"login": user.login, "password": make.password}
        assert client.post("/sign-in", data=said).status_code == 302
        return client

    office = signed_in(app)
    assert "Hand the day to a laptop" in office.get(PAGE).text
    assert office.post(f"{PAGE}/sync").status_code == 409
    assert office.post(f"{PAGE}/hand-over", data={"name": " "}).status_code == 422
    shown = office.post(f"{PAGE}/hand-over", data={"name": "laptop 1"})
    code = re.search(r"\d{4} \d{4}", shown.text)
    assert code
    assert "has not taken over yet" in office.get(PAGE).text
    with line.hall.at_work() as database:
        uplink = courier.pair(database, ADDRESS, code.group())
        courier.Courier(database).sync(uplink)
    page = office.get(PAGE)
    assert "laptop 1" in page.text
    assert holds_personal_data(page.text) is None
    for path in ("/fairs/2010-spring", "/fairs/2010-spring/stations", "/fairs/2010-spring/console"):
        assert "is run by laptop 1" in office.get(path).text
    assert office.post(f"{PAGE}/take-back", data={"reason": ""}).status_code == 422
    assert office.post(f"{PAGE}/return").status_code == 409
    with line.hall.at_work():
        hall = signed_in(hall_app)
        again = hall.post(f"{PAGE}/sync", follow_redirects=True)
        assert "Both servers are in step" in again.text
        line.cut = lambda _call: "before"
        down = hall.post(f"{PAGE}/sync", follow_redirects=True)
        assert "No line to" in down.text
        assert "Line down" in down.text
        line.cut = lambda _call: ""
        assert hall.post(f"{PAGE}/settle").status_code == 303
        ended = hall.post(f"{PAGE}/return", follow_redirects=True)
        assert "The prefecture runs the day again" in ended.text
    assert "Hand the day to a laptop" in office.get(PAGE).text
    assert "is run by" not in office.get("/fairs/2010-spring").text
