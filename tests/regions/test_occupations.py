"""Job titles and the occupations they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.regions import codes
from jobfair.regions.occupations import Occupations, tidy_title

OCCUPATIONS = Occupations((o.code, o.name, (*o.aliases, *o.trades)) for o in codes.occupations())


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("焊工", "焊工"),
        ("急聘电焊工5000-8000元", "焊工"),
        ("保安（包吃住）", "保安员"),
        ("电子厂叉车工", "起重装卸机械操作工"),
        ("缝纫工", "缝纫工"),
    ],
)
def test_everyday_titles_are_resolved(title: str, name: str) -> None:
    best = OCCUPATIONS.resolve(title)[0]
    assert best.name == name


def test_what_is_like_nothing_has_no_code() -> None:
    assert OCCUPATIONS.code_of("\u9f98\u9f98\u9f98") is None


@given(st.text(max_size=30))
def test_any_title_gets_a_sorted_answer(title: str) -> None:
    found = OCCUPATIONS.resolve(title)
    sure = [candidate.confidence for candidate in found]
    assert sure == sorted(sure, reverse=True)
    assert all(0 < value <= 1 for value in sure)
    assert tidy_title(title) == tidy_title(title)
