"""A post that comes free is told to the next in line, once, however many notice it."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.offers import services as offers
from jobfair.offers.rules import OFFER_VALID, Release
from jobfair.queues.queries import Turn, list_turns
from jobfair.queues.rules import TURN_VALID
from jobfair.queues.services import tell_all
from tests.interviews.booth import Fair
from tests.planted import holds_personal_data

SignIn = Callable[..., FlaskClient]
Later = Callable[[timedelta], None]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Let it be later than it is."""

    def be(much: timedelta) -> None:
        now = clock.now() + much
        monkeypatch.setattr(clock, "now", lambda: now)

    return be


def _told(fair: Fair) -> list[Turn]:
    with fair.database.reading() as session:
        return list_turns(session, fair.id, clock.now())


def _notice(fair: Fair) -> None:
    tell_all(fair.database, fair.id, clock.now())


def _rows(database: Database) -> int:
    with database.reading() as session:
        count: int = session.execute(text("SELECT count(*) FROM freed_post")).scalar_one()
    return count


def _offer(fair: Fair, place: int) -> str:
    """Offer the only post; return what became of it."""
    return fair.devices[0].say("offer", fair.cards[place], position=fair.positions[0])


def test_who_was_wished_when_none_was_left_is_told_before_the_queue(
    fair: Fair, later: Later
) -> None:
    booth = fair.devices[0]
    booth.say("join", fair.cards[1], number="A1")
    booth.say("join", fair.cards[2], number="A2")
    assert _offer(fair, 0) == "offered"
    assert _offer(fair, 3) == "refused"
    _notice(fair)
    assert _told(fair) == []
    later(OFFER_VALID + timedelta(hours=3))  # noticed late
    _notice(fair)
    _notice(fair)  # and a second time
    [turn] = _told(fair)
    assert (turn.title, turn.number) == ("普工0", "")
    assert _offer(fair, 3) == "offered"  # the wish is fulfilled
    assert _told(fair) == []
    later(OFFER_VALID)
    _notice(fair)
    assert [one.number for one in _told(fair)] == ["A1"]
    later(TURN_VALID)
    assert _told(fair) == []
    assert _rows(fair.database) == 2


def test_a_post_declined_while_others_are_left_is_told_to_nobody_in_the_queue(
    fair: Fair,
) -> None:
    booth = fair.devices[0]
    booth.say("join", fair.cards[1], number="A1")
    offer = booth.record("offer", fair.cards[0], position=fair.positions[1])
    booth.send(offer)
    booth.say("refuse", fair.cards[0], target=offer["id"])
    _notice(fair)
    assert _told(fair) == []
    assert _rows(fair.database) == 1


def test_who_may_not_be_offered_it_is_passed_over(fair: Fair, later: Later) -> None:
    booth = fair.devices[0]
    assert _offer(fair, 0) == "offered"
    for place, number in ((1, "A1"), (2, "A2"), (3, "A3")):
        booth.say("join", fair.cards[place], number=number)
    booth.say("unsuitable", fair.cards[1], position=fair.positions[0], reason="skill")
    booth.say("join", fair.cards[1], number="A4")  # again, for another position
    taken = booth.record("offer", fair.cards[2], position=fair.positions[1])
    booth.send(taken)
    booth.say("accept", fair.cards[2], target=taken["id"])
    booth.say("join", fair.cards[2], number="A5")
    later(OFFER_VALID)
    _notice(fair)
    assert [one.number for one in _told(fair)] == ["A3"]


@pytest.mark.parametrize("fair", [3], indirect=True)
def test_many_who_notice_at_once_tell_each_person_once(fair: Fair, later: Later) -> None:
    booth = fair.devices[0]
    assert [_offer(fair, place) for place in range(3)] == ["offered"] * 3
    for place in range(3, 8):
        booth.say("join", fair.cards[place], number=f"A{place}")
    later(OFFER_VALID)
    start = threading.Barrier(6)

    def notice() -> None:
        start.wait()
        _notice(fair)

    threads = [threading.Thread(target=notice) for _ in range(start.parties)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(one.number for one in _told(fair)) == ["A3", "A4", "A5"]
    assert _rows(fair.database) == 3


def test_the_booth_and_the_screen_say_it_and_the_screen_names_nobody(
    fair: Fair, later: Later, sign_in: SignIn
) -> None:
    booth = fair.devices[0]
    assert _offer(fair, 0) == "offered"
    booth.say("join", fair.cards[1], number="A1")
    later(OFFER_VALID)
    headers = {"Authorization": f"Bearer {booth.secret}"}
    told: Any = booth.client.get("/station/notices", headers=headers).json
    [turn] = told["turns"]
    assert (turn["title"], turn["number"], turn["name"][1]) == ("普工0", "A1", "*")
    page = sign_in("manager").get("/fairs/2010-spring/console")
    assert "Number A1 to" in page.text
    shown = sign_in("staff").get("/fairs/2010-spring/live.json").text
    assert "A1" in shown
    assert turn["name"] not in shown
    assert holds_personal_data(shown) is None


def test_a_post_somebody_else_took_meanwhile_is_told_to_nobody(fair: Fair) -> None:
    booth = fair.devices[0]
    booth.say("join", fair.cards[1], number="A1")
    first = booth.record("offer", fair.cards[0], position=fair.positions[0])
    booth.send(first)
    with fair.database.writing() as session:
        offers.release(session, first["id"], Release.DECLINED)
    assert _offer(fair, 2) == "offered"
    _notice(fair)
    assert _told(fair) == []
    assert _rows(fair.database) == 1
