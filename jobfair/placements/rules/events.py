"""The line of a placement: kinds of events, what each needs, and the state they add up to.

Source: events, order and preconditions follow the project's life cycle of a placement; minimum
age by the Labour Law of the PRC, Article 15.
"""

from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.events.rules import AlreadyHappened, Event, Fact, Grade, Line, settled
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


class ExemptReason(StrEnum):
    """What takes somebody out of the count of those who should be at work; the list is closed."""

    DEATH = "death"
    PRISON = "prison"
    CONSCRIPTION = "conscription"
    STUDY = "study"
    INCAPACITY = "incapacity"


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

EXEMPT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        ExemptReason.DEATH: N_("Death"),
        ExemptReason.PRISON: N_("In prison"),
        ExemptReason.CONSCRIPTION: N_("Called up for military service"),
        ExemptReason.STUDY: N_("In full-time study"),
        ExemptReason.INCAPACITY: N_("Unable to work"),
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


class EvidenceMissing(Invalid):
    """What takes somebody out of the count must be proved."""

    code = "evidence_missing"
    message = N_(
        "Taking a person out of the count needs evidence: choose grade A to D and say where it is "
        "kept."
    )


class ExemptReasonMissing(Invalid):
    """Only the reasons of the closed list take somebody out of the count."""

    code = "exempt_reason_missing"
    message = N_("Choose why the person is taken out of the count; other reasons are an end.")


class BeforeFirstDay(Invalid):
    """The event needs the first day at work before it, and lies earlier."""

    code = "before_first_day"
    message = N_("The first day at work was %(day)s, and this lies before it. Check both dates.")


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


_DAY_OF = {
    EventKind.INTENTION: "intended_on",
    EventKind.CONTRACT_SIGNED: "signed_on",
    EventKind.DEPARTED: "departed_on",
    EventKind.ARRIVED: "arrived_on",
    EventKind.FOLLOW_UP: "confirmed_on",
}


def _step(state: State, event: Event[EventKind]) -> State:
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


def _check(state: State, event: Event[EventKind], seen: Collection[EventKind]) -> None:
    """Check what cannot be otherwise: a written contract may follow the first day at work.

    Raises:
        AlreadyHappened: a second first day, departure, arrival, contract or end.
        NotOnPost: an end, a follow-up or a loss of contact before the first day at work.
        AlreadyEnded: anything after the end, except on its day.
        NotLost: contact restored that was not lost.
    """
    if event.kind in seen and event.kind in _ONCE:
        raise AlreadyHappened
    if state.ended_on and (event.kind in ENDS or event.occurred_on > state.ended_on):
        raise AlreadyEnded(day=state.ended_on.isoformat())
    if event.kind in _AFTER_ON_POST and state.on_post_on is None:
        raise NotOnPost
    if event.kind is EventKind.CONTACT_RESTORED and state.lost_on is None:
        raise NotLost


LINE: Line[EventKind, State] = Line(State(), _step, _check)


def working_from(born: date) -> date:
    """Return the day from which a person may be placed."""
    year = born.year + WORKING_AGE
    return born.replace(year=year, day=min(born.day, monthrange(year, born.month)[1]))


def check_age(occurred_on: date, born: date) -> None:
    """Check that somebody had turned sixteen by a day.

    Raises:
        TooYoung: not yet.
    """
    if age_on(born, occurred_on) < WORKING_AGE:
        raise TooYoung(age=WORKING_AGE)


def check_order(fact: Fact[EventKind], state: State) -> None:
    """Check that an end or a follow-up does not lie before the first day at work.

    Raises:
        BeforeFirstDay: it does.
    """
    first = state.on_post_on
    if fact.kind in _AFTER_ON_POST and first is not None and fact.occurred_on < first:
        raise BeforeFirstDay(day=first.isoformat())


def check_evidence(fact: Fact[EventKind]) -> None:
    """Check that what takes somebody out of the count is proved and for one of the listed reasons.

    Raises:
        EvidenceMissing: no grade better than E, or nothing says where the evidence is kept.
        ExemptReasonMissing: none of the closed list.
    """
    if fact.kind is not EventKind.EXEMPT:
        return
    if fact.reason not in set(ExemptReason):
        raise ExemptReasonMissing
    if fact.grade is Grade.E or not fact.evidence.strip():
        raise EvidenceMissing


def earliest(fact: Fact[EventKind], born: date, state: State) -> Fact[EventKind]:
    """Return a fact on the earliest day it can have been, as `settled`.

    Nobody worked before the sixteenth birthday; an end or a follow-up comes after the first day.
    """
    after = state.on_post_on if fact.kind in _AFTER_ON_POST else None
    lost = state.lost_on if fact.kind is EventKind.CONTACT_RESTORED else None
    return settled(fact, working_from(born), after, lost)
