"""Names of one thing are found whatever their spaces, brackets, width and case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.kit.values.terms import Term, Vocabulary

WORDS = Vocabulary(
    [
        Term(
            "c", "电工证", ("低压电工证", "特种作业操作证(低压电工)", "电工证书"), trades=("电工",)
        ),
        Term("c", "高压电工证", (), ("电工证",)),
        Term("c", "进网证", (), ("高压电工证",)),
        Term("s", "Java", ("JAVA开发",)),
        Term("s", "C++", ()),
        Term("s", "办公软件", ("office",)),
    ]
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("持低压电工证上岗", ["低压电工证"]),
        ("特种作业操作证（低压电工）", ["特种作业操作证（低压电工）"]),
        ("电 工 证", ["电 工 证"]),
        ("电工,证件齐全", []),
        ("电工\n证件", []),
        ("JavaScript 与 Java", ["Java"]),
        ("会java开发", ["java开发"]),
        ("熟悉C++、OFFICE2010", ["C++"]),
        ("\uff4aava", ["\uff4aava"]),
        ("\ufb01rst Java", ["Java"]),
    ],
)
def test_mentions(text: str, names: list[str]) -> None:
    assert [text[one.start : one.end] for one in WORDS.mentions(text)] == names


def test_the_longest_name_wins() -> None:
    assert [one.term.name for one in WORDS.mentions("高压电工证、电工证书")] == [
        "高压电工证",
        "电工证",
    ]


def test_who_has_the_greater_has_the_lesser() -> None:
    assert WORDS.held(["进网证"]) == {"进网证", "高压电工证", "电工证"}
    assert WORDS.held(["电工证书", "木雕 工艺"]) == {"电工证", "木雕工艺"}


def test_an_unknown_name_is_kept_in_one_form() -> None:
    assert WORDS.name_of("（\uff21 甲）") == WORDS.name_of("a甲") == "a甲"
    assert WORDS.term("木雕") is None


def test_a_bare_certificate_is_meant_by_the_trade() -> None:
    meant = WORDS.meant("c", "车间电工")
    assert meant is not None
    assert meant.name == "电工证"
    assert WORDS.meant("s", "车间电工") is None
    assert WORDS.meant("c", "文员") is None


def test_no_terms_no_mentions() -> None:
    assert list(Vocabulary(()).mentions("电工证")) == []


@given(st.text(max_size=50))
def test_every_mention_is_a_name(text: str) -> None:
    for one in WORDS.mentions(text):
        assert WORDS.name_of(text[one.start : one.end]) == one.term.name
