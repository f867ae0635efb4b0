"""Rankings: best people for a position, best positions for a person, a whole fair."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from jobfair.matching.core.columns import SeekerColumns
from jobfair.matching.core.facts import PositionFacts, SeekerFacts
from jobfair.matching.core.score import MILLION, Scorer, Scores
from jobfair.matching.core.text import normal_title
from jobfair.matching.core.weights import Profile

# How near to the wanted work somebody must be to be looked at first, tried in this order.
_DEPTHS = (0.99, 0.95, 0.85, 0.7, 0.5, 0.3, 0.0)
# The mark is found among this part of the people, scoring at most so many times the wanted number.
_PART = 4
_PILOT = 6
_GROUP = 16


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person or a position in a ranking, with what made its score.

    Attributes:
        id: seeker id or position id.
        components: name to value in [0, 1]; None where a fact is missing.
        priority: the policy term before its weight.
    """

    id: int
    score: float
    components: dict[str, float | None]
    priority: float


@dataclass(frozen=True, slots=True)
class RankedPosition:
    """A position of a ranked fair: how many are eligible, and the best of them in order."""

    position_id: int
    eligible: int
    seekers: NDArray[np.int64]
    scores: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class RankedFair:
    """A whole fair; the same digest means the same result."""

    profile: str
    people: int
    positions: tuple[RankedPosition, ...]
    digest: str

    @property
    def eligible(self) -> int:
        """Return how many pairs are eligible."""
        return sum(p.eligible for p in self.positions)


@dataclass(frozen=True, slots=True)
class _Scored:
    rows: NDArray[np.intp]
    points: NDArray[np.int32]


_NOBODY = _Scored(np.zeros(0, np.intp), np.zeros(0, np.int32))


def _scored(scorer: Scorer, position: PositionFacts, rows: NDArray[np.intp]) -> _Scored:
    return _Scored(rows, scorer.score(position, rows).points)


