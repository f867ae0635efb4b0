"""A journey in a real browser: the office's phone in Chinese, the escort's with no network."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from jobfair.cards.queries import find_in_force
from jobfair.cards.services import issue_card
from jobfair.demo.gates import free_ports
from jobfair.departures.rules.roster import Rung
from jobfair.departures.rules.scans import Kind
from jobfair.departures.rules.states import State
from jobfair.kit import clock
from jobfair.kit.db import Database
from tests.axe import violations
from tests.browser.watching import RULES, Watched, watching
from tests.departures.factory import make_traveller, riders, row
from tests.factories import Make
from tests.planted import holds_personal_data
from tests.stations.hall import PHONE, Phone, Served

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("kind", ["sqlite"], indirect=True),  # it is the pages that are tried
]
BATCH = 1


@pytest.fixture
def served(database: Database, app: Flask) -> Iterator[Served]:
    """The program, with three people who wait for a journey; two of them go together."""
    together = {"travel_group": "青场夫妻", "only_with_group": True}
    make_traveller(database, 1, **together)
    make_traveller(database, 2)
    make_traveller(database, 3, **together)
    found = Served(database, free_ports(1)[0], app)
    found.open()
    yield found
    found.close()


@pytest.fixture
def office(served: Served, make: Make, chromium: Browser) -> Iterator[Watched]:
    """The clerk's phone, signed in, in Chinese; every page it comes to is checked."""
    user = make.user("clerk", division="520502")
    with watching(chromium, served.origin, "zh", 390) as watched:
        watched.open("/sign-in")
        watched.type("Login", user.login)
        watched.type("Password", make.password)
        watched.press("Sign in")
        yield watched


@pytest.fixture
def escort(chromium: Browser) -> Iterator[Page]:
    """The escort's phone."""
    context = chromium.new_context(viewport=PHONE, locale="zh-CN")
    yield context.new_page()
    context.close()


def _choose(office: Watched, label: str, value: str) -> None:
    office.main.get_by_label(office.say(label)).select_option(value)


def _plan(office: Watched) -> None:
    """Plan a journey with a coach, a stop, and everybody to telephone."""
    office.choose("Journeys")
    office.follow("Plan a journey")
    today = clock.today().isoformat()
    for label, text in (
        ("Departure from", "毕节汽车站"),
        ("Journey to", "深圳宝安"),
        ("Planned day of departure", today),
        ("Planned day of arrival", today),
        ("Carrier", "毕节客运"),
        ("Carrier's licence number", "5224"),
        ("Cost of the whole journey in yuan", "9000"),
        ("Number of the travel insurance policy", "PICC-1"),
        ("Where the receiver waits", "宝安汽车站"),
    ):
        office.type(label, text)
    _choose(office, "Transport", "coach")
    _choose(office, "Who pays", "receiving_office")
    office.press("Save the plan")
    office.type("Plate, or train and carriage", "贵F00001")
    office.type("Seats for travellers", "2")
    office.press("Add a vehicle")
    _choose(office, "People from", "520502")
    office.type("They board at", "县汽车站")
    office.type("Leaves at", "07:30")
    office.press("Add a stop")
    for role in ("driver", "driver", "escort", "receiver"):
        _choose(office, "Task on the journey", role)
        office.main.locator("#person").fill("赵师傅")
        office.main.locator("#phone").fill("13900000000")
        if role == "driver":
            office.main.locator("#vehicle").select_option(index=1)
        office.press("Add somebody to telephone")
    office.press("Open for the roster")


