"""People in an office's charge, masked: the list of an office, a station's day, a village."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from jobfair.follow_ups.models import FollowUpDue
from jobfair.follow_ups.queries.work import OwnedBy, states_of
from jobfair.follow_ups.rules.checkpoints import DueState
from jobfair.kit.bulk import in_slices
from jobfair.ownership.models import Held
from jobfair.placements.models import Placement
from jobfair.seekers import queries as seekers
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import within
from jobfair.seekers.rules.drafts import SeekerStatus


class Working(StrEnum):
    """Whether somebody is in work."""

    YES = "working"
    NO = "not_working"


@dataclass(frozen=True, slots=True)
class ChargeFilter:
    """What the list of people in charge is narrowed to; None or empty is no limit.

    Attributes:
        scope: only people whose home begins with it.
        station_id: only people whom this station owns.
        owner: only people whom their home owns, or only those of a station.
        overdue: only who should have been asked how they are before today.
        county: home county.
        employer: part of the employer's name or the workplace.
    """

    today: date
    scope: str | None = None
    station_id: int | None = None
    owner: OwnedBy | None = None
    working: Working | None = None
    overdue: bool = False
    county: str = ""
    employer: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """The work that a person has now, or has agreed to."""

    placement_id: int
    employer_name: str
    title: str
    workplace_division: str | None
    workplace_text: str
    started_on: date | None


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """One person of the list; the name is masked.

    Attributes:
        station_id: of the station that owns the record; None for the home.
        since: when the station took it over.
        closes_on: when the window of the next follow-up closes; None while none is due.
    """

    seeker_id: int
    name: str
    home_division: str
    station_id: int | None
    since: date | None
    job: Job | None
    closes_on: date | None


@dataclass(frozen=True, slots=True)
class DayRow:
    """One person of a station's day."""

    seeker_id: int
    name: str
    phone: str
    job: Job
    closes_on: date | None
    overdue: bool
    lost: bool


def list_charges(
    session: Session, wanted: ChargeFilter, *, limit: int = 50, offset: int = 0
) -> list[ChargeRow]:
    """Return a page of the people in charge, by home."""
    found = session.execute(
        _people(wanted, Seeker.id, Held.station_id, Held.since)
        .order_by(Seeker.home_division, Seeker.id)
        .limit(limit)
        .offset(offset)
    ).all()
    ids = [row.id for row in found]
    people = seekers.names_of(session, ids)
    jobs = jobs_of(session, ids)
    dues = _closing(session, ids, wanted.today)
    return [
        ChargeRow(
            row.id,
            people[row.id].name,
            people[row.id].home_division,
            row.station_id,
            row.since,
            jobs.get(row.id),
            dues.get(row.id),
        )
        for row in found
    ]


def count_charges(session: Session, wanted: ChargeFilter) -> int:
    """Return how many people the whole list has."""
    return int(session.execute(_people(wanted, func.count())).scalar_one())


def _people(wanted: ChargeFilter, *columns: Any) -> Select[*tuple[Any, ...]]:
    found: list[ColumnElement[bool]] = [Seeker.status == SeekerStatus.ACTIVE]
    found += [within(place) for place in (wanted.scope, wanted.county) if place]
    if wanted.station_id is not None:
        found.append(Held.station_id == wanted.station_id)
    if wanted.owner is not None:
        by_station = wanted.owner is OwnedBy.STATION
        found.append(Held.seeker_id.is_not(None) if by_station else Held.seeker_id.is_(None))
    if wanted.working is not None:
        working = wanted.working is Working.YES
        since = Seeker.employed_since
        found.append(since.is_not(None) if working else since.is_(None))
    if wanted.overdue:
        record = aliased(Seeker)
        found.append(
            exists().where(
                record.id == FollowUpDue.seeker_id,
                _kept(record) == Seeker.id,
                *_asked(wanted.today),
                FollowUpDue.closes_on < wanted.today,
            )
        )
    if wanted.employer:
        record = aliased(Seeker)
        told = Placement.employer_name + " " + Placement.workplace_text
        found.append(
            exists().where(
                record.id == Placement.seeker_id,
                _kept(record) == Seeker.id,
                *_runs(),
                told.icontains(wanted.employer, autoescape=True),
            )
        )
    return (
        select(*columns)
        .select_from(Seeker)
        .outerjoin(Held, Held.seeker_id == Seeker.id)
        .where(*found)
    )


