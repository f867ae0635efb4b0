"""Fills the posts of a fair by proposals, some of them kept for protected people first.

Kept seats follow Hafalir, Yenmez and Yildirim, "Effective affirmative action in school choice",
Theoretical Economics 8 (2013): a kept seat goes to the best protected applicant, and to anybody
else only when no protected one asks for it. So nobody's seat stays empty for the rule's sake.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jobfair.matching.core.market import Market
from jobfair.matching.core.stable import Pairs, accept

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
_SPARE = 30


def keep_seats(headcounts: Sequence[int], share: float) -> list[int]:
    """Return how many seats of each post are kept, by largest remainder; together the share."""
    exact = np.array(headcounts, np.float64) * share
    kept = np.floor(exact).astype(np.int64)
    missing = int(np.ceil(sum(headcounts) * share - 1e-9)) - int(kept.sum())
    by = np.lexsort((np.arange(len(exact)), kept - exact))
    for number in by[:missing]:
        kept[number] = min(kept[number] + 1, headcounts[number])
    found: list[int] = kept.tolist()
    return found


class Seats:
    """The posts of a fair, open seats and kept ones."""

    def __init__(
        self, market: Market, headcounts: Sequence[int], protected: Flags, kept: Sequence[int]
    ) -> None:
        """Take the market, the headcounts, who is protected and how many seats are kept for them.

        Args:
            market: people and positions.
            headcounts: how many each position takes, by its number in the market.
            protected: for all rows of people.
            kept: how many seats of each position are kept.
        """
        self._market = market
        self._headcounts = headcounts
        self._protected = protected
        self._kept = kept

    def begin(self) -> None:
        """Make first lists."""
        self._market.deepen({n: 2 * h + _SPARE for n, h in enumerate(self._headcounts) if h})

    def pairs(self) -> tuple[Pairs, Ints]:
        """Return the pairs on the lists as they are, and the points of each."""
        return self._market.pairs([n for n, h in enumerate(self._headcounts) if h])

    def lengthen(self, placed: Ints, bound: Flags) -> bool:
        """Lengthen the lists that may be too short; tell whether there were any.

        A list is long enough when somebody on it gets no post at all: whoever stands behind them is
        not wanted, for every stable allocation leaves the same people without a post (Roth, "On
        the Allocation of Residents to Rural Hospitals", Econometrica 54, 1986). Where seats are
        kept this must be somebody protected.

        Args:
            placed: the rows of those who get a post.
            bound: who might be kept from a post by a travel group, for all rows.
        """
        free = ~bound
        free[placed] = False
        short = {}
        for number, headcount in enumerate(self._headcounts):
            listed = self._market.listed(number)
            if not headcount or listed.whole:
                continue
            waiting = free[listed.rows]
            if self._kept[number]:
                waiting &= self._protected[listed.rows]
            if not waiting.any():
                short[number] = 3 * len(listed.rows)
        self._market.deepen(short)
        return bool(short)

    def fill(self, pairs: Pairs, allowed: Flags) -> Ints:
        """Return which pairs come about, among those allowed."""
        chosen = np.flatnonzero(allowed)
        narrowed = pairs.kept(allowed)
        if not any(self._kept):
            return chosen[accept(narrowed, self._headcounts)]
        kept = np.array(self._kept, np.int64)
        twice = np.flatnonzero(kept[narrowed.post] > 0)
        protected = self._protected[narrowed.applicant]
        # Protected people ask for the kept seat first, others for the open one.
        order = np.concatenate(
            [2 * narrowed.order + protected, 2 * narrowed.order[twice] + ~protected[twice]]
        )
        behind = np.where(protected[twice], 0, self._market.people)
        wide = Pairs(
            np.concatenate([narrowed.applicant, narrowed.applicant[twice]]),
            np.concatenate([narrowed.post, narrowed.post[twice] + len(kept)]),
            order,
            np.concatenate([narrowed.place, narrowed.place[twice] + behind]),
        )
        by = np.lexsort((wide.order, wide.applicant))
        number = np.concatenate([np.arange(len(narrowed)), twice])[by]
        left = [h - k for h, k in zip(self._headcounts, self._kept, strict=True)]
        return np.sort(chosen[number[accept(wide.kept(by), [*left, *self._kept])]])

    def gains(self, pairs: Pairs, points: Ints, got: Ints) -> Ints:
        """Return the points of the pairs that would be let in beside those that came about, else 0.

        Kept seats are not looked into: the next filling decides.
        """
        count = np.bincount(pairs.post[got], minlength=len(self._headcounts))
        worst = np.full(len(self._headcounts), -1, np.int64)
        np.maximum.at(worst, pairs.post[got], pairs.place[got])
        room = count < np.array(self._headcounts)
        open_now = room[pairs.post] | (pairs.place < worst[pairs.post])
        return np.where(open_now, points, 0)
