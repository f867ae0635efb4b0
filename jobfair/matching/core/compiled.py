"""The best people of positions in one pass: ``best.c``, compiled when the package is installed.

The same whole numbers as in ``score`` and the same double-precision steps, so the result is that of
numpy to the bit. People are looked at wish by wish, the nearest first, as they stand side by side
in the listing of the columns. Whoever cannot reach the worst of the best found so far is left at
that. Positions of one kind of work go through each call together: the calls hold no lock of the
interpreter, so another thread prepares or looks meanwhile.
"""

import ctypes
import hashlib
from collections.abc import Sequence
from ctypes import byref, c_double, c_int64, c_void_p
from math import ceil, inf
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from jobfair.matching.core.columns import LEVELS, SeekerColumns
from jobfair.matching.core.near import BANDS, Near
from jobfair.matching.core.score import (
    COLUMN_OF,
    KNOWN_BITS,
    MARGIN,
    MILLION,
    REMEMBERED_BYTES,
    Asked,
    Flags,
    Ints,
    Limits,
    Rows,
    Scorer,
    address,
)

_SOURCE = Path(__file__).with_name("best.c")
_LEAST_ROOM = 32
_MERIT_BITS = KNOWN_BITS + MILLION.bit_length()
# What best.c knows of a row, of a position that asks, and of what is found for it.
_ROW = np.dtype([(name, np.int32) for name in ("gate", "policy", "group", "place")])
_FOUND = np.dtype(
    [("worst", np.uint64), ("need", np.float64)]
    + [(name, np.int64) for name in ("least", "count", "over", "eligible")]
)


class _Pool(ctypes.Structure):
    _fields_ = [
        *((name, c_void_p) for name in ("members", "starts", "counts", "rows", "nothing")),
        ("weights", c_double * len(COLUMN_OF)),
        *((name, c_double) for name in ("occupation", "company", "priority", "margin")),
        *((name, c_int64) for name in ("size", "room", "bytes", "tie_bits")),
    ]


class _Listing(ctypes.Structure):
    _fields_ = [(name, c_void_p) for name in ("people", "runs", "places", "facts")]


class _Lists(ctypes.Structure):
    _fields_ = [*((name, c_void_p) for name in ("firsts", "ends", "likeness")), ("count", c_int64)]


class Ranked(NamedTuple):
    """The best rows for one position, best first: points, what is known; how many are eligible."""

    rows: Rows
    points: NDArray[np.int32]
    known: Ints
    eligible: int


def _library() -> Any:
    """Load what was compiled from this very source, by the name that the build gives it.

    Raises:
        OSError: there is none, or it is of another machine.
    """
    digest = hashlib.sha256(_SOURCE.read_bytes()).hexdigest()[:12]
    library = ctypes.CDLL(str(_SOURCE.with_name(f"best-{digest}.so")))
    library.jobfair_scan.restype = c_int64
    for name in ("jobfair_leave_out", "jobfair_finish", "jobfair_count"):
        getattr(library, name).restype = None
    return library


_best = _library()


class _Timely(NamedTuple):
    """Who is in time for some dates, how many of each gate; where both begin."""

    rows: Flags
    kinds: Ints
    rows_at: int
    kinds_at: int


class _Ties(NamedTuple):
    """What decides among equals: what each row tells, and the rows in order."""

    given: Ints
    rows: NDArray[Any]
    order: Rows


