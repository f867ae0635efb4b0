"""The station's page in a real browser: it works with no network and delivers everything once."""

import io
import os
import re
import shutil
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import segno
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Error, Page, Response, ViewportSize, expect
from werkzeug.serving import BaseWSGIServer, make_server

from jobfair.attendance.queries import Attendance, count_attendance
from jobfair.cards.queries import find_in_force
from jobfair.cards.rules import RevokeReason
from jobfair.cards.services import issue_cards, reissue_card
from jobfair.demo.gates import free_ports
from jobfair.kit.db import Database
from jobfair.stations.rules import Job
from jobfair.stations.services import add_station, offer_pairing, revoke
from tests.axe import violations
from tests.browser.watching import RULES
from tests.factories import Make
from tests.offers.factory import make_offering
from tests.planted import holds_personal_data, person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.parametrize("kind", ["sqlite"], indirect=True),  # it is the page that is tried
]
# Databases, caches and what is kept by name; bytes as hex, and as text where they are some.
_KEPT = """async () => {
  const text = (value) => JSON.stringify(value, (_, one) => {
    const bytes = one instanceof ArrayBuffer ? new Uint8Array(one) : one;
    if (!(bytes instanceof Uint8Array)) return one;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex + new TextDecoder().decode(bytes);
  });
  const parts = [text({...localStorage}), text({...sessionStorage}), document.cookie];
  for (const {name} of await indexedDB.databases()) {
    const db = await new Promise((done) => {
      const asked = indexedDB.open(name);
      asked.onsuccess = () => done(asked.result);
    });
    for (const store of db.objectStoreNames) {
      const all = db.transaction(store).objectStore(store).getAll();
      await new Promise((done) => { all.onsuccess = done; });
      parts.push(store + text(all.result));
    }
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const asked of await cache.keys()) {
      const answer = await cache.match(asked);
      const type = answer.headers.get("content-type");
      parts.push(asked.url + (/html|javascript/.test(type) ? await answer.text() : ""));
    }
  }
  return parts.join("\\n");
}"""
_PHONE: ViewportSize = {"width": 390, "height": 844}


