"""Planning a batch: what it is, its vehicles, stops and people to telephone."""

from dataclasses import asdict
from datetime import date
from typing import TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from jobfair.departures.models import (
    BatchContact,
    BatchRider,
    BatchStop,
    BatchVehicle,
    DepartureBatch,
)
from jobfair.departures.queries.batches import CONTACTS
from jobfair.departures.rules.drafts import BatchDraft
from jobfair.departures.rules.roster import Role
from jobfair.departures.rules.states import IN_PREPARATION, NoSuchMove, State
from jobfair.kit import audit, clock
from jobfair.kit.crypto import vault
from jobfair.kit.errors import Invalid, NotFound, Refusal
from jobfair.kit.events.rules import Recorder
from jobfair.kit.i18n import N_
from jobfair.kit.ids import new_key

T = TypeVar("T", BatchVehicle, BatchStop, BatchContact)


class NotInPreparation(Refusal):
    """Plan and roster stand once the roster is locked."""

    code = "batch_not_in_preparation"
    message = N_("The roster is locked, so the plan stands. Unlock it first, with the reason.")


class PlateTaken(Refusal):
    """A batch names each vehicle once."""

    code = "batch_plate_taken"
    message = N_("This vehicle is listed already. Enter another plate or carriage.")


class StopTaken(Refusal):
    """People of a township board at one place."""

    code = "batch_stop_taken"
    message = N_("There is a stop for this division already. Remove it first.")


class DriverWithoutVehicle(Invalid):
    """A driver drives one of the vehicles."""

    code = "batch_driver_without_vehicle"
    message = N_("Choose the vehicle that this person drives.")


def lock_batch(session: Session, batch_id: int) -> DepartureBatch:
    """Return a batch that nobody else changes until the commit.

    Raises:
        NotFound: there is none.
    """
    query = select(DepartureBatch).where(DepartureBatch.id == batch_id).with_for_update()
    batch = session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if batch is None:
        raise NotFound
    return batch


def lock_in_preparation(session: Session, batch_id: int) -> DepartureBatch:
    """Return a batch whose plan and roster may still be changed.

    Raises:
        NotFound: there is none.
        NotInPreparation: its roster is locked.
    """
    batch = lock_batch(session, batch_id)
    if State(batch.state) not in IN_PREPARATION:
        raise NotInPreparation
    return batch


def note(session: Session, verb: str, batch_id: int, **detail: object) -> None:
    """Write into the audit log what was done with a batch."""
    audit.record(
        session, f"batch.{verb}", subject="departure_batch", subject_id=batch_id, detail=detail
    )


def plan_batch(session: Session, draft: BatchDraft, recorder: Recorder, *, division: str) -> int:
    """Plan a batch that carries people of a division; return its id."""
    batch = DepartureBatch(
        **asdict(draft),
        division=division,
        office_id=recorder.office_id,
        state=State.DRAFT,
        note="",
        created_at=clock.now(),
        created_by=recorder.user_id,
    )
    session.add(batch)
    session.flush()
    note(session, "plan", batch.id)
    return batch.id


def change_plan(session: Session, batch_id: int, draft: BatchDraft) -> None:
    """Change what a batch is planned as.

    Raises:
        NotFound: there is none.
        NotInPreparation: its roster is locked.
    """
    batch = lock_in_preparation(session, batch_id)
    for name, value in asdict(draft).items():
        setattr(batch, name, value)
    note(session, "change", batch_id)


def postpone(session: Session, batch_id: int, departs_on: date) -> None:
    """Plan the departure for another day, also of a batch whose roster is locked.

    The planned arrival moves as many days. Whoever turns of age, or rides with another batch then,
    is checked at the next locking.

    Raises:
        NotFound: there is none.
        NoSuchMove: it has departed.
    """
    batch = lock_batch(session, batch_id)
    if State(batch.state) not in IN_PREPARATION | {State.LOCKED}:
        raise NoSuchMove
    batch.arrives_on += departs_on - batch.departs_on
    batch.departs_on = departs_on
    note(session, "postpone", batch_id)