class Ground:
    """What is the same for every position until the people change, and where it is."""

    def __init__(self, columns: SeekerColumns) -> None:
        members, (index, _moved) = columns.members(), columns.index()
        groups = [members.people, members.starts, members.counts]
        places = columns.column("wanted")[index.people[index.runs[:-1]]]
        listing = [index.people, index.runs, places, columns.listing()]
        self.members, self.listing = tuple(map(address, groups)), _Listing(*map(address, listing))
        longest = max(LEVELS, *map(len, (columns.wages, columns.skill_sets, columns.place_sets)))
        nothing = np.zeros(longest, np.int64)
        self.nothing_at = address(nothing)
        self._kept = *groups, *listing, nothing
        self._columns = columns
        self._gate = columns.column("gate")
        self._timely: dict[Limits, _Timely] = {}
        self._ties: dict[int, _Ties] = {}

    def timely(self, scorer: Scorer, limits: Limits) -> _Timely:
        """Return who is in time for some dates."""
        found = self._timely.get(limits)
        if found is None:
            rows = scorer.in_time(limits)
            kinds = np.zeros(len(self._columns.gates), np.int64)
            _best.jobfair_count(
                c_void_p(address(rows)),
                c_void_p(address(self._gate)),
                c_int64(len(rows)),
                c_void_p(address(kinds)),
            )
            found = _Timely(rows, kinds, address(rows), address(kinds))
            if len(self._timely) * rows.nbytes > REMEMBERED_BYTES:
                self._timely = {}
            self._timely[limits] = found
        return found

    def ties(self, given: Ints) -> _Ties:
        """Return the rows in the order of what decides among equals."""
        found = self._ties.get(address(given))
        if found is None:
            order = np.arange(len(given))
            if np.any(given[1:] < given[:-1]):
                order = np.argsort(given, kind="stable")
            rows = np.empty(len(given), _ROW)
            for name in ("gate", "policy", "group"):
                rows[name] = self._columns.column(name)
            rows["place"][order] = np.arange(len(given))
            # The array is kept, so that no other one begins where it does.
            found = _Ties(given, rows, order)
            self._ties = {address(given): found}
        return found


