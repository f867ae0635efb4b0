"""A student's line: applied, checked, admitted, travelled, enrolled, and leaving early.

Events are appended and reversed like those of a placement; grades of evidence are the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from jobfair.kit.errors import Refusal
from jobfair.kit.i18n import N_
from jobfair.placements.rules.events import (
    GRADE_NAMES,
    AlreadyHappened,
    Grade,
    NothingToReverse,
    OthersDepend,
    Precision,
    ReasonMissing,
)


class StudentEventKind(StrEnum):
    """What happened; a reversal takes another event back."""

    APPLIED = "applied"
    ELIGIBILITY_CHECKED = "eligibility_checked"
    ADMITTED = "admitted"
    TRAVELLED = "travelled"
    ENROLLED = "enrolled"
    WITHDRAWN = "withdrawn"
    TRANSFERRED = "transferred"
    EXPELLED = "expelled"
    DECEASED = "deceased"
    REVERSAL = "reversal"


class Level(StrEnum):
    """What the course leads to."""

    SECONDARY = "secondary"  # 中级工
    SENIOR = "senior"  # 高级工


class StudentStage(StrEnum):
    """Where a student stands."""

    APPLIED = "applied"
    CHECKED = "checked"
    ADMITTED = "admitted"
    ENROLLED = "enrolled"
    LEFT = "left"


STUDENT_KIND_NAMES: Mapping[str, str] = MappingProxyType(
    {
        StudentEventKind.APPLIED: N_("Applied"),
        StudentEventKind.ELIGIBILITY_CHECKED: N_("Eligibility checked"),
        StudentEventKind.ADMITTED: N_("Admitted"),
        StudentEventKind.TRAVELLED: N_("Travelled to the school"),
        StudentEventKind.ENROLLED: N_("Enrolled"),
        StudentEventKind.WITHDRAWN: N_("Withdrew"),
        StudentEventKind.TRANSFERRED: N_("Transferred to another school"),
        StudentEventKind.EXPELLED: N_("Expelled"),
        StudentEventKind.DECEASED: N_("Deceased"),
        StudentEventKind.REVERSAL: N_("Entry reversed"),
    }
)
STUDENT_GRADE_NAMES: Mapping[str, str] = MappingProxyType(
    {**GRADE_NAMES, Grade.B: N_("B: the school's own record")}
)
LEVEL_NAMES: Mapping[str, str] = MappingProxyType(
    {Level.SECONDARY: N_("Secondary technician"), Level.SENIOR: N_("Senior technician")}
)
STUDENT_STAGE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        StudentStage.APPLIED: N_("Applied, not yet checked"),
        StudentStage.CHECKED: N_("Eligible"),
        StudentStage.ADMITTED: N_("Admitted, not yet arrived"),
        StudentStage.ENROLLED: N_("On roll"),
        StudentStage.LEFT: N_("Left"),
    }
)

LEAVES = frozenset(
    {
        StudentEventKind.WITHDRAWN,
        StudentEventKind.TRANSFERRED,
        StudentEventKind.EXPELLED,
        StudentEventKind.DECEASED,
    }
)


class StepMissing(Refusal):
    """An earlier step of the intake is not recorded."""

    code = "step_missing"
    message = N_(
        "An earlier step is missing: applied, checked, admitted, enrolled. Record it first."
    )


class AlreadyLeft(Refusal):
    """The student left before that day."""

    code = "already_left"
    message = N_("The student left on %(day)s. Reverse that entry first if it is wrong.")


@dataclass(frozen=True, slots=True)
class StudentEvent:
    """One appended fact about a student; the fields are those of a placement's event."""

    id: int
    kind: StudentEventKind
    occurred_on: date
    recorded_at: datetime
    precision: Precision = Precision.DAY
    grade: Grade = Grade.E
    reverses: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StudentState:
    """What a student's events add up to."""

    applied_on: date | None = None
    checked_on: date | None = None
    admitted_on: date | None = None
    travelled_on: date | None = None
    enrolled_on: date | None = None
    left_on: date | None = None
    left_kind: StudentEventKind | None = None

    @property
    def stage(self) -> StudentStage | None:
        """The furthest step reached, None when nothing is known."""
        steps: tuple[tuple[date | None, StudentStage], ...] = (
            (self.left_on, StudentStage.LEFT),
            (self.enrolled_on, StudentStage.ENROLLED),
            (self.admitted_on, StudentStage.ADMITTED),
            (self.checked_on, StudentStage.CHECKED),
            (self.applied_on, StudentStage.APPLIED),
        )
        return next((stage for day, stage in steps if day), None)


