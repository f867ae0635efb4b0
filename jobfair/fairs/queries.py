"""Reads of fairs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, not_, or_, select
from sqlalchemy.orm import Session

from jobfair.employers.models import Employer, Position
from jobfair.employers.rules.drafts import EmployerStatus, PositionStatus
from jobfair.fairs.models import Fair, FairPosition, FairRanking, FairRankingPosition
from jobfair.fairs.rules import FairState, hindrances, state_on

# Major and middle group of an occupation's code: 6-25 of 6-25-04-08.
GROUP = 4


@dataclass(frozen=True, slots=True)
class FairRow:
    """A fair as lists and pages show it; counts are sums over what takes part.

    Attributes:
        run_by: the other server that runs the fair's day; None for this one.
    """

    id: int
    code: str
    name: str
    name_en: str
    starts_on: date
    ends_on: date
    venue: str
    division_code: str
    synthetic: bool
    gates: list[str]
    published_at: datetime | None
    run_by: str | None
    employers: int
    positions: int
    posts: int

    def title(self, language: str) -> str:
        """Return the name in a language."""
        return self.name_en if language == "en" and self.name_en else self.name

    def state(self, day: date) -> FairState:
        """Return where the fair stands on a day."""
        return state_on(self.starts_on, self.ends_on, day)


@dataclass(frozen=True, slots=True)
class FairPositionRow:
    """A position of a fair; ``eligible`` as the newest ranking counted it, None before one."""

    position_id: int
    title: str
    employer_id: int
    employer: str
    employer_status: str
    industry_code: str | None
    occupation_code: str | None
    headcount: int
    wage_low: int | None
    wage_high: int | None
    workplace_division: str | None
    workplace_text: str
    status: str
    missing: list[str]
    confirmed_at: datetime | None
    confirmed_by: int | None
    eligible: int | None

    @property
    def hindrances(self) -> tuple[str, ...]:
        """Why it could not be booked today; empty when it could."""
        return hindrances(self.status, self.employer_status, self.missing)


@dataclass(frozen=True, slots=True)
class FairEmployerRow:
    """An employer at a fair; ``confirmed`` counts those of its positions that it has confirmed."""

    employer_id: int
    name: str
    status: str
    industry_code: str | None
    positions: int
    posts: int
    confirmed: int


@dataclass(frozen=True, slots=True)
class RankingRow:
    """One ranking of a whole fair."""

    id: int
    profile: str
    ranked_on: date
    ranked_at: datetime
    seekers: int
    pairs: int
    eligible: int
    digest: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What the positions of a fair can be filtered by: industries and groups of occupations."""

    industries: tuple[str, ...]
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a fair still needs.

    Attributes:
        unranked: positions the newest ranking did not count; all of them before the first.
        hindered: positions that could not be booked today.
    """

    unranked: int
    hindered: int


@dataclass(frozen=True, slots=True)
class FairFilter:
    """What the positions of a fair are narrowed to; empty does not narrow.

    Attributes:
        text: part of the title or of the employer's name.
        group: first four signs of the occupation's code.
        standing: ``ready`` or ``hindered``: whether it could be booked today.
        organisation_id: only this employer's.
    """

    text: str = ""
    employer_id: int | None = None
    industry: str = ""
    group: str = ""
    standing: str = ""
    organisation_id: int | None = None

    def clauses(self) -> list[ColumnElement[bool]]:
        """Return the conditions."""
        found: list[ColumnElement[bool]] = []
        if self.text:
            columns = (Position.title, Employer.name)
            found.append(or_(*(c.icontains(self.text, autoescape=True) for c in columns)))
        if self.employer_id is not None:
            found.append(Position.employer_id == self.employer_id)
        if self.industry:
            found.append(Employer.industry_code == self.industry)
        if self.group:
            found.append(Position.occupation_code.startswith(self.group, autoescape=True))
        if self.standing in _STANDINGS:
            found.append(_STANDINGS[self.standing])
        if self.organisation_id is not None:
            found.append(Employer.organisation_id == self.organisation_id)
        return found


_READY = (Position.status == PositionStatus.OPEN) & (Employer.status == EmployerStatus.VERIFIED)
_STANDINGS: dict[str, ColumnElement[bool]] = {"ready": _READY, "hindered": not_(_READY)}
_ELIGIBLE = FairRankingPosition.eligible
SORTS: dict[str, tuple[ColumnElement[Any], ...]] = {
    "employer": (Employer.name.expression, Position.title.expression),
    "title": (Position.title.expression, Employer.name.expression),
    "headcount": (FairPosition.headcount.expression,),
    "wage": (func.coalesce(Position.wage_high, 0),),
    "eligible": (func.coalesce(_ELIGIBLE, -1),),
}


def list_fairs(session: Session) -> list[FairRow]:
    """Return all fairs, the newest first."""
    return _fairs(session)


def find_fair(session: Session, code: str) -> FairRow | None:
    """Return a fair by its code or, written as digits, its id."""
    found = [f for f in _fairs(session) if f.code == code or str(f.id) == code]
    return found[0] if found else None


def list_published_with(session: Session, position_id: int) -> list[tuple[FairRow, int]]:
    """Return the published fairs a position takes part in, with its headcount, the newest first."""
    taking_part = select(FairPosition.fair_id, FairPosition.headcount)
    rows = session.execute(taking_part.where(FairPosition.position_id == position_id)).all()
    headcounts = {row.fair_id: row.headcount for row in rows}
    if not headcounts:
        return []
    return [
        (fair, headcounts[fair.id])
        for fair in _fairs(session)
        if fair.published_at is not None and fair.id in headcounts
    ]


def next_fair(session: Session, day: date) -> FairRow | None:
    """Return the fair that runs on a day or comes first after it."""
    ahead = [f for f in _fairs(session) if f.ends_on >= day]
    return min(ahead, key=lambda f: (f.starts_on, f.id), default=None)


def _fairs(session: Session) -> list[FairRow]:
    rows = session.execute(
        select(
            Fair,
            func.count(func.distinct(Position.employer_id)),
            func.count(FairPosition.position_id),
            func.coalesce(func.sum(FairPosition.headcount), 0),
        )
        .outerjoin(FairPosition, FairPosition.fair_id == Fair.id)
        .outerjoin(Position, Position.id == FairPosition.position_id)
        .group_by(Fair.id)
        .order_by(Fair.starts_on.desc(), Fair.id.desc())
    )
    return [
        FairRow(
            f.id,
            f.code,
            f.name,
            f.name_en,
            f.starts_on,
            f.ends_on,
            f.venue,
            f.division_code,
            f.synthetic,
            f.gates,
            f.published_at,
            f.run_by,
            employers,
            positions,
            int(posts),
        )
        for f, employers, positions, posts in rows
    ]


def newest_ranking(session: Session, fair_id: int) -> RankingRow | None:
    """Return the newest ranking of a fair."""
    found = session.execute(
        select(FairRanking)
        .where(FairRanking.fair_id == fair_id)
        .order_by(FairRanking.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if found is None:
        return None
    return RankingRow(
        found.id,
        found.profile,
        found.ranked_on,
        found.ranked_at,
        found.seekers,
        found.pairs,
        found.eligible,
        found.digest,
    )


def _joined(
    query: Select[*tuple[Any, ...]], session: Session, fair_id: int
) -> Select[*tuple[Any, ...]]:
    """Return a query over a fair's positions with their employers and newest counts."""
    ranking = newest_ranking(session, fair_id)
    return (
        query.select_from(FairPosition)
        .join(Position, Position.id == FairPosition.position_id)
        .join(Employer, Employer.id == Position.employer_id)
        .outerjoin(
            FairRankingPosition,
            (FairRankingPosition.position_id == Position.id)
            & (FairRankingPosition.ranking_id == (ranking.id if ranking else 0)),
        )
        .where(FairPosition.fair_id == fair_id)
    )


