"""The list of certificates and skills is one: no name stands for two things."""

from collections import Counter

import pytest

from jobfair.occupations.qualifications import CERTIFICATE, SKILL, qualifications


def test_no_name_stands_for_two_things() -> None:
    words = qualifications()
    for term in words.terms:
        assert term.kind in {CERTIFICATE, SKILL}
        for name in (term.name, *term.aliases):
            found = words.term(name)
            assert found is not None
            assert found.name == term.name, name
    counted = Counter(term.name for term in words.terms)
    assert max(counted.values()) == 1


def test_what_follows_is_in_the_list() -> None:
    names = {term.name for term in qualifications().terms}
    assert {one for term in qualifications().terms for one in term.implies} <= names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("低压电工证", "电工操作证"),
        ("特种作业操作证（低压电工作业）", "电工证"),
        ("特种设备作业人员证（叉车司机）", "叉车上岗证"),
        ("驾驶证（B2）", "B2照"),
        ("护士资格证", "护士执业证书"),
        ("电焊证", "特种作业操作证(焊接与热切割作业)"),
    ],
)
def test_names_that_meet(one: str, other: str) -> None:
    assert qualifications().name_of(one) == qualifications().name_of(other)


def test_names_that_do_not_meet() -> None:
    words = qualifications()
    assert words.name_of("高压电工证") != words.name_of("低压电工证")
    assert "电工证" in words.held(["高压电工证"])
    assert "高压电工证" not in words.held(["低压电工证"])
    assert words.held(["C1驾照"]) >= {"C1驾驶证", "驾驶证"}
    assert "B2驾驶证" not in words.held(["C1驾照"])
