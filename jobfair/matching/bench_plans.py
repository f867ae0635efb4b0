"""``jobfair bench allocate``: the plan of a whole invented fair by both objectives, in one run."""

import random
import time
from collections import defaultdict

import numpy as np

from jobfair.kit.terminal import peak_mb
from jobfair.matching.bench import TODAY, invent_people, invent_positions
from jobfair.matching.core.allocate import Order, Plan, allocate_fair
from jobfair.matching.core.columns import SeekerColumns
from jobfair.matching.core.market import Market
from jobfair.matching.core.together import Group
from jobfair.matching.core.weights import STANDARD
from jobfair.matching.planning import PROTECTED
from jobfair.matching.pool import settle

_POSITIONS_EACH = 25  # positions of one employer
_SHARE = 0.4


def share_posts(posts: int, positions: int, seed: int) -> list[int]:
    """Return headcounts that sum to the posts: many small ones, a few large ones."""
    draw = random.Random(f"headcounts {seed}")  # noqa: S311 - invented data
    weights = [draw.lognormvariate(0, 1) for _ in range(positions)]
    found = [max(1, int(weight / sum(weights) * posts)) for weight in weights]
    for number in range(posts - sum(found)):
        found[number % positions] += 1
    return found


def run_plan_bench(
    *, seekers: int = 110_000, positions: int = 1_500, posts: int = 19_137, seed: int = 2010
) -> dict[str, float]:
    """Return seconds and gaps of plans of the same fair.

    ``tied_*`` has travel groups, every third of them together or not at all, and a share of 40 per
    cent for registered-poor households.
    """
    people = invent_people(seekers, seed)
    offered = invent_positions(positions, seed)
    columns = SeekerColumns.of(people)
    settle()
    rows = defaultdict(list)
    for row, person in enumerate(people):
        if person.travel_group:
            rows[person.travel_group].append(row)
    together = [tuple(found) for found in rows.values() if len(found) > 1]
    headcounts = share_posts(posts, positions, seed)
    employers = [number // _POSITIONS_EACH for number in range(positions)]
    free = Order(headcounts, employers)
    tied = Order(
        headcounts,
        employers,
        groups=[Group(found, strict=number % 3 == 0) for number, found in enumerate(together)],
        protected=np.array([p.household_category == PROTECTED for p in people]),
        share=_SHARE,
    )

    def timed(order: Order, objective: str) -> tuple[float, Plan]:
        began = time.perf_counter()
        market = Market(columns, offered, profile=STANDARD, today=TODAY)
        plan = allocate_fair(market, order, objective=objective)
        return round(time.perf_counter() - began, 2), plan

    stable_s, stable = timed(free, "stable")
    total_s, total = timed(free, "max_total")
    tied_stable_s, _plan = timed(tied, "stable")
    tied_total_s, tied_total = timed(tied, "max_total")
    return {
        "seekers": seekers,
        "positions": positions,
        "posts": sum(headcounts),
        "stable_s": stable_s,
        "stable_blocking_pairs": len(stable.blocking[0]),
        "stable_below_best": round(1 - stable.total / total.total, 6),
        "max_total_s": total_s,
        "max_total_gap": total.gap,
        "tied_stable_s": tied_stable_s,
        "tied_max_total_s": tied_total_s,
        "tied_max_total_gap": round(tied_total.gap, 6),
        "peak_mb": peak_mb(),
    }
