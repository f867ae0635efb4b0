"""Reads what is followed: placements that reached their post, with confirmations and ends."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from jobfair.kit.events.queries import counting
from jobfair.kit.events.rules import Grade
from jobfair.placements.models import Placement, PlacementEvent
from jobfair.placements.queries.exports import reached_post
from jobfair.placements.rules.kinds import EventKind, Word
from jobfair.retention.rules.courses import Course, Endpoint, Work, courses

# A relative's or a cadre's word keeps nobody in the count.
_GOOD = (Grade.A, Grade.B, Grade.C)
_SEEN = (EventKind.ON_POST, EventKind.FOLLOW_UP, EventKind.CONTACT_RESTORED)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose courses; None or empty is no limit.

    Attributes:
        endpoint: what staying means.
        as_of: what had happened by this day.
        known_at: what had been recorded by then; None for now.
        scope: the caller's division: only people whose home at the start begins with it.
        county: home county at the start.
        employer_id: the employer that a course began with.
        category: household category at the start.
        channel: how the work that it began with was found.
    """

    endpoint: Endpoint
    as_of: date
    known_at: datetime | None = None
    scope: str | None = None
    county: str | None = None
    employer_id: int | None = None
    category: str | None = None
    channel: str | None = None


def followed(session: Session, asked: Asked) -> list[Course]:
    """Return the courses asked for, in order of person and first day."""
    seen = _confirmations(session, asked)
    works: list[Work] = []
    chosen: set[int] = set()
    statement = reached_post(
        as_of=asked.as_of, known_at=asked.known_at, divisions=(asked.scope, asked.county)
    )
    for row in session.execute(statement.where(Placement.main)):
        works.append(
            Work(
                row.id,
                row.person,
                row.export,
                row.started_on,
                tuple(sorted(seen.get(row.id, ()))),
                row.ended_on,
                EventKind(row.end_kind) if row.end_kind else None,
                row.end_reason or "",
            )
        )
        if _chosen(row, asked):
            chosen.add(row.id)
    return [course for course in courses(works, asked.endpoint) if course.id in chosen]


def _chosen(row: Any, asked: Asked) -> bool:
    """Return whether a course that begins with this placement is asked for."""
    return (
        (asked.employer_id is None or row.employer_id == asked.employer_id)
        and (asked.category is None or row.household_category == asked.category)
        and (asked.channel is None or row.channel == asked.channel)
    )


def _confirmations(session: Session, asked: Asked) -> dict[int, list[date]]:
    event = aliased(PlacementEvent)
    own_word = and_(event.kind == EventKind.EMPLOYER_CONFIRMED, event.reason == Word.ON_POST)
    rows = session.execute(
        select(event.placement_id, event.occurred_on).where(
            or_(event.kind.in_(_SEEN), own_word),
            event.evidence_grade.in_(_GOOD),
            *counting(event, as_of=asked.as_of, known_at=asked.known_at),
        )
    )
    found: dict[int, list[date]] = {}
    for placement_id, day in rows:
        found.setdefault(placement_id, []).append(day)
    return found
