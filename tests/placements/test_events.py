"""The line of a placement: what is refused, and that folding equals a replay by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfair.kit.errors import Refusal
from jobfair.placements.rules.events import (
    ENDS,
    AlreadyEnded,
    AlreadyHappened,
    Event,
    EventKind,
    NothingToReverse,
    NotLost,
    NotOnPost,
    NotYet,
    OthersDepend,
    ReasonMissing,
    Stage,
    State,
    TooYoung,
    check_append,
    check_day,
    check_line,
    check_reversal,
    fold,
    state_at,
    visible,
)

START = date(2010, 3, 1)
T0 = datetime(2010, 3, 1, 8, tzinfo=UTC)
HAPPENINGS = [kind for kind in EventKind if kind is not EventKind.REVERSAL]


def event(n: int, kind: EventKind, day: int, *, told: int | None = None, **more: object) -> Event:
    at = T0 + timedelta(days=day if told is None else told, minutes=n)
    return Event(n, kind, START + timedelta(days=day), at, **more)  # type: ignore[arg-type]


ON_POST = event(1, EventKind.ON_POST, 0)
HOME = event(2, EventKind.RETURNED_HOME, 90, reason="seasonal")


def test_a_line_reads_as_its_last_rung() -> None:
    line = [event(1, EventKind.DEPARTED, 0), event(2, EventKind.ARRIVED, 2)]
    assert state_at(line).stage is Stage.ARRIVED
    assert state_at([]).stage is None
    lost = [ON_POST, event(2, EventKind.LOST_CONTACT, 40)]
    assert state_at(lost).stage is Stage.LOST
    restored = [*lost, event(3, EventKind.CONTACT_RESTORED, 50)]
    assert state_at(restored).stage is Stage.ON_POST
    assert state_at(restored).confirmed_on == START + timedelta(days=50)


def test_a_contract_may_follow_the_first_day() -> None:
    check_line(visible([ON_POST, event(2, EventKind.CONTRACT_SIGNED, 25)]))


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
    ],
)
def test_what_cannot_have_happened_is_refused(
    line: list[Event], told: Event, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        check_append(line, told)


def test_what_was_learnt_late_is_taken() -> None:
    check_append([ON_POST, HOME], event(3, EventKind.FOLLOW_UP, 30, told=120))


def test_no_day_in_the_future_and_no_child() -> None:
    with pytest.raises(NotYet):
        check_day(START + timedelta(days=2), recorded_at=T0, born=None)
    # 23:00 in London is already tomorrow in Beijing.
    check_day(date(2010, 3, 2), recorded_at=datetime(2010, 3, 1, 23, tzinfo=UTC), born=None)
    with pytest.raises(TooYoung):
        check_day(START, recorded_at=T0, born=date(1994, 3, 2))
    check_day(START, recorded_at=T0, born=date(1994, 3, 1))


def test_a_reversal_needs_a_reason_and_something_to_reverse() -> None:
    line = [ON_POST, HOME]
    with pytest.raises(ReasonMissing):
        check_reversal(line, 2, "  ")
    with pytest.raises(NothingToReverse):
        check_reversal(line, 9, "typed wrong")
    with pytest.raises(OthersDepend):
        check_reversal(line, 1, "typed wrong")
    back = event(3, EventKind.REVERSAL, 100, reverses=2, reason="typed wrong")
    with pytest.raises(NothingToReverse):
        check_reversal([*line, back], 2, "again")
    with pytest.raises(NothingToReverse):
        check_reversal([*line, back], 3, "the reversal itself")


@st.composite
def lines(draw: st.DrawFn) -> list[Event]:
    """Any events at all, told in any order, some of them reversed once."""
    days = st.integers(0, 40)
    told = draw(
        st.lists(st.tuples(st.sampled_from(HAPPENINGS), days, st.integers(0, 60)), max_size=12)
    )
    line = [event(n, kind, day, told=day + late) for n, (kind, day, late) in enumerate(told, 1)]
    targets = draw(st.lists(st.sampled_from(line), unique_by=lambda e: e.id)) if line else []
    for n, target in enumerate(targets, len(line) + 1):
        late = draw(st.integers(0, 60))
        line.append(
            event(n, EventKind.REVERSAL, 0, told=late + 60, reverses=target.id, reason="wrong")
        )
    return line


def replay(line: list[Event], as_of: date, known_at: datetime) -> State:
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
    left.sort(key=lambda e: (e.occurred_on, e.recorded_at, e.id))

    def last(*kinds: EventKind) -> Event | None:
        return next((e for e in reversed(left) if e.kind in kinds), None)

    def day(*kinds: EventKind) -> date | None:
        found = last(*kinds)
        return found.occurred_on if found else None

    contact = last(EventKind.LOST_CONTACT, EventKind.CONTACT_RESTORED)
    end = last(*ENDS)
    return State(
        intended_on=day(EventKind.INTENTION),
        signed_on=day(EventKind.CONTRACT_SIGNED),
        departed_on=day(EventKind.DEPARTED),
        arrived_on=day(EventKind.ARRIVED),
        on_post_on=day(EventKind.ON_POST),
        confirmed_on=day(EventKind.ON_POST, EventKind.FOLLOW_UP, EventKind.CONTACT_RESTORED),
        lost_on=contact.occurred_on if contact and contact.kind is EventKind.LOST_CONTACT else None,
        ended_on=end.occurred_on if end else None,
        end_kind=end.kind if end else None,
        end_reason=end.reason if end else "",
    )


@given(lines(), st.integers(0, 45), st.integers(0, 130))
def test_as_of_and_known_at_equal_a_replay(line: list[Event], day: int, known: int) -> None:
    as_of, known_at = START + timedelta(days=day), T0 + timedelta(days=known)
    assert state_at(line, as_of=as_of, known_at=known_at) == replay(line, as_of, known_at)


@given(lines(), st.randoms(use_true_random=False))
def test_the_order_of_reading_does_not_matter(line: list[Event], chance: object) -> None:
    mixed = list(line)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert state_at(mixed) == state_at(line)


@given(lines(), st.sampled_from(HAPPENINGS), st.integers(0, 40))
def test_a_reversal_restores_the_state(line: list[Event], kind: EventKind, day: int) -> None:
    before = state_at(line)
    added = event(500, kind, day, told=200)
    undone = event(501, EventKind.REVERSAL, 0, told=201, reverses=500, reason="wrong")
    assert state_at([*line, added, undone]) == before
    # Who asks what was known before the reversal still sees the entry.
    known_at = T0 + timedelta(days=200, minutes=500)
    assert state_at([*line, added, undone], known_at=known_at) == state_at([*line, added])


accepted_calls = st.lists(
    st.tuples(st.sampled_from([*HAPPENINGS, None]), st.integers(0, 60), st.integers(1, 12)),
    max_size=15,
)


@given(accepted_calls)
def test_no_sequence_of_accepted_calls_leaves_the_diagram(
    calls: list[tuple[EventKind | None, int, int]],
) -> None:
    line: list[Event] = []
    for n, (kind, day, target) in enumerate(calls, 1):
        try:
            if kind is None:
                check_reversal(line, target, "wrong")
                told = event(n, EventKind.REVERSAL, 0, told=60 + n, reverses=target, reason="x")
            else:
                told = event(n, kind, day, told=60 + n)
                check_append(line, told)
        except Refusal:
            continue
        line.append(told)
        state = fold(visible(line))
        check_line(visible(line))
        if state.ended_on or state.lost_on:
            assert state.on_post_on is not None
        if state.ended_on:
            assert state.on_post_on is not None
            assert state.on_post_on <= state.ended_on
