"""Stations of a batch: which device calls, and the office's list."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobfair.departures.models import BatchScan, BatchStation
from jobfair.departures.rules.scans import Job
from jobfair.stations.rules import State, digest_of


@dataclass(frozen=True, slots=True)
class BatchDevice:
    """A phone that showed its secret, and the station that it is."""

    station_id: int
    batch_id: int
    name: str
    job: Job


@dataclass(frozen=True, slots=True)
class BatchStationRow:
    """A station in the office's list.

    Attributes:
        received_at: when a record of its came in last.
    """

    id: int
    name: str
    job: Job
    state: State
    received_at: datetime | None


def find_device(session: Session, secret: str) -> BatchDevice | None:
    """Return the device of a secret; None when it is unknown or was revoked."""
    row = session.execute(
        select(BatchStation).where(
            BatchStation.secret_digest == digest_of(secret), BatchStation.revoked_at.is_(None)
        )
    ).scalar_one_or_none()
    return BatchDevice(row.id, row.batch_id, row.name, Job(row.job)) if row else None


def list_stations(session: Session, batch_id: int) -> list[BatchStationRow]:
    """Return the stations of a batch, revoked ones last."""
    rows = session.execute(
        select(BatchStation, func.max(BatchScan.received_at))
        .outerjoin(BatchScan, BatchScan.station_id == BatchStation.id)
        .where(BatchStation.batch_id == batch_id)
        .group_by(BatchStation.id)
        .order_by(BatchStation.revoked_at.is_not(None), BatchStation.id)
    )
    return [
        BatchStationRow(one.id, one.name, Job(one.job), _state(one), received)
        for one, received in rows
    ]


def _state(station: BatchStation) -> State:
    if station.revoked_at is not None:
        return State.REVOKED
    return State.PAIRED if station.paired_at is not None else State.WAITING
