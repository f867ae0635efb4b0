"""Destinations, moves and overlaps."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.placements.rules.counting import (
    EXPORTS,
    Destination,
    Spell,
    destination_of,
    moves,
    overlap,
)

DAY = date(2010, 3, 1)


@pytest.mark.parametrize(
    ("workplace", "expected"),
    [
        ("440306", Destination.OUT_OF_PROVINCE),
        ("44", Destination.OUT_OF_PROVINCE),
        ("520102", Destination.IN_PROVINCE),
        ("5201", Destination.IN_PROVINCE),
        ("520521", Destination.IN_PREFECTURE),
        ("520502001", Destination.IN_COUNTY),
        ("5205", Destination.UNKNOWN),
        ("52", Destination.UNKNOWN),
        (None, Destination.UNKNOWN),
    ],
)
def test_destination_is_seen_from_home(workplace: str | None, expected: Destination) -> None:
    assert destination_of("520502003", workplace) is expected
    assert (expected in EXPORTS) == (expected not in {Destination.IN_COUNTY, Destination.UNKNOWN})


def spell(n: int, start: int, end: int | None, *, seasonal: bool = False) -> Spell:
    last = None if end is None else DAY + timedelta(days=end)
    return Spell(n, DAY + timedelta(days=start), last, seasonal)


def test_a_short_gap_goes_on_with_the_same_move() -> None:
    assert moves([spell(1, 0, 50), spell(2, 80, None)]) == {1}
    assert moves([spell(1, 0, 50), spell(2, 81, None)]) == {1, 2}


def test_a_season_at_home_is_bridged_for_longer() -> None:
    assert moves([spell(1, 0, 50, seasonal=True), spell(2, 140, None)]) == {1}
    assert moves([spell(1, 0, 50, seasonal=True), spell(2, 141, None)]) == {1, 2}


def test_the_longest_stay_decides_about_the_next() -> None:
    assert moves([spell(1, 0, 200), spell(2, 10, 20), spell(3, 210, None)]) == {1}


spells = st.lists(
    st.tuples(st.integers(0, 900), st.one_of(st.none(), st.integers(0, 400))), max_size=8
).map(
    lambda found: [
        spell(n, start, None if length is None else start + length)
        for n, (start, length) in enumerate(found)
    ]
)


@given(spells)
def test_moves_equal_days_away_seen_one_by_one(found: list[Spell]) -> None:
    away: set[int] = set()
    for one in found:
        first = (one.started_on - DAY).days
        last = 2000 if one.ended_on is None else (one.ended_on - DAY).days
        away.update(range(first, last + 1))
    runs = sum(1 for day in away if not any(before in away for before in range(day - 30, day)))
    assert len(moves(found)) == runs


days = st.integers(0, 30)
times = st.tuples(days, st.one_of(st.none(), days)).filter(lambda t: t[1] is None or t[0] <= t[1])


@given(times, times)
def test_overlap_is_mutual(a: tuple[int, int | None], b: tuple[int, int | None]) -> None:
    def dated(t: tuple[int, int | None]) -> tuple[date, date | None]:
        return DAY + timedelta(t[0]), None if t[1] is None else DAY + timedelta(t[1])

    assert overlap(dated(a), dated(b)) == overlap(dated(b), dated(a))
