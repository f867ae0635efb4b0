"""A server killed at any moment: what it acknowledged is there, and nothing is there twice."""

import os
import random
import threading
import time
from http.client import HTTPException
from itertools import cycle
from typing import Any

import pytest
from sqlalchemy import text

from jobfair.attendance.bench import StationClient, start_server
from jobfair.config import Settings
from jobfair.demo.gates import free_ports, open_gates
from jobfair.kit.db import Database

# Fifty by hand before a release: KILLS=50 pytest tests/attendance/test_killed.py
KILLS = int(os.environ.get("KILLS", "2"))
_STATIONS = 6


class _Gate(threading.Thread):
    """A station that sends each record until it is acknowledged, and one in ten once more."""

    def __init__(self, client: StationClient, cards: list[bytes], stop: threading.Event) -> None:
        super().__init__()
        self._client, self._cards, self._stop_it = client, cards, stop
        self.acknowledged: list[str] = []

    def run(self) -> None:
        draw = random.Random(self._client.secret)  # noqa: S311 - which to send again
        for card in cycle(self._cards):
            if self._stop_it.is_set():
                self._client.close()
                return
            message = self._client.message([card])
            answers = self._deliver(message)
            if draw.random() < 0.1:
                again = self._deliver(message)
                assert [one["id"] for one in again] == [one["id"] for one in answers]
            self.acknowledged += [one["id"] for one in answers]

    def _deliver(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        while True:
            try:
                answers: list[dict[str, Any]]
                answers = self._client.post("/station/records", message)["answers"]
            except (OSError, HTTPException):
                self._client.close()
                time.sleep(0.05)
            else:
                return answers


@pytest.mark.long
def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(
    database: Database, settings: Settings
) -> None:
    secrets, cards = open_gates(database, _STATIONS, 60)
    environment = {
        "JOBFAIR_HOME": str(settings.home),
        "JOBFAIR_DATABASE_URL": database.url,
        "JOBFAIR_KEY_FILE": str(settings.key_file),
    }
    (port,) = free_ports(1)
    stop, draw = threading.Event(), random.Random(KILLS)  # noqa: S311 - moments
    gates = [_Gate(StationClient(port, secret), cards, stop) for secret in secrets]
    server = start_server(port, "jobfair", "serve", **environment)
    try:
        for gate in gates:
            gate.start()
        for _ in range(KILLS):
            time.sleep(draw.uniform(0.2, 0.8))
            server.kill()
            server.wait()
            server = start_server(port, "jobfair", "serve", **environment)
    finally:
        stop.set()
        for gate in gates:
            gate.join()
        server.kill()
        server.wait()
    acknowledged = [one for gate in gates for one in gate.acknowledged]
    assert len(set(acknowledged)) == len(acknowledged) > KILLS * _STATIONS
    with database.reading() as session:
        stored = list(session.execute(text("SELECT id FROM gate_record")).scalars())
        sequences = session.execute(
            text("SELECT pairing_id, COUNT(*), MAX(sequence) FROM gate_record GROUP BY pairing_id")
        ).all()
    assert sorted(stored) == sorted(acknowledged)
    assert all(count == last for _, count, last in sequences)
