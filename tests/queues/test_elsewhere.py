"""Who waits too long is proposed a booth that suits them, once, and never a longer queue."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from jobfair.fairs.queries import FairFilter, list_fair_positions
from jobfair.fairs.services import add_positions
from jobfair.interviews.queries import read_lines
from jobfair.kit import clock
from jobfair.offers import services as offers
from jobfair.offers.rules import LEASE_VALID
from jobfair.queues.queries import list_better
from jobfair.queues.rules import PROPOSAL_VALID
from jobfair.stations.rules import Job
from jobfair.stations.services import add_station, offer_pairing, pair
from tests.employers.factory import make_employer, make_position
from tests.interviews.booth import Device, Fair


@pytest.fixture
def other(fair: Fair) -> Device:
    """A second booth that nobody waits at."""
    employer = make_employer(fair.database, name="空闲电子厂")
    position = make_position(fair.database, employer, title="普工", headcount=20)
    with fair.database.writing() as session:
        add_positions(session, fair.id, [position])
        station = add_station(session, fair.id, "B07", Job.BOOTH, employer_id=employer)
        secret = pair(session, offer_pairing(session, station)).secret
    return Device(fair.devices[0].client, secret)


def _ask(app: Flask, booth: Device) -> list[dict[str, Any]]:
    """Return whom a booth is told it should send on; asked as if the last time was long ago."""
    app.extensions.pop("jobfair.steering", None)
    headers = {"Authorization": f"Bearer {booth.secret}"}
    told: Any = booth.client.get("/station/notices", headers=headers).json
    better: list[dict[str, Any]] = told["better"]
    return better


def _proposals(fair: Fair) -> int:
    with fair.database.reading() as session:
        count: int = session.execute(text("SELECT count(*) FROM proposal")).scalar_one()
    return count


def _join(booth: Device, cards: list[str]) -> None:
    sent = [booth.record("join", card, number=f"A{n}") for n, card in enumerate(cards, 1)]
    booth.send(*sent)


def test_those_far_back_are_proposed_the_quicker_booth_and_nobody_twice(
    fair: Fair, other: Device, app: Flask, *, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    booth = fair.devices[0]
    _join(booth, fair.cards[:9])  # the last waits 45 minutes
    assert _ask(app, booth) == []
    _join(booth, fair.cards[:12])
    told = [{"employer": "空闲电子厂", "minutes": 5, "number": f"A{n}"} for n in (12, 11, 10)]
    assert _ask(app, booth) == told
    assert _ask(app, booth) == told
    assert _proposals(fair) == 3
    shown: Any = sign_in("manager").get("/fairs/2010-spring/live.json").json
    [sent] = shown["better"]
    assert (sent["to"], sent["people"]) == ("空闲电子厂", 3)
    _join(other, fair.cards[9:10])  # who goes there is told no more
    assert [one["number"] for one in _ask(app, booth)] == ["A12", "A11"]
    later = clock.now() + PROPOSAL_VALID + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert _ask(app, booth) == []  # and is not proposed the same again
    assert _proposals(fair) == 3


def test_nobody_is_sent_to_a_queue_that_has_grown_as_long(
    fair: Fair, other: Device, app: Flask
) -> None:
    booth = fair.devices[0]
    _join(other, fair.cards[:9])
    _join(booth, fair.cards)
    assert _ask(app, booth) == []  # there they would wait 50 minutes, here 60
    assert _proposals(fair) == 0


def test_a_proposal_is_shown_no_more_once_the_other_queue_is_longer(
    fair: Fair, other: Device, app: Flask
) -> None:
    booth = fair.devices[0]
    _join(booth, fair.cards)
    assert len(_ask(app, booth)) == 3
    for card in fair.cards[:7]:
        booth.say("leave", card)  # the last three wait 15 to 25 minutes now
    _join(other, fair.cards[:5])
    with fair.database.reading() as session:
        lines = read_lines(session, fair.id)
        assert list_better(session, fair.id, clock.now(), lines) == []


@pytest.mark.usefixtures("other")
def test_a_booth_without_posts_left_is_proposed_to_nobody(fair: Fair, app: Flask) -> None:
    booth = fair.devices[0]
    _join(booth, fair.cards)
    with fair.database.writing() as session:
        [post] = list_fair_positions(session, fair.id, FairFilter(text="空闲"))
        until = clock.now() + LEASE_VALID
        offers.lease(session, fair.id, post.position_id, 1, units=20, until=until)
    assert _ask(app, booth) == []