class _Search:
    """The best found so far of alike positions, and all that the library reads meanwhile."""

    def __init__(self, scorer: Scorer, group: Sequence[Asked], size: int, ties: Ints) -> None:
        # Kept as long as the library reads what they hold, as are scorer and group.
        self._kept: list[object] = []
        self._scorer, self._group, self._size = scorer, group, size
        self._ground = ground = scorer.remembered(Ground)
        self._ties = ground.ties(ties)
        profile, whole, rows = scorer.profile, scorer.whole, scorer.columns.rows
        self._tie_bits = 64 - _MERIT_BITS - ceil(1 + profile.priority).bit_length()
        if rows >= 1 << self._tie_bits:
            raise ValueError("so many people are ranked in blocks")
        # Room for some more, so that the last of the best need not be found for all who join.
        room, seen_bytes = size + max(size // 2, _LEAST_ROOM), (rows >> 3) + 1
        self._pool = _Pool(
            *ground.members,
            address(self._ties.rows),
            ground.nothing_at,
            tuple(whole[name] for name in COLUMN_OF),
            whole["occupation"],
            whole["travel_group"] if len(scorer.columns.groups) > 1 else 0,
            float(np.float32(profile.priority)),
            MARGIN,
            size,
            room,
            seen_bytes,
            self._tie_bits,
        )
        self._asked = np.array([self._question(asked) for asked in group], np.int64)
        self._best = np.empty((len(group), room), np.uint64)
        self._seen = np.zeros((len(group), seen_bytes), np.uint8)
        self._found = np.zeros(len(group), _FOUND)
        self._found["need"] = -1
        held = self._asked, self._found, self._best, self._seen
        asked_at, found_at, best_at, self._seen_at = map(c_void_p, map(address, held))
        self._count = c_int64(len(group))
        self._arguments = (
            byref(self._pool),
            asked_at,
            found_at,
            best_at,
            self._seen_at,
            self._count,
        )

    def _question(self, asked: Asked) -> tuple[int, ...]:
        parts, opened = asked.parts, asked.opened
        timely, terms = self._ground.timely(self._scorer, asked.limits), 0
        # Another thread may forget them meanwhile.
        self._kept.append(timely)
        if self._scorer.profile.priority:
            found = self._scorer.terms(asked)
            self._kept.append(found)
            terms = address(found)
        return (
            *[parts[name].at if name in parts else 0 for name in COLUMN_OF],
            opened.at,
            timely.rows_at,
            terms,
            timely.kinds_at,
            min(len(timely.kinds), len(opened.gates)),
        )

    def look_at(self, rows: Rows, likeness: Ints) -> None:
        """Look at some rows, each with a likeness of its own, and take them for seen."""
        columns, each = self._scorer.columns, np.arange(len(rows) + 1)
        facts, places = columns.facts(rows), columns.column("wanted")[rows]
        listing = _Listing(address(rows), address(each), address(places), address(facts))
        lists = _lists(each[:-1], each[1:], likeness)
        _best.jobfair_scan(*self._arguments, byref(listing), byref(lists), c_double(inf))
        _best.jobfair_leave_out(
            byref(self._pool),
            self._seen_at,
            self._count,
            c_void_p(address(rows)),
            c_int64(len(rows)),
        )

    def look(self, lists: tuple[Rows, Rows, Ints], least: float) -> int:
        """Look at everybody on some lists; see ``Near.lists`` for what is said of each.

        Returns:
            for how many positions somebody of less than a likeness may be among the best.
        """
        left: int = _best.jobfair_scan(*self._arguments, *self._listed(lists), c_double(least))
        return left

    def _listed(self, lists: tuple[Rows, Rows, Ints]) -> tuple[Any, Any]:
        return byref(self._ground.listing), byref(_lists(*lists))

    def finish(self, wishless: tuple[Rows, Rows, Ints]) -> list[Ranked]:
        """Look at those without a wish; return the best for each position."""
        _best.jobfair_finish(*self._arguments, *self._listed(wishless))
        keys = np.sort(self._best[:, : self._size], axis=1)[:, ::-1]
        merit = (keys >> self._tie_bits).astype(np.int64)
        lowest = (1 << self._tie_bits) - 1
        # No key, 0, says a place beyond all.
        rows = self._ties.order.take(lowest - (keys & lowest).astype(np.int64), mode="clip")
        points, known = (merit >> KNOWN_BITS).astype(np.int32), merit & (1 << KNOWN_BITS) - 1
        counts, eligible = self._found["count"].tolist(), self._found["eligible"].tolist()
        return [
            Ranked(rows[n, :count], points[n, :count], known[n, :count], eligible[n])
            for n, count in enumerate(counts)
        ]


def _lists(firsts: Rows, ends: Rows, likeness: Ints) -> _Lists:
    """Return lists for the library; whoever asks keeps the arrays."""
    return _Lists(address(firsts), address(ends), address(likeness), len(firsts))


def best_of_group(
    scorer: Scorer, group: Sequence[Asked], near: Near, top: int, ties: NDArray[np.int64]
) -> list[Ranked]:
    """Return the best eligible rows for each of some positions of one title and occupation.

    Args:
        scorer: the people and the weights.
        group: what the positions ask.
        near: the lists of people by how near their wishes are.
        top: how many.
        ties: what decides among equals, the smallest first, for all rows.
    """
    columns = scorer.columns
    index, moved = columns.index()
    size = min(top, columns.rows)
    if size <= 0:
        nobody = np.zeros(0, np.intp), np.zeros(0, np.int32), np.zeros(0, np.int64)
        return [Ranked(*nobody, scorer.count_eligible(asked)) for asked in group]
    search = _Search(scorer, group, size, ties)
    if len(moved):
        likeness = scorer.packed("occupation", scorer.best_wish(group[0], moved))
        search.look_at(moved, likeness)
    for number, band in enumerate(BANDS):
        if not search.look(near.lists(number), band):
            break
    firsts, ends = index.firsts[-1:], np.array([len(index.runs) - 1])
    return search.finish((firsts, ends, np.zeros(1, np.int64)))
