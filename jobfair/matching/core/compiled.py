"""The best people of a position in one pass: ``best.c``, compiled when the package is installed.

The same whole numbers as in ``score`` and the same double-precision steps, so the result is that of
numpy to the bit. People are looked at wish by wish, the nearest first, as they stand side by side
in the listing of the columns. Whoever cannot reach the worst of the best found so far is left at
that.
"""

import ctypes
import hashlib
from ctypes import byref, c_double, c_int64, c_void_p
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobfair.matching.core.columns import SeekerColumns, day_number
from jobfair.matching.core.near import BANDS, Near
from jobfair.matching.core.score import COLUMN_OF, KNOWN_BITS, Asked, Ints, Rows, Scorer

_SOURCE = Path(__file__).with_name("best.c")
_LEAST_ROOM = 32
_TABLES = len(COLUMN_OF)


class _Pool(ctypes.Structure):
    _fields_ = [(name, c_void_p) for name in ("members", "starts", "counts", "gate", "policy")]


class _Asked(ctypes.Structure):
    _fields_ = [
        *((name, c_void_p) for name in ("sums", "gates", "timely", "terms", "ties")),
        *((name, c_int64 * _TABLES) for name in ("begins", "there")),
        *((name, c_double) for name in ("most", "rest", "unplaced", "company")),
        *((name, c_int64) for name in ("born", "born_after", "free", "today", "size")),
    ]


class _Listing(ctypes.Structure):
    _fields_ = [(name, c_void_p) for name in ("people", "runs", "facts")]


class _Lists(ctypes.Structure):
    _fields_ = [*((name, c_void_p) for name in ("firsts", "ends", "likeness")), ("count", c_int64)]


class _Found(ctypes.Structure):
    _fields_ = [
        *((name, c_void_p) for name in ("seen", "best")),
        *((name, c_int64) for name in ("room", "count", "worst", "last", "least")),
        ("need", c_double),
    ]


def _functions() -> tuple[Any, Any]:
    """Load what was compiled from this very source, by the name that the build gives it.

    Raises:
        OSError: there is none, or it is of another machine.
    """
    digest = hashlib.sha256(_SOURCE.read_bytes()).hexdigest()[:12]
    library = ctypes.CDLL(str(_SOURCE.with_name(f"best-{digest}.so")))
    library.jobfair_scan.restype = library.jobfair_sort.restype = None
    return library.jobfair_scan, library.jobfair_sort


_scan, _sort = _functions()


def _at(array: NDArray[Any]) -> int:
    """Return where an array begins; whoever asks keeps the array."""
    return array.ctypes.data


@dataclass(frozen=True, slots=True)
class _Ground:
    """What is the same for every position until the people change."""

    pool: _Pool
    listing: _Listing
    arrays: tuple[NDArray[Any], ...]

    @classmethod
    def of(cls, columns: SeekerColumns) -> "_Ground":
        """Note where everything is."""
        members, (index, _moved) = columns.members(), columns.index()
        pool = [members.people, members.starts, members.counts]
        pool += [columns.column("gate"), columns.column("policy")]
        listing = [index.people, index.runs, columns.listing()]
        return cls(_Pool(*map(_at, pool)), _Listing(*map(_at, listing)), (*pool, *listing))


class _Search:
    """The best found so far of one position, and all that the library reads meanwhile."""

    def __init__(
        self, scorer: Scorer, asked: Asked, pool: _Pool, size: int, ties: NDArray[np.int64]
    ) -> None:
        begins = dict(zip(asked.tables, (0, *asked.ends), strict=False))
        priority = np.float32(scorer.profile.priority)
        terms = (priority * asked.policy).astype(np.float64)
        arrays = asked.sums, asked.gates, scorer.in_time(asked.limits), terms, ties
        whole, limits = scorer.whole, asked.limits
        rest = float(sum(whole[name] for name in asked.given))
        question = _Asked(
            *map(_at, arrays),
            # A table that is not there is read at one place, which holds nothing.
            tuple(begins.get(name, len(asked.sums) - 1) for name in COLUMN_OF),
            tuple(-(name in begins) for name in COLUMN_OF),
            float(priority),
            rest,
            rest - whole["place"] if "place" in begins else rest,
            whole["travel_group"],
            limits.born,
            limits.born_after,
            limits.free,
            day_number(scorer.today),
            size,
        )
        self._kept = arrays
        self._arguments = byref(pool), byref(question)
        # Room for some more, so that the last of the best need not be found for all who join.
        self._best = np.empty((size + max(size // 2, _LEAST_ROOM), 3), np.int64)
        self._seen = np.zeros((scorer.columns.rows >> 3) + 1, np.uint8)
        self._found = _Found(_at(self._seen), _at(self._best), len(self._best), 0, -1, 0, 0, -1)

    def look(self, listing: _Listing, *lists: NDArray[np.int64]) -> None:
        """Look at everybody on some lists; see ``Near.lists`` for what is said of each."""
        given = _Lists(*map(_at, lists), len(lists[0]))
        _scan(*self._arguments, byref(listing), byref(given), byref(self._found))

    def leave_out(self, rows: Rows) -> None:
        """Take some rows for seen."""
        np.bitwise_or.at(self._seen, rows >> 3, np.left_shift(1, rows & 7).astype(np.uint8))

    @property
    def worst_points(self) -> int:
        """Return the points of the last of the best, negative while fewer are found."""
        return int(self._found.worst) >> KNOWN_BITS

    def best(self, size: int) -> tuple[Rows, Ints]:
        """Return the rows found, best first, and the merit of each."""
        _sort(byref(self._found))
        found = self._best[: min(self._found.count, size)]
        return found[:, 2].copy(), found[:, 0].copy()


def best_rows(
    scorer: Scorer, asked: Asked, near: Near, top: int, ties: NDArray[np.int64]
) -> tuple[Rows, Ints]:
    """Return the best eligible rows, best first, and the merit of each: points, what is known.

    Args:
        scorer: the people and the weights.
        asked: the position.
        near: the lists of people by how near their wishes are.
        top: how many.
        ties: what decides among equals, the smallest first, for all rows.
    """
    columns = scorer.columns
    index, moved = columns.index()
    size = min(top, columns.rows)
    if size <= 0:
        return np.zeros(0, np.intp), np.zeros(0, np.int64)
    ground = scorer.remembered(_Ground.of)
    search = _Search(scorer, asked, ground.pool, size, ties)
    if len(moved):
        facts, each = columns.listed_facts(moved), np.arange(len(moved) + 1)
        likeness = scorer.packed("occupation", scorer.best_wish(asked, moved))
        search.look(_Listing(_at(moved), _at(each), _at(facts)), each[:-1], each[1:], likeness)
        search.leave_out(moved)
    for number, band in enumerate(BANDS):
        search.look(ground.listing, *near.lists(number))
        worst = search.worst_points
        if worst >= 0 and scorer.least_likeness(asked, worst) > band:
            break
    wishless = index.firsts[-1:], np.array([len(index.runs) - 1]), np.zeros(1, np.int64)
    search.look(ground.listing, *wishless)
    return search.best(size)
