"""Which duties a fair brings and by when: Decree 505 by size, the city's notices by place."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.duties.rules import (
    DUTY_TITLES,
    Due,
    Duty,
    FairFacts,
    Source,
    duties_of,
    presses,
)

FIRST, LAST = date(2010, 3, 6), date(2010, 3, 7)
PERMITS = {Duty.PERMIT_COUNTY, Duty.PERMIT_PREFECTURE}


def _of(persons: int | None, division: str = "520502") -> dict[Duty, Due]:
    found = duties_of(FairFacts(FIRST, LAST, division, persons))
    return {due.duty: due for due in found}


@pytest.mark.parametrize(
    ("persons", "permit"),
    [
        (None, None),
        (999, None),
        (1_000, Duty.PERMIT_COUNTY),
        (4_999, Duty.PERMIT_COUNTY),
        (5_000, Duty.PERMIT_PREFECTURE),
    ],
)
def test_from_a_thousand_a_day_the_police_permits(persons: int | None, permit: Duty | None) -> None:
    found = _of(persons)
    assert found.keys() & PERMITS == ({permit} if permit else set())
    assert (Duty.CAPACITY in found) is (Duty.SAFETY_PLAN in found) is (permit is not None)
    if permit:
        assert found[permit].due_on == date(2010, 2, 14)  # 20 days before
        assert (found[permit].source, found[permit].articles) == (Source.DECREE_505, "2, 12, 13")


def test_days_before_and_after_are_counted_from_the_first_and_the_last_day() -> None:
    found = _of(None)
    assert found[Duty.FILING].due_on == date(2010, 2, 19)
    assert found[Duty.EMPLOYERS].due_on == date(2010, 3, 5)
    assert found[Duty.COMPLAINTS].due_on == FIRST
    assert found[Duty.STATISTICS].due_on == date(2010, 3, 14)
    assert found[Duty.CHANGE].due_on is None


def test_a_citys_notices_bind_there_and_the_decree_everywhere() -> None:
    elsewhere, there = _of(2_000), _of(2_000, "110105")
    assert not elsewhere[Duty.FILING].binding
    assert there[Duty.FILING].binding
    assert elsewhere[Duty.PERMIT_COUNTY].binding


@given(st.integers(0, 20_000), st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 30))
def test_every_duty_stands_once_in_order_and_has_words(
    persons: int, first: date, days: int
) -> None:
    last = first + timedelta(days=days)
    found = duties_of(FairFacts(first, last, "5205", persons))
    assert len({due.duty for due in found}) == len(found)
    assert all(due.duty in DUTY_TITLES for due in found)
    dated = [due.due_on for due in found if due.due_on is not None]
    assert dated == sorted(dated)
    assert [due.due_on for due in found][-1] is None


def test_what_presses_is_due_within_a_week_or_overdue() -> None:
    today = date(2010, 3, 1)
    days = [None, date(2010, 2, 1), today, date(2010, 3, 8), date(2010, 3, 9)]
    assert [presses(day, today) for day in days] == [False, True, True, True, False]
