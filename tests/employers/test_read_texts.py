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
        "招聘20名，初中以上学历，3年以上焊接经验，须持电工证，有叉车证优先，"
        "两班倒，每天工作10小时，月休4天，包吃住，缴纳五险，高空作业"
    )
    assert (facts.headcount, facts.education, facts.experience) == (20, ("71", 2), 3)
    assert (facts.shift, facts.hours_per_day, facts.days_per_week) == (Shift.TWO, 10.0, 6.0)
    assert (facts.lodging, facts.meals, facts.insurance) == (True, True, True)
    assert (facts.night_shift, facts.height_work) == (True, True)
    assert facts.certificates == ("电工证",)


def test_a_denial_is_not_an_offer() -> None:
    facts = reading.read_text("不包吃住，不上夜班，无社保")
    assert (facts.lodging, facts.night_shift, facts.insurance) == (False, False, False)


def test_kinds_of_employers() -> None:
    assert reading.read_kind("外资（非欧美）") == EmployerKind.FOREIGN
    assert reading.read_kind("民营公司| 500-1000人| 教育") == EmployerKind.PRIVATE
    assert reading.read_kind("") is None
