"""What is expected of a fair is kept with it, checked, and answered in plain sentences."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from jobfair.kit.audit import AuditEntry
from jobfair.kit.db import Database
from tests.offers.factory import make_offering

SignIn = Callable[..., FlaskClient]
PAGE = "/fairs/2010-spring/plan"
CROWD = {
    "persons": "110000",
    "days": "1",
    "opens_at": "09:00",
    "closes_at": "15:00",
    "entry": "free",
    "peak_percent": "25",
    "card_percent": "70",
    "card_seconds": "6",
    "walk_in_seconds": "30",
    "utilisation_percent": "80",
    "lanes": "20",
    "hall_capacity": "5000",
    "stay_minutes": "90",
    "booths": "55",
    "recruiters": "3",
    "talk_minutes": "5",
    "group_size": "1",
    "posts": "19137",
    "staff": "6",
}


@pytest.fixture(autouse=True)
def fair(database: Database) -> None:
    """A fair of two days with one employer and 13 posts."""
    make_offering(database, [3, 10])


def _keeps(database: Database) -> list[dict[str, Any]]:
    wanted = select(AuditEntry.detail).where(AuditEntry.action == "capacity.keep")
    with database.reading() as session:
        return list(session.execute(wanted.order_by(AuditEntry.seq)).scalars())


def test_the_form_begins_with_what_the_fair_says_of_itself(sign_in: SignIn) -> None:
    page = sign_in("manager").get(PAGE).text
    assert "No capacity plan yet" in page
    for name, value in (("days", 2), ("booths", 1), ("posts", 13), ("staff", 1), ("lanes", 12)):
        assert f'name="{name}" required type="text" value="{value}"' in page


def test_a_crowd_is_told_impossible_with_the_ways_out(sign_in: SignIn, database: Database) -> None:
    manager = sign_in("manager")
    page = manager.post(PAGE, data=CROWD, follow_redirects=True).text
    for sentence in (
        "The entrance cannot hold: the busiest hour needs 127 lanes, there are 20.",
        "It holds over 6 days if people are invited by half hours.",
        "The hall cannot hold: 41,250 people would be inside at once, 5,000 are approved.",
        "Interviews do not suffice: 11,880 people can be talked to, fewer than the 19,137 posts.",
        "It holds if 2 people are interviewed together.",
        "Staff suffice: one to ten booths makes 6, there are 6.",
        "Everything holds at once if you: invite people by half hours; hold the fair over 8 days.",
    ):
        assert sentence in page
    assert ">7.6<" in page
    assert 'name="persons" required type="text" value="110000"' in page
    assert _keeps(database)[0]["persons"] == 110_000


def test_what_holds_is_said_to_hold_and_each_change_is_recorded(
    sign_in: SignIn, database: Database
) -> None:
    manager = sign_in("manager")
    manager.post(PAGE, data=CROWD)
    small = CROWD | {"persons": "10000", "posts": "11880"}
    page = manager.post(PAGE, data=small, follow_redirects=True).text
    assert "The entrance holds: the busiest hour needs 12 lanes, there are 20." in page
    assert "cannot hold" not in page
    assert "Everything holds at once" not in page
    manager.post(PAGE, data=small)  # the same again is no change
    assert _keeps(database)[1:] == [{"persons": 10_000, "posts": 11_880}]


def test_others_who_see_the_fair_read_the_plan_and_cannot_change_it(sign_in: SignIn) -> None:
    sign_in("manager").post(PAGE, data=CROWD)
    leader = sign_in("leader")
    page = leader.get(PAGE).text
    assert "The entrance cannot hold" in page
    assert "Approved capacity" in page
    assert "<button>" not in page
    assert "Keep and compute" not in page
    assert leader.post(PAGE, data=CROWD).status_code == 403


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"persons": ""}, "Enter a whole number from 1 to 10,000,000"),
        ({"persons": "0"}, "Enter a whole number from 1 to 10,000,000"),
        ({"card_percent": "101"}, "Enter a whole number from 0 to 100"),
        ({"opens_at": "nine"}, "Enter a time like 09:00"),
        ({"opens_at": "24:00"}, "Enter a time like 09:00"),
        ({"closes_at": "09:10"}, "Close at least half an hour after opening"),
        ({"entry": "crowd"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    sign_in: SignIn, database: Database, typed: dict[str, str], told: str
) -> None:
    answer = sign_in("manager").post(PAGE, data=CROWD | typed)
    assert answer.status_code == 422
    assert told in answer.text
    assert _keeps(database) == []
