"""The sizing agrees with published figures, grows with what is expected; its ways out work."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.capacity.core.sizing import (
    Entry,
    Expectation,
    Finding,
    Part,
    Remedy,
    RemedyKind,
    applied,
    arrivals,
    check,
    inside,
    lanes,
    proposal,
    slots,
    staff,
    talks,
)

NINE = 9 * 60
PLAIN = Expectation(
    persons=10_000,
    days=1,
    opens_at=NINE,
    closes_at=NINE + 6 * 60,
    entry=Entry.FREE,
    peak_percent=25,
    card_percent=70,
    card_seconds=6,
    walk_in_seconds=30,
    utilisation_percent=80,
    lanes=20,
    hall_capacity=5_000,
    stay_minutes=90,
    booths=55,
    recruiters=3,
    talk_minutes=5,
    group_size=1,
    posts=11_880,
    staff=6,
)


@st.composite
def expectations(draw: st.DrawFn) -> Expectation:
    """Draw anything the form lets pass."""

    def number(least: int, most: int) -> int:
        return draw(st.integers(least, most))

    opens_at = number(0, 20 * 60)
    return Expectation(
        persons=number(1, 200_000),
        days=number(1, 10),
        opens_at=opens_at,
        closes_at=number(opens_at + 30, 24 * 60),
        entry=draw(st.sampled_from(Entry)),
        peak_percent=number(1, 100),
        card_percent=number(0, 100),
        card_seconds=number(1, 120),
        walk_in_seconds=number(1, 600),
        utilisation_percent=number(1, 100),
        lanes=number(1, 200),
        hall_capacity=number(1, 50_000),
        stay_minutes=number(1, 600),
        booths=number(0, 500),
        recruiters=number(1, 10),
        talk_minutes=number(1, 120),
        group_size=number(1, 50),
        posts=number(0, 50_000),
        staff=number(0, 100),
    )


def found(expected: Expectation, part: Part) -> Finding:
    return next(finding for finding in check(expected) if finding.part is part)


def test_ten_thousand_people_need_twelve_lanes() -> None:
    assert (arrivals(PLAIN), lanes(PLAIN)) == (2_500, 12)
    assert all(finding.holds for finding in check(PLAIN))
    assert proposal(PLAIN) == PLAIN


def test_a_hundred_and_ten_thousand_in_one_day_cannot_be_and_days_are_proposed() -> None:
    crowd = replace(PLAIN, persons=110_000)
    # 126.04 by the mean: the last one is needed, too.
    assert (arrivals(crowd), lanes(crowd), inside(crowd)) == (27_500, 127, 41_250)
    entrance = found(crowd, Part.ENTRANCE)
    assert not entrance.holds
    # 20 lanes take 4,363 an hour: 17,452 people a day of whom a quarter comes in one hour; by
    # slots 9 x 2,181.
    assert entrance.remedies == (
        Remedy(RemedyKind.SLOTS_AND_DAYS, 6),
        Remedy(RemedyKind.DAYS, 7),
    )
    better = proposal(crowd)
    assert better is not None
    assert (better.days, better.entry) == (8, Entry.SLOTS)


def test_fifty_five_booths_talk_to_fewer_people_than_there_are_posts() -> None:
    crowd = replace(PLAIN, posts=19_137)
    assert talks(crowd) == 11_880
    interviews = found(crowd, Part.INTERVIEWS)
    assert (interviews.needed, interviews.available) == (19_137, 11_880)
    assert interviews.remedies == (Remedy(RemedyKind.DAYS, 2), Remedy(RemedyKind.GROUPS, 2))


def test_slots_leave_the_last_ones_time_to_stay() -> None:
    made = slots(PLAIN)
    assert [slot.persons for slot in made] == [1_112] + [1_111] * 8
    assert (made[0].begins_at, made[-1].ends_at) == (NINE, NINE + 4 * 60 + 30)


def test_where_nobody_can_be_inside_or_talked_to_no_way_out_is_told() -> None:
    slow = replace(PLAIN, lanes=1, walk_in_seconds=600, card_percent=0, utilisation_percent=1)
    assert not found(slow, Part.ENTRANCE).remedies
    assert proposal(slow) is None
    assert not found(replace(PLAIN, booths=0), Part.INTERVIEWS).remedies


@pytest.mark.parametrize(
    "wrong",
    [
        {"persons": 0},
        {"staff": -1},
        {"closes_at": NINE},
        {"closes_at": 24 * 60 + 1},
        {"card_percent": 101},
        {"hall_capacity": 0},
    ],
)
def test_what_is_no_expectation_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"low|closes|more"):
        replace(PLAIN, **wrong)  # type: ignore[arg-type]


@given(expectations(), st.integers(0, 100_000), st.integers(0, 20_000))
def test_more_people_and_posts_never_need_less(
    expected: Expectation, people: int, posts: int
) -> None:
    more = replace(expected, persons=expected.persons + people, posts=expected.posts + posts)
    for before, after in zip(check(expected), check(more), strict=True):
        assert after.needed >= before.needed
        assert after.available == before.available


@given(expectations(), st.integers(1, 10))
def test_more_days_never_need_more(expected: Expectation, more: int) -> None:
    longer = replace(expected, days=expected.days + more)
    for before, after in zip(check(expected), check(longer), strict=True):
        assert after.needed <= before.needed
        assert after.available >= before.available


@given(expectations())
def test_each_way_out_holds_when_computed_anew_and_fewer_would_not(expected: Expectation) -> None:
    for finding in check(expected):
        assert not (finding.holds and finding.remedies)
        for remedy in finding.remedies:
            better = applied(expected, remedy)
            assert found(better, finding.part).holds, remedy
            if remedy.number > 1:
                less = applied(expected, replace(remedy, number=remedy.number - 1))
                assert not found(less, finding.part).holds, remedy


@given(expectations())
def test_the_proposal_holds_and_leaves_what_holds_alone(expected: Expectation) -> None:
    better = proposal(expected)
    if better is None:
        assert not all(finding.holds for finding in check(expected))
        return
    assert all(finding.holds for finding in check(better))
    kept = ("persons", "lanes", "hall_capacity", "booths", "recruiters", "posts", "peak_percent")
    assert [getattr(better, name) for name in kept] == [getattr(expected, name) for name in kept]
    assert better.days >= expected.days


@given(expectations())
def test_slots_hold_everybody_of_the_fullest_day_within_the_opening_hours(
    expected: Expectation,
) -> None:
    made = slots(expected)
    assert sum(slot.persons for slot in made) == expected.persons_a_day
    assert all(expected.opens_at <= s.begins_at < s.ends_at <= expected.closes_at for s in made)
    assert all(a.ends_at == b.begins_at for a, b in pairwise(made))
    busiest = max(sum(s.persons for s in made[i : i + 2]) for i in range(len(made)))
    assert busiest <= arrivals(replace(expected, entry=Entry.SLOTS))


@given(expectations())
def test_staff_is_one_to_ten_booths(expected: Expectation) -> None:
    needed = staff(expected)
    assert needed * 10 >= expected.booths > (needed - 1) * 10
