"""A prefecture's server and a hall's, each with its own keys, and a line between that breaks."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import text

from jobfair import config
from jobfair.app import create_app
from jobfair.cards.queries import find_in_force
from jobfair.cards.services import issue_cards
from jobfair.kit import audit, crypto
from jobfair.kit.db import Database
from jobfair.uplink import courier
from tests import alarm
from tests.factories import Make
from tests.offers.factory import make_offering
from tests.uplink.hall import Line, Server, make_keys


@pytest.fixture
def hall(tmp_path: Path, sqlite_template: Path) -> Iterator[Server]:
    """A laptop with a home of its own, and nothing of anybody."""
    home = tmp_path / "laptop"
    home.mkdir()
    shutil.copy(sqlite_template, home / "jobfair.db")
    database = Database(f"sqlite:///{home / 'jobfair.db'}", before_commit=(audit.seal_chain,))
    keys = tmp_path / "laptop-keys"
    keys.mkdir()
    yield Server(database, make_keys(keys))
    database.close()
    leaks = alarm.look_into_folder(home)
    if leaks:
        raise alarm.PersonalDataLeaked("; ".join(sorted(set(leaks))))


@pytest.fixture
def prefecture(database: Database, make: Make) -> Server:
    """The prefecture's server: a fair of two positions, six people with cards."""
    make_offering(database, [1, 20])
    people = [make.seeker(n) for n in range(1, 7)]
    with database.writing() as session:
        issue_cards(session, people)
    return Server(database, crypto.vault())


@pytest.fixture
def hall_app(hall: Server, tmp_path: Path, compiled_pages: FileSystemBytecodeCache) -> Flask:
    """The application on the laptop."""
    settings = config.load(
        {
            "JOBFAIR_HOME": str(tmp_path / "laptop"),
            "JOBFAIR_KEY_FILE": str(tmp_path / "laptop-keys" / "keys.json"),
            "JOBFAIR_SECRET_KEY": "h" * 40,
        },
        environment="test",
    )
    made = create_app(settings, hall.database)
    made.jinja_env.bytecode_cache = compiled_pages
    made.config["WTF_CSRF_ENABLED"] = False
    return made


@pytest.fixture
def tokens(prefecture: Server) -> list[str]:
    """What stands on the cards of the six people, as the prefecture printed them."""
    with prefecture.database.reading() as session:
        people = session.execute(text("SELECT id FROM seeker ORDER BY id")).scalars()
        cards = [find_in_force(session, one) for one in people]
    return [card.token for card in cards if card]


class Clock:
    """The time of both servers, which a test moves."""

    def __init__(self) -> None:
        self.at = datetime(2010, 3, 6, 1, tzinfo=UTC)  # nine in the morning in Beijing

    def later(self, **much: int) -> None:
        """Let time pass."""
        self.at += timedelta(**much)

    def now(self) -> datetime:
        """Return the time, which never stands still."""
        self.at += timedelta(milliseconds=1)
        return self.at


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The day of the fair, at nine."""
    found = Clock()
    monkeypatch.setattr("jobfair.kit.clock.now", found.now)
    return found


@pytest.fixture
def line(app: Flask, prefecture: Server, hall: Server, monkeypatch: pytest.MonkeyPatch) -> Line:
    """The line between both; nothing is handed over yet."""
    found = Line(app, prefecture, hall)
    monkeypatch.setattr(courier, "call", found.call)
    monkeypatch.setattr(courier, "_STATIONS_SECONDS", 0)
    return found
