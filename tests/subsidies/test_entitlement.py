"""Who is entitled, from when and to how much; the core against days counted one by one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.kit.clock import add_months
from jobfair.kit.events.rules import Grade
from jobfair.placements.rules.counting import Destination
from jobfair.seekers.rules.drafts import HouseholdCategory
from jobfair.subsidies.rules.entitlement import (
    Benefit,
    Labourer,
    Standing,
    Verdict,
    Why,
    Work,
    judge,
)
from jobfair.subsidies.rules.terms import (
    Beyond,
    Continuity,
    Family,
    Journey,
    Rate,
    Terms,
    TermsUnusable,
)
from tests.subsidies.factory import TRAVEL

HOME = "520502001"
BY_PLACE = replace(
    TRAVEL,
    code="by-place",
    rates=(
        Rate(Beyond.PROVINCE, 60_000, ("65",)),
        Rate(Beyond.PROVINCE, 40_000),
        Rate(Beyond.PREFECTURE, 30_000),
        Rate(Beyond.COUNTY, 20_000),
    ),
    cap_fen=60_000,
    journey=Journey.OWN,
)


def work(first: date, last: date | None = None, **more: object) -> Work:
    plain = Work(first, last, Destination.OUT_OF_PROVINCE, "44", None, Grade.B, organised=False)
    return replace(plain, **more)  # type: ignore[arg-type]


def asked(terms: Terms, day: date, *works: Work, **more: object) -> Verdict:
    return judge(terms, replace(Labourer(HOME, works=works), **more), day)  # type: ignore[arg-type]


def whys(verdict: Verdict) -> list[Why]:
    return [reason.why for reason in verdict.reasons]


def test_two_months_and_twenty_nine_days_are_entitled_from_the_first_of_april() -> None:
    running = work(date(2025, 1, 1))
    early = asked(TRAVEL, date(2025, 3, 30), running)
    assert (early.standing, early.since) == (Standing.LATER, date(2025, 4, 1))
    assert asked(TRAVEL, date(2025, 4, 1), running).standing is Standing.ENTITLED
    over = asked(TRAVEL, date(2025, 5, 1), work(date(2025, 1, 1), date(2025, 3, 30)))
    assert over.standing is Standing.NOT
    [reason] = over.reasons
    assert (reason.why, reason.params) == (
        Why.TOO_SHORT,
        {"months": 2, "days": 29, "needed": 3},
    )


@pytest.mark.parametrize(
    ("start", "since"),
    [
        (date(2025, 1, 31), date(2025, 4, 30)),  # the end of a shorter month
        (date(2024, 6, 1), date(2025, 4, 1)),  # counted from 1 January
        (date(2025, 9, 30), date(2025, 12, 30)),
        (date(2025, 10, 15), None),  # not in this year
    ],
)
def test_months_end_with_the_month_and_with_the_year(start: date, since: date | None) -> None:
    assert asked(TRAVEL, date(2025, 2, 1), work(start)).since == since


def test_a_change_of_employer_from_one_day_to_the_next_is_no_gap_but_a_free_day_is() -> None:
    first, day = work(date(2025, 1, 1), date(2025, 2, 10)), date(2025, 3, 1)
    assert asked(TRAVEL, day, first, work(date(2025, 2, 11))).since == date(2025, 4, 1)
    assert asked(TRAVEL, day, first, work(date(2025, 2, 12))).since == date(2025, 5, 12)
    together = replace(TRAVEL, continuity=Continuity.CUMULATIVE)
    assert asked(together, day, first, work(date(2025, 3, 20))).since == date(2025, 3, 20)


def test_an_organised_rider_is_refused_with_the_terms_and_the_batch() -> None:
    rode = work(date(2025, 1, 1), organised=True, batch="2025-03")
    verdict = asked(BY_PLACE, date(2025, 6, 1), rode)
    assert (verdict.standing, verdict.amount_fen) == (Standing.NOT, 0)
    [reason] = verdict.reasons
    assert reason.why is Why.WENT_ORGANISED
    assert reason.params == {"batch": "2025-03", "code": "by-place"}
    only = replace(BY_PLACE, journey=Journey.ORGANISED)
    assert asked(only, date(2025, 6, 1), rode).standing is Standing.ENTITLED
    assert whys(asked(only, date(2025, 6, 1), work(date(2025, 1, 1)))) == [Why.WENT_ALONE]


@pytest.mark.parametrize(
    ("destination", "province", "yuan"),
    [
        (Destination.OUT_OF_PROVINCE, "65", 600),
        (Destination.OUT_OF_PROVINCE, "44", 400),
        (Destination.IN_PROVINCE, "52", 300),
        (Destination.IN_PREFECTURE, "52", 200),
        (Destination.IN_COUNTY, "52", 0),
        (Destination.UNKNOWN, "", 0),
    ],
)
def test_the_amount_follows_the_place(destination: Destination, province: str, yuan: int) -> None:
    there = work(date(2025, 1, 1), destination=destination, province=province)
    verdict = asked(BY_PLACE, date(2025, 6, 1), there)
    assert verdict.amount_fen == yuan * 100
    assert whys(verdict) == ([] if yuan else [Why.TOO_NEAR])


def test_months_far_and_near_add_up_to_the_nearer_rate() -> None:
    near = work(date(2025, 1, 1), date(2025, 2, 28), destination=Destination.IN_PROVINCE)
    far = work(date(2025, 3, 1))
    assert asked(BY_PLACE, date(2025, 4, 1), near, far).amount_fen == 30_000
    assert asked(BY_PLACE, date(2025, 6, 1), near, far).amount_fen == 40_000


def test_months_are_paid_one_by_one_up_to_the_cap() -> None:
    monthly = replace(TRAVEL, per_month=True, rates=(Rate(Beyond.PROVINCE, 20_000),))
    running = work(date(2025, 1, 1))
    monthly = replace(monthly, cap_fen=90_000)
    paid = [asked(monthly, date(2025, n, 1), running).amount_fen for n in (4, 5, 6)]
    assert paid == [60_000, 80_000, 90_000]


def test_who_comes_into_the_category_counts_from_the_day_of_entry() -> None:
    poor = replace(TRAVEL, categories=(HouseholdCategory.AT_RISK,))
    running, day = work(date(2025, 1, 1), category="general"), date(2025, 6, 1)
    assert whys(asked(poor, day, running)) == [Why.CATEGORY]
    entered = asked(poor, day, running, category="at_risk", category_since=date(2025, 4, 15))
    assert (entered.standing, entered.since) == (Standing.LATER, date(2025, 7, 15))
    left = replace(running, category="at_risk")
    assert asked(poor, day, left, category="general").standing is Standing.ENTITLED


def test_nobody_is_paid_twice_whichever_county_pays_and_exclusive_money_is_named() -> None:
    running, day = work(date(2025, 1, 1)), date(2025, 6, 1)
    other = Benefit("7", "dafang-travel", Family.TRAVEL, 2025, 2025)
    verdict = asked(TRAVEL, day, running, benefits=(other,))
    assert (whys(verdict), verdict.reasons[0].params["claim"]) == ([Why.CLAIMED], "7")
    assert asked(TRAVEL, day, running, benefits=(replace(other, year=2024, period=2024),)).since
    for_life = replace(other, year=2019, period=0)
    assert whys(asked(TRAVEL, day, running, benefits=(for_life,))) == [Why.CLAIMED]
    stay = Benefit("8", "stay", Family.STAY_ON, 2025, 2025)
    assert asked(TRAVEL, day, running, benefits=(stay,)).since
    for terms, benefit in (
        (replace(TRAVEL, exclusive_with=("stay",)), stay),
        (TRAVEL, replace(stay, excludes=("bijie-travel",))),
    ):
        verdict = asked(terms, day, running, benefits=(benefit,))
        assert whys(verdict) == [Why.EXCLUDED]
        assert verdict.reasons[0].params == {"claim": "8", "code": "stay"}


def test_home_window_and_evidence_stand_in_the_way() -> None:
    running, day = work(date(2025, 1, 1)), date(2025, 6, 1)
    assert whys(asked(TRAVEL, day, running, home="520602")) == [Why.OTHER_HOME]
    assert whys(asked(TRAVEL, day)) == [Why.NO_WORK]
    weak = asked(TRAVEL, day, replace(running, grade=Grade.D))
    assert weak.reasons[0].params == {"year": 2025, "grade": "D", "needed": "B"}
    autumn = replace(TRAVEL, opens_on=date(2025, 9, 1), closes_on=date(2025, 9, 30))
    assert asked(autumn, day, running).since == date(2025, 9, 1)
    assert whys(asked(autumn, date(2025, 10, 1), running)) == [Why.OVER]
    assert whys(asked(autumn, day, work(date(2025, 8, 1)))) == [Why.OVER]


@pytest.mark.parametrize(
    "change",
    [
        {"rates": ()},
        {"rates": (Rate(Beyond.COUNTY, 1), Rate(Beyond.PROVINCE, 2))},
        {"min_months": 0},
        {"cap_fen": 0},
        {"closes_on": date(2024, 12, 31)},
    ],
)
def test_terms_that_contradict_each_other_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(TermsUnusable):
        replace(TRAVEL, **change)  # type: ignore[arg-type]


DAYS = st.dates(date(2024, 10, 1), date(2025, 12, 31))
GRADES = st.sampled_from(Grade)


@st.composite
def works(draw: st.DrawFn) -> tuple[Work, ...]:
    found = []
    for _ in range(draw(st.integers(0, 4))):
        first = draw(DAYS)
        length = draw(st.one_of(st.none(), st.integers(0, 200)))
        last = None if length is None else first + timedelta(days=length)
        where = draw(st.sampled_from(Destination))
        found.append(
            work(first, last, destination=where, grade=draw(GRADES), organised=draw(st.booleans()))
        )
    return tuple(found)


def _first_by_days(terms: Terms, found: Sequence[Work]) -> date | None:
    """Return the first day of the year with the months behind it, going day by day."""
    good = [
        (w.first, w.last or date.max)
        for w in found
        if w.grade <= terms.grade
        and any(rate.holds(w.destination, w.province) for rate in terms.rates)
        and not (terms.journey is Journey.OWN and w.organised)
    ]
    begun: date | None = None
    months: set[int] = set()
    for n in range(365):
        day = date(2025, 1, 1) + timedelta(days=n)
        there = any(first <= day <= last for first, last in good)
        begun = (begun or day) if there else None
        months |= {day.month} if there else set()
        full = len(months) >= terms.min_months
        if terms.continuity is Continuity.CONTINUOUS:
            full = begun is not None and day >= add_months(begun, terms.min_months)
        if full:
            return day
    return None


@given(
    works(),
    st.sampled_from([TRAVEL, BY_PLACE]),
    st.sampled_from(Continuity),
    st.integers(1, 6),
    DAYS.filter(lambda d: d.year == 2025),
)
def test_the_first_day_is_the_first_by_counting_days(
    found: tuple[Work, ...], terms: Terms, continuity: Continuity, months: int, today: date
) -> None:
    terms = replace(terms, continuity=continuity, min_months=months)
    since = _first_by_days(terms, found)
    verdict = asked(terms, today, *found)
    assert verdict.since == since
    assert (verdict.standing is Standing.ENTITLED) == (since is not None and since <= today)


@given(works(), st.sampled_from([TRAVEL, BY_PLACE]), st.booleans(), st.integers(1, 90_000), DAYS)
def test_never_more_than_the_cap_and_nothing_without_a_day(
    found: tuple[Work, ...], terms: Terms, per_month: bool, cap: int, today: date
) -> None:
    verdict = asked(replace(terms, per_month=per_month, cap_fen=cap), today, *found)
    assert 0 <= verdict.amount_fen <= cap
    assert (verdict.amount_fen > 0) == (verdict.since is not None)


@given(works(), st.sampled_from([TRAVEL, BY_PLACE]), st.integers(0, 3), GRADES, DAYS)
def test_better_evidence_never_makes_it_worse(
    found: tuple[Work, ...], terms: Terms, which: int, better: Grade, today: date
) -> None:
    before = asked(terms, today, *found)
    after = asked(
        terms,
        today,
        *(replace(w, grade=min(w.grade, better)) if n == which else w for n, w in enumerate(found)),
    )
    assert (after.since or date.max) <= (before.since or date.max)
    if before.standing is Standing.ENTITLED:
        assert after.standing is Standing.ENTITLED
        assert after.amount_fen >= before.amount_fen