_DAY_OF = {
    StudentEventKind.APPLIED: "applied_on",
    StudentEventKind.ELIGIBILITY_CHECKED: "checked_on",
    StudentEventKind.ADMITTED: "admitted_on",
    StudentEventKind.TRAVELLED: "travelled_on",
    StudentEventKind.ENROLLED: "enrolled_on",
}
# What must be on record before; nobody travels or enrols who was not admitted.
_NEEDS = {
    StudentEventKind.ELIGIBILITY_CHECKED: "applied_on",
    StudentEventKind.ADMITTED: "checked_on",
    StudentEventKind.TRAVELLED: "admitted_on",
    StudentEventKind.ENROLLED: "admitted_on",
}
# Several steps are often one day; then they happened in this order.
_RANK = {kind: rank for rank, kind in enumerate(StudentEventKind)}


def order(event: StudentEvent) -> tuple[date, int, datetime, int]:
    """Return the sort key by which events are folded: within a day by the order of the steps."""
    return event.occurred_on, _RANK[event.kind], event.recorded_at, event.id


def visible(
    events: Iterable[StudentEvent],
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> list[StudentEvent]:
    """Return the events that count, in order: happened by a day, recorded and not reversed."""
    known = [e for e in events if known_at is None or e.recorded_at <= known_at]
    gone = {e.reverses for e in known if e.kind is StudentEventKind.REVERSAL}
    return sorted(
        (
            e
            for e in known
            if e.kind is not StudentEventKind.REVERSAL
            and e.id not in gone
            and (as_of is None or e.occurred_on <= as_of)
        ),
        key=order,
    )


def fold(events: Iterable[StudentEvent]) -> StudentState:
    """Return the state that visible events, already in order, add up to."""
    state = StudentState()
    for event in events:
        state = _step(state, event)
    return state


def state_at(
    events: Iterable[StudentEvent],
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> StudentState:
    """Return the state as of a day, as it was known at an instant."""
    return fold(visible(events, as_of=as_of, known_at=known_at))


def _step(state: StudentState, event: StudentEvent) -> StudentState:
    if event.kind in LEAVES:
        return replace(state, left_on=event.occurred_on, left_kind=event.kind)
    said: dict[str, Any] = {_DAY_OF[event.kind]: event.occurred_on}
    return replace(state, **said)


def check_line(events: Iterable[StudentEvent]) -> None:
    """Check that visible events, already in order, could have happened.

    Raises:
        AlreadyHappened: a step twice.
        StepMissing: a step before the one it needs.
        AlreadyLeft: anything after leaving.
    """
    state = StudentState()
    seen: set[StudentEventKind] = set()
    for event in events:
        if state.left_on:
            raise AlreadyLeft(day=state.left_on.isoformat())
        if event.kind in seen:
            raise AlreadyHappened
        needed = _NEEDS.get(event.kind)
        if needed and getattr(state, needed) is None:
            raise StepMissing
        seen.add(event.kind)
        state = _step(state, event)


def check_append(line: Sequence[StudentEvent], event: StudentEvent) -> None:
    """Check that an event may join everything recorded about its student.

    Raises:
        Refusal: one of those of `check_line`.
    """
    check_line(visible([*line, event]))


def check_reversal(line: Sequence[StudentEvent], event_id: int, reason: str) -> None:
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
