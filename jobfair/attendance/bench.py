"""``jobfair bench checkin``: check-ins over HTTP, durable, beside a bare route in the same run.

Thirty stations with connections of their own send to a real server, one record a request and then
fifty. The bare route does no more than one durable insert, behind the same server with as many
threads. Client and server share the processors.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from typing import Any

import numpy as np

from jobfair.attendance.queries import count_records
from jobfair.kit.db import Database
from jobfair.kit.ids import new_key

STATIONS = 30
_BATCH = 50
_READY_SECONDS = 60
_TURNS = 5


@dataclass(slots=True)
class StationClient:
    """One station with its connection and its sequence."""

    port: int
    secret: str
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    connection: HTTPConnection | None = None

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send JSON and return what is answered.

        Raises:
            HTTPException: the answer is no 200.
        """
        if self.connection is None:
            self.connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.secret}"}
        self.connection.request("POST", path, json.dumps(body), headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise HTTPException(answer.status)
        found: dict[str, Any] = json.loads(text)
        return found

    def close(self) -> None:
        """Give the connection up; the next message makes another."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def message(self, cards: Sequence[bytes]) -> dict[str, Any]:
        """Return a message with one entry for each card."""
        now = time.time_ns() // 1_000_000
        return {
            "now": now,
            "records": [
                {
                    "id": new_key(),
                    "seq": next(self.numbers),
                    "kind": "in",
                    "card": card.hex(),
                    "at": now,
                }
                for card in cards
            ],
        }


@dataclass(slots=True)
class _Tally:
    """What came of many requests."""

    seconds: float = 0
    times: list[float] = field(default_factory=list)
    acknowledged: int = 0
    errors: int = 0

    def __add__(self, more: "_Tally") -> "_Tally":
        return _Tally(
            self.seconds + more.seconds,
            self.times + more.times,
            self.acknowledged + more.acknowledged,
            self.errors + more.errors,
        )


def _run(work: Sequence[tuple[StationClient, Callable[[StationClient], int]]], each: int) -> _Tally:
    """Let every client do its work some times, all at once."""

    def one(
        client: StationClient, send: Callable[[StationClient], int]
    ) -> tuple[list[float], int, int]:
        times, acknowledged, errors = [], 0, 0
        for _ in range(each):
            began = time.perf_counter()
            try:
                acknowledged += send(client)
            except (OSError, HTTPException):
                errors += 1
                client.close()
            times.append(time.perf_counter() - began)
        return times, acknowledged, errors

    began = time.perf_counter()
    with ThreadPoolExecutor(len(work)) as pool:
        done = list(pool.map(lambda pair: one(*pair), work))
    return _Tally(
        time.perf_counter() - began,
        [t for times, _, _ in done for t in times],
        sum(acknowledged for _, acknowledged, _ in done),
        sum(errors for _, _, errors in done),
    )


def start_server(port: int, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    """Run a module that serves; return its process once it answers on a port.

    Raises:
        RuntimeError: it ended, or did not answer in a minute.
    """
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", *arguments],
        env=os.environ | environment | {"PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + _READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return process
    process.kill()
    raise RuntimeError(f"{' '.join(arguments)} did not begin to serve")


@contextmanager
def running_server(port: int, *arguments: str, **environment: str) -> Iterator[None]:
    """Run a module that serves as long as the block lasts."""
    process = start_server(port, *arguments, **environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _check_ins(size: int, cards: Iterator[bytes]) -> Callable[[StationClient], int]:
    def send(client: StationClient) -> int:
        sent = client.message([next(cards) for _ in range(size)])
        answer = client.post("/station/records", sent)
        return sum(one["result"] in {"new", "again"} for one in answer["answers"])

    return send


def _bare(client: StationClient) -> int:
    client.post("/bare", {"id": new_key()})
    return 1


def run_checkin_bench(
    database: Database,
    *,
    environment: dict[str, str],
    ports: Sequence[int],
    secrets: Sequence[str],
    cards: Sequence[bytes],
    threads: int,
    singles: int = 200,
    batches: int = 20,
) -> dict[str, Any]:
    """Return the measures of ``jobfair bench checkin``.

    Args:
        database: what the servers write to.
        environment: the settings of their home.
        ports: one for each process of the server, then one for the bare route.
        secrets: of paired stations.
        cards: digests of cards in force, used again when there are fewer than check-ins.
        threads: of each server.
        singles: requests of one record that every station sends.
        batches: requests of fifty that every station sends.
    """
    *ours, bare = ports
    with ExitStack() as servers:
        for port in ours:
            servers.enter_context(running_server(port, "jobfair", "serve", **environment))
        arguments = database.url, str(bare), str(threads)
        servers.enter_context(running_server(bare, "jobfair.attendance.bare", *arguments))
        clients = [
            StationClient(ours[place % len(ours)], secret) for place, secret in enumerate(secrets)
        ]
        strangers = [StationClient(bare, "") for _ in secrets]
        turn = _endless(cards)
        _run([(c, _check_ins(1, turn)) for c in clients], 5)  # connections, first statements
        _run([(c, _bare) for c in strangers], 5)
        before = stored_records(database)
        # In turns: where neighbours work now and then, the machine is as slow for one as the other.
        plain, single = _Tally(), _Tally()
        for _turn in range(_TURNS):
            plain += _run([(c, _bare) for c in strangers], singles // _TURNS)
            single += _run([(c, _check_ins(1, turn)) for c in clients], singles // _TURNS)
        batched = _run([(c, _check_ins(_BATCH, turn)) for c in clients], batches)
        for client in (*clients, *strangers):
            client.close()
        stored = stored_records(database) - before
    return {
        "database": database.dialect,
        "server_processes": len(ours),
        "stations": len(clients),
        "single_per_s": round(single.acknowledged / single.seconds),
        "single_p95_ms": round(float(np.percentile(single.times, 95)) * 1000, 1),
        "batched_per_s": round(batched.acknowledged / batched.seconds),
        "bare_route_per_s": round(plain.acknowledged / plain.seconds),
        "single_to_bare": round(
            single.acknowledged / single.seconds / (plain.acknowledged / plain.seconds), 2
        ),
        "acknowledged": single.acknowledged + batched.acknowledged,
        "stored": stored,
        "errors": plain.errors + single.errors + batched.errors,
    }


def _endless(cards: Sequence[bytes]) -> Iterator[bytes]:
    """Give cards for ever, safely to many threads: each ``next`` is one step of C."""
    return map(cards.__getitem__, map(len(cards).__rmod__, count()))


def stored_records(database: Database) -> int:
    """Return how many records a database holds."""
    with database.reading() as session:
        return count_records(session)
