"""Both sides of a fair for an allocation: people and positions, and the pairs in question.

No list of all pairs is ever made. Of each position the best people stand in a list that is
lengthened when somebody needs to know more; both sides judge a pair by the one score of the
rankings, the position with the policy term and the person without it. Among equals a lot decides:
the same seed, the same lots, whatever the order of people or positions.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from jobfair.matching.core.columns import SeekerColumns
from jobfair.matching.core.facts import PositionFacts
from jobfair.matching.core.near import Near
from jobfair.matching.core.rank import best_of, by_work
from jobfair.matching.core.score import Asked, Rows, Scorer
from jobfair.matching.core.stable import Pairs
from jobfair.matching.core.weights import Profile

Ints = NDArray[np.int64]


def lots(ids: Ints, seed: int) -> Ints:
    """Return a lot for each id, the same for the same seed; the smaller comes first.

    Source: the finaliser of SplitMix64; Steele, Lea and Flood, "Fast Splittable Pseudorandom
    Number Generators", OOPSLA 2014.
    """
    with np.errstate(over="ignore"):
        found = ids.astype(np.uint64) + np.uint64(seed + 1) * np.uint64(0x9E3779B97F4A7C15)
        found = (found ^ (found >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        found = (found ^ (found >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        found ^= found >> np.uint64(31)
        return (found >> np.uint64(1)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Listed:
    """Some people of one position, with how both sides judge the pair.

    Attributes:
        rows: the people.
        points: what each counts for the position, in millionths, the policy term included.
        liking: what the position counts for each, in millionths.
        known: how much of the score lies on known facts.
        whole: nobody else is eligible.
    """

    rows: Rows
    points: Ints
    liking: Ints
    known: Ints
    whole: bool = False

    def kept(self, keep: NDArray[np.bool_]) -> "Listed":
        """Return some of the people."""
        return Listed(
            self.rows[keep], self.points[keep], self.liking[keep], self.known[keep], self.whole
        )


_NONE = np.zeros(0, np.int64)
NOBODY = Listed(_NONE, _NONE, _NONE, _NONE)


class Market:
    """The people of a pool and the positions of a fair.

    Attributes:
        ids: the seeker id of each row.
        rows: the row of each seeker by id.
        lots: what decides among people who are equal, by row; ``post_lots`` among positions.
    """

    def __init__(
        self,
        columns: SeekerColumns,
        positions: Sequence[PositionFacts],
        *,
        profile: Profile,
        today: date,
        seed: int = 0,
        barred: Collection[tuple[int, int]] = (),
        taken: Collection[int] = (),
    ) -> None:
        """Open the market.

        Args:
            columns: the people; nobody may change them while the market is open.
            positions: the posts; their places in this list are their numbers here.
            profile: the weights.
            today: the day eligibility is judged for.
            seed: decides among equals.
            barred: pairs of seeker id and position id that must not come about.
            taken: ids of seekers who are not to be allocated.
        """
        self._scorer = Scorer(columns, profile, today)
        self._positions = list(positions)
        self._groups = by_work(positions)
        self._numbers = {position.id: number for number, position in enumerate(positions)}
        self._lists = [NOBODY] * len(positions)
        self.ids: Ints = columns.column("ids")
        self.lots = lots(self.ids, seed)
        self.post_lots = lots(np.array([p.id for p in positions], np.int64), ~seed & 0xFFFF_FFFF)
        rows = self.rows = {one: row for row, one in enumerate(self.ids.tolist())}
        self._taken = np.array(sorted(rows[i] for i in taken if i in rows), np.intp)
        self._barred: dict[int, list[int]] = {}
        for seeker, position in barred:
            if seeker in rows and position in self._numbers:
                self._barred.setdefault(self._numbers[position], []).append(rows[seeker])

    @property
    def people(self) -> int:
        """Return how many rows of people there are."""
        return len(self.ids)

    def count_eligible(self, number: int) -> int:
        """Return how many people are eligible for a position, whatever is planned."""
        return self._scorer.count_eligible(self._scorer.ask(self._positions[number]))

    def listed(self, number: int) -> Listed:
        """Return the list of a position as far as it is known."""
        return self._lists[number]

    def deepen(self, counts: Mapping[int, int]) -> None:
        """Make lists at least so long, where there are so many eligible people.

        Args:
            counts: number of the position to length.
        """
        for position, near in self._by_work(counts):
            number = self._numbers[position.id]
            asked = self._scorer.ask(position)
            out = self._out(number)
            top = counts[number] + len(out)
            best = best_of(self._scorer, asked, near, top, self.lots)
            found = self._judged(asked, best.rows, best.points.astype(np.int64), best.known)
            found = replace(found, whole=len(best.rows) < top)
            self._lists[number] = found.kept(~np.isin(found.rows, out)) if len(out) else found

    def above(self, marks: Mapping[int, int]) -> Iterator[tuple[int, Listed]]:
        """Give the number of each position, and everybody who counts at least a mark for it.

        Args:
            marks: number of the position to the mark in millionths.
        """
        for position, near in self._by_work(marks):
            number = self._numbers[position.id]
            asked = self._scorer.ask(position)
            if marks[number] > 0:
                rows, likeness = near.hopeful(asked, marks[number])
            else:
                rows, likeness = near.everyone()
                able = self._scorer.fits(asked, rows)
                rows, likeness = rows[able], likeness[able]
            points, known = self._scorer.points(asked, rows, likeness)
            keep = points >= marks[number]
            out = self._out(number)
            if len(out):
                keep &= ~np.isin(rows, out)
            yield (
                number,
                self._judged(asked, rows[keep], points[keep].astype(np.int64), known[keep]),
            )

    def judge(self, number: int, rows: Rows) -> Listed:
        """Return how some people and a position judge each other."""
        asked = self._scorer.ask(self._positions[number])
        points, known = self._scorer.points(asked, rows, self._scorer.best_wish(asked, rows))
        return self._judged(asked, rows, points.astype(np.int64), known)

    def pairs(self, numbers: Sequence[int]) -> tuple[Pairs, Ints]:
        """Return the pairs on the lists of some positions, and the points of each.

        The number of an applicant is the row of the person.
        """
        lists = [self._lists[n] for n in numbers] or [NOBODY]
        lengths = [len(one.rows) for one in lists]
        rows = np.concatenate([one.rows for one in lists])
        posts = np.repeat(np.array(numbers, np.int64), lengths)
        place = np.concatenate([np.arange(length) for length in lengths])
        points = np.concatenate([one.points for one in lists])
        liking = np.concatenate([one.liking for one in lists])
        known = np.concatenate([one.known for one in lists])
        by = np.lexsort((self.post_lots[posts], -known, -liking, rows))
        return Pairs(rows[by], posts[by], np.arange(len(by)), place[by]), points[by]

    def _judged(self, asked: Asked, rows: Rows, points: Ints, known: Ints) -> Listed:
        return Listed(rows, points, points - self._scorer.policy_points(asked, rows), known)

    def _out(self, number: int) -> Rows:
        return np.union1d(self._taken, np.array(self._barred.get(number, []), np.intp))

    def _by_work(self, wanted: Mapping[int, int]) -> Iterator[tuple[PositionFacts, Near]]:
        for group in self._groups:
            chosen = [p for p in group if self._numbers[p.id] in wanted]
            if chosen:
                near = Near(self._scorer, self._scorer.ask(chosen[0]))
                for position in chosen:
                    yield position, near
