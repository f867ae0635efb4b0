"""The line of a placement: kinds of events, what each needs, and the state they add up to.

Source: events, order and preconditions follow the project's life cycle of a placement; minimum
age by the Labour Law of the PRC, Article 15.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from jobfair.kit.clock import day_of
from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.i18n import N_
from jobfair.seekers.rules.identity import age_on

WORKING_AGE = 16


class EventKind(StrEnum):
    """What happened; a reversal takes another event back."""

    INTENTION = "intention"
    CONTRACT_SIGNED = "contract_signed"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    ON_POST = "on_post"
    FOLLOW_UP = "follow_up"
    CHANGED_EMPLOYER = "changed_employer"
    RETURNED_HOME = "returned_home"
    LOST_CONTACT = "lost_contact"
    CONTACT_RESTORED = "contact_restored"
    EXEMPT = "exempt"
    REVERSAL = "reversal"


class Precision(StrEnum):
    """How exactly the day is known; the day kept is then the first of its month or year."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Grade(StrEnum):
    """Evidence: A third party's record, B employer, C the worker, D a relative, E none."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"


class Stage(StrEnum):
    """Where a placement stands."""

    PLANNED = "planned"
    SIGNED = "signed"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    ON_POST = "on_post"
    LOST = "lost"
    ENDED = "ended"


class EndReason(StrEnum):
    """Why a placement ended; seasonal returns are expected to go out again."""

    SEASONAL = "seasonal"
    FINAL = "final"
    ILLNESS = "illness"
    FAMILY = "family"
    LAYOFF = "layoff"
    UNKNOWN = "unknown"


KIND_NAMES: Mapping[str, str] = MappingProxyType(
    {
        EventKind.INTENTION: N_("Intention agreed"),
        EventKind.CONTRACT_SIGNED: N_("Contract signed"),
        EventKind.DEPARTED: N_("Departed"),
        EventKind.ARRIVED: N_("Arrived"),
        EventKind.ON_POST: N_("On post"),
        EventKind.FOLLOW_UP: N_("Followed up"),
        EventKind.CHANGED_EMPLOYER: N_("Changed employer"),
        EventKind.RETURNED_HOME: N_("Returned home"),
        EventKind.LOST_CONTACT: N_("Lost contact"),
        EventKind.CONTACT_RESTORED: N_("Contact restored"),
        EventKind.EXEMPT: N_("Taken out of the count"),
        EventKind.REVERSAL: N_("Reversed"),
    }
)
GRADE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Grade.A: N_("A: third party's record"),
        Grade.B: N_("B: employer's confirmation"),
        Grade.C: N_("C: the worker in person"),
        Grade.D: N_("D: relative or village cadre"),
        Grade.E: N_("E: no evidence"),
    }
)
STAGE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        Stage.PLANNED: N_("Intention"),
        Stage.SIGNED: N_("Contract only"),
        Stage.DEPARTED: N_("On the way"),
        Stage.ARRIVED: N_("Arrived, not yet on post"),
        Stage.ON_POST: N_("Working"),
        Stage.LOST: N_("Out of contact"),
        Stage.ENDED: N_("Ended"),
    }
)
REASON_NAMES: Mapping[str, str] = MappingProxyType(
    {
        EndReason.SEASONAL: N_("For the season, will go out again"),
        EndReason.FINAL: N_("For good"),
        EndReason.ILLNESS: N_("Illness"),
        EndReason.FAMILY: N_("Family"),
        EndReason.LAYOFF: N_("Laid off"),
        EndReason.UNKNOWN: N_("Reason not recorded"),
    }
)

ENDS = frozenset({EventKind.CHANGED_EMPLOYER, EventKind.RETURNED_HOME, EventKind.EXEMPT})
_ONCE = frozenset(
    {
        EventKind.INTENTION,
        EventKind.CONTRACT_SIGNED,
        EventKind.DEPARTED,
        EventKind.ARRIVED,
        EventKind.ON_POST,
    }
)
_AFTER_ON_POST = ENDS | {
    EventKind.FOLLOW_UP,
    EventKind.LOST_CONTACT,
    EventKind.CONTACT_RESTORED,
}


class TooYoung(Invalid):
    """Nobody under sixteen is placed in work."""

    code = "too_young"
    message = N_("The person was under %(age)s on that day and may not work yet.")


class NotYet(Invalid):
    """A thing that has not happened cannot be recorded as having happened."""

    code = "not_yet"
    message = N_("That day lies in the future. Record it when it has happened.")


class AlreadyHappened(Refusal):
    """The event is of a kind that happens once in a placement."""

    code = "already_happened"
    message = N_("This is recorded already. Reverse the earlier entry first if it is wrong.")


class NotOnPost(Refusal):
    """The event needs the first day at work before it."""

    code = "not_on_post"
    message = N_("Nobody has recorded the first day at work yet. Record that first.")


class AlreadyEnded(Refusal):
    """The placement ended before that day."""

    code = "already_ended"
    message = N_("The placement ended on %(day)s. Reverse the end first if it is wrong.")


class NotLost(Refusal):
    """Contact can be restored only after it was lost."""

    code = "not_lost"
    message = N_("Contact was not lost, so there is nothing to restore.")


class NothingToReverse(Refusal):
    """The event was reversed before, or is itself a reversal."""

    code = "nothing_to_reverse"
    message = N_("This entry was reversed before, or is a reversal itself. Record it anew.")


class ReasonMissing(Invalid):
    """A reversal says why."""

    code = "reason_missing"
    message = N_("Enter the reason.")


class OthersDepend(Refusal):
    """A later event makes sense only with the one to be reversed."""

    code = "others_depend"
    message = N_("Later entries stand on this one. Reverse those first.")


@dataclass(frozen=True, slots=True)
class Event:
    """One appended fact about a placement.

    Attributes:
        id: number in the order of recording.
        occurred_on: the Beijing day it happened, as exactly as ``precision`` says.
        recorded_at: when the system was told.
        reverses: id of the event that this one takes back, for a reversal only.
        reason: why: of an end (`EndReason`) or of a reversal (free text).
    """

    id: int
    kind: EventKind
    occurred_on: date
    recorded_at: datetime
    precision: Precision = Precision.DAY
    grade: Grade = Grade.E
    reverses: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """What a placement's events add up to; days are None until they are known."""

    intended_on: date | None = None
    signed_on: date | None = None
    departed_on: date | None = None
    arrived_on: date | None = None
    on_post_on: date | None = None
    confirmed_on: date | None = None
    lost_on: date | None = None
    ended_on: date | None = None
    end_kind: EventKind | None = None
    end_reason: str = ""

    @property
    def stage(self) -> Stage | None:
        """The furthest rung reached, None when nothing is known."""
        rungs: tuple[tuple[date | None, Stage], ...] = (
            (self.ended_on, Stage.ENDED),
            (self.lost_on, Stage.LOST),
            (self.on_post_on, Stage.ON_POST),
            (self.arrived_on, Stage.ARRIVED),
            (self.departed_on, Stage.DEPARTED),
            (self.signed_on, Stage.SIGNED),
            (self.intended_on, Stage.PLANNED),
        )
        return next((stage for day, stage in rungs if day), None)


