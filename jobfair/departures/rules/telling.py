"""What the lines of riders' placements are told of a journey. Pure.

The journey says what should stand there now; what is missing is appended in this order, and what
stands there wrongly is taken back. So a record that comes days late, or is taken back, ends as if
it had come in time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jobfair.departures.rules.roster import Left
from jobfair.departures.rules.scans import Kind, Seen
from jobfair.departures.rules.states import State
from jobfair.kit.clock import day_of
from jobfair.placements.rules.events import EventKind

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
        departs_on: as planned.
        departed_on: the day it left; None before.
    """

    state: State
    departs_on: date
    departed_on: date | None


def due(
    course: Course,
    seen: Mapping[Kind, Seen],
    left: Left | None,
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
        left = left or Left.MOVED
    assigned = Due(EventKind.BATCH_ASSIGNED, min(today, course.departs_on))
    if left is not None:
        day = min(today, course.departed_on or today)
        return [assigned, Due(EventKind.BATCH_LEFT, day, left)] if was_assigned else []
    found = [assigned]
    if Kind.BOARDED in seen:
        found.append(Due(EventKind.BOARDED, _day(seen[Kind.BOARDED])))
        if course.state in _GONE and course.departed_on is not None:
            found.append(Due(EventKind.DEPARTED, course.departed_on))
    if Kind.ARRIVED in seen and course.state in _GONE:
        found.append(Due(EventKind.ARRIVED, _day(seen[Kind.ARRIVED])))
    if Kind.HANDED_OVER in seen and course.state in _GONE:
        found.append(Due(EventKind.HANDED_OVER, _day(seen[Kind.HANDED_OVER])))
    return found


def _day(seen: Seen) -> date:
    return day_of(seen.at)
