"""A whole fair in blocks of people: each ranked apart from the others, then put together exactly.

Whoever travels together is in one block, so a block knows all that a score asks for. What a block
gives to a position is its best people with points and what is known of them; the best of all are
among the best of each block, in the same order. Nothing else ever meets, so blocks may be ranked
one after another in little memory, or on many machines, with the result of ``rank_fair``.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from jobfair.matching.core.columns import SeekerColumns
from jobfair.matching.core.facts import PositionFacts, SeekerFacts
from jobfair.matching.core.rank import (
    RankedFair,
    RankedPosition,
    best_of_alike,
    by_work,
    ranked_fair,
    ranked_position,
    shares,
)
from jobfair.matching.core.score import Scorer
from jobfair.matching.core.weights import Profile

# Measured: docs/many-machines.md says by what.
MOST_PEOPLE = 100_000  # in a block
BATCH = 250  # positions in a task
FAN_IN = 8  # parts merged in a task


@dataclass(frozen=True, slots=True)
class Part:
    """What some people give to some positions: arrays of shape (positions,), then of the best.

    Attributes:
        positions: ids of positions.
        eligible: how many of the people are eligible for each.
        counts: how many of the best follow for each.
        seekers: ids of the best people, position after position, best first.
        points: their scores in millionths.
        known: what is known of them, in ten-thousandths of the weights.
    """

    positions: NDArray[np.int64]
    eligible: NDArray[np.int64]
    counts: NDArray[np.int64]
    seekers: NDArray[np.int64]
    points: NDArray[np.int32]
    known: NDArray[np.int16]

    @property
    def nbytes(self) -> int:
        """Return how many bytes its arrays take."""
        arrays = (self.positions, self.eligible, self.counts, self.seekers, self.points, self.known)
        return sum(array.nbytes for array in arrays)


def cut(people: Iterable[SeekerFacts], size: int) -> Iterator[list[SeekerFacts]]:
    """Give people in blocks of about a size; a travel group is never parted.

    Args:
        people: in any order, each once.
        size: how many to a block; a group that no longer fits makes one larger, the last is less.
    """
    groups: dict[str, list[SeekerFacts]] = defaultdict(list)
    block: list[SeekerFacts] = []
    for person in people:
        if person.travel_group:
            groups[person.travel_group].append(person)
            continue
        block.append(person)
        if len(block) >= size:
            yield block
            block = []
    for group in groups.values():
        block += group
        if len(block) >= size:
            yield block
            block = []
    if block:
        yield block


def batches(positions: Sequence[PositionFacts], size: int) -> list[list[PositionFacts]]:
    """Return positions in batches of at least a size, alike ones together; the last may be less."""
    return [list(chain.from_iterable(share)) for share in shares(by_work(positions), size)]


def hold(columns: SeekerColumns, profile: Profile, today: date) -> Scorer:
    """Make a block ready to be ranked many times, where it is kept."""
    scorer = Scorer(columns, profile, today)
    scorer.prepare()
    return scorer


def rank_block(scorer: Scorer, positions: Sequence[PositionFacts], top: int) -> Part:
    """Return what one block gives to some positions, by the code that ranks a whole fair.

    Args:
        scorer: the people of the block and the weights.
        positions: the posts.
        top: how many people to keep for each.
    """
    ids = scorer.columns.column("ids")
    found = [
        (position.id, count, best)
        for group in by_work(positions)
        for position, count, best in best_of_alike(scorer, group, top)
    ]
    rows, known = [best.rows for *_, best in found], [best.known for *_, best in found]
    return Part(
        np.array([position_id for position_id, _count, _best in found], np.int64),
        np.array([count for _id, count, _best in found], np.int64),
        np.array([len(r) for r in rows], np.int64),
        ids[np.concatenate([np.zeros(0, np.intp), *rows])],
        np.concatenate([np.zeros(0, np.int32), *(best.points for *_, best in found)]),
        np.concatenate([np.zeros(0, np.int16), *known], dtype=np.int16),
    )


def merge(parts: Sequence[Part], top: int) -> Part:
    """Return what several blocks together give to the same positions.

    In the order of the ranking itself: by points, what is known, seeker id. So it does not matter
    which parts are merged first.

    Raises:
        ValueError: the parts are of different positions.
    """
    first = parts[0]
    if any(not np.array_equal(first.positions, part.positions) for part in parts):
        raise ValueError("parts of different positions cannot be merged")
    number = np.arange(len(first.positions))
    place = np.concatenate([np.repeat(number, part.counts) for part in parts])
    seekers = np.concatenate([part.seekers for part in parts])
    points = np.concatenate([part.points for part in parts])
    known = np.concatenate([part.known for part in parts])
    order = np.lexsort((seekers, -known, -points, place))
    counts = np.bincount(place, minlength=len(number))
    starts = np.cumsum(counts) - counts
    keep = order[np.arange(len(order)) - np.repeat(starts, counts) < top]
    eligible = np.sum([part.eligible for part in parts], axis=0)
    return Part(
        first.positions,
        eligible,
        np.minimum(counts, top),
        seekers[keep],
        points[keep],
        known[keep],
    )


def positions_of(part: Part) -> Iterator[RankedPosition]:
    """Give the ranked positions of a part that has everybody in it."""
    ends = np.cumsum(part.counts)
    for place, position_id in enumerate(part.positions.tolist()):
        best = slice(ends[place] - part.counts[place], ends[place])
        eligible = int(part.eligible[place])
        yield ranked_position(position_id, eligible, part.seekers[best], part.points[best])


def rank_in_blocks(
    blocks: Iterable[SeekerColumns],
    positions: Sequence[PositionFacts],
    *,
    profile: Profile,
    today: date,
    top: int = 200,
) -> RankedFair:
    """Rank everybody for every position, one block after another; the result of ``rank_fair``.

    Args:
        blocks: the columns of each block that ``cut`` gives; only one is needed at a time.
        positions: the posts, in any order.
        profile: the weights.
        today: Beijing date eligibility is judged for.
        top: how many people to keep for each position.
    """
    people = 0
    found = rank_block(Scorer(SeekerColumns(), profile, today), positions, top)
    for block in blocks:
        part = rank_block(hold(block, profile, today), positions, top)
        found = merge([found, part], top)
        people += block.size
    return ranked_fair(profile, people, positions_of(found))