def _kept(record: Any) -> ColumnElement[int]:
    """Return whose a record is: its own, or the kept one's that it was merged into."""
    return func.coalesce(record.merged_into_id, record.id)


def _runs() -> list[ColumnElement[bool]]:
    return [Placement.main.is_(True), ~Placement.void, Placement.ended_on.is_(None)]


def _asked(today: date) -> list[ColumnElement[bool]]:
    return [FollowUpDue.state == DueState.OPEN, FollowUpDue.opens_on <= today]


def jobs_of(session: Session, people: Collection[int]) -> dict[int, Job]:
    """Return the work that people have now, or have agreed to, by person."""
    found: dict[int, Job] = {}
    record = aliased(Seeker)
    for block in in_slices(people):
        rows = session.execute(
            select(_kept(record).label("person"), Placement)
            .join(record, record.id == Placement.seeker_id)
            .where(_kept(record).in_(block), *_runs())
            .order_by(Placement.id)
        )
        found.update({person: _job(placement) for person, placement in rows})
    return found


def _job(placement: Placement) -> Job:
    return Job(
        placement.id,
        placement.employer_name,
        placement.title,
        placement.workplace_division,
        placement.workplace_text,
        placement.started_on,
    )


def _closing(session: Session, people: Collection[int], today: date) -> dict[int, date]:
    """Return when the first window closes in which people are to be asked."""
    found: dict[int, date] = {}
    record = aliased(Seeker)
    person = _kept(record)
    for block in in_slices(people):
        rows = session.execute(
            select(person, func.min(FollowUpDue.closes_on))
            .join(record, record.id == FollowUpDue.seeker_id)
            .where(person.in_(block), *_asked(today))
            .group_by(person)
        )
        found.update({row[0]: row[1] for row in rows})
    return found


def home_counties(session: Session, wanted: ChargeFilter) -> list[str]:
    """Return the home counties of an office's or a station's people."""
    county = func.substr(Seeker.home_division, 1, 6)
    whole = ChargeFilter(wanted.today, wanted.scope, wanted.station_id)
    return sorted(session.execute(_people(whole, county).distinct()).scalars())


def count_day(session: Session, station_id: int, today: date) -> tuple[int, int]:
    """Return how many people a station sees today, and how many of them are overdue."""
    person, closes = _day_columns(today)
    overdue = func.count(case((closes.c.closes_on < today, 1)))
    row = session.execute(_day(station_id, person, closes, func.count(), overdue)).one()
    return row[0], row[1]


def list_day(
    session: Session, station_id: int, today: date, *, limit: int = 50, offset: int = 0
) -> list[DayRow]:
    """Return whom a station sees today: who is on the way, then whose window closes first."""
    person, closes = _day_columns(today)
    found: Sequence[Any] = session.execute(
        _day(station_id, person, closes, Held.seeker_id, Placement, closes.c.closes_on)
        .order_by(Placement.started_on.is_not(None), closes.c.closes_on, Held.since, Held.seeker_id)
        .limit(limit)
        .offset(offset)
    ).all()
    people = seekers.names_of(session, [row[0] for row in found])
    states = states_of(session, [placement.id for _person, placement, _closes in found])
    return [
        DayRow(
            one,
            people[one].name,
            people[one].phone,
            _job(placement),
            closes_on,
            closes_on is not None and closes_on < today,
            states[placement.id].lost_on is not None,
        )
        for one, placement, closes_on in found
    ]


def _day_columns(today: date) -> tuple[Any, Any]:
    closes = (
        select(FollowUpDue.placement_id, func.min(FollowUpDue.closes_on).label("closes_on"))
        .where(*_asked(today))
        .group_by(FollowUpDue.placement_id)
        .subquery()
    )
    return aliased(Seeker), closes


def _day(station_id: int, record: Any, closes: Any, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Return the question for whom a station owns and who is on the way or to be asked."""
    return (
        select(*columns)
        .select_from(Held)
        .join(record, _kept(record) == Held.seeker_id)
        .join(Placement, Placement.seeker_id == record.id)
        .outerjoin(closes, closes.c.placement_id == Placement.id)
        .where(
            Held.station_id == station_id,
            *_runs(),
            Placement.started_on.is_(None) | closes.c.closes_on.is_not(None),
        )
    )
