"""Totals of services, summed from the entries themselves."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from jobfair.accounts.queries import recorder_names
from jobfair.tallies.models import TallyEntry
from jobfair.tallies.rules import Service

_reverse = aliased(TallyEntry)


@dataclass(frozen=True, slots=True)
class Total:
    """How many of a service were rendered on a day.

    Attributes:
        name: what it is, where the service is something else.
    """

    service: Service
    name: str
    day: date
    number: int


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry in a list.

    Attributes:
        taken_back: whether a later entry takes this one back.
        reverses: whether it takes back an earlier one.
    """

    id: int
    fair_id: int
    service: Service
    name: str
    number: int
    day: date
    place: str
    entered_at: datetime
    entered_by: str
    taken_back: bool
    reverses: bool


def totals(session: Session, fair_id: int) -> list[Total]:
    """Return the totals of a fair by service and day; what was taken back does not count."""
    rows = session.execute(
        select(
            TallyEntry.service,
            TallyEntry.name,
            TallyEntry.day,
            func.sum(TallyEntry.number).label("number"),
        )
        .where(TallyEntry.fair_id == fair_id)
        .group_by(TallyEntry.service, TallyEntry.name, TallyEntry.day)
        .having(func.sum(TallyEntry.number) != 0)
    )
    found = [Total(Service(row.service), row.name, row.day, int(row.number)) for row in rows]
    order = list(Service)
    return sorted(found, key=lambda one: (order.index(one.service), one.name, one.day))


def list_entries(
    session: Session, fair_id: int, *, limit: int | None = None, offset: int = 0
) -> list[EntryRow]:
    """Return the entries of a fair, the newest first."""
    rows = session.execute(
        select(TallyEntry, _reverse.id)
        .outerjoin(_reverse, _reverse.reverses_id == TallyEntry.id)
        .where(TallyEntry.fair_id == fair_id)
        .order_by(TallyEntry.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()
    users = {entry.entered_by for entry, _ in rows if entry.entered_by}
    names, _ = recorder_names(session, users, ())
    return [
        EntryRow(
            entry.id,
            entry.fair_id,
            Service(entry.service),
            entry.name,
            entry.number,
            entry.day,
            entry.place,
            entry.entered_at,
            names.get(entry.entered_by or 0, ""),
            taken_back=reverse is not None,
            reverses=entry.reverses_id is not None,
        )
        for entry, reverse in rows
    ]


def count_entries(session: Session, fair_id: int) -> int:
    """Return how many entries a fair has."""
    query = select(func.count()).select_from(TallyEntry).where(TallyEntry.fair_id == fair_id)
    return session.execute(query).scalar_one()


def fair_of_entry(session: Session, entry_id: int) -> int | None:
    """Return whose entry it is; None when there is none of this id."""
    query = select(TallyEntry.fair_id).where(TallyEntry.id == entry_id)
    return session.execute(query).scalar_one_or_none()
