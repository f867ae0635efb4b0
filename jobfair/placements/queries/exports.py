"""Exported labourers: each arrival on post away from the home county, as of D, known at K."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, extract, or_, select
from sqlalchemy.orm import Session, aliased

from jobfair.kit.events.queries import counting
from jobfair.kit.events.rules import Grade
from jobfair.placements.models import Placement, PlacementEvent
from jobfair.placements.rules.counting import Channel, Spell, moves
from jobfair.placements.rules.events import ENDS
from jobfair.placements.rules.kinds import EndReason, EventKind, Word
from jobfair.placements.rules.offices import OfficeClaim
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import PERSON

# A first day that a third party or the employer proves is confirmed by that.
_BY_OTHERS = frozenset({Grade.A, Grade.B})


@dataclass(frozen=True, slots=True)
class ExportedRow:
    """One export placement that reached its post.

    Attributes:
        seeker_id: the person; a merged record gives the kept one.
        county: code of the home county at the start.
        month: first day of the month of the first day at work.
        organised: batch rider or arranged by an office (C5: organised and assisted).
        opens_move: whether it counts as a move of its own (人次) or goes on with the one before.
        employed: reached the post, and was confirmed at least once (C13).
        claim: the word of the office that recorded it; None for the system's own.
    """

    seeker_id: int
    placement_id: int
    county: str
    month: date
    started_on: date
    ended_on: date | None
    channel: str
    organised: bool
    category: str | None
    destination: str
    opens_move: bool
    employed: bool
    claim: OfficeClaim | None


def exported_rows(
    session: Session,
    *,
    as_of: date,
    known_at: datetime | None = None,
    division: str | None = None,
    since: date | None = None,
    leaving_out: Collection[int] = (),
) -> list[ExportedRow]:
    """Return export placements reaching on_post by a day, in order of person and start.

    Args:
        session: a reading session.
        as_of: only what had happened by this day.
        known_at: only what had been recorded by then; None for now.
        division: only people whose home at the start begins with this.
        since: only first days at work from this day on; earlier ones still decide about bridging.
        leaving_out: placements that are no export of labour: those of a school's students (C11).
    """
    statement = reached_post(as_of=as_of, known_at=known_at, divisions=(division,))
    confirmed = _confirmed(as_of, known_at).label("confirmed")
    rows_of = session.execute(statement.add_columns(confirmed).where(Placement.export))
    found = [row for row in rows_of if row.id not in leaving_out]
    spells: dict[int, list[Spell]] = {}
    for row in found:
        seasonal = row.end_reason == EndReason.SEASONAL
        spell = Spell(row.id, row.started_on, row.ended_on, seasonal)
        spells.setdefault(row.person, []).append(spell)
    opening = {placement for own in spells.values() for placement in moves(own)}
    rows = [
        _exported(row, opens_move=row.id in opening)
        for row in found
        if since is None or row.started_on >= since
    ]
    return sorted(rows, key=lambda r: (r.seeker_id, r.started_on, r.placement_id))


def first_day_years(session: Session) -> list[int]:
    """Return the years in which somebody's export began, newest first."""
    year = extract("year", Placement.started_on)
    found = select(year).where(Placement.export, Placement.started_on.is_not(None)).distinct()
    return sorted((int(year) for year in session.execute(found).scalars()), reverse=True)


def reached_post(
    *, as_of: date, known_at: datetime | None, divisions: Iterable[str | None] = ()
) -> Select[*tuple[Any, ...]]:
    """Return the question for placements that reached their post, each with its end if it has one.

    Args:
        as_of: only what had happened by this day.
        known_at: only what had been recorded by then; None for now.
        divisions: only people whose home at the start begins with each of these; None is no limit.
    """
    start, end = aliased(PlacementEvent), aliased(PlacementEvent)
    ended = (end.placement_id == Placement.id, end.kind.in_(sorted(ENDS)))
    statement: Select[*tuple[Any, ...]] = (
        select(
            Placement.id,
            Placement.home_division,
            Placement.employer_id,
            Placement.channel,
            Placement.household_category,
            Placement.destination,
            Placement.export,
            Placement.office_id,
            start.occurred_on.label("started_on"),
            start.recorded_at.label("start_recorded_at"),
            start.evidence_grade.label("start_grade"),
            end.occurred_on.label("ended_on"),
            end.kind.label("end_kind"),
            end.reason.label("end_reason"),
            PERSON.label("person"),
        )
        .join(start, and_(start.placement_id == Placement.id, start.kind == EventKind.ON_POST))
        .join(Seeker, Seeker.id == Placement.seeker_id)
        .outerjoin(end, and_(*ended, *counting(end, as_of=as_of, known_at=known_at)))
        .where(*counting(start, as_of=as_of, known_at=known_at))
    )
    for division in filter(None, divisions):
        statement = statement.where(Placement.home_division.startswith(division, autoescape=True))
    return statement


def _confirmed(as_of: date, known_at: datetime | None) -> ColumnElement[bool]:
    """Return the condition that somebody confirmed the person at work, beside the first day."""
    word = aliased(PlacementEvent)
    said = and_(
        word.kind == EventKind.EMPLOYER_CONFIRMED, word.reason.in_((Word.ARRIVED, Word.ON_POST))
    )
    asked = and_(word.kind == EventKind.FOLLOW_UP, word.evidence_grade != Grade.E)
    return (
        select(word.id)
        .where(
            word.placement_id == Placement.id,
            or_(said, asked),
            *counting(word, as_of=as_of, known_at=known_at),
        )
        .exists()
    )


def _exported(row: Row[Any], *, opens_move: bool) -> ExportedRow:
    channel = Channel(row.channel)
    proved = row.start_grade != Grade.E
    claim = (
        None
        if row.office_id is None
        else OfficeClaim(row.office_id, row.id, row.started_on, row.start_recorded_at, proved)
    )
    return ExportedRow(
        seeker_id=row.person,
        placement_id=row.id,
        county=row.home_division[:6],
        month=row.started_on.replace(day=1),
        started_on=row.started_on,
        ended_on=row.ended_on,
        channel=channel,
        organised=channel is not Channel.SELF_ARRANGED,
        category=row.household_category,
        destination=row.destination,
        opens_move=opens_move,
        employed=row.confirmed or row.start_grade in _BY_OTHERS,
        claim=claim,
    )
