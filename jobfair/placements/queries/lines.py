"""A person's whole line: each placement with every event, reversed ones included."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from jobfair.accounts.models import Organisation, UserAccount
from jobfair.placements.models import Placement, PlacementEvent
from jobfair.placements.rules.events import (
    Event,
    EventKind,
    Grade,
    Precision,
    Stage,
    State,
    order,
    state_at,
)
from jobfair.seekers.models import Seeker


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event as shown.

    Attributes:
        reversal: the event that took this one back, None while it counts.
    """

    event: Event
    placement_id: int
    seeker_id: int
    recorder: str
    office: str
    evidence: str
    source: str
    reversal: Event | None


@dataclass(frozen=True, slots=True)
class PlacementLine:
    """A placement with its events in the order they happened."""

    id: int
    seeker_id: int
    home_division: str
    employer_id: int | None
    employer_name: str
    position_id: int | None
    title: str
    workplace_division: str | None
    workplace_text: str
    destination: str
    export: bool
    channel: str
    household_category: str | None
    wage_fen: int | None
    main: bool
    source: str
    state: State
    events: tuple[EventRow, ...]

    @property
    def running(self) -> bool:
        """Whether the person is on post as far as is known."""
        return self.state.stage in {Stage.ON_POST, Stage.LOST}


def event_of(row: PlacementEvent) -> Event:
    """Return a stored event as the rules know it."""
    return Event(
        row.id,
        EventKind(row.kind),
        row.occurred_on,
        row.recorded_at,
        Precision(row.date_precision),
        Grade(row.evidence_grade),
        row.reverses_id,
        row.reason,
    )


def person_lines(
    session: Session,
    seeker_id: int,
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> list[PlacementLine]:
    """Return a person's placements, newest first, with those of records merged into this one.

    Args:
        session: a reading session.
        seeker_id: the person.
        as_of: states as of this day; the events are all given.
        known_at: states as known at this instant.
    """
    merged = select(Seeker.id).where(Seeker.merged_into_id == seeker_id).scalar_subquery()
    placements = session.execute(
        select(Placement)
        .where(or_(Placement.seeker_id == seeker_id, Placement.seeker_id.in_(merged)))
        .order_by(Placement.started_on.desc(), Placement.id.desc())
    ).scalars()
    found = list(placements)
    events = _events(session, [p.id for p in found])
    return [_line(p, events.get(p.id, []), as_of, known_at) for p in found]


def find_placement(session: Session, placement_id: int) -> PlacementLine | None:
    """Return one placement with its events."""
    placement = session.get(Placement, placement_id)
    if placement is None:
        return None
    return _line(placement, _events(session, [placement_id]).get(placement_id, []), None, None)


def find_event(session: Session, event_id: int) -> EventRow | None:
    """Return one event."""
    placement_id = session.execute(
        select(PlacementEvent.placement_id).where(PlacementEvent.id == event_id)
    ).scalar_one_or_none()
    if placement_id is None:
        return None
    rows = _events(session, [placement_id])[placement_id]
    return next(row for row in rows if row.event.id == event_id)


def _events(session: Session, placement_ids: list[int]) -> dict[int, list[EventRow]]:
    office = aliased(Organisation)
    rows = session.execute(
        select(PlacementEvent, UserAccount.display_name, office.name)
        .outerjoin(UserAccount, UserAccount.id == PlacementEvent.recorded_by)
        .outerjoin(office, office.id == PlacementEvent.office_id)
        .where(PlacementEvent.placement_id.in_(placement_ids))
    ).all()
    reversals = {
        row.reverses_id: event_of(row) for row, _, _ in rows if row.reverses_id is not None
    }
    found: dict[int, list[EventRow]] = {}
    for row, recorder, name in rows:
        shown = EventRow(
            event_of(row),
            row.placement_id,
            row.seeker_id,
            recorder or "",
            name or "",
            row.evidence_ref,
            row.source,
            reversals.get(row.id),
        )
        found.setdefault(row.placement_id, []).append(shown)
    for events in found.values():
        events.sort(key=lambda shown: order(shown.event))
    return found


def _line(
    placement: Placement,
    events: list[EventRow],
    as_of: date | None,
    known_at: datetime | None,
) -> PlacementLine:
    state = state_at((row.event for row in events), as_of=as_of, known_at=known_at)
    return PlacementLine(
        id=placement.id,
        seeker_id=placement.seeker_id,
        home_division=placement.home_division,
        employer_id=placement.employer_id,
        employer_name=placement.employer_name,
        position_id=placement.position_id,
        title=placement.title,
        workplace_division=placement.workplace_division,
        workplace_text=placement.workplace_text,
        destination=placement.destination,
        export=placement.export,
        channel=placement.channel,
        household_category=placement.household_category,
        wage_fen=placement.wage_fen,
        main=placement.main,
        source=placement.source,
        state=state,
        events=tuple(events),
    )
