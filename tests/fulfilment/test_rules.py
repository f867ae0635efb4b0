"""What is owed and answered, how promises are weighed, what differs: the pure part."""

from datetime import date, timedelta
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.fulfilment.rules.answers import Answer, read_answer
from jobfair.fulfilment.rules.duties import (
    DutyState,
    Kept,
    OnRecord,
    Said,
    Term,
    answered_on,
    kept_of,
    state_of,
    window_of,
)
from jobfair.fulfilment.rules.promises import (
    LEAST,
    Pair,
    Prior,
    Promise,
    months_of_wage,
    prior_of,
    shrunk,
    weigh,
    weigh_cost,
)

END = date(2026, 3, 1)
OPENS = window_of(END, Term.DAY_30).opens_on
TODAY = date(2026, 6, 1)
shares = st.floats(0, 1)
priors = st.builds(Prior, shares, st.floats(2, 50))


@given(shares, st.integers(0, 10_000), priors)
def test_a_weighed_share_lies_between_what_was_said_and_what_all_show(
    raw: float, n: int, prior: Prior
) -> None:
    low, high = sorted((raw, prior.mean))
    assert low <= shrunk(raw, n, prior) <= high


@given(shares, st.integers(0, 5_000), st.integers(1, 5_000), priors)
def test_more_answers_bring_a_share_nearer_to_what_was_said(
    raw: float, n: int, more: int, prior: Prior
) -> None:
    few, many = shrunk(raw, n, prior), shrunk(raw, n + more, prior)
    assert abs(many - raw) <= abs(few - raw) + 1e-12


@given(st.lists(st.integers(0, 30).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))))
def test_the_prior_is_the_share_of_all_and_never_worth_more_than_fifty_answers(
    employers: list[tuple[int, int]],
) -> None:
    found = prior_of(employers)
    total = sum(n for n, _ in employers)
    if found is None:
        assert total == 0
    else:
        assert found.mean == pytest.approx(sum(kept for _, kept in employers) / total)
        assert 2 <= found.strength <= 50


def test_employers_that_differ_much_are_drawn_less() -> None:
    alike = prior_of([(20, 10)] * 10)
    apart = prior_of([(20, 0), (20, 20)] * 5)
    assert alike
    assert apart
    assert (alike.strength, apart.strength) == (50, 2)


@pytest.mark.parametrize(
    ("promise", "posted", "kept", "broken"),
    [
        (Promise.PAY, 180_000, 180_000, 179_999),
        (Promise.HOURS, 8, 8, 8.5),
        (Promise.DAYS, 6, 5, 7),
        (Promise.LODGING, 1, 1, 0),
        (Promise.FEES, 0, 0, 1),
    ],
)
def test_what_keeps_a_promise(promise: Promise, posted: float, kept: float, broken: float) -> None:
    assert Pair(promise, posted, kept).kept
    assert not Pair(promise, posted, broken).kept


def test_a_promise_is_weighed_from_three_answers_on() -> None:
    pairs = [Pair(Promise.PAY, 200, found) for found in (100, 200, 210)]
    prior = Prior(0.5, 6)
    few = weigh(Promise.PAY, pairs[:2], prior)
    enough = weigh(Promise.PAY, pairs, prior)
    assert few
    assert enough
    assert (few.few, few.share) == (True, None)
    assert (enough.n, enough.kept, enough.difference) == (LEAST, 2, 0)
    assert enough.share == pytest.approx(5 / 9)
    assert weigh(Promise.HOURS, pairs, prior) is None


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_cost_in_months_of_wage(costs: list[int]) -> None:
    months = [months_of_wage(cost, 500_000) for cost in costs]
    found = weigh_cost(months, Prior(mean(months), 10))
    assert found
    assert found.nothing == costs.count(0)
    if found.few:
        assert found.mean is None
    else:
        assert found.mean == pytest.approx(mean(costs) / 500_000)
    with pytest.raises(ValueError, match="wage"):
        months_of_wage(1, 0)


