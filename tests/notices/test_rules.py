"""What a public list may show and when its time is over."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.kit.clock import BEIJING
from jobfair.kit.masking import mask_name
from jobfair.notices.holidays import holidays
from jobfair.notices.rules import (
    ColumnNotAllowed,
    LineDraft,
    LineState,
    NothingToShow,
    NoticeDraft,
    NoticeKind,
    NumberShown,
    check_lines,
    end_of,
    last_day,
    line_state,
    shows_number,
)

LINE = LineDraft(1, {"name": "张*", "village": "三道水村", "amount": "500"}, ("张三", "0012"), ())
DRAFT = NoticeDraft(NoticeKind.SUBSIDY, "2025年交通补贴公示", "520502", 10, [LINE])


@pytest.mark.parametrize(
    ("published", "last"),
    [
        (date(2025, 3, 3), date(2025, 3, 13)),
        (date(2025, 9, 21), date(2025, 10, 9)),  # would end on 1 October, and 8 is free, too
        (date(2025, 9, 27), date(2025, 10, 9)),
        (date(2026, 2, 6), date(2026, 2, 24)),  # over the Spring Festival
        (date(2025, 9, 20), date(2025, 9, 30)),
    ],
)
def test_ten_days_after_the_day_of_publication_and_over_holidays(
    published: date, last: date
) -> None:
    free = {one.day for one in holidays()}
    assert last_day(published, 10, free) == last
    assert end_of(last) == datetime(last.year, last.month, last.day, tzinfo=BEIJING) + timedelta(1)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张小明", "张*明"),
        ("欧阳小明", "欧**明"),
        ("阿不都·热西提", "阿**·热**"),
        ("张", "张"),
    ],
)
def test_names_are_masked_as_agreed(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    "text",
    [
        "522401199005170012",
        "52240119900517001X",
        "522401 19900517 0012",
        "".join(chr(ord(digit) + 0xFEE0) for digit in "522401199005170012"),  # full width
        "请打13812345678",
        "+86 138-1234-5678",
        "卡号6222 0212 3456 7890 123",
        "522401900517001",
    ],
)
def test_numbers_of_persons_are_found_wherever_they_hide(text: str) -> None:
    assert shows_number(text)
    hidden = replace(DRAFT, lines=[replace(LINE, cells={"village": f"三道水村（{text}）"})])
    with pytest.raises(NumberShown):
        check_lines(hidden)


@given(st.integers(0, 9_999_999), st.sampled_from(["元", "村", "年", " yuan"]))
def test_amounts_and_years_are_no_such_numbers(number: int, unit: str) -> None:
    assert not shows_number(f"2025 {number}{unit}"[5:])


def test_only_listed_columns_are_published_and_never_an_empty_list() -> None:
    check_lines(DRAFT)
    for column in ("id_number", "phone", "birth_date", "reason"):
        with pytest.raises(ColumnNotAllowed):
            check_lines(replace(DRAFT, lines=[replace(LINE, cells={column: "–"})]))
    for nothing in (replace(DRAFT, lines=[]), replace(DRAFT, title=" ")):
        with pytest.raises(NothingToShow):
            check_lines(nothing)


@given(st.booleans(), st.booleans(), st.integers(-3, 3))
def test_a_line_is_over_only_when_its_time_is_and_nothing_holds_it(
    removed: bool, held: bool, hours: int
) -> None:
    closes = end_of(date(2025, 3, 13))
    state = line_state(
        closes_at=closes, removed=removed, held=held, at=closes + timedelta(hours=hours)
    )
    assert (state is LineState.OVER) == (hours >= 0 and not held and not removed)
    assert (state is LineState.OPEN) == (hours < 0 and not held and not removed)
    missing = line_state(closes_at=None, removed=removed, held=held, at=closes)
    assert missing is LineState.MISSING
