"""Who asked for what and goes with whom: lists of people found without looking at all."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]

# A later wish counts a little less than the first.
WISH_ORDER = np.array((1.0, 0.95, 0.9, 0.87, 0.85), np.float32)


def pick(lists: Rows, starts: Rows, counts: Rows) -> Rows:
    """Return some of many lists that stand one after another, one after another."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    found: Rows = lists[np.repeat(starts - (ends - counts), counts) + np.arange(total)]
    return found


@dataclass(frozen=True, slots=True)
class Members:
    """The rows of each travel group, by its number; group 0 is nobody's."""

    people: Rows
    starts: Rows
    counts: Rows

    @classmethod
    def of(cls, groups: Rows, kinds: int) -> "Members":
        """Index the travel group numbers of all rows; ``kinds`` is one above the highest."""
        there = np.flatnonzero(groups)
        people = there[np.argsort(groups[there], kind="stable")]
        counts = np.bincount(groups[there], minlength=kinds)
        return cls(people, np.cumsum(counts) - counts, counts)


@dataclass(frozen=True, slots=True)
class WishIndex:
    """The rows of a pool by wish and place of the wish, as they were when it was made.

    Attributes:
        kinds: how many distinct wishes there were, "no wish" (number 0) included.
        rows: how many rows there were.
        starts: shape (places, kinds), where each list of people begins in ``people``.
        counts: shape (places, kinds), how long each list is.
        people: the lists, one after another, then the rows without any wish.
        runs: where people of one list who want the same places begin, and the end of all.
        firsts: the run each list begins with, list after list, then that of the wishless.
        there: the numbers of the lists somebody is on; a list's is its place in ``counts``, read
            row by row.
        kind_of, order_of: the wish of each of these, and how much its place counts.
    """

    kinds: int
    rows: int
    starts: NDArray[np.intp]
    counts: NDArray[np.intp]
    people: Rows
    runs: Rows
    firsts: Rows
    there: Rows
    kind_of: Rows
    order_of: Floats

    @property
    def wishless(self) -> Rows:
        """Return the rows without any wish."""
        return self.people[self.runs[self.firsts[-1]] :]

    @classmethod
    def of(
        cls, wishes: Sequence[Rows], wanted: Rows, listed: NDArray[np.bool_], kinds: int
    ) -> "WishIndex":
        """Index the people who may be recommended.

        Args:
            wishes: the wish numbers of all rows, one array for each place; 0 is no wish.
            wanted: a number for the places each row wants.
            listed: which rows may be recommended at all; others are left out.
            kinds: how many distinct wishes there are.
        """
        lists, counts = [], []
        for numbers in wishes:
            there = np.flatnonzero((numbers > 0) & listed)
            order = np.lexsort((wanted[there], numbers[there]))
            lists.append(there[order])
            counts.append(np.bincount(numbers[there], minlength=kinds))
        count = np.array(counts, np.intp).reshape(len(lists), kinds)
        ends = np.cumsum(count.ravel())
        starts = (ends - count.ravel()).reshape(count.shape)
        none = wishes[0] == 0 if wishes else np.ones(len(listed), np.bool_)
        wishless = np.flatnonzero(none & listed)
        wishless = wishless[np.argsort(wanted[wishless], kind="stable")]
        people = np.concatenate([*lists, wishless])
        begins = np.append(starts, count.sum())
        fresh = np.diff(wanted[people], prepend=-1) != 0
        fresh[begins[begins < len(people)]] = True
        runs = np.append(np.flatnonzero(fresh), len(people))
        firsts, there = np.searchsorted(runs, begins), np.flatnonzero(count)
        kind_of, order_of = there % kinds, WISH_ORDER[there // kinds]
        return cls(
            kinds, len(listed), starts, count, people, runs, firsts, there, kind_of, order_of
        )

    def near(self, likeness: Floats, least: float) -> tuple[Rows, Floats]:
        """Return the people with a wish at least so near, each once, with their best.

        Args:
            likeness: how near each distinct wish is, at least ``kinds`` long.
            least: the lowest likeness wanted, after the order of wishes is counted.
        """
        values = likeness[: self.kinds] * WISH_ORDER[: len(self.counts), np.newaxis]
        hits = np.flatnonzero((values >= least) & (self.counts > 0))
        # The last written stands, so the best of somebody's wishes comes last.
        best = values.ravel()[hits]
        hits = hits[np.argsort(best, kind="stable")]
        lengths = self.counts.ravel()[hits]
        rows = pick(self.people, self.starts.ravel()[hits], lengths)
        number = np.arange(len(rows))
        last = np.empty(self.rows, np.intp)
        last[rows] = number
        keep = last[rows] == number
        return rows[keep], np.repeat(values.ravel()[hits], lengths)[keep]
