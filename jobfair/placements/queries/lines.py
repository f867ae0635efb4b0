"""A person's whole line: each placement with every event, reversed ones included."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from jobfair.accounts.queries import recorder_names
from jobfair.kit.events.queries import EventRow, EventTable, counting
from jobfair.placements.models import Placement, PlacementEvent
from jobfair.placements.rules.events import LINE, State
from jobfair.placements.rules.kinds import EventKind, Stage, Word
from jobfair.seekers.models import Seeker

EVENTS: EventTable[EventKind, State] = EventTable(
    PlacementEvent, "placement_id", EventKind, LINE, subject="placement"
)


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
    events: tuple[EventRow[EventKind], ...]

    @property
    def running(self) -> bool:
        """Whether the person is on post as far as is known."""
        return self.state.stage in {Stage.ON_POST, Stage.LOST}


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
    events = EVENTS.rows(session, [p.id for p in found], recorder_names)
    return [_line(p, events.get(p.id, ()), as_of, known_at) for p in found]


def find_placement(session: Session, placement_id: int) -> PlacementLine | None:
    """Return one placement with its events."""
    placement = session.get(Placement, placement_id)
    if placement is None:
        return None
    events = EVENTS.rows(session, [placement_id], recorder_names)
    return _line(placement, events.get(placement_id, ()), None, None)


def find_by_fingerprint(session: Session, fingerprint: str) -> int | None:
    """Return the placement that a source recorded under a mark of its own."""
    query = select(Placement.id).where(Placement.fingerprint == fingerprint)
    return session.execute(query).scalar_one_or_none()


def placement_of_event(session: Session, event_id: int) -> int | None:
    """Return the placement on whose line an event stands."""
    return EVENTS.owner_of(session, event_id)


def said_by_employer(*words: Word) -> ColumnElement[bool]:
    """Return the condition that a placement's employer has said one of some words, or any."""
    word = aliased(PlacementEvent)
    said = select(word.id).where(
        word.placement_id == Placement.id,
        word.kind == EventKind.EMPLOYER_CONFIRMED,
        *counting(word),
    )
    return (said.where(word.reason.in_(words)) if words else said).exists()


def _line(
    placement: Placement,
    events: tuple[EventRow[EventKind], ...],
    as_of: date | None,
    known_at: datetime | None,
) -> PlacementLine:
    state = LINE.state_at((row.event for row in events), as_of=as_of, known_at=known_at)
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
        events=events,
    )
