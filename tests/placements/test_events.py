"""The line of a placement: what is refused, and that folding equals a replay by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.kit.errors import Refusal
from jobfair.kit.events.rules import (
    AlreadyHappened,
    Event,
    Fact,
    Grade,
    NotYet,
    OthersDepend,
    Precision,
    check_happened,
)
from jobfair.placements.rules.events import (
    ENDS,
    LINE,
    AlreadyEnded,
    BeforeFirstDay,
    EmployerMustSay,
    EvidenceMissing,
    ExemptReasonMissing,
    HealthValues,
    InBatch,
    NotArrived,
    NotInBatch,
    NotLost,
    NotOnPost,
    PassedAlready,
    ReasonUnknown,
    State,
    TooYoung,
    check_age,
    check_evidence,
    check_order,
    earliest,
)
from jobfair.placements.rules.kinds import EventKind, Stage

Told = Event[EventKind]
START = date(2010, 3, 1)
T0 = datetime(2010, 3, 1, 8, tzinfo=UTC)
HAPPENINGS = [kind for kind in EventKind if kind is not EventKind.REVERSAL]


def event(n: int, kind: EventKind, day: int, *, told: int | None = None, **more: object) -> Told:
    at = T0 + timedelta(days=day if told is None else told, minutes=n)
    return Event(n, kind, START + timedelta(days=day), at, **more)  # type: ignore[arg-type]


ON_POST = event(1, EventKind.ON_POST, 0)
HOME = event(2, EventKind.RETURNED_HOME, 90, reason="seasonal")
SEAT = event(1, EventKind.BATCH_ASSIGNED, 0, reason="B1")
BOARDED = event(2, EventKind.BOARDED, 3)


def test_a_line_reads_as_its_last_rung() -> None:
    line = [event(1, EventKind.DEPARTED, 0), event(2, EventKind.ARRIVED, 2)]
    assert LINE.state_at(line).stage is Stage.ARRIVED
    assert LINE.state_at([]).stage is None
    lost = [ON_POST, event(2, EventKind.LOST_CONTACT, 40)]
    assert LINE.state_at(lost).stage is Stage.LOST
    restored = [*lost, event(3, EventKind.CONTACT_RESTORED, 50)]
    assert LINE.state_at(restored).stage is Stage.ON_POST
    assert LINE.state_at(restored).confirmed_on == START + timedelta(days=50)


def test_a_contract_may_follow_the_first_day() -> None:
    LINE.check_line(LINE.visible([ON_POST, event(2, EventKind.CONTRACT_SIGNED, 25)]))


@pytest.mark.parametrize(
    ("line", "told", "refusal"),
    [
        ([ON_POST], event(2, EventKind.ON_POST, 5), AlreadyHappened),
        ([], event(1, EventKind.FOLLOW_UP, 5), NotOnPost),
        ([], event(1, EventKind.RETURNED_HOME, 5), NotOnPost),
        ([ON_POST], event(2, EventKind.RETURNED_HOME, -5), NotOnPost),
        ([ON_POST, HOME], event(3, EventKind.FOLLOW_UP, 120), AlreadyEnded),
        ([ON_POST, HOME], event(3, EventKind.EXEMPT, 90), AlreadyEnded),
        ([ON_POST], event(2, EventKind.CONTACT_RESTORED, 5), NotLost),
        ([], event(1, EventKind.BOARDED, 0), NotInBatch),
        ([], event(1, EventKind.BATCH_LEFT, 0, reason="no_show"), NotInBatch),
        ([SEAT], event(2, EventKind.BATCH_ASSIGNED, 1, reason="B2"), InBatch),
        ([SEAT, BOARDED], event(3, EventKind.BATCH_LEFT, 4, reason="moved"), PassedAlready),
        ([SEAT, BOARDED], event(3, EventKind.BATCH_LEFT, 3, reason="moved"), NotInBatch),
        ([ON_POST], event(2, EventKind.DEPARTED, 1), PassedAlready),
        ([event(1, EventKind.ARRIVED, 2)], event(2, EventKind.DEPARTED, 3), PassedAlready),
        ([], event(1, EventKind.HANDED_OVER, 0), NotArrived),
        ([ON_POST], event(2, EventKind.LEFT_POST, -1), NotOnPost),
    ],
)
def test_what_cannot_have_happened_is_refused(
    line: list[Told], told: Told, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        LINE.check_append(line, told)


def test_a_journey_learnt_in_any_order_of_one_day_reads_in_its_own() -> None:
    steps = ("batch_assigned", "boarded", "departed", "arrived", "handed_over", "on_post")
    line = [event(n, EventKind(kind), 0, reason="B1") for n, kind in enumerate(reversed(steps), 1)]
    LINE.check_line(LINE.visible(line))
    assert [e.kind for e in LINE.visible(line)] == list(steps)
    assert LINE.state_at(line[1:]).stage is Stage.ARRIVED
    assert LINE.state_at(line[3:]).stage is Stage.DEPARTED
    assert LINE.state_at(line[5:]).stage is Stage.ASSIGNED


def test_the_employers_denial_is_open_until_it_says_otherwise_or_the_end_is_recorded() -> None:
    denied = [ON_POST, event(2, EventKind.EMPLOYER_CONFIRMED, 10, reason="not_here")]
    assert LINE.state_at(denied).disputed
    again = event(3, EventKind.EMPLOYER_CONFIRMED, 12, reason="on_post")
    assert not LINE.state_at([*denied, again]).disputed
    left = event(3, EventKind.LEFT_POST, 12, reason="pay")
    assert not LINE.state_at([*denied, left]).disputed
    assert LINE.state_at([*denied, left]).end_reason == "pay"
    assert not LINE.state_at(denied[1:]).disputed


@pytest.mark.parametrize(
    ("fact", "refusal"),
    [
        (Fact(EventKind.HEALTH_CHECKED, START, reason="大三阳"), ReasonUnknown),
        (Fact(EventKind.HEALTH_CHECKED, START), ReasonUnknown),
        (Fact(EventKind.HEALTH_CHECKED, START, evidence="HBsAg 阳性", reason="fit"), HealthValues),
        (Fact(EventKind.HEALTH_CHECKED, START, evidence="ALT 62 U/L", reason="fit"), HealthValues),
        (Fact(EventKind.EMPLOYER_CONFIRMED, START, reason="on_post"), EmployerMustSay),
        (Fact(EventKind.EMPLOYER_CONFIRMED, START, grade=Grade.B, reason="yes"), ReasonUnknown),
        (Fact(EventKind.LEFT_POST, START, reason="death"), ReasonUnknown),
        (Fact(EventKind.BATCH_ASSIGNED, START), ReasonUnknown),
        (Fact(EventKind.BATCH_LEFT, START, reason="late"), ReasonUnknown),
    ],
)
def test_a_fact_says_what_its_kind_must_say_and_no_more(
    fact: Fact[EventKind], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        check_evidence(fact)


def test_a_verdict_with_its_institution_and_day_is_taken() -> None:
    hospital = "毕节市第一人民医院 2010-02-20"
    check_evidence(Fact(EventKind.HEALTH_CHECKED, START, evidence=hospital, reason="fit"))


def test_what_was_learnt_late_is_taken() -> None:
    LINE.check_append([ON_POST, HOME], event(3, EventKind.FOLLOW_UP, 30, told=120))


def test_no_day_in_the_future_and_no_child() -> None:
    with pytest.raises(NotYet):
        check_happened(START + timedelta(days=1), T0)
    # 23:00 in London is already tomorrow in Beijing.
    check_happened(date(2010, 3, 2), datetime(2010, 3, 1, 23, tzinfo=UTC))
    with pytest.raises(TooYoung):
        check_age(START, date(1994, 3, 2))
    check_age(START, date(1994, 3, 1))


def test_the_first_day_is_not_reversed_under_what_stands_on_it() -> None:
    with pytest.raises(OthersDepend):
        LINE.check_reversal([ON_POST, HOME], 1, "typed wrong")


def test_an_end_before_the_first_day_is_told_as_that() -> None:
    with pytest.raises(BeforeFirstDay):
        check_order(Fact(EventKind.RETURNED_HOME, date(2010, 2, 1)), State(on_post_on=START))
    check_order(Fact(EventKind.DEPARTED, date(2010, 2, 1)), State(on_post_on=START))


def test_taking_somebody_out_of_the_count_is_proved_and_for_a_listed_reason() -> None:
    out = Fact(EventKind.EXEMPT, START, grade=Grade.A, evidence="2010-17", reason="death")
    check_evidence(out)
    with pytest.raises(ExemptReasonMissing):
        check_evidence(replace(out, reason="final"))
    for weak in (replace(out, grade=Grade.E), replace(out, evidence=" ")):
        with pytest.raises(EvidenceMissing):
            check_evidence(weak)
    check_evidence(Fact(EventKind.RETURNED_HOME, START))


@pytest.mark.parametrize(
    ("kind", "told", "kept"),
    [
        # Turned sixteen on 17 May: "May" cannot have been earlier.
        (EventKind.ON_POST, date(2010, 5, 1), date(2010, 5, 17)),
        (EventKind.ON_POST, date(2010, 6, 9), date(2010, 6, 1)),
        # The first day was 20 June: a return "in June" cannot have been earlier.
        (EventKind.RETURNED_HOME, date(2010, 6, 1), date(2010, 6, 20)),
        (EventKind.RETURNED_HOME, date(2010, 7, 9), date(2010, 7, 1)),
    ],
)
def test_a_vague_day_is_the_earliest_it_can_have_been(
    kind: EventKind, told: date, kept: date
) -> None:
    after = kind is EventKind.RETURNED_HOME
    state = State(on_post_on=date(2010, 6, 20) if after else None)
    fact = earliest(Fact(kind, told, Precision.MONTH), date(1994, 5, 17), state)
    assert fact.occurred_on == kept


@st.composite
def lines(draw: st.DrawFn) -> list[Told]:
    """Any events at all, told in any order, some of them reversed once."""
    days, words = st.integers(0, 40), st.sampled_from(("", "one", "two"))
    told = draw(
        st.lists(
            st.tuples(st.sampled_from(HAPPENINGS), days, st.integers(0, 60), words), max_size=12
        )
    )
    line = [
        event(n, kind, day, told=day + late, reason=word)
        for n, (kind, day, late, word) in enumerate(told, 1)
    ]
    targets = draw(st.lists(st.sampled_from(line), unique_by=lambda e: e.id)) if line else []
    for n, target in enumerate(targets, len(line) + 1):
        late = draw(st.integers(0, 60))
        line.append(
            event(n, EventKind.REVERSAL, 0, told=late + 60, reverses=target.id, reason="wrong")
        )
    return line


# What of one day comes first, written down apart from the rules; those of one place as recorded.
_DAY = (
    (EventKind.INTENTION, EventKind.CONTRACT_SIGNED, EventKind.HEALTH_CHECKED),
    (EventKind.BATCH_ASSIGNED, EventKind.BATCH_LEFT),
    (EventKind.BOARDED,),
    (EventKind.DEPARTED,),
    (EventKind.ARRIVED,),
    (EventKind.HANDED_OVER,),
    (EventKind.ON_POST,),
    (
        EventKind.EMPLOYER_CONFIRMED,
        EventKind.FOLLOW_UP,
        EventKind.LOST_CONTACT,
        EventKind.CONTACT_RESTORED,
    ),
    (
        EventKind.CHANGED_EMPLOYER,
        EventKind.LEFT_POST,
        EventKind.RETURNED_HOME,
        EventKind.EXEMPT,
    ),
    (EventKind.REMATCHED,),
)
WITHIN_A_DAY = {kind: place for place, kinds in enumerate(_DAY) for kind in kinds}


def replay(line: list[Told], as_of: date, known_at: datetime) -> State:
    """Do by hand, one field at a time, what the fold does."""
    gone = {e.reverses for e in line if e.reverses is not None and e.recorded_at <= known_at}
    left = [
        e
        for e in line
        if e.reverses is None
        and e.recorded_at <= known_at
        and e.occurred_on <= as_of
        and e.id not in gone
    ]
    left.sort(key=lambda e: (e.occurred_on, WITHIN_A_DAY[e.kind], e.recorded_at, e.id))

    def last(*kinds: EventKind) -> Told | None:
        return next((e for e in reversed(left) if e.kind in kinds), None)

    def day(*kinds: EventKind) -> date | None:
        found = last(*kinds)
        return found.occurred_on if found else None

    def reason(kind: EventKind) -> str:
        found = last(kind)
        return found.reason if found else ""

    contact = last(EventKind.LOST_CONTACT, EventKind.CONTACT_RESTORED)
    seat = last(EventKind.BATCH_ASSIGNED, EventKind.BATCH_LEFT)
    end = last(*ENDS)
    return State(
        intended_on=day(EventKind.INTENTION),
        signed_on=day(EventKind.CONTRACT_SIGNED),
        verdict=reason(EventKind.HEALTH_CHECKED),
        batch=seat.reason if seat and seat.kind is EventKind.BATCH_ASSIGNED else "",
        boarded_on=day(EventKind.BOARDED),
        departed_on=day(EventKind.DEPARTED),
        arrived_on=day(EventKind.ARRIVED),
        handed_over_on=day(EventKind.HANDED_OVER),
        on_post_on=day(EventKind.ON_POST),
        employer_said=reason(EventKind.EMPLOYER_CONFIRMED),
        employer_said_on=day(EventKind.EMPLOYER_CONFIRMED),
        confirmed_on=day(EventKind.ON_POST, EventKind.FOLLOW_UP, EventKind.CONTACT_RESTORED),
        lost_on=contact.occurred_on if contact and contact.kind is EventKind.LOST_CONTACT else None,
        ended_on=end.occurred_on if end else None,
        end_kind=end.kind if end else None,
        end_reason=end.reason if end else "",
    )


@given(lines(), st.integers(0, 45), st.integers(0, 130))
def test_as_of_and_known_at_equal_a_replay(line: list[Told], day: int, known: int) -> None:
    as_of, known_at = START + timedelta(days=day), T0 + timedelta(days=known)
    assert LINE.state_at(line, as_of=as_of, known_at=known_at) == replay(line, as_of, known_at)


accepted_calls = st.lists(
    st.tuples(st.sampled_from([*HAPPENINGS, None]), st.integers(0, 60), st.integers(1, 12)),
    max_size=15,
)


@given(accepted_calls)
def test_no_sequence_of_accepted_calls_leaves_the_diagram(
    calls: list[tuple[EventKind | None, int, int]],
) -> None:
    line: list[Told] = []
    for n, (kind, day, target) in enumerate(calls, 1):
        try:
            if kind is None:
                LINE.check_reversal(line, target, "wrong")
                told = event(n, EventKind.REVERSAL, 0, told=60 + n, reverses=target, reason="x")
            else:
                told = event(n, kind, day, told=60 + n, reason=f"{kind} {n}")
                LINE.check_append(line, told)
        except Refusal:
            continue
        before = LINE.fold(LINE.visible(line))
        line.append(told)
        state = LINE.fold(LINE.visible(line))
        LINE.check_line(LINE.visible(line))
        if kind is not None:
            back = event(n + 100, EventKind.REVERSAL, 0, told=99, reverses=n, reason="x")
            assert LINE.fold(LINE.visible([*line, back])) == before
        if state.handed_over_on:
            assert state.arrived_on is not None
        journey = (state.boarded_on, state.departed_on, state.arrived_on, state.handed_over_on)
        days = [day for day in (*journey, state.on_post_on) if day is not None]
        assert days == sorted(days)
        if state.ended_on or state.lost_on:
            assert state.on_post_on is not None
        if state.ended_on:
            assert state.on_post_on is not None
            assert state.on_post_on <= state.ended_on
