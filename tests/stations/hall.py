"""A fair whose server can be taken away, and phones with the station's page open."""

import os
import re
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Error, Page, ViewportSize, expect
from werkzeug.serving import BaseWSGIServer, make_server

from jobfair.attendance.queries import Attendance, count_attendance
from jobfair.employers.queries import find_position
from jobfair.kit.db import Database
from jobfair.stations.rules import Job
from jobfair.stations.services import add_station, offer_pairing

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
_OWES_NOTHING = """() => new Promise((done) => {
  const asked = indexedDB.open("jobfair-station");
  asked.onsuccess = () => {
    const count = asked.result.transaction("outbox").objectStore("outbox").count();
    count.onsuccess = () => { asked.result.close(); done(count.result === 0); };
  };
})"""
PHONE: ViewportSize = {"width": 390, "height": 844}


@dataclass
class Served:
    """The program with a server that can be taken away."""

    database: Database
    port: int
    app: Flask
    server: BaseWSGIServer | None = field(default=None, init=False)

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


@dataclass
class Hall(Served):
    """A fair, and people with cards."""

    fair: int
    positions: list[int]
    people: list[int]
    tokens: list[str]
    codes: list[str]

    def code_for(self, name: str, job: Job = Job.GATE) -> str:
        """Add a station and return its pairing code."""
        with self.database.writing() as session:
            position = find_position(session, self.positions[0])
            employer = position.employer_id if position and job is Job.BOOTH else None
            station = add_station(session, self.fair, name, job, employer_id=employer)
            return offer_pairing(session, station)

    def came(self) -> Attendance:
        """Return who came until now."""
        with self.database.reading() as session:
            return count_attendance(session, self.fair)


@dataclass
class Phone:
    """A phone with the station's page open."""

    page: Page

    def scan(self, *tokens: str) -> None:
        """Read cards by a scanner that types."""
        for token in tokens:
            self.page.locator("#text").fill(token)
            self.page.locator("#text").press("Enter")

    def stands_at(self, place: int) -> None:
        """Choose one of the phone's places; the page opens anew for it."""
        with self.page.expect_navigation():
            self.page.locator("#where").select_option(index=place)
        expect(self.page.locator("#gate")).to_be_visible()

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

    def delivers(self) -> None:
        """Wait until nothing is kept that was not sent."""
        for _tenth in range(300):
            if self.page.evaluate(_OWES_NOTHING):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("the device still owes records")

    def waits(self, count: int) -> None:
        """Wait until so many records are kept and not sent."""
        text = f"{count} not yet sent" if count else "Connected"
        expect(self.page.locator("#state-text")).to_contain_text(text, timeout=30_000)

    def shows(self, state: str) -> None:
        """Wait until the result is of a kind."""
        expect(self.page.locator("#result")).to_have_attribute("data-state", state)


def pair_phone(context: BrowserContext, hall: Hall, name: str, job: Job = Job.GATE) -> Phone:
    page = context.new_page()
    page.goto(f"{hall.origin}/station/#{hall.code_for(name, job)}")
    expect(page.locator("#gate")).to_be_visible()
    expect(page.locator("#known")).to_have_text(re.compile(r"[1-9]\d* .*\d\d:\d\d"))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return Phone(page)


Open = Callable[..., BrowserContext]


@contextmanager
def own_process(chromium: Browser, folder: Path, *arguments: str) -> Iterator[BrowserContext]:
    """Run a browser that keeps its data in a folder, as a phone does, and can be killed."""
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    context = chromium.browser_type.launch_persistent_context(
        folder,
        executable_path=program,
        args=["--no-sandbox", *arguments],
        viewport=PHONE,
        locale="en-GB",
    )
    try:
        yield context
    finally:
        with suppress(Error):  # it was killed
            context.close()


def kill(folder: Path) -> None:
    """Kill the browser that has a data folder, as a phone does that falls."""
    for process in Path("/proc").iterdir():
        command = process / "cmdline"
        if process.name.isdigit() and command.exists():
            words = command.read_bytes().split(b"\0")
            if f"--user-data-dir={folder}".encode() in words:
                os.kill(int(process.name), signal.SIGKILL)
