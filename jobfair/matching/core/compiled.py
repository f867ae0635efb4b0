"""The best people of positions in one pass: ``best.c``, compiled when the package is installed.

The same whole numbers as in ``score`` and the same double-precision steps, so the result is that of
numpy to the bit. People are looked at wish by wish, the nearest first, as they stand side by side
in the listing of the columns. Whoever cannot reach the worst of the best found so far is left at
that. Positions of one kind of work go through each call together: the calls hold no lock of the
interpreter, so another thread prepares or looks meanwhile.
"""

import ctypes
import hashlib
from collections.abc import Iterable, Sequence
from ctypes import byref, c_double, c_int64, c_void_p
from math import inf
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from jobfair.matching.core.columns import SeekerColumns
from jobfair.matching.core.near import BANDS, Near
from jobfair.matching.core.score import (
    COLUMN_OF,
    KNOWN_BITS,
    MARGIN,
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
_TABLES = len(COLUMN_OF)
# A table that is not there is read at one place, which holds nothing.
_NOTHING = np.zeros(1, np.int64)
_NOWHERE = address(_NOTHING)


class _Pool(ctypes.Structure):
    _fields_ = [
        *((name, c_void_p) for name in ("members", "starts", "counts", "gate", "policy", "group")),
        ("ties", c_void_p),
        *((name, c_double) for name in ("occupation", "priority", "company", "margin")),
        ("size", c_int64),
    ]


class _Asked(ctypes.Structure):
    _fields_ = [
        ("tables", c_void_p * _TABLES),
        ("there", c_int64 * _TABLES),
        *((name, c_void_p) for name in ("gates", "timely", "terms", "kinds")),
        ("gates_count", c_int64),
        *((name, c_double) for name in ("rest", "unplaced")),
    ]


class _Listing(ctypes.Structure):
    _fields_ = [(name, c_void_p) for name in ("people", "runs", "places", "facts")]


class _Lists(ctypes.Structure):
    _fields_ = [*((name, c_void_p) for name in ("firsts", "ends", "likeness")), ("count", c_int64)]


class _Found(ctypes.Structure):
    _fields_ = [
        *((name, c_void_p) for name in ("seen", "best")),
        *((name, c_int64) for name in ("room", "count", "worst", "last", "least")),
        ("need", c_double),
        *((name, c_int64) for name in ("over", "eligible")),
    ]


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
    for name in ("jobfair_leave_out", "jobfair_finish", "jobfair_in_time"):
        getattr(library, name).restype = None
    return library


_best = _library()


class _Timely(NamedTuple):
    """Who is in time for some dates: for all rows, for all of the listing; how many of each gate.

    The last two are where the first two begin.
    """

    rows: Flags
    listed: NDArray[np.uint8]
    kinds: Ints
    rows_at: int
    listed_at: int
    kinds_at: int


class _Ground:
    """What is the same for every position until the people change, and where it is."""

    def __init__(self, columns: SeekerColumns) -> None:
        members, (index, _moved) = columns.members(), columns.index()
        pool = [members.people, members.starts, members.counts]
        pool += [columns.column(name) for name in ("gate", "policy", "group")]
        places = columns.column("wanted")[index.people[index.runs[:-1]]]
        listing = [index.people, index.runs, places, columns.listing()]
        self.pool, self.listing = tuple(map(address, pool)), _Listing(*map(address, listing))
        self._kept = *pool, *listing
        self._gate, self._people, self._gates = pool[3], index.people, len(columns.gates)
        self._timely: dict[Limits, _Timely] = {}

    def timely(self, scorer: Scorer, limits: Limits) -> _Timely:
        """Return who is in time for some dates."""
        found = self._timely.get(limits)
        if found is None:
            rows = scorer.in_time(limits)
            listed = np.empty(len(self._people), np.uint8)
            kinds = np.zeros(self._gates, np.int64)
            _best.jobfair_in_time(
                c_void_p(address(rows)),
                c_void_p(address(self._gate)),
                c_int64(len(rows)),
                c_void_p(address(self._people)),
                c_int64(len(listed)),
                c_void_p(address(listed)),
                c_void_p(address(kinds)),
            )
            found = _Timely(rows, listed, kinds, address(rows), address(listed), address(kinds))
            if len(self._timely) * listed.nbytes > REMEMBERED_BYTES:
                self._timely = {}
            self._timely[limits] = found
        return found


class _Search:
    """The best found so far of alike positions, and all that the library reads meanwhile."""

    def __init__(self, scorer: Scorer, group: Sequence[Asked], size: int, ties: Ints) -> None:
        # Scorer and group are kept as long as the library reads what they hold.
        self._scorer, self._group, self._count = scorer, group, len(group)
        # Room for some more, so that the last of the best need not be found for all who join.
        room = size + max(size // 2, _LEAST_ROOM)
        self._best = np.empty((len(group), room, 3), np.int64)
        self._seen = np.zeros((len(group), (scorer.columns.rows >> 3) + 1), np.uint8)
        self._kept: list[NDArray[Any]] = [ties]
        whole = scorer.whole
        self._ground = scorer.remembered(_Ground)
        self._timely = [self._ground.timely(scorer, asked.limits) for asked in group]
        self._pool = _Pool(
            *self._ground.pool,
            address(ties),
            whole["occupation"],
            float(np.float32(scorer.profile.priority)),
            whole["travel_group"],
            MARGIN,
            size,
        )
        questions = (_Asked(*one) for one in map(self._question, group, self._timely))
        self._asked = (_Asked * len(group))(*questions)
        best, seen = address(self._best), address(self._seen)
        wide, broad = self._best.strides[0], self._seen.strides[0]
        self._found = (_Found * len(group))(
            *(
                _Found(seen + n * broad, best + n * wide, room, 0, -1, 0, 0, -1)
                for n in range(len(group))
            )
        )
        self._arguments = byref(self._pool), self._asked, self._found, c_int64(len(group))

    def _question(self, asked: Asked, timely: _Timely) -> tuple[Any, ...]:
        scorer, parts, terms = self._scorer, asked.parts, self._scorer.terms(asked)
        self._kept.append(terms)
        rest = float(sum(scorer.whole[name] for name in asked.given))
        return (
            tuple(parts[name].at if name in parts else _NOWHERE for name in COLUMN_OF),
            tuple(-(name in parts) for name in COLUMN_OF),
            asked.opened.at,
            timely.rows_at,
            address(terms),
            timely.kinds_at,
            min(len(timely.kinds), len(asked.gates)),
            rest,
            rest - scorer.whole["place"] if "place" in parts else rest,
        )

    def _in_turn(self, addresses: Iterable[int]) -> Any:
        return (c_void_p * self._count)(*addresses)

    def look_at(self, rows: Rows, likeness: Ints) -> None:
        """Look at some rows, each with a likeness of its own, and take them for seen."""
        columns, each = self._scorer.columns, np.arange(len(rows) + 1)
        facts, places = columns.facts(rows), columns.column("wanted")[rows]
        listing = _Listing(address(rows), address(each), address(places), address(facts))
        timely = [one.rows[rows] for one in self._timely]
        _best.jobfair_scan(
            *self._arguments,
            byref(listing),
            self._in_turn(map(address, timely)),
            byref(_lists(each[:-1], each[1:], likeness)),
            c_double(inf),
        )
        _best.jobfair_leave_out(*self._arguments[2:], c_void_p(address(rows)), c_int64(len(rows)))

    def look(self, lists: tuple[Rows, Rows, Ints], least: float) -> int:
        """Look at everybody on some lists; see ``Near.lists`` for what is said of each.

        Returns:
            for how many positions somebody of less than a likeness may be among the best.
        """
        left: int = _best.jobfair_scan(*self._given(lists), c_double(least))
        return left

    def _given(self, lists: tuple[Rows, Rows, Ints]) -> tuple[Any, ...]:
        listed = self._in_turn(one.listed_at for one in self._timely)
        return *self._arguments, byref(self._ground.listing), listed, byref(_lists(*lists))

    def finish(self, wishless: tuple[Rows, Rows, Ints]) -> list[Ranked]:
        """Look at those without a wish; return the best for each position."""
        _best.jobfair_finish(*self._given(wishless))
        merit, rows = self._best[:, :, 0], self._best[:, :, 2]
        points, known = (merit >> KNOWN_BITS).astype(np.int32), merit & (1 << KNOWN_BITS) - 1
        return [
            Ranked(rows[n, : f.count], points[n, : f.count], known[n, : f.count], f.eligible)
            for n, f in enumerate(self._found)
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
