"""Stations of a batch: add one with its code, pair it, revoke it."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.departures.models import BatchStation
from jobfair.departures.rules.scans import CODE_DIGITS, Job, read_code
from jobfair.departures.services.planning import lock_batch, note
from jobfair.kit import clock
from jobfair.kit.errors import NotFound
from jobfair.stations.rules import PAIRING_VALID, digest_of
from jobfair.stations.services import CodeWrong

_SECRET_BYTES = 32


def add_station(session: Session, batch_id: int, name: str, job: Job) -> str:
    """Add a station for one phone; return the code that pairs it once, within minutes.

    Raises:
        NotFound: there is no such batch.
    """
    lock_batch(session, batch_id)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    now = clock.now()
    station = BatchStation(
        batch_id=batch_id,
        job=job,
        name=name,
        code_digest=digest_of(code),
        code_until=now + PAIRING_VALID,
        added_at=now,
    )
    session.add(station)
    session.flush()
    note(session, "add_station", batch_id, station=station.id, job=job.value)
    return code


def pair(session: Session, typed: str) -> str:
    """Pair the phone that knows a station's code; return the secret, which is told this once.

    Raises:
        CodeWrong: no station waits for this code.
    """
    code = read_code(typed)
    waiting = select(BatchStation).where(
        BatchStation.code_digest == digest_of(code),
        BatchStation.code_until > clock.now(),
        BatchStation.revoked_at.is_(None),
    )
    station = session.execute(waiting.with_for_update()).scalar_one_or_none() if code else None
    if station is None:
        raise CodeWrong
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    station.secret_digest, station.paired_at = digest_of(secret), clock.now()
    station.code_digest = station.code_until = None
    note(session, "pair_station", station.batch_id, station=station.id)
    return secret


def revoke(session: Session, batch_id: int, station_id: int) -> None:
    """Let a station do nothing more; nothing happens a second time.

    Raises:
        NotFound: the batch has no such station.
    """
    station = session.get(BatchStation, station_id)
    if station is None or station.batch_id != batch_id:
        raise NotFound
    if station.revoked_at is None:
        station.revoked_at = clock.now()
        station.code_digest = station.code_until = None
        note(session, "revoke_station", batch_id, station=station_id)
