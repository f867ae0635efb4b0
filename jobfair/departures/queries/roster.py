"""Who is on a batch's roster, how far each has come, and who could be added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from jobfair.departures.models import BatchRider, BatchScan, BatchVehicle, DepartureBatch
from jobfair.departures.queries.batches import BatchRow, StopRow, number_of, stops_of
from jobfair.departures.rules.locking import OF_AGE, Head
from jobfair.departures.rules.roster import (
    Company,
    Gap,
    Journey,
    Rung,
    gap,
    rungs,
    stop_of,
)
from jobfair.departures.rules.scans import Kind, Recorded, Seen, seen
from jobfair.departures.rules.states import Payer, State
from jobfair.kit import clock
from jobfair.kit.events.queries import counting
from jobfair.placements.models import Placement, PlacementEvent
from jobfair.placements.rules.kinds import EventKind, OffBatch
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries import MaskedPerson, names_of
from jobfair.seekers.queries.people import PERSON
from jobfair.seekers.rules.identity import age_on

_COUNTY = 6
_TOWNSHIP = 9  # digits of its code (GB/T 10114)
_SAID = frozenset(
    {
        EventKind.DEPARTED,
        EventKind.ARRIVED,
        EventKind.ON_POST,
        EventKind.CHANGED_EMPLOYER,
        EventKind.RETURNED_HOME,
    }
)


@dataclass(frozen=True, slots=True)
class RiderRow:
    """Somebody on a roster; the person is masked.

    Attributes:
        township: of the home, as far as it is known.
        group: those who travel together share it.
        only_with_group: goes with the whole group, or not at all.
        minor: under eighteen on the planned day.
        plate: of the vehicle; empty without a seat.
        seen: when they were seen, by kind.
        rungs: on which numbers of the batch they stand.
        gap: where they fell out of the numbers without a reason.
        refused: kinds of events that the placement's line refused.
        payer: who pays for the journey: the batch's payer, or another one for this rider.
    """

    id: int
    seeker_id: int
    placement_id: int | None
    person: MaskedPerson
    township: str
    group: str
    only_with_group: bool
    company: Company
    employer: str
    title: str
    born: date
    minor: bool
    consent_on: date | None
    insured: bool
    vehicle_id: int | None
    plate: str
    seat: int | None
    stop: StopRow | None
    left: OffBatch | None
    seen: dict[Kind, Seen]
    rungs: frozenset[Rung]
    gap: Gap | None
    refused: tuple[str, ...]
    payer: Payer


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody with an accepted intention who has not departed and is on no roster.

    Attributes:
        missed: number of the batch that they did not come to; empty for none.
    """

    placement_id: int
    seeker_id: int
    person: MaskedPerson
    township: str
    group: str
    only_with_group: bool
    employer: str
    title: str
    missed: str


def scans_of(session: Session, batch_id: int) -> dict[int, dict[Kind, Seen]]:
    """Return what a batch's records add up to, by rider and kind."""
    rows = session.execute(
        select(
            BatchScan.id,
            BatchScan.kind,
            BatchScan.rider_id,
            BatchScan.target,
            BatchScan.at,
            BatchScan.received_at,
        ).where(BatchScan.batch_id == batch_id)
    )
    return seen(
        Recorded(row.id, Kind(row.kind), row.rider_id, row.target, row.at, row.received_at)
        for row in rows
    )


def list_riders(session: Session, batch: BatchRow) -> list[RiderRow]:
    """Return a roster, those taken off included: by township, groups together, then by seat."""
    rows = session.execute(
        select(
            BatchRider,
            Seeker.home_division,
            Seeker.birth_date,
            Seeker.travel_group,
            Seeker.only_with_group,
            Placement.employer_name,
            Placement.title,
            Placement.started_on,
            BatchVehicle.plate,
        )
        .join(Seeker, Seeker.id == BatchRider.seeker_id)
        .outerjoin(Placement, Placement.id == BatchRider.placement_id)
        .outerjoin(BatchVehicle, BatchVehicle.id == BatchRider.vehicle_id)
        .where(BatchRider.batch_id == batch.id)
    ).all()
    people = names_of(session, [row.BatchRider.seeker_id for row in rows])
    stops = stops_of(session, batch.id)
    records = scans_of(session, batch.id)
    found = [_rider(row, batch, people[row.BatchRider.seeker_id], stops, records) for row in rows]
    return sorted(
        found, key=lambda one: (one.left is not None, one.township, one.group or "~", one.id)
    )


