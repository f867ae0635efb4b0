"""What stations and the office record of riders: once each, however late and however often."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from jobfair.departures.models import BatchRider, BatchScan, DepartureBatch
from jobfair.departures.queries.roster import scans_of
from jobfair.departures.queries.stations import BatchDevice
from jobfair.departures.rules.scans import MAY_RECORD, Kind, Result, Scan, Seen
from jobfair.departures.rules.states import UNDER_WAY, Mover, State
from jobfair.departures.services.moving import Step, move, riders_of
from jobfair.departures.services.planning import lock_batch, note
from jobfair.departures.services.roster import find_riders
from jobfair.departures.services.telling import tell_lines
from jobfair.kit import audit, clock
from jobfair.kit.bulk import insert_new
from jobfair.kit.errors import Refusal
from jobfair.kit.events.rules import Recorder
from jobfair.kit.i18n import N_
from jobfair.kit.ids import new_key
from jobfair.placements.rules.kinds import OffBatch

_NOON = time(12)
_SCANS = cast(Table, BatchScan.__table__)


class NotUnderWay(Refusal):
    """People board once the roster is locked, and until everything is settled."""

    code = "batch_not_under_way"
    message = N_("This batch is not under way: lock the roster before people board.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a record; of somebody seen before, when first."""

    id: str
    result: Result
    first: Seen | None = None


def take_in(session: Session, device: BatchDevice, scans: Sequence[Scan]) -> list[Answer]:
    """Take in what a station recorded, each record once, and answer each in its order.

    A record is a fact: it is taken in whatever state the batch is in, and a person said not to have
    come who was seen boarding has come. A record that is here already is answered as if it came for
    the first time.
    """
    batch = lock_batch(session, device.batch_id)
    now = clock.now()
    known = {rider.id: rider for rider in riders_of(session, batch.id)}
    ours = [one for one in scans if _of(device, one, known)]
    written = insert_new(session, _SCANS, [_row(one, device, now) for one in ours])
    _move_on(session, batch, ours)
    stored = _stored(session, device, [one.id for one in ours])
    if written:
        touched = _touched(session, ours)
        _come_after_all(session, batch.id, [known[one] for one in touched & set(known)])
        recorder = Recorder(None, batch.office_id)
        tell_lines(session, batch, [known[one] for one in sorted(touched & set(known))], recorder)
        audit.record(
            session,
            "batch.scans",
            subject="departure_batch",
            subject_id=batch.id,
            detail={"station": device.station_id, "records": written},
        )
    seen = scans_of(session, batch.id)
    return [_answer(one, stored, seen, known) for one in scans]


# What the phone of an escort or a receiver may say of the whole journey.
_STEPS = {
    Kind.DEPARTS: (State.DEPARTED, Mover.ESCORT),
    Kind.REACHED: (State.ARRIVED, Mover.RECEIVER),
}


def _move_on(session: Session, batch: DepartureBatch, scans: Sequence[Scan]) -> None:
    """Move a batch where its phones say so; where the office was first, its word stands."""
    for one in scans:
        if one.kind in _STEPS:
            to, mover = _STEPS[one.kind]
            day = min(clock.day_of(one.at), clock.today())
            with suppress(Refusal):
                move(session, batch.id, Step(to, day), Recorder(None, batch.office_id), mover=mover)


def _of(device: BatchDevice, scan: Scan, known: Collection[int]) -> bool:
    return scan.kind in MAY_RECORD[device.job] and (scan.rider is None or scan.rider in known)


def _row(scan: Scan, device: BatchDevice, now: datetime) -> dict[str, Any]:
    return {
        "id": scan.id,
        "batch_id": device.batch_id,
        "station_id": device.station_id,
        "sequence": scan.sequence,
        "rider_id": scan.rider,
        "kind": scan.kind,
        "target": scan.target,
        "at": scan.at,
        "skew": scan.skew,
        "received_at": now,
        "recorded_by": None,
    }


def _stored(session: Session, device: BatchDevice, ids: Collection[str]) -> set[str]:
    """Return which records are stored as this batch's."""
    query = select(BatchScan.id).where(BatchScan.id.in_(ids), BatchScan.batch_id == device.batch_id)
    return set(session.execute(query).scalars())


def _touched(session: Session, scans: Sequence[Scan]) -> set[int]:
    """Return the riders whom some records concern, also by taking another record back."""
    targets = [one.target for one in scans if one.target]
    query = select(BatchScan.rider_id).where(BatchScan.id.in_(targets))
    taken_back = {one for one in session.execute(query).scalars() if one is not None}
    return taken_back | {one.rider for one in scans if one.rider is not None}


