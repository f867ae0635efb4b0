"""Booths record with or without a network; no post is promised twice, and no word is lost."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from jobfair.interviews.queries import list_booths
from jobfair.interviews.rules import Place
from jobfair.kit import clock
from jobfair.kit.ids import new_key
from jobfair.offers import services as offers
from jobfair.offers.rules import LEASE_GRACE, LEASE_VALID, Release
from jobfair.stations.rules import Job
from jobfair.stations.services import add_station, offer_pairing, pair
from tests.factories import Make
from tests.interviews.booth import Device, Fair
from tests.planted import holds_personal_data

SignIn = Callable[..., FlaskClient]


def test_the_queue_goes_by_joining_and_who_comes_back_keeps_the_place(fair: Fair) -> None:
    booth, cards = fair.devices[0], fair.cards
    for number, card in enumerate(cards[:4], 1):
        assert booth.say("join", card, number=f"A{number}") == "kept"
    booth.say("call", cards[0])
    booth.say("away", cards[0])
    booth.say("call", cards[1])
    assert fair.line() == [
        (cards[1], Place.CALLED),
        (cards[2], Place.WAITING),
        (cards[3], Place.WAITING),
        (cards[0], Place.AWAY),
    ]
    booth.say("back", cards[0])
    booth.say("unsuitable", cards[1], position=fair.positions[0], reason="skill")
    booth.say("leave", cards[3])
    assert fair.line() == [
        (cards[0], Place.WAITING),
        (cards[2], Place.WAITING),
        (cards[1], Place.TALKED),
        (cards[3], Place.GONE),
    ]
    told = booth.call("booth", {})
    assert [(one["number"], one["place"]) for one in told["line"]][:2] == [
        ("A1", "waiting"),
        ("A3", "waiting"),
    ]
    assert told["prefix"] == "A"
    assert fair.devices[1].call("booth", {})["prefix"] == "B"
    assert told["reasons"]["skill"]["zh"] == "缺少岗位所需技能"
    assert holds_personal_data(str(told)) is None


def test_records_in_any_order_and_twice_leave_the_same_queue(fair: Fair) -> None:
    booth, cards = fair.devices[0], fair.cards
    records = [booth.record("join", card, number="A") for card in cards[:4]]
    records += [booth.record(kind, card) for card in cards[:2] for kind in ("call", "away", "back")]
    records.append(booth.record("undo", None, target=records[-1]["id"]))
    records.append(booth.record("second", cards[2], position=fair.positions[1]))
    shuffled = records + records[::2]
    random.Random(5).shuffle(shuffled)  # noqa: S311 - an order, not a secret
    for one in shuffled:
        assert booth.send(one)[0]["result"] == "kept"
    assert fair.line() == [
        (cards[0], Place.WAITING),
        (cards[3], Place.WAITING),
        (cards[1], Place.AWAY),
        (cards[2], Place.TALKED),
    ]


def test_an_offer_is_made_accepted_and_begins_a_placement_that_counts_nowhere(fair: Fair) -> None:
    booth, card = fair.devices[0], fair.cards[0]
    offer = booth.record("offer", card, position=fair.positions[0])
    for _again in range(2):
        [answer] = booth.send(offer)
        assert answer["result"] == "offered"
        assert answer["until"] > 0
    assert fair.taken() == 1
    other = booth.record("offer", fair.cards[1], position=fair.positions[0])
    [late] = booth.send(other)
    assert late["result"] == "refused"
    assert "No post" in late["refusal"]["en"]
    assert fair.claims() == [("no_posts_left", False)]  # a request: nobody was told yes
    assert booth.say("accept", card, target=offer["id"]) == "accepted"
    with fair.database.reading() as session:
        begun = session.execute(text("SELECT void, started_on FROM placement")).all()
        events = session.execute(text("SELECT kind FROM placement_event")).scalars().all()
    assert (begun, events) == ([(False, None)], ["intention"])
    with fair.database.writing() as session:
        offers.release(session, offer["id"], Release.LEFT)
    with fair.database.reading() as session:
        assert session.execute(text("SELECT void FROM placement")).scalar_one()
    assert fair.taken() == 0


def test_an_offer_refused_or_taken_back_frees_the_post(fair: Fair) -> None:
    booth, cards = fair.devices[0], fair.cards
    offer = booth.record("offer", cards[0], position=fair.positions[0])
    booth.send(offer)
    assert booth.say("refuse", cards[0], target=offer["id"]) == "kept"
    assert fair.taken() == 0
    offer = booth.record("offer", cards[1], position=fair.positions[0])
    booth.send(offer)
    assert booth.say("undo", None, target=offer["id"]) == "kept"
    assert fair.taken() == 0
    assert fair.claims() == []


@pytest.mark.parametrize("fair", [20], indirect=True)
def test_two_booths_apart_promise_no_more_than_their_reserves(fair: Fair) -> None:
    first, second = fair.devices
    told = [device.call("booth", {}) for device in fair.devices]
    leases = [
        [one["key"] for one in t["leases"] if one["position"] == fair.positions[0]] for t in told
    ]
    assert [len(keys) for keys in leases] == [2, 2]  # a tenth of twenty each
    assert fair.taken() == 4
    assert [len(first.call("booth", {})["leases"])] == [len(told[0]["leases"])]  # no more on asking
    cards = iter(fair.cards)
    records = [
        (device, device.record("offer", next(cards), position=fair.positions[0], lease=key))
        for device, keys in zip(fair.devices, leases, strict=True)
        for key in keys
    ]
    for device, record in records:
        assert device.send(record)[0]["result"] == "offered"
        assert device.send(record)[0]["result"] == "offered"
    assert fair.taken() == 4
    assert fair.claims() == []
    stolen = second.record("offer", next(cards), position=fair.positions[0], lease=leases[0][0])
    assert second.send(stolen)[0]["result"] == "offered"  # not from that reserve: a post was free
    assert fair.taken() == 5


@pytest.mark.parametrize("fair", [20], indirect=True)
def test_a_dead_booths_reserve_comes_back_and_what_it_promised_too_late_is_listed(
    fair: Fair, monkeypatch: pytest.MonkeyPatch, sign_in: SignIn
) -> None:
    booth = fair.devices[0]
    keys = [
        one["key"]
        for one in booth.call("booth", {})["leases"]
        if one["position"] == fair.positions[0]
    ]
    promised = [
        booth.record("offer", card, position=fair.positions[0], lease=key)
        for card, key in zip(fair.cards, keys, strict=False)
    ]
    later = clock.now() + LEASE_VALID + LEASE_GRACE + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert fair.taken() == 0
    with fair.database.writing() as session:
        for _n in range(19):  # all but one go elsewhere meanwhile
            offers.lease(session, fair.id, fair.positions[0], 2, units=1, until=later + LEASE_VALID)
    results = [booth.send(record)[0]["result"] for record in promised]
    assert results == ["offered", "refused"]  # the last free post, and then none
    assert fair.taken() == 20
    assert fair.claims() == [("no_posts_left", True)]
    manager = sign_in("manager")
    page = manager.get("/fairs/2010-spring/claims").text
    assert "Promised to the person" in page
    assert holds_personal_data(page) is None
    path = f"/claims/{promised[1]['id']}"
    assert "Choose how it was settled" in manager.post(path, follow_redirects=True).text
    manager.post(path, data={"how": "told"})
    assert fair.claims() == []
    assert "agrees" in manager.get("/fairs/2010-spring/claims?settled=1").text


def test_nobody_is_offered_a_post_the_booth_found_them_unsuitable_for(fair: Fair) -> None:
    booth, card = fair.devices[0], fair.cards[0]
    found = booth.record("unsuitable", card, position=fair.positions[0], reason="certificate")
    booth.send(found)
    assert booth.say("offer", card, position=fair.positions[0]) == "refused"
    booth.say("undo", None, target=found["id"])
    assert booth.say("offer", card, position=fair.positions[0]) == "offered"


def test_words_that_cannot_be_carried_out_say_why(fair: Fair) -> None:
    booth = fair.devices[0]
    assert booth.say("offer", "ff" * 16, position=fair.positions[0]) == "refused"
    assert booth.say("offer", fair.cards[0], position=999_999) == "refused"
    assert booth.say("accept", fair.cards[0], target=new_key()) == "refused"
    assert fair.claims() == [
        ("no_such_offer", True),  # what a person was told stands first
        ("unknown_card", False),
        ("not_of_this_booth", False),
    ]
    assert fair.taken() == 0


def test_the_booths_page_counts_and_a_recruiter_sees_only_the_own(
    fair: Fair, sign_in: SignIn, make: Make
) -> None:
    booth = fair.devices[0]
    for card in fair.cards[:3]:
        booth.say("join", card)
    booth.say("second", fair.cards[0], position=fair.positions[1])
    with fair.database.reading() as session:
        [row] = list_booths(session, fair.id)
    assert (row.waiting, row.talks, row.offers) == (2, 1, 0)
    manager = sign_in("manager")
    assert manager.get("/fairs/2010-spring/booths").status_code == 200
    path = f"/fairs/2010-spring/booths/{fair.employer}"
    shown = manager.get(path).text
    assert "Second round" in shown
    assert holds_personal_data(shown) is None
    stranger = sign_in("recruiter", organisation=make.organisation("employer"))
    assert "No booths yet" in stranger.get("/fairs/2010-spring/booths").text
    assert stranger.get(path).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "hire"},
        {"card": "00"},
        {"card": None},
        {"seq": 0},
        {"id": "x"},
        {"at": "nine"},
        {"kind": "offer"},
        {"kind": "unsuitable", "position": 1, "reason": "too old"},
        {"kind": "accept"},
        {"number": "A" * 9},
    ],
)
def test_what_cannot_be_read_is_refused_whole(fair: Fair, wrong: dict[str, Any]) -> None:
    booth = fair.devices[0]
    sent = [booth.record("join", fair.cards[0]), booth.record("join", fair.cards[1]) | wrong]
    answer = booth.call("booth-records", {"records": sent}, status=422)
    assert answer["error"] == "booth_record_unreadable"
    assert fair.line() == []


@pytest.mark.parametrize("path", ["booth", "booth-records", "elsewhere"])
def test_a_gate_is_no_booth(fair: Fair, path: str) -> None:
    with fair.database.writing() as session:
        gate = add_station(session, fair.id, "Gate", Job.GATE)
        secret = pair(session, offer_pairing(session, gate)).secret
    Device(fair.devices[0].client, secret).call(path, {}, status=404)
