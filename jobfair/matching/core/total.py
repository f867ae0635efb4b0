"""The allocation with the highest total score: a transport problem, solved exactly.

Each person takes at most one post, each position at most its headcount. Only the pairs that can
matter are handed to the solver; its prices for posts then show every pair left out that could still
help, until none does. What the prices are worth is an upper bound for every allocation (weak
duality of linear programming; Dantzig, "Linear Programming and Extensions", 1963, chapter 6), so
the distance to it is a proof, not a guess.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from jobfair.matching.core.market import Market
from jobfair.matching.core.score import MILLION
from jobfair.matching.core.stable import Pairs

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
# What one missing person of a minimum share costs: more than any exchange of people can bring.
_SHORT = 4 * MILLION
# Pairs that are worth so little less than a person's best, at the prices of the start.
_NEARLY = MILLION // 50
_AT_ONCE = 15_000
_MORE = 60  # beyond the headcount, people newly found for one position in one step
_NEW = -1
_PRIMAL_SIMPLEX = 4


@dataclass(frozen=True, slots=True)
class Share:
    """At least so many of the posts filled go to some people.

    Attributes:
        members: who they are, for all rows of the pool.
        least: how many of them.
    """

    members: Flags
    least: int


class Model:
    """The solver's copy: a line for each position and person, a column for each pair."""

    def __init__(self, people: int, headcounts: Sequence[int], share: Share | None) -> None:
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self._solver.silent()
        self._solver.setOptionValue("threads", 1)
        self._posts = len(headcounts)
        self._line = np.full(people, _NEW, np.int64)
        self._lines = self._posts + (share is not None)
        self.share = share
        self.rows = np.zeros(0, np.int64)
        self.posts = np.zeros(0, np.int64)
        self.points = np.zeros(0, np.int64)
        limits = np.array(headcounts, np.float64)
        self._add_lines(np.zeros(len(limits)), limits)
        if share is not None:
            self._add_lines(np.array([float(share.least)]), np.array([highspy.kHighsInf]))
            self._add_columns(np.array([float(_SHORT)]), [np.array([self._posts])])

    def _add_lines(self, low: NDArray[np.float64], high: NDArray[np.float64]) -> None:
        none = np.zeros(0, np.int32)
        begins = np.zeros(len(low), np.int32)
        self._solver.addRows(len(low), low, high, 0, begins, none, np.zeros(0))

    def _add_columns(self, costs: NDArray[np.float64], lines: Sequence[Ints]) -> None:
        """Add columns with a 1 in each of some lines; a line below 0 is none."""
        table = np.stack(lines, axis=1)
        there = table >= 0
        lengths = there.sum(axis=1)
        begins = np.cumsum(lengths) - lengths
        count, ones = len(costs), int(lengths.sum())
        most = np.full(count, highspy.kHighsInf)
        self._solver.addCols(
            count,
            costs,
            np.zeros(count),
            most,
            ones,
            begins.astype(np.int32),
            table[there].astype(np.int32),
            np.ones(ones),
        )

    def add(self, rows: Ints, posts: Ints, points: Ints) -> None:
        """Add pairs that are not there yet."""
        fresh = np.unique(rows[self._line[rows] == _NEW])
        self._line[fresh] = self._lines + np.arange(len(fresh))
        self._lines += len(fresh)
        self._add_lines(np.zeros(len(fresh)), np.ones(len(fresh)))
        lines = [posts, self._line[rows]]
        if self.share is not None:
            lines.append(np.where(self.share.members[rows], self._posts, _NEW))
        self._add_columns(-points.astype(np.float64), lines)
        self.rows = np.concatenate([self.rows, rows])
        self.posts = np.concatenate([self.posts, posts])
        self.points = np.concatenate([self.points, points])

    def begin_with(self, taken: Flags) -> None:
        """Begin the search from an allocation, instead of from nothing."""
        status = highspy.HighsBasisStatus
        columns = [status.kBasic if one else status.kLower for one in taken.tolist()]
        lines = [status.kBasic] * self._lines
        for line in self._line[self.rows[taken]].tolist():
            lines[line] = status.kUpper
        if self.share is not None:
            short = self.share.members[self.rows[taken]].sum() < self.share.least
            columns.insert(0, status.kBasic if short else status.kLower)
            lines[self._posts] = status.kLower if short else status.kBasic
        basis = highspy.HighsBasis()
        basis.col_status, basis.row_status, basis.valid = columns, lines, True
        self._solver.setBasis(basis)
        self._solver.setOptionValue("simplex_strategy", _PRIMAL_SIMPLEX)

    def prefer(self, points: Ints, allowed: Flags) -> None:
        """Let each pair count so many points from now on, and only some pairs come about."""
        first = int(self.share is not None)
        columns = np.arange(first, first + len(points), dtype=np.int32)
        count = len(columns)
        self._solver.changeColsCost(count, columns, -points.astype(np.float64))
        most = np.where(allowed, highspy.kHighsInf, 0.0)
        self._solver.changeColsBounds(count, columns, np.zeros(count), most)

    def solve(self) -> tuple[Flags, Ints, int]:
        """Return which pairs come about, the price of each post, the price of the share."""
        self._solver.run()
        status = self._solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"the solver stopped: {status}")
        found = self._solver.getSolution()
        first = int(self.share is not None)
        taken = np.array(found.col_value)[first:] > 0.5
        prices = np.rint(np.array(found.row_dual)).astype(np.int64)
        premium = max(int(prices[self._posts]), 0) if self.share is not None else 0
        return taken, np.maximum(-prices[: self._posts], 0), premium


