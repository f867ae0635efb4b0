"""The line of a placement: kinds of events, what each needs, and the state they add up to.

Source: events, order and preconditions follow the project's life cycle of a placement; minimum
age by the Labour Law of the PRC, Article 15.
"""

import re
from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from jobfair.kit.errors import Invalid, Refusal
from jobfair.kit.events.rules import AlreadyHappened, Event, Fact, Grade, Line, settled
from jobfair.kit.i18n import N_, translate
from jobfair.placements.rules.kinds import (
    EndReason,
    EventKind,
    ExemptReason,
    OffBatch,
    Stage,
    Verdict,
    Word,
)
from jobfair.placements.rules.words import KIND_NAMES
from jobfair.seekers.rules.identity import age_on

WORKING_AGE = 16


ENDS = frozenset(
    {
        EventKind.CHANGED_EMPLOYER,
        EventKind.LEFT_POST,
        EventKind.RETURNED_HOME,
        EventKind.EXEMPT,
    }
)
# The closed list that the reason of a kind is a word of.
REASONS: Mapping[EventKind, type[StrEnum]] = MappingProxyType(
    {
        EventKind.HEALTH_CHECKED: Verdict,
        EventKind.BATCH_LEFT: OffBatch,
        EventKind.EMPLOYER_CONFIRMED: Word,
        EventKind.LEFT_POST: EndReason,
        EventKind.RETURNED_HOME: EndReason,
        EventKind.EXEMPT: ExemptReason,
    }
)
_ONCE = frozenset(
    {
        EventKind.INTENTION,
        EventKind.CONTRACT_SIGNED,
        EventKind.BOARDED,
        EventKind.DEPARTED,
        EventKind.ARRIVED,
        EventKind.HANDED_OVER,
        EventKind.ON_POST,
    }
)
_AFTER_ON_POST = ENDS | {
    EventKind.FOLLOW_UP,
    EventKind.LOST_CONTACT,
    EventKind.CONTACT_RESTORED,
}
# What happens to somebody after the end, and stands on it.
_AFTER_END = frozenset({EventKind.REMATCHED})
# The journey has one direction, by whatever way it is learnt.
_JOURNEY = (
    EventKind.BATCH_ASSIGNED,
    EventKind.BATCH_LEFT,
    EventKind.BOARDED,
    EventKind.DEPARTED,
    EventKind.ARRIVED,
    EventKind.HANDED_OVER,
    EventKind.ON_POST,
)
# Within one day: the journey in its direction, then what needs the first day, then the end.
_RANK = (
    dict(zip(_JOURNEY, (1, 1, 2, 3, 4, 5, 6), strict=True))
    | dict.fromkeys(_AFTER_ON_POST, 7)
    | {EventKind.EMPLOYER_CONFIRMED: 7}
    | dict.fromkeys(ENDS, 8)
    | dict.fromkeys(_AFTER_END, 9)
)
# A clerk who writes down more than the verdict meant to be helpful; it must not be kept.
FINDINGS = re.compile(
    r"阳性|阴性|[大小]三阳|乙肝|肝炎|转氨酶|抗体|抗原|血[压糖红]|HBV|HBsAg|HIV|ALT|AST|\d+\s*(?:mmHg|U/L|mmol|g/L)",
    re.IGNORECASE,
)


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


class StillRunning(Refusal):
    """Nobody is referred again who is still at the post."""

    code = "still_running"
    message = N_("This placement is not over. Record its end first, then refer the person again.")


class ReasonUnknown(Invalid):
    """The reason is none of the words that this kind of event may give."""

    code = "reason_unknown"
    message = N_("Choose one of the reasons listed for this kind of entry.")


class HealthValues(Invalid):
    """A health check keeps the verdict and nothing else."""

    code = "health_values"
    message = N_(
        "Only the verdict of a health check may be kept. Findings and values were not stored: "
        "leave them out and choose the verdict."
    )


class EmployerMustSay(Invalid):
    """The employer's own word is evidence of grade B, with what it stands on."""

    code = "employer_must_say"
    message = N_(
        "The employer's word needs evidence of grade B or A: its own account, or a stamped list "
        "that is kept."
    )


