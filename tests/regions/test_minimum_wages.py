"""A minimum wage is said where and while it is known, and never guessed."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from jobfair.regions import codes


@pytest.mark.parametrize(
    ("place", "on", "yuan"),
    [
        ("440306", date(2008, 7, 1), 900),
        ("440306", date(2010, 3, 6), 900),
        ("440306", date(2010, 7, 1), 1100),
        ("440374", date(2010, 7, 1), 1100),
        # Between two figures whose dates do not meet nothing is known.
        ("4403", date(2011, 4, 10), None),
        ("4403", date(2013, 6, 1), None),
        ("4403", date(2026, 1, 1), 2520),
        ("440106", date(2010, 5, 1), 1100),
        # A county's own figure goes before its city's, while it holds.
        ("440113", date(2010, 5, 1), 960),
        ("440113", date(2011, 3, 1), 1300),
        ("4419", date(2010, 3, 6), 770),
        ("441900", date(2010, 6, 1), 920),
        ("4413", date(2010, 6, 1), 810),
        ("4419", date(2022, 6, 1), 1900),
        ("4419", date(2025, 3, 1), None),
        ("110105", date(2010, 3, 6), 800),
        ("11", date(2010, 7, 1), 960),
        ("310115", date(2010, 4, 1), 1120),
        ("520102", date(2025, 2, 1), 2130),
        ("520502", date(2010, 7, 1), None),
        ("520521", date(2025, 7, 1), None),
        ("4403", date(2008, 6, 30), None),
        ("44", date(2010, 6, 1), None),
        ("", date(2010, 6, 1), None),
        (None, date(2010, 6, 1), None),
    ],
)
def test_the_minimum_wage_of_a_place_on_a_day(
    place: str | None, on: date, yuan: int | None
) -> None:
    assert codes.minimum_wage(place, on) == (yuan * 100 if yuan else None)


def test_figures_of_a_place_do_not_overlap_never_fall_and_name_a_source() -> None:
    divisions = {row["code"] for row in codes.read_rows("divisions")}
    by_place: dict[str, list[dict[str, str]]] = {}
    for row in codes.read_rows("minimum_wages"):
        assert row["division_code"] in divisions
        assert row["source"]
        by_place.setdefault(row["division_code"], []).append(row)
    for rows in by_place.values():
        for before, after in pairwise(rows):
            assert before["known_until"]
            until = date.fromisoformat(before["known_until"])
            assert until + timedelta(days=1) <= date.fromisoformat(after["valid_from"])
            assert int(before["monthly_yuan"]) <= int(after["monthly_yuan"])
