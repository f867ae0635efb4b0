"""Who would rather have each other, among all pairs of a market and not only the listed ones."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobfair.matching.core.market import NOBODY, Listed, Market

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Key = tuple[int, int, int]
_NOBODY: Key = (-1, -1, 0)
_ALL: Key = (np.iinfo(np.int64).max, 0, 0)


@dataclass(frozen=True, slots=True)
class Rivals:
    """What a look at all pairs of a market tells of a plan.

    Attributes:
        rows: who of each pair that would rather have each other.
        posts: the position of each.
        bound: no plan has a higher sum of points; the prices are those of the worst seats.
    """

    rows: Ints
    posts: Ints
    bound: int


def find_rivals(
    market: Market,
    headcounts: Sequence[int],
    rows: Ints,
    posts: Ints,
    *,
    protected: Flags,
    kept: Sequence[int],
) -> Rivals:
    """Return the pairs who would both rather have each other, and an upper bound of all plans.

    Args:
        market: the people and positions.
        headcounts: how many each position takes, by its number in the market.
        rows: who has a post.
        posts: which.
        protected: for whom seats are kept, for all rows.
        kept: how many seats of each position are kept for them.
    """
    holds = {n: rows[posts == n] for n in np.unique(posts).tolist()}
    judged = {n: market.judge(n, mine) for n, mine in holds.items()}
    own = np.zeros((3, market.people), np.int64)
    own[0] = -1
    for number, listed in judged.items():
        own[:, listed.rows] = _liking(market, number, listed)
    marks, bars, prices = {}, {}, {}
    for number, headcount in enumerate(headcounts):
        if headcount:
            seated = judged.get(number, NOBODY)
            full = len(seated.rows) >= headcount
            prices[number] = int(seated.points.min()) if full else 0
            bars[number] = _bars(market, judged.get(number), headcount, kept[number], protected)
            marks[number] = max(min(bars[number])[0], 0)
    found_rows, found_posts = [], []
    best = np.zeros(market.people, np.int64)
    for number, listed in market.above(marks):
        np.maximum.at(best, listed.rows, listed.points - prices[number])
        open_bar, kept_bar = bars[number]
        wanted = np.where(
            protected[listed.rows],
            _above(_standing(market, listed), kept_bar),
            _above(_standing(market, listed), open_bar),
        )
        wanted &= _better(_liking(market, number, listed), own[:, listed.rows])
        found_rows.append(listed.rows[wanted])
        found_posts.append(np.full(int(wanted.sum()), number))
    none = np.zeros(0, np.int64)
    bound = int(best.sum()) + sum(price * headcounts[n] for n, price in prices.items())
    return Rivals(np.concatenate([none, *found_rows]), np.concatenate([none, *found_posts]), bound)


def _standing(market: Market, listed: Listed) -> Ints:
    """Return how a position ranks people: points, what is known, and the lot; more is better."""
    return np.stack([listed.points, listed.known, -market.lots[listed.rows]])


def _liking(market: Market, number: int, listed: Listed) -> Ints:
    """Return how people rank a position; more is better."""
    lot = np.full(len(listed.rows), -market.post_lots[number])
    return np.stack([listed.liking, listed.known, lot])


def _bars(
    market: Market, held: Listed | None, headcount: int, kept: int, protected: Flags
) -> tuple[Key, Key]:
    """Return what other people, and protected people, must stand above to be let in."""
    if held is None or len(held.rows) < headcount:
        return _NOBODY, _NOBODY
    order = np.lexsort(-_standing(market, held)[::-1])
    keys = list(map(tuple, _standing(market, held)[:, order].T.tolist()))
    sheltered = np.flatnonzero(protected[held.rows[order]])
    open_seats = np.setdiff1d(np.arange(len(keys)), sheltered[:kept])
    open_bar = keys[open_seats[-1]] if len(open_seats) else _ALL
    return open_bar, _NOBODY if len(sheltered) < kept else keys[-1]


def _above(standing: Ints, bar: Key) -> Flags:
    return _better(standing, np.array(bar, np.int64)[:, np.newaxis])


def _better(one: Ints, other: Ints) -> Flags:
    """Tell which columns of three numbers come before others, the first number deciding first."""
    found: Flags = one[0] > other[0]
    same = one[0] == other[0]
    found |= same & (one[1] > other[1])
    same &= one[1] == other[1]
    found |= same & (one[2] > other[2])
    return found