class NotInBatch(Refusal):
    """Nobody boards, or is taken off, without a seat."""

    code = "not_in_batch"
    message = N_("This person has no seat in a departure batch. Put the person on a roster first.")


class InBatch(Refusal):
    """One seat at a time."""

    code = "in_batch"
    message = N_("This person has a seat in batch %(batch)s. Take the person off that one first.")


class NotArrived(Refusal):
    """Only who has arrived is handed over."""

    code = "not_arrived"
    message = N_("The arrival is not recorded yet. Record that first.")


class PassedAlready(Refusal):
    """A later step of the journey is on record for an earlier day."""

    code = "passed_already"
    message = N_("%(step)s is on record for %(day)s, and this cannot come after it.")


class NotLost(Refusal):
    """Contact can be restored only after it was lost."""

    code = "not_lost"
    message = N_("Contact was not lost, so there is nothing to restore.")


@dataclass(frozen=True, slots=True)
class State:
    """What a placement's events add up to; days are None until they are known."""

    intended_on: date | None = None
    signed_on: date | None = None
    verdict: str = ""
    batch: str = ""
    boarded_on: date | None = None
    departed_on: date | None = None
    arrived_on: date | None = None
    handed_over_on: date | None = None
    on_post_on: date | None = None
    confirmed_on: date | None = None
    employer_said: str = ""
    employer_said_on: date | None = None
    lost_on: date | None = None
    ended_on: date | None = None
    end_kind: EventKind | None = None
    end_reason: str = ""

    @property
    def stage(self) -> Stage | None:
        """The furthest rung reached, None when nothing is known."""
        rungs: tuple[tuple[date | str | None, Stage], ...] = (
            (self.ended_on, Stage.ENDED),
            (self.lost_on, Stage.LOST),
            (self.on_post_on, Stage.ON_POST),
            (self.handed_over_on or self.arrived_on, Stage.ARRIVED),
            (self.departed_on or self.boarded_on, Stage.DEPARTED),
            (self.batch, Stage.ASSIGNED),
            (self.signed_on, Stage.SIGNED),
            (self.intended_on or self.verdict or self.employer_said, Stage.PLANNED),
        )
        return next((stage for known, stage in rungs if known), None)

    @property
    def disputed(self) -> bool:
        """Whether the office has the person at work and the employer's last word denies it."""
        return (
            self.employer_said == Word.NOT_HERE
            and self.on_post_on is not None
            and self.ended_on is None
        )


_DAY_OF = {
    EventKind.INTENTION: ("intended_on",),
    EventKind.CONTRACT_SIGNED: ("signed_on",),
    EventKind.BOARDED: ("boarded_on",),
    EventKind.DEPARTED: ("departed_on",),
    EventKind.ARRIVED: ("arrived_on",),
    EventKind.HANDED_OVER: ("handed_over_on",),
    EventKind.ON_POST: ("on_post_on", "confirmed_on"),
    EventKind.EMPLOYER_CONFIRMED: ("employer_said_on",),
    EventKind.FOLLOW_UP: ("confirmed_on",),
    EventKind.LOST_CONTACT: ("lost_on",),
    EventKind.CONTACT_RESTORED: ("confirmed_on",),
}
_REASON_OF = {
    EventKind.HEALTH_CHECKED: "verdict",
    EventKind.BATCH_ASSIGNED: "batch",
    EventKind.EMPLOYER_CONFIRMED: "employer_said",
}
_TAKEN_BACK: Mapping[EventKind, Mapping[str, Any]] = {
    EventKind.BATCH_LEFT: {"batch": ""},
    EventKind.CONTACT_RESTORED: {"lost_on": None},
}


def _step(state: State, event: Event[EventKind]) -> State:
    if event.kind in ENDS:
        return replace(
            state, ended_on=event.occurred_on, end_kind=event.kind, end_reason=event.reason
        )
    said: dict[str, Any] = dict.fromkeys(_DAY_OF.get(event.kind, ()), event.occurred_on)
    if event.kind in _REASON_OF:
        said[_REASON_OF[event.kind]] = event.reason
    return replace(state, **said, **_TAKEN_BACK.get(event.kind, {}))


