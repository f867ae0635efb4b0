"""Reads of stations."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from jobfair.fairs.models import Fair
from jobfair.stations.models import Pairing, Station, StationPulse
from jobfair.stations.rules import Job, State, digest_of


@dataclass(frozen=True, slots=True)
class Device:
    """A device that showed its secret, and the station that it is or was.

    Attributes:
        present: whether it is the station's device now; one that was replaced may still deliver.
        run_by: the other server that runs the fair's day; None for this one.
    """

    pairing_id: int
    station_id: int
    fair_id: int
    name: str
    job: Job
    employer_id: int | None
    present: bool
    run_by: str | None = None


@dataclass(frozen=True, slots=True)
class StationRow:
    """A station in the manager's list."""

    id: int
    fair_id: int
    name: str
    job: Job
    employer_id: int | None
    state: State
    seen_at: datetime | None
    waiting: int
    version: str
    skew: int


def find_device(session: Session, secret: str) -> Device | None:
    """Return the device of a secret; None when it is unknown or its station was revoked."""
    row = session.execute(
        select(
            Pairing.id,
            Pairing.ended_at,
            Station.id.label("station_id"),
            Station.fair_id,
            Station.name,
            Station.job,
            Station.employer_id,
            Fair.run_by,
        )
        .join(Station, Station.id == Pairing.station_id)
        .join(Fair, Fair.id == Station.fair_id)
        .where(Pairing.secret_digest == digest_of(secret), Station.revoked_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    return Device(
        row.id,
        row.station_id,
        row.fair_id,
        row.name,
        Job(row.job),
        row.employer_id,
        row.ended_at is None,
        row.run_by,
    )


def list_stations(session: Session, fair_id: int) -> list[StationRow]:
    """Return the stations of a fair by job and name, revoked ones last."""
    return _stations(session, Station.fair_id == fair_id)


def find_station(session: Session, station_id: int) -> StationRow | None:
    """Return one station."""
    return next(iter(_stations(session, Station.id == station_id)), None)


def _stations(session: Session, which: ColumnElement[bool]) -> list[StationRow]:
    rows = session.execute(
        select(
            Station,
            Pairing.id,
            StationPulse.seen_at,
            StationPulse.waiting,
            StationPulse.version,
            StationPulse.skew,
        )
        .outerjoin(Pairing, (Pairing.station_id == Station.id) & Pairing.ended_at.is_(None))
        .outerjoin(StationPulse, StationPulse.station_id == Station.id)
        .where(which)
        .order_by(Station.revoked_at.is_not(None), Station.job, Station.name)
    )
    return [
        StationRow(
            station.id,
            station.fair_id,
            station.name,
            Job(station.job),
            station.employer_id,
            _state(station, paired=pairing is not None),
            seen_at,
            waiting or 0,
            version or "",
            skew or 0,
        )
        for station, pairing, seen_at, waiting, version, skew in rows
    ]


def _state(station: Station, *, paired: bool) -> State:
    if station.revoked_at is not None:
        return State.REVOKED
    return State.PAIRED if paired else State.WAITING
