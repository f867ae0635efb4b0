"""Batches with what was planned for them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from jobfair.departures.models import (
    BatchContact,
    BatchRider,
    BatchStop,
    BatchVehicle,
    DepartureBatch,
)
from jobfair.departures.rules.roster import Role
from jobfair.departures.rules.states import UNDER_WAY, Mode, Payer, Plan, State
from jobfair.kit import clock
from jobfair.kit.crypto import vault
from jobfair.kit.masking import mask_name, mask_phone
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import PERSON

CONTACTS = "batch_contact"


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch.

    Attributes:
        number: by which it is called: the year and its id.
        going: how many are on its roster now.
        seats: of all its vehicles.
    """

    id: int
    number: str
    division: str
    office_id: int | None
    state: State
    mode: Mode
    origin: str
    destination: str
    departs_on: date
    arrives_on: date
    departed_on: date | None
    arrived_on: date | None
    carrier: str
    carrier_licence: str
    cost_fen: int
    payer: Payer
    policy_number: str
    pick_up: str
    note: str
    going: int
    seats: int


@dataclass(frozen=True, slots=True)
class BatchFilter:
    """What a list of batches is narrowed to; None or empty is no limit.

    Attributes:
        scope: the caller's division: only batches of its offices.
        text: part of the origin, the destination or the carrier.
        since: first planned day.
        until: last planned day.
        unsettled: only those that should have left by now and are not closed.
    """

    scope: str | None = None
    state: State | None = None
    mode: Mode | None = None
    text: str = ""
    since: date | None = None
    until: date | None = None
    unsettled: bool = False
    ids: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class VehicleRow:
    """A vehicle, and how many sit in it."""

    id: int
    plate: str
    seats: int
    taken: int


@dataclass(frozen=True, slots=True)
class StopRow:
    """Where people of a division board."""

    id: int
    division: str
    place: str
    leaves_at: str


@dataclass(frozen=True, slots=True)
class ContactRow:
    """Somebody to telephone about a batch."""

    id: int
    role: Role
    vehicle_id: int | None
    name: str
    phone: str


_GOING = BatchRider.left_reason.is_(None)


def _counts() -> tuple[Any, Any]:
    going = (
        select(func.count())
        .where(BatchRider.batch_id == DepartureBatch.id, _GOING)
        .correlate(DepartureBatch)
        .scalar_subquery()
    )
    seats = (
        select(func.coalesce(func.sum(BatchVehicle.seats), 0))
        .where(BatchVehicle.batch_id == DepartureBatch.id)
        .correlate(DepartureBatch)
        .scalar_subquery()
    )
    return going, seats


