"""Rankings: best people for a position, best positions for a person, a whole fair."""

import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from struct import pack
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from jobfair.matching.core.columns import SeekerColumns
from jobfair.matching.core.facts import PositionFacts, SeekerFacts
from jobfair.matching.core.kernels import COMPILED, NUMPY, compiled
from jobfair.matching.core.near import Near
from jobfair.matching.core.score import KNOWN, KNOWN_BITS, MILLION, Asked, Rows, Scorer, Scores
from jobfair.matching.core.text import normal_title
from jobfair.matching.core.weights import COMPONENTS, Profile

# Marks tried for the last of the best, in points, until enough people reach one.
_MARKS = (1_000_000, 970_000, 900_000, 800_000, 700_000, 600_000)
_GROUP = 200
_SHARE = 30  # positions that a thread takes at a time
# Below so many people numpy's steps are too short to share: threads spend more time waiting for
# each other than working (measured). The compiled kernel takes a whole group in one step.
_WORTH_THREADS = {NUMPY: 400_000, COMPILED: 20_000}


class Candidate(NamedTuple):
    """A person or a position in a ranking, with what made its score.

    Attributes:
        id: seeker id or position id.
        components: name to value in [0, 1]; None where a fact is missing.
        known: what share of the weights lies on known components, in [0, 1].
        priority: the policy term before its weight.
    """

    id: int
    score: float
    components: dict[str, float | None]
    known: float
    priority: float


class RankedPosition(NamedTuple):
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


class Best(NamedTuple):
    """The best rows of a pool for one position, best first, with points and what is known."""

    rows: Rows
    points: NDArray[np.int32]
    known: NDArray[np.int64]


def best_of(
    scorer: Scorer, asked: Asked, near: Near, top: int, ties: NDArray[Any] | None = None
) -> Best:
    """Return the best eligible rows, at most ``top``: by score, what is known, seeker id.

    A mark is tried: only who may reach it is scored. When enough people do reach it, nobody left
    out can be among the best. Exact, no guess.

    Args:
        scorer: the people and the weights.
        asked: the position.
        near: whoever asks for work like it.
        top: how many.
        ties: what decides among equals, the smallest first, for all rows; seeker ids without it.
    """
    if ties is None:
        ties = scorer.columns.column("ids")
    if scorer.kernel == COMPILED:
        ((*best, _eligible),) = compiled().best_of_group(scorer, [asked], near, top, ties)
        return Best(*best)
    extra = round(scorer.profile.priority * MILLION)
    for mark in _MARKS:
        rows, likeness = near.hopeful(asked, mark + extra)
        if len(rows) < top:
            continue
        points, known = scorer.points(asked, rows, likeness)
        reached = points >= mark + extra
        if np.count_nonzero(reached) >= top:
            return _first(ties, rows[reached], points[reached], known[reached], top)
    rows, likeness = near.everyone()
    able = scorer.fits(asked, rows)
    rows, likeness = rows[able], likeness[able]
    return _first(ties, rows, *scorer.points(asked, rows, likeness), top)


def _first(
    ties: NDArray[Any], rows: Rows, points: NDArray[np.int32], known: NDArray[np.int64], top: int
) -> Best:
    merit = (points.astype(np.int64) << KNOWN_BITS) + known
    if len(rows) > top > 0:
        keep = merit >= np.partition(merit, len(rows) - top)[len(rows) - top]
        rows, points, known, merit = rows[keep], points[keep], known[keep], merit[keep]
    order = np.lexsort((ties[rows], -merit))[:top]
    return Best(rows[order], points[order], known[order])


def _candidates(scores: Scores, subjects: Sequence[int]) -> list[Candidate]:
    """Return scored people, or one person's scored positions, with what made their scores."""
    parts = [
        [None] * len(subjects) if values is None else _rounded(values)
        for values in scores.components.values()
    ]
    return [
        Candidate(subject, score, dict(zip(COMPONENTS, values, strict=True)), known, priority)
        for subject, score, values, known, priority in zip(
            subjects,
            (scores.points / MILLION).tolist(),
            zip(*parts, strict=True),
            (scores.known / KNOWN).tolist(),
            _rounded(scores.priority),
            strict=True,
        )
    ]


def _rounded(values: NDArray[np.float32]) -> list[Any]:
    """Return values to four places, None for NaN."""
    found = np.round(values.astype(np.float64), 4).astype(object)
    found[np.isnan(values)] = None
    return found.tolist()  # type: ignore[no-any-return]


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
    asked = scorer.ask(position)
    if within:
        able = np.flatnonzero(scorer.eligible(asked) & scorer.home_within(within))
        points, known = scorer.points(asked, able, scorer.best_wish(asked, able))
        ids = scorer.columns.column("ids")
        count, rows = len(able), _first(ids, able, points, known, top).rows
    else:
        count = scorer.count_eligible(asked)
        rows = best_of(scorer, asked, Near(scorer, asked), top).rows
    scores = scorer.score(asked, rows)
    ids = scorer.columns.column("ids")[rows]
    return count, _candidates(scores, ids.tolist())


def score_pair(
    seeker: SeekerFacts,
    position: PositionFacts,
    *,
    profile: Profile,
    today: date,
    mates: Sequence[SeekerFacts] = (),
) -> tuple[bool, Candidate]:
    """Return whether a pair is eligible, and its score, by the same code as the rankings.

    Args:
        seeker: the person.
        position: the post.
        profile: the weights.
        today: Beijing date.
        mates: the other people of the seeker's travel group.
    """
    return score_positions(seeker, [position], profile=profile, today=today, mates=mates)[0]


