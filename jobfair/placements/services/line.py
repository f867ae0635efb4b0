"""A placement's line: append what happened, reverse what was wrong, change employer."""

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from jobfair.kit import audit, clock
from jobfair.kit.errors import NotFound
from jobfair.placements.models import Placement, PlacementEvent
from jobfair.placements.queries.lines import event_of
from jobfair.placements.rules.drafts import Fact, PlacementDraft, Recorder
from jobfair.placements.rules.events import (
    Event,
    EventKind,
    check_append,
    check_day,
    check_reversal,
    state_at,
)
from jobfair.placements.services.recording import (
    check_free,
    event_row,
    known_spells,
    record_placement,
)
from jobfair.seekers import services as seekers
from jobfair.seekers.models import Seeker


def append_event(session: Session, placement_id: int, fact: Fact, recorder: Recorder) -> int:
    """Append what happened to a placement's line and return the event's id.

    Raises:
        NotFound: no such placement.
        Refusal: it cannot have happened; the message says what is missing.
    """
    placement = _lock(session, placement_id)
    born = session.execute(
        select(Seeker.birth_date).where(Seeker.id == placement.seeker_id)
    ).scalar_one()
    at = clock.now()
    check_day(fact.occurred_on, recorded_at=at, born=born)
    line = _line(session, placement_id)
    newest = max((event.id for event in line), default=0) + 1
    told = Event(newest, fact.kind, fact.occurred_on, at, reason=fact.reason)
    check_append(line, told)
    _check_time(session, placement, [*line, told])
    row = event_row(
        placement_id, placement.seeker_id, fact, recorder=recorder, at=at, source="form"
    )
    event_id = session.execute(
        insert(PlacementEvent).returning(PlacementEvent.id), [row]
    ).scalar_one()
    _refresh(session, placement, [*line, told])
    audit.record(
        session,
        f"placement.{fact.kind}",
        subject="placement",
        subject_id=placement_id,
        detail={"event": event_id, "grade": str(fact.grade)},
    )
    return event_id


def reverse_event(session: Session, event_id: int, reason: str, recorder: Recorder) -> int:
    """Take an event back by appending a reversal, and return the placement's id.

    Raises:
        NotFound: no such event.
        Refusal: no reason, reversed before, or later events stand on it.
    """
    found = session.execute(
        select(PlacementEvent).where(PlacementEvent.id == event_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    placement = _lock(session, found.placement_id)
    line = _line(session, placement.id)
    check_reversal(line, event_id, reason)
    at = clock.now()
    newest = max(event.id for event in line) + 1
    told = Event(newest, EventKind.REVERSAL, clock.today(), at, reverses=event_id, reason=reason)
    _check_time(session, placement, [*line, told])
    session.execute(
        insert(PlacementEvent),
        [
            event_row(
                placement.id,
                placement.seeker_id,
                Fact(EventKind.REVERSAL, clock.today(), reason=reason.strip()),
                recorder=recorder,
                at=at,
                source="form",
            )
            | {"reverses_id": event_id}
        ],
    )
    _refresh(session, placement, [*line, told])
    audit.record(
        session,
        "placement.reverse",
        subject="placement",
        subject_id=placement.id,
        detail={"event": event_id, "kind": found.kind},
    )
    return placement.id


def change_employer(
    session: Session,
    placement_id: int,
    draft: PlacementDraft,
    recorder: Recorder,
) -> int:
    """Close a placement and open the next one on the same day; return the new placement's id.

    Raises:
        NotFound: no such placement.
        Refusal: the old one is not running, or the new one is refused.
        ValueError: the draft has no first day.
    """
    if draft.started_on is None:
        raise ValueError("a change of employer happens on a day")
    placement = _lock(session, placement_id)
    fact = Fact(
        EventKind.CHANGED_EMPLOYER, draft.started_on, draft.precision, draft.grade, draft.evidence
    )
    append_event(session, placement_id, fact, recorder)
    return record_placement(session, placement.seeker_id, draft, recorder, previous_id=placement_id)


def _lock(session: Session, placement_id: int) -> Placement:
    placement = session.execute(
        select(Placement).where(Placement.id == placement_id).with_for_update()
    ).scalar_one_or_none()
    if placement is None:
        raise NotFound
    return placement


def _line(session: Session, placement_id: int) -> list[Event]:
    rows = session.execute(
        select(PlacementEvent).where(PlacementEvent.placement_id == placement_id)
    ).scalars()
    return [event_of(row) for row in rows]


def _check_time(session: Session, placement: Placement, line: list[Event]) -> None:
    """Check that the placement's time after the change meets no other of the person."""
    if placement.main:
        state = state_at(line)
        others = known_spells(session, placement.seeker_id, besides=placement.id)
        check_free(others, state.on_post_on, state.ended_on)


def _refresh(session: Session, placement: Placement, line: list[Event]) -> None:
    """Repeat in the placement's row what its events now say, and tell the seeker's record."""
    state = state_at(line)
    placement.started_on, placement.ended_on = state.on_post_on, state.ended_on
    placement.void = state.stage is None
    session.flush()
    since = session.execute(
        select(Placement.started_on).where(
            Placement.seeker_id == placement.seeker_id,
            Placement.main,
            ~Placement.void,
            Placement.ended_on.is_(None),
            Placement.started_on.is_not(None),
        )
    ).scalar_one_or_none()
    if since is None:
        seekers.mark_available(session, [placement.seeker_id])
    else:
        seekers.mark_employed(session, {placement.seeker_id: since})
