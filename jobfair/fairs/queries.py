"""Reads of fairs."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobfair.employers.models import Employer, Position
from jobfair.fairs.models import Fair, FairPosition, FairRanking, FairRankingPosition


@dataclass(frozen=True, slots=True)
class FairRow:
    """A fair as lists and pages show it; counts are sums over what takes part."""

    id: int
    code: str
    name: str
    name_en: str
    starts_on: date
    ends_on: date
    venue: str
    division_code: str
    synthetic: bool
    employers: int
    positions: int
    posts: int


@dataclass(frozen=True, slots=True)
class FairPositionRow:
    """A position of a fair; ``eligible`` as the newest ranking counted it, None before one."""

    position_id: int
    title: str
    employer_id: int
    employer: str
    headcount: int
    wage_low: int | None
    wage_high: int | None
    workplace_division: str | None
    eligible: int | None


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


def list_fairs(session: Session) -> list[FairRow]:
    """Return all fairs, the newest first."""
    return _fairs(session)


def find_fair(session: Session, code: str) -> FairRow | None:
    """Return a fair by its code or, written as digits, its id."""
    found = [f for f in _fairs(session) if f.code == code or str(f.id) == code]
    return found[0] if found else None


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


def list_fair_positions(
    session: Session, fair_id: int, *, organisation_id: int | None = None
) -> list[FairPositionRow]:
    """Return a fair's positions by employer and title; one employer's when asked."""
    ranking = newest_ranking(session, fair_id)
    query = (
        select(
            Position.id,
            Position.title,
            Employer.id,
            Employer.name,
            FairPosition.headcount,
            Position.wage_low,
            Position.wage_high,
            Position.workplace_division,
            FairRankingPosition.eligible,
        )
        .join(Position, Position.id == FairPosition.position_id)
        .join(Employer, Employer.id == Position.employer_id)
        .outerjoin(
            FairRankingPosition,
            (FairRankingPosition.position_id == Position.id)
            & (FairRankingPosition.ranking_id == (ranking.id if ranking else 0)),
        )
        .where(FairPosition.fair_id == fair_id)
        .order_by(Employer.name, Position.title, Position.id)
    )
    if organisation_id is not None:
        query = query.where(Employer.organisation_id == organisation_id)
    return [FairPositionRow(*row) for row in session.execute(query)]


def position_ids(session: Session, fair_id: int) -> list[int]:
    """Return the ids of a fair's positions in order."""
    found = select(FairPosition.position_id).where(FairPosition.fair_id == fair_id)
    return list(session.execute(found.order_by(FairPosition.position_id)).scalars())
