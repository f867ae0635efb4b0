"""How many of those who began are still at work at a checkpoint, and how well that is known.

Source: the retention mathematics of export tracking. The cohort of a checkpoint are those whose
due day lies in the period; who is not due yet is in none. Always three figures: the least, which
takes everybody unknown for gone; among those known; and the most, which takes them for staying.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jobfair.follow_ups.rules.checkpoints import Checkpoint, window_of
from jobfair.retention.rules.courses import Course

# Below this share of known ones a rate is not printed.
KNOWN_ENOUGH = 0.70


class Standing(StrEnum):
    """What is known of somebody at a checkpoint."""

    EXEMPT = "exempt"
    LEFT = "left"
    STAYED = "stayed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Rate:
    """One checkpoint of a cohort; courses by what is known of them.

    Attributes:
        due: courses whose due day lies in the period, those out of the count left out.
    """

    checkpoint: Checkpoint
    stayed: tuple[int, ...]
    left: tuple[int, ...]
    unknown: tuple[int, ...]
    exempt: tuple[int, ...]

    @property
    def due(self) -> int:
        """How many the rates are of."""
        return len(self.stayed) + len(self.left) + len(self.unknown)

    @property
    def known_share(self) -> float | None:
        """Share of those due of whom is known whether they stayed."""
        return (len(self.stayed) + len(self.left)) / self.due if self.due else None

    @property
    def reportable(self) -> bool:
        """Whether enough is known for a rate to be printed."""
        return self.known_share is not None and self.known_share >= KNOWN_ENOUGH

    @property
    def low(self) -> float | None:
        """The least: everybody lost or overdue has left."""
        return len(self.stayed) / self.due if self.due else None

    @property
    def confirmed(self) -> float | None:
        """Among those of whom is known whether they stayed."""
        known = len(self.stayed) + len(self.left)
        return len(self.stayed) / known if known else None

    @property
    def high(self) -> float | None:
        """The most: everybody lost or overdue has stayed."""
        return (len(self.stayed) + len(self.unknown)) / self.due if self.due else None


def standing_at(course: Course, checkpoint: Checkpoint) -> Standing:
    """Return what is known of a course at a checkpoint.

    A confirmation in the checkpoint's window, or later, says that the person stayed; so does an
    end that came after the due day. An end by the due day says the opposite, whatever a call
    earlier in the window had found.
    """
    window = window_of(course.started_on, checkpoint)
    if course.exempt_on is not None and course.exempt_on <= window.due_on:
        return Standing.EXEMPT
    if course.ended_on is not None:
        return Standing.LEFT if course.ended_on <= window.due_on else Standing.STAYED
    seen = course.seen[-1] if course.seen else None
    # An exemption later than the due day says, as an end does, that the person was there till then.
    if course.exempt_on is not None or (seen is not None and seen >= window.opens_on):
        return Standing.STAYED
    return Standing.UNKNOWN


def rate_at(courses: Iterable[Course], checkpoint: Checkpoint, since: date, until: date) -> Rate:
    """Return a checkpoint's rate of those whose due day lies in a period, both ends included.

    Args:
        courses: as of ``until`` or later.
        checkpoint: which.
        since: first due day.
        until: last due day; not after the day that the courses are known as of.
    """
    found: dict[Standing, list[int]] = {standing: [] for standing in Standing}
    for course in courses:
        if since <= window_of(course.started_on, checkpoint).due_on <= until:
            found[standing_at(course, checkpoint)].append(course.id)
    return Rate(
        checkpoint,
        tuple(found[Standing.STAYED]),
        tuple(found[Standing.LEFT]),
        tuple(found[Standing.UNKNOWN]),
        tuple(found[Standing.EXEMPT]),
    )
