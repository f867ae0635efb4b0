"""People as columns: each fact an array, repeated texts and sets stored once.

Rows stand in no particular order and a row, once given, stays: putting one person in or taking one
out touches that row alone. Whoever writes holds a lock against rankings of the same columns.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from jobfair.matching.core.facts import SeekerFacts, Twin, Wish
from jobfair.matching.core.index import WISH_ORDER, Members, WishIndex
from jobfair.matching.core.text import normal_title

UNKNOWN = -1
WISHES = len(WISH_ORDER)  # only the first wishes count
_NEVER = 99_991_231
# So many changed rows are looked at one by one before the index of wishes is made anew.
_MOVED = 2_000
_GROWTH = 1.25
_REMEMBERED_BYTES = 64_000_000

Array = NDArray[Any]


class _Numbers(dict[Any, int]):
    """Value to number; a look-up of a new value gives it the next."""

    def __init__(self, values: list[Any]) -> None:
        super().__init__()
        self._values = values

    def __missing__(self, value: Hashable) -> int:
        found = self[value] = len(self._values)
        self._values.append(value)
        return found


class Dictionary:
    """Gives each distinct value a small number, and remembers what was computed per value."""

    def __init__(self, values: Iterable[Hashable] = ()) -> None:
        self.values: list[Any] = []
        self._numbers = _Numbers(self.values)
        self._tables: dict[Hashable, Array] = {}
        self._bytes = 0
        for value in values:
            self.number(value)

    def __len__(self) -> int:
        return len(self.values)

    def __getstate__(self) -> list[Any]:
        return self.values

    def __setstate__(self, values: list[Any]) -> None:
        self.values = values
        self._numbers = _Numbers(values)
        self._numbers.update((value, number) for number, value in enumerate(values))
        self._tables, self._bytes = {}, 0

    def number(self, value: Hashable) -> int:
        """Return the number of a value, a new one when it is new."""
        return self._numbers[value]

    def table(self, key: Hashable, compute: Callable[[list[Any]], Array]) -> Array:
        """Return one result per value, in order of number.

        Args:
            key: names the computation and all it depends on; the same key, the same results.
            compute: gives the results of some values; asked only for values not seen yet.
        """
        count = len(self.values)
        found = self._tables.get(key)
        if found is not None and len(found) >= count:
            return found
        if found is None:
            found = compute(self.values)
        else:
            found = np.concatenate([found, compute(self.values[len(found) :])])
        self._bytes += found.nbytes
        if self._bytes > _REMEMBERED_BYTES:
            self._tables, self._bytes = {}, found.nbytes
        self._tables[key] = found
        return found


class Gate(NamedTuple):
    """What the hard rules ask of a person, except dates: few distinct ones among many people."""

    listed: bool
    education: int
    certificates: int
    refusals: int


class Policy(NamedTuple):
    """What the policy term and the filter by home ask of a person."""

    category: str | None
    home: str
    twins: tuple[Twin, ...]


# What is asked of everybody, as it stands side by side in a listing; sixteen bytes, since reading
# them is what ranking takes its time for.
FACTS = np.dtype(
    [
        *((name, np.int32) for name in ("wage", "skills", "gate")),
        *((name, np.uint8) for name in ("experience", "education", "grouped", "nothing")),
    ]
)
LEVELS = 64  # room for education levels and years of experience; the last is "unknown"

# Columns that index a table are of the machine's index type: gathers need no conversion.
_DTYPES: dict[str, Any] = {
    "ids": np.int64,
    **{f"wish{place}": np.intp for place in range(WISHES)},
    "skills": np.intp,
    "wanted": np.intp,
    "policy": np.intp,
    "gate": np.intp,
    "education": np.intp,
    "experience": np.intp,
    "wage": np.intp,
    "group": np.intp,
    "born": np.int32,
    "free_from": np.int32,
    "expires": np.int32,
}


def _from_none() -> Dictionary:
    """Number 0 is "none": gathers meet no negative index."""
    numbers = Dictionary()
    numbers.number(None)
    return numbers


def _no_rows() -> dict[str, Array]:
    return {name: np.zeros(0, dtype) for name, dtype in _DTYPES.items()}


def _nothing_made() -> dict[str, Any]:
    """Return what columns begin with of all that is made again when somebody asks for it."""
    return {
        **dict.fromkeys(("_members", "_index", "_listing")),
        "_moved": set(),
        "_row_of": {},
    }


_MADE_AGAIN = frozenset(_nothing_made())


def day_number(day: date) -> int:
    """Return a date as the number YYYYMMDD: it compares, and birthdays are plain arithmetic."""
    return day.year * 10_000 + day.month * 100 + day.day


def _narrow(values: Array) -> Array:
    """Return whole numbers in the smallest type that holds them all."""
    if not len(values):
        return values
    ends = [np.min_scalar_type(end) for end in (values.min(), values.max())]
    return values.astype(np.result_type(*ends))


@dataclass(slots=True)
class SeekerColumns:
    """The pool of people, ready to be ranked.

    Pickled, it is small: only what cannot be made again, in narrow numbers.

    Attributes:
        rows: how many rows are in use, those of people taken out included.
        slots: how many wishes the person with most has.
        version: another number after every change.
        data: column name to array of capacity; the first ``rows`` count.
        texts, occupations: the distinct titles and codes of wishes.
        wishes: pairs of their numbers; None, number 0, is no wish.
        skill_sets, certificate_sets, place_sets, refusal_sets, wages, policies, gates, groups: what
            the numbers in the columns stand for.
    """

    rows: int = 0
    slots: int = 0
    version: int = 0
    data: dict[str, Array] = field(default_factory=_no_rows, repr=False)
    texts: Dictionary = field(default_factory=Dictionary, repr=False)
    occupations: Dictionary = field(default_factory=_from_none, repr=False)
    wishes: Dictionary = field(default_factory=_from_none, repr=False)
    skill_sets: Dictionary = field(default_factory=Dictionary, repr=False)
    certificate_sets: Dictionary = field(default_factory=Dictionary, repr=False)
    place_sets: Dictionary = field(default_factory=Dictionary, repr=False)
    refusal_sets: Dictionary = field(default_factory=Dictionary, repr=False)
    wages: Dictionary = field(default_factory=Dictionary, repr=False)
    policies: Dictionary = field(default_factory=Dictionary, repr=False)
    gates: Dictionary = field(default_factory=Dictionary, repr=False)
    groups: Dictionary = field(default_factory=_from_none, repr=False)
    _row_of: dict[int, int] = field(default_factory=dict, repr=False)
    _gone: set[int] = field(default_factory=set, repr=False)
    _members: Members | None = field(default=None, repr=False)
    _index: WishIndex | None = field(default=None, repr=False)
    _listing: Array | None = field(default=None, repr=False)
    _moved: set[int] = field(default_factory=set, repr=False)

    @classmethod
    def of(cls, people: Iterable[SeekerFacts]) -> "SeekerColumns":
        """Build the columns of many people."""
        columns = cls()
        rows = [columns._values(p) for p in people]
        columns.rows = len(rows)
        columns.data = {
            name: np.array([row[place] for row in rows], dtype=dtype)
            for place, (name, dtype) in enumerate(_DTYPES.items())
        }
        columns._row_of = {row[0]: number for number, row in enumerate(rows)}
        return columns

    def __getstate__(self) -> dict[str, Any]:
        kept = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _MADE_AGAIN}
        return kept | {"data": {name: _narrow(self.column(name)) for name in _DTYPES}}

    def __setstate__(self, kept: dict[str, Any]) -> None:
        for name, value in (_nothing_made() | kept).items():
            setattr(self, name, value)
        self.data = {name: kept["data"][name].astype(dtype) for name, dtype in _DTYPES.items()}
        self._row_of = {seeker_id: row for row, seeker_id in enumerate(self.data["ids"].tolist())}

    @property
    def size(self) -> int:
        """How many people are in the pool."""
        return len(self._row_of) - len(self._gone)

    def _values(self, person: SeekerFacts) -> tuple[Any, ...]:
        wishes = [self._wish(w) for w in person.wishes[:WISHES]]
        self.slots = max(self.slots, len(wishes))
        education = UNKNOWN if person.education is None else person.education
        gate = Gate(
            listed=not person.unlisted,
            education=education,
            certificates=self.certificate_sets.number(person.certificates),
            refusals=self.refusal_sets.number((person.refusals, person.home[:2])),
        )
        policy = Policy(person.household_category, person.home, person.twins)
        return (
            person.id,
            *wishes,
            *[0] * (WISHES - len(wishes)),
            self.skill_sets.number(person.skills),
            self.place_sets.number(person.wanted_divisions),
            self.policies.number(policy),
            self.gates.number(gate),
            education,
            UNKNOWN if person.experience is None else min(person.experience, 60),
            self.wages.number(person.wage_min or None),
            self.groups.number(person.travel_group or None),
            day_number(person.born),
            0 if person.available_from is None else day_number(person.available_from),
            _NEVER if person.expires_on is None else day_number(person.expires_on),
        )

    def _wish(self, wish: Wish) -> int:
        text = self.texts.number(normal_title(wish.title))
        return self.wishes.number((text, self.occupations.number(wish.occupation)))

    def column(self, name: str) -> Array:
        """Return a column's rows, without its spare capacity."""
        return self.data[name][: self.rows]

    def put(self, person: SeekerFacts) -> None:
        """Put a person in, or replace what was known of them."""
        values = self._values(person)
        row = self._row_of.get(person.id)
        if row is None:
            row = self._open_row()
            self._row_of[person.id] = row
        self._gone.discard(person.id)
        group = self.data["group"][row]
        for value, name in zip(values, _DTYPES, strict=True):
            self.data[name][row] = value
        self._changed(row, group)

    def remove(self, seeker_id: int) -> None:
        """Take a person out; nothing happens when they are not there."""
        row = self._row_of.get(seeker_id)
        if row is None or seeker_id in self._gone:
            return
        self._gone.add(seeker_id)
        group, self.data["group"][row] = self.data["group"][row], 0
        gate: Gate = self.gates.values[self.data["gate"][row]]
        shut = Gate(False, gate.education, gate.certificates, gate.refusals)
        self.data["gate"][row] = self.gates.number(shut)
        self._changed(row, group)

    def _changed(self, row: int, group: int) -> None:
        """Note that a row is not what it was, nor perhaps in the travel group that it was in."""
        self.version += 1
        self._moved.add(row)
        if self.data["group"][row] != group:
            self._members = None

    def index(self) -> tuple[WishIndex, Array]:
        """Return the index of wishes, and the rows it is wrong about since they changed."""
        if self._index is None or len(self._moved) > _MOVED:
            there = self.gates.table("listed", listed)[self.column("gate")]
            wishes = [self.column(f"wish{place}") for place in range(self.slots)]
            self._index = WishIndex.of(wishes, self.column("wanted"), there, len(self.wishes))
            self._listing, self._moved = None, set()
        return self._index, np.fromiter(sorted(self._moved), np.intp)

    def listing(self) -> Array:
        """Return the ``FACTS`` of everybody on the lists of the index, in their order.

        Whoever changed since the index was made stands there as they were.
        """
        index, _moved = self.index()
        if self._listing is None:
            self._listing = self.facts(index.people)
        return self._listing

    def facts(self, rows: Array) -> Array:
        """Return the ``FACTS`` of some rows."""
        found = np.zeros(len(rows), FACTS)
        for name in ("wage", "skills", "gate"):
            found[name] = self.column(name)[rows]
        for name in ("experience", "education"):
            found[name] = self.column(name)[rows] % LEVELS  # as a negative index is read
        found["grouped"] = self.column("group")[rows] != 0
        return found

    def members(self) -> Members:
        """Return who belongs to which travel group."""
        if self._members is None:
            self._members = Members.of(self.column("group"), len(self.groups))
        return self._members

    def _open_row(self) -> int:
        if self.rows == len(self.data["ids"]):
            room = int(self.rows * _GROWTH) + 16
            for name, dtype in _DTYPES.items():
                wide = np.zeros(room, dtype)
                wide[: self.rows] = self.column(name)
                self.data[name] = wide
        self.rows += 1
        return self.rows - 1


def listed(gates: list[Gate]) -> Array:
    """Return of each gate whether those behind it may be recommended at all."""
    return np.array([gate.listed for gate in gates], np.bool_)