def order(event: Event) -> tuple[date, datetime, int]:
    """Return the sort key by which events are folded."""
    return event.occurred_on, event.recorded_at, event.id


def visible(
    events: Iterable[Event], *, as_of: date | None = None, known_at: datetime | None = None
) -> list[Event]:
    """Return the events that count, in order.

    Args:
        events: everything recorded about one placement.
        as_of: only what had happened by this day; None for all.
        known_at: only what had been recorded by then, reversals included; None for all.
    """
    known = [e for e in events if known_at is None or e.recorded_at <= known_at]
    gone = {e.reverses for e in known if e.kind is EventKind.REVERSAL}
    return sorted(
        (
            e
            for e in known
            if e.kind is not EventKind.REVERSAL
            and e.id not in gone
            and (as_of is None or e.occurred_on <= as_of)
        ),
        key=order,
    )


def fold(events: Iterable[Event]) -> State:
    """Return the state that visible events, already in order, add up to."""
    state = State()
    for event in events:
        state = _step(state, event)
    return state


def state_at(
    events: Iterable[Event], *, as_of: date | None = None, known_at: datetime | None = None
) -> State:
    """Return the state as of a day, as it was known at an instant."""
    return fold(visible(events, as_of=as_of, known_at=known_at))


_DAY_OF = {
    EventKind.INTENTION: "intended_on",
    EventKind.CONTRACT_SIGNED: "signed_on",
    EventKind.DEPARTED: "departed_on",
    EventKind.ARRIVED: "arrived_on",
    EventKind.FOLLOW_UP: "confirmed_on",
}


