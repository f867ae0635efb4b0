"""A day in the hall: gates, desks and booths work with the laptop alone."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from jobfair.cards.rules import digest_of
from jobfair.employers.queries import find_position
from jobfair.fairs.queries import position_ids
from jobfair.kit import clock
from jobfair.kit.ids import new_key
from jobfair.stations.rules import Job
from jobfair.stations.services import add_station, offer_pairing, pair
from tests.planted import person
from tests.uplink.hall import Server
from tests.walk_ins.desk import Desk


@dataclass
class Phone:
    """A station's phone."""

    server: Server
    client: FlaskClient
    secret: str
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def record(self, kind: str, card: str | None, **more: Any) -> dict[str, Any]:
        """Make a record."""
        at = clock.milliseconds(clock.now())
        plain = {"id": new_key(), "seq": next(self.numbers), "kind": kind, "card": card, "at": at}
        return plain | more

    def send(self, path: str, *records: dict[str, Any], status: int = 200) -> list[dict[str, Any]]:
        """Deliver records; return the answers."""
        headers = {"Authorization": f"Bearer {self.secret}"}
        with self.server.at_work():
            answer = self.client.post(
                f"/station/{path}", json={"records": list(records)}, headers=headers
            )
        assert answer.status_code == status, answer.text
        found: list[dict[str, Any]] = (answer.json or {}).get("answers", [])
        return found


@dataclass
class Day:
    """The stations of a hall's server, and the cards that people show."""

    server: Server
    app: Flask
    gate: Phone
    booth: Phone
    desk: Desk
    positions: list[int]
    cards: list[str]

    def enters(self, *cards: str) -> list[str]:
        """Let people in; return what the gate was told of each."""
        records = [self.gate.record("in", card) for card in cards]
        return [str(one["result"]) for one in self.gate.send("records", *records)]

    def registers(self, n: int, **more: Any) -> str:
        """Register the n-th invented person at the desk; return the card."""
        who = person(n)
        said = {"name": who.name, "id_number": who.id_number, "phone": who.phone, "agreed": True}
        with self.server.at_work():
            record = self.desk.register(said | more)
            record["at"] = clock.milliseconds(clock.now())
            assert self.desk.send(record)[0] in {"registered", "known", "to_complete"}
        return str(record["card"])

    def talks(self, kind: str, card: str | None, **more: Any) -> str:
        """Record something at the booth that is kept or carried out; return the record's id."""
        record = self.booth.record(kind, card, **more)
        (told,) = self.booth.send("booth-records", record)
        assert told["result"] in {"kept", "offered", "accepted"}, told
        return str(record["id"])


def open_day(server: Server, app: Flask, tokens: list[str]) -> Day:
    """Pair a gate, a desk and a booth with a server."""
    with server.at_work() as database:
        with database.reading() as session:
            positions = position_ids(session, server.fair)
            first = find_position(session, positions[0])
        assert first is not None
        jobs = (("Gate B", Job.GATE, None), ("Desk 1", Job.DESK, None))
        booth = ("A12", Job.BOOTH, first.employer_id)
        secrets = []
        for name, job, employer in (*jobs, booth):
            with database.writing() as session:
                station = add_station(session, server.fair, name, job, employer_id=employer)
                secrets.append(pair(session, offer_pairing(session, station)).secret)
        client = app.test_client()
        desk = Desk(client, secrets[1])
        desk.prepare()
    cards = [digest_of(token).hex() for token in tokens]
    gate, booth_phone = (Phone(server, client, secrets[n]) for n in (0, 2))
    return Day(server, app, gate, booth_phone, desk, positions, cards)
