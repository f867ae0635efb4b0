"""Reads of zones and booths, and of what anybody may see of a published fair."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobfair.employers.models import Employer
from jobfair.venues.models import Booth, BoothCell, Zone
from jobfair.venues.rules import BoothPlan, Place, mark_of, natural


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A zone with how many booths it has."""

    id: int
    letter: str
    name: str
    booths: int

    @property
    def mark(self) -> int:
        """Which look it has on a map."""
        return mark_of(self.letter)


@dataclass(frozen=True, slots=True)
class BoothRow:
    """A booth on a map, with its zone and who has it."""

    id: int
    fair_id: int
    number: str
    zone_id: int
    letter: str
    zone: str
    place: Place
    employer_id: int | None
    employer: str | None

    @property
    def mark(self) -> int:
        """Which look its zone has."""
        return mark_of(self.letter)

    @property
    def plan(self) -> BoothPlan:
        """How it stands."""
        return BoothPlan(self.id, self.number, self.zone_id, self.place, self.employer_id)


def list_zones(session: Session, fair_id: int) -> list[ZoneRow]:
    """Return the zones of a fair by letter."""
    found = session.execute(
        select(Zone.id, Zone.letter, Zone.name, func.count(Booth.id))
        .outerjoin(Booth, Booth.zone_id == Zone.id)
        .where(Zone.fair_id == fair_id)
        .group_by(Zone.id, Zone.letter, Zone.name)
        .order_by(Zone.letter)
    )
    return [ZoneRow(*row) for row in found]


def _booths(
    session: Session, *, fair_id: int | None = None, booth_id: int | None = None
) -> list[BoothRow]:
    query = (
        select(
            Booth.id,
            Booth.fair_id,
            Booth.number,
            Booth.zone_id,
            Zone.letter,
            Zone.name,
            func.min(BoothCell.column),
            func.min(BoothCell.row),
            func.max(BoothCell.column),
            func.max(BoothCell.row),
            Employer.id,
            Employer.name,
        )
        .join(Zone, Zone.id == Booth.zone_id)
        .join(BoothCell, BoothCell.booth_id == Booth.id)
        .outerjoin(Employer, Employer.id == Booth.employer_id)
        .group_by(Booth.id, Zone.letter, Zone.name, Employer.id, Employer.name)
    )
    if fair_id is not None:
        query = query.where(Booth.fair_id == fair_id)
    if booth_id is not None:
        query = query.where(Booth.id == booth_id)
    rows = []
    for row in session.execute(query):
        left, top, right, bottom = row[6:10]
        place = Place(left, top, right - left + 1, bottom - top + 1)
        booth: tuple[Any, ...] = (*row[:6], place, *row[10:])
        rows.append(BoothRow(*booth))
    return sorted(rows, key=lambda row: (row.letter, natural(row.number)))


def list_booths(session: Session, fair_id: int) -> list[BoothRow]:
    """Return the booths of a fair, zone by zone, in the order people count their numbers."""
    return _booths(session, fair_id=fair_id)


def booth_numbers(session: Session, fair_id: int) -> dict[int, str]:
    """Return the number of each booth of a fair that an employer has, by employer."""
    query = select(Booth.employer_id, Booth.number).where(Booth.fair_id == fair_id)
    return {employer: number for employer, number in session.execute(query) if employer}


def find_booth(session: Session, booth_id: int) -> BoothRow | None:
    """Return one booth."""
    return next(iter(_booths(session, booth_id=booth_id)), None)


def booths_of(session: Session, employer_ids: Collection[int]) -> Sequence[BoothRow]:
    """Return the booths that some employers have, at any fair."""
    found = select(Booth.id).where(Booth.employer_id.in_(employer_ids))
    ids = list(session.execute(found.order_by(Booth.id)).scalars())
    return [row for booth_id in ids for row in _booths(session, booth_id=booth_id)]


def in_booth_order(
    booths: Sequence[BoothRow], employer_ids: Collection[int]
) -> list[tuple[int, BoothRow | None]]:
    """Return employers with their booths in the order of these; who has none follows as given."""
    having = {booth.employer_id: booth for booth in booths if booth.employer_id is not None}
    order = [one for one in having if one in employer_ids]
    order += [one for one in employer_ids if one not in having]
    return [(one, having.get(one)) for one in order]
