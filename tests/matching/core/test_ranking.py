"""The vectorised ranking agrees with one pair at a time, whatever the order, block or thread."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobfair.matching.core.columns import SeekerColumns
from jobfair.matching.core.eligibility import reasons
from jobfair.matching.core.facts import PositionFacts, SeekerFacts, Twin, Wish
from jobfair.matching.core.rank import rank_candidates, rank_fair, rank_positions, score_pair
from jobfair.matching.core.text import normal_title, title_similarity
from jobfair.matching.core.weights import STANDARD, Profile

TODAY = date(2010, 3, 6)
TITLES = ["普工", "电工", "焊工", "缝纫工", "保安", "电子装配工"]
CODES = [None, "6-31-01-03", "6-31-01-01", "4-07-05-01"]
wish = st.builds(Wish, st.sampled_from(TITLES), st.sampled_from(CODES))
sets = st.frozensets(st.sampled_from(["焊接", "叉车", "电脑"]), max_size=2)
seekers = st.builds(
    SeekerFacts,
    id=st.integers(1, 10_000),
    born=st.dates(date(1950, 1, 1), date(1996, 12, 31)),
    home=st.sampled_from(["520502", "520521"]),
    wishes=st.lists(wish, max_size=3).map(tuple),
    skills=sets,
    certificates=st.frozensets(st.sampled_from(["电工证", "焊工证"]), max_size=2),
    education=st.none() | st.integers(0, 6),
    experience=st.none() | st.integers(0, 30),
    wage_min=st.none() | st.integers(80_000, 500_000),
    wanted_divisions=st.sampled_from([(), ("4403",), ("44",), ("520502",)]),
    refusals=st.frozensets(
        st.sampled_from(["night_shift", "piece_rate", "other_province", "division:4403"])
    ),
    available_from=st.none() | st.dates(date(2010, 1, 1), date(2010, 12, 31)),
    travel_group=st.sampled_from([None, None, "a", "b"]),
    household_category=st.sampled_from([None, "registered_poor", "general"]),
    unlisted=st.frozensets(st.sampled_from(["consent", "placed"]), max_size=1),
    expires_on=st.none() | st.dates(date(2010, 3, 1), date(2010, 3, 31)),
    twins=st.sampled_from([(), (Twin("4403", date(1996, 1, 1)),)]),
)
positions = st.builds(
    PositionFacts,
    id=st.integers(1, 1000),
    title=st.sampled_from([*TITLES, "急聘普工(包吃住)", "焊工/电工、普工"]),
    occupation=st.sampled_from(CODES),
    skills=sets,
    certificates=st.frozensets(st.sampled_from(["电工证", "电工证或焊工证"]), max_size=1),
    education=st.none() | st.integers(0, 5),
    experience=st.none() | st.integers(0, 5),
    wage_low=st.none() | st.integers(80_000, 300_000),
    workplace=st.sampled_from([None, "440306", "520502"]),
    lodging=st.sampled_from([None, True, False]),
    night_shift=st.booleans(),
    restricted=st.booleans(),
    min_age=st.none() | st.integers(16, 25),
    max_age=st.none() | st.integers(20, 60),
    starts_on=st.none() | st.dates(date(2010, 3, 1), date(2010, 6, 30)),
    piece_rate=st.booleans(),
    valid_until=st.none() | st.dates(date(2010, 3, 1), date(2010, 3, 31)),
    closed=st.sampled_from([False, False, True]),
)
crowd = st.lists(seekers, min_size=1, max_size=12, unique_by=lambda s: s.id)
halls = st.lists(positions, min_size=1, max_size=5, unique_by=lambda p: p.id)


@given(crowd, positions)
def test_the_ranking_is_each_pair_in_order(people: list[SeekerFacts], post: PositionFacts) -> None:
    expected = []
    for person in people:
        mates = [
            p
            for p in people
            if p is not person and p.travel_group and p.travel_group == person.travel_group
        ]
        eligible, one = score_pair(person, post, profile=STANDARD, today=TODAY, mates=mates)
        if eligible:
            expected.append((-one.score, -one.known, person.id))
    columns = SeekerColumns.of(people)
    found = rank_candidates(columns, post, profile=STANDARD, today=TODAY, top=5)
    assert [(-c.score, -c.known, c.id) for c in found] == sorted(expected)[:5]


@given(seekers, positions)
def test_a_pair_is_eligible_exactly_when_no_reason_is_given(
    person: SeekerFacts, post: PositionFacts
) -> None:
    eligible, one = score_pair(person, post, profile=STANDARD, today=TODAY)
    assert eligible == (not reasons(person, post, TODAY))
    assert 0 <= one.score <= 1
    assert all(value is None or 0 <= value <= 1 for value in one.components.values())


@settings(max_examples=40)
@given(crowd, halls)
def test_threads_and_order_change_nothing(
    people: list[SeekerFacts], posts: list[PositionFacts]
) -> None:
    one = rank_fair(
        SeekerColumns.of(people), posts, profile=STANDARD, today=TODAY, top=3, threads=1
    )
    other = rank_fair(
        SeekerColumns.of(people[::-1]), posts[::-1], profile=STANDARD, today=TODAY, top=3, threads=3
    )
    assert one.digest == other.digest


@given(crowd, seekers, positions)
def test_putting_and_taking_out_equals_building_anew(
    people: list[SeekerFacts], late: SeekerFacts, post: PositionFacts
) -> None:
    columns = SeekerColumns.of(people)
    columns.put(late)
    columns.remove(people[0].id)
    left = {p.id: p for p in [*people, late] if p.id != people[0].id}
    again = SeekerColumns.of(left.values())
    kwargs = {"profile": STANDARD, "today": TODAY, "top": 50}
    assert rank_candidates(columns, post, **kwargs) == rank_candidates(again, post, **kwargs)  # type: ignore[arg-type]


@given(seekers, halls)
def test_both_directions_give_one_score(person: SeekerFacts, posts: list[PositionFacts]) -> None:
    ranked = rank_positions(person, posts, profile=STANDARD, today=TODAY, top=10)
    by_id = {p.id: p for p in posts}
    for item in ranked:
        _, one = score_pair(person, by_id[item.id], profile=STANDARD, today=TODAY)
        assert one == item


@given(seekers, positions)
def test_a_priority_of_zero_changes_nothing(person: SeekerFacts, post: PositionFacts) -> None:
    _, plain = score_pair(person, post, profile=STANDARD, today=TODAY)
    person = replace(person, household_category=None, twins=())
    other = replace(person, household_category="registered_poor")
    _, poor = score_pair(other, post, profile=STANDARD, today=TODAY)
    assert poor.score == plain.score
    _, lifted = score_pair(other, post, profile=Profile(priority=0.1), today=TODAY)
    assert abs(lifted.score - poor.score - 0.1) < 1e-5


@given(seekers, positions)
def test_a_missing_fact_is_left_out_not_scored_zero(
    person: SeekerFacts, post: PositionFacts
) -> None:
    _, one = score_pair(replace(person, wage_min=None), post, profile=STANDARD, today=TODAY)
    assert one.components["wage"] is None
    known = {n: v for n, v in one.components.items() if v is not None}
    share = sum(STANDARD.weight(n) for n in known)
    mean = sum(STANDARD.weight(n) * v for n, v in known.items()) / share if share else 0
    assert abs(one.score - mean) < 1e-3


def test_the_facts_hold_nothing_that_may_not_be_judged() -> None:
    names = {f.name for f in (*fields(SeekerFacts), *fields(PositionFacts))}
    forbidden = ("sex", "gender", "ethnic", "marital", "religion", "hukou")
    assert not [n for n in names if any(word in n for word in forbidden)]


def test_the_wanted_work_comes_first() -> None:
    people = [
        SeekerFacts(1, date(1985, 1, 1), "520502", (Wish("厨师"),)),
        SeekerFacts(2, date(1985, 1, 1), "520502", (Wish("电工", "6-31-01-03"),)),
        SeekerFacts(3, date(1985, 1, 1), "520502", (Wish("维修电工"),)),
    ]
    post = PositionFacts(9, "高薪急聘电工（包吃住）", "6-31-01-03")
    found = rank_candidates(SeekerColumns.of(people), post, profile=STANDARD, today=TODAY, top=3)
    assert [c.id for c in found] == [2, 3, 1]


def test_of_the_same_score_who_is_known_better_comes_first() -> None:
    def one(seeker_id: int, **facts: object) -> SeekerFacts:
        person = SeekerFacts(seeker_id, date(1985, 1, 1), "520502", (Wish("电工"),))
        return replace(person, **facts)  # type: ignore[arg-type]

    people = [one(1), one(2, education=3), one(3, education=3, experience=5), one(4)]
    post = PositionFacts(9, "电工", education=2, experience=2)
    columns = SeekerColumns.of(people)
    for top in (2, 3, 4):
        found = rank_candidates(columns, post, profile=STANDARD, today=TODAY, top=top)
        assert [c.id for c in found] == [3, 2, 1, 4][:top]
        assert {c.score for c in found} == {1.0}


def test_somebody_whose_companions_may_come_too_ranks_before_one_alone_of_them() -> None:
    def one(seeker_id: int, group: str | None, **facts: object) -> SeekerFacts:
        wish = (Wish("电工"),)
        return replace(
            SeekerFacts(seeker_id, date(1985, 1, 1), "520502", wish, travel_group=group),
            **facts,  # type: ignore[arg-type]
        )

    people = [
        one(1, "a"),
        one(2, "a", refusals=frozenset({"night_shift"})),
        one(3, "b"),
        one(4, "b"),
        one(5, "alone"),
        one(6, None),
    ]
    post = PositionFacts(9, "电工", night_shift=True)
    found = rank_candidates(SeekerColumns.of(people), post, profile=STANDARD, today=TODAY, top=9)
    values = {c.id: c.components["travel_group"] for c in found}
    assert values == {3: 1.0, 4: 1.0, 5: None, 6: None, 1: 0.0}
    assert [c.id for c in found][-1] == 1


def _judged(post: PositionFacts, **facts: object) -> tuple[bool, list[str]]:
    """Return whether somebody is eligible by the columns, and the reasons by the rules."""
    plain = SeekerFacts(1, date(1985, 3, 7), "520502", (Wish("电工"),))
    person = replace(plain, **facts)  # type: ignore[arg-type]
    eligible, _ = score_pair(person, post, profile=STANDARD, today=TODAY)
    return eligible, [reason.code for reason in reasons(person, post, TODAY)]


def test_a_highest_age_holds_to_the_day_before_the_next_birthday() -> None:
    post = PositionFacts(9, "电工", max_age=45)
    last_day = TODAY.replace(year=TODAY.year - 46) + timedelta(days=1)
    assert _judged(post, born=last_day) == (True, [])
    assert _judged(post, born=last_day - timedelta(days=1)) == (False, ["max_age"])
    assert _judged(replace(post, max_age=None), born=date(1930, 1, 1)) == (True, [])


def test_a_lowest_age_above_the_highest_lets_nobody_in_and_says_so() -> None:
    post = PositionFacts(9, "电工", min_age=50, max_age=40)
    for age, codes in ((45, ["ages_contradict", "min_age"]), (50, ["ages_contradict"])):
        born = TODAY.replace(year=TODAY.year - age)
        assert _judged(post, born=born) == (False, codes)


@pytest.mark.parametrize(
    ("held", "codes"),
    [
        ({"焊工证"}, []),
        ({"电工证"}, []),
        ({"健康证"}, ["certificate"]),
        (set(), ["certificate"]),
    ],
)
def test_of_two_certificates_named_with_or_one_is_enough(held: set[str], codes: list[str]) -> None:
    post = PositionFacts(9, "电工", certificates=frozenset({"电工证或焊工证"}))
    assert _judged(post, certificates=frozenset(held)) == (not codes, codes)


def test_a_title_of_several_kinds_of_work_is_as_near_as_the_nearest() -> None:
    titles = ("操作工/包装工/采购员", "操作工、包装工、采购员", "操作工 包装工 采购员")
    for title in titles:
        found = title_similarity(normal_title(title), ["包装工", "木工"])
        assert found[0] == pytest.approx(0.97)
        assert found[1] < 0.5
    assert title_similarity(normal_title("包装工"), ["包装工"])[0] == 1.0


def test_the_same_occupation_under_another_title_is_a_little_less() -> None:
    own, other = (_likeness("会计", title) for title in ("会计", "出纳"))
    assert own == 1.0
    assert 0.7 < other < 0.9


def _likeness(wish: str, title: str) -> float:
    person = SeekerFacts(1, date(1985, 3, 7), "520502", (Wish(wish, "2-06-03-00"),))
    post = PositionFacts(9, title, "2-06-03-00")
    _, found = score_pair(person, post, profile=STANDARD, today=TODAY)
    return found.components["occupation"] or 0.0
