"""Who would rather have each other, among all pairs of a market and not only the listed ones."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jobfair.matching.core.market import Listed, Market

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Key = tuple[int, int, int]
_NOBODY: Key = (-1, -1, 0)
_ALL: Key = (np.iinfo(np.int64).max, 0, 0)


def find_rivals(
    market: Market,
    headcounts: Sequence[int],
    rows: Ints,
    posts: Ints,
    *,
    protected: Flags,
    kept: Sequence[int],
) -> tuple[Ints, Ints]:
    """Return the rows and the post numbers of the pairs who would both rather have each other.

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
    marks, bars = {}, {}
    for number, headcount in enumerate(headcounts):
        if headcount:
            bars[number] = _bars(market, judged.get(number), headcount, kept[number], protected)
            marks[number] = max(min(bars[number])[0], 0)
    found_rows, found_posts = [], []
    for number, listed in market.above(marks):
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
    return np.concatenate([none, *found_rows]), np.concatenate([none, *found_posts])


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