def _step(state: State, event: Event) -> State:
    day = event.occurred_on
    if event.kind in ENDS:
        return replace(state, ended_on=day, end_kind=event.kind, end_reason=event.reason)
    if event.kind is EventKind.ON_POST:
        return replace(state, on_post_on=day, confirmed_on=day)
    if event.kind is EventKind.LOST_CONTACT:
        return replace(state, lost_on=day)
    if event.kind is EventKind.CONTACT_RESTORED:
        return replace(state, lost_on=None, confirmed_on=day)
    said: dict[str, Any] = {_DAY_OF[event.kind]: day}
    return replace(state, **said)


def check_line(events: Iterable[Event]) -> None:
    """Check that visible events, already in order, could have happened.

    A written contract may follow the first day at work, and returns are learnt late, so only
    what cannot be otherwise is refused.

    Raises:
        AlreadyHappened: a second first day, departure, arrival, contract or end.
        NotOnPost: an end, a follow-up or a loss of contact before the first day at work.
        AlreadyEnded: anything after the end, except on its day.
        NotLost: contact restored that was not lost.
    """
    state = State()
    seen: set[EventKind] = set()
    for event in events:
        _check_step(state, event, seen)
        seen.add(event.kind)
        state = _step(state, event)


def _check_step(state: State, event: Event, seen: set[EventKind]) -> None:
    if event.kind in seen and event.kind in _ONCE:
        raise AlreadyHappened
    if state.ended_on and (event.kind in ENDS or event.occurred_on > state.ended_on):
        raise AlreadyEnded(day=state.ended_on.isoformat())
    if event.kind in _AFTER_ON_POST and state.on_post_on is None:
        raise NotOnPost
    if event.kind is EventKind.CONTACT_RESTORED and state.lost_on is None:
        raise NotLost


def check_day(occurred_on: date, *, recorded_at: datetime, born: date | None) -> None:
    """Check the day of an event by itself.

    Args:
        occurred_on: the day, Beijing.
        recorded_at: when it is being recorded.
        born: the person's birth date, None when it is not known.

    Raises:
        NotYet: it lies in the future.
        TooYoung: before the sixteenth birthday.
    """
    if occurred_on > day_of(recorded_at):
        raise NotYet
    if born is not None and age_on(born, occurred_on) < WORKING_AGE:
        raise TooYoung(age=WORKING_AGE)


def check_append(line: Sequence[Event], event: Event) -> None:
    """Check that an event may join everything recorded about its placement.

    Raises:
        Refusal: one of those of `check_line`.
    """
    check_line(visible([*line, event]))


def check_reversal(line: Sequence[Event], event_id: int, reason: str) -> None:
    """Check that an event may be taken back.

    Raises:
        ReasonMissing: no reason.
        NothingToReverse: unknown, reversed before, or itself a reversal.
        OthersDepend: what remains could not have happened.
    """
    if not reason.strip():
        raise ReasonMissing
    counting = visible(line)
    if event_id not in {e.id for e in counting}:
        raise NothingToReverse
    try:
        check_line([e for e in counting if e.id != event_id])
    except Refusal as refusal:
        raise OthersDepend from refusal
