"""Wage texts of the boards, of paper forms, and of files nobody has seen yet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.kit.values.reading import Unread
from jobfair.kit.values.wages import NO_FIGURE, Wage, read_wage

YUAN = 100


def figures(text: str) -> tuple[int | None, int | None, str, int]:
    wage = read_wage(text)
    assert isinstance(wage, Wage), text
    low = None if wage.low_fen is None else wage.low_fen // YUAN
    high = None if wage.high_fen is None else wage.high_fen // YUAN
    return low, high, wage.pay_type, wage.months


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6-8千/月", (6000, 8000, "monthly", 12)),
        ("1-1.5万/月", (10000, 15000, "monthly", 12)),
        ("0.8-1万/月", (8000, 10000, "monthly", 12)),
        ("20-40万/年", (200000, 400000, "yearly", 12)),
        ("10万以上/年", (100000, None, "yearly", 12)),
        ("年薪20-30万", (200000, 300000, "yearly", 12)),
        ("4500以上", (4500, None, "monthly", 12)),
        ("5000元以下", (None, 5000, "monthly", 12)),
        ("8000以上元/月", (8000, None, "monthly", 12)),
        ("1万-1.5万·13薪", (10000, 15000, "monthly", 13)),
        ("8千-1.1万", (8000, 11000, "monthly", 12)),
        ("8K-10K", (8000, 10000, "monthly", 12)),
        ("10k-20k", (10000, 20000, "monthly", 12)),
        ("25-35K·13薪", (25000, 35000, "monthly", 13)),
        ("2.5k-4.5k", (2500, 4500, "monthly", 12)),
        ("300-330元/天", (300, 330, "daily", 12)),
        ("150-200/天", (150, 200, "daily", 12)),
        ("日薪200", (200, 200, "daily", 12)),
        ("时薪18-20元", (18, 20, "hourly", 12)),
        ("20元/小时", (20, 20, "hourly", 12)),
        ("100-200元/次", (100, 200, "session", 12)),
        ("6001-8000", (6001, 8000, "monthly", 12)),
        ("月薪4000~6000", (4000, 6000, "monthly", 12)),
        ("4000—6000元", (4000, 6000, "monthly", 12)),
        ("\uff14，\uff10\uff10\uff10－\uff16，\uff10\uff10\uff10元", (4000, 6000, "monthly", 12)),
        ("4千5", (4500, 4500, "monthly", 12)),
        ("五千以上", (5000, None, "monthly", 12)),
        ("5000+", (5000, None, "monthly", 12)),
        ("3K以上", (3000, None, "monthly", 12)),
        ("底薪3000+提成", (3000, None, "monthly", 12)),
        ("['6-8千/月']", (6000, 8000, "monthly", 12)),
        ("1200元/周", (5200, 5200, "monthly", 12)),
        ("保底4000+计件", (4000, None, "monthly", 12)),
        ("0.5元/件", (0, 0, "piece", 12)),
        ("10-15万", (100000, 150000, "yearly", 12)),
        ("30-50万·16薪", (300000, 500000, "yearly", 16)),
        ("四五千", (4000, 5000, "monthly", 12)),
        ("三千五至五千", (3500, 5000, "monthly", 12)),
        ("一万二至一万五", (12000, 15000, "monthly", 12)),
        ("十二万/年", (120000, 120000, "yearly", 12)),
        ("伍仟元", (5000, 5000, "monthly", 12)),
        ("月入过万", (10000, None, "monthly", 12)),
        ("8000-6000", (6000, 8000, "monthly", 12)),
        ("8-6千", (6000, 8000, "monthly", 12)),
        ("5000――8000", (5000, 8000, "monthly", 12)),
        ("4500/6000元", (4500, 6000, "monthly", 12)),
        ("4500、6000", (4500, 6000, "monthly", 12)),
        ("5500±500", (5000, 6000, "monthly", 12)),
        ("5000 to 8000", (5000, 8000, "monthly", 12)),
        ("Up to 8000", (None, 8000, "monthly", 12)),
        ("CNY 8,000 - 12,000 per month", (8000, 12000, "monthly", 12)),
        ("10-15K*13", (10000, 15000, "monthly", 13)),
        ("5-8K/月 13薪", (5000, 8000, "monthly", 13)),
        ("1.5-2W", (15000, 20000, "monthly", 12)),
        ("年薪10w", (100000, 100000, "yearly", 12)),
        ("小时工 20元", (20, 20, "hourly", 12)),
        ("300/天-400/天", (300, 400, "daily", 12)),
        ("200元/天 日结", (200, 200, "daily", 12)),
        ("2360+加班费", (2360, None, "monthly", 12)),
        ("保底3500元/月，上不封顶", (3500, None, "monthly", 12)),
        ("4200元/月（五险一金+双休）", (4200, 4200, "monthly", 12)),
        ("計件 5000-8000", (5000, 8000, "monthly", 12)),
    ],
)
def test_a_wage_is_read(text: str, expected: tuple[int | None, int | None, str, int]) -> None:
    assert figures(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("月综合4500～5500元/月 (底薪2360)", (4500, 5500, "monthly", 12)),
        ("底薪3000-4000元，综合5000-8000元/月", (5000, 8000, "monthly", 12)),
        ("22元/时 综合5500-6500", (5500, 6500, "monthly", 12)),
        ("试用期3000，转正4000-5000", (4000, 5000, "monthly", 12)),
        ("3000元（试用期）3500元（转正）", (3500, 3500, "monthly", 12)),
        ("面议（5000-8000）", (5000, 8000, "monthly", 12)),
        ("260-300元/天，每天工作12小时", (260, 300, "daily", 12)),
        ("8小时 4500元", (4500, 4500, "monthly", 12)),
        ("25岁以上5000元", (5000, None, "monthly", 12)),
        ("4-6千/月 六险一金 13薪", (4000, 6000, "monthly", 13)),
    ],
)
def test_of_several_figures_the_whole_regular_pay_counts(
    text: str, expected: tuple[int | None, int | None, str, int]
) -> None:
    assert figures(text) == expected


@pytest.mark.parametrize(
    ("text", "header", "fen", "pay_type"),
    [
        ("10-15", "年薪(万元)", (10_000_000, 15_000_000), "yearly"),
        ("15", "年薪（万元）", (15_000_000, 15_000_000), "yearly"),
        ("200", "日薪(元)", (20_000, 20_000), "daily"),
        ("18-20", "时薪", (1800, 2000), "hourly"),
        ("10-15", "salary(k)", (1_000_000, 1_500_000), "monthly"),
        ("200元/天", "月薪", (20_000, 20_000), "daily"),
        ("5000-8000", "月薪(元)", (500_000, 800_000), "monthly"),
    ],
)
def test_the_header_says_the_unit_where_the_cell_does_not(
    text: str, header: str, fen: tuple[int, int], pay_type: str
) -> None:
    wage = read_wage(text, unit=header)
    assert isinstance(wage, Wage)
    assert (wage.low_fen, wage.high_fen, wage.pay_type) == (*fen, pay_type)


@pytest.mark.parametrize("text", ["2024-05-01", "1", "20", "99999999", "20000-30000 HKD", "13薪"])
def test_what_is_no_wage_in_yuan_is_not_taken_for_one(text: str) -> None:
    assert isinstance(read_wage(text), Unread)


@pytest.mark.parametrize("text", ["面议", "薪资面议", "面谈", "电议", "计件", "Negotiable"])
def test_a_wage_to_be_agreed_is_negotiable(text: str) -> None:
    wage = read_wage(text)
    assert isinstance(wage, Wage)
    assert wage.negotiable
    assert wage.monthly() == (None, None)


def test_a_unit_without_a_figure_is_not_a_wage() -> None:
    assert read_wage("元/月") == Unread(NO_FIGURE)
    assert read_wage("$") == Unread(NO_FIGURE)


@pytest.mark.parametrize("text", ["", "  ", "None", "[]", "['']"])
def test_an_empty_cell_says_nothing(text: str) -> None:
    assert read_wage(text) is None


def test_columns_of_least_most_and_months_are_joined() -> None:
    wage = read_wage("", low="6", high="8", months="14")
    assert isinstance(wage, Wage)
    assert (wage.low_fen, wage.high_fen, wage.months) == (600_000, 800_000, 14)
    large = read_wage("", low="100", high="150")
    assert isinstance(large, Wage)
    assert (large.low_fen, large.high_fen, large.pay_type) == (10_000_000, 15_000_000, "monthly")
    open_ended = read_wage("", low="6000", high="0")
    assert isinstance(open_ended, Wage)
    assert open_ended.low_fen == 600_000
    negotiable = read_wage("", low="面议")
    assert isinstance(negotiable, Wage)
    assert negotiable.negotiable


def test_pays_are_comparable_by_the_month() -> None:
    yearly, daily = read_wage("12万/年"), read_wage("200元/天")
    assert isinstance(yearly, Wage)
    assert isinstance(daily, Wage)
    assert yearly.monthly() == (1_000_000, 1_000_000)
    assert daily.monthly() == (435_000, 435_000)


@given(st.text(max_size=40))
def test_any_text_is_answered(text: str) -> None:
    wage = read_wage(text)
    if isinstance(wage, Wage) and wage.low_fen is not None and wage.high_fen is not None:
        assert wage.low_fen <= wage.high_fen


@given(st.text(alphabet="0123456789.-~万千kK元/月年天时以上下薪面议·+ ", max_size=20))
def test_any_wage_like_text_is_answered(text: str) -> None:
    wage = read_wage(text)
    if isinstance(wage, Wage) and wage.low_fen is not None and wage.high_fen is not None:
        assert wage.low_fen <= wage.high_fen


@given(st.integers(1000, 90_000), st.integers(0, 50_000))
def test_a_written_wage_is_read_back(low: int, more: int) -> None:
    assert figures(f"{low}-{low + more}元/月") == (low, low + more, "monthly", 12)