@dataclass
class Hall:
    """A fair with a server that can be taken away, and people with cards."""

    database: Database
    fair: int
    people: list[int]
    tokens: list[str]
    codes: list[str]
    port: int
    app: Flask
    server: BaseWSGIServer | None = None

    @property
    def origin(self) -> str:
        """Where the server is, when it is."""
        return f"http://localhost:{self.port}"

    def open(self) -> None:
        """Let the server run."""
        self.server = make_server("localhost", self.port, self.app, threaded=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Take the server away, as when the network breaks."""
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def code_for(self, name: str, job: Job = Job.GATE) -> str:
        """Add a station and return its pairing code."""
        with self.database.writing() as session:
            return offer_pairing(session, add_station(session, self.fair, name, job))

    def came(self) -> Attendance:
        """Return who came until now."""
        with self.database.reading() as session:
            return count_attendance(session, self.fair)


@pytest.fixture
def hall(database: Database, app: Flask, make: Make) -> Iterator[Hall]:
    """A fair with sixty people who have cards; its server runs."""
    fair = make_offering(database, [1])[0]
    people = [make.seeker(n) for n in range(1, 61)]
    with database.writing() as session:
        issue_cards(session, people)
    with database.reading() as session:
        cards = [card for one in people if (card := find_in_force(session, one))]
    (port,) = free_ports(1)
    found = Hall(
        database, fair, people, [c.token for c in cards], [c.code for c in cards], port, app
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

    @contextmanager
    def without_network(self) -> Iterator[None]:
        """Be where there is none; its return is noticed at once."""
        self.page.context.set_offline(True)
        yield
        self.page.context.set_offline(False)

    def kept(self) -> str:
        """Return everything the device keeps, as somebody who finds it could read it."""
        found: str = self.page.evaluate(_KEPT)
        return found

    def waits(self, count: int) -> None:
        """Wait until so many records are kept and not sent."""
        text = f"{count} not yet sent" if count else "Connected"
        expect(self.page.locator("#state-text")).to_contain_text(text, timeout=30_000)

    def shows(self, state: str) -> None:
        """Wait until the result is of a kind."""
        expect(self.page.locator("#result")).to_have_attribute("data-state", state)


def _pair(context: BrowserContext, hall: Hall, name: str, job: Job = Job.GATE) -> Phone:
    page = context.new_page()
    page.goto(f"{hall.origin}/station/#{hall.code_for(name, job)}")
    expect(page.locator("#gate")).to_be_visible()
    expect(page.locator("#known")).to_have_text(re.compile(r"[1-9]\d* .*\d\d:\d\d"))
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
def _own_process(chromium: Browser, folder: Path, *arguments: str) -> Iterator[BrowserContext]:
    """Run a browser that keeps its data in a folder, as a phone does, and can be killed."""
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    context = chromium.browser_type.launch_persistent_context(
        folder,
        executable_path=program,
        args=["--no-sandbox", *arguments],
        viewport=_PHONE,
        locale="en-GB",
    )
    try:
        yield context
    finally:
        with suppress(Error):  # it was killed
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
        first.page.context.set_offline(True)
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
        first.page.context.set_offline(False)
        with second.without_network():
            pass
        first.waits(0)
        second.waits(0)
        assert hall.came() == Attendance(persons=60, entries=300, unknown=0)
        third = _pair(open_context(), hall, "Gate C")
        hall.close()
        third.scan(hall.tokens[59])
        third.shows("again")
        expect(third.page.locator("#result")).to_contain_text("Gate B")


def test_every_answer_is_shown_by_sign_word_and_colour(hall: Hall, open_context: Open) -> None:
    gate = _pair(open_context(), hall, "Gate A")
    with hall.database.writing() as session:
        reissue_card(session, hall.people[3], RevokeReason.LOST)
    gate.page.reload()  # the roster is renewed when the page opens
    gate.scan(hall.tokens[0])
    gate.shows("new")
    gate.scan(hall.codes[0].lower())  # the same person, by the code typed
    gate.shows("again")
    expect(gate.page.locator("#result")).to_contain_text("Gate A")
    gate.page.get_by_role("button", name="Take back the last scan").click()
    gate.shows("undone")
    gate.scan(hall.tokens[3])
    gate.shows("revoked")
    gate.scan("0" * 29)
    gate.shows("unknown")
    gate.scan(hall.codes[1][:-1] + ("0" if hall.codes[1][-1] != "0" else "1"))
    gate.shows("slip")
    gate.scan("http://example.com/")
    gate.shows("unreadable")
    gate.page.get_by_role("button", name="Going out").click()
    gate.scan(hall.tokens[0])
    gate.shows("out")
    gate.waits(0)
    assert hall.came() == Attendance(persons=2, entries=3, unknown=1)


def test_the_camera_and_a_photo_read_a_card(hall: Hall, chromium: Browser, tmp_path: Path) -> None:
    film, photo = tmp_path / "film.mjpeg", tmp_path / "photo.png"
    _picture(hall.tokens[0]).save(film, "JPEG")
    _picture(hall.tokens[1]).save(photo)
    camera = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    filmed = f"--use-file-for-fake-video-capture={film}"
    with _own_process(chromium, tmp_path / "phone", *camera, filmed) as context:
        gate = _pair(context, hall, "Gate A")
        hall.close()  # the reader is on the phone already
        gate.page.get_by_role("button", name="Camera", exact=True).click()
        gate.shows("stored")
        gate.page.get_by_role("button", name="Camera", exact=True).click()
        gate.waits(1)  # however often the camera saw it
        gate.page.locator("#photo").set_input_files(photo)
        gate.waits(2)
        hall.open()
        with gate.without_network():
            pass
        gate.waits(0)
    assert hall.came() == Attendance(persons=2, entries=2, unknown=0)


def _picture(token: str) -> Image.Image:
    """Return a card's code as a camera sees it, in the middle of a grey frame."""
    code = io.BytesIO()
    segno.make_qr(token, version=2, error="q").save(code, kind="png", scale=8)
    frame = Image.new("RGB", (640, 480), "grey")
    frame.paste(Image.open(code).convert("RGB"), (180, 100))
    return frame


def test_somebody_without_a_card_is_found_by_number_only_with_the_server(
    hall: Hall, open_context: Open
) -> None:
    gate = _pair(open_context(), hall, "Gate A")
    gate.page.get_by_text("No card at hand").click()
    gate.page.get_by_label("Name, ID number or telephone").fill(person(7).id_number)
    gate.page.get_by_role("button", name="Find").click()
    gate.page.locator("#found button").click()
    gate.shows("new")
    assert hall.came().persons == 1
    hall.close()
    gate.page.get_by_label("Name, ID number or telephone").fill(person(7).id_number)
    gate.page.get_by_role("button", name="Find").click()
    expect(gate.page.locator("#search-note")).to_contain_text("needs the server")


def test_a_desk_registers_apart_and_the_card_it_gave_works(hall: Hall, open_context: Open) -> None:
    desk, who = _pair(open_context(), hall, "Desk 1", Job.DESK), person(99)
    desk.page.get_by_text("Register somebody new").click()
    expect(desk.page.locator("#consent")).to_contain_text("labour office")
    hall.close()
    form = desk.page.locator("#walk-in-form")
    form.get_by_label("Name").fill(who.name)
    form.get_by_label("ID number", exact=True).fill(who.id_number[:-1] + "?")
    form.get_by_label("Phone").fill(who.phone)
    form.get_by_role("button").click()
    expect(desk.page.locator("#walk-in-fault")).to_contain_text("18 characters")
    form.get_by_label("ID number", exact=True).fill(who.id_number)
    form.get_by_role("checkbox").check()
    assert violations(desk.page, RULES) == []
    form.get_by_role("button").click()
    desk.shows("stored")
    code = desk.page.locator("#walk-in-code").inner_text()
    assert holds_personal_data(desk.kept()) is None  # not even of whom it has just registered
    hall.open()
    with desk.without_network():
        pass
    desk.waits(0)
    desk.shows("new")
    assert hall.came() == Attendance(persons=1, entries=1, unknown=0)
    gate = _pair(open_context(), hall, "Gate A")
    gate.scan(code)
    gate.shows("again")


def test_neither_storage_nor_traffic_holds_personal_data(hall: Hall, open_context: Open) -> None:
    context = open_context("zh-CN")
    told: list[Response] = []
    context.on("response", lambda answer: told.append(answer))  # noqa: PLW0108 - it sets an attribute
    gate = _pair(context, hall, "东门")
    hall.close()
    gate.scan(*hall.tokens[:3])
    gate.shows("stored")
    kept = gate.kept()
    assert "outbox" in kept
    assert '"kind":"in"' in kept  # the look sees what is there
    assert holds_personal_data(kept) is None
    name = person(1).name
    assert f"{name[0]}*{name[-1]}" not in kept  # the masked names are sealed
    bodies = [answer.text() for answer in told if "/station/" in answer.url]
    assert any(f"{name[0]}*{name[-1]}" in body for body in bodies)  # but they came
    assert not any(map(holds_personal_data, bodies))


def test_a_revoked_station_forgets_what_it_knew_and_keeps_what_it_owes(
    hall: Hall, open_context: Open
) -> None:
    gate = _pair(open_context(), hall, "Gate A")
    hall.close()
    gate.scan(hall.tokens[0])
    gate.waits(1)
    with hall.database.writing() as session:
        revoke(session, 1)
    gate.page.wait_for_timeout(1100)  # the server remembers a device for a second
    hall.open()
    with gate.without_network():
        pass
    expect(gate.page.locator("#pair-note")).to_contain_text("1 records are still on this device")
    kept = gate.kept()
    assert hall.code_for("Gate B") not in kept
    assert "roster[]" in kept
    gate.page.locator("#code").fill(hall.code_for("Gate C"))
    gate.page.locator("#pair-button").click()
    gate.waits(0)
    assert hall.came().persons == 1


def test_it_says_why_it_cannot_work_without_https(hall: Hall, chromium: Browser) -> None:
    address = hall.origin.replace("localhost", socket.gethostname())
    page = chromium.new_page(locale="en-GB")
    try:
        page.goto(f"{address}/station/")
        expect(page.locator("#insecure")).to_contain_text("no HTTPS")
        expect(page.locator("#pair")).to_be_hidden()
    finally:
        page.close()


def test_the_language_changes_with_no_network(hall: Hall, open_context: Open) -> None:
    gate = _pair(open_context("zh-CN"), hall, "东门")
    expect(gate.page.locator("#state-text")).to_have_text("已联网")
    hall.close()
    gate.page.reload()
    gate.page.get_by_role("button", name="English").click()
    expect(gate.page.get_by_role("button", name="Enter")).to_be_visible()
    gate.page.reload()
    expect(gate.page.get_by_role("button", name="Enter")).to_be_visible()
    assert violations(gate.page, RULES) == []