def score_positions(
    seeker: SeekerFacts,
    positions: Sequence[PositionFacts],
    *,
    profile: Profile,
    today: date,
    mates: Sequence[SeekerFacts] = (),
) -> list[tuple[bool, Candidate]]:
    """Return for each position whether the person is eligible, and the score, in their order."""
    scorer = Scorer(SeekerColumns.of([seeker, *mates]), profile, today)
    own = np.zeros(1, np.intp)
    return [
        (
            bool(scorer.fits(asked, own)[0]),
            _candidates(scorer.score(asked, own), [asked.position.id])[0],
        )
        for asked in map(scorer.ask, positions)
    ]


def rank_positions(
    seeker: SeekerFacts,
    positions: Sequence[PositionFacts],
    *,
    profile: Profile,
    today: date,
    top: int,
    mates: Sequence[SeekerFacts] = (),
) -> list[Candidate]:
    """Return the best positions a person is eligible for: by score, what is known, id."""
    scored = score_positions(seeker, positions, profile=profile, today=today, mates=mates)
    found = [candidate for eligible, candidate in scored if eligible]
    return sorted(found, key=lambda c: (-c.score, -c.known, c.id))[:top]


def rank_fair(
    columns: SeekerColumns,
    positions: Sequence[PositionFacts],
    *,
    profile: Profile,
    today: date,
    top: int = 200,
    threads: int | None = None,
    step: Callable[[int, int], None] | None = None,
    kernel: str | None = None,
) -> RankedFair:
    """Rank everybody for every position; memory is a few columns per thread.

    Args:
        columns: the people.
        positions: the posts, in any order; the result is in order of id.
        profile: the weights.
        today: Beijing date eligibility is judged for.
        top: how many people to keep for each position.
        threads: how many groups of positions are worked on at once; the result does not depend on
            it. Without a number: one for each processor, or just one where the steps are too short
            to share.
        step: told how many positions are done, of how many.
        kernel: one of ``kernels``; without, the quickest there is.
    """
    scorer = Scorer(columns, profile, today, kernel)
    scorer.prepare()
    ids = columns.column("ids")

    def work(groups: list[list[PositionFacts]]) -> list[RankedPosition]:
        return [
            ranked_position(position.id, count, ids[best.rows], best.points)
            for group in groups
            for position, count, best in best_of_alike(scorer, group, top)
        ]

    done: list[RankedPosition] = []
    if threads is None:
        threads = (os.cpu_count() or 1) if columns.rows >= _WORTH_THREADS[scorer.kernel] else 1
    with ThreadPoolExecutor(threads) as pool:
        for ranked in pool.map(work, shares(by_work(positions), _SHARE)):
            done += ranked
            if step:
                step(len(done), len(positions))
    return ranked_fair(profile, columns.size, done)


def best_of_alike(
    scorer: Scorer, group: Sequence[PositionFacts], top: int
) -> Iterator[tuple[PositionFacts, int, Best]]:
    """Give each position of one kind of work with how many are eligible, and the best of them."""
    first, *others = group
    asked = [scorer.ask(first)]
    asked += [scorer.ask(position, asked[0]) for position in others]
    near = Near(scorer, asked[0])
    if scorer.kernel == COMPILED:
        ids = scorer.columns.column("ids")
        found = compiled().best_of_group(scorer, asked, near, top, ids)
        for position, (*best, eligible) in zip(group, found, strict=True):
            yield position, eligible, Best(*best)
        return
    for each in asked:
        best = best_of(scorer, each, near, top)
        yield each.position, scorer.count_eligible(each), best


def ranked_position(
    position_id: int, eligible: int, seekers: NDArray[np.int64], points: NDArray[np.int32]
) -> RankedPosition:
    """Return a position of a ranked fair from points."""
    scores = points.astype(np.float32) / np.float32(MILLION)
    return RankedPosition(position_id, eligible, seekers, scores)


def ranked_fair(profile: Profile, people: int, positions: Iterable[RankedPosition]) -> RankedFair:
    """Return a ranked fair of positions in any order."""
    done = sorted(positions, key=lambda r: r.position_id)
    return RankedFair(profile.label, people, tuple(done), _digest(done))


def by_work(positions: Sequence[PositionFacts]) -> list[list[PositionFacts]]:
    """Return the positions in groups of one title and occupation, none too long for a thread."""
    groups: dict[tuple[str, str | None], list[PositionFacts]] = defaultdict(list)
    for position in positions:
        groups[normal_title(position.title), position.occupation].append(position)
    return [g[i : i + _GROUP] for g in groups.values() for i in range(0, len(g), _GROUP)]


def shares(groups: Iterable[list[PositionFacts]], size: int) -> Iterator[list[list[PositionFacts]]]:
    """Give groups some at a time, at least so many positions; the last may be less.

    Whoever takes very few at a time waits more than it works.
    """
    share: list[list[PositionFacts]] = []
    for group in groups:
        share.append(group)
        if sum(map(len, share)) >= size:
            yield share
            share = []
    if share:
        yield share


def _digest(ranked: Sequence[RankedPosition]) -> str:
    total = hashlib.sha256()
    for one in ranked:
        total.update(pack("<qq", one.position_id, one.eligible))
        total.update(one.seekers.astype("<i8", order="C", copy=False).data)
        total.update(one.scores.astype("<f4", order="C", copy=False).data)
    return total.hexdigest()