def _come_after_all(session: Session, batch_id: int, riders: Sequence[BatchRider]) -> None:
    """Put those on the roster again who were said not to have come and were seen boarding."""
    seen = scans_of(session, batch_id)
    for rider in riders:
        if rider.left_reason == OffBatch.NO_SHOW and Kind.BOARDED in seen.get(rider.id, {}):
            rider.left_reason = rider.left_at = None
    session.flush()


def _answer(
    scan: Scan,
    stored: set[str],
    seen: dict[int, dict[Kind, Seen]],
    known: Collection[int],
) -> Answer:
    if scan.rider is not None and scan.rider not in known:
        return Answer(scan.id, Result.UNKNOWN)
    if scan.id not in stored:
        return Answer(scan.id, Result.CLASH)
    if scan.rider is None:
        return Answer(scan.id, Result.UNDONE if scan.kind is Kind.UNDO else Result.DONE)
    first = seen.get(scan.rider, {}).get(scan.kind)
    again = first is not None and first.id != scan.id
    return Answer(scan.id, Result.AGAIN, first) if again else Answer(scan.id, Result.DONE)


def record_by_hand(
    session: Session, batch_id: int, rider_ids: Collection[int], kind: Kind, recorder: Recorder
) -> None:
    """Record at the office that people boarded, arrived or were handed over: by telephone, say.

    It was on the day of the departure, or of the arrival, as far as that is known.

    Raises:
        NotFound: no such batch or rider.
        NotUnderWay: the roster is not locked, or all is settled.
    """
    batch = lock_batch(session, batch_id)
    if State(batch.state) not in UNDER_WAY:
        raise NotUnderWay
    riders = find_riders(session, batch_id, rider_ids)
    now = clock.now()
    known = batch.departed_on if kind is Kind.BOARDED else batch.arrived_on
    day = min(known or batch.departs_on, clock.today())
    at = now if day == clock.today() else datetime.combine(day, _NOON, clock.BEIJING)
    rows = [_row_by_hand(batch_id, kind, recorder, rider_id=rider.id, at=at) for rider in riders]
    insert_new(session, _SCANS, rows)
    _come_after_all(session, batch_id, riders)
    tell_lines(session, batch, riders, recorder)
    note(session, f"record_{kind}", batch_id, riders=sorted(rider_ids))


def take_back(
    session: Session, batch_id: int, rider_ids: Collection[int], recorder: Recorder
) -> int:
    """Take back the last step recorded of some riders, whoever recorded it; return how many.

    Raises:
        NotFound: no such batch or rider.
        NotUnderWay: the roster is not locked, or all is settled.
    """
    batch = lock_batch(session, batch_id)
    if State(batch.state) not in UNDER_WAY:
        raise NotUnderWay
    riders = find_riders(session, batch_id, rider_ids)
    seen = scans_of(session, batch_id)
    last = {
        rider.id: next(kind for kind in _LATEST_FIRST if kind in seen[rider.id])
        for rider in riders
        if seen.get(rider.id)
    }
    undone = select(BatchScan.target).where(BatchScan.target.is_not(None))
    query = select(BatchScan).where(BatchScan.rider_id.in_(last), BatchScan.id.not_in(undone))
    wrong = [
        one.id
        for one in session.execute(query).scalars()
        if one.rider_id is not None and one.kind == last[one.rider_id]
    ]
    rows = [
        _row_by_hand(batch_id, Kind.UNDO, recorder, target=target, at=clock.now())
        for target in wrong
    ]
    insert_new(session, _SCANS, rows)
    tell_lines(session, batch, riders, recorder)
    note(session, "take_back", batch_id, riders=sorted(last))
    return len(last)


_LATEST_FIRST = (Kind.HANDED_OVER, Kind.ARRIVED, Kind.BOARDED)


def _row_by_hand(
    batch_id: int,
    kind: Kind,
    recorder: Recorder,
    *,
    at: datetime,
    rider_id: int | None = None,
    target: str | None = None,
) -> dict[str, Any]:
    return {
        "id": new_key(),
        "batch_id": batch_id,
        "station_id": None,
        "sequence": None,
        "rider_id": rider_id,
        "kind": kind,
        "target": target,
        "at": at,
        "skew": 0,
        "received_at": clock.now(),
        "recorded_by": recorder.user_id,
    }
