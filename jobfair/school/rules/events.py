"""A student's line: applied, checked, admitted, travelled, enrolled, and leaving early.

Events are appended and reversed like those of a placement; grades of evidence are the same.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from jobfair.kit.errors import Refusal
from jobfair.kit.events.rules import AlreadyHappened, Event, Fact, Grade, Line, settled
from jobfair.kit.i18n import N_
from jobfair.placements.rules.words import GRADE_NAMES


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
    {
        **GRADE_NAMES,
        Grade.B: N_("B: the school's own record"),
        Grade.C: N_("C: the student in person"),
    }
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
        "An earlier step is missing or lies after this day. The order is: applied, checked, "
        "admitted, enrolled."
    )


class AlreadyLeft(Refusal):
    """The student left before that day."""

    code = "already_left"
    message = N_("The student left on %(day)s. Reverse that entry first if it is wrong.")


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


def _step(state: StudentState, event: Event[StudentEventKind]) -> StudentState:
    if event.kind in LEAVES:
        return replace(state, left_on=event.occurred_on, left_kind=event.kind)
    said: dict[str, Any] = {_DAY_OF[event.kind]: event.occurred_on}
    return replace(state, **said)


def _check(
    state: StudentState, event: Event[StudentEventKind], seen: Collection[StudentEventKind]
) -> None:
    """Check that a step may follow.

    Raises:
        AlreadyLeft: anything after leaving.
        AlreadyHappened: a step twice.
        StepMissing: a step before the one it needs.
    """
    if state.left_on:
        raise AlreadyLeft(day=state.left_on.isoformat())
    if event.kind in seen:
        raise AlreadyHappened
    needed = _NEEDS.get(event.kind)
    if needed and getattr(state, needed) is None:
        raise StepMissing


LINE: Line[StudentEventKind, StudentState] = Line(
    StudentState(),
    _step,
    _check,
    # Several steps are often one day; then they happened in this order.
    rank={kind: rank for rank, kind in enumerate(StudentEventKind)},
)


def earliest(fact: Fact[StudentEventKind], state: StudentState) -> Fact[StudentEventKind]:
    """Return a fact on the earliest day it can have been: not before what is known already."""
    known = (state.applied_on, state.checked_on, state.admitted_on, state.enrolled_on)
    return settled(fact, *known)
