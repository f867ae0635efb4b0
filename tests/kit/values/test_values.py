"""Dates, schooling, counts, papers: what is read and what is refused."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.kit.values import counts, dates, people
from jobfair.kit.values.counts import Ages, Experience
from jobfair.kit.values.dates import Day, read_day
from jobfair.kit.values.education import Education, rank_of, read_education
from jobfair.kit.values.kinds import Kind, likelihood
from jobfair.kit.values.people import IdText, read_id_number, read_phone
from jobfair.kit.values.reading import Unread
from tests.planted import person


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2010.3.8", date(2010, 3, 8)),
        ("2010年3月8日", date(2010, 3, 8)),
        ("20100308", date(2010, 3, 8)),
        ("2019/12/15", date(2019, 12, 15)),
        ("2023-06-16 09:40:31", date(2023, 6, 16)),
        ("40245", date(2010, 3, 8)),
        ("12-29", date(2020, 12, 29)),
    ],
)
def test_a_day_is_read(text: str, day: date) -> None:
    assert read_day(text, 2020) == Day(day, day)


def test_a_vague_day_keeps_its_precision() -> None:
    assert read_day("3月初", 2024) == Day(date(2024, 3, 1), date(2024, 3, 10))
    assert read_day("2024年2月") == Day(date(2024, 2, 1), date(2024, 2, 29))


def test_impossible_days_are_refused_and_the_epoch_is_missing() -> None:
    assert read_day("2026-13-01") == Unread(dates.NOT_POSSIBLE)
    assert read_day("2023-02-29") == Unread(dates.NOT_POSSIBLE)
    assert read_day("12-29") == Unread(dates.NO_YEAR)
    assert read_day("1970-01-01") is None
    assert read_day("1970年01月01日") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("大专", "31"),
        ("大专及以上", "31"),
        ("统招本科", "21"),
        ("统招本科 | 经验不限 | 语言不限", "21"),
        ("3-5年本科", "21"),
        ("4天/周6个月本科", "21"),
        ("中专", "41"),
        ("职高", "44"),
        ("技校", "47"),
        ("高中", "61"),
        ("中专/高中", "41"),
        ("初中及以上", "71"),
        ("小学", "81"),
        ("文盲", "90"),
        ("硕士", "10"),
        ("30", "31"),
        ("大学专科", "31"),
    ],
)
def test_schooling_is_read(text: str, code: str) -> None:
    found = read_education(text)
    assert isinstance(found, Education)
    assert (found.code, found.rank) == (code, rank_of(code))


def test_traditional_characters_are_read() -> None:
    assert read_education("學歷：大專") == Education("31", rank_of("31"))
    assert counts.read_experience("3年經驗") == Experience(3, None)
    assert counts.read_ages("18歲以上") == Ages(18, None)


def test_levels_compare_by_rank_and_any_level_has_no_code() -> None:
    ordered = ["90", "81", "71", "61", "31", "21", "10"]
    assert [rank_of(code) for code in ordered] == [0, 1, 2, 3, 4, 5, 6]
    assert read_education("学历不限") == Education(None)
    assert isinstance(read_education("良好"), Unread)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("10人", 10),
        ("招2人", 2),
        ("三名", 3),
        ("\uff11\uff15", 15),
        ("3-5人", 5),
        ("男3女7", 10),
        ("20（男女各10）", 20),
        ("2,000人", 2000),
    ],
)
def test_headcount_is_read(text: str, count: int) -> None:
    assert counts.read_headcount(text) == count


@pytest.mark.parametrize("text", ["若干", "不限人", "数名", "33312323人", "0人"])
def test_headcount_without_a_number_is_refused(text: str) -> None:
    assert isinstance(counts.read_headcount(text), Unread)


def test_experience_and_ages_are_read() -> None:
    assert counts.read_experience("1-3年") == Experience(1, 3)
    assert counts.read_experience("3年以上") == Experience(3, None)
    assert counts.read_experience("10年以上") == Experience(10, None)
    assert counts.read_experience("无经验") == Experience(0, 0)
    assert counts.read_experience("经验不限") == Experience(None, None)
    assert counts.read_experience("三年以上") == Experience(3, None)
    assert counts.read_experience("1年以下") == Experience(0, 1)
    assert counts.read_experience("3-5年本科") == Experience(3, 5)
    assert counts.read_experience("5天/周3个月本科") == Experience(0, 0)
    assert counts.read_experience("3") == Experience(3, None)
    assert counts.read_ages("18-45岁") == Ages(18, 45)
    assert counts.read_ages("要求18-50周岁,身体健康,能吃苦耐劳") == Ages(18, 50)
    assert counts.read_ages("45岁以下") == Ages(None, 45)
    assert counts.read_ages("20--35周岁之间") == Ages(20, 35)
    assert counts.read_ages("男18-40岁，女18-45岁") == Ages(18, 45)
    assert counts.read_ages("18周岁以上，不超过50岁") == Ages(18, 50)
    assert isinstance(counts.read_ages("辅导14岁以下儿童"), Unread)


def test_money_is_read_to_the_fen() -> None:
    assert counts.read_money("4,500.50") == 450_050
    assert counts.read_money("1.2万") == 1_200_000
    assert counts.read_money("3.5", unit="万元") == 3_500_000
    assert isinstance(counts.read_money("12.345"), Unread)
    assert isinstance(counts.read_money("-5"), Unread)


def test_id_numbers_are_normalised_or_refused_each_for_its_reason() -> None:
    number = person(3).id_number
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in number)
    assert read_id_number(number) == IdText(number)
    assert read_id_number(f" {wide[:6]} {wide[6:]}") == IdText(number, changed=True)
    assert read_id_number(number + "11") == IdText(number, changed=True)
    assert read_id_number(number[:6] + number[8:17]) == IdText(number, changed=True)
    wrong = number[:17] + ("1" if number[17] != "1" else "2")
    assert read_id_number(wrong) == Unread(people.ID_WRONG_CHECK)
    assert read_id_number("5.22E+17") == Unread(people.ID_DAMAGED)
    assert read_id_number(number[:17]) == Unread(people.ID_WRONG_LENGTH)
    assert read_id_number(number[:10] + "1399" + number[14:]) == Unread(people.ID_WRONG_DATE)
    assert read_id_number("") is None


def test_phones_sex_and_groups_are_read() -> None:
    assert read_phone("+86 199-5283-0001") == "19952830001"
    assert read_phone("0755-82345678") == "0755-82345678"
    assert read_phone("1.99E+10") == Unread(people.PHONE_DAMAGED)
    assert isinstance(read_phone("12345"), Unread)
    assert people.read_sex("女性") == "2"
    assert people.read_ethnic_group("布依") == "09"
    assert people.read_ethnic_group("乌兹别克族") == "43"
    assert people.read_ethnic_group("基诺族") == "56"
    assert isinstance(people.read_ethnic_group("火星族"), Unread)
    assert people.read_yes_no("√") is True


def test_a_column_is_told_by_its_cells() -> None:
    assert likelihood(Kind.WAGE, ["8千-1.1万", "面议", "1万-2万·13薪"]) == 1
    assert likelihood(Kind.EXPERIENCE, ["12-29", "12-28"]) == 0
    assert likelihood(Kind.EDUCATION, ["本科", "", "大专"]) == 1
    assert likelihood(Kind.COMPANY, ["贵州某某科技有限公司"]) == 1
    assert likelihood(Kind.CITY, []) == 0
    assert likelihood(Kind.HEADCOUNT, ["50", "5人", "若干", "3"]) == 1
    assert likelihood(Kind.HEADCOUNT, ["1", "2", "3"]) == 0


_ENGLISH = re.compile(r"[A-Za-z ,.;:]+")


@given(st.text(max_size=40))
def test_no_text_breaks_a_reader(text: str) -> None:
    for read in (
        read_day,
        read_education,
        counts.read_headcount,
        counts.read_experience,
        counts.read_ages,
        counts.read_money,
        people.read_sex,
        people.read_ethnic_group,
        read_phone,
        read_id_number,
    ):
        answer = read(text)
        # Words of the message itself may be drawn; no name or number looks like them.
        if isinstance(answer, Unread) and len(text) > 5 and not _ENGLISH.fullmatch(text):
            assert text not in answer.reason
    for kind in Kind:
        assert 0 <= likelihood(kind, [text]) <= 1


@given(st.dates(date(1980, 1, 1), date(2060, 12, 31)))
def test_a_written_day_is_read_back(day: date) -> None:
    for text in (day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}"):
        assert read_day(text) == Day(day, day)
