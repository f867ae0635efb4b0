"""What a student may be paid, and how lists say it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.grants.rules.entitlement import (
    AMOUNTS,
    YEARS,
    GrantKind,
    Paid,
    entitled_fen,
    excesses,
    school_year_of,
)
from jobfair.grants.rules.reading import (
    NO_AMOUNT,
    NO_DAY,
    NO_DAYS,
    NO_KIND,
    NO_MONTH,
    NO_YEAR,
    MonthDraft,
    read_month,
    read_payment,
)

CELLS = {
    "kind": "国家助学金",
    "school_year": "",
    "amount": "750",
    "paid_on": "2010-11-05",
    "holder": "",
    "card": "",
    "reference": "",
}
MONTH = {"month": "2010-10", "days_due": "21", "days_present": "20", "room": "3-201"}


def test_a_school_year_begins_in_september() -> None:
    assert [school_year_of(date(2010, m, 1)) for m in (8, 9)] == [2009, 2010]
    assert school_year_of(date(2011, 6, 30)) == 2010


payments = st.lists(
    st.builds(Paid, st.sampled_from(GrantKind), st.integers(2008, 2014), st.integers(1, 500_000)),
    max_size=30,
)


@given(payments, st.integers(2009, 2012))
def test_what_is_beyond_is_counted_grant_by_grant_and_year_by_year(
    paid: list[Paid], intake: int
) -> None:
    found = {(one.kind, one.school_year): one for one in excesses(paid, intake)}
    for kind in GrantKind:
        for year in range(2008, 2015):
            own = [p.amount_fen for p in paid if (p.kind, p.school_year) == (kind, year)]
            allowed = AMOUNTS[kind] if 0 <= year - intake < YEARS else 0
            assert entitled_fen(kind, year, intake) == allowed
            one = found.get((kind, year))
            assert (one is not None) is (sum(own) > allowed)
            if one:
                assert (one.payments, one.paid_fen) == (len(own), sum(own))


@pytest.mark.parametrize(
    ("changes", "year", "fen"),
    [
        ({}, 2010, 75_000),
        ({"amount": "1,500.00", "paid_on": "2011.3.8"}, 2010, 150_000),
        ({"school_year": "2011-2012学年"}, 2011, 75_000),
        ({"school_year": "2009-10"}, 2009, 75_000),
        ({"kind": "免学费补助", "amount": "4000元"}, 2010, 400_000),
    ],
)
def test_lists_are_read_as_offices_write_them(changes: dict[str, str], year: int, fen: int) -> None:
    read = read_payment(CELLS | changes)
    assert not isinstance(read, list)
    assert (read.school_year, read.amount_fen) == (year, fen)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"kind": "奖品"}, ("kind", NO_KIND)),
        ({"amount": "12.345"}, ("amount", NO_AMOUNT)),
        ({"amount": "0"}, ("amount", NO_AMOUNT)),
        ({"amount": "-750"}, ("amount", NO_AMOUNT)),
        ({"paid_on": "11月初"}, ("paid_on", NO_DAY)),
        ({"school_year": "2010-2012"}, ("school_year", NO_YEAR)),
    ],
)
def test_what_cannot_be_read_is_told_with_its_field(
    changes: dict[str, str], fault: tuple[str, str]
) -> None:
    assert read_payment(CELLS | changes) == [fault]


def test_months_are_read_and_refused() -> None:
    assert read_month(MONTH) == MonthDraft(date(2010, 10, 1), 21, 20, "3-201")
    assert read_month(MONTH | {"month": "2010年9月", "days_due": "21天"}) == MonthDraft(
        date(2010, 9, 1), 21, 20, "3-201"
    )
    assert read_month(MONTH | {"month": "2010-13"}) == [("month", NO_MONTH)]
    assert read_month(MONTH | {"days_present": "22"}) == [("days_present", NO_DAYS)]
    assert read_month(MONTH | {"days_due": "many"}) == [("days_present", NO_DAYS)]