@dataclass(frozen=True, slots=True)
class Solved:
    """An allocation, and what no allocation can exceed.

    Attributes:
        model: the pairs that were looked at; the solver can go on from here.
        taken: which of them come about.
        bound: an upper bound of the sum of points over all allocations.
        prices: what one more post of each position would bring, in millionths.
    """

    model: Model
    taken: Flags
    bound: int
    prices: Ints


def allocate_total(
    market: Market,
    headcounts: Sequence[int],
    *,
    pairs: Pairs,
    points: Ints,
    start: Ints,
    share: Share | None = None,
) -> Solved:
    """Return the allocation with the highest sum of points, and the proof that it is.

    With a share, whoever is missing from it costs more than an exchange of people can bring: it is
    kept whenever enough of its members are eligible.

    Args:
        market: the people and positions.
        headcounts: how many each position takes, by number.
        pairs: pairs to look at first.
        points: what each of them counts, in millionths.
        start: the pairs of some allocation, to begin from.
        share: who is to have at least how many of the posts.
    """
    model = Model(market.people, headcounts, share)
    if not len(pairs):
        prices = np.zeros(len(headcounts), np.int64)
        return Solved(model, np.zeros(0, np.bool_), bound=0, prices=prices)
    inside = np.zeros(len(pairs), np.bool_)
    inside[start] = True
    chosen = np.flatnonzero(_promising(pairs, points, start, headcounts, share) | inside)
    outside = np.ones(len(pairs), np.bool_)
    outside[chosen] = False
    model.add(pairs.applicant[chosen], pairs.post[chosen], points[chosen])
    model.begin_with(inside[chosen])
    while True:
        taken, prices, premium = model.solve()
        bonus = _bonus(share, premium, market.people)
        gain = points - prices[pairs.post] + bonus[pairs.applicant]
        gain -= _offered(model, market.people, prices, bonus)[pairs.applicant]
        fresh = np.flatnonzero((gain > 0) & outside)
        if len(fresh):
            fresh = fresh[np.argsort(-gain[fresh], kind="stable")[:_AT_ONCE]]
            outside[fresh] = False
            model.add(pairs.applicant[fresh], pairs.post[fresh], points[fresh])
            continue
        bound, better = _price(market, model, headcounts, (taken, prices, premium))
        if not len(better[0]):
            return Solved(model, taken, bound, prices)
        model.add(*better)


