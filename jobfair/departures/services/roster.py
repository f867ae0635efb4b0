"""Filling a roster: people on and off, seats, consent, the insured list."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from jobfair.departures.models import BatchRider, BatchVehicle, DepartureBatch
from jobfair.departures.queries.batches import stops_of, vehicles_of
from jobfair.departures.queries.roster import CandidateFilter, list_candidates, scans_of
from jobfair.departures.rules.roster import Company, stop_of
from jobfair.departures.rules.scans import Kind
from jobfair.departures.rules.seating import Passenger, Seating, seat
from jobfair.departures.rules.states import IN_PREPARATION, Payer, State
from jobfair.departures.services.planning import (
    NotInPreparation,
    lock_batch,
    lock_in_preparation,
    note,
)
from jobfair.departures.services.telling import tell_lines
from jobfair.kit import clock
from jobfair.kit.errors import Invalid, NotFound, Refusal
from jobfair.kit.events.rules import Recorder
from jobfair.kit.i18n import N_
from jobfair.placements.models import Placement
from jobfair.placements.rules.kinds import OffBatch
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import kept_record
from jobfair.seekers.rules.drafts import SeekerStatus


class AlreadyListed(Refusal):
    """A person is on a roster once."""

    code = "batch_already_listed"
    message = N_("This person is on the roster already.")


class NoSuchSeat(Invalid):
    """The vehicle has no seat of this number."""

    code = "batch_no_such_seat"
    message = N_("This vehicle has the seats 1 to %(seats)s. Choose one of them.")


class ConsentToCome(Invalid):
    """A consent that was not given yet."""

    code = "batch_consent_to_come"
    message = N_("That day lies in the future. Note the consent when it is given.")


class BatchSettled(Refusal):
    """What a settled journey cost whom is not changed any more."""

    code = "batch_settled"
    message = N_("The batch is settled or cancelled; who paid for it is not changed any more.")


class AlreadyOnBoard(Refusal):
    """Somebody who was seen boarding did not stay away."""

    code = "batch_already_on_board"
    message = N_("This person was seen boarding. Take that record back first if it is wrong.")


def add_placed(
    session: Session,
    batch_id: int,
    placement_ids: Collection[int],
    recorder: Recorder,
    *,
    scope: str | None,
) -> int:
    """Put people with an accepted intention on a roster; return how many are new on it.

    Who departed meanwhile, or stands on another roster, is left out.

    Args:
        session: a writing session.
        batch_id: the batch.
        placement_ids: of the people.
        recorder: who does it.
        scope: only people whose home begins with this.

    Raises:
        NotInPreparation: the roster is locked.
    """
    batch = lock_in_preparation(session, batch_id)
    # Another clerk may be putting the same people on another roster.
    wanted = select(Placement.id).where(Placement.id.in_(placement_ids)).order_by(Placement.id)
    session.execute(wanted.with_for_update()).all()
    waiting = list_candidates(session, CandidateFilter(scope, ids=tuple(placement_ids)))
    known = _riders_by_person(session, batch_id)
    for one in waiting:
        _put_on(
            session,
            batch,
            known.get(one.seeker_id),
            recorder,
            seeker_id=one.seeker_id,
            placement_id=one.placement_id,
        )
    note(session, "add_riders", batch_id, placements=[one.placement_id for one in waiting])
    return len(waiting)


def add_companion(
    session: Session, batch_id: int, seeker_id: int, company: Company, recorder: Recorder
) -> None:
    """Put somebody on a roster for whom no post of ours waits at the other end.

    Raises:
        NotFound: no such person in use.
        AlreadyListed: is on it.
        NotInPreparation: the roster is locked.
        ValueError: somebody who goes to a post is added by the placement.
    """
    if company is Company.PLACED:
        raise ValueError("who goes to a post is added by the placement")
    batch = lock_in_preparation(session, batch_id)
    seeker_id = kept_record(session, seeker_id)
    person = session.get(Seeker, seeker_id)
    if person is None or person.status != SeekerStatus.ACTIVE:
        raise NotFound
    known = _riders_by_person(session, batch_id).get(seeker_id)
    if known is not None and known.left_reason is None:
        raise AlreadyListed
    _put_on(session, batch, known, recorder, seeker_id=seeker_id, company=company)
    note(session, "add_companion", batch_id, seeker=seeker_id, company=company.value)


def _riders_by_person(session: Session, batch_id: int) -> dict[int, BatchRider]:
    rows = session.execute(select(BatchRider).where(BatchRider.batch_id == batch_id)).scalars()
    return {row.seeker_id: row for row in rows}


def _put_on(
    session: Session,
    batch: DepartureBatch,
    rider: BatchRider | None,
    recorder: Recorder,
    *,
    seeker_id: int,
    placement_id: int | None = None,
    company: Company = Company.PLACED,
) -> None:
    """Put somebody on, or on again; what their line is told begins anew."""
    rider = rider or BatchRider(batch_id=batch.id, seeker_id=seeker_id, insured=False)
    rider.placement_id, rider.company = placement_id, company
    rider.left_reason = rider.left_at = None
    rider.told = {}
    rider.added_at, rider.added_by = clock.now(), recorder.user_id
    session.add(rider)


def take_off(
    session: Session,
    batch_id: int,
    rider_ids: Collection[int],
    reason: OffBatch,
    recorder: Recorder,
) -> int:
    """Take people off a roster, who go back to the list of those who wait; return how many.

    Before the roster is locked it is for any reason; once the batch has departed only for not
    having come.

    Raises:
        NotFound: somebody is not on this roster.
        NotInPreparation: the roster is locked, or the reason does not fit.
        AlreadyOnBoard: somebody said not to have come was seen boarding.
    """
    batch = lock_batch(session, batch_id)
    preparing = State(batch.state) in IN_PREPARATION
    gone = State(batch.state) in {State.DEPARTED, State.ARRIVED, State.HANDED_OVER}
    if not (gone if reason is OffBatch.NO_SHOW else preparing):
        raise NotInPreparation
    riders = find_riders(session, batch_id, rider_ids)
    seen = scans_of(session, batch_id)
    if any(Kind.BOARDED in seen.get(rider.id, {}) for rider in riders):
        raise AlreadyOnBoard
    for rider in riders:
        rider.left_reason, rider.left_at = reason, clock.now()
        rider.vehicle_id = rider.seat = None
    session.flush()
    tell_lines(session, batch, riders, recorder)
    note(session, "take_off", batch_id, riders=sorted(rider_ids), reason=reason.value)
    return len(riders)


def find_riders(session: Session, batch_id: int, rider_ids: Collection[int]) -> list[BatchRider]:
    """Return some riders of a batch.

    Raises:
        NotFound: one of them is none of it.
    """
    query = select(BatchRider).where(BatchRider.batch_id == batch_id, BatchRider.id.in_(rider_ids))
    found = list(session.execute(query.order_by(BatchRider.id)).scalars())
    if len(found) != len(set(rider_ids)):
        raise NotFound
    return found


def give_seats(session: Session, batch_id: int) -> Seating:
    """Give everybody on a roster a seat, groups in one vehicle and side by side, anew.

    Raises:
        NotInPreparation: the roster is locked.
    """
    lock_in_preparation(session, batch_id)
    stops = [(one.id, one.division) for one in stops_of(session, batch_id)]
    rows = session.execute(
        select(BatchRider, Seeker.travel_group, Seeker.home_division)
        .join(Seeker, Seeker.id == BatchRider.seeker_id)
        .where(BatchRider.batch_id == batch_id, BatchRider.left_reason.is_(None))
        .order_by(Seeker.home_division, BatchRider.id)
    ).all()
    seating = seat(
        [
            Passenger(rider.id, group or "", stop_of(home, stops) or 0)
            for rider, group, home in rows
        ],
        [(one.id, one.seats) for one in vehicles_of(session, batch_id)],
    )
    _empty_seats(session, [rider for rider, _, _ in rows])
    for rider, _, _ in rows:
        place = seating.seats.get(rider.id)
        rider.vehicle_id, rider.seat = (place.vehicle, place.number) if place else (None, None)
    note(session, "give_seats", batch_id, seated=len(seating.seats))
    return seating


def _empty_seats(session: Session, riders: Sequence[BatchRider]) -> None:
    """Free seats that are to change hands: at no moment do two people sit on one."""
    for rider in riders:
        rider.vehicle_id = rider.seat = None
    session.flush()


def change_seat(
    session: Session, batch_id: int, rider_id: int, vehicle_id: int, number: int
) -> None:
    """Give somebody a certain seat; who sits there takes theirs.

    Raises:
        NotFound: no such rider or vehicle of the batch.
        NoSuchSeat: the vehicle has none of this number.
        NotInPreparation: the roster is locked.
    """
    lock_in_preparation(session, batch_id)
    [rider] = find_riders(session, batch_id, [rider_id])
    vehicle = session.get(BatchVehicle, vehicle_id)
    if vehicle is None or vehicle.batch_id != batch_id or rider.left_reason is not None:
        raise NotFound
    if not 1 <= number <= vehicle.seats:
        raise NoSuchSeat(seats=vehicle.seats)
    sitting = select(BatchRider).where(
        BatchRider.vehicle_id == vehicle_id, BatchRider.seat == number
    )
    other = session.execute(sitting).scalar_one_or_none()
    before = (rider.vehicle_id, rider.seat)
    _empty_seats(session, [rider] if other is None else [rider, other])
    rider.vehicle_id, rider.seat = vehicle_id, number
    if other is not None and other is not rider:
        other.vehicle_id, other.seat = before
    note(session, "change_seat", batch_id, rider=rider_id)


def note_consent(session: Session, batch_id: int, rider_id: int, given_on: date | None) -> None:
    """Note the day on which a guardian agreed to the journey; None takes it back.

    Raises:
        NotFound: no such rider of the batch.
        ConsentToCome: the day lies in the future.
        NotInPreparation: the roster is locked.
    """
    lock_in_preparation(session, batch_id)
    if given_on is not None and given_on > clock.today():
        raise ConsentToCome
    [rider] = find_riders(session, batch_id, [rider_id])
    rider.consent_on = given_on
    note(session, "consent", batch_id, rider=rider_id)


def set_payer(
    session: Session, batch_id: int, rider_ids: Collection[int], payer: Payer | None
) -> int:
    """Say that somebody else pays for some riders; None for the batch's payer again.

    Raises:
        NotFound: one of them is none of the batch.
        BatchSettled: the batch is settled or cancelled.
    """
    batch = lock_batch(session, batch_id)
    if State(batch.state) in {State.CLOSED, State.CANCELLED}:
        raise BatchSettled
    riders = find_riders(session, batch_id, rider_ids)
    for rider in riders:
        rider.payer = None if payer is None or payer == batch.payer else payer
    said = payer.value if payer else batch.payer
    note(session, "payer", batch_id, riders=sorted(rider_ids), payer=said)
    return len(riders)


def note_insured(session: Session, batch_id: int) -> int:
    """Note that the insurer was sent the roster as it stands; return how many are on the list.

    Raises:
        NotInPreparation: the roster is locked.
    """
    lock_in_preparation(session, batch_id)
    session.execute(
        update(BatchRider)
        .where(BatchRider.batch_id == batch_id)
        .values(insured=BatchRider.left_reason.is_(None))
    )
    query = select(BatchRider.id).where(BatchRider.batch_id == batch_id, BatchRider.insured)
    count = len(session.execute(query).all())
    note(session, "insured", batch_id, people=count)
    return count
