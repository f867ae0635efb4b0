"""The plan of a whole fair: stable or of the highest total, within every rule, in any order."""

import random
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from jobfair.matching.bench import TODAY, invent_people, invent_positions
from jobfair.matching.core.allocate import Order, Plan, allocate_fair
from jobfair.matching.core.columns import SeekerColumns
from jobfair.matching.core.facts import PositionFacts, SeekerFacts
from jobfair.matching.core.market import Market
from jobfair.matching.core.rank import score_positions
from jobfair.matching.core.rivals import find_rivals
from jobfair.matching.core.seats import keep_seats
from jobfair.matching.core.stable import Post, allocate_stable
from jobfair.matching.core.together import Group
from jobfair.matching.core.weights import STANDARD, Profile

PRIORITY = replace(STANDARD, priority=0.2)


class Fair:
    """A small fair and what is asked of its plan."""

    def __init__(self, seed: int, people: int = 120, positions: int = 12, most: int = 6) -> None:
        draw = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self.people = invent_people(people, seed)
        self.positions = invent_positions(positions, seed)
        self.headcounts = [draw.randint(0, most) for _ in self.positions]
        self.employers = [number // 3 for number in range(positions)]
        self.profile = STANDARD
        self.barred: set[tuple[int, int]] = set()
        self.taken: set[int] = set()

    def market(self, seed: int = 0) -> Market:
        """Open the market."""
        return Market(
            SeekerColumns.of(self.people),
            self.positions,
            profile=self.profile,
            today=TODAY,
            seed=seed,
            barred=self.barred,
            taken=self.taken,
        )

    def groups(self, *, strict: bool) -> list[Group]:
        """Return the travel groups among the people, all of one kind."""
        rows = defaultdict(list)
        for row, person in enumerate(self.people):
            if person.travel_group:
                rows[person.travel_group].append(row)
        return [Group(tuple(found), strict) for found in rows.values() if len(found) > 1]

    def poor(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Tell who is of a registered-poor household."""
        return np.array([p.household_category == "registered_poor" for p in self.people])

    def plan(self, objective: str, **kept: object) -> Plan:
        """Return the plan."""
        order = Order(self.headcounts, self.employers, **kept)  # type: ignore[arg-type]
        return allocate_fair(self.market(), order, objective=objective)

    def scores(self) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
        """Return everybody's points for every position, scored pair by pair; -1: not eligible."""
        found = _points(tuple(self.people), tuple(self.positions), self.profile).copy()
        for row, person in enumerate(self.people):
            for number, one in enumerate(self.positions):
                if person.id in self.taken or (person.id, one.id) in self.barred:
                    found[row, number] = -1
        return found


@cache
def _points(
    people: tuple[SeekerFacts, ...], positions: tuple[PositionFacts, ...], profile: Profile
) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Score pair by pair; many tests ask it of the same invented fair."""
    mates = defaultdict(list)
    for person in people:
        mates[person.travel_group].append(person)
    found = np.full((len(people), len(positions)), -1, np.int64)
    for row, person in enumerate(people):
        others = [m for m in mates[person.travel_group] if m is not person]
        judged = score_positions(
            person,
            positions,
            profile=profile,
            today=TODAY,
            mates=others if person.travel_group else (),
        )
        for number, (eligible, one) in enumerate(judged):
            if eligible:
                found[row, number] = round(one.score * 1e6)
    return found


def rivals_of(fair: Fair, plan: Plan, *, share: float = 0.0) -> int:
    """Return how many pairs of all would rather have each other, beside the seats kept."""
    rows, _posts = find_rivals(
        fair.market(),
        fair.headcounts,
        plan.rows,
        plan.posts,
        protected=fair.poor(),
        kept=keep_seats(fair.headcounts, share),
    )
    return len(rows)


def check(fair: Fair, plan: Plan, scores: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> None:
    """Nobody twice, no headcount exceeded, everybody eligible, points as scored pair by pair."""
    assert len(set(plan.rows.tolist())) == len(plan.rows)
    for number, count in Counter(plan.posts.tolist()).items():
        assert count <= fair.headcounts[number]
    assert (scores[plan.rows, plan.posts] >= 0).all()
    assert (scores[plan.rows, plan.posts] == plan.points).all()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("profile", [STANDARD, PRIORITY], ids=["plain", "priority"])
def test_a_stable_plan_has_no_pair_that_would_rather_have_each_other(
    seed: int, profile: Profile
) -> None:
    fair = Fair(seed)
    fair.profile = profile
    plan = fair.plan("stable")
    check(fair, plan, fair.scores())
    assert len(plan.blocking[0]) == rivals_of(fair, plan) == 0
    best = fair.plan("max_total")
    assert plan.total <= best.total == best.bound <= plan.bound


@pytest.mark.parametrize("seed", range(4))
def test_a_stable_plan_is_what_complete_lists_give(seed: int) -> None:
    fair = Fair(seed, people=60, positions=8)
    fair.profile = PRIORITY
    market = fair.market()
    market.deepen(dict.fromkeys(range(8), 60))
    pairs, _points = market.pairs(range(8))
    wanted: dict[int, list[int]] = defaultdict(list)
    for row, number in zip(pairs.applicant.tolist(), pairs.post.tolist(), strict=True):
        wanted[row].append(number)
    posts = {
        number: Post(headcount, market.listed(number).rows.tolist())
        for number, headcount in enumerate(fair.headcounts)
    }
    plan = fair.plan("stable")
    found = dict(zip(plan.rows.tolist(), plan.posts.tolist(), strict=True))
    assert found == allocate_stable(wanted, posts)


@pytest.mark.parametrize("seed", range(6))
def test_the_highest_total_is_what_scipy_finds_and_it_is_proved(seed: int) -> None:
    fair = Fair(seed)
    plan, scores = fair.plan("max_total"), fair.scores()
    check(fair, plan, scores)
    seats = np.repeat(np.arange(len(fair.headcounts)), fair.headcounts)
    wide = np.maximum(scores[:, seats], 0)
    assert plan.total == wide[linear_sum_assignment(wide, maximize=True)].sum()
    assert plan.bound == plan.total
    assert plan.gap == 0


def test_more_posts_than_people_leave_nobody_out_who_is_eligible() -> None:
    fair = Fair(3, people=40, positions=10, most=30)
    fair.headcounts = [30] * 10
    scores = fair.scores()
    for objective in ("stable", "max_total"):
        plan = fair.plan(objective)
        check(fair, plan, scores)
        assert len(plan.rows) == (scores.max(axis=1) >= 0).sum()
        assert rivals_of(fair, plan) == 0, "everybody has what they like best"


@pytest.mark.parametrize("objective", ["stable", "max_total"])
@pytest.mark.parametrize("seed", range(3))
def test_nobody_is_placed_against_a_barred_pair_or_twice(objective: str, seed: int) -> None:
    fair = Fair(seed)
    before = fair.plan(objective)
    fair.barred = {
        (fair.people[row].id, fair.positions[post].id)
        for row, post in zip(before.rows[::2].tolist(), before.posts[::2].tolist(), strict=True)
    }
    fair.taken = {fair.people[row].id for row in before.rows[1::4].tolist()}
    after = fair.plan(objective)
    check(fair, after, fair.scores())
    assert not fair.taken & {fair.people[row].id for row in after.rows.tolist()}
    if objective == "stable":
        assert rivals_of(fair, after) == 0
    else:
        assert after.bound == after.total < before.total


@pytest.mark.parametrize("objective", ["stable", "max_total"])
@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_people_and_positions_changes_nothing(objective: str, seed: int) -> None:
    fair = Fair(seed, people=80)

    def seats(one: Fair) -> set[tuple[int, int]]:
        plan = one.plan(objective)
        return {
            (one.people[r].id, one.positions[p].id)
            for r, p in zip(plan.rows.tolist(), plan.posts.tolist(), strict=True)
        }

    def digest(one: Fair) -> str:
        ids = np.array([p.id for p in one.people])
        return one.plan(objective).digest(ids, [p.id for p in one.positions])

    other = Fair(seed, people=80)
    other.people.reverse()
    order = random.Random(seed).sample(range(12), 12)  # noqa: S311 - repeatable
    other.positions = [fair.positions[i] for i in order]
    other.headcounts = [fair.headcounts[i] for i in order]
    if objective == "stable":
        assert seats(fair) == seats(other)
        assert digest(fair) == digest(other)
    assert fair.plan(objective).total == other.plan(objective).total
    assert digest(fair) == digest(fair)


@pytest.mark.parametrize("objective", ["stable", "max_total"])
@pytest.mark.parametrize("seed", range(4))
def test_a_share_of_the_posts_goes_to_the_protected(objective: str, seed: int) -> None:
    fair = Fair(seed)
    poor = fair.poor()
    free = fair.plan(objective)
    plan = fair.plan(objective, protected=poor, share=0.6)
    check(fair, plan, fair.scores())
    least = sum(keep_seats(fair.headcounts, 0.6))
    assert poor[free.rows].sum() < least, "or the test shows nothing"
    if objective == "stable":
        assert rivals_of(fair, plan, share=0.6) == 0, "beside the seats that are kept"
        assert poor[plan.rows].sum() > poor[free.rows].sum()
    else:
        seats = np.repeat(np.arange(len(fair.headcounts)), fair.headcounts)
        fits = fair.scores()[poor][:, seats] >= 0
        possible = fits[linear_sum_assignment(fits, maximize=True)].sum()
        assert poor[plan.rows].sum() == min(least, possible)
        assert plan.total < free.total
        assert plan.bound == plan.total


def test_a_share_that_cannot_be_kept_is_kept_as_far_as_it_goes() -> None:
    fair = Fair(1)
    poor = fair.poor()
    poor[np.flatnonzero(poor)[5:]] = False
    plan = fair.plan("max_total", protected=poor, share=0.9)
    eligible = (fair.scores()[poor] >= 0).any(axis=1).sum()
    assert poor[plan.rows].sum() == eligible
    assert len(plan.rows) == len(fair.plan("max_total").rows), "no post stays empty for it"
    assert plan.bound >= plan.total


@pytest.mark.parametrize("objective", ["stable", "max_total"])
@pytest.mark.parametrize("seed", range(4))
def test_who_goes_together_or_not_at_all_does(objective: str, seed: int) -> None:
    fair = Fair(seed, people=200, positions=9)
    groups = fair.groups(strict=True)
    plan = fair.plan(objective, groups=groups)
    check(fair, plan, fair.scores())
    assert not plan.groups.apart
    taken = dict(zip(plan.rows.tolist(), plan.posts.tolist(), strict=True))
    for number in plan.groups.kept:
        members = groups[number].rows
        assert len({fair.employers[taken[row]] for row in members}) == 1
    for number in plan.groups.left:
        assert not set(groups[number].rows) & set(taken)
    assert plan.total <= plan.bound


def _best_by_trying(fair: Fair, groups: list[Group]) -> int:
    """Return the highest sum of all plans that part no group, by trying every plan."""
    scores, nowhere = fair.scores(), len(fair.positions)
    places = range(nowhere + 1)
    found: list[tuple[int, ...]] = [()]
    for row in range(len(fair.people)):
        able = [n for n in places if n == nowhere or scores[row, n] >= 0]
        found = [
            (*plan, n)
            for plan in found
            for n in able
            if n == nowhere or plan.count(n) < fair.headcounts[n]
        ]
    employers = [*fair.employers, None]
    best = 0
    for plan in found:
        if all(len({employers[plan[row]] for row in group.rows}) == 1 for group in groups):
            best = max(best, sum(int(scores[r, n]) for r, n in enumerate(plan) if n < nowhere))
    return best


@pytest.mark.parametrize("seed", range(8))
def test_a_small_plan_with_strict_groups_is_the_best_of_all(seed: int) -> None:
    fair = Fair(seed, people=7, positions=4, most=2)
    fair.employers = [1, 1, 2, 3]
    groups = [Group((0, 3), strict=True), Group((1, 2, 5), strict=True)]
    plan = fair.plan("max_total", groups=groups)
    check(fair, plan, fair.scores())
    assert plan.total == plan.bound == _best_by_trying(fair, groups)
    assert fair.plan("max_total").total == _best_by_trying(fair, [])


@pytest.mark.parametrize("seed", range(4))
def test_a_share_is_kept_beside_strict_groups(seed: int) -> None:
    fair = Fair(seed, people=60, positions=6, most=4)
    groups, poor = fair.groups(strict=True), fair.poor()
    free = fair.plan("max_total", groups=groups)
    plan = fair.plan("max_total", groups=groups, protected=poor, share=0.6)
    check(fair, plan, fair.scores())
    assert not plan.groups.apart
    assert plan.total == plan.bound <= free.total == free.bound
    least = sum(keep_seats(fair.headcounts, 0.6))
    assert poor[free.rows].sum() <= poor[plan.rows].sum() <= max(least, poor[free.rows].sum())


def _twins(wish: str, group: str | None) -> list[SeekerFacts]:
    person = invent_people(1, 1)[0]
    plain = replace(
        person,
        born=date(1985, 1, 1),
        wishes=(),
        certificates=frozenset(),
        refusals=frozenset(),
        unlisted=frozenset(),
        expires_on=None,
        available_from=None,
        education=4,
        travel_group=group,
        wanted_divisions=(wish,),
    )
    return [replace(plain, id=1), replace(plain, id=2)]


def _post(number: int, place: str) -> PositionFacts:
    return PositionFacts(id=number, title="普工", workplace=place, wage_low=300_000)


@pytest.mark.parametrize("objective", ["stable", "max_total"])
def test_a_couple_is_moved_to_the_employer_that_takes_both(objective: str) -> None:
    fair = Fair(1)
    fair.people = _twins("440306", "couple")
    # Alone each would take one of the two near posts, at two employers.
    fair.positions = [_post(1, "440306"), _post(2, "440306"), _post(3, "440305")]
    fair.headcounts, fair.employers = [1, 1, 2], [10, 11, 12]
    apart = fair.plan(objective)
    assert sorted(apart.posts.tolist()) == [0, 1]
    plan = fair.plan(objective, groups=[Group((0, 1))])
    assert plan.posts.tolist() == [2, 2]
    assert plan.groups.kept == (0,)
    assert len(plan.blocking[0]) == 4, "what each would rather have stays listed"
    assert plan.total < apart.total


def test_rivals_are_found_among_all_pairs() -> None:
    fair = Fair(2)
    plan = fair.plan("stable")
    nobody = np.zeros(len(fair.people), np.bool_)
    rows, posts = find_rivals(
        fair.market(), fair.headcounts, plan.rows[1:], plan.posts[1:],
        protected=nobody, kept=[0] * len(fair.headcounts),
    )  # fmt: skip
    assert int(plan.rows[0]) in rows.tolist(), "who was taken out would be let in again"
    assert int(plan.posts[0]) in posts.tolist()


def test_an_empty_pool_and_an_empty_fair_give_empty_plans() -> None:
    for objective in ("stable", "max_total"):
        fair = Fair(1)
        fair.people = []
        assert len(fair.plan(objective).rows) == 0
        fair = Fair(1)
        fair.positions, fair.headcounts, fair.employers = [], [], []
        assert len(fair.plan(objective).rows) == 0


def test_another_objective_is_refused() -> None:
    with pytest.raises(ValueError, match="cheapest"):
        Fair(1).plan("cheapest")