def list_fair_positions(
    session: Session,
    fair_id: int,
    narrowed: FairFilter | None = None,
    *,
    sort: str = "employer",
    limit: int | None = None,
    offset: int = 0,
) -> list[FairPositionRow]:
    """Return a fair's positions.

    Args:
        session: a reading session.
        fair_id: the fair.
        narrowed: which of them; None for all.
        sort: one of ``SORTS``, with a leading minus for the other way round.
        limit: how many at most.
        offset: how many to leave out at the start.
    """
    query = select(
        Position.id,
        Position.title,
        Employer.id,
        Employer.name,
        Employer.status,
        Employer.industry_code,
        Position.occupation_code,
        FairPosition.headcount,
        Position.wage_low,
        Position.wage_high,
        Position.workplace_division,
        Position.workplace_text,
        Position.status,
        Position.missing,
        FairPosition.confirmed_at,
        FairPosition.confirmed_by,
        FairRankingPosition.eligible,
    )
    columns = SORTS.get(sort.lstrip("-"), SORTS["employer"])
    order = [c.desc() for c in columns] if sort.startswith("-") else list(columns)
    found = session.execute(
        _joined(query, session, fair_id)
        .where(*(narrowed.clauses() if narrowed else ()))
        .order_by(*order, Position.id)
        .limit(limit)
        .offset(offset)
    )
    return [FairPositionRow(*row) for row in found]


