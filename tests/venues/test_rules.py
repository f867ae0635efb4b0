"""Where booths stand: places, numbers, clashes, texts on a map."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.venues.rules import (
    COLUMNS,
    MARKS,
    ROWS,
    BoothPlan,
    ClashKind,
    LetterUnusable,
    MapFull,
    Place,
    PlaceOutside,
    check_letter,
    check_place,
    clashes,
    lay_out,
    lines_of,
    mark_of,
    natural,
    next_numbers,
    without_numbers,
)

cells = st.sets(st.tuples(st.integers(1, 20), st.integers(1, COLUMNS)), max_size=30)


@given(cells, st.integers(0, 60), st.integers(1, COLUMNS))
def test_booths_laid_out_stand_on_the_map_on_free_cells_with_aisles(
    occupied: set[tuple[int, int]], count: int, in_a_row: int
) -> None:
    try:
        places = lay_out(occupied, count, in_a_row)
    except MapFull:
        lowest = max((row for row, _ in occupied), default=-1)
        assert lowest + 2 * -(-count // in_a_row) > ROWS
        return
    assert len(places) == count
    taken = [cell for place in places for cell in place.cells()]
    assert len({*taken, *occupied}) == len(taken) + len(occupied)
    for place in places:
        check_place(place)
        assert place.column <= in_a_row
    rows = sorted({place.row for place in places} | {row for row, _ in occupied})
    new = {place.row for place in places}
    assert all(b - a >= 2 for a, b in pairwise(rows) if b in new)


def test_the_first_booths_stand_in_the_first_row() -> None:
    assert lay_out((), 3, 2) == [Place(1, 1), Place(2, 1), Place(1, 3)]


@pytest.mark.parametrize(
    "place",
    [
        Place(0, 1),
        Place(1, 0),
        Place(COLUMNS + 1, 1),
        Place(COLUMNS, 1, columns=2),
        Place(1, ROWS, rows=2),
        Place(1, 1, columns=0),
        Place(1, 1, rows=7),
    ],
)
def test_a_place_off_the_map_is_refused(place: Place) -> None:
    with pytest.raises(PlaceOutside):
        check_place(place)


@pytest.mark.parametrize("letter", ["", "a", "1", "ABC", "é", "A1", "\uff21"])
def test_what_is_no_letter_is_refused(letter: str) -> None:
    with pytest.raises(LetterUnusable):
        check_letter(letter)


def test_the_first_zones_look_different() -> None:
    assert [mark_of(letter) for letter in "ABCDEF"] == list(range(MARKS))


def test_numbers_are_ordered_as_people_count() -> None:
    numbers = ["A10", "B1", "A2", "A1", "12", "2", "A2-1"]
    assert sorted(numbers, key=natural) == ["2", "12", "A1", "A2", "A2-1", "A10", "B1"]


@given(st.sets(st.integers(1, 30)), st.integers(0, 20))
def test_new_numbers_are_free_and_the_lowest(taken: set[int], count: int) -> None:
    numbers = {f"A{n:02}" for n in taken}
    found = next_numbers("A", numbers, count)
    assert len(found) == count == len({*found} - numbers)
    assert found == sorted(found, key=natural)
    free = [n for n in range(1, 60) if n not in taken]
    assert found == [f"A{n:02}" for n in free[:count]]


def plan(booth_id: int, number: str, place: Place, employer: int | None = None) -> BoothPlan:
    return BoothPlan(booth_id, number, 1, place, employer)


plans = st.lists(
    st.builds(
        lambda number, column, row, wide, employer: (number, Place(column, row, wide), employer),
        st.sampled_from(["1", "2", "3", "4"]),
        st.integers(1, 4),
        st.integers(1, 3),
        st.integers(1, 3),
        st.none() | st.integers(1, 3),
    ),
    max_size=6,
)


@given(plans, st.sets(st.integers(0, 5)))
def test_a_clash_is_told_exactly_when_two_booths_share_something(
    drawn: list[tuple[str, Place, int | None]], changed: set[int]
) -> None:
    booths = [plan(n, number, place, who) for n, (number, place, who) in enumerate(drawn)]
    shared: dict[ClashKind, list[object]] = {
        ClashKind.NUMBER: [b.number for b in booths],
        ClashKind.CELL: [cell for b in booths for cell in b.place.cells()],
        ClashKind.EMPLOYER: [b.employer_id for b in booths if b.employer_id is not None],
    }
    expected = {kind for kind, values in shared.items() if len(values) != len({*values})}
    assert {clash.kind for clash in clashes(booths, changed)} == expected


def test_a_clash_is_told_of_the_booth_that_was_changed() -> None:
    stays, moved = plan(1, "A1", Place(1, 1)), plan(2, "A2", Place(1, 1))
    for booths in ([stays, moved], [moved, stays]):
        [clash] = clashes(booths, [2])
        assert (clash.booth_id, clash.kind, clash.other) == (2, ClashKind.CELL, "A1")


@given(st.text(alphabet="深圳市电子厂ABc -", max_size=40), st.integers(2, 20), st.integers(1, 3))
def test_lines_keep_to_their_width_and_lose_only_the_end(text: str, width: int, most: int) -> None:
    lines = lines_of(text, width, most)
    wide = [sum(2 if unicodedata.east_asian_width(s) in "WF" else 1 for s in x) for x in lines]
    assert len(lines) <= most
    assert max(wide) <= width
    joined = "".join(lines)
    assert joined == text or (joined.endswith("…") and text.startswith(joined[:-1]))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话13800138000找李", "电话…找李"),
        ("0755-2345 6789", "…"),
        ("520502199001011234X", "…"),
        ("月薪4500-6500元，2026年", "月薪4500-6500元，2026年"),
    ],
)
def test_numbers_that_reach_a_person_are_left_out(text: str, shown: str) -> None:
    assert without_numbers(text) == shown
