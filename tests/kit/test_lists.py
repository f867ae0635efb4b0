"""Pages of lists and tables that become cards."""

import re

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from jobfair.kit.lists import (
    SIZES,
    asked_page,
    carded,
    last_page,
    list_url,
    page_numbers,
    sorted_head,
)


@given(st.integers(1, 400), st.integers(1, 400))
def test_the_named_pages_lead_everywhere(number: int, last: int) -> None:
    number = min(number, last)
    named = page_numbers(number, last)
    pages = [page for page in named if page is not None]
    assert pages == sorted(set(pages))
    assert {1, number, last} <= set(pages)
    assert len(named) <= 9
    for before, page, after in zip(named, named[1:], named[2:], strict=False):
        if page is None:
            assert before is not None
            assert after is not None
            assert after - before > 2, "a gap hides two pages at least"


@given(st.integers(0, 10_000), st.sampled_from(SIZES))
def test_the_last_page_holds_the_last_line(total: int, size: int) -> None:
    last = last_page(total, size)
    assert (last - 1) * size < max(total, 1) <= last * size


@pytest.fixture
def app() -> Flask:
    """An application with one list."""
    app = Flask("lists")
    app.add_url_rule("/of/<int:owner>/things", "things", str)
    return app


@pytest.mark.parametrize(
    ("query", "number", "size"),
    [
        ("", 1, 50),
        ("page=3&size=20", 3, 20),
        ("page=99&size=100", 2, 100),
        ("page=-1&size=7", 1, 50),
        ("page=x&size=x", 1, 50),
    ],
)
def test_the_page_asked_for_is_one_there_is(app: Flask, query: str, number: int, size: int) -> None:
    with app.test_request_context(f"/of/4/things?{query}"):
        paging = asked_page(150)
    assert (paging.number, paging.size) == (number, size)
    assert paging.offset == (number - 1) * size


def test_another_page_keeps_the_filter(app: Flask) -> None:
    with app.test_request_context("/of/4/things?kind=a&kind=b&page=2"):
        assert list_url(page=3) == "/of/4/things?kind=a&kind=b&page=3"
        assert list_url(size=20, page=None) == "/of/4/things?kind=a&kind=b&size=20"


def test_a_head_sorts_and_then_the_other_way_round(app: Flask) -> None:
    with app.test_request_context("/of/4/things?page=2"):
        first = sorted_head("Day", "day", "")
        assert (first["order"], first["url"]) == ("", "/of/4/things?sort=day")
        again = sorted_head("Day", "day", "day")
        assert (again["order"], again["url"]) == ("ascending", "/of/4/things?sort=-day")
        assert sorted_head("Day", "day", "-day")["order"] == "descending"


def test_every_cell_of_a_card_says_its_column() -> None:
    rows = Markup(
        '<tr class="r"><th scope="row" class="h">A</th>'
        '<td class="c">1</td><td class="c">–</td></tr>'
        '<tr><td class="c"><a href="/x?a=1&amp;b=2">B</a></td><td class="c">  </td></tr>'
    )
    heads: list[str | dict[str, str]] = ["Name", {"label": 'A "big" one', "url": "/"}, "End"]
    text = str(carded(rows, heads))
    assert re.findall(r'data-label="([^"]*)"', text) == [
        "Name",
        "A &#34;big&#34; one",
        "End",
        "Name",
        "A &#34;big&#34; one",
    ]
    assert text.count('role="row"') == 2
    assert text.count('role="rowheader"') == 1
    assert text.count('role="cell"') == 4
    assert text.count("data-title") == 2, "the first cell heads each card"
    assert text.count("jf-blank") == 2, "a dash and nothing at all"