def _rider(
    row: Any,
    batch: BatchRow,
    person: MaskedPerson,
    stops: Sequence[StopRow],
    records: dict[int, dict[Kind, Seen]],
) -> RiderRow:
    rider: BatchRider = row.BatchRider
    left = OffBatch(rider.left_reason) if rider.left_reason else None
    company = Company(rider.company)
    seen_by = records.get(rider.id, {})
    journey = Journey(seen_by, left, company is Company.PLACED, row.started_on)
    stop = stop_of(row.home_division, [(one.id, one.division) for one in stops])
    return RiderRow(
        id=rider.id,
        seeker_id=rider.seeker_id,
        placement_id=rider.placement_id,
        person=person,
        township=row.home_division[:_TOWNSHIP],
        group=row.travel_group or "",
        only_with_group=row.only_with_group,
        company=company,
        employer=row.employer_name or "",
        title=row.title or "",
        born=row.birth_date,
        minor=age_on(row.birth_date, batch.departs_on) < OF_AGE,
        consent_on=rider.consent_on,
        insured=rider.insured,
        vehicle_id=rider.vehicle_id,
        plate=row.plate or "",
        seat=rider.seat,
        stop=next((one for one in stops if one.id == stop), None),
        left=left,
        seen=seen_by,
        rungs=rungs(journey, batch.arrived_on),
        gap=gap(journey, batch.state, batch.arrived_on, clock.today()),
        refused=tuple(kind for kind, (event, _) in rider.told.items() if event is None),
        payer=Payer(rider.payer) if rider.payer else batch.payer,
    )


def heads_of(session: Session, batch_id: int) -> list[Head]:
    """Return a roster as the checks before its locking see it."""
    rows = session.execute(
        select(BatchRider, PERSON, Seeker.birth_date)
        .join(Seeker, Seeker.id == BatchRider.seeker_id)
        .where(BatchRider.batch_id == batch_id)
        .order_by(BatchRider.id)
    )
    return [
        Head(
            rider=rider.id,
            person=person,
            born=born,
            seat=(rider.vehicle_id, rider.seat) if rider.seat else None,
            consent=rider.consent_on is not None,
            insured=rider.insured,
            going=rider.left_reason is None,
        )
        for rider, person, born in rows
    ]


def _waiting() -> Select[*tuple[Any, ...]]:
    """Return placements that were agreed, and of which nobody has departed or is on a roster."""
    on_the_way = (
        exists()
        .where(PlacementEvent.placement_id == Placement.id, PlacementEvent.kind.in_(sorted(_SAID)))
        .where(*counting(PlacementEvent))
    )
    agreed = (
        exists()
        .where(
            PlacementEvent.placement_id == Placement.id,
            PlacementEvent.kind == EventKind.INTENTION,
        )
        .where(*counting(PlacementEvent))
    )
    listed = (
        exists()
        .where(BatchRider.placement_id == Placement.id, BatchRider.left_reason.is_(None))
        .where(BatchRider.batch_id == DepartureBatch.id, DepartureBatch.state != State.CANCELLED)
    )
    return (
        select(Placement, Seeker.travel_group, Seeker.only_with_group, Seeker.home_division)
        .join(Seeker, Seeker.id == Placement.seeker_id)
        .where(
            ~Placement.void,
            Placement.main,
            Placement.started_on.is_(None),
            Placement.ended_on.is_(None),
            agreed,
            ~on_the_way,
            ~listed,
        )
    )


