"""Plans a whole fair from the pool: by ids, with what is pinned, barred and asked for."""

from collections import Counter
from collections.abc import Mapping, Set

import numpy as np

from jobfair.matching.core.allocate import Order, allocate_fair
from jobfair.matching.core.market import Market
from jobfair.matching.core.together import Group
from jobfair.matching.plans import (
    FairOrder,
    FairPlan,
    GroupRule,
    Lack,
    PlannedPosition,
    PlannedSeat,
)
from jobfair.matching.pool import Held, Pool, post_of

PROTECTED = "registered_poor"


def plan_fair(pool: Pool, order: FairOrder) -> FairPlan:
    """Return the plan of a fair."""
    with pool.held() as held:
        return _plan(held, order)


def _plan(held: Held, order: FairOrder) -> FairPlan:
    ids = sorted(i for i in order.headcounts if i in held.posts)
    pinned = {s: p for s, p in order.pinned.items() if s in held.people and p in order.headcounts}
    used = Counter(pinned.values())
    market = Market(
        held.columns,
        [post_of(held.posts[i]) for i in ids],
        profile=held.profile,
        today=order.day,
        seed=order.seed,
        barred=order.barred,
        taken=set(pinned),
    )
    rows = market.rows
    poor = np.zeros(market.people, np.bool_)
    poor[[rows[i] for i, one in held.people.items() if one.household_category == PROTECTED]] = True
    plan = allocate_fair(
        market,
        Order(
            headcounts=[max(order.headcounts[i] - used[i], 0) for i in ids],
            employers=[held.posts[i].employer_id for i in ids],
            groups=_groups(held, order, rows, set(pinned)),
            protected=poor,
            share=order.share,
        ),
        objective=order.objective,
    )
    seeker_ids = market.ids[plan.rows].tolist()
    position_ids = [ids[number] for number in plan.posts.tolist()]
    seats = [
        PlannedSeat(seeker, position, points, pinned=False)
        for seeker, position, points in zip(
            seeker_ids, position_ids, plan.points.tolist(), strict=True
        )
    ]
    numbers = {position: number for number, position in enumerate(ids)}
    for seeker, position in sorted(pinned.items()):
        judged = market.judge(numbers[position], np.array([rows[seeker]]))
        seats.append(PlannedSeat(seeker, position, int(judged.points[0]), pinned=True))
    seats.sort(key=lambda seat: (seat.position_id, not seat.pinned, -seat.points, seat.seeker_id))
    rivals = zip(
        market.ids[plan.blocking[0]].tolist(),
        [ids[number] for number in plan.blocking[1].tolist()],
        strict=True,
    )
    wanted = tuple(sorted(rivals))
    placed = {seat.seeker_id for seat in seats}
    return FairPlan(
        profile=held.profile.label,
        seats=tuple(seats),
        positions=_positions(market, order, ids, seats, {p for s, p in wanted if s not in placed}),
        rivals=wanted,
        total=plan.total,
        bound=plan.bound,
        gap=plan.gap,
        groups_kept=len(plan.groups.kept),
        groups_apart=len(plan.groups.apart),
        groups_left=len(plan.groups.left),
        digest=plan.digest(market.ids, ids),
    )


def _groups(held: Held, order: FairOrder, rows: Mapping[int, int], pinned: Set[int]) -> list[Group]:
    """Return the travel groups as rows; who is pinned or cannot be recommended goes without.

    One who goes only with the whole group binds all of it: without them it would not be whole.
    """
    if order.groups is GroupRule.ALONE:
        return []
    all_strict = order.groups is GroupRule.ALL_OR_NONE
    found = []
    for name in sorted(held.groups):
        members = [i for i in held.groups[name] if not held.people[i].unlisted and i not in pinned]
        strict = all_strict or any(held.people[i].only_with_group for i in members)
        if len(members) > 1:
            found.append(Group(tuple(rows[i] for i in sorted(members)), strict))
    return found


def _positions(
    market: Market, order: FairOrder, ids: list[int], seats: list[PlannedSeat], wanted: Set[int]
) -> tuple[PlannedPosition, ...]:
    filled = Counter(seat.position_id for seat in seats)
    found = []
    for number, position in enumerate(ids):
        headcount, eligible = order.headcounts[position], market.count_eligible(number)
        lack = None
        if filled[position] < headcount:
            lack = _lack(headcount, eligible, wanted=position in wanted)
        found.append(PlannedPosition(position, headcount, filled[position], eligible, lack))
    return tuple(found)


def _lack(headcount: int, eligible: int, *, wanted: bool) -> Lack:
    if not eligible:
        return Lack.NOBODY
    if wanted:
        return Lack.GROUP
    return Lack.TOO_FEW if eligible <= headcount else Lack.ELSEWHERE