def add_vehicle(session: Session, batch_id: int, plate: str, seats: int) -> int:
    """Add a vehicle with its seats for travellers; return its id.

    Raises:
        NotInPreparation: the roster is locked.
        PlateTaken: the batch has this vehicle.
    """
    lock_in_preparation(session, batch_id)
    same = select(BatchVehicle.id).where(
        BatchVehicle.batch_id == batch_id, BatchVehicle.plate == plate
    )
    if session.execute(same).first():
        raise PlateTaken
    vehicle = BatchVehicle(batch_id=batch_id, plate=plate, seats=seats)
    session.add(vehicle)
    session.flush()
    note(session, "add_vehicle", batch_id, vehicle=vehicle.id)
    return vehicle.id


def remove_vehicle(session: Session, batch_id: int, vehicle_id: int) -> None:
    """Take a vehicle and its drivers away; who sat in it has no seat.

    Raises:
        NotFound: the batch has no such vehicle.
        NotInPreparation: the roster is locked.
    """
    lock_in_preparation(session, batch_id)
    vehicle = _own(session.get(BatchVehicle, vehicle_id), batch_id)
    session.execute(
        update(BatchRider)
        .where(BatchRider.vehicle_id == vehicle_id)
        .values(vehicle_id=None, seat=None)
    )
    drivers = select(BatchContact).where(BatchContact.vehicle_id == vehicle_id)
    for driver in session.execute(drivers).scalars():
        session.delete(driver)
    session.flush()
    session.delete(vehicle)
    note(session, "remove_vehicle", batch_id, vehicle=vehicle_id)


def add_stop(session: Session, batch_id: int, division: str, place: str, leaves_at: str) -> int:
    """Add where people of a division board, and when (HH:MM); return its id.

    Raises:
        NotInPreparation: the roster is locked.
        StopTaken: the division has one.
    """
    lock_in_preparation(session, batch_id)
    same = select(BatchStop.id).where(
        BatchStop.batch_id == batch_id, BatchStop.division == division
    )
    if session.execute(same).first():
        raise StopTaken
    stop = BatchStop(batch_id=batch_id, division=division, place=place, leaves_at=leaves_at)
    session.add(stop)
    session.flush()
    note(session, "add_stop", batch_id, stop=stop.id)
    return stop.id


def remove_stop(session: Session, batch_id: int, stop_id: int) -> None:
    """Take a stop away.

    Raises:
        NotFound: the batch has no such stop.
        NotInPreparation: the roster is locked.
    """
    lock_in_preparation(session, batch_id)
    session.delete(_own(session.get(BatchStop, stop_id), batch_id))
    note(session, "remove_stop", batch_id, stop=stop_id)


def add_contact(
    session: Session,
    batch_id: int,
    role: Role,
    name: str,
    phone: str,
    *,
    vehicle_id: int | None = None,
) -> int:
    """Add a driver, an escort or a receiver; return the contact's id.

    Raises:
        NotFound: the batch has no such vehicle.
        DriverWithoutVehicle: a driver of none of them.
        NotInPreparation: the roster is locked.
    """
    lock_in_preparation(session, batch_id)
    if vehicle_id is not None:
        _own(session.get(BatchVehicle, vehicle_id), batch_id)
    elif role is Role.DRIVER:
        raise DriverWithoutVehicle
    key = new_key()
    contact = BatchContact(
        key=key,
        batch_id=batch_id,
        vehicle_id=vehicle_id,
        role=role,
        name_sealed=vault().seal(name, table=CONTACTS, column="name_sealed", row=key),
        phone_sealed=vault().seal(phone, table=CONTACTS, column="phone_sealed", row=key),
    )
    session.add(contact)
    session.flush()
    note(session, "add_contact", batch_id, contact=contact.id, role=role.value)
    return contact.id


def remove_contact(session: Session, batch_id: int, contact_id: int) -> None:
    """Take a contact away.

    Raises:
        NotFound: the batch has no such contact.
        NotInPreparation: the roster is locked.
    """
    lock_in_preparation(session, batch_id)
    session.delete(_own(session.get(BatchContact, contact_id), batch_id))
    note(session, "remove_contact", batch_id, contact=contact_id)


def _own(row: T | None, batch_id: int) -> T:
    if row is None or row.batch_id != batch_id:
        raise NotFound
    return row
