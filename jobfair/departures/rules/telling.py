"""What the lines of riders' placements are told of a journey. Pure.

The journey says what should stand there now; what is missing is appended in this order, and what
stands there wrongly is taken back. So a record that comes days late, or is taken back, ends as if
it had come in time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jobfair.departures.rules.scans import Kind, Seen
from jobfair.departures.rules.states import State
from jobfair.kit.clock import day_of
from jobfair.placements.rules.kinds import EventKind, OffBatch

_NOT_YET = frozenset({State.DRAFT, State.OPEN})
_GONE = frozenset({State.DEPARTED, State.ARRIVED, State.HANDED_OVER, State.CLOSED})


@dataclass(frozen=True, slots=True)
class Due:
    """Something that a line should say."""

    kind: EventKind
    day: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """How a batch went.

    Attributes:
        number: what the batch is called.
        departs_on: as planned.
        departed_on: the day it left; None before.
    """

    number: str
    state: State
    departs_on: date
    departed_on: date | None


def due(
    course: Course,
    seen: Mapping[Kind, Seen],
    left: OffBatch | None,
    assigned_on: date | None,
    today: date,
) -> list[Due]:
    """Return what the line of a rider's placement should say of a journey, in order.

    Args:
        course: of the batch.
        seen: when the rider was seen, by kind.
        left: why the rider is off the roster.
        assigned_on: the day the line was told of the seat; None before.
        today: the Beijing day.
    """
    if course.state in _NOT_YET and assigned_on is None:
        return []
    gone = course.departed_on if course.state in _GONE else None
    leaves = gone or course.departs_on
    boarded = day_of(seen[Kind.BOARDED].at) if Kind.BOARDED in seen else None
    # Known only by the arrival at the other end, it was at the latest on the day of departure.
    boarded = min(boarded, gone or boarded) if boarded else None
    # A journey may leave before its planned day, or be told of long after.
    assigned = min(assigned_on or today, leaves, boarded or leaves)
    found = [Due(EventKind.BATCH_ASSIGNED, assigned, course.number)]
    if course.state is State.CANCELLED:
        left = left or OffBatch.MOVED
    if left is not None:
        off = Due(EventKind.BATCH_LEFT, min(today, leaves), left)
        return [*found, off] if assigned_on is not None else []
    if boarded:
        found.append(Due(EventKind.BOARDED, boarded))
    if gone is None:
        return found
    if boarded:
        found.append(Due(EventKind.DEPARTED, gone))
    reached = gone
    for kind in (Kind.ARRIVED, Kind.HANDED_OVER):
        if kind in seen:
            reached = max(reached, day_of(seen[kind].at))
            found.append(Due(EventKind(kind), reached))
    return found
