"""Eligibility and score of one position for many people at once, without a Python loop.

A component is in [0, 1]; a missing fact is NaN: it is left out and its weight shared among the
others. Facts with few distinct values are scored once per value and gathered. Scores are whole
millionths: what reads as the same score is the same score, and ties go by id.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobfair.matching.core.columns import NO_WISH, UNKNOWN, Gate, SeekerColumns, day_number
from jobfair.matching.core.eligibility import latest_start, least_age, refused, shut
from jobfair.matching.core.facts import PositionFacts
from jobfair.matching.core.text import normal_title, taxonomy_similarity, title_similarity
from jobfair.matching.core.weights import COMPONENTS, Profile

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]
MILLION = np.float32(1_000_000)
_MISSING = np.float32(np.nan)
# Bounds stay this far above the rounding of single precision and of whole points.
_MARGIN = 2e-5
_LEVELS = 64  # room for education levels and years of experience; the last is "unknown"
# A later wish counts a little less than the first.
_WISH_ORDER = np.array((1.0, 0.95, 0.9, 0.87, 0.85), np.float32)
_POLICY = {"registered_poor": 1.0, "at_risk": 0.8, "lifted_out": 0.5}
_TWINNED = 0.3


@dataclass(frozen=True, slots=True)
class Scores:
    """One position against some people: arrays of shape (people,).

    Attributes:
        points: score of the components plus the priority term, in millionths.
        components: name to value in [0, 1], NaN where a fact is missing; None where the position
            gives nothing to compare with.
        priority: the policy term before its weight, in [0, 1].
    """

    points: NDArray[np.int32]
    components: dict[str, Floats | None]
    priority: Floats


class Scorer:
    """Scores positions against one pool; cheap to make, what it computes stays with the pool."""

    def __init__(self, columns: SeekerColumns, profile: Profile, today: date) -> None:
        self.columns = columns
        self.profile = profile
        self.today = today

    def eligible(self, position: PositionFacts) -> Flags:
        """Return who meets every hard rule, for all rows of the columns."""
        column = self.columns.column
        if shut(position, self.today):
            return np.zeros(self.columns.rows, np.bool_)
        start = max(self.today, position.starts_on or self.today)
        possible: Flags = self._gates(position)[column("gate")]
        possible &= column("born") <= day_number(start) - least_age(position) * 10_000
        possible &= column("expires") >= day_number(self.today)
        if position.starts_on:
            possible &= column("free_from") <= day_number(latest_start(position, self.today))
        return possible

    def home_within(self, division: str) -> Flags:
        """Return who comes from a division (code prefix), for all rows of the columns."""
        inside = self.columns.priorities.table(
            ("within", division),
            lambda homes: np.array([home.startswith(division) for _, home, _ in homes], np.bool_),
        )
        found: Flags = inside[self.columns.column("priority")]
        return found

    def reach(self, position: PositionFacts) -> Floats:
        """Return how near the wanted work is, for all rows of the columns, made for comparing.

        1 and the likeness; 3 without wishes, which bounds nothing. Depends on the position's title
        and occupation only. Not used in scores: adding 1 loses the last digit.
        """
        column = self.columns.column
        kinds = self._kinds(position)
        table = kinds + np.float32(1)
        table[0] = 3
        near: Floats = table.take(column("wish0"))
        for place in range(1, self.columns.slots):
            later = kinds * _WISH_ORDER[place] + np.float32(1)
            np.maximum(near, later.take(column(f"wish{place}")), out=near)
        return near

    def could_reach(self, position: PositionFacts, rows: Rows, near: Floats, points: int) -> Flags:
        """Return who, by the wanted work and the place alone, could still reach so many points.

        Args:
            position: the post.
            rows: the people.
            near: their ``reach``.
            points: the mark.
        """
        places = self._place(position, rows)
        if places is None:
            return np.ones(len(rows), np.bool_)
        own, place = self.profile.occupation, self.profile.place
        rest = sum(self.profile.weight(name) for name in _given(position)) - place
        wishes = near < 2.5
        known = ~np.isnan(places)
        best = own * wishes * (near - 1) + place * np.nan_to_num(places) + rest
        share = own * wishes + place * known + rest
        target = points / 1_000_000 - self.profile.priority - _MARGIN
        found: Flags = best >= target * share
        return found

    def score(self, position: PositionFacts, rows: Rows | None = None) -> Scores:
        """Return score and components of the people in some rows, of all without rows."""
        chosen = slice(None) if rows is None else rows
        likeness = self._likeness(position, chosen)
        components: dict[str, Floats | None] = {
            "occupation": likeness,
            "skills": self._skills(position, chosen),
            "wage": self._wage(position, chosen),
            "experience": self._stepped("experience", position.experience, chosen),
            "education": self._stepped("education", position.education, chosen),
            "place": self._place(position, chosen),
        }
        policy = self.columns.priorities.table("policy", _policy)
        priority: Floats = policy[self.columns.column("priority")[chosen]]
        total = _weighted(components, self.profile, len(likeness))
        if self.profile.priority:
            total = total + np.float32(self.profile.priority) * priority
        points: NDArray[np.int32] = np.rint(total * MILLION).astype(np.int32)
        return Scores(points, components, priority)

    def least_likeness(self, position: PositionFacts, points: int) -> float:
        """Return a likeness below which nobody reaches so many points for a position.

        The best anybody of likeness x can have is 1 in every other component the position can
        give, and the whole priority term.
        """
        own = self.profile.occupation
        rest = sum(self.profile.weight(name) for name in _given(position))
        if not own:
            return 0.0
        target = points / 1_000_000 - self.profile.priority - _MARGIN
        return (target * (own + rest) - rest) / own - _MARGIN

    def _gates(self, position: PositionFacts) -> Flags:
        """Return which gates a position opens; see ``columns.Gate``."""
        pool, wanted = self.columns, position.certificates
        flags = (position.night_shift, position.height_work, position.dispatch, position.piece_rate)
        holds = pool.certificate_sets.table(
            wanted, lambda sets: np.array([wanted <= s for s in sets], np.bool_)
        )
        willing = pool.refusal_sets.table(
            (flags, position.workplace),
            lambda sets: np.array([not refused(s, home, position) for s, home in sets], np.bool_),
        )
        gates = pool.gates.table("gates", _gate_rows)
        level = gates[:, 1]
        fits: Flags = (gates[:, 0] != 0) & holds[gates[:, 2]] & willing[gates[:, 3]]
        fits &= (level == UNKNOWN) | (level >= (position.education or 0))
        return fits

    def _kinds(self, position: PositionFacts) -> Floats:
        """Return how near each distinct wish is to a position; below 0 for no wish."""
        title, code = normal_title(position.title), position.occupation
        return self.columns.wishes.table(
            (title, code), lambda wishes: _wish_scores(title, code, wishes)
        )

    def _likeness(self, position: PositionFacts, chosen: Any) -> Floats:
        """Return the occupation component; NaN without wishes."""
        table = self._kinds(position)
        best: Floats = table[self.columns.column("wish0")[chosen]]
        for place in range(1, self.columns.slots):
            later = table * _WISH_ORDER[place]
            np.maximum(best, later[self.columns.column(f"wish{place}")[chosen]], out=best)
        return np.where(best < 0, _MISSING, best)

    def _skills(self, position: PositionFacts, chosen: Any) -> Floats | None:
        wanted = position.skills
        if not wanted:
            return None
        table = self.columns.skill_sets.table(
            wanted,
            lambda sets: np.array(
                [len(wanted & s) / len(wanted) if s else _MISSING for s in sets], np.float32
            ),
        )
        found: Floats = table[self.columns.column("skills")[chosen]]
        return found

    def _wage(self, position: PositionFacts, chosen: Any) -> Floats | None:
        offered = position.wage_high or position.wage_low
        if offered is None:
            return None
        expected = self.columns.column("wage")[chosen]
        short = np.float32(2) * (np.float32(1) - np.float32(offered) / expected)
        found: Floats = np.clip(np.float32(1) - short, np.float32(0), np.float32(1))
        return found

    def _stepped(self, name: str, asked: int | None, chosen: Any) -> Floats | None:
        if not asked:
            return None
        levels = np.arange(_LEVELS, dtype=np.float32)
        if name == "education":
            table = (levels >= asked).astype(np.float32)
        else:
            table = np.minimum(levels / np.float32(asked), np.float32(1))
        table[UNKNOWN] = _MISSING
        found: Floats = table[self.columns.column(name)[chosen]]
        return found

    def _place(self, position: PositionFacts, chosen: Any) -> Floats | None:
        if not position.workplace:
            return None
        table = self.columns.place_sets.table(
            (position.workplace, position.lodging),
            lambda sets: np.array([_nearness(wanted, position) for wanted in sets], np.float32),
        )
        found: Floats = table[self.columns.column("wanted")[chosen]]
        return found


def _gate_rows(gates: list[Gate]) -> NDArray[np.intp]:
    rows = [(g.listed, g.education, g.certificates, g.refusals) for g in gates]
    return np.array(rows, np.intp).reshape(len(rows), 4)


def _wish_scores(title: str, code: str | None, wishes: list[tuple[str, str | None]]) -> Floats:
    text = title_similarity(title, [wish for wish, _ in wishes])
    near = [taxonomy_similarity(code, wish_code) for _, wish_code in wishes]
    # A shared character or two says little: weak likeness is pressed down.
    found: Floats = np.maximum(text * text, np.array(near, np.float32))
    found[[wish == NO_WISH for wish in wishes]] = -1
    return found


def _policy(groups: list[tuple[str | None, str, bool]]) -> Floats:
    values = [_POLICY.get(category or "", 0.0) + _TWINNED * twin for category, _, twin in groups]
    return np.minimum(np.array(values, np.float32), np.float32(1))


def _nearness(wanted: tuple[str, ...], position: PositionFacts) -> float:
    place = position.workplace
    if not wanted or not place:
        return float(_MISSING)
    if any(place.startswith(w) or w.startswith(place) for w in wanted):
        near = 1.0
    else:
        near = 0.4 if any(place[:2] == w[:2] for w in wanted) else 0.0
    return near * (1.0 if position.lodging is not False else 0.85)


def _given(position: PositionFacts) -> list[str]:
    """Return the components besides occupation that a position gives something to compare with."""
    there = {
        "skills": position.skills,
        "wage": position.wage_high or position.wage_low,
        "experience": position.experience,
        "education": position.education,
        "place": position.workplace,
    }
    return [name for name, fact in there.items() if fact]


def _weighted(components: dict[str, Floats | None], profile: Profile, people: int) -> Floats:
    """Return the weighted mean of the components that are there; 0 where none is."""
    total = np.zeros(people, np.float32)
    share = np.zeros(people, np.float32)
    for name in COMPONENTS:
        values = components[name]
        weight = np.float32(profile.weight(name))
        if values is None:
            continue
        known = values == values  # noqa: PLR0124 - false for NaN only
        total += np.where(known, values, np.float32(0)) * weight
        share += known * weight
    found: Floats = np.divide(total, share, out=np.zeros_like(total), where=share > 0)
    return found
