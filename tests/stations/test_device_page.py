"""The station's page in a real browser: it works with no network and delivers everything once."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from jobfair.attendance.bench import start_server
from jobfair.attendance.queries import Attendance, count_attendance
from jobfair.cards.queries import find_in_force
from jobfair.cards.services import issue_cards
from jobfair.config import Settings
from jobfair.demo.gates import free_ports
from jobfair.kit.db import Database
from jobfair.stations.rules import Job
from jobfair.stations.services import add_station, offer_pairing, revoke
from tests.axe import violations
from tests.browser.watching import RULES
from tests.factories import Make
from tests.offers.factory import make_offering

pytestmark = [pytest.mark.browser, pytest.mark.long]
_PHONE = {"width": 390, "height": 844}


@dataclass
class Hall:
    """A fair with a server that can be taken away, and people with cards."""

    database: Database
    fair: int
    tokens: list[str]
    codes: list[str]
    port: int
    environment: dict[str, str]
    server: subprocess.Popen[bytes] | None = None

    @property
    def origin(self) -> str:
        """Where the server is, when it is."""
        return f"http://localhost:{self.port}"

    def open(self) -> None:
        """Let the server run."""
        self.server = start_server(self.port, "jobfair", "serve", **self.environment)

    def close(self) -> None:
        """Take the server away, as when the network breaks."""
        if self.server is not None:
            self.server.kill()
            self.server.wait()
            self.server = None

    def code_for(self, name: str) -> str:
        """Return a pairing code for a gate of a name, made where there is none."""
        with self.database.writing() as session:
            return offer_pairing(session, add_station(session, self.fair, name, Job.GATE))

    def came(self) -> Attendance:
        """Return who came until now."""
        with self.database.reading() as session:
            return count_attendance(session, self.fair)


@pytest.fixture
def hall(database: Database, settings: Settings, make: Make) -> Iterator[Hall]:
    """A fair with sixty people who have cards; its server runs."""
    fair = make_offering(database, [1])[0]
    people = [make.seeker(n) for n in range(1, 61)]
    with database.writing() as session:
        issue_cards(session, people)
    with database.reading() as session:
        cards = [card for one in people if (card := find_in_force(session, one))]
    (port,) = free_ports(1)
    environment = {
        "JOBFAIR_HOME": str(settings.home),
        "JOBFAIR_DATABASE_URL": database.url,
        "JOBFAIR_KEY_FILE": str(settings.key_file),
    }
    found = Hall(
        database, fair, [c.token for c in cards], [c.code for c in cards], port, environment
    )
    found.open()
    yield found
    found.close()


@dataclass
class Phone:
    """A phone with the station's page open."""

    page: Page

    def scan(self, *tokens: str) -> None:
        """Read cards by a scanner that types."""
        for token in tokens:
            self.page.locator("#text").fill(token)
            self.page.locator("#text").press("Enter")

    def waits(self, count: int) -> None:
        """Wait until so many records are kept and not sent."""
        text = f"{count} not yet sent" if count else "Connected"
        expect(self.page.locator("#state-text")).to_contain_text(text, timeout=30_000)

    def shows(self, state: str) -> None:
        """Wait until the result is of a kind."""
        expect(self.page.locator("#result")).to_have_attribute("data-state", state)


def _pair(context: BrowserContext, hall: Hall, name: str) -> Phone:
    page = context.new_page()
    page.goto(f"{hall.origin}/station/#{hall.code_for(name)}")
    expect(page.locator("#gate")).to_be_visible()
    expect(page.locator("#known")).to_contain_text(str(len(hall.tokens)))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return Phone(page)


Open = Callable[..., BrowserContext]


@pytest.fixture
def open_context(chromium: Browser) -> Iterator[Open]:
    """Open windows of devices of their own."""
    opened: list[BrowserContext] = []

    def new(locale: str = "en-GB") -> BrowserContext:
        opened.append(chromium.new_context(viewport=_PHONE, locale=locale))
        return opened[-1]

    yield new
    for one in opened:
        one.close()


@contextmanager
def _own_process(chromium: Browser, folder: Path) -> Iterator[BrowserContext]:
    """Run a browser that keeps its data in a folder, as a phone does, and can be killed."""
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    context = chromium.browser_type.launch_persistent_context(
        folder, executable_path=program, args=["--no-sandbox"], viewport=_PHONE, locale="en-GB"
    )
    try:
        yield context
    finally:
        context.close()


def _kill(folder: Path) -> None:
    """Kill the browser that has a data folder, as a phone does that falls."""
    for process in Path("/proc").iterdir():
        command = process / "cmdline"
        if process.name.isdigit() and command.exists():
            words = command.read_bytes().split(b"\0")
            if f"--user-data-dir={folder}".encode() in words:
                os.kill(int(process.name), signal.SIGKILL)


def test_two_stations_apart_count_exactly_what_they_scanned(
    hall: Hall, chromium: Browser, open_context: Open, tmp_path: Path
) -> None:
    first, folder = _pair(open_context(), hall, "Gate A"), tmp_path / "phone"
    with _own_process(chromium, folder) as context:
        second = _pair(context, hall, "Gate B")
        hall.close()
        first.scan(*hall.tokens[:40], *hall.tokens[:35], *hall.tokens[:40])  # 115 entries
        second.scan(*hall.tokens[20:], *hall.tokens[20:])  # 80 entries
        first.waits(115)
        second.waits(80)
        first.page.reload()
        first.waits(115)
        first.scan(*hall.tokens[:35])
        first.waits(150)
        _kill(folder)
    with _own_process(chromium, folder) as context:
        second = Phone(context.new_page())
        second.page.goto(f"{hall.origin}/station/")  # the server is away: the phone has the page
        second.waits(80)
        second.scan(*hall.tokens[20:], *hall.tokens[30:])
        second.waits(150)
        hall.open()
        first.waits(0)
        second.waits(0)
        assert hall.came() == Attendance(persons=60, entries=300, unknown=0)
        third = _pair(open_context(), hall, "Gate C")
        hall.close()
        third.scan(hall.tokens[59])
        third.shows("again")
        expect(third.page.locator("#result")).to_contain_text("Gate B")
