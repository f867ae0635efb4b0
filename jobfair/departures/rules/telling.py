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
    told: Mapping[str, int | None],
    today: date,
) -> list[Due]:
    """Return what the line of a rider's placement should say of a journey, in order.

    Args:
        course: of the batch.
        seen: when the rider was seen, by kind.
        left: why the rider is off the roster.
        told: what the line was told before.
        today: the Beijing day.
    """
    was_assigned = EventKind.BATCH_ASSIGNED in told
    if course.state in _NOT_YET and not was_assigned:
        return []
    if course.state is State.CANCELLED:
        left = left or OffBatch.MOVED
    assigned = Due(EventKind.BATCH_ASSIGNED, min(today, course.departs_on), course.number)
    if left is not None:
        day = min(today, course.departed_on or course.departs_on)
        return [assigned, Due(EventKind.BATCH_LEFT, day, left)] if was_assigned else []
    found = [assigned]
    gone = course.departed_on if course.state in _GONE else None
    if Kind.BOARDED in seen:
        boarded = day_of(seen[Kind.BOARDED].at)
        # Known only by the arrival at the other end, it was at the latest on the day of departure.
        found.append(Due(EventKind.BOARDED, min(boarded, gone or boarded)))
    if gone is None:
        return found
    if Kind.BOARDED in seen:
        found.append(Due(EventKind.DEPARTED, gone))
    found += [
        Due(EventKind(kind), max(day_of(seen[kind].at), gone))
        for kind in (Kind.ARRIVED, Kind.HANDED_OVER)
        if kind in seen
    ]
    return found
