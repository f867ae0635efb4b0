"""Somebody's own phone shows their day by the card's secret link, and nobody else's."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from jobfair.cards.queries import find_in_force
from jobfair.cards.rules import RevokeReason, spoken
from jobfair.cards.services import revoke_card
from jobfair.hall.services import announce
from jobfair.kit import clock
from jobfair.offers.rules import OFFER_VALID
from tests.interviews.booth import Fair
from tests.planted import holds_personal_data, person


@pytest.fixture
def phone(app: Flask) -> FlaskClient:
    """A phone nobody has signed in with."""
    found = app.test_client()
    found.set_cookie("language", "en")
    return found


of_the_page = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)  # not of the database


def _path(fair: Fair, place: int) -> str:
    """Return the secret link of the person at a place of the fair's cards, from 0."""
    with fair.database.reading() as session:
        card = find_in_force(session, place + 1)
    assert card
    return f"/me/{card.token}"


def _told(app: Flask, phone: FlaskClient, path: str) -> Any:
    app.extensions.pop("jobfair.steering", None)
    return phone.get(f"{path}.json").json


def test_the_day_as_it_goes_on(fair: Fair, app: Flask, phone: FlaskClient) -> None:
    booth, cards = fair.devices[0], fair.cards
    path = _path(fair, 1)
    for place in (0, 1):
        booth.say("join", cards[place], number=f"A{place + 1}")
    with fair.database.writing() as session:
        announce(session, fair.id, "大巴三点发车", "Bus leaves at three", user_id=None)
    page = phone.get(path)
    assert page.status_code == 200
    assert "number A2, 1 before you, about 10 minutes" in page.text
    assert "Bus leaves at three" in page.text
    assert holds_personal_data(page.text) is None
    assert person(2).name not in page.text
    booth.say("call", cards[0])
    booth.say("call", cards[1])
    assert "you are called" in _told(app, phone, path)["queues"][0]
    offer = booth.record("offer", cards[1], position=fair.positions[0])
    booth.send(offer)
    told = _told(app, phone, path)
    assert told["queues"] == []
    assert "offers you: 普工0" in told["offers"][0]
    booth.say("accept", cards[1], target=offer["id"])
    assert "you accepted 普工0" in _told(app, phone, path)["offers"][0]
    assert _told(app, phone, _path(fair, 0))["offers"] == []


def test_a_post_that_came_free_is_told_though_no_station_and_no_screen_asks(
    fair: Fair, app: Flask, phone: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    booth = fair.devices[0]
    booth.say("offer", fair.cards[0], position=fair.positions[0])
    booth.say("join", fair.cards[1], number="A1")
    assert _told(app, phone, _path(fair, 1))["turns"] == []
    later = clock.now() + OFFER_VALID
    monkeypatch.setattr(clock, "now", lambda: later)
    [turn] = _told(app, phone, _path(fair, 1))["turns"]
    assert "a post is free again, 普工0" in turn
    assert _told(app, phone, _path(fair, 0))["turns"] == []


@of_the_page
def test_nothing_is_sent_again_while_nothing_changes(
    fair: Fair, app: Flask, phone: FlaskClient
) -> None:
    path = f"{_path(fair, 0)}.json"
    first = phone.get(path)
    again = phone.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    fair.devices[0].say("join", fair.cards[0], number="A1")
    app.extensions.pop("jobfair.steering", None)
    changed = phone.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


@of_the_page
def test_the_code_on_the_card_leads_there_and_guessing_ends(fair: Fair, phone: FlaskClient) -> None:
    with fair.database.reading() as session:
        card = find_in_force(session, 1)
    assert card
    answer = phone.post("/me", data={"code": spoken(card.code).lower()})
    assert answer.headers["Location"] == f"/me/{card.token}"
    wrong = phone.post("/me", data={"code": "K7Q2-9MXD-5"})
    assert wrong.status_code == 422
    assert 'value="K7Q2-9MXD-5"' in wrong.text
    for _n in range(29):
        phone.post("/me", data={"code": "K7Q2"})
    assert phone.post("/me", data={"code": spoken(card.code)}).status_code == 429


@of_the_page
def test_a_void_forged_or_foreign_link_opens_nothing(fair: Fair, phone: FlaskClient) -> None:
    path = _path(fair, 0)
    forged = path[:-1] + ("0" if path[-1] != "0" else "1")
    assert phone.get(forged).status_code == 404
    with fair.database.writing() as session:
        revoke_card(session, 1, RevokeReason.LOST)
    for asked in (path, f"{path}.json"):
        answer = phone.get(asked)
        assert answer.status_code == 404
        assert "not in force" in answer.text


@of_the_page
def test_on_a_day_without_a_fair_the_card_is_shown(
    fair: Fair, phone: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = phone.get(_path(fair, 3)).text
    assert "There is no fair today" in page
    monkeypatch.setattr(clock, "today", lambda: date(2010, 3, 7))
    assert "You are in no queue" in phone.get(_path(fair, 3)).text
