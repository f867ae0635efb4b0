"""An employer's people on post, and which employers have some."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from jobfair.employers.models import Employer
from jobfair.follow_ups.models import FollowUp
from jobfair.follow_ups.rules.outcomes import Way
from jobfair.placements.models import Placement
from jobfair.seekers import queries as seekers


@dataclass(frozen=True, slots=True)
class EmployerRow:
    """An employer, how many of its people are on post, and when it last spoke of one."""

    id: int
    name: str
    on_post: int
    confirmed_on: date | None


@dataclass(frozen=True, slots=True)
class OnPostRow:
    """One of an employer's people on post, masked."""

    key: str
    name: str
    id_number: str
    title: str
    started_on: date


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose people a caller may confirm; None is no limit.

    Attributes:
        division: people whose home began with it.
        organisation_id: people of the employer of this organisation.
    """

    division: str | None = None
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A placement that a sheet names."""

    id: int
    employer_id: int
    title: str
    started_on: date | None


def list_employers(
    session: Session, reach: Reach, *, limit: int = 50, offset: int = 0
) -> list[EmployerRow]:
    """Return employers with people on post, the most first."""
    spoke = (
        select(func.max(FollowUp.happened_on))
        .join(Placement, Placement.id == FollowUp.placement_id)
        .where(Placement.employer_id == Employer.id, FollowUp.way == Way.EMPLOYER)
        .correlate(Employer)
        .scalar_subquery()
    )
    count = func.count()
    rows = session.execute(
        _on_post(select(Employer.id, Employer.name, count, spoke), reach)
        .group_by(Employer.id, Employer.name)
        .order_by(count.desc(), Employer.id)
        .limit(limit)
        .offset(offset)
    )
    return [EmployerRow(*row) for row in rows]


def count_employers(session: Session, reach: Reach) -> int:
    """Return how many employers have people on post."""
    return int(session.execute(_on_post(_count(Employer.id.distinct()), reach)).scalar_one())


def list_on_post(
    session: Session, employer_id: int, reach: Reach, *, limit: int
) -> list[OnPostRow]:
    """Return an employer's people on post, the longest there first."""
    found = session.execute(
        _on_post(
            select(Placement.key, Placement.seeker_id, Placement.title, Placement.started_on), reach
        )
        .where(Employer.id == employer_id)
        .order_by(Placement.started_on, Placement.id)
        .limit(limit)
    ).all()
    people = seekers.names_of(session, {row.seeker_id for row in found})
    return [
        OnPostRow(
            row.key,
            people[row.seeker_id].name,
            people[row.seeker_id].id_number,
            row.title,
            row.started_on,
        )
        for row in found
    ]


def find_named(session: Session, keys: Collection[str], reach: Reach) -> dict[str, Named]:
    """Return the placements in reach that a sheet names, by key, and lock them; ended ones too.

    Who sends the same sheet at this moment waits, and then finds it taken in.
    """
    rows = session.execute(
        select(
            Placement.key,
            Placement.id,
            Placement.employer_id,
            Placement.title,
            Placement.started_on,
        )
        .join(Employer, Employer.id == Placement.employer_id)
        .where(Placement.key.in_(keys), ~Placement.void, *_within(reach))
        .order_by(Placement.id)
        .with_for_update(of=Placement)
    )
    return {
        row.key: Named(row.id, row.employer_id, row.title, row.started_on)
        for row in rows
        if row.employer_id is not None
    }


def wages_at(session: Session, employer_ids: Collection[int]) -> dict[tuple[int, str], list[int]]:
    """Return what is earned at each post of some employers, fen a month, by employer and title."""
    found: dict[tuple[int, str], list[int]] = {}
    rows = session.execute(
        select(Placement.employer_id, Placement.title, Placement.wage_fen).where(
            Placement.employer_id.in_(employer_ids), Placement.wage_fen.is_not(None)
        )
    )
    for employer_id, title, wage in rows:
        if employer_id is not None and wage is not None:
            found.setdefault((employer_id, title), []).append(wage)
    return found


def _count(what: Any) -> Any:
    return select(func.count(what))


def _within(reach: Reach) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if reach.division:
        found.append(Placement.home_division.startswith(reach.division, autoescape=True))
    if reach.organisation_id is not None:
        found.append(Employer.organisation_id == reach.organisation_id)
    return found


def _on_post(statement: Any, reach: Reach) -> Any:
    return (
        statement.select_from(Placement)
        .join(Employer, Employer.id == Placement.employer_id)
        .where(
            Placement.main,
            ~Placement.void,
            Placement.started_on.is_not(None),
            Placement.ended_on.is_(None),
            *_within(reach),
        )
    )
