"""The list of placements: filtered, scoped, a page at a time, people masked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from jobfair.placements.models import Placement
from jobfair.seekers import queries as seekers
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.people import PERSON


class Standing(StrEnum):
    """Which placements a list shows."""

    RUNNING = "running"
    ENDED = "ended"
    INCOMPLETE = "incomplete"  # the first day at work is not recorded


@dataclass(frozen=True, slots=True)
class PlacementFilter:
    """What a list is narrowed to; None or empty is no limit.

    Attributes:
        scope: the caller's division: only people whose home begins with it.
        county: home county.
        started: first and last day of the months of the first day at work.
        text: part of the employer's name, the post or the workplace.
        seekers: only these people.
        ids: only these placements.
        sort: one of `SORTS`, a leading minus for descending; else the usual order.
    """

    scope: str | None = None
    county: str | None = None
    channel: str | None = None
    category: str | None = None
    destination: str | None = None
    export: bool | None = None
    standing: Standing | None = None
    started_from: date | None = None
    started_to: date | None = None
    text: str = ""
    seekers: tuple[int, ...] | None = None
    ids: tuple[int, ...] | None = None
    sort: str = ""


# The orders a list may be asked for; the first is the usual one.
SORTS = ("-started", "started", "-ended", "-wage", "wage")


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """One line of the list; name and ID number are masked."""

    id: int
    seeker_id: int
    name: str
    id_number: str
    sex: str
    home_division: str
    employer_name: str
    title: str
    workplace_division: str | None
    workplace_text: str
    destination: str
    channel: str
    household_category: str | None
    wage_fen: int | None
    started_on: date | None
    ended_on: date | None
    source: str


@dataclass(frozen=True, slots=True)
class PlacementTotals:
    """How many placements of how many people; the two are different units."""

    placements: int
    persons: int


def list_placements(
    session: Session, wanted: PlacementFilter, *, limit: int = 50, offset: int = 0
) -> list[PlacementRow]:
    """Return a page of placements, the latest first day first."""
    found = list(
        session.execute(
            select(Placement)
            .where(*_conditions(wanted))
            .order_by(*_order(wanted.sort))
            .limit(limit)
            .offset(offset)
        ).scalars()
    )
    people = seekers.names_of(session, {p.seeker_id for p in found})
    return [_row(placement, people[placement.seeker_id]) for placement in found]


def count_placements(session: Session, wanted: PlacementFilter) -> PlacementTotals:
    """Return how many placements and people a filter finds; merged records are one person (C1)."""
    row = session.execute(
        select(func.count(), func.count(PERSON.distinct()))
        .select_from(Placement)
        .join(Seeker, Seeker.id == Placement.seeker_id)
        .where(*_conditions(wanted))
    ).one()
    return PlacementTotals(row[0], row[1])


def home_counties(session: Session, scope: str | None) -> list[str]:
    """Return the codes of the home counties on record within a division."""
    county = func.substr(Placement.home_division, 1, 6)
    statement = select(county).distinct()
    if scope:
        statement = statement.where(Placement.home_division.startswith(scope, autoescape=True))
    return sorted(session.execute(statement).scalars())


def _conditions(wanted: PlacementFilter) -> list[ColumnElement[bool]]:
    equal = (
        (Placement.channel, wanted.channel),
        (Placement.household_category, wanted.category),
        (Placement.destination, wanted.destination),
        (Placement.export, wanted.export),
    )
    found: list[ColumnElement[bool]] = [~Placement.void]
    found += [column == value for column, value in equal if value is not None]
    prefixes: Iterable[str | None] = (wanted.scope, wanted.county)
    found += [Placement.home_division.startswith(p, autoescape=True) for p in prefixes if p]
    found += _standing(wanted.standing)
    if wanted.started_from:
        found.append(Placement.started_on >= wanted.started_from)
    if wanted.started_to:
        found.append(Placement.started_on <= wanted.started_to)
    if wanted.text:
        told = Placement.employer_name + " " + Placement.title + " " + Placement.workplace_text
        found.append(told.icontains(wanted.text, autoescape=True))
    if wanted.seekers is not None:
        found.append(Placement.seeker_id.in_(wanted.seekers))
    if wanted.ids is not None:
        found.append(Placement.id.in_(wanted.ids))
    return found


def _standing(standing: Standing | None) -> list[ColumnElement[bool]]:
    if standing is Standing.RUNNING:
        return [Placement.started_on.is_not(None), Placement.ended_on.is_(None)]
    if standing is Standing.ENDED:
        return [Placement.ended_on.is_not(None)]
    if standing is Standing.INCOMPLETE:
        return [Placement.started_on.is_(None)]
    return []


def _order(sort: str) -> list[Any]:
    columns = {
        "started": Placement.started_on,
        "ended": Placement.ended_on,
        "wage": Placement.wage_fen,
    }
    column: Any = columns.get(sort.removeprefix("-"), Placement.started_on)
    descending = sort.startswith("-") or not sort
    # What is not known comes last on both databases.
    return [column.is_(None), column.desc() if descending else column, Placement.id.desc()]


def _row(placement: Placement, person: seekers.MaskedPerson) -> PlacementRow:
    return PlacementRow(
        id=placement.id,
        seeker_id=placement.seeker_id,
        name=person.name,
        id_number=person.id_number,
        sex=person.sex,
        home_division=placement.home_division,
        employer_name=placement.employer_name,
        title=placement.title,
        workplace_division=placement.workplace_division,
        workplace_text=placement.workplace_text,
        destination=placement.destination,
        channel=placement.channel,
        household_category=placement.household_category,
        wage_fen=placement.wage_fen,
        started_on=placement.started_on,
        ended_on=placement.ended_on,
        source=placement.source,
    )
