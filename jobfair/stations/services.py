"""Verbs of stations: add, pair by a one-time code, revoke."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import cast

from sqlalchemy import Executable, Table, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from jobfair.fairs import queries as fairs
from jobfair.fairs.models import Fair
from jobfair.fairs.services import lock_fair, must_run_here
from jobfair.kit import audit, clock
from jobfair.kit.errors import Invalid, NotFound, Refusal
from jobfair.kit.i18n import N_
from jobfair.stations.models import Pairing, Station, StationPulse
from jobfair.stations.queries import Device
from jobfair.stations.rules import CODE_DIGITS, PAIRING_VALID, Job, Pulse, digest_of, read_code

_SECRET_BYTES = 32
_STANDS_IN = 40  # signs of a digest: the same at every server that has the fair


class NameTaken(Refusal):
    """Another station of the fair has this name."""

    code = "station_name_taken"
    message = N_("There is already a station of this name at the fair. Choose another name.")


class CodeWrong(Invalid):
    """The code is unknown, used, or too old."""

    code = "pairing_code_wrong"
    message = N_("This code is wrong, used or too old. Ask the manager for a new one.")


class Revoked(Refusal):
    """The station was revoked."""

    code = "station_revoked"
    message = N_("This station was revoked. Add a new one.")


@dataclass(frozen=True, slots=True)
class Paired:
    """A station just paired; its secret is told once, to the device."""

    station_id: int
    secret: str


def note_pulses(session: Session, pulses: Mapping[int, Pulse], now: datetime) -> None:
    """Note when some stations were heard last, and what they said of themselves."""
    rows = [
        {"station_id": station, "seen_at": now} | asdict(pulse)
        for station, pulse in sorted(pulses.items())
    ]
    if rows:
        session.execute(_pulse_statement(session.get_bind().dialect.name), rows)


@cache
def _pulse_statement(dialect: str) -> Executable:
    """Return what inserts a pulse or lays it over the last; asked at every message."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(cast(Table, StationPulse.__table__))
    said = {column.name: column for column in statement.excluded if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=["station_id"], set_=said)


def _station(session: Session, station_id: int) -> Station:
    station = session.get(Station, station_id)
    if station is None:
        raise NotFound
    must_run_here(session, station.fair_id)
    return station


def _end_pairing(session: Session, station_id: int, now: datetime) -> None:
    present = (Pairing.station_id == station_id) & Pairing.ended_at.is_(None)
    session.execute(update(Pairing).where(present).values(ended_at=now))


def add_station(
    session: Session,
    fair_id: int,
    name: str,
    job: Job,
    *,
    employer_id: int | None = None,
    user_id: int | None = None,
) -> int:
    """Add a station to a fair; it works once it is paired. Return its id.

    Raises:
        NotFound: no such fair, or the employer takes no part in it.
        NameTaken: another station of the fair has the name.
        ValueError: a booth without an employer, or another station with one.
    """
    if (job is Job.BOOTH) != (employer_id is not None):
        raise ValueError("a booth has an employer, and nothing else has")
    must_run_here(session, fair_id)
    if employer_id is not None:
        there = {row.employer_id for row in fairs.list_fair_employers(session, fair_id)}
        if employer_id not in there:
            raise NotFound
    same = select(Station.id).where(Station.fair_id == fair_id, Station.name == name)
    if session.execute(same).first():
        raise NameTaken
    station = Station(
        fair_id=fair_id,
        name=name,
        job=job,
        employer_id=employer_id,
        added_at=clock.now(),
        added_by=user_id,
    )
    session.add(station)
    session.flush()
    audit.record(session, "station.add", subject="station", subject_id=station.id)
    return station.id


def offer_pairing(session: Session, station_id: int) -> str:
    """Return a new one-time code for a station; an older one is void.

    The device paired before works on until the new one has paired.

    Raises:
        NotFound: there is no such station.
        Revoked: it was revoked.
    """
    station = _station(session, station_id)
    if station.revoked_at is not None:
        raise Revoked
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    station.code_digest, station.code_until = digest_of(code), clock.now() + PAIRING_VALID
    audit.record(session, "station.offer_pairing", subject="station", subject_id=station_id)
    return code


def pair(session: Session, typed: str) -> Paired:
    """Pair the device that knows a station's code; the code is used up, an earlier device ends.

    Raises:
        CodeWrong: no station waits for this code.
    """
    code = read_code(typed)
    waiting = select(Station).where(
        Station.code_digest == digest_of(code),
        Station.code_until > clock.now(),
        Station.revoked_at.is_(None),
    )
    station = session.execute(waiting).scalar_one_or_none() if code else None
    if station is None:
        raise CodeWrong
    must_run_here(session, station.fair_id)
    secret, now = secrets.token_urlsafe(_SECRET_BYTES), clock.now()
    _end_pairing(session, station.id, now)
    session.add(Pairing(station_id=station.id, secret_digest=digest_of(secret), began_at=now))
    station.code_digest = station.code_until = None
    audit.record(session, "station.pair", subject="station", subject_id=station.id)
    return Paired(station.id, secret)


def stand_in(
    session: Session,
    fair_id: int,
    name: str,
    *,
    employer_id: int | None = None,
    user_id: int | None,
) -> Device:
    """Return what stands for a device where records come from paper, under a station of this name.

    It is a desk, or an employer's booth. Station and pairing are added when first asked for. What
    stands for the digest of the pairing's secret is no digest, so that nothing opens it; should a
    device be paired as this station, that is another pairing, and neither uses up the other's
    sequence. Others wait here until the commit.
    """
    job = Job.BOOTH if employer_id is not None else Job.DESK
    # Two who begin at the same moment wait for each other, so that there is one station.
    lock_fair(session, fair_id)
    must_run_here(session, fair_id)
    fair_code = session.execute(select(Fair.code).where(Fair.id == fair_id)).scalar_one()
    named = select(Station.id).where(Station.fair_id == fair_id, Station.name == name)
    station_id = session.execute(named).scalar_one_or_none()
    if station_id is None:
        station_id = add_station(
            session, fair_id, name, job, employer_id=employer_id, user_id=user_id
        )
    no_digest = f"stands in: {digest_of(f'{fair_code} {name}')[:_STANDS_IN]}"
    of_paper = select(Pairing.id).where(Pairing.secret_digest == no_digest)
    pairing_id = session.execute(of_paper).scalar_one_or_none()
    if pairing_id is None:
        now = clock.now()
        pairing = Pairing(
            station_id=station_id, secret_digest=no_digest, began_at=now, ended_at=now
        )
        session.add(pairing)
        session.flush()
        pairing_id = pairing.id
        audit.record(session, "station.stand_in", subject="station", subject_id=station_id)
    return Device(pairing_id, station_id, fair_id, name, job, employer_id, present=False)


def revoke(session: Session, station_id: int) -> None:
    """Let a station do nothing more; nothing happens a second time.

    Raises:
        NotFound: there is no such station.
    """
    station = _station(session, station_id)
    if station.revoked_at is None:
        station.revoked_at = clock.now()
        station.code_digest = station.code_until = None
        _end_pairing(session, station_id, station.revoked_at)
        audit.record(session, "station.revoke", subject="station", subject_id=station_id)