def list_batches(
    session: Session, wanted: BatchFilter, *, limit: int = 50, offset: int = 0
) -> list[BatchRow]:
    """Return a page of batches, the latest planned day first."""
    rows = session.execute(
        select(DepartureBatch, *_counts())
        .where(*_conditions(wanted))
        .order_by(DepartureBatch.departs_on.desc(), DepartureBatch.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [_row(batch, going, seats) for batch, going, seats in rows]


def count_batches(session: Session, wanted: BatchFilter) -> int:
    """Return how many batches a filter finds."""
    query = select(func.count()).select_from(DepartureBatch).where(*_conditions(wanted))
    return session.execute(query).scalar_one()


def find_batch(session: Session, batch_id: int) -> BatchRow | None:
    """Return one batch."""
    return next(iter(list_batches(session, BatchFilter(ids=(batch_id,)))), None)


def number_of(batch: DepartureBatch) -> str:
    """Return what a batch is called: the year it was planned in and its id."""
    return f"{batch.created_at:%Y}-{batch.id:03}"


def _row(batch: DepartureBatch, going: int, seats: int) -> BatchRow:
    return BatchRow(
        id=batch.id,
        number=number_of(batch),
        division=batch.division,
        office_id=batch.office_id,
        state=State(batch.state),
        mode=Mode(batch.mode),
        origin=batch.origin,
        destination=batch.destination,
        departs_on=batch.departs_on,
        arrives_on=batch.arrives_on,
        departed_on=batch.departed_on,
        arrived_on=batch.arrived_on,
        carrier=batch.carrier,
        carrier_licence=batch.carrier_licence,
        cost_fen=batch.cost_fen,
        payer=Payer(batch.payer),
        policy_number=batch.policy_number,
        pick_up=batch.pick_up,
        note=batch.note,
        going=going,
        seats=seats,
    )


def _conditions(wanted: BatchFilter) -> list[ColumnElement[bool]]:
    equal = ((DepartureBatch.state, wanted.state), (DepartureBatch.mode, wanted.mode))
    found: list[ColumnElement[bool]] = [column == value for column, value in equal if value]
    if wanted.scope:
        found.append(DepartureBatch.division.startswith(wanted.scope, autoescape=True))
    if wanted.text:
        told = DepartureBatch.origin + " " + DepartureBatch.destination
        told += " " + DepartureBatch.carrier
        found.append(told.icontains(wanted.text, autoescape=True))
    if wanted.since:
        found.append(DepartureBatch.departs_on >= wanted.since)
    if wanted.until:
        found.append(DepartureBatch.departs_on <= wanted.until)
    if wanted.unsettled:
        found.append(DepartureBatch.state.in_(UNDER_WAY))
        found.append(DepartureBatch.departs_on < clock.today())
    if wanted.ids is not None:
        found.append(DepartureBatch.id.in_(wanted.ids))
    return found


def vehicles_of(session: Session, batch_id: int) -> list[VehicleRow]:
    """Return the vehicles of a batch in the order they were added."""
    rows = session.execute(
        select(BatchVehicle, func.count(BatchRider.id))
        .outerjoin(BatchRider, BatchRider.vehicle_id == BatchVehicle.id)
        .where(BatchVehicle.batch_id == batch_id)
        .group_by(BatchVehicle.id)
        .order_by(BatchVehicle.id)
    )
    return [VehicleRow(one.id, one.plate, one.seats, taken) for one, taken in rows]


def stops_of(session: Session, batch_id: int) -> list[StopRow]:
    """Return the stops of a batch by time."""
    rows = session.execute(
        select(BatchStop)
        .where(BatchStop.batch_id == batch_id)
        .order_by(BatchStop.leaves_at, BatchStop.id)
    ).scalars()
    return [StopRow(one.id, one.division, one.place, one.leaves_at) for one in rows]


def contacts_of(session: Session, batch_id: int, *, clear: bool = False) -> list[ContactRow]:
    """Return who is to be telephoned about a batch, masked unless asked for in clear."""
    rows = session.execute(
        select(BatchContact)
        .where(BatchContact.batch_id == batch_id)
        .order_by(BatchContact.role.desc(), BatchContact.vehicle_id, BatchContact.id)
    ).scalars()
    found = []
    for one in rows:
        name, phone = (
            vault().open(getattr(one, column), table=CONTACTS, column=column, row=one.key)
            for column in ("name_sealed", "phone_sealed")
        )
        if not clear:
            name, phone = mask_name(name), mask_phone(phone)
        found.append(ContactRow(one.id, Role(one.role), one.vehicle_id, name, phone))
    return found


def plan_of(session: Session, batch: DepartureBatch | BatchRow) -> Plan:
    """Return what of a batch decides whether it is whole."""
    roles = session.execute(
        select(BatchContact.role, BatchContact.vehicle_id).where(BatchContact.batch_id == batch.id)
    ).all()
    drivers = [row.vehicle_id for row in roles if row.role == Role.DRIVER]
    vehicles = vehicles_of(session, batch.id)
    return Plan(
        mode=Mode(batch.mode),
        carrier=batch.carrier,
        carrier_licence=batch.carrier_licence,
        policy_number=batch.policy_number,
        receiver=any(row.role == Role.RECEIVER for row in roles),
        pick_up=batch.pick_up,
        vehicles=[drivers.count(one.id) for one in vehicles],
        stops=len(stops_of(session, batch.id)),
        escorts=sum(row.role == Role.ESCORT for row in roles),
    )


def people_elsewhere(
    session: Session, persons: Collection[int], batch: DepartureBatch
) -> dict[int, int]:
    """Return who of some people is on the roster of a batch that shares a day with this one.

    Returns:
        Person → id of that batch.
    """
    person = PERSON
    rows = session.execute(
        select(person, BatchRider.batch_id)
        .join(Seeker, Seeker.id == BatchRider.seeker_id)
        .join(DepartureBatch, DepartureBatch.id == BatchRider.batch_id)
        .where(
            person.in_(persons),
            BatchRider.batch_id != batch.id,
            _GOING,
            DepartureBatch.state != State.CANCELLED,
            DepartureBatch.departs_on <= batch.arrives_on,
            DepartureBatch.arrives_on >= batch.departs_on,
        )
    )
    return {row[0]: row.batch_id for row in rows}
