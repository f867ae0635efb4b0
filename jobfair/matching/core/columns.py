"""People as columns: each fact an array, repeated texts and sets stored once.

Rows are in order of id. One person can be put in or taken out without touching the others' texts.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobfair.matching.core.facts import SeekerFacts

UNKNOWN = -1
_NO_WAGE = np.float32(np.nan)
_GROWTH = 1.25


class Dictionary:
    """Gives each distinct value a small number."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._numbers: dict[Hashable, int] = {}

    def number(self, value: Hashable) -> int:
        """Return the number of a value, a new one when it is new."""
        found = self._numbers.get(value)
        if found is None:
            found = self._numbers[value] = len(self.values)
            self.values.append(value)
        return found


_DTYPES: dict[str, Any] = {
    "ids": np.int64,
    "wishes": np.int32,
    "skills": np.int32,
    "certificates": np.int32,
    "wanted": np.int32,
    "refusals": np.int32,
    "priority": np.int32,
    "education": np.int8,
    "experience": np.int8,
    "wage": np.float32,
    "born": np.int32,
    "free_from": np.int32,
    "listed": np.bool_,
}


def day_number(day: date) -> int:
    """Return a date as the number YYYYMMDD: it compares, and birthdays are plain arithmetic."""
    return day.year * 10_000 + day.month * 100 + day.day


@dataclass(slots=True)
class SeekerColumns:
    """The pool of people, ready to be ranked.

    Attributes:
        data: column name to array of capacity; the first ``size`` rows count.
        wish_sets, skill_sets, certificate_sets, place_sets, refusal_sets, priorities: what the
            numbers in the columns stand for.
    """

    size: int = 0
    data: dict[str, NDArray[Any]] = field(default_factory=dict, repr=False)
    wish_sets: Dictionary = field(default_factory=Dictionary, repr=False)
    skill_sets: Dictionary = field(default_factory=Dictionary, repr=False)
    certificate_sets: Dictionary = field(default_factory=Dictionary, repr=False)
    place_sets: Dictionary = field(default_factory=Dictionary, repr=False)
    refusal_sets: Dictionary = field(default_factory=Dictionary, repr=False)
    priorities: Dictionary = field(default_factory=Dictionary, repr=False)

    @classmethod
    def of(cls, people: Iterable[SeekerFacts]) -> "SeekerColumns":
        """Build the columns of many people."""
        columns = cls()
        rows = [columns._row(p) for p in sorted(people, key=lambda p: p.id)]
        names = list(_DTYPES)
        columns.size = len(rows)
        columns.data = {
            name: np.array([row[place] for row in rows], dtype=_DTYPES[name])
            for place, name in enumerate(names)
        }
        return columns

    def _row(self, person: SeekerFacts) -> tuple[Any, ...]:
        return (
            person.id,
            self.wish_sets.number(person.wishes),
            self.skill_sets.number(person.skills),
            self.certificate_sets.number(person.certificates),
            self.place_sets.number(person.wanted_divisions),
            self.refusal_sets.number(person.refusals),
            self.priorities.number((person.household_category, person.home)),
            UNKNOWN if person.education is None else person.education,
            UNKNOWN if person.experience is None else min(person.experience, 60),
            _NO_WAGE if person.wage_min is None else np.float32(person.wage_min),
            day_number(person.born),
            0 if person.available_from is None else day_number(person.available_from),
            not person.unlisted,
        )

    def column(self, name: str) -> NDArray[Any]:
        """Return a column's rows, without its spare capacity."""
        return self.data[name][: self.size]

    def row_of(self, seeker_id: int) -> int | None:
        """Return a person's row, None when they are not in the pool."""
        row = int(np.searchsorted(self.column("ids"), seeker_id))
        return row if row < self.size and self.data["ids"][row] == seeker_id else None

    def put(self, person: SeekerFacts) -> None:
        """Put a person in, or replace what was known of them."""
        values = self._row(person)
        row = self.row_of(person.id)
        if row is None:
            row = int(np.searchsorted(self.column("ids"), person.id))
            self._open_row(row)
        for value, name in zip(values, _DTYPES, strict=True):
            self.data[name][row] = value

    def remove(self, seeker_id: int) -> None:
        """Take a person out; nothing happens when they are not there."""
        row = self.row_of(seeker_id)
        if row is None:
            return
        for array in self.data.values():
            array[row : self.size - 1] = array[row + 1 : self.size]
        self.size -= 1

    def _open_row(self, row: int) -> None:
        for name, array in self.data.items():
            wide = array
            if self.size == len(array):
                wide = np.zeros(int(len(array) * _GROWTH) + 16, dtype=_DTYPES[name])
                wide[: self.size] = array
                self.data[name] = wide
            wide[row + 1 : self.size + 1] = wide[row : self.size].copy()
        self.size += 1
