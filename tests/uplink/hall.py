"""A prefecture's server and a hall's, each with its own keys, and a line between that breaks."""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text

from jobfair.fairs.queries import find_fair
from jobfair.kit import crypto
from jobfair.kit.crypto import Vault
from jobfair.kit.db import Database
from jobfair.uplink import courier
from jobfair.uplink.courier import Courier, Declined, LineDown
from jobfair.uplink.queries.states import UplinkState, state_of
from jobfair.uplink.rules import check_address
from jobfair.uplink.services import linking

ADDRESS = "http://localhost:1"
FAIR = "2010-spring"


@dataclass
class Server:
    """One of the two servers."""

    database: Database
    vault: Vault = field(repr=False)

    @contextmanager
    def at_work(self) -> Iterator[Database]:
        """Be this server: what is sealed or opened is by its keys."""
        before = crypto.vault()
        crypto.use_vault(self.vault)
        try:
            yield self.database
        finally:
            crypto.use_vault(before)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return what a query gives."""
        with self.database.reading() as session:
            return [tuple(row) for row in session.execute(text(sql))]

    def count(self, table: str, where: str = "1 = 1") -> int:
        """Return how many rows a table has."""
        found = self.rows(f"SELECT COUNT(*) FROM {table} WHERE {where}")  # noqa: S608 - our own
        return int(found[0][0])

    @property
    def fair(self) -> int:
        """The fair's id here."""
        with self.database.reading() as session:
            found = find_fair(session, FAIR)
        assert found is not None
        return found.id

    @property
    def state(self) -> UplinkState:
        """How the uplink stands here."""
        with self.at_work(), self.database.reading() as session:
            found = state_of(session, FAIR)
        assert found is not None
        return found


@dataclass
class Line:
    """The line between them: whole, or cut before or after the prefecture has heard."""

    app: Flask
    prefecture: Server
    hall: Server
    cut: Callable[[int], str] = lambda _call: ""
    calls: int = 0

    def call(self, address: str, path: str, body: dict[str, Any], *, secret: str = "") -> Any:
        """Stand for the hall's call over the network."""
        check_address(address)
        how = self.cut(self.calls)
        self.calls += 1
        if how == "before":
            raise LineDown(address=address, fault="cut")
        with self.prefecture.at_work():
            headers = {"Authorization": f"Bearer {secret}"} if secret else {}
            answer = self.app.test_client().post(path, json=body, headers=headers)
        told = answer.json
        assert isinstance(told, dict), answer.text
        if how == "after":
            raise LineDown(address=address, fault="cut")
        if answer.status_code != 200:
            raise Declined(sentence=told["message"])
        return told

    def pair(self) -> int:
        """Hand the fair's day over to the hall, and let everything arrive."""
        with self.prefecture.at_work() as database, database.writing() as session:
            code = linking.hand_over(session, FAIR, "laptop 1", user_id=None)
        with self.hall.at_work() as database:
            uplink = courier.pair(database, ADDRESS, code)
        self.sync()
        return uplink

    def sync(self) -> int:
        """Let the hall call until both have the same; return how many exchanges moved anything."""
        with self.hall.at_work() as database:
            return Courier(database).sync(self.hall.state.id).packs

    def sync_through(self, cut: Callable[[int], str], *, tries: int) -> None:
        """Try so many times over a line that breaks, then once over a whole one."""
        self.cut = cut
        for _ in range(tries):
            with contextlib.suppress(LineDown):
                self.sync()
        self.cut = lambda _call: ""
        self.sync()


def make_keys(folder: Path) -> Vault:
    """Make keys of one server."""
    path = folder / "keys.json"
    crypto.create_key_file(path)
    return crypto.open_vault(path)
