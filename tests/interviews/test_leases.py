"""The manager gives a booth more or fewer posts to promise apart; never more than there are."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from jobfair.kit import clock
from jobfair.offers.queries import LeaseCount, count_leases
from jobfair.offers.rules import LEASE_GRACE, LEASE_VALID
from jobfair.stations.services import revoke
from tests.interviews.booth import Device, Fair

pytestmark = pytest.mark.parametrize("fair", [20], indirect=True)
SignIn = Callable[..., FlaskClient]
PAGE = "/fairs/2010-spring/leases"


@pytest.fixture
def manager(sign_in: SignIn) -> FlaskClient:
    """Who runs the fair."""
    return sign_in("manager")


def _order(fair: Fair, manager: FlaskClient, units: object) -> str:
    """Order posts of the first position for the first booth; return the page that answers."""
    data = {"position": fair.positions[0], "units": units}
    return manager.post("/stations/1/leases", data=data, follow_redirects=True).text


def _count(fair: Fair) -> LeaseCount:
    with fair.database.reading() as session:
        found = count_leases(session, fair.id, clock.now())
    return found.get((1, fair.positions[0]), LeaseCount(0, 0, 0, None))


def _is_heard(booth: Device, *, waiting: int = 0) -> None:
    booth.call("records", {"records": [], "waiting": waiting, "now": 0, "version": "1"})


def test_more_is_given_and_what_is_not_used_is_taken_back_and_stays_so(
    fair: Fair, manager: FlaskClient
) -> None:
    booth = fair.devices[0]
    booth.call("booth", {})
    assert _count(fair) == LeaseCount(2, 0, 0, None)  # by rule
    _is_heard(booth)
    assert "may promise 4 more posts" in _order(fair, manager, 6)
    booth.call("booth", {})
    assert _count(fair) == LeaseCount(6, 0, 0, 6)
    assert "5 posts were taken back" in _order(fair, manager, 1)
    told = booth.call("booth", {})["leases"]
    [lease] = [one for one in told if one["position"] == fair.positions[0]]
    booth.say("offer", fair.cards[0], position=fair.positions[0], lease=lease["key"])
    assert _count(fair) == LeaseCount(0, 1, 5, 1)
    assert "A12" in manager.get(PAGE).text


def test_nothing_is_given_beyond_the_headcount(fair: Fair, manager: FlaskClient) -> None:
    assert "Only 20 posts" in _order(fair, manager, 21)
    assert _count(fair) == LeaseCount(0, 0, 0, None)
    _order(fair, manager, 20)
    assert fair.taken() == 20
    for wrong in (-1, "", 1000):
        assert "0 to 999" in _order(fair, manager, wrong)
    assert fair.taken() == 20


def test_a_booth_apart_keeps_what_it_may_have_promised_until_its_time_is_over(
    fair: Fair, manager: FlaskClient, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    booth = fair.devices[0]
    booth.call("booth", {})
    assert "is not connected" in _order(fair, manager, 0)  # never heard
    _is_heard(booth, waiting=1)
    assert "records not yet sent" in _order(fair, manager, 0)
    assert _count(fair).at_hand == 2
    later = clock.now() + LEASE_VALID + LEASE_GRACE + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "may promise 0 more" in _order(fair, sign_in("manager"), 0)
    assert _count(fair) == LeaseCount(0, 0, 2, 0)
    assert fair.taken() == 0


def test_a_revoked_booth_and_another_employers_position_are_refused(
    fair: Fair, manager: FlaskClient
) -> None:
    strange = manager.post("/stations/1/leases", data={"position": 999, "units": 1})
    assert strange.status_code == 404
    with fair.database.writing() as session:
        revoke(session, 1)
    _order(fair, manager, 3)
    assert _count(fair) == LeaseCount(0, 0, 0, None)
