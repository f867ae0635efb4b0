"""One phone is the entrance and all booths of a small fair, from the empty form to its close."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect

from jobfair.employers.rules.drafts import EmployerStatus
from jobfair.fairs import queries as fairs
from jobfair.interviews.queries import list_booths
from jobfair.kit.db import Database
from jobfair.stations.devices import REMEMBERED_SECONDS
from jobfair.stations.queries import list_stations
from jobfair.stations.rules import Job, State
from jobfair.stations.services import revoke
from tests.browser.watching import Watched, watching
from tests.employers.factory import credit_code, make_employer, make_position
from tests.factories import Make
from tests.fairs.factory import make_fair
from tests.stations.hall import Hall, Phone
from tests.stations.test_stations import SignIn

NEW = "/fairs/small"
FORM = {
    "name": "大方县羊场镇招聘会",
    "day": "2026-03-08",
    "venue": "羊场镇文化广场",
    "division_code": "520521",
    "employer_1": "羊场服装厂",
    "title_1": "缝纫工",
    "headcount_1": "8",
    "pay_1": "3500",
    "credit_code_1": credit_code(501),
    "employer_3": "龙岗电子厂",
    "title_3": "普工",
    "headcount_3": "3",
}


@pytest.fixture
def clerk(database: Database, sign_in: SignIn) -> FlaskClient:
    """A clerk of the county, which knows one employer."""
    make_position(database, make_employer(database, name="龙岗电子厂"))
    return sign_in("clerk", division="520521")


def test_one_form_makes_a_fair_with_everything(database: Database, clerk: FlaskClient) -> None:
    answer = clerk.post(NEW, data=FORM)
    assert answer.headers["Location"] == "/fairs/small-520521-20260308/one-phone", answer.text
    assert clerk.post(NEW, data=FORM).headers["Location"].endswith("-2/one-phone")
    with database.reading() as session:
        fair = fairs.find_fair(session, "small-520521-20260308")
        assert fair
        posts = fairs.list_fair_positions(session, fair.id, fairs.FairFilter())
        stations = list_stations(session, fair.id)
    assert [(p.employer, p.title, p.headcount, p.hindrances) for p in posts] == [
        ("羊场服装厂", "缝纫工", 8, ()),
        ("龙岗电子厂", "普工", 3, ()),  # the open position of this title, with a headcount of ten
    ]
    assert all(post.confirmed_at for post in posts)
    named = [(s.name, s.job) for s in stations]
    assert named == [
        ("A01 羊场服装厂", Job.BOOTH),
        ("A02 龙岗电子厂", Job.BOOTH),
        ("Entrance", Job.DESK),
    ]
    assert {s.state for s in stations} == {State.WAITING}


REFUSED: list[tuple[dict[str, str], str]] = [
    ({"credit_code_1": ""}, "not known yet"),
    ({"credit_code_1": "91440300"}, "credit code is not valid"),
    ({"title_1": ""}, "leave the booth empty"),
    ({"headcount_3": "0"}, "whole number"),
    ({"title_1": "缝纫工（限女性）"}, "cannot be published"),
    ({"employer_3": "被拒单位"}, "was refused"),
    ({name: "" for name in FORM if name[-1].isdigit()}, "leave the booth empty"),
    ({"division_code": "5205"}, "Not a valid choice"),
]


def test_what_cannot_be_set_up_is_told_beside_it_and_nothing_is_made(
    database: Database, clerk: FlaskClient
) -> None:
    make_employer(database, name="被拒单位", status=EmployerStatus.REFUSED)
    for typed, told in REFUSED:
        answer = clerk.post(NEW, data=FORM | typed)
        assert answer.status_code == 422, typed
        assert told in answer.text
        assert 'value="羊场镇文化广场"' in answer.text
    with database.reading() as session:
        assert fairs.list_fairs(session) == []


def test_an_office_runs_its_own_fairs_only(
    database: Database, clerk: FlaskClient, sign_in: SignIn
) -> None:
    clerk.post(NEW, data=FORM)
    mine = "/fairs/small-520521-20260308"
    make_fair(database, [], code="other", division_code="520502")
    for page in ("one-phone", "stations", "console", "close", "claims", "call-in"):
        assert clerk.get(f"{mine}/{page}").status_code == 200
        assert clerk.get(f"/fairs/other/{page}").status_code == 404
    assert "One phone for several places" in clerk.get(mine).text
    typed = {"code": "yangchang", "name": "羊场镇招聘会", "starts_on": FORM["day"]}
    typed |= {"ends_on": FORM["day"], "venue": "镇政府", "division_code": "520521"}
    assert clerk.get(f"{mine}/edit").status_code == 200
    assert clerk.post(f"{mine}/edit", data=typed).headers["Location"] == "/fairs/yangchang"
    mine = "/fairs/yangchang"
    assert "镇政府" in clerk.get(mine).text
    elsewhere = clerk.post(f"{mine}/edit", data=typed | {"division_code": "520502"})
    assert elsewhere.status_code == 422  # it stays a fair of the own office
    assert clerk.get("/fairs/other/edit").status_code == 404
    with database.reading() as session:
        booth = list_booths(session, fairs.list_fairs(session)[0].id)[0]
    results = clerk.get(f"{mine}/results?employer={booth.employer_id}")
    assert booth.name in results.text
    assert clerk.get(f"/fairs/other/results?employer={booth.employer_id}").status_code == 404
    assert clerk.get(f"{mine}/results").headers["Location"] == f"{mine}/close"
    assert "One phone for several places" not in clerk.get("/fairs/other").text
    assert sign_in("manager").get(NEW).status_code == 403


def test_a_phone_is_paired_for_the_places_chosen(clerk: FlaskClient) -> None:
    clerk.post(NEW, data=FORM)
    page = "/fairs/small-520521-20260308/one-phone"
    assert "Choose at least one place" in clerk.post(page, data={"how": "qr"}).text
    foreign = clerk.post(page, data={"how": "qr", "station": "99"})
    assert foreign.status_code == 422
    here = clerk.post(page, data={"how": "here", "station": ["1", "3"]})
    address, _, codes = here.headers["Location"].partition("#")
    assert address == "/station/"
    told = [
        clerk.post("/station/pair", json={"code": code}).json["station"]  # type: ignore[index]
        for code in codes.split("-")
    ]
    assert told == [1, 3]
    shown = clerk.post(page, data={"how": "qr", "station": ["1", "2", "3"]})
    assert len(re.findall(r"\d{4} \d{4}", shown.text)) == 3
    assert "<svg" in shown.text


@pytest.fixture
def seen(hall: Hall, make: Make, chromium: Browser) -> Iterator[Watched]:
    """The phone of a clerk who has signed in, in Chinese."""
    user = make.user("clerk", division="520521")
    with watching(chromium, hall.origin, "zh", 390) as watched:
        watched.open("/sign-in")
        watched.type("Login", user.login)
        watched.type("Password", make.password)
        watched.press("Sign in")
        yield watched


@pytest.mark.browser
@pytest.mark.long
@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_five_booths_and_one_phone(hall: Hall, seen: Watched) -> None:
    make_employer(hall.database, name="一号电子厂")
    seen.open("/fairs/")
    seen.follow("New small fair")
    for label, text in (("Name of the fair", "羊场镇招聘会"), ("Venue", "文化广场")):
        seen.type(label, text)
    for n in range(1, 6):
        for label, text in (
            ("Employer of booth %(n)s", "一号电子厂" if n == 1 else f"镇上{n}号单位"),
            ("Position at booth %(n)s", "普工"),
            ("Headcount at booth %(n)s", "2"),
        ):
            seen.main.get_by_label(seen.say(label, n=n)).fill(text)
        if n > 1:
            more = seen.main.locator("details", has_text=seen.say("Pay, or a new employer"))
            more.nth(n - 1).locator("summary").click()
            code = seen.main.get_by_label(seen.say("Credit code of booth %(n)s", n=n))
            code.fill(credit_code(600 + n))
    seen.press("Set up the fair")
    seen.main.get_by_role("button", name=seen.say("Use this phone")).click()
    phone, where = Phone(seen.page), seen.page.locator("#where")
    expect(where.locator("option")).to_have_count(6)
    expect(seen.page.locator("#known")).to_have_text(re.compile(r"[1-9]\d* .*\d\d:\d\d"))
    assert seen.faults() == []
    seen.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for booth in range(1, 6):  # what each knows is at hand before the network goes
        phone.stands_at(booth)
        expect(seen.page.locator("#position option")).to_have_count(1)
    hall.close()
    with phone.without_network():
        phone.stands_at(0)
        phone.scan(hall.tokens[0])
        phone.shows("stored")
        phone.stands_at(3)
        expect(seen.page.locator("#position option")).to_have_count(1)
        phone.scan(hall.tokens[0])
        phone.shows("met")
        seen.page.get_by_role("button", name=seen.say("Make an offer"), exact=True).click()
        phone.shows("requested")  # apart and with no reserve nothing is promised
        phone.stands_at(0)
        expect(seen.page.locator("#state-text")).to_contain_text("2")
        hall.open()
    phone.delivers()  # also what the booth recorded, while the phone is at the entrance
    phone.stands_at(3)
    phone.scan(hall.tokens[0])
    phone.shows("met")
    seen.page.get_by_role("button", name=seen.say("The person accepts"), exact=True).click()
    phone.shows("accepted")
    seen.complaints.clear()  # of the network that was away
    assert seen.faults() == []
    with hall.database.reading() as session:
        fair = fairs.list_fairs(session)[0]
        booths = list_booths(session, fair.id)
    assert sorted((b.talks, b.accepted) for b in booths) == [(0, 0)] * 4 + [(1, 1)]
    seen.open(f"/fairs/{fair.code}/close")
    seen.press("Close the fair and freeze its figures")
    figures = seen.main.get_by_role("table", name=seen.say("Figures"), exact=True)
    row = figures.get_by_role("row", name=seen.say("Offers accepted"))
    assert row.inner_text().split()[1:] == ["1", "1"]


@pytest.mark.browser
@pytest.mark.long
@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_place_that_is_revoked_leaves_the_phone_and_the_others_stay(
    hall: Hall, chromium: Browser
) -> None:
    gate, booth = hall.code_for("Gate A"), hall.code_for("A12", Job.BOOTH)
    with watching(chromium, hall.origin, "en", 390) as seen:
        seen.page.goto(f"{hall.origin}/station/#{gate}-{booth}")
        phone, where = Phone(seen.page), seen.page.locator("#where")
        expect(where.locator("option")).to_have_text(["Gate A", "A12"])
        hall.close()
        phone.scan(hall.tokens[0])
        phone.waits(1)
        phone.stands_at(1)
        phone.scan(hall.tokens[0])
        phone.shows("met")
        seen.page.get_by_role("button", name="Into the queue", exact=True).click()
        phone.waits(2)
        with hall.database.writing() as session:
            revoke(session, 2)
        seen.page.wait_for_timeout(1000 * REMEMBERED_SECONDS)  # on the server that knew it
        hall.open()
        with phone.without_network():
            pass
        expect(seen.page.locator("#where-group")).to_be_hidden()
        phone.waits(1)  # the booth's word is no gate's: it waits for the booth
        assert hall.came().persons == 1
        phone.scan(hall.tokens[1])
        phone.shows("new")
        seen.page.get_by_text("This station", exact=True).click()
        seen.page.get_by_role("button", name="Pair for another place").click()
        seen.page.locator("#code").fill(hall.code_for("B7", Job.BOOTH))
        seen.page.locator("#pair-button").click()
        expect(where.locator("option")).to_have_text(["Gate A", "B7"])
        expect(seen.page.locator("#name")).to_have_text("B7")
        phone.waits(0)
        expect(seen.page.locator("#line li")).to_have_count(1)  # at the same employer's other booth
