"""``jobfair bench flush``: what thirty stations kept while they were apart comes in all at once.

Meanwhile other gates check people in one by one, at a steady pace, and their times are what counts:
an hour without a network must not be followed by a hall without a gate. Those gates are a process
of their own: what they wait for is the server, not the threads that deliver.
"""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

import numpy as np

from jobfair.attendance.bench import StationClient, running_server, stored_records
from jobfair.kit.db import Database

_BATCH = 50
_LIVE = 6  # gates that work on meanwhile
_EVERY_SECONDS = 0.1  # a scan at each of them: sixty a second, the busiest hour has 7.6
_FIRST_SECONDS = 2  # connections, first statements: not counted


class _Scan(NamedTuple):
    """One check-in at a gate that works on, in seconds of the machine's monotonic clock."""

    began: float
    took: float
    kept: bool


def _work_on(talk: Connection, port: int, secrets: Sequence[str], cards: Sequence[bytes]) -> None:
    """Check people in at some gates until told to stop, then tell every scan."""
    over = threading.Event()

    def gate(secret: str) -> list[_Scan]:
        client = StationClient(port, secret)
        scans: list[_Scan] = []
        while not over.is_set():
            message = client.message([cards[len(scans) % len(cards)]])
            began = time.perf_counter()
            try:
                client.post("/station/records", message)
                kept = True
            except (OSError, HTTPException):
                kept = False
                client.close()
            took = time.perf_counter() - began
            scans.append(_Scan(began, took, kept))
            time.sleep(max(0.0, _EVERY_SECONDS - took))
        client.close()
        return scans

    with ThreadPoolExecutor(len(secrets)) as pool:
        gates = [pool.submit(gate, secret) for secret in secrets]
        time.sleep(_FIRST_SECONDS)
        talk.send("at work")
        talk.recv()
        over.set()
    talk.send([scan for one in gates for scan in one.result()])


def run_flush_bench(
    database: Database,
    *,
    environment: dict[str, str],
    port: int,
    secrets: Sequence[str],
    cards: Sequence[bytes],
    each: int,
) -> dict[str, Any]:
    """Return the measures of ``jobfair bench flush``.

    Args:
        database: what the server writes to.
        environment: the settings of its home.
        port: where it listens.
        secrets: of paired stations; the last six are the gates that work on.
        cards: digests of cards in force, used again when there are fewer than check-ins.
        each: records that every other station has kept.
    """
    late, live = secrets[:-_LIVE], secrets[-_LIVE:]
    faults: list[int] = []

    def deliver(secret: str) -> int:
        client = StationClient(port, secret)
        done = 0
        for start in range(0, each, _BATCH):
            size = min(_BATCH, each - start)
            sent = client.message([cards[(start + n) % len(cards)] for n in range(size)])
            try:
                done += len(client.post("/station/records", sent)["answers"])
            except (OSError, HTTPException):
                faults.append(1)
                client.close()
        client.close()
        return done

    own = get_context("spawn")
    talk, theirs = own.Pipe()
    gates = own.Process(target=_work_on, args=(theirs, port, live, cards), daemon=True)
    with running_server(port, "jobfair", "serve", **environment):
        gates.start()
        talk.recv()
        began = time.perf_counter()
        with ThreadPoolExecutor(len(late)) as pool:
            delivered = sum(pool.map(deliver, late))
        seconds = time.perf_counter() - began
        talk.send("stop")
        scans: list[_Scan] = talk.recv()
        gates.join()
    faults += [1 for scan in scans if not scan.kept]
    times = [scan.took for scan in scans if began <= scan.began <= began + seconds]
    return {
        "database": database.dialect,
        "stations": len(late),
        "records_each": each,
        "seconds": round(seconds, 1),
        "records_per_s": round(delivered / seconds),
        "live_checkins": len(times),
        "live_p50_ms": round(float(np.percentile(times, 50)) * 1000, 1),
        "live_p99_ms": round(float(np.percentile(times, 99)) * 1000, 1),
        "live_longest_ms": round(max(times) * 1000, 1),
        "acknowledged": delivered + sum(scan.kept for scan in scans),
        "stored": stored_records(database),
        "errors": len(faults),
    }