def count_fair_positions(session: Session, fair_id: int, narrowed: FairFilter) -> tuple[int, int]:
    """Return how many positions of a fair a filter finds, and their posts."""
    query = select(func.count(), func.coalesce(func.sum(FairPosition.headcount), 0))
    found = session.execute(_joined(query, session, fair_id).where(*narrowed.clauses())).one()
    return found[0], int(found[1])


def list_fair_employers(
    session: Session, fair_id: int, *, text: str = "", employer_id: int | None = None
) -> list[FairEmployerRow]:
    """Return the employers at a fair by name, with what they bring; or one of them."""
    query = (
        select(
            Employer.id,
            Employer.name,
            Employer.status,
            Employer.industry_code,
            func.count(FairPosition.position_id),
            func.sum(FairPosition.headcount),
            func.count(FairPosition.confirmed_at),
        )
        .join(Position, Position.employer_id == Employer.id)
        .join(FairPosition, FairPosition.position_id == Position.id)
        .where(FairPosition.fair_id == fair_id, Employer.name.icontains(text, autoescape=True))
        .group_by(Employer.id, Employer.name, Employer.status, Employer.industry_code)
        .order_by(Employer.name, Employer.id)
    )
    if employer_id is not None:
        query = query.where(Employer.id == employer_id)
    rows = session.execute(query)
    return [FairEmployerRow(*row[:5], int(row[5]), row[6]) for row in rows]


def fairs_of_employer(session: Session, employer_id: int) -> list[tuple[FairRow, FairEmployerRow]]:
    """Return the fairs an employer takes part in, with what it brings, the newest first."""
    return [
        (fair, row)
        for fair in _fairs(session)
        for row in list_fair_employers(session, fair.id, employer_id=employer_id)
    ]


def choices_of(session: Session, fair_id: int) -> Choices:
    """Return the industries and groups of occupations among a fair's positions."""
    columns = (Employer.industry_code, func.substr(Position.occupation_code, 1, GROUP))
    rows = session.execute(
        select(*columns)
        .join(Position, Position.employer_id == Employer.id)
        .join(FairPosition, FairPosition.position_id == Position.id)
        .where(FairPosition.fair_id == fair_id)
        .distinct()
    ).all()
    return Choices(
        tuple(sorted({row[0] for row in rows if row[0]})),
        tuple(sorted({row[1] for row in rows if row[1]})),
    )


def readiness(session: Session, fair_id: int) -> Readiness:
    """Return what a fair still needs."""
    query = select(
        func.count().filter(_ELIGIBLE.is_(None)),
        func.count().filter(not_(_READY)),
    )
    return Readiness(*session.execute(_joined(query, session, fair_id)).one())


def position_ids(session: Session, fair_id: int) -> list[int]:
    """Return the ids of a fair's positions in order."""
    found = select(FairPosition.position_id).where(FairPosition.fair_id == fair_id)
    return list(session.execute(found.order_by(FairPosition.position_id)).scalars())


def headcounts_of(session: Session, fair_id: int) -> dict[int, int]:
    """Return how many people each position of a fair takes, by its id, in order."""
    found = session.execute(
        select(FairPosition.position_id, FairPosition.headcount)
        .where(FairPosition.fair_id == fair_id)
        .order_by(FairPosition.position_id)
    )
    return {row.position_id: row.headcount for row in found}


def present(session: Session, fair_id: int, ids: Sequence[int]) -> set[int]:
    """Return which of some positions take part in a fair."""
    found = select(FairPosition.position_id).where(
        FairPosition.fair_id == fair_id, FairPosition.position_id.in_(ids)
    )
    return set(session.execute(found).scalars())
