"""A manager holds a whole fair from one phone in Chinese; the gate's computer has no mouse."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from jobfair.kit import clock
from jobfair.stations.rules import Job
from tests.axe import violations
from tests.browser.watching import RULES, Watched, watching
from tests.factories import Make
from tests.planted import person
from tests.stations.hall import Hall, Open, Phone

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.parametrize("kind", ["sqlite"], indirect=True),  # it is the pages that are tried
]
FAIR = "/fairs/dafang-2026"


@pytest.fixture
def seen(hall: Hall, make: Make, chromium: Browser) -> Iterator[Watched]:
    """The manager's phone, signed in, in Chinese; every page it comes to is checked."""
    make.user("clerk", division="520521")  # of the host office
    user = make.user("manager")
    with watching(chromium, hall.origin, "zh", 390) as watched:
        watched.open("/sign-in")
        watched.type("Login", user.login)
        watched.type("Password", make.password)
        watched.press("Sign in")
        yield watched


def _prepare(seen: Watched) -> None:
    """Set up a fair with a gate, an employer's positions, its booth, and its word for them."""
    seen.choose("Fairs")
    seen.follow("New fair")
    today = f"{clock.today():%Y%m%d}"
    for label, text in (
        ("Name of the fair", "大方县招聘会"),
        ("Code of the fair", "dafang-2026"),
        ("First day of the fair", today),
        ("Last day of the fair", today),
        ("Venue", "体育馆"),
        ("Gates", "东门"),
    ):
        seen.type(label, text)
    seen.main.get_by_label(seen.say("Host office")).select_option(index=1)
    seen.press("Save")
    seen.follow("Add or take off positions")
    seen.follow(seen.main.get_by_role("table").get_by_role("link"))
    seen._go(seen.main.get_by_role("button", name=seen.say("Add all %(n)s", n=2)))
    seen.open(f"{FAIR}/map")
    seen.type("Letter of a new zone", "A")
    seen.press("Save the zones")
    count = seen.say("New booths of zone %(letter)s", letter="A")
    seen.main.get_by_label(count, exact=True).fill("2")
    seen.press("Lay out")
    seen.press("Give them the free booths in order")
    seen.follow("Exhibitors")
    seen.follow("Confirm by telephone")
    seen.press("Confirm by telephone")


def _device(seen: Watched, open_context: Open, name: str, job: Job) -> Phone:
    """Add a station on the manager's phone, show its code, and pair a device by it."""
    seen.open(f"{FAIR}/stations")
    seen.type("Name of the station", name)
    seen.main.get_by_label(seen.say("What it is for")).select_option(job)
    if job is Job.BOOTH:
        seen.main.get_by_label(seen.say("Employer of the booth")).select_option(index=1)
    seen.press("Add the station")
    seen.press("Show a code")
    code = re.sub(r"\D", "", seen.main.locator(".jf-code").inner_text())
    page = open_context("zh-CN").new_page()
    page.goto(f"{seen.origin}/station/")
    page.locator("#code").fill(code)
    page.locator("#code").press("Enter")
    expect(page.locator("#known")).to_have_text(re.compile(r"[1-9]\d* .*\d\d:\d\d"))
    return Phone(page)


def _looks_right(page: Page) -> None:
    assert violations(page, RULES) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def _press(seen: Watched, phone: Phone, name: str) -> None:
    phone.page.get_by_role("button", name=seen.say(name), exact=True).click()


def test_a_fair_is_held_from_a_phone(hall: Hall, seen: Watched, open_context: Open) -> None:
    _prepare(seen)
    gate = _device(seen, open_context, "东门", Job.GATE)
    desk = _device(seen, open_context, "登记台", Job.DESK)
    booth = _device(seen, open_context, "A01", Job.BOOTH)
    gate.scan(hall.tokens[0])
    gate.shows("new")
    gate.scan(hall.tokens[0])
    gate.shows("again")
    _looks_right(gate.page)
    who = person(99)
    desk.page.get_by_text(seen.say("Register somebody new")).click()
    form = desk.page.locator("#walk-in-form")
    form.get_by_label(seen.say("Name"), exact=True).fill(who.name)
    form.get_by_label(seen.say("ID number"), exact=True).fill(who.id_number)
    form.get_by_role("checkbox").check()
    form.get_by_role("button").click()
    desk.shows("new")
    _looks_right(desk.page)
    code = desk.page.locator("#walk-in-code").inner_text()
    booth.scan(hall.tokens[0])
    booth.shows("met")
    _press(seen, booth, "Into the queue")
    _press(seen, booth, "Call the next")
    booth.page.locator("#position").select_option(index=1)
    _press(seen, booth, "Make an offer")
    booth.shows("offered")
    _press(seen, booth, "The person accepts")
    booth.shows("accepted")
    booth.scan(hall.tokens[1])
    booth.shows("met")
    booth.page.locator("#why").select_option("skill")
    _press(seen, booth, "Not suitable")
    booth.shows("kept")
    _looks_right(booth.page)
    booth.delivers()
    gate.scan(code)  # the card of the desk opens the gate
    gate.shows("again")
    for page in ("", "/console", "/screen", "/stations", "/claims", "/booths", "/offers"):
        seen.open(FAIR + page)
    seen.open(f"{FAIR}/close")
    seen.press("Close the fair and freeze its figures")
    seen.press_first("It is signed")
    table = seen.main.get_by_role("table", name=seen.say("Figures"), exact=True)
    frozen = [int(row.split()[1]) for row in table.locator("tbody tr").all_inner_texts()]
    assert frozen[:3] == [2, 4, 1]  # people, entries, walk-ins
    assert frozen[5:8] == [2, 1, 1]  # talks, offers, accepted
    seen.follow(seen.main.get_by_role("table").last.get_by_role("link"))
    assert seen.rows("List of results") == 3  # an offer, its acceptance, who was not suitable


def test_the_gates_computer_needs_no_mouse(hall: Hall, chromium: Browser) -> None:
    with watching(chromium, hall.origin, "zh", 1280) as seen:
        page = seen.page
        page.goto(f"{hall.origin}/station/")
        focused = page.locator(":focus")

        def reach(name: str) -> None:
            """Press Tab until something is reached, and see that it shows."""
            for _press in range(40):
                if focused.count() and focused.get_attribute("id") == name:
                    ring = "e => getComputedStyle(e).outlineStyle + getComputedStyle(e).boxShadow"
                    assert focused.evaluate(ring) != "nonenone"
                    return
                page.keyboard.press("Tab")
            raise AssertionError(f"{name} is not reached by Tab")

        expect(page.locator("#pair")).to_be_visible()
        reach("code")
        page.keyboard.type(hall.code_for("东门"))
        page.keyboard.press("Enter")
        phone = Phone(page)
        expect(page.locator("#text")).to_be_focused()
        for code in hall.codes[:2]:
            page.keyboard.type(code)
            page.keyboard.press("Enter")
            phone.shows("new")
        reach("undo")
        page.keyboard.press("Enter")
        phone.shows("undone")
        reach("direction")
        page.keyboard.press("Enter")
        reach("text")
        page.keyboard.type(hall.codes[0])
        page.keyboard.press("Enter")
        phone.shows("out")
        assert seen.faults() == []
    came = hall.came()
    assert (came.persons, came.entries) == (1, 1)