def _check(state: State, event: Event[EventKind], seen: Collection[EventKind]) -> None:
    """Check what cannot be otherwise: a written contract may follow the first day at work.

    Raises:
        AlreadyHappened: a second first day, departure, arrival, contract or end.
        NotOnPost: an end, a follow-up or a loss of contact before the first day at work.
        AlreadyEnded: anything after the end, except on its day.
        StillRunning: referred again while the post lasts.
        PassedAlready: a step of the journey after a later one.
        InBatch, NotInBatch: a second seat; boarding or leaving a batch without one.
        NotArrived: handed over without an arrival.
        NotLost: contact restored that was not lost.
    """
    if event.kind in seen and event.kind in _ONCE:
        raise AlreadyHappened
    if event.kind in _JOURNEY:
        _check_journey(state, event)
    if event.kind in _AFTER_END:
        if state.ended_on is None:
            raise StillRunning
        return
    if state.ended_on and (event.kind in ENDS or event.occurred_on > state.ended_on):
        raise AlreadyEnded(day=state.ended_on.isoformat())
    if event.kind in _AFTER_ON_POST and state.on_post_on is None:
        raise NotOnPost
    if event.kind is EventKind.CONTACT_RESTORED and state.lost_on is None:
        raise NotLost


def _check_journey(state: State, event: Event[EventKind]) -> None:
    later = (
        (EventKind.BOARDED, state.boarded_on),
        (EventKind.DEPARTED, state.departed_on),
        (EventKind.ARRIVED, state.arrived_on),
        (EventKind.HANDED_OVER, state.handed_over_on),
        (EventKind.ON_POST, state.on_post_on),
    )
    for step, day in later:
        if day is not None and _RANK[step] > _RANK[event.kind]:
            raise PassedAlready(step=translate(KIND_NAMES[step]), day=day.isoformat())
    if event.kind is EventKind.BATCH_ASSIGNED and state.batch:
        raise InBatch(batch=state.batch)
    if event.kind in {EventKind.BATCH_LEFT, EventKind.BOARDED} and not state.batch:
        raise NotInBatch
    if event.kind is EventKind.HANDED_OVER and state.arrived_on is None:
        raise NotArrived


LINE: Line[EventKind, State] = Line(State(), _step, _check, _RANK)


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
    """Check that a fact says what its kind must say, and stands on the evidence that it needs.

    Raises:
        ReasonUnknown: none of the words of its kind.
        HealthValues: more than the verdict of a health check.
        EvidenceMissing: taken out of the count without proof.
        ExemptReasonMissing: taken out of the count for a reason that does not do that.
        EmployerMustSay: an employer's word without its own account or list.
    """
    if fact.kind is EventKind.EXEMPT:
        if fact.reason not in set(ExemptReason):
            raise ExemptReasonMissing
        if fact.grade is Grade.E or not fact.evidence.strip():
            raise EvidenceMissing
    words = REASONS.get(fact.kind)
    if words is not None and (fact.reason or EndReason.UNKNOWN) not in set(words):
        raise ReasonUnknown
    if fact.kind is EventKind.BATCH_ASSIGNED and not fact.reason:
        raise ReasonUnknown
    if fact.kind is EventKind.HEALTH_CHECKED and FINDINGS.search(fact.evidence):
        raise HealthValues
    if fact.kind is EventKind.EMPLOYER_CONFIRMED and fact.grade not in {Grade.A, Grade.B}:
        raise EmployerMustSay


def earliest(fact: Fact[EventKind], born: date, state: State) -> Fact[EventKind]:
    """Return a fact on the earliest day it can have been, as `settled`.

    Nobody worked before the sixteenth birthday; an end or a follow-up comes after the first day.
    """
    after = state.on_post_on if fact.kind in _AFTER_ON_POST else None
    lost = state.lost_on if fact.kind is EventKind.CONTACT_RESTORED else None
    return settled(fact, working_from(born), after, lost)
