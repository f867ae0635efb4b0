"""Rankings: best people for a position, best positions for a person, a whole fair."""

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from jobfair.matching.core.columns import SeekerColumns
from jobfair.matching.core.facts import PositionFacts, SeekerFacts
from jobfair.matching.core.score import Scorer, Scores
from jobfair.matching.core.weights import Profile


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


def best_rows(
    scores: NDArray[np.float32], ids: NDArray[np.int64], eligible: NDArray[np.bool_], top: int
) -> NDArray[np.int64]:
    """Return the rows of the best eligible people: by score, then by id.

    Shapes: all inputs (people,); the result at most (top,).
    """
    rows = np.flatnonzero(eligible)
    values = scores[rows]
    if len(rows) > top:
        least = np.partition(values, len(values) - top)[len(values) - top]
        keep = values >= least
        rows, values = rows[keep], values[keep]
    order = np.lexsort((ids[rows], -values))[:top]
    return rows[order]


def _candidate(scores: Scores, row: int, subject: int) -> Candidate:
    parts = {
        name: None if np.isnan(values[row]) else round(float(values[row]), 4)
        for name, values in scores.components.items()
    }
    return Candidate(
        subject, round(float(scores.total[row]), 6), parts, round(float(scores.priority[row]), 4)
    )


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
    scores = scorer.score(position)
    ids = scorer.columns.column("ids")
    eligible = scores.eligible
    if within:
        eligible = eligible & scorer.home_within(within)
    rows = best_rows(scores.total, ids, eligible, top)
    found = [_candidate(scores, int(row), int(ids[row])) for row in rows]
    return int(np.count_nonzero(eligible)), found


def score_pair(
    seeker: SeekerFacts, position: PositionFacts, *, profile: Profile, today: date
) -> tuple[bool, Candidate]:
    """Return whether a pair is eligible, and its score, by the same code as the rankings."""
    scores = Scorer(SeekerColumns.of([seeker]), profile, today).score(position)
    return bool(scores.eligible[0]), _candidate(scores, 0, position.id)


def rank_positions(
    seeker: SeekerFacts,
    positions: Sequence[PositionFacts],
    *,
    profile: Profile,
    today: date,
    top: int,
) -> list[Candidate]:
    """Return the best positions a person is eligible for, best first, ties by position id."""
    scorer = Scorer(SeekerColumns.of([seeker]), profile, today)
    found = []
    for position in positions:
        scores = scorer.score(position)
        if scores.eligible[0]:
            found.append(_candidate(scores, 0, position.id))
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

    def one(position: PositionFacts) -> RankedPosition:
        scores = scorer.score(position)
        rows = best_rows(scores.total, ids, scores.eligible, top)
        count = int(np.count_nonzero(scores.eligible))
        return RankedPosition(position.id, count, ids[rows], scores.total[rows])

    ordered = sorted(positions, key=lambda p: p.id)
    done: list[RankedPosition] = []
    with ThreadPoolExecutor(threads) as pool:
        for ranked in pool.map(one, ordered):
            done.append(ranked)
            if step:
                step(len(done), len(ordered))
    return RankedFair(profile.label, columns.size, tuple(done), _digest(done))


def _digest(ranked: Sequence[RankedPosition]) -> str:
    total = hashlib.sha256()
    for item in ranked:
        total.update(np.array([item.position_id, item.eligible], np.int64).tobytes())
        total.update(item.seekers.astype(np.int64).tobytes())
        total.update(item.scores.astype(np.float32).tobytes())
    return total.hexdigest()