@dataclass(frozen=True, slots=True)
class CandidateFilter:
    """What the list of those who wait is narrowed to; None or empty is no limit.

    Attributes:
        scope: the caller's division: only people whose home begins with it.
        county: home county.
        employer: part of the employer's name.
        missed: only those who did not come to a departure.
        ids: only these placements.
    """

    scope: str | None = None
    county: str = ""
    employer: str = ""
    missed: bool = False
    ids: tuple[int, ...] | None = None


def _narrowed(wanted: CandidateFilter) -> Select[*tuple[Any, ...]]:
    query = _waiting()
    for prefix in (wanted.scope, wanted.county):
        if prefix:
            query = query.where(Seeker.home_division.startswith(prefix, autoescape=True))
    if wanted.employer:
        query = query.where(Placement.employer_name.icontains(wanted.employer, autoescape=True))
    if wanted.missed:
        no_show = exists().where(
            BatchRider.placement_id == Placement.id, BatchRider.left_reason == OffBatch.NO_SHOW
        )
        query = query.where(no_show)
    if wanted.ids is not None:
        query = query.where(Placement.id.in_(wanted.ids))
    return query


def count_candidates(session: Session, wanted: CandidateFilter) -> int:
    """Return how many wait for a journey."""
    query = select(func.count()).select_from(_narrowed(wanted).subquery())
    return session.execute(query).scalar_one()


def list_candidates(
    session: Session, wanted: CandidateFilter, *, limit: int | None = None, offset: int = 0
) -> list[Candidate]:
    """Return who waits for a journey: by county and township, groups together."""
    query = _narrowed(wanted).order_by(
        func.substr(Seeker.home_division, 1, _TOWNSHIP),
        func.coalesce(Seeker.travel_group, "~"),
        Placement.id,
    )
    rows = session.execute(query.limit(limit).offset(offset)).all()
    missed = _missed(session, [row.Placement.id for row in rows])
    people = names_of(session, [row.Placement.seeker_id for row in rows])
    return [
        Candidate(
            placement_id=row.Placement.id,
            seeker_id=row.Placement.seeker_id,
            person=people[row.Placement.seeker_id],
            township=row.home_division[:_TOWNSHIP],
            group=row.travel_group or "",
            only_with_group=row.only_with_group,
            employer=row.Placement.employer_name,
            title=row.Placement.title,
            missed=missed.get(row.Placement.id, ""),
        )
        for row in rows
    ]


def home_counties(session: Session, scope: str | None) -> list[str]:
    """Return the home counties of those who wait."""
    county = func.substr(Seeker.home_division, 1, _COUNTY)
    waiting = _narrowed(CandidateFilter(scope=scope)).with_only_columns(county).distinct()
    return sorted(session.execute(waiting).scalars())


def _missed(session: Session, placements: Sequence[int]) -> dict[int, str]:
    """Return the batches that people did not come to, the last of each, by placement."""
    rows = session.execute(
        select(BatchRider.placement_id, DepartureBatch)
        .join(DepartureBatch, DepartureBatch.id == BatchRider.batch_id)
        .where(BatchRider.left_reason == OffBatch.NO_SHOW, BatchRider.placement_id.in_(placements))
        .order_by(DepartureBatch.departs_on)
    )
    return {row.placement_id or 0: number_of(row.DepartureBatch) for row in rows}


def group_left_behind(session: Session, riders: Sequence[RiderRow]) -> dict[str, int]:
    """Return groups that go together or not at all, of which some wait and are on no roster.

    Returns:
        Group → how many of it wait.
    """
    groups = {one.group for one in riders if one.group and one.only_with_group and not one.left}
    if not groups:
        return {}
    waiting = _waiting().where(Seeker.travel_group.in_(groups))
    rows = session.execute(
        waiting.with_only_columns(Seeker.travel_group, func.count()).group_by(Seeker.travel_group)
    )
    return {group or "": count for group, count in rows}
