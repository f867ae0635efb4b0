"""A fair with a server that can be taken away, and windows of devices."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext

from jobfair.cards.queries import find_in_force
from jobfair.cards.services import issue_cards
from jobfair.demo.gates import free_ports
from jobfair.kit.db import Database
from tests.factories import Make
from tests.offers.factory import make_offering
from tests.stations.hall import PHONE, Hall, Open


@pytest.fixture
def hall(database: Database, app: Flask, make: Make) -> Iterator[Hall]:
    """A fair with sixty people who have cards; its server runs."""
    fair, positions = make_offering(database, [1, 20])
    people = [make.seeker(n) for n in range(1, 61)]
    with database.writing() as session:
        issue_cards(session, people)
    with database.reading() as session:
        cards = [card for one in people if (card := find_in_force(session, one))]
    (port,) = free_ports(1)
    tokens, codes = [card.token for card in cards], [card.code for card in cards]
    found = Hall(database, port, app, fair, positions, people, tokens, codes)
    found.open()
    yield found
    found.close()


@pytest.fixture
def open_context(chromium: Browser) -> Iterator[Open]:
    """Open windows of devices of their own."""
    opened: list[BrowserContext] = []

    def new(locale: str = "en-GB") -> BrowserContext:
        opened.append(chromium.new_context(viewport=PHONE, locale=locale))
        return opened[-1]

    yield new
    for one in opened:
        one.close()
