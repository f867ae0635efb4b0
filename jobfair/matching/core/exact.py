"""The highest total with travel groups, proved on small fairs by branch and bound.

With groups the transport problem loses the whole numbers of its prices, and only a search over
which group goes where proves a plan the best. For a fair of a village or a single employer that
search ends; for a large one ``together`` comes close, and the price of the posts tells how close.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import highspy
import numpy as np
from numpy.typing import NDArray

from jobfair.matching.core.market import Market
from jobfair.matching.core.stable import Pairs
from jobfair.matching.core.together import Group
from jobfair.matching.core.total import Share

Ints = NDArray[np.int64]
_PAIRS_AT_MOST = 20_000
# The search counts steps and not seconds: the same plan on a slow machine as on a fast one.
_STEPS_AT_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Best:
    """The best plan: pairs and the points of each."""

    rows: Ints
    posts: Ints
    points: Ints


def allocate_best(
    market: Market,
    headcounts: Sequence[int],
    employers: Sequence[int],
    groups: Sequence[Group],
    share: Share | None = None,
) -> Best | None:
    """Return the highest total that keeps to the groups; None where the search would be too long.

    With a share, as few people as can be are missing from it, whatever the total.

    Args:
        market: the people and positions.
        headcounts: how many each position takes, by number.
        employers: a number for the employer of each position.
        groups: strict ones are at one employer or get no post; all others are at one employer, and
            it must be possible to place them so.
        share: who is to have at least how many of the posts.
    """
    filled = [number for number, headcount in enumerate(headcounts) if headcount]
    # Counted only as far as it takes to know: a large fair is told after a position or two.
    pairs_so_far = accumulate(map(market.count_eligible, filled))
    if any(count > _PAIRS_AT_MOST for count in pairs_so_far):
        return None
    market.deepen(dict.fromkeys(filled, market.people))
    pairs, points = market.pairs(filled)
    search = _Search(pairs, headcounts)
    for group in groups:
        search.bring_together(group, employers)
    if share is not None:
        search.miss_least(share)
    taken = search.highest(points)
    if taken is None:
        return None
    return Best(pairs.applicant[taken], pairs.post[taken], points[taken])


class _Search:
    """The solver's copy: one variable for each pair, and one for each group and employer."""

    def __init__(self, pairs: Pairs, headcounts: Sequence[int]) -> None:
        self._pairs = pairs
        self._solver = solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.silent()
        for name, value in (
            ("threads", 1),
            ("mip_max_nodes", _STEPS_AT_MOST),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 0.0),
        ):
            solver.setOptionValue(name, value)
        self._takes = [solver.addBinary() for _ in range(len(pairs))]
        self._proved = True
        self._of_person = _places(pairs.applicant)
        for places in self._of_person.values():
            solver.addConstr(self._sum(places) <= 1)
        for post, places in _places(pairs.post).items():
            solver.addConstr(self._sum(places) <= headcounts[post])

    def bring_together(self, group: Group, employers: Sequence[int]) -> None:
        """Hold a group to one employer; a strict one there or nowhere."""
        options: dict[int, list[list[int]]] = {}
        for row in group.rows:
            there: dict[int, list[int]] = {}
            for place in self._of_person.get(row, []):
                there.setdefault(employers[int(self._pairs.post[place])], []).append(place)
            for employer, places in there.items():
                options.setdefault(employer, []).append(places)
        here = []
        for members in options.values():
            whole = self._solver.addBinary() if len(members) == len(group.rows) else None
            if whole is not None:
                here.append(whole)
            for places in members:
                self._solver.addConstr(self._sum(places) == (0 if whole is None else whole))
        if not group.strict:
            self._solver.addConstr(self._solver.qsum(here) == 1)

    def miss_least(self, share: Share) -> None:
        """Let as few people as can be be missing from a share."""
        members = np.flatnonzero(share.members[self._pairs.applicant]).tolist()
        if members:
            self._maximise(self._sum(members))
            most = min(round(self._solver.getObjectiveValue()), share.least)
            self._solver.addConstr(self._sum(members) >= most)

    def highest(self, points: Ints) -> Ints | None:
        """Return the places of the pairs with the highest sum, None when it was not proved."""
        if not len(points):
            return np.zeros(0, np.int64)
        worth = zip(points.tolist(), self._takes, strict=True)
        self._maximise(self._solver.qsum(one * take for one, take in worth))
        values = np.array(self._solver.getSolution().col_value)
        return np.flatnonzero(values[: len(points)] > 0.5) if self._proved else None

    def _sum(self, places: Sequence[int]) -> highspy.highs.highs_linear_expression:
        return self._solver.qsum([self._takes[place] for place in places])

    def _maximise(self, what: highspy.highs.highs_linear_expression) -> None:
        self._solver.maximize(what)
        self._proved &= self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal


def _places(values: Ints) -> dict[int, list[int]]:
    """Return where each value stands."""
    found: dict[int, list[int]] = {}
    for place, value in enumerate(values.tolist()):
        found.setdefault(value, []).append(place)
    return found