@pytest.mark.parametrize(
    ("term", "known", "answered"),
    [
        (Term.DAY_7, OnRecord(), False),
        (Term.DAY_7, OnRecord(word="arrived", word_told_on=END), True),
        (Term.DAY_30, OnRecord(word="arrived", word_told_on=OPENS), False),
        (Term.DAY_30, OnRecord(word="on_post", word_told_on=OPENS), False),
        (Term.DAY_30, OnRecord(word="on_post", word_told_on=OPENS, signed_on=END), True),
        (
            Term.DAY_30,
            OnRecord(word="on_post", word_told_on=OPENS - timedelta(days=1), signed_on=END),
            False,
        ),
        (Term.DAY_30, OnRecord(word="not_here", word_told_on=END), True),
        (Term.DAY_90, OnRecord(word="on_post", word_told_on=OPENS), False),
        (
            Term.DAY_90,
            OnRecord(word="on_post", word_told_on=OPENS, paid_told_on=OPENS),
            True,
        ),
        (Term.DAY_90, OnRecord(ended_on=END), True),
        (Term.DAY_90, OnRecord(answered_on=TODAY), True),
    ],
)
def test_what_is_on_record_is_not_asked_again(term: Term, known: OnRecord, answered: bool) -> None:
    assert (answered_on(term, OPENS, known) is not None) == answered


def test_a_duty_is_done_with_its_last_answer() -> None:
    early, late = END, TODAY
    assert state_of([early, None], exhibits=True) == (DutyState.OPEN, None)
    assert state_of([early, late], exhibits=True) == (DutyState.DONE, late)
    assert state_of([], exhibits=True) == (DutyState.DROPPED, None)
    assert state_of([early], exhibits=False) == (DutyState.DROPPED, None)


def test_how_duties_were_kept() -> None:
    day = timedelta(days=1)
    found = kept_of(
        [
            ("done", END, TODAY, TODAY),
            ("done", END, TODAY, TODAY + day),
            ("open", END, TODAY - day, None),
            ("open", END, TODAY, None),
            ("open", TODAY + day, TODAY + 8 * day, None),
            ("excused", END, TODAY - day, None),
        ],
        TODAY,
    )
    assert found == Kept(in_time=1, late=1, overdue=1, open=1)
    assert found.share == pytest.approx(1 / 3)
    assert Kept().share is None


@pytest.mark.parametrize(
    ("term", "typed", "found"),
    [
        (Term.DAY_7, {}, None),
        (Term.DAY_7, {"said": "came", "day": "2026-03-05"}, Answer(Said.CAME, date(2026, 3, 5))),
        (Term.DAY_7, {"said": "came"}, {"day"}),
        (Term.DAY_7, {"said": "came", "day": "2026-06-02"}, {"day"}),
        (Term.DAY_7, {"said": "on_post", "day": "2026-03-05"}, {"said"}),
        (Term.DAY_7, {"said": "not_come"}, {"why"}),
        (Term.DAY_7, {"said": "not_come", "why": "bored"}, {"why"}),
        (Term.DAY_30, {"said": "left", "why": "pay"}, {"day"}),
        (
            Term.DAY_30,
            {"said": "on_post", "day": "20260305", "signed_on": "2026年3月6日"},
            Answer(Said.ON_POST, date(2026, 3, 5), signed_on=date(2026, 3, 6)),
        ),
        (Term.DAY_30, {"said": "on_post", "day": "2026-03-05", "signed_on": "soon"}, {"signed_on"}),
        (
            Term.DAY_90,
            {"said": "on_post", "paid": "4,850.50"},
            Answer(Said.ON_POST, paid_fen=485_050),
        ),
        (Term.DAY_90, {"said": "on_post", "paid": "0"}, Answer(Said.ON_POST, paid_fen=0)),
        (Term.DAY_90, {"said": "on_post", "paid": "nan"}, {"paid"}),
        (Term.DAY_90, {"said": "on_post", "paid": ""}, {"paid"}),
    ],
)
def test_what_an_employer_types_is_read(term: Term, typed: dict[str, str], found: object) -> None:
    read = read_answer(term, typed, TODAY)
    assert (set(read) if isinstance(read, dict) else read) == found
