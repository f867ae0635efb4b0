"""A whole fair on many processes or machines, by Dask.

People are cut into blocks that are sent once and stay with the workers; a task ranks one block for
one batch of positions and gives only its best; a tree of merges makes one part of them, which alone
comes back. Nothing is ever regrouped between workers. A lost worker's blocks are made again from
what the scheduler holds, its tasks are repeated.
"""

import asyncio
import hashlib
import logging
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import dask
import numpy as np
import rapidfuzz
from distributed import Client, Future, KilledWorker, LocalCluster, Security, wait
from distributed.core import coerce_to_address, connect

from jobfair.matching import core
from jobfair.matching.core.blocks import (
    BATCH,
    FAN_IN,
    MOST_PEOPLE,
    batches,
    cut,
    hold,
    merge,
    positions_of,
    rank_block,
)
from jobfair.matching.core.columns import SeekerColumns
from jobfair.matching.core.facts import PositionFacts, SeekerFacts
from jobfair.matching.core.rank import RankedFair, RankedPosition, ranked_fair
from jobfair.matching.core.weights import Profile
from jobfair.matching.engines.opening import NoScheduler, NoWorkers, OtherVersion, WorkersLost

# Tasks waiting for each worker thread, so that none is idle and the scheduler's list stays short.
_AHEAD = 4
_CONNECT_SECONDS = 10
_WITHOUT_WORKERS_SECONDS = 120


@cache
def fingerprint() -> str:
    """Return what has to be the same wherever a result shall be: the core's code, its libraries."""
    total = hashlib.sha256(f"{np.__version__} {rapidfuzz.__version__}".encode())
    for path in sorted(Path(next(iter(core.__path__))).glob("*.py")):
        total.update(path.read_bytes())
    return total.hexdigest()


def merge_all(parts: Sequence[Any], top: int) -> Any:
    """Merge the parts of one batch; one alone is what it was."""
    return merge(parts, top) if len(parts) > 1 else parts[0]


@dataclass(frozen=True, slots=True)
class DaskEngine:
    """Ranks on the workers of a client.

    Attributes:
        client: connected to a scheduler.
        most_people: the largest block.
        batch: positions in a task.
    """

    client: Any
    most_people: int = MOST_PEOPLE
    batch: int = BATCH

    def rank_fair(
        self,
        people: Iterable[SeekerFacts],
        positions: Sequence[PositionFacts],
        *,
        profile: Profile,
        today: date,
        top: int = 200,
        step: Callable[[int, int], None] | None = None,
    ) -> RankedFair:
        """Rank everybody for every position; the result of ``rank_in_blocks``.

        Args:
            people: everybody, in any order.
            positions: the posts, in any order.
            profile: the weights.
            today: Beijing date eligibility is judged for.
            top: how many people to keep for each position.
            step: told how many positions are done, of how many.

        Raises:
            WorkersLost: the cluster broke down for good.
        """
        everybody = list(people)
        threads = max(sum(self.client.nthreads().values()), 1)
        size = min(self.most_people, max(math.ceil(len(everybody) / threads), 1))
        blocks = [
            self.client.submit(hold, SeekerColumns.of(block), profile, today, pure=False)
            for block in cut(everybody, size)
        ] or [self.client.submit(hold, SeekerColumns(), profile, today, pure=False)]
        ahead = max(2, math.ceil(_AHEAD * threads / len(blocks)))
        done: list[RankedPosition] = []
        try:
            for found in self._ranked(blocks, batches(positions, self.batch), top, ahead):
                done += found
                if step:
                    step(len(done), len(positions))
        except (KilledWorker, CancelledError, OSError) as lost:
            raise WorkersLost from lost
        return ranked_fair(profile, len(everybody), done)

    def _ranked(
        self, blocks: list[Future], waiting: list[list[PositionFacts]], top: int, ahead: int
    ) -> Iterator[list[RankedPosition]]:
        """Give the positions of each batch when it is done; only some batches are in work."""
        waiting.reverse()
        working: set[Future] = set()
        while waiting or working:
            while waiting and len(working) < ahead:
                working.add(self._submit(blocks, waiting.pop(), top))
            for future in self._finished(working):
                working.discard(future)
                yield list(positions_of(future.result()))

    def _submit(self, blocks: list[Future], batch: list[PositionFacts], top: int) -> Future:
        submit = self.client.submit
        parts = [submit(rank_block, block, batch, top, pure=False) for block in blocks]
        while len(parts) > 1:
            parts = [
                submit(merge_all, parts[i : i + FAN_IN], top, pure=False)
                for i in range(0, len(parts), FAN_IN)
            ]
        return parts[0]

    def _finished(self, working: set[Future]) -> set[Future]:
        """Wait for one or more, as long as there is anybody to work.

        Raises:
            WorkersLost: there has been nobody for long.
        """
        while True:
            try:
                with self.client.as_current():
                    found = wait(working, _WITHOUT_WORKERS_SECONDS, return_when="FIRST_COMPLETED")
            except TimeoutError:
                if not self.client.nthreads():
                    raise WorkersLost from None
            else:
                return set(found.done)


@contextmanager
def opened(scheduler: str | None) -> Iterator[DaskEngine]:
    """Give an engine; see ``open_engine``."""
    if scheduler is None:
        with _own_workers() as client:
            yield DaskEngine(client)
        return
    try:
        # Apart from the caller, who may be inside a loop of their own, as in a notebook.
        with ThreadPoolExecutor(1) as apart:
            apart.submit(asyncio.run, _knock(scheduler)).result()
    except Exception as fault:  # whatever a stranger answers, in bytes read as lengths
        raise NoScheduler(address=scheduler) from fault
    with Client(scheduler, timeout=_CONNECT_SECONDS, set_as_default=False) as client:
        _check_workers(client, scheduler)
        yield DaskEngine(client)


async def _knock(address: str) -> None:
    """See whether Dask answers: a client that finds nobody is half there and lingers."""
    secured = Security().get_connection_args("client")
    line = await connect(coerce_to_address(address), timeout=_CONNECT_SECONDS, **secured)
    await line.close()


@contextmanager
def _own_workers() -> Iterator[Any]:
    """Start a worker process for each processor; only this process holds the key to them."""
    no_pages: dict[str, list[str]] = {
        f"distributed.{who}.http.routes": [] for who in ("scheduler", "worker")
    }
    with (
        dask.config.set(no_pages),
        LocalCluster(
            processes=True,
            threads_per_worker=1,
            host="127.0.0.1",
            security=True,
            silence_logs=logging.CRITICAL,  # a loss is told by a refusal
            scheduler_kwargs={"dashboard": False},
            dashboard_address="127.0.0.1:0",
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


def _check_workers(client: Any, address: str) -> None:
    """Go on only with workers that give the same result.

    Raises:
        NoWorkers: there are none.
        OtherVersion: one of them runs another program.
    """
    if not client.nthreads():
        raise NoWorkers(address=address)
    for worker, found in client.run(fingerprint, on_error="return").items():
        if found != fingerprint():
            raise OtherVersion(worker=worker)
