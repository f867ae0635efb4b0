"""Courses, rates and curves: against a count by hand and against another program's estimator."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import AalenJohansenFitter, KaplanMeierFitter

from jobfair.follow_ups.rules.checkpoints import Checkpoint, window_of
from jobfair.placements.rules.kinds import EventKind
from jobfair.retention.rules.courses import Course, Endpoint, Leaving, Work, courses
from jobfair.retention.rules.curves import curve_of, last_seen
from jobfair.retention.rules.rates import Standing, rate_at, standing_at

FIRST = date(2010, 3, 1)
AS_OF = FIRST + timedelta(days=420)
ENDED = {
    EventKind.CHANGED_EMPLOYER: Leaving.CHANGED,
    EventKind.RETURNED_HOME: Leaving.RETURNED,
    EventKind.LEFT_POST: Leaving.LEFT,
}


def work(n: int, start: int, end: int | None = None, **more: object) -> Work:
    return Work(
        n,
        int(more.pop("person", 1)),  # type: ignore[call-overload]
        bool(more.pop("export", True)),
        FIRST + timedelta(days=start),
        ended_on=None if end is None else FIRST + timedelta(days=end),
        **more,  # type: ignore[arg-type]
    )


HOME = EventKind.RETURNED_HOME


def test_with_the_same_employer_every_placement_is_followed_by_itself() -> None:
    told = [work(1, 0, 60, ended_by=EventKind.CHANGED_EMPLOYER), work(2, 60)]
    found = courses(told, Endpoint.SAME_EMPLOYER)
    assert [(c.id, c.leaving) for c in found] == [(1, Leaving.CHANGED), (2, None)]


@pytest.mark.parametrize(
    ("gap", "reason", "joined"),
    [(30, "family", True), (31, "family", False), (90, "seasonal", True), (91, "seasonal", False)],
)
def test_a_short_gap_is_bridged_and_after_a_season_a_longer_one(
    gap: int, reason: str, joined: bool
) -> None:
    told = [work(1, 0, 100, ended_by=HOME, reason=reason), work(2, 100 + gap)]
    found = courses(told, Endpoint.EMPLOYED_AWAY)
    assert len(found) == (1 if joined else 2)
    assert found[0].ended_on == (None if joined else FIRST + timedelta(days=100))


def test_work_in_the_home_county_goes_on_only_at_any_work() -> None:
    told = [work(1, 0, 100, ended_by=HOME), work(2, 110, export=False)]
    assert [c.ended_on is None for c in courses(told, Endpoint.EMPLOYED_AWAY)] == [False]
    assert [c.placements for c in courses(told, Endpoint.EMPLOYED_ANY)] == [(1, 2)]


def test_an_exemption_is_no_end() -> None:
    (found,) = courses([work(1, 0, 50, ended_by=EventKind.EXEMPT)], Endpoint.SAME_EMPLOYER)
    assert (found.ended_on, found.exempt_on) == (None, FIRST + timedelta(days=50))
    assert standing_at(found, Checkpoint.MONTH_1) is Standing.STAYED
    assert standing_at(found, Checkpoint.MONTH_3) is Standing.EXEMPT


COURSE = courses([work(1, 0)], Endpoint.SAME_EMPLOYER)[0]


@pytest.mark.parametrize(
    ("seen", "end", "standing"),
    [
        ((81,), None, Standing.UNKNOWN),  # 3 months are due on 1 June; the window opens on 22 May
        ((82,), None, Standing.STAYED),
        ((300,), None, Standing.STAYED),
        ((85,), 92, Standing.LEFT),
        ((), 93, Standing.STAYED),
        ((85,), 88, Standing.LEFT),
        ((), None, Standing.UNKNOWN),
    ],
)
def test_what_is_known_at_three_months(
    seen: tuple[int, ...], end: int | None, standing: Standing
) -> None:
    course = replace(
        COURSE,
        seen=tuple(FIRST + timedelta(days=day) for day in seen),
        ended_on=None if end is None else FIRST + timedelta(days=end),
    )
    assert standing_at(course, Checkpoint.MONTH_3) is standing


@st.composite
def cohorts(draw: st.DrawFn) -> list[Course]:
    """Courses with confirmations, ends and exemptions at any days until today."""
    told = []
    for n in range(1, draw(st.integers(2, 40))):
        start = draw(st.integers(0, 200))
        until = (AS_OF - FIRST).days - start
        seen = draw(st.lists(st.integers(0, until), max_size=4))
        end = draw(st.none() | st.integers(max([0, *seen]), until))
        kind = draw(st.sampled_from([*ENDED, EventKind.EXEMPT])) if end is not None else None
        told.append(
            work(
                n,
                start,
                None if end is None else start + end,
                person=n,
                seen=tuple(FIRST + timedelta(days=start + day) for day in sorted(seen)),
                ended_by=kind,
            )
        )
    return courses(told, Endpoint.SAME_EMPLOYER)


@settings(max_examples=50)
@given(cohorts(), st.sampled_from(Checkpoint), st.integers(0, 300), st.integers(0, 200))
def test_a_rate_counts_everybody_due_once_and_its_bounds_hold(
    cohort: list[Course], checkpoint: Checkpoint, since: int, length: int
) -> None:
    first = FIRST + timedelta(days=since)
    until = min(first + timedelta(days=length), AS_OF)
    rate = rate_at(cohort, checkpoint, first, until)
    due = [c for c in cohort if first <= window_of(c.started_on, checkpoint).due_on <= until]
    found = Counter((*rate.stayed, *rate.left, *rate.unknown, *rate.exempt))
    assert found == Counter(c.id for c in due)
    assert rate.due == len(due) - len(rate.exempt)
    if rate.due:
        assert rate.low is not None
        assert rate.high is not None
        assert rate.low <= (rate.confirmed if rate.confirmed is not None else 1) <= rate.high
    gone = {
        c.id for c in due if c.ended_on and c.ended_on <= window_of(c.started_on, checkpoint).due_on
    }
    assert set(rate.left) == gone


@settings(max_examples=15)
@given(cohorts())
def test_the_curve_is_the_one_that_another_program_draws(cohort: list[Course]) -> None:
    curve = curve_of(cohort, AS_OF)
    days = [((c.ended_on or last_seen(c)) - c.started_on).days for c in cohort]
    ended = [c.ended_on is not None for c in cohort]
    fitted = KaplanMeierFitter().fit(days, ended)
    np.testing.assert_allclose(curve.share, fitted.predict(curve.days), atol=1e-9)
    band = fitted.confidence_interval_survival_function_
    for mine, column in ((curve.band_low, 0), (curve.band_high, 1)):
        other = band.iloc[:, column].reindex(curve.days).to_numpy()
        both = ~np.isnan(mine) & ~np.isnan(other) & (curve.share > 0) & (curve.share < 1)
        np.testing.assert_allclose(mine[both], other[both], atol=1e-9)
    assert (curve.least <= curve.share + 1e-12).all()
    assert (curve.share <= curve.most + 1e-12).all()
    np.testing.assert_allclose(sum(curve.ends.values()) + curve.share, 1)


def test_competing_ends_are_those_that_another_program_adds_up() -> None:
    rows = [(3, "returned"), (5, "changed"), (5, None), (8, "returned"), (9, "left"), (9, None)]
    kinds = {leaving.value: kind for kind, leaving in ENDED.items()}
    told = [
        work(n, 0, day, person=n, ended_by=kinds[end])
        if end
        else work(n, 0, person=n, seen=(FIRST + timedelta(days=day),))
        for n, (day, end) in enumerate(rows, 1)
    ]
    curve = curve_of(courses(told, Endpoint.SAME_EMPLOYER), AS_OF)
    order = ["returned", "changed", "left"]
    codes = [order.index(end) + 1 if end else 0 for _day, end in rows]
    for n, leaving in enumerate(order, 1):
        fitter = AalenJohansenFitter(jitter_level=1e-7, seed=1, calculate_variance=False)
        fitted = fitter.fit([day for day, _end in rows], codes, event_of_interest=n)
        mine = curve.ends[Leaving(leaving)][-1]
        assert mine == pytest.approx(fitted.cumulative_density_.iloc[-1, 0], abs=1e-6)


def test_who_was_not_heard_of_again_does_not_hold_the_curve_up() -> None:
    seen = FIRST + timedelta(days=10)
    told = [work(1, 0, 40, person=1, ended_by=HOME), work(2, 0, person=2, seen=(seen,))]
    curve = curve_of(courses(told, Endpoint.SAME_EMPLOYER), AS_OF)
    assert curve.share_on(40) == 0
    assert curve.most[-1] == 0.5
    assert curve.share_on(39) == 1
    assert curve.least[-1] == 0