def seat_prices(posts: Ints, points: Ints, headcounts: Sequence[int]) -> Ints:
    """Return the points of the worst seat of each full position, 0 where a post is empty.

    Args:
        posts: the numbers of the posts that people got.
        points: what each of them counts.
        headcounts: how many each position takes, by number.
    """
    prices = np.full(len(headcounts), np.iinfo(np.int64).max)
    np.minimum.at(prices, posts, points)
    count, limits = np.bincount(posts, minlength=len(headcounts)), np.array(headcounts, np.int64)
    full: Ints = np.where((count >= limits) & (limits > 0), prices, 0)
    return full


def _promising(
    pairs: Pairs, points: Ints, start: Ints, headcounts: Sequence[int], share: Share | None
) -> Flags:
    """Tell which pairs may matter, by the prices that an allocation suggests: its worst seats."""
    worth = points - seat_prices(pairs.post[start], points[start], headcounts)[pairs.post]
    if share is not None:
        placed = np.zeros(len(share.members), np.bool_)
        placed[pairs.applicant[start]] = True
        waiting = share.members[pairs.applicant] & ~placed[pairs.applicant]
        missing = share.least - int((share.members & placed).sum())
        if missing > 0 and waiting.any():
            costs = np.sort(-worth[waiting])
            premium = int(costs[min(missing, len(costs) - 1)])
            worth = worth + share.members[pairs.applicant] * premium
    best = np.zeros(int(pairs.applicant.max(initial=-1)) + 1, np.int64)
    np.maximum.at(best, pairs.applicant, worth)
    found: Flags = worth >= best[pairs.applicant] - _NEARLY
    return found


def _bonus(share: Share | None, premium: int, people: int) -> Ints:
    """Return what each person is worth beside their points, at the price of the share."""
    if share is None:
        return np.zeros(people, np.int64)
    return share.members.astype(np.int64) * premium


def _offered(model: Model, people: int, prices: Ints, bonus: Ints) -> Ints:
    """Return what the best pair of each person in the model brings at the prices, at least 0."""
    found = np.zeros(people, np.int64)
    np.maximum.at(found, model.rows, model.points - prices[model.posts] + bonus[model.rows])
    return found


def _joined(parts: Sequence[Ints]) -> Ints:
    return np.concatenate([np.zeros(0, np.int64), *parts])


def _price(
    market: Market,
    model: Model,
    headcounts: Sequence[int],
    solution: tuple[Flags, Ints, int],
) -> tuple[int, tuple[Ints, Ints, Ints]]:
    """Return the upper bound that the prices prove, and the pairs that could still help."""
    taken, prices, premium = solution
    bonus = _bonus(model.share, premium, market.people)
    offered = _offered(model, market.people, prices, bonus)
    inside = np.sort(model.posts * market.people + model.rows)
    best = offered.copy()
    found: list[tuple[Ints, Ints, Ints]] = []
    marks = {n: int(prices[n]) - premium for n, count in enumerate(headcounts) if count}
    for number, listed in market.above(marks):
        rows, points = listed.rows, listed.points
        gain = points - prices[number] + bonus[rows]
        np.maximum.at(best, rows, gain)
        helps = np.flatnonzero(gain > offered[rows])
        keys = number * market.people + rows[helps]
        helps = helps[~_within(keys, inside)]
        most = gain[helps] - offered[rows[helps]]
        helps = helps[np.argsort(-most, kind="stable")[: headcounts[number] + _MORE]]
        found.append((rows[helps], np.full(len(helps), number), points[helps]))
    bound = int(best.sum() + (prices * np.array(headcounts, np.int64)).sum())
    if model.share is not None:
        short = max(model.share.least - int(model.share.members[model.rows[taken]].sum()), 0)
        bound += short * _SHORT - premium * model.share.least
    return bound, (
        _joined([rows for rows, _, _ in found]),
        _joined([numbers for _, numbers, _ in found]),
        _joined([points for _, _, points in found]),
    )


def _within(values: Ints, ordered: Ints) -> Flags:
    """Tell which values stand in an ordered array."""
    place = np.minimum(np.searchsorted(ordered, values), max(len(ordered) - 1, 0))
    if not len(ordered):
        return np.zeros(len(values), np.bool_)
    there: Flags = ordered[place] == values
    return there
