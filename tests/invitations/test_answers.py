"""Who is invited answers by telephone or by a link, and whoever is seen at a gate came."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from jobfair.attendance.rules import GateFact, How, Kind
from jobfair.attendance.services import Upload, take_in
from jobfair.cards.queries import find_in_force
from jobfair.cards.rules import digest_of
from jobfair.cards.services import issue_cards
from jobfair.kit import clock
from jobfair.kit.db import Database
from jobfair.kit.ids import new_key
from jobfair.seekers.rules.drafts import Wish
from jobfair.stations.queries import find_device
from jobfair.stations.rules import Job, Pulse
from jobfair.stations.services import add_station, offer_pairing, pair
from tests.allocations.test_plans import ASKED
from tests.employers.factory import make_employer, make_position
from tests.factories import Make
from tests.fairs.factory import make_fair
from tests.venues.factory import fair_id_of

SignIn = Callable[..., FlaskClient]
PAGE = "/fairs/2010-spring/invitations"


@pytest.fixture
def people(database: Database, make: Make, sign_in: SignIn) -> list[int]:
    """Three people of one county and one of another, invited to a fair of today."""
    position = make_position(
        database, make_employer(database, name="龙岗电子厂"), title="电子装配工", headcount=4
    )
    today = clock.today()
    make_fair(database, [position], starts_on=today, ends_on=today + timedelta(days=1))
    homes = ("520521001", "520521001", "520521002", "520502001")
    found = [
        make.seeker(n, wishes=(Wish("电子装配工"),), home_division=home)
        for n, home in enumerate(homes, 1)
    ]
    admin = sign_in("admin", division="5205")
    plan = admin.post("/fairs/2010-spring/plans", data=ASKED).location
    assert "4 people invited" in admin.post(f"{plan}/invite", follow_redirects=True).text
    return found


@pytest.fixture
def clerk(sign_in: SignIn, people: list[int]) -> FlaskClient:
    """A clerk of the county of the first three."""
    assert people
    return sign_in("clerk", division="520521")


def _tiles(client: FlaskClient) -> list[int]:
    """Return how many are invited, silent, coming, not coming, came."""
    found = re.findall(r'jf-tile__number">(?:<a[^>]*>)?(\d+)', client.get(PAGE).text)
    return [int(number) for number in found]


def _come(database: Database, seeker_id: int) -> None:
    with database.writing() as session:
        issue_cards(session, [seeker_id])
        station = add_station(session, fair_id_of(database, "2010-spring"), "东门", Job.GATE)
        device = find_device(session, pair(session, offer_pairing(session, station)).secret)
        card = find_in_force(session, seeker_id)
        assert device
        assert card
        fact = GateFact(
            new_key(), 1, Kind.IN, How.QR, digest_of(card.token), None, "东门", clock.now(), 0
        )
        take_in(session, [Upload(device, [fact], Pulse(0, "", 0))])


def test_answers_by_telephone_stand_until_the_person_is_seen(
    database: Database, clerk: FlaskClient, people: list[int], sign_in: SignIn
) -> None:
    assert _tiles(clerk) == [3, 3, 0, 0, 0]
    first, second, _third, elsewhere = people
    nothing = clerk.post(PAGE, data={"seeker": first, "said": ""}, follow_redirects=True)
    assert "Choose what the person said." in nothing.text
    said = {"seeker": first, "said": "far", "state": "silent"}
    assert clerk.post(PAGE, data=said).location.endswith("?state=silent")
    assert clerk.post(PAGE, data={"seeker": second, "said": "coming"}).status_code == 303
    assert _tiles(clerk) == [3, 1, 1, 1, 0]
    assert "Too far to come" in clerk.get(f"{PAGE}?state=not_coming").text
    clerk.post(PAGE, data={"seeker": first, "said": "coming"})  # thought again
    assert _tiles(clerk) == [3, 1, 2, 0, 0]
    assert clerk.post(PAGE, data={"seeker": elsewhere, "said": "coming"}).status_code == 404
    _come(database, people[2])  # who never answered
    assert _tiles(clerk) == [3, 0, 2, 0, 1]
    admin = sign_in("admin", division="5205")
    link = re.search(r'href="([^"]+persons=\d+)"', admin.get(PAGE).text)
    assert link
    assert re.search(r'id="persons"[^>]*value="3"', admin.get(link[1]).text)  # two say so, one came
    narrowed = clerk.get(f"{PAGE}?township=520521001&state=coming").text
    assert len(re.findall(r'name="said"', narrowed)) == 2
    with pytest.raises(DBAPIError), database.writing() as session:
        session.execute(text("UPDATE invitation_answer SET answer = 'coming', reason = NULL"))


def test_who_gets_a_link_answers_without_signing_in(
    clerk: FlaskClient, client: FlaskClient
) -> None:
    file = clerk.get(f"{PAGE}/export/csv?township=520521002").data.decode("utf-8-sig")
    [row] = file.splitlines()[1:]
    assert "*" in row.split(",")[1]
    link = re.sub(r"^https?://[^/]+", "", row.split(",")[-1].strip('"'))
    client.set_cookie("language", "en")
    page = client.get(link)
    assert "电子装配工 · 龙岗电子厂" in page.text
    assert client.post(link, data={"said": "perhaps"}).status_code == 422
    assert client.post(link, data={"said": "away"}).location == link
    assert 'value="away" checked' in client.get(link).text
    assert _tiles(clerk) == [3, 2, 0, 1, 0]
    client.post(link, data={"said": "coming"})
    assert _tiles(clerk) == [3, 2, 1, 0, 0]
    for forged in (link[:-1], link.replace("/i/", "/i/x"), "/i/W10"):
        assert client.get(forged).status_code == 404


def test_after_the_fair_nobody_answers(
    clerk: FlaskClient, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = clerk.get(f"{PAGE}/export/csv").data.decode("utf-8-sig")
    link = re.sub(r"^https?://[^/]+", "", file.splitlines()[1].split(",")[-1].strip('"'))
    later = clock.today() + timedelta(days=2)
    monkeypatch.setattr(clock, "today", lambda: later)
    client.set_cookie("language", "en")
    assert "This fair is over." in client.post(link, data={"said": "coming"}).text
    assert _tiles(clerk)[2] == 0
