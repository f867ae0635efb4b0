"""The people near one kind of work, found as deep as somebody asks and kept."""

import numpy as np

from jobfair.matching.core.score import COLUMN_OF, Asked, Floats, Ints, Rows, Scorer

_NOTHING_YET = 2.0
# The least likeness of each portion in which lists are given, nearest first.
BANDS = (0.6, 0.3, 0.0)


class Near:
    """Whoever asks for work like a position's; one object for all positions of one kind."""

    def __init__(self, scorer: Scorer, asked: Asked) -> None:
        self._scorer = scorer
        self._asked = asked
        self._least = _NOTHING_YET
        self._rows: Rows = np.zeros(0, np.intp)
        self._likeness: Floats = np.zeros(0, np.float32)
        self._wished = 0
        self._gates: Rows = self._rows
        self._values: Floats | None = None
        self._lists: list[tuple[Rows, Rows, Ints]] = []

    def lists(self, band: int) -> tuple[Rows, Rows, Ints]:
        """Return one portion of the lists of the index, those of the nearest wishes first.

        Returns:
            the first run of each and the one after its last, see ``WishIndex``, and the occupation
            component of whoever stands on it, packed as in ``Scorer.packed``.
        """
        index, _moved = self._scorer.columns.index()
        if self._values is None:
            self._values = self._asked.wanted[index.kind_of] * index.order_of
        while len(self._lists) <= band:
            inside = self._values >= BANDS[len(self._lists)]
            if self._lists:
                inside &= self._values < BANDS[len(self._lists) - 1]
            hits = np.flatnonzero(inside)
            hits = hits[np.argsort(-self._values[hits])]
            lists, packed = index.there[hits], self._scorer.packed("occupation", self._values[hits])
            self._lists.append((index.firsts[lists], index.firsts[lists + 1], packed))
        return self._lists[band]

    def _reach(self, least: float) -> None:
        """Find the people of at least a likeness, the nearest last, then those without wishes."""
        if least >= self._least:
            return
        index, moved = self._scorer.columns.index()
        rows, likeness = index.near(self._asked.wanted, least)
        wishless = index.wishless
        if len(moved):
            own = self._scorer.best_wish(self._asked, moved)
            stays, there = ~np.isin(rows, moved), own >= least
            rows = np.concatenate([rows[stays], moved[there]])
            likeness = np.concatenate([likeness[stays], own[there]])
            order = np.argsort(likeness, kind="stable")
            rows, likeness = rows[order], likeness[order]
            wishless = np.concatenate([wishless[~np.isin(wishless, moved)], moved[np.isnan(own)]])
        unknown = np.full(len(wishless), np.nan, np.float32)
        self._least = least
        self._rows = np.concatenate([rows, wishless])
        self._likeness = np.concatenate([likeness, unknown])
        self._wished = len(rows)
        self._gates = self._scorer.columns.column("gate")[self._rows]

    def everyone(self) -> tuple[Rows, Floats]:
        """Return all people with their likeness, NaN without wishes."""
        self._reach(0.0)
        return self._rows, self._likeness

    def hopeful(self, asked: Asked, points: int) -> tuple[Rows, Floats]:
        """Return the eligible people who may reach so many points, and their likeness.

        Nobody who reaches them is missed: the gains of the components are added up one by one, and
        whoever could not make up for what is lacking with 1 in all that is left is dropped.

        Args:
            asked: a position of this kind of work.
            points: the mark.
        """
        scorer, target = self._scorer, self._scorer.target(points)
        own, spare = scorer.whole["occupation"], max(1 - target, 0.0)
        least = scorer.least_likeness(asked, points)
        self._reach(max(least, 0.0))
        first = int(np.searchsorted(self._likeness[: self._wished], least))
        able = asked.gates[self._gates[first:]]
        able &= scorer.in_time(asked.limits)[self._rows[first:]]
        keep = np.flatnonzero(able) + first
        sums = np.float32(own) * (self._likeness[keep] - np.float32(target))
        sums[np.searchsorted(keep, self._wished) :] = 0
        left = sum(scorer.whole[name] for name in asked.given) * spare
        for name, gains in scorer.gains(asked, target):
            sums += gains[scorer.columns.column(COLUMN_OF[name])[self._rows[keep]]]
            left -= scorer.whole[name] * spare
            chosen = np.flatnonzero(sums >= -left)
            keep, sums = keep[chosen], sums[chosen]
        return self._rows[keep], self._likeness[keep]