def _fill(office: Watched, database: Database) -> None:
    """Put all who wait on the roster; one more than seats is refused by name, so one stays."""
    office.follow("Roster")
    office.follow("Put people on the roster")
    everybody = office.say("Put all %(n)s of this list on the roster", n=3)
    office._go(office.main.get_by_role("button", name=everybody))
    office.press("Give out the seats")
    office.press("The insurer has this list")
    office.open(f"/departures/{BATCH}")
    with office.page.expect_navigation():
        office.main.get_by_role("button", name=office.say("Lock the roster")).click()
    expect(office.page.locator("body")).to_contain_text("花名册比座位多 1 人")
    [out] = [one for one in riders(database, BATCH) if one.seat is None]
    expect(office.page.locator("body")).to_contain_text(out.person.name)
    office.complaints.clear()  # the browser notes the refusal (409)
    office.open(f"/departures/{BATCH}/roster")
    office.main.locator(f"#rider-{out.id}").check()
    office.main.locator("#reason").select_option("withdrew")
    office.press("Take the chosen off")
    office.press("The insurer has this list")
    office.open(f"/departures/{BATCH}")
    office.press("Lock the roster")


def _pair(office: Watched, page: Page, name: str, job: str) -> Phone:
    office.open(f"/departures/{BATCH}/phones")
    office.type("Name of the place", name)
    _choose(office, "What the phone is for", job)
    office.press("Add and show the code")
    code = re.sub(r"\D", "", office.main.locator(".jf-code").inner_text())
    if page.url == "about:blank":
        page.goto(f"{office.origin}/station/")
    else:
        page.locator("details:has(#more-places) summary").click()
        page.locator("#more-places").click()
    page.locator("#code").fill(code)
    page.locator("#code").press("Enter")
    expect(page.locator("#name")).to_have_text(name)
    expect(page.locator("#batch-riders li")).to_have_count(2)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return Phone(page)


def test_a_journey_is_planned_boarded_without_a_network_and_handed_over(
    served: Served, office: Watched, escort: Page
) -> None:
    _plan(office)
    _fill(office, served.database)
    going = [one for one in riders(served.database, BATCH) if one.left is None]
    assert {one.group for one in going} == {"青场夫妻"}
    with served.database.writing() as session:
        issue_card(session, going[0].seeker_id)
        card = find_in_force(session, going[0].seeker_id)
    assert card
    phone = _pair(office, escort, "一号车", "boarding")
    assert violations(escort, RULES) == []
    assert escort.evaluate("document.documentElement.scrollWidth") <= 390
    assert holds_personal_data(phone.kept()) is None
    served.close()
    with phone.without_network():
        phone.scan(card.token)
        phone.shows("stored")
        phone.scan(card.token)
        phone.shows("twice")
        phone.scan("0" * 29)
        phone.shows("notListed")
        escort.reload()  # the phone has the page and who boarded
        expect(escort.locator("#batch-count")).to_have_text("1 / 2")
        escort.locator("#batch-riders button").click()
        expect(escort.locator("#batch-count")).to_have_text("2 / 2")
        expect(escort.locator("#state-text")).to_contain_text("2")
        served.open()
    office.open(f"/departures/{BATCH}")
    office.press("Mark as departed")
    phone.delivers()
    assert all(Kind.BOARDED in one.seen for one in riders(served.database, BATCH) if not one.left)
    there = _pair(office, escort, "深圳站", "arrival")
    there.scan(card.token)
    there.shows("arrived")
    escort.locator("#handing").click()
    there.scan(card.token)
    there.shows("handedOver")
    escort.locator("#batch-riders button").click()
    there.delivers()
    office.open(f"/departures/{BATCH}")
    office.press("Mark as arrived")
    office.press("Mark as handed over")
    office.press("Settle the batch")
    assert row(served.database, BATCH).state is State.CLOSED
    for one in riders(served.database, BATCH):
        assert one.left or set(Rung) - one.rungs == {Rung.ON_POST}
    office.open(f"/departures/{BATCH}/roster?rung=handed_over")
    assert office.rows(f"批次 {row(served.database, BATCH).number} 花名册") == 2
    for sheet in ("roster", "contacts", "cards"):
        office.open(f"/departures/{BATCH}/print/{sheet}")
