"""What a vacancy may not say, and what it may."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.employers.rules.drafts import MonthlyWage, PayType, PositionDraft
from jobfair.employers.rules.phrases import PHRASE_RULES, STOP, WARN
from jobfair.employers.rules.vacancy import check_draft, check_text, stops
from tests.employers.vacancy_lines import LINES

DAY = date(2010, 3, 6)


def _floor(_division: str, _on: date) -> int | None:
    return 90_000


def test_the_labelled_lines_are_told_apart() -> None:
    tally: Counter[str] = Counter()
    wrong: list[str] = []
    for line, expected in LINES:
        found = {finding.code for finding in check_text(line)}
        tally["hit"] += len(found & expected)
        tally["false alarm"] += len(found - expected)
        tally["missed"] += len(expected - found)
        if found != expected:
            wrong.append(f"{line}: found {sorted(found)}, expected {sorted(expected)}")
    precision = tally["hit"] / (tally["hit"] + tally["false alarm"])
    recall = tally["hit"] / (tally["hit"] + tally["missed"])
    assert len(LINES) >= 120
    assert precision >= 0.97, "\n".join(wrong)
    assert recall >= 0.97, "\n".join(wrong)


@pytest.mark.parametrize("rule", PHRASE_RULES, ids=lambda rule: rule.code)
def test_every_rule_names_its_clause_and_a_way_out(rule: object) -> None:
    assert getattr(rule, "clause")  # noqa: B009 - the parameter is typed by pytest as object
    assert getattr(rule, "suggestion")  # noqa: B009
    assert rule.severity in {STOP, WARN}  # type: ignore[attr-defined]


def test_prohibited_labour_makes_a_sex_limit_a_question_for_the_reviewer() -> None:
    findings = check_text("矿山井下作业，限男性")
    assert [(f.code, f.severity) for f in findings] == [("sex", WARN)]


def test_a_finding_shows_the_words_it_found() -> None:
    (finding,) = check_text("能吃苦耐劳，限男性，包吃住")
    assert finding.phrase == "限男性"


@pytest.mark.parametrize(
    ("wage", "pay_type", "codes"),
    [
        (MonthlyWage.from_yuan(899, 1200), PayType.MONTHLY, ["minimum_wage"]),
        (MonthlyWage.from_yuan(900, 1200), PayType.MONTHLY, []),
        (MonthlyWage.from_yuan(800, 1200), PayType.HOURLY, []),
        (None, PayType.NEGOTIABLE, []),
    ],
)
def test_pay_below_the_minimum_is_stopped(
    wage: MonthlyWage | None, pay_type: str, codes: list[str]
) -> None:
    draft = PositionDraft("普工", 10, wage, pay_type=pay_type, workplace_division="440307")
    assert [f.code for f in check_draft(draft, on=DAY, minimum=_floor)] == codes


@pytest.mark.parametrize(
    ("age", "risky", "code"), [(15, False, "child_labour"), (16, True, "minors"), (16, False, "")]
)
def test_the_lowest_age(age: int, risky: bool, code: str) -> None:
    draft = PositionDraft("普工", min_age=age, height_work=risky)
    findings = check_draft(draft, on=DAY)
    assert [f.code for f in findings] == ([code] if code else [])
    assert stops(findings) == (age < 16)


@given(st.text(max_size=200))
def test_any_text_can_be_checked(text: str) -> None:
    for finding in check_text(text):
        assert finding.phrase == "" or finding.phrase in text


@given(st.sampled_from(LINES), st.sampled_from(LINES))
def test_what_stops_alone_stops_in_company(
    first: tuple[str, frozenset[str]], second: tuple[str, frozenset[str]]
) -> None:
    """A harmless neighbour on another line never hides a phrase."""
    alone = {f.code for f in check_text(first[0])}
    together = {f.code for f in check_text(f"{first[0]}\n{second[0]}")}
    assert alone <= together
