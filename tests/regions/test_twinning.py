"""Pairs of places hold for their years and for the places inside them."""

from datetime import date

import pytest

from jobfair.kit.db import Database
from jobfair.regions import codes, queries

_SPRING_2010 = date(2010, 3, 6)


@pytest.mark.parametrize(
    ("place", "other", "on", "paired"),
    [
        ("4403", "5205", _SPRING_2010, True),
        ("5205", "4403", _SPRING_2010, True),
        ("440306", "520521", _SPRING_2010, True),
        ("440306020", "520521104", _SPRING_2010, True),
        ("4403", "522701", _SPRING_2010, True),
        ("4403", "5227", date(2013, 1, 31), True),
        ("4403", "5227", date(2013, 2, 1), False),
        ("4401", "5227", date(2013, 2, 1), True),
        ("4403", "5205", date(1995, 12, 31), False),
        ("4403", "5205", date(2016, 12, 6), True),
        ("4403", "5205", date(2016, 12, 7), False),
        ("4401", "520581", date(2016, 12, 7), True),
        # A pair of a district and a county says nothing about their cities.
        ("440307", "522732", date(2014, 1, 1), True),
        ("4403", "522732", date(2014, 1, 1), True),
        ("4403", "522701", date(2014, 1, 1), False),
        # Codes as ID numbers have them.
        ("4403", "522422", _SPRING_2010, True),
        ("440321", "522401", _SPRING_2010, True),
        ("4401", "5205", _SPRING_2010, False),
        ("44", "52", _SPRING_2010, False),
        ("4403", "4403", _SPRING_2010, False),
        ("4403", "999999", _SPRING_2010, False),
    ],
)
def test_two_places_are_paired_on_a_day(
    database: Database, place: str, other: str, on: date, paired: bool
) -> None:
    with database.reading() as session:
        assert queries.twinned(session, place, other, on) is paired


def test_every_pair_names_its_scope_and_its_source() -> None:
    for row in codes.read_rows("twinning"):
        assert row["scope"] == ("prefecture" if len(row["home_code"]) == 4 else "county")
        assert row["source"]
        assert row["valid_to"] == "" or row["valid_from"] < row["valid_to"]
