"""The plan of a whole fair: who gets which post, by one of two objectives.

``stable``: no person and position would both rather have each other than what they got.
``max_total``: the sum of scores is the highest there is.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobfair.matching.core.exact import allocate_best
from jobfair.matching.core.market import Market
from jobfair.matching.core.rivals import find_rivals
from jobfair.matching.core.score import MILLION
from jobfair.matching.core.seats import Seats, keep_seats
from jobfair.matching.core.stable import Pairs
from jobfair.matching.core.together import Group, Outcome, Together
from jobfair.matching.core.total import Share, allocate_total, seat_prices

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
_Found = tuple[Ints, Ints, Ints]
OBJECTIVES = ("stable", "max_total")
# What a group held together counts beside its points: more than any exchange of people can bring.
_HELD = 3 * MILLION


@dataclass(frozen=True, slots=True)
class Order:
    """What a plan is to keep to.

    Attributes:
        headcounts: how many each position takes, by its number in the market.
        employers: a number for the employer of each position.
        groups: who wants to go together.
        protected: whose share of the posts is to have a minimum, for all rows; None for nobody.
        share: the least share of the posts filled that goes to them, in [0, 1].
    """

    headcounts: Sequence[int]
    employers: Sequence[int]
    groups: Sequence[Group] = ()
    protected: Flags | None = None
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Who gets which post.

    Attributes:
        objective: one of ``OBJECTIVES``.
        rows: the people who get one, by post, the best first.
        posts: the number of the post each gets.
        points: what each counts for it, in millionths.
        bound: no plan has a higher sum of points; for ``max_total`` that of its proof, for
            ``stable`` a looser one by the prices of the worst seats. A small ``max_total`` plan is
            the best of those that keep the same groups together, and its bound is its sum.
        blocking: rows and posts of the pairs who would both rather have each other.
        groups: what became of the travel groups.
    """

    objective: str
    rows: Ints
    posts: Ints
    points: Ints
    bound: int
    blocking: tuple[Ints, Ints]
    groups: Outcome

    @property
    def total(self) -> int:
        """Return the sum of points, in millionths."""
        return int(self.points.sum())

    @property
    def gap(self) -> float:
        """Return how far the sum of points may be from the highest there is, as a share of it."""
        return (self.bound - self.total) / self.bound if self.bound else 0.0

    def digest(self, ids: Ints, positions: Sequence[int]) -> str:
        """Return a digest over seeker ids and position ids: the same digest, the same plan."""
        taken = sorted(
            zip((positions[n] for n in self.posts), ids[self.rows].tolist(), strict=True)
        )
        return hashlib.sha256(np.array(taken, np.int64).tobytes()).hexdigest()


def allocate_fair(market: Market, order: Order, *, objective: str) -> Plan:
    """Return the plan of a whole fair.

    Args:
        market: the people and positions.
        order: headcounts, groups, shares.
        objective: ``stable`` or ``max_total``.

    Raises:
        ValueError: there is no such objective.
    """
    if objective not in OBJECTIVES:
        raise ValueError(f"objective {objective}")
    protected = order.protected
    if protected is None:
        protected = np.zeros(market.people, np.bool_)
    share = order.share if protected.any() else 0.0
    kept = keep_seats(order.headcounts, share)
    proved = False
    if objective == "stable":
        seats = Seats(market, order.headcounts, protected, kept)
        found, outcome, bound = _stable(market, order, seats)
        # Nobody's list is too short, so whoever is not on one is wanted nowhere.
        proved = not order.groups
    else:
        least, kept = sum(kept), [0] * len(kept)
        seats = Seats(market, order.headcounts, protected, kept)
        found, outcome, bound = _total(market, order, seats, protected, least)
    rows, posts, points = found
    by = np.lexsort((market.lots[rows], -points, posts))
    rows, posts, points = rows[by], posts[by], points[by]
    rivals = (_NOBODY, _NOBODY)
    if not proved:
        rivals = find_rivals(market, order.headcounts, rows, posts, protected=protected, kept=kept)
    return Plan(objective, rows, posts, points, bound, rivals, outcome)


def _propose(
    market: Market, order: Order, seats: Seats, groups: Sequence[Group]
) -> tuple[Pairs, Ints, Ints, Outcome]:
    """Return pairs, the points of each, those that come about stably, and the groups' fate."""
    bound = np.zeros(market.people, np.bool_)
    bound[[row for group in groups for row in group.rows]] = True
    seats.begin()
    while True:
        pairs, points = seats.pairs()
        together = Together(pairs.applicant, pairs.post, order.employers, groups)

        def solve(allowed: Flags, _favoured: Flags) -> tuple[Ints, Ints]:
            found = seats.fill(pairs, allowed)  # noqa: B023 - used in this round only
            return found, seats.gains(pairs, points, found)  # noqa: B023

        got = together.settle(*solve(np.ones(len(pairs), np.bool_), _NOTHING), solve)
        if not seats.lengthen(pairs.applicant[got], bound):
            return pairs, points, got, together.outcome(got)


def _stable(market: Market, order: Order, seats: Seats) -> tuple[_Found, Outcome, int]:
    pairs, points, got, outcome = _propose(market, order, seats, order.groups)
    # At the price of its worst seat nobody behind the list of a full position is worth a post.
    prices = seat_prices(pairs.post[got], points[got], order.headcounts)
    best = np.zeros(market.people, np.int64)
    np.maximum.at(best, pairs.applicant, points - prices[pairs.post])
    bound = int(best.sum() + (prices * np.array(order.headcounts, np.int64)).sum())
    return (pairs.applicant[got], pairs.post[got], points[got]), outcome, bound


def _total(
    market: Market, order: Order, seats: Seats, protected: Flags, least: int
) -> tuple[_Found, Outcome, int]:
    pairs, points, start, _outcome = _propose(market, order, seats, ())
    share = Share(protected, least) if least else None
    solved = allocate_total(
        market,
        order.headcounts,
        pairs=pairs,
        points=points,
        start=start,
        share=share,
    )
    model = solved.model
    together = Together(model.rows, model.posts, order.employers, order.groups)

    def solve(allowed: Flags, favoured: Flags) -> tuple[Ints, Ints]:
        model.prefer(model.points + _HELD * favoured, allowed)
        taken, prices, _premium = model.solve()
        return np.flatnonzero(taken), model.points - prices[model.posts]

    gains = model.points - solved.prices[model.posts]
    got = together.settle(np.flatnonzero(solved.taken), gains, solve)
    found, outcome = (model.rows[got], model.posts[got], model.points[got]), together.outcome(got)
    if not order.groups or found[2].sum() == solved.bound:
        return found, outcome, solved.bound
    kept = set(outcome.kept)
    held = [group for n, group in enumerate(order.groups) if group.strict or n in kept]
    best = allocate_best(market, order.headcounts, order.employers, held, share)
    if best is None:
        return found, outcome, solved.bound
    whole = Together(best.rows, best.posts, order.employers, order.groups)
    total = int(best.points.sum())
    return (best.rows, best.posts, best.points), whole.outcome(np.arange(len(best.rows))), total


_NOTHING = np.zeros(0, np.bool_)
_NOBODY = np.zeros(0, np.int64)
