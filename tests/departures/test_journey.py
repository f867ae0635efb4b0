"""A journey in a real browser: the office's phone in Chinese, the escort's with no network."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from jobfair.cards.queries import CardInForce, find_in_force
from jobfair.cards.services import issue_card
from jobfair.demo.gates import free_ports
from jobfair.departures.queries.batches import vehicles_of
from jobfair.departures.rules.roster import Role, Rung
from jobfair.departures.rules.scans import Job, Kind
from jobfair.departures.rules.states import State
from jobfair.departures.services import planning
from jobfair.departures.services.roster import note_insured
from jobfair.departures.services.stations import add_station
from jobfair.kit import clock
from jobfair.kit.db import Database
from tests.axe import violations
from tests.browser.watching import RULES, Watched, watching
from tests.departures.factory import make_traveller, move, riders, row
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


@pytest.fixture(params=[390, 1280])
def office(
    request: pytest.FixtureRequest, served: Served, make: Make, chromium: Browser
) -> Iterator[Watched]:
    """The clerk, signed in, in Chinese, on a phone and at a desk; every page is checked."""
    user = make.user("clerk", division="520502")
    with watching(chromium, served.origin, "zh", request.param) as watched:
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


def _plan(office: Watched, database: Database) -> None:
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
    with database.writing() as session:
        planning.add_stop(session, BATCH, "520502", "县汽车站", "07:30")
        [vehicle] = vehicles_of(session, BATCH)
        for role in (Role.DRIVER, Role.DRIVER, Role.ESCORT, Role.RECEIVER):
            of_vehicle = vehicle.id if role is Role.DRIVER else None
            planning.add_contact(
                session, BATCH, role, "赵师傅", "13900000000", vehicle_id=of_vehicle
            )
    move(database, BATCH, State.OPEN)


def _fill(office: Watched, database: Database) -> None:
    """Put all who wait on the roster; one more than seats is refused by name, so one stays."""
    office.open(f"/departures/{BATCH}/roster")
    office.follow("Put people on the roster")
    everybody = office.say("Put all %(n)s of this list on the roster", n=3)
    office._go(office.main.get_by_role("button", name=everybody))
    office.press("Give out the seats")
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
    with database.writing() as session:
        note_insured(session, BATCH)
    office.open(f"/departures/{BATCH}")
    office.press("Lock the roster")


def _pair(page: Page, origin: str, code: str, name: str) -> Phone:
    if page.url == "about:blank":
        page.goto(f"{origin}/station/")
    else:
        page.locator("details:has(#more-places) summary").click()
        page.locator("#more-places").click()
    page.locator("#code").fill(code)
    page.locator("#code").press("Enter")
    expect(page.locator("#name")).to_have_text(name)
    expect(page.locator("#batch-riders li")).to_have_count(2)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return Phone(page)


def _board_without_network(served: Served, phone: Phone, card: CardInForce) -> None:
    """Tick both who go, one by the card, and depart; all is kept until the network is back."""
    escort = phone.page
    served.close()
    with phone.without_network():
        phone.scan(card.token)
        phone.shows("stored")
        phone.scan(card.code)
        phone.shows("twice")
        phone.scan("0" * 29)
        phone.shows("notListed")
        escort.reload()  # the phone has the page and who boarded
        expect(escort.locator("#batch-count")).to_have_text("1 / 2")
        escort.locator("#batch-riders button").click()
        expect(escort.locator("#batch-count")).to_have_text("2 / 2")
        escort.locator("#journey").click()
        phone.shows("departs")
        served.open()
    phone.delivers()


def test_a_journey_is_planned_boarded_without_a_network_and_handed_over(
    served: Served, office: Watched, escort: Page
) -> None:
    _plan(office, served.database)
    _fill(office, served.database)
    going = [one for one in riders(served.database, BATCH) if one.left is None]
    assert {one.group for one in going} == {"青场夫妻"}
    with served.database.writing() as session:
        issue_card(session, going[0].seeker_id)
        card = find_in_force(session, going[0].seeker_id)
    assert card
    office.open(f"/departures/{BATCH}/phones")
    office.type("Name of the place", "一号车")
    _choose(office, "What the phone is for", "boarding")
    office.press("Add and show the code")
    code = re.sub(r"\D", "", office.main.locator(".jf-code").inner_text())
    phone = _pair(escort, served.origin, code, "一号车")
    assert violations(escort, RULES) == []
    assert escort.evaluate("document.documentElement.scrollWidth") <= 390
    assert holds_personal_data(phone.kept()) is None
    _board_without_network(served, phone, card)
    assert row(served.database, BATCH).state is State.DEPARTED
    assert all(Kind.BOARDED in one.seen for one in riders(served.database, BATCH) if not one.left)
    with served.database.writing() as session:
        code = add_station(session, BATCH, "深圳站", Job.ARRIVAL)
    there = _pair(escort, served.origin, code, "深圳站")
    escort.locator("#journey").click()
    there.shows("reached")
    escort.locator("#handing").click()
    there.scan(card.token)
    there.shows("handedOver")
    escort.locator("#batch-riders button").click()
    there.delivers()
    office.open(f"/departures/{BATCH}")
    office.press("Mark as handed over")
    office.press("Settle the batch")
    assert row(served.database, BATCH).state is State.CLOSED
    for one in riders(served.database, BATCH):
        assert one.left or set(Rung) - one.rungs == {Rung.ON_POST}
    office.open(f"/departures/{BATCH}/roster?rung=handed_over")
    assert office.rows(f"批次 {row(served.database, BATCH).number} 花名册") == 2
    office.open(f"/departures/{BATCH}/print/cards")
