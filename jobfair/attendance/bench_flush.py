"""``jobfair bench flush``: what thirty stations kept while they were apart comes in all at once.

Meanwhile other gates check people in one by one, at a steady pace, and their times are what counts:
an hour without a network must not be followed by a hall without a gate.
"""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from typing import Any

import numpy as np

from jobfair.attendance.bench import StationClient, running_server, stored_records
from jobfair.kit.db import Database

_BATCH = 50
_LIVE = 6  # gates that work on meanwhile
_EVERY_SECONDS = 0.5  # a scan at each of them: twelve a second, more than the busiest hour's 7.6


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
    over = threading.Event()
    times: list[float] = []
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

    def work(secret: str) -> int:
        client, done = StationClient(port, secret), 0
        while not over.is_set():
            began = time.perf_counter()
            try:
                client.post("/station/records", client.message([cards[done % len(cards)]]))
                done += 1
            except (OSError, HTTPException):
                faults.append(1)
                client.close()
            took = time.perf_counter() - began
            times.append(took)
            time.sleep(max(0.0, _EVERY_SECONDS - took))
        client.close()
        return done

    with (
        running_server(port, "jobfair", "serve", **environment),
        ThreadPoolExecutor(len(secrets)) as pool,
    ):
        working = [pool.submit(work, secret) for secret in live]
        time.sleep(2)  # connections, first statements
        times.clear()
        began = time.perf_counter()
        delivered = sum(pool.map(deliver, late))
        seconds = time.perf_counter() - began
        over.set()
        live_done = sum(one.result() for one in working)
    return {
        "database": database.dialect,
        "stations": len(late),
        "records_each": each,
        "seconds": round(seconds, 1),
        "records_per_s": round(delivered / seconds),
        "live_checkins": len(times),
        "live_p50_ms": round(float(np.percentile(times, 50)) * 1000, 1),
        "live_p99_ms": round(float(np.percentile(times, 99)) * 1000, 1),
        "acknowledged": delivered + live_done,
        "stored": stored_records(database),
        "errors": len(faults),
    }
