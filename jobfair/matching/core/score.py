"""Eligibility and score of one position for every person in the columns, without a Python loop.

A component is in [0, 1]; a missing fact is NaN: it is left out and its weight shared among the
others. Facts with few distinct values are scored once per value and gathered.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobfair.matching.core.columns import UNKNOWN, SeekerColumns, day_number
from jobfair.matching.core.eligibility import least_age, refused
from jobfair.matching.core.facts import PositionFacts, SeekerFacts, Wish
from jobfair.matching.core.text import normal_title, taxonomy_similarity, title_similarity
from jobfair.matching.core.weights import COMPONENTS, Profile

Floats = NDArray[np.float32]
_MISSING = np.float32(np.nan)
_LEVELS = 64  # room for education levels and years of experience
# A later wish counts a little less than the first.
_WISH_ORDER = (1.0, 0.95, 0.9, 0.87, 0.85)
_POLICY = {"registered_poor": 1.0, "at_risk": 0.8, "lifted_out": 0.5}
_NOBODY = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class Scores:
    """One position against every person: arrays of shape (people,).

    Attributes:
        eligible: whether every hard rule holds.
        total: score of the components plus the priority term.
        components: name to value in [0, 1], NaN where a fact is missing.
        priority: the policy term before its weight, in [0, 1].
    """

    eligible: NDArray[np.bool_]
    total: Floats
    components: dict[str, Floats]
    priority: Floats


class Wishes:
    """The distinct wish sets of a pool, flattened so that a position is scored in one sweep."""

    def __init__(self, sets: list[tuple[Wish, ...]]) -> None:
        titles: dict[str, int] = {}
        occupations: dict[str | None, int] = {}
        flat: list[tuple[int, int, float]] = []
        starts: list[int] = []
        self.filled: list[int] = []
        for number, wishes in enumerate(sets):
            if not wishes:
                continue
            self.filled.append(number)
            starts.append(len(flat))
            for order, wish in enumerate(wishes):
                title = titles.setdefault(normal_title(wish.title), len(titles))
                code = occupations.setdefault(wish.occupation, len(occupations))
                flat.append((title, code, _WISH_ORDER[min(order, len(_WISH_ORDER) - 1)]))
        self.count = len(sets)
        self.titles = list(titles)
        self.occupations = list(occupations)
        self._title = np.array([f[0] for f in flat], np.int32)
        self._code = np.array([f[1] for f in flat], np.int32)
        self._order = np.array([f[2] for f in flat], np.float32)
        self._starts = np.array(starts, np.int64)

    def scores(self, position: PositionFacts) -> Floats:
        """Return the occupation component of each wish set; NaN for an empty one."""
        found = np.full(self.count, _MISSING, np.float32)
        if not self.filled:
            return found
        text = title_similarity(normal_title(position.title), self.titles)
        near = np.array(
            [taxonomy_similarity(position.occupation, code) for code in self.occupations],
            np.float32,
        )
        # A shared character or two says little: weak likeness is pressed down.
        best = np.maximum((text * text)[self._title], near[self._code]) * self._order
        found[self.filled] = np.maximum.reduceat(best, self._starts)
        return found


class Scorer:
    """Scores positions against one state of the columns."""

    def __init__(self, columns: SeekerColumns, profile: Profile, today: date) -> None:
        self.columns = columns
        self.profile = profile
        self.today = today

    @cached_property
    def _wishes(self) -> Wishes:
        return Wishes(self.columns.wish_sets.values)

    def score(self, position: PositionFacts) -> Scores:
        """Return eligibility, score and components of everybody for a position."""
        components = {
            "occupation": self._gather("wishes", self._wishes.scores(position)),
            "skills": self._gather("skills", self._skills(position)),
            "wage": self._wage(position),
            "experience": self._gather("experience", _experience(position)),
            "education": self._gather("education", _education(position)),
            "place": self._gather("wanted", self._places(position)),
        }
        priority = self._gather("priority", self._priorities())
        total = _weighted(components, self.profile)
        if self.profile.priority:
            total = total + np.float32(self.profile.priority) * priority
        return Scores(self._eligible(position), total, components, priority)

    def home_within(self, division: str) -> NDArray[np.bool_]:
        """Return who comes from a division (code prefix)."""
        homes: list[tuple[str | None, str]] = self.columns.priorities.values
        inside = [home.startswith(division) for _category, home in homes]
        found: NDArray[np.bool_] = np.array(inside, np.bool_)[self.columns.column("priority")]
        return found

    def _gather(self, name: str, table: Floats) -> Floats:
        # An unknown small number is -1 and takes the table's last entry.
        gathered: Floats = np.take(table, self.columns.column(name), mode="wrap")
        return gathered

    def _eligible(self, position: PositionFacts) -> NDArray[np.bool_]:
        column = self.columns.column
        start = max(self.today, position.starts_on or self.today)
        youngest = day_number(start) - least_age(position) * 10_000
        possible: NDArray[np.bool_] = column("listed") & (column("born") <= youngest)
        if position.education:
            level = column("education")
            possible &= (level == UNKNOWN) | (level >= position.education)
        if position.starts_on:
            possible &= column("free_from") <= day_number(start)
        if position.certificates:
            held = [position.certificates <= s for s in self.columns.certificate_sets.values]
            possible &= np.array(held, np.bool_)[column("certificates")]
        willing = [not _refuses(r, position) for r in self.columns.refusal_sets.values]
        if not all(willing):
            possible &= np.array(willing, np.bool_)[column("refusals")]
        return possible

    def _skills(self, position: PositionFacts) -> Floats:
        sets: list[frozenset[str]] = self.columns.skill_sets.values
        if not position.skills:
            return np.full(len(sets), _MISSING, np.float32)
        wanted = position.skills
        return np.array(
            [len(wanted & s) / len(wanted) if s else _MISSING for s in sets], np.float32
        )

    def _wage(self, position: PositionFacts) -> Floats:
        expected: Floats = self.columns.column("wage")
        offered = position.wage_high or position.wage_low
        if offered is None:
            return np.full(len(expected), _MISSING, np.float32)
        short = np.float32(2) * (np.float32(1) - np.float32(offered) / expected)
        found: Floats = np.clip(np.float32(1) - short, np.float32(0), np.float32(1))
        return found

    def _places(self, position: PositionFacts) -> Floats:
        sets: list[tuple[str, ...]] = self.columns.place_sets.values
        return np.array([_place(wanted, position) for wanted in sets], np.float32)

    def _priorities(self) -> Floats:
        pairs: list[tuple[str | None, str]] = self.columns.priorities.values
        return np.array([_POLICY.get(category or "", 0.0) for category, _home in pairs], np.float32)


def _refuses(refusals: frozenset[str], position: PositionFacts) -> bool:
    return bool(
        refusals and refused(SeekerFacts(id=0, born=_NOBODY, home="", refusals=refusals), position)
    )


def _experience(position: PositionFacts) -> Floats:
    if not position.experience:
        return np.full(_LEVELS, _MISSING, np.float32)
    years = np.arange(_LEVELS, dtype=np.float32)
    table: Floats = np.minimum(years / np.float32(position.experience), np.float32(1))
    table[UNKNOWN] = _MISSING
    return table


def _education(position: PositionFacts) -> Floats:
    if not position.education:
        return np.full(_LEVELS, _MISSING, np.float32)
    table: Floats = (np.arange(_LEVELS) >= position.education).astype(np.float32)
    table[UNKNOWN] = _MISSING
    return table


def _place(wanted: tuple[str, ...], position: PositionFacts) -> float:
    place = position.workplace
    if not wanted or not place:
        return float(_MISSING)
    if any(place.startswith(w) or w.startswith(place) for w in wanted):
        near = 1.0
    else:
        near = 0.4 if any(place[:2] == w[:2] for w in wanted) else 0.0
    return near * (1.0 if position.lodging is not False else 0.85)


def _weighted(components: dict[str, Floats], profile: Profile) -> Floats:
    """Return the weighted mean of the components that are there; 0 where none is."""
    some: Any = components[COMPONENTS[0]]
    total = np.zeros(len(some), np.float32)
    share = np.zeros(len(some), np.float32)
    for name in COMPONENTS:
        weight = np.float32(profile.weight(name))
        known = ~np.isnan(components[name])
        total += np.where(known, components[name], np.float32(0)) * weight
        share += known * weight
    found: Floats = np.divide(total, share, out=np.zeros_like(total), where=share > 0)
    return found
