"""``jobfair bench blocks``: what a block of people costs, and what a country would by it."""

import math
import pickle
import time
import tracemalloc
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from jobfair.matching.bench import TODAY, invent_people, invent_positions
from jobfair.matching.core.blocks import (
    BATCH,
    FAN_IN,
    MOST_PEOPLE,
    batches,
    hold,
    merge,
    rank_block,
)
from jobfair.matching.core.columns import SeekerColumns
from jobfair.matching.core.weights import STANDARD
from jobfair.matching.pool import settle

_T = TypeVar("_T")
_TOP = 200
_MANY_PEOPLE, _MANY_POSITIONS = 10_000_000, 1_000_000
_MB = 1_000_000


def _timed(work: Callable[[], _T]) -> tuple[_T, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def _block(size: int, positions: int, tasks: int, seed: int) -> dict[str, float]:
    """Return what one block of a size costs, on one thread."""
    people = invent_people(size, seed)
    columns, build_s = _timed(lambda: SeekerColumns.of(people))
    sent = pickle.dumps(columns)
    work = batches(invent_positions(positions, seed), BATCH)[:tasks]
    scorer, open_s = _timed(lambda: hold(pickle.loads(sent), STANDARD, TODAY))  # noqa: S301 - ours
    settle()
    parts, rank_s = _timed(lambda: [rank_block(scorer, batch, _TOP) for batch in work])
    pairs = size * sum(map(len, work))
    _merged, merge_s = _timed(lambda: merge([parts[0]] * FAN_IN, _TOP))
    tracemalloc.start()
    scorer = hold(pickle.loads(sent), STANDARD, TODAY)  # noqa: S301 - made above
    bare, _peak = tracemalloc.get_traced_memory()
    for batch in work:
        rank_block(scorer, batch, _TOP)
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return {
        "people": size,
        "build_s": round(build_s, 3),
        "open_s": round(open_s, 3),
        "sent_mb": round(len(sent) / _MB, 2),
        "bare_mb": round(bare / _MB, 1),
        "kept_mb": round(kept / _MB, 1),
        "peak_mb": round(peak / _MB, 1),
        "task_s": round(rank_s / len(work), 3),
        "pairs_per_s": round(pairs / rank_s),
        "part_kb": round(sum(part.nbytes for part in parts) / len(parts) / 1000, 1),
        "merge_s": round(merge_s, 4),
    }


def _plan(block: dict[str, float]) -> dict[str, float]:
    """Return what ten million people by a million positions would take with blocks like one."""
    blocks = math.ceil(_MANY_PEOPLE / block["people"])
    rows = _MANY_POSITIONS / BATCH
    merges, level = 0, blocks
    while level > 1:
        level = math.ceil(level / FAN_IN)
        merges += level
    return {
        "people": _MANY_PEOPLE,
        "positions": _MANY_POSITIONS,
        "block": block["people"],
        "blocks": blocks,
        "rank_tasks": round(blocks * rows),
        "merge_tasks": round(merges * rows),
        "rank_core_hours": round(blocks * rows * block["task_s"] / 3600, 1),
        "merge_core_hours": round(merges * rows * block["merge_s"] / 3600, 1),
        "blocks_sent_gb": round(blocks * block["sent_mb"] / 1000, 2),
        "blocks_kept_gb": round(blocks * block["kept_mb"] / 1000, 1),
        "parts_gb": round(blocks * rows * block["part_kb"] / _MB, 1),
        "result_gb": round(rows * block["part_kb"] / _MB, 1),
    }


def run_block_bench(
    *,
    sizes: Sequence[int] = (10_000, 25_000, 50_000, 100_000),
    positions: int = 20_000,
    tasks: int = 8,
    seed: int = 2010,
) -> dict[str, Any]:
    """Return the measures of ``jobfair bench blocks``.

    Args:
        sizes: people in a block, each measured.
        positions: how many to invent: the more, the more are alike.
        tasks: how many batches of them to rank.
        seed: the same seed, the same people and positions.
    """
    found = [_block(size, positions, tasks, seed) for size in sizes]
    usual = min(found, key=lambda block: abs(block["people"] - MOST_PEOPLE))
    return {"top": _TOP, "batch": BATCH, "blocks": found, "plan": _plan(usual)}
