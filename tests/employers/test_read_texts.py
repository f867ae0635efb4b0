"""What free text says about a position."""

import pytest

from jobfair.employers.rules import reading
from jobfair.employers.rules.drafts import EmployerKind, Shift


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("18-45岁，身体健康", (18, 45)),
        ("年龄：16—35周岁", (16, 35)),
        ("年满18周岁", (18, None)),
        ("45岁以下", (None, 45)),
        ("公司成立15年", (None, None)),
        ("14岁以下儿童", (None, None)),
    ],
)
def test_ages(text: str, ages: tuple[int | None, int | None]) -> None:
    assert reading.ages(text) == ages


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("10人", 10),
        ("招5名", 5),
        ("3-5人", 5),
        ("若干", None),
        ("不限人", None),
        ("33312323人", None),
        ("0人", None),
    ],
)
def test_headcounts(text: str, number: int | None) -> None:
    assert reading.people(text) == number


def test_a_description_is_read_whole() -> None:
    facts = reading.read_text(
        "招聘20名，两班倒，每天工作10小时，月休4天，包吃住，缴纳五险，高空作业"
    )
    assert facts.headcount == 20
    assert (facts.shift, facts.hours_per_day, facts.days_per_week) == (Shift.TWO, 10.0, 6.0)
    assert (facts.lodging, facts.meals, facts.insurance) == (True, True, True)


def test_a_denial_is_not_an_offer() -> None:
    facts = reading.read_text("不包吃住，不上夜班，无社保")
    assert (facts.lodging, facts.insurance) == (False, False)
    assert reading.night_in("不上夜班") is False


def test_kinds_of_employers() -> None:
    assert reading.read_kind("外资（非欧美）") == EmployerKind.FOREIGN
    assert reading.read_kind("民营公司| 500-1000人| 教育") == EmployerKind.PRIVATE
    assert reading.read_kind("") is None


def test_a_list_of_posts_still_says_what_is_offered_to_all() -> None:
    text = (
        "一、财务会计 1人 要求：3年以上工作经验 二、总经理助理 1人 要求：硕士学历，28-40岁 "
        "三、驾驶员 招聘2名 要求：初中以上学历，45岁以下。包住"
    )
    assert reading.read_text(text, "前台文员").lodging is True
    assert reading.read_text(text, "驾驶员").headcount == 2


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("享受15天带薪年假", None),
        ("5天8小时工作", 5.0),
        ("6天8小时工作制", 6.0),
        ("每周休1天", 6.0),
        ("单双休", 5.5),
    ],
)
def test_days_a_week(text: str, days: float | None) -> None:
    assert reading.read_text(text).days_per_week == days


def test_allowances_and_clever_heads_are_no_meals_and_no_flexible_hours() -> None:
    facts = reading.read_text("午餐补助，餐补，头脑灵活，不上夜班")
    assert (facts.meals, facts.shift) == (None, None)
    offered = reading.read_text("提供工作餐、住宿，2班倒")
    assert (offered.meals, offered.lodging) == (True, True)
    assert reading.night_in("2班倒") is True


def test_schooling_up_to_a_level_shuts_nobody_out() -> None:
    assert reading.schooling("初中及以下") == ("90", 0)
    assert reading.schooling("大专或本科") == ("31", 4)
    assert reading.schooling("技校") == ("41", 3)
