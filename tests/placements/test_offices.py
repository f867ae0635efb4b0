"""Which office a person counts for: the earlier evidence, whatever the order it is asked in."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.placements.rules.offices import OfficeClaim, Work, by_evidence, same_work

_DAY = st.dates(date(2010, 1, 1), date(2010, 12, 31))
_AT = st.datetimes(datetime(2010, 1, 1), datetime(2011, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
_CLAIMS = st.builds(
    OfficeClaim, st.integers(1, 3), st.integers(1, 5), _DAY, _AT, proved=st.booleans()
)
FIRST = Work("某厂", date(2010, 3, 1), None)


@given(st.lists(_CLAIMS, min_size=1, max_size=6), st.randoms())
def test_the_order_of_asking_does_not_decide(claims: list[OfficeClaim], chance: object) -> None:
    shuffled = list(claims)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert by_evidence(shuffled) == by_evidence(claims)


@given(st.lists(_CLAIMS, min_size=1, max_size=6))
def test_the_earliest_proof_counts_before_any_claim_without_one(claims: list[OfficeClaim]) -> None:
    first = by_evidence(claims)[0]
    proved = [claim for claim in claims if claim.proved]
    assert first.proved == bool(proved)
    assert first.happened_on == min(claim.happened_on for claim in proved or claims)


def test_of_one_day_what_was_recorded_first_counts() -> None:
    at = datetime(2010, 3, 9, tzinfo=UTC)
    late = OfficeClaim(1, 1, date(2010, 3, 1), at)
    early = OfficeClaim(2, 1, date(2010, 3, 1), at - timedelta(days=1))
    assert by_evidence([late, early]) == [early, late]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (Work("某厂 ", date(2010, 8, 1), None), True),
        (Work("另一厂", date(2010, 3, 20), None), True),
        (Work("另一厂", date(2010, 8, 1), None), False),
        (Work("某厂", date(2010, 1, 1), date(2010, 2, 1)), False),
        (Work("某厂", None, None), False),
    ],
)
def test_two_offices_tell_of_the_same_work(other: Work, same: bool) -> None:
    assert same_work(FIRST, other) is same
    assert same_work(other, FIRST) is same
