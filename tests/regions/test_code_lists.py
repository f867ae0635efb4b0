"""The code lists are complete, in both languages, and agree with their standards."""

from collections import Counter
from itertools import pairwise

import pytest

from jobfair.regions import codes


@pytest.mark.parametrize(
    ("name", "count"),
    [("sexes", 4), ("ethnic_groups", 59), ("education", 40), ("household_categories", 4)],
)
def test_a_list_is_complete_and_has_two_names_for_every_code(name: str, count: int) -> None:
    entries = codes.code_list(name)
    assert len(entries) == count
    for entry in entries.values():
        assert entry.zh
        assert entry.en.isascii()
        assert entry.en
    assert len({entry.zh for entry in entries.values()}) == count
    assert len({entry.en for entry in entries.values()}) == count


def test_ethnic_groups_are_the_56_and_three_more_and_no_variant_means_two() -> None:
    groups = codes.code_list("ethnic_groups")
    assert [code for code in groups if int(code) <= 56] == [f"{n:02d}" for n in range(1, 57)]
    assert [code for code in groups if int(code) > 56] == ["81", "97", "98"]
    written = Counter(
        word for group in groups.values() for word in (group.zh, *group.aliases) if word
    )
    assert max(written.values()) == 1
    assert not any(mark in word for word in written for mark in "|,，;")
    assert "僳僳族" in groups["20"].aliases


def test_a_higher_level_of_education_has_a_higher_rank() -> None:
    levels = codes.code_list("education")
    in_order = ("90", "81", "71", "61", "31", "21", "11")
    ranks = [levels[code].rank for code in in_order]
    assert ranks == sorted(set(ranks))
    assert all(entry.rank == levels[f"{code[0]}0"].rank for code, entry in levels.items())


def test_industries_are_those_of_2017_to_the_group() -> None:
    rows = codes.read_rows("industries")
    assert Counter(row["level"] for row in rows) == {"1": 20, "2": 97, "3": 473}
    known = {row["code"] for row in rows}
    assert all(row["parent_code"] in known for row in rows if row["level"] != "1")


def test_occupations_are_those_of_2022() -> None:
    entries = codes.occupations()
    assert Counter(entry.level for entry in entries) == {1: 8, 2: 72, 3: 336, 4: 1632}
    assert len({(entry.level, entry.code) for entry in entries}) == len(entries)


def test_no_occupation_carries_the_trades_of_its_neighbour() -> None:
    trades = [entry.trades for entry in codes.occupations() if entry.trades]
    assert all(one != other for one, other in pairwise(trades))
    assert all(len(trade) > 2 for found in trades for trade in found)
