"""Eligibility and score of one position for many people at once, without a Python loop.

A component is in [0, 1]; a missing fact is NaN: it is left out and its weight shared among the
others. Facts with few distinct values are scored once per value and gathered. Weighted values are
added up as whole numbers, so the order of adding is nothing, and scores are whole millionths: what
reads as the same score is the same score. Of the same score, who is known better comes first.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from jobfair.matching.core.columns import (
    LEVELS,
    UNKNOWN,
    Dictionary,
    Policy,
    SeekerColumns,
    day_number,
    listed,
)
from jobfair.matching.core.eligibility import lacking, latest_start, least_age, refused, shut
from jobfair.matching.core.facts import PositionFacts
from jobfair.matching.core.index import WISH_ORDER, pick
from jobfair.matching.core.kernels import COMPILED, compiled, installed
from jobfair.matching.core.text import (
    normal_title,
    taxonomy_similarity,
    title_similarity,
    wish_likeness,
)
from jobfair.matching.core.weights import COMPONENTS, Profile

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]
Ints = NDArray[np.int64]
MILLION = 1_000_000
KNOWN = 10_000
KNOWN_BITS = KNOWN.bit_length()
T = TypeVar("T")
_MISSING = np.float32(np.nan)
# Years and levels as the columns hold them; the last is "unknown".
_LEVELS = [*range(LEVELS - 1), np.nan]
# Bounds stay this far above the rounding of single precision and of whole points, also for
# somebody of whom only a part of 1 point beside six of 1,000 is known.
MARGIN = 3e-5
# All weights of a profile together, as a whole number; two such sums share 64 bits.
WHOLE = 1 << 28
HALF = 32
LOW = (1 << HALF) - 1
_POLICY = {"registered_poor": 1.0, "at_risk": 0.8, "lifted_out": 0.5}
_TWINNED = 0.3
# The components read off a column of numbers, those that tell people apart most first.
COLUMN_OF = {
    "place": "wanted",
    "wage": "wage",
    "skills": "skills",
    "experience": "experience",
    "education": "education",
}
_WHENEVER = 99_999_999
REMEMBERED_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Scores:
    """One position against some people: arrays of shape (people,).

    Attributes:
        points: score of the components plus the priority term, in millionths.
        known: the share of the weights that lies on known components, in ten-thousandths.
        components: name to value in [0, 1], NaN where a fact is missing; None where the position
            gives nothing to compare with.
        priority: the policy term before its weight, in [0, 1].
    """

    points: NDArray[np.int32]
    known: NDArray[np.int64]
    components: dict[str, Floats | None]
    priority: Floats


class Limits(NamedTuple):
    """The dates a position asks for, as YYYYMMDD: born by and after, free by."""

    born: int
    born_after: int
    free: int


class Source(NamedTuple):
    """Where a component is read off: a value for each distinct entry of a column."""

    dictionary: Dictionary
    key: Hashable
    compute: Callable[[list[Any]], Floats]


class Part(NamedTuple):
    """One component of a position: its source, and ``Scorer.packed`` of each entry of it."""

    source: Source
    packed: Ints
    at: int  # where ``packed`` begins

    @property
    def values(self) -> Floats:
        """Return the value of each entry."""
        return self.source.dictionary.table(self.source.key, self.source.compute)


class Opened(NamedTuple):
    """Which gates a position opens, none when it is shut; see ``columns.Gate``."""

    gates: Flags
    at: int  # where they begin


class Asked(NamedTuple):
    """A position as a pool is asked about it: one answer for each distinct value.

    Attributes:
        position: the post.
        limits: the dates it asks for.
        opened: which gates it opens.
        wanted: how near each distinct wish is, below 0 for no wish.
        parts: the components read off a column of numbers, by name.
        given: the components besides occupation that somebody may have.
    """

    position: PositionFacts
    limits: Limits
    opened: Opened
    wanted: Floats
    parts: dict[str, Part]
    given: tuple[str, ...]

    @property
    def gates(self) -> Flags:
        """Return which gates it opens."""
        return self.opened.gates


def address(array: NDArray[Any]) -> int:
    """Return where an array begins in memory; whoever asks keeps the array."""
    found: int = array.__array_interface__["data"][0]  # half the time of ``ctypes.data``
    return found


class Scorer:
    """Scores positions against one pool; what it remembers is forgotten when the pool changes."""

    def __init__(
        self, columns: SeekerColumns, profile: Profile, today: date, kernel: str | None = None
    ) -> None:
        self.columns = columns
        self._kernel = kernel
        self.profile = profile
        self.today = today
        total = sum(profile.weight(name) for name in COMPONENTS)
        self.whole = {name: profile.weight(name) * WHOLE / total for name in COMPONENTS}
        self._version = columns.version
        self._years, self._levels = Dictionary(_LEVELS), Dictionary(_LEVELS)
        self._limits_of: dict[tuple[date | None, int, int | None], Limits] = {}
        self._timely: dict[Limits, Flags] = {}
        self._remembered: dict[Callable[[SeekerColumns], Any], Any] = {}
        self._by_gate: dict[Limits, NDArray[np.intp]] = {}
        self._parts: dict[tuple[str, Hashable], Part] = {}
        self._opened: dict[Hashable, Opened] = {}
        self._bytes = 0  # of parts and gates

    @property
    def kernel(self) -> str:
        """Return what finds the best: as asked for, else the quickest there is."""
        return self._kernel or installed()

    def prepare(self) -> None:
        """Make what all rankings read, before threads ask for it."""
        if self.kernel == COMPILED:
            self.remembered(compiled().Ground)
        self.columns.index()
        self.columns.members()

    def _renew(self) -> None:
        """Forget what was remembered of the people before they changed."""
        if self._version != self.columns.version:
            self._version = self.columns.version
            self._timely, self._by_gate, self._remembered = {}, {}, {}
            self._forget_parts()

    def _forget_parts(self) -> None:
        self._parts, self._opened, self._bytes = {}, {}, 0

    def _note(self, array: NDArray[Any]) -> int:
        """Count an array that is remembered; return where it begins."""
        self._bytes += array.nbytes
        if self._bytes > REMEMBERED_BYTES:
            self._forget_parts()
        return address(array)

    def remembered(self, make: Callable[[SeekerColumns], T]) -> T:
        """Return what a function makes of the people, the same until they change."""
        self._renew()
        if make not in self._remembered:
            self._remembered[make] = make(self.columns)
        found: T = self._remembered[make]
        return found

    def ask(self, position: PositionFacts, like: Asked | None = None) -> Asked:
        """Return what a position asks, ready to be compared with the people.

        Args:
            position: the post.
            like: what one of the same title and occupation asks, to which wishes are as near.
        """
        self._renew()
        parts = self._parts_of(position)
        company = ("travel_group",) if len(self.columns.groups) > 1 else ()
        return Asked(
            position,
            self._limits(position),
            self._open(position),
            self._wanted(position) if like is None else like.wanted,
            parts,
            (*parts, *company),
        )

    def eligible(self, asked: Asked) -> Flags:
        """Return who meets every hard rule, for all rows of the columns."""
        possible: Flags = asked.gates[self.columns.column("gate")]
        return possible & self.in_time(asked.limits)

    def fits(self, asked: Asked, rows: Rows) -> Flags:
        """Return who of some rows meets every hard rule."""
        possible: Flags = asked.gates[self.columns.column("gate")[rows]]
        return possible & self.in_time(asked.limits)[rows]

    def count_eligible(self, asked: Asked) -> int:
        """Return how many people meet every hard rule; looks at kinds of people, not at each."""
        return self._count(asked.limits, asked.gates)

    def count_for(self, position: PositionFacts) -> int:
        """Return how many people meet every hard rule of a position nobody is ranked for."""
        self._renew()
        return self._count(self._limits(position), self._open(position).gates)

    def _count(self, limits: Limits, gates: Flags) -> int:
        counts = self.kinds_in_time(limits)
        return int(counts[gates[: len(counts)]].sum())

    def kinds_in_time(self, limits: Limits) -> Rows:
        """Return how many people of each gate are old enough, registered and free in time."""
        counts = self._by_gate.get(limits)
        if counts is None:
            kinds = self.columns.column("gate")[self.in_time(limits)]
            counts = np.bincount(kinds, minlength=len(self.columns.gates))
            self._by_gate[limits] = counts
        return counts

    def in_time(self, limits: Limits) -> Flags:
        """Return who is old enough, registered and free in time, for all rows of the columns."""
        found = self._timely.get(limits)
        if found is None:
            column = self.columns.column
            found = column("born") <= limits.born
            if limits.born_after:
                found &= column("born") > limits.born_after
            found &= column("expires") >= day_number(self.today)
            if limits.free != _WHENEVER:
                found &= column("free_from") <= limits.free
            if len(self._timely) * found.nbytes > REMEMBERED_BYTES:
                self._timely = {}
            self._timely[limits] = found
        return found

    def home_within(self, division: str) -> Flags:
        """Return who comes from a division (code prefix), for all rows of the columns."""
        inside = self.columns.policies.table(
            ("within", division),
            lambda policies: np.array([p.home.startswith(division) for p in policies], np.bool_),
        )
        found: Flags = inside[self.columns.column("policy")]
        return found

    def best_wish(self, asked: Asked, rows: Rows) -> Floats:
        """Return the occupation component of some rows; NaN without wishes."""
        best: Floats = asked.wanted[self.columns.column("wish0")[rows]]
        for place in range(1, self.columns.slots):
            later = asked.wanted * WISH_ORDER[place]
            np.maximum(best, later[self.columns.column(f"wish{place}")[rows]], out=best)
        return np.where(best < 0, _MISSING, best)

    def score(self, asked: Asked, rows: Rows) -> Scores:
        """Return score and components of the people in some rows."""
        found: dict[str, Floats | None] = {
            "occupation": self.best_wish(asked, rows),
            "travel_group": self._company(asked, rows),
        }
        for name, part in asked.parts.items():
            found[name] = part.values[self.columns.column(COLUMN_OF[name])[rows]]
        components = {name: found.get(name) for name in COMPONENTS}
        sums = np.zeros(len(rows), np.int64)
        for name, values in components.items():
            if values is not None:
                sums += self.packed(name, values)
        points, known, priority = self._points(asked, rows, sums)
        return Scores(points, known, components, priority)

    def points(
        self, asked: Asked, rows: Rows, likeness: Floats
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return ``points`` and ``known`` of ``Scores`` for people whose likeness is known."""
        sums = self.packed("occupation", likeness)
        for name, part in asked.parts.items():
            sums += part.packed[self.columns.column(COLUMN_OF[name])[rows]]
        company = self._company(asked, rows)
        if company is not None:
            sums += self.packed("travel_group", company)
        return self._points(asked, rows, sums)[:2]

    def packed(self, name: str, values: Floats) -> Ints:
        """Return weight × value and weight of each value in the halves of one number."""
        weight, known = self.whole[name], ~np.isnan(values)
        share = np.rint(np.where(known, values, 0) * np.float32(weight)).astype(np.int64)
        found: Ints = (share << HALF) + known * round(weight)
        return found

    def _points(
        self, asked: Asked, rows: Rows, sums: NDArray[np.int64]
    ) -> tuple[NDArray[np.int32], NDArray[np.int64], Floats]:
        """Return the weighted mean plus the policy term, in millionths; what is known; the term."""
        priority = self._priority(asked, rows)
        share = sums & LOW
        mean = (sums >> HALF) / np.maximum(share, 1)
        total = np.minimum(mean, 1) + self.profile.priority * priority
        known = (share * KNOWN + WHOLE // 2) // WHOLE
        return np.rint(total * MILLION).astype(np.int32), known, priority

    def _priority(self, asked: Asked, rows: Rows) -> Floats:
        """Return the policy term of some people before its weight."""
        place = asked.position.workplace or ""
        policy = self.columns.policies.table(
            ("policy", place, self.today), lambda new: _policy(new, place, self.today)
        )
        found: Floats = policy[self.columns.column("policy")[rows]]
        return found

    def policy_points(self, asked: Asked, rows: Rows) -> NDArray[np.int64]:
        """Return what of the points of some people is the policy term, in millionths."""
        priority = self._priority(asked, rows)
        found: NDArray[np.int64] = np.rint(self.profile.priority * priority * MILLION).astype(
            np.int64
        )
        return found

    def target(self, points: int) -> float:
        """Return the mean of components that so many points need, with the whole policy term."""
        return points / MILLION - self.profile.priority - MARGIN

    def least_likeness(self, asked: Asked, points: int) -> float:
        """Return a likeness below which nobody reaches so many points for a position.

        The best anybody of likeness x can have is 1 in every other component the position can
        give, and the whole priority term.
        """
        own = self.profile.occupation
        rest = sum(self.profile.weight(name) for name in asked.given)
        if not own:
            return 0.0
        target = self.target(points)
        return (target * (own + rest) - rest) / own - MARGIN

    def gains(self, asked: Asked, target: float) -> list[tuple[str, Floats]]:
        """Return weight × (value less target) of each value of each table, 0 for a missing one.

        A weighted mean reaches the target when the sum of these over its components is not
        negative.
        """
        return [
            (name, ((part.packed >> HALF) - target * (part.packed & LOW)).astype(np.float32))
            for name, part in asked.parts.items()
        ]

    def terms(self, asked: Asked) -> NDArray[np.float64]:
        """Return the weighted policy term of each policy, for the place of a position."""
        priority, place = np.float32(self.profile.priority), asked.position.workplace or ""
        found: NDArray[np.float64] = self.columns.policies.table(
            ("terms", float(priority), place, self.today),
            lambda policies: (priority * _policy(policies, place, self.today)).astype(np.float64),
        )
        return found

    def _limits(self, position: PositionFacts) -> Limits:
        key = position.starts_on, least_age(position), position.max_age
        found = self._limits_of.get(key)
        if found is None:
            starts_on, least, most = key
            start = day_number(max(self.today, starts_on or self.today))
            after = 0 if most is None else start - (most + 1) * 10_000
            free = day_number(latest_start(position, self.today)) if starts_on else _WHENEVER
            found = self._limits_of[key] = Limits(start - least * 10_000, after, free)
        return found

    def _wanted(self, position: PositionFacts) -> Floats:
        columns, title, code = self.columns, normal_title(position.title), position.occupation
        text = columns.texts.table(title, lambda texts: title_similarity(title, texts))
        near = columns.occupations.table(code, lambda codes: _near_codes(code, codes))
        pairs = columns.wishes.table("pairs", _pair_numbers)
        found = wish_likeness(text[pairs[:, 0]], near[pairs[:, 1]]) if len(text) else near[:1]
        found[0] = -1
        return found

    def _open(self, position: PositionFacts) -> Opened:
        """Return which gates a position opens, remembered by what it asks of them."""
        level, closed = position.education or 0, bool(shut(position, self.today))
        flags = (position.night_shift, position.height_work, position.dispatch, position.piece_rate)
        key = flags, position.workplace, position.certificates, level, closed
        found = self._opened.get(key)
        if found is None:
            gates = self._gates(position, flags, level)
            if closed:
                gates = np.zeros_like(gates)
            found = Opened(gates, self._note(gates))
            self._opened[key] = found
        return found

    def _gates(self, position: PositionFacts, flags: tuple[bool, ...], level: int) -> Flags:
        gates, wanted, place = self.columns.gates, position.certificates, position.workplace
        fits: Flags = gates.table("listed", listed)
        fits = fits & gates.table(
            ("refusals", flags, place),
            lambda new: self._willing(flags, place, position)[[g.refusals for g in new]],
        )
        if wanted:
            fits &= gates.table(
                ("certificates", wanted),
                lambda new: self._holding(wanted)[[g.certificates for g in new]],
            )
        if level:
            fits &= gates.table(
                ("education", level),
                lambda new: np.array(
                    [g.education == UNKNOWN or g.education >= level for g in new], np.bool_
                ),
            )
        return fits

    def _holding(self, wanted: frozenset[str]) -> Flags:
        return self.columns.certificate_sets.table(
            wanted, lambda sets: np.array([not lacking(wanted, s) for s in sets], np.bool_)
        )

    def _willing(
        self, flags: tuple[bool, ...], place: str | None, position: PositionFacts
    ) -> Flags:
        return self.columns.refusal_sets.table(
            (flags, place),
            lambda sets: np.array([not refused(s, home, position) for s, home in sets], np.bool_),
        )

    def _parts_of(self, position: PositionFacts) -> dict[str, Part]:
        """Return the components that a position gives something to compare to."""
        wanted: tuple[tuple[str, Any], ...] = (
            ("place", (position.workplace, position.lodging) if position.workplace else None),
            ("wage", position.wage_high or position.wage_low),
            ("skills", position.skills),
            ("experience", position.experience),
            ("education", position.education),
        )
        return {part[0]: self._parts.get(part) or self._part(*part) for part in wanted if part[1]}

    def _part(self, name: str, key: Any) -> Part:
        source = self._source(name, key)
        packing = partial(self._packed_values, name, source)
        packed = source.dictionary.table((self.whole[name], key), packing)
        found = self._parts[name, key] = Part(source, packed, self._note(packed))
        return found

    def _packed_values(self, name: str, source: Source, values: list[Any]) -> Ints:
        return self.packed(name, source.compute(values))

    def _source(self, name: str, key: Any) -> Source:
        columns = self.columns
        if name == "place":
            return Source(columns.place_sets, key, partial(_nearness, *key))
        if name == "wage":
            return Source(columns.wages, key, partial(_paid, key))
        if name == "skills":
            return Source(columns.skill_sets, key, partial(_skilled, key))
        if name == "experience":
            return Source(self._years, key, partial(_reached, key))
        return Source(self._levels, key, partial(_schooled, key))

    def _company(self, asked: Asked, rows: Rows) -> Floats | None:
        """Return what share of somebody's travel group, themselves left out, is eligible too."""
        groups = self.columns.column("group")[rows]
        if not groups.any():
            return None
        members, there = self.columns.members(), np.flatnonzero(groups)
        kinds = groups[there]
        counts = members.counts[kinds]
        fits = self.fits(asked, pick(members.people, members.starts[kinds], counts))
        able = np.add.reduceat(fits, np.cumsum(counts) - counts, dtype=np.intp)
        others = counts - 1
        shares = (able - self.fits(asked, rows[there])) / np.maximum(others, 1)
        found = np.full(len(rows), _MISSING)
        found[there] = np.where(others > 0, shares, np.nan)
        return found


def _paid(offered: int, wages: list[int | None]) -> Floats:
    """Return 1 for a wage of at least what somebody asks for, 0 for half of it, in fen a month."""
    expected = np.array([_MISSING if wage is None else wage for wage in wages], np.float32)
    short = np.float32(2) * (np.float32(1) - np.float32(offered) / expected)
    found: Floats = np.clip(np.float32(1) - short, np.float32(0), np.float32(1))
    return found


def _skilled(wanted: frozenset[str], sets: list[frozenset[str]]) -> Floats:
    shares = [len(wanted & held) / len(wanted) if held else _MISSING for held in sets]
    return np.array(shares, np.float32)


def _reached(asked: int, years: list[float]) -> Floats:
    found: Floats = np.minimum(np.array(years, np.float32) / np.float32(asked), np.float32(1))
    return found


def _schooled(asked: int, levels: list[float]) -> Floats:
    steps = np.array(levels, np.float32)
    return np.where(np.isnan(steps), steps, (asked <= steps).astype(np.float32))


def _pair_numbers(wishes: list[tuple[int, int] | None]) -> NDArray[np.intp]:
    return np.array([wish or (0, 0) for wish in wishes], np.intp).reshape(len(wishes), 2)


def _near_codes(code: str | None, others: list[str | None]) -> Floats:
    return np.array([taxonomy_similarity(code, other) for other in others], np.float32)


def _policy(policies: list[Policy], place: str, day: date) -> Floats:
    values = [
        _POLICY.get(p.category or "", 0.0)
        + _TWINNED * any(place.startswith(t.division) and t.holds(day) for t in p.twins)
        for p in policies
    ]
    return np.minimum(np.array(values, np.float32), np.float32(1))


def _nearness(place: str, lodging: bool | None, sets: list[tuple[str, ...]]) -> Floats:
    """Return how near a workplace is to the places somebody wants, a little less without a bed."""
    near = np.array([_nearest(place, wanted) for wanted in sets], np.float32)
    return near * np.float32(0.85) if lodging is False else near


def _nearest(place: str, wanted: tuple[str, ...]) -> float:
    if not wanted:
        return float(_MISSING)
    if any(place.startswith(w) or w.startswith(place) for w in wanted):
        return 1.0
    return 0.4 if any(place[:2] == w[:2] for w in wanted) else 0.0