def _contenders(
    scorer: Scorer, position: PositionFacts, near: NDArray[np.float32], top: int
) -> _Scored:
    """Score enough eligible people that nobody left out can be among the best ``top``.

    First some of those nearest to the wanted work; the last of their best sets a mark, and the
    mark says how near somebody must be to reach it with everything else perfect. Exact, no guess.

    Args:
        scorer: the people and the weights.
        position: the post.
        near: ``Scorer.reach`` of the position, 0 for who is not eligible.
        top: how many are wanted.
    """
    some = near[: max(len(near) // _PART, top * _PILOT)]
    least = next((d for d in _DEPTHS if np.count_nonzero(some >= 1 + d) >= top), None)
    if least is None:
        return _scored(scorer, position, np.flatnonzero(near))
    first = _scored(scorer, position, np.flatnonzero(some >= 1 + least)[: top * _PILOT])
    mark = int(np.partition(first.points, len(first.rows) - top)[len(first.rows) - top])
    floor = 1 + max(scorer.least_likeness(position, mark), 0.0)
    rows = np.flatnonzero(near >= floor)
    return _scored(scorer, position, rows[scorer.could_reach(position, rows, near[rows], mark)])


def _best(scorer: Scorer, position: PositionFacts, near: NDArray[np.float32], top: int) -> _Scored:
    """Return the best rows, at most ``top``: by score, then by seeker id."""
    found = _contenders(scorer, position, near, top) if top > 0 else _NOBODY
    rows, points = found.rows, found.points
    if len(rows) > top:
        keep = points >= np.partition(points, len(rows) - top)[len(rows) - top]
        rows, points = rows[keep], points[keep]
    order = np.lexsort((scorer.columns.column("ids")[rows], -points))[:top]
    return _Scored(rows[order], points[order])


def _candidate(scores: Scores, row: int, subject: int) -> Candidate:
    parts = {
        name: None if values is None or np.isnan(values[row]) else round(float(values[row]), 4)
        for name, values in scores.components.items()
    }
    score = int(scores.points[row]) / 1_000_000
    return Candidate(subject, score, parts, round(float(scores.priority[row]), 4))


def rank_candidates(
    columns: SeekerColumns, position: PositionFacts, *, profile: Profile, today: date, top: int
) -> list[Candidate]:
    """Return the best eligible people for a position, best first."""
    return candidates_of(Scorer(columns, profile, today), position, top=top)[1]


def candidates_of(
    scorer: Scorer, position: PositionFacts, *, top: int, within: str | None = None
) -> tuple[int, list[Candidate]]:
    """Return how many people are eligible, and the best of them, best first.

    Args:
        scorer: the people and the weights.
        position: the post.
        top: how many to return.
        within: a division code; only people whose home county lies in it.
    """
    eligible = scorer.eligible(position)
    if within:
        eligible &= scorer.home_within(within)
    rows = _best(scorer, position, scorer.reach(position) * eligible, top).rows
    scores = scorer.score(position, rows)
    ids = scorer.columns.column("ids")[rows]
    found = [_candidate(scores, place, int(seeker_id)) for place, seeker_id in enumerate(ids)]
    return int(np.count_nonzero(eligible)), found


def score_pair(
    seeker: SeekerFacts, position: PositionFacts, *, profile: Profile, today: date
) -> tuple[bool, Candidate]:
    """Return whether a pair is eligible, and its score, by the same code as the rankings."""
    return score_positions(seeker, [position], profile=profile, today=today)[0]


def score_positions(
    seeker: SeekerFacts, positions: Sequence[PositionFacts], *, profile: Profile, today: date
) -> list[tuple[bool, Candidate]]:
    """Return for each position whether the person is eligible, and the score, in their order."""
    scorer = Scorer(SeekerColumns.of([seeker]), profile, today)
    return [(bool(scorer.eligible(p)[0]), _candidate(scorer.score(p), 0, p.id)) for p in positions]


def rank_positions(
    seeker: SeekerFacts,
    positions: Sequence[PositionFacts],
    *,
    profile: Profile,
    today: date,
    top: int,
) -> list[Candidate]:
    """Return the best positions a person is eligible for, best first, ties by position id."""
    scored = score_positions(seeker, positions, profile=profile, today=today)
    found = [candidate for eligible, candidate in scored if eligible]
    return sorted(found, key=lambda c: (-c.score, c.id))[:top]


def rank_fair(
    columns: SeekerColumns,
    positions: Sequence[PositionFacts],
    *,
    profile: Profile,
    today: date,
    top: int = 200,
    threads: int = 2,
    step: Callable[[int, int], None] | None = None,
) -> RankedFair:
    """Rank everybody for every position; memory is a few columns per thread.

    Args:
        columns: the people.
        positions: the posts, in any order; the result is in order of id.
        profile: the weights.
        today: Beijing date eligibility is judged for.
        top: how many people to keep for each position.
        threads: how many positions are worked on at once; the result does not depend on it.
        step: told how many positions are done, of how many.
    """
    scorer = Scorer(columns, profile, today)
    ids = columns.column("ids")

    def one(position: PositionFacts, near: NDArray[np.float32]) -> RankedPosition:
        eligible = scorer.eligible(position)
        best = _best(scorer, position, near * eligible, top)
        scores = best.points.astype(np.float32) / MILLION
        return RankedPosition(position.id, int(np.count_nonzero(eligible)), ids[best.rows], scores)

    def alike(group: list[PositionFacts]) -> list[RankedPosition]:
        near = scorer.reach(group[0])
        return [one(position, near) for position in group]

    done: list[RankedPosition] = []
    with ThreadPoolExecutor(threads) as pool:
        for ranked in pool.map(alike, _by_work(positions)):
            done += ranked
            if step:
                step(len(done), len(positions))
    done.sort(key=lambda r: r.position_id)
    return RankedFair(profile.label, columns.size, tuple(done), _digest(done))


def _by_work(positions: Sequence[PositionFacts]) -> list[list[PositionFacts]]:
    """Return the positions in groups of one title and occupation, none too long for a thread."""
    groups: dict[tuple[str, str | None], list[PositionFacts]] = defaultdict(list)
    for position in positions:
        groups[normal_title(position.title), position.occupation].append(position)
    return [g[i : i + _GROUP] for g in groups.values() for i in range(0, len(g), _GROUP)]


def _digest(ranked: Sequence[RankedPosition]) -> str:
    total = hashlib.sha256()
    for item in ranked:
        total.update(np.array([item.position_id, item.eligible], np.int64).tobytes())
        total.update(item.seekers.astype(np.int64).tobytes())
        total.update(item.scores.astype(np.float32).tobytes())
    return total.hexdigest()
