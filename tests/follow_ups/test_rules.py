"""Checkpoints, outcomes, lost contact, odd wages, sharing, samples: no database."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.follow_ups.rules.checkpoints import (
    OVERDUE_DAYS,
    Checkpoint,
    DueState,
    oldest_asked,
    reached,
    standing,
    window_of,
)
from jobfair.follow_ups.rules.outcomes import (
    Outcome,
    ReasonOfOther,
    Tried,
    Way,
    grade_of,
    kind_of,
    lost_on,
    reason_of,
)
from jobfair.follow_ups.rules.sampling import draw
from jobfair.follow_ups.rules.sharing import ToShare, share_out
from jobfair.kit.clock import add_months
from jobfair.placements.rules.kinds import EventKind
from jobfair.placements.rules.wages import OddWage, YearlyWage, check_wage

DAYS = st.dates(date(2005, 1, 1), date(2035, 12, 31))
FIRST = date(2010, 3, 8)
TRIES = st.builds(
    Tried,
    st.integers(0, 6).map(lambda n: FIRST + timedelta(days=n)),
    st.sampled_from([Way.PHONE, Way.MESSAGE, Way.RELATIVE]),
    st.booleans(),
)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2011, 1, 31), 1, date(2011, 2, 28)),
        (date(2012, 1, 31), 1, date(2012, 2, 29)),
        (date(2010, 11, 30), 3, date(2011, 2, 28)),
        (date(2012, 2, 29), 12, date(2013, 2, 28)),
        (date(2010, 12, 15), 1, date(2011, 1, 15)),
    ],
)
def test_a_month_ends_on_its_last_day(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


def test_windows_are_those_of_the_rules() -> None:
    found = {c: window_of(FIRST, c) for c in Checkpoint}
    week = found[Checkpoint.DAY_7]
    assert ((week.opens_on - FIRST).days, (week.closes_on - FIRST).days) == (5, 10)
    around = [((w.due_on - w.opens_on).days, (w.closes_on - w.due_on).days) for w in found.values()]
    assert around == [(2, 3), (5, 10), (10, 15), (10, 20), (15, 30)]
    assert found[Checkpoint.MONTH_12].due_on == date(2011, 3, 8)


@given(DAYS, DAYS)
def test_a_day_counts_for_the_one_checkpoint_that_is_open_or_for_none(
    first: date, day: date
) -> None:
    found = reached(first, day)
    states = {c: standing(first, c, day) for c in Checkpoint}
    if found is None:
        assert all(
            day < window_of(first, c).opens_on or state is not DueState.OPEN
            for c, state in states.items()
        )
    else:
        window = window_of(first, found)
        assert window.opens_on <= day <= window.closes_on + OVERDUE_DAYS
        assert states[found] is DueState.OPEN
    opened = [c for c in Checkpoint if window_of(first, c).opens_on <= day]
    assert sum(states[c] is DueState.OPEN for c in opened) <= 1


@given(DAYS, DAYS)
def test_before_the_oldest_first_day_nothing_is_asked(first: date, today: date) -> None:
    if first < oldest_asked(today) <= today:
        assert reached(first, today) is None
    elif window_of(first, Checkpoint.MONTH_12).opens_on <= today and not reached(first, today):
        # The last day of a shorter month.
        assert first - oldest_asked(today) <= timedelta(days=3)


@given(DAYS)
def test_windows_follow_one_another(first: date) -> None:
    windows = [window_of(first, c) for c in Checkpoint]
    for before, after in pairwise(windows):
        assert before.opens_on < before.due_on < before.closes_on < after.opens_on


def test_outcomes_write_what_they_mean() -> None:
    assert {o: kind_of(o) for o in Outcome} == {
        Outcome.ON_POST_SAME: EventKind.FOLLOW_UP,
        Outcome.ON_POST_OTHER: EventKind.CHANGED_EMPLOYER,
        Outcome.RETURNED_SEASONAL: EventKind.RETURNED_HOME,
        Outcome.RETURNED_FINAL: EventKind.RETURNED_HOME,
        Outcome.UNEMPLOYED_AWAY: EventKind.LEFT_POST,
        Outcome.IN_STUDY: EventKind.EXEMPT,
        Outcome.EXEMPT: EventKind.EXEMPT,
        Outcome.REFUSED: None,
        Outcome.UNREACHED: None,
    }
    assert reason_of(Outcome.RETURNED_SEASONAL, "") == "seasonal"
    assert reason_of(Outcome.IN_STUDY, "death") == "study"
    assert reason_of(Outcome.ON_POST_SAME, "pay") == ""
    for outcome, wrong in (
        (Outcome.RETURNED_FINAL, "seasonal"),
        (Outcome.UNEMPLOYED_AWAY, ""),
        (Outcome.EXEMPT, "family"),
    ):
        with pytest.raises(ReasonOfOther):
            reason_of(outcome, wrong)
    assert {w: grade_of(w).value for w in Way} == {
        Way.PHONE: "C",
        Way.VISIT: "C",
        Way.MESSAGE: "C",
        Way.EMPLOYER: "B",
        Way.RELATIVE: "D",
        Way.STATION: "C",
        Way.OWN_LINK: "C",
    }


@given(st.lists(TRIES, max_size=9))
def test_contact_is_lost_exactly_by_the_rule(tried: list[Tried]) -> None:
    """Looked at the other way round: what had failed by the end of each day."""
    answered = max((t.day for t in tried if t.reached), default=date.min)

    def lost(day: date) -> bool:
        failed = [t for t in tried if answered < t.day <= day]
        ways = {t.way for t in failed}
        return len({t.day for t in failed}) >= 3 and len(ways) > 1 and Way.RELATIVE in ways

    days = sorted({t.day for t in tried})
    assert lost_on(tried) == next((day for day in days if lost(day)), None)


def test_contact_is_lost_and_found_again() -> None:
    days = [FIRST + timedelta(days=n) for n in range(4)]
    by_phone = [Tried(day, Way.PHONE, reached=False) for day in days[:3]]
    assert lost_on(by_phone) is None  # one way
    assert lost_on([*by_phone[:2], Tried(days[1], Way.RELATIVE, reached=False)]) is None  # two days
    asked = [*by_phone[:2], Tried(days[2], Way.RELATIVE, reached=False)]
    assert lost_on(asked) == days[2]
    assert lost_on([*asked, Tried(days[3], Way.PHONE, reached=True)]) is None


def test_a_wage_far_from_the_median_asks() -> None:
    others = [480_000, 490_000, 500_000]
    for wage in (98_000, 490_000, 2_450_000):
        check_wage(wage, others)
    check_wage(3_500_000, [])
    with pytest.raises(OddWage) as odd:
        check_wage(3_500_000, [490_000 for _ in range(3)])
    assert "35,000 yuan a month? The median here is 4,900" in str(odd.value)
    with pytest.raises(OddWage):
        check_wage(97_999, others)
    with pytest.raises(YearlyWage) as yearly:
        check_wage(5_880_000, others)
    assert "enter 4,900" in str(yearly.value)


@given(
    st.lists(st.one_of(st.none(), st.integers(1, 4)), max_size=40),
    st.dictionaries(st.integers(1, 3), st.integers(0, 5), min_size=1),
)
def test_work_is_shared_evenly_and_people_stay_with_their_caller(
    known: list[int | None], loads: dict[int, int]
) -> None:
    work = [ToShare(n, caller) for n, caller in enumerate(known)]
    given_to = share_out(work, loads)
    assert set(given_to) == set(range(len(known)))
    kept = [w for w in work if w.known in loads]
    assert all(given_to[w.due_id] == w.known for w in kept)
    total = {c: n + sum(user == c for user in given_to.values()) for c, n in loads.items()}
    new = [given_to[w.due_id] for w in work if w.known not in loads]
    assert all(total[c] <= min(total.values()) + 1 for c in new)


@given(st.sets(st.integers(1, 400), max_size=120), st.text(max_size=5))
def test_a_sample_can_be_drawn_again_and_has_fifty_or_all(ids: set[int], seed: str) -> None:
    found = draw(ids, seed)
    assert found == draw(sorted(ids, reverse=True), seed)
    assert set(found) <= ids
    assert len(found) == min(50, len(ids))
