"""Reads of plans."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from jobfair.allocations.models import (
    Allocation,
    AllocationEdit,
    AllocationPosition,
    AllocationRival,
    AllocationSeat,
    FairInvitation,
)
from jobfair.allocations.rules import EditKind
from jobfair.employers.models import Employer, Position
from jobfair.matching.core.score import MILLION
from jobfair.seekers.models import Seeker

_LARGEST = 2**31 - 1  # what the column holds; an address may say more
COUNTY = 6  # signs of a county's code


@dataclass(frozen=True, slots=True)
class AllocationRow:
    """A plan as lists show it; ``total`` and ``bound`` are sums of scores."""

    id: int
    fair_id: int
    objective: str
    seed: int
    share: int
    group_rule: str
    profile: str
    planned_for: date
    made_at: datetime
    made_by: int | None
    posts: int
    filled: int
    total: float
    bound: float
    rivals: int
    groups_kept: int
    groups_apart: int
    groups_left: int
    digest: str

    @property
    def gap(self) -> float:
        """Return how far the total may be from the highest there is, as a share of it."""
        return (self.bound - self.total) / self.bound if self.bound else 0.0


@dataclass(frozen=True, slots=True)
class PositionLine:
    """A position in a plan."""

    position_id: int
    title: str
    employer: str
    headcount: int
    filled: int
    eligible: int
    lack: str | None


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A seat of a plan; the score from 0 to 1."""

    seeker_id: int
    position_id: int
    title: str
    employer: str
    score: float
    pinned: bool


@dataclass(frozen=True, slots=True)
class EditLine:
    """What was set by hand."""

    id: int
    fair_id: int
    seeker_id: int
    position_id: int
    title: str
    employer: str
    kind: str
    made_at: datetime
    made_by: int | None


def _row(stored: Allocation) -> AllocationRow:
    names = AllocationRow.__slots__
    values = {name: getattr(stored, name) for name in names}
    values |= {"total": stored.total / MILLION, "bound": stored.bound / MILLION}
    return AllocationRow(**values)


def list_allocations(session: Session, fair_id: int) -> list[AllocationRow]:
    """Return the plans of a fair, the newest first."""
    rows = session.execute(
        select(Allocation).where(Allocation.fair_id == fair_id).order_by(Allocation.id.desc())
    ).scalars()
    return [_row(one) for one in rows]


def find_allocation(session: Session, allocation_id: int) -> AllocationRow | None:
    """Return one plan."""
    stored = session.get(Allocation, allocation_id) if 0 < allocation_id <= _LARGEST else None
    return _row(stored) if stored else None


def list_positions(
    session: Session,
    allocation_id: int,
    *,
    lacking: bool = False,
    position_id: int | None = None,
) -> list[PositionLine]:
    """Return the positions of a plan by employer; only those with empty posts, or only one."""
    query = (
        select(
            AllocationPosition.position_id,
            Position.title,
            Employer.name,
            AllocationPosition.headcount,
            AllocationPosition.filled,
            AllocationPosition.eligible,
            AllocationPosition.lack,
        )
        .join(Position, Position.id == AllocationPosition.position_id)
        .join(Employer, Employer.id == Position.employer_id)
        .where(AllocationPosition.allocation_id == allocation_id)
        .order_by(Employer.name, Position.title, Position.id)
    )
    if lacking:
        query = query.where(AllocationPosition.filled < AllocationPosition.headcount)
    if position_id is not None:
        query = query.where(AllocationPosition.position_id == position_id)
    return [PositionLine(*row) for row in session.execute(query)]


def count_people(session: Session, allocation_id: int) -> dict[tuple[str, str | None], int]:
    """Return how many people have a post, by home county and household category."""
    county = func.substr(Seeker.home_division, 1, COUNTY)
    rows = session.execute(
        select(county, Seeker.household_category, func.count())
        .join(AllocationSeat, AllocationSeat.seeker_id == Seeker.id)
        .where(AllocationSeat.allocation_id == allocation_id)
        .group_by(county, Seeker.household_category)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def list_seats(
    session: Session, allocation_id: int, *, within: str, position_id: int | None = None
) -> list[SeatLine]:
    """Return seats of a plan by employer and position, the best first.

    Args:
        session: a reading session.
        allocation_id: the plan.
        within: a division code; only people whose home lies in it. Empty for everybody.
        position_id: only of this position.
    """
    query = (
        select(
            AllocationSeat.seeker_id,
            AllocationSeat.position_id,
            Position.title,
            Employer.name,
            AllocationSeat.points,
            AllocationSeat.pinned,
        )
        .join(Position, Position.id == AllocationSeat.position_id)
        .join(Employer, Employer.id == Position.employer_id)
        .where(AllocationSeat.allocation_id == allocation_id)
        .order_by(
            Employer.name,
            Position.id,
            AllocationSeat.pinned.desc(),
            AllocationSeat.points.desc(),
            AllocationSeat.seeker_id,
        )
    )
    if within:
        query = query.join(Seeker, Seeker.id == AllocationSeat.seeker_id).where(
            Seeker.home_division.startswith(within, autoescape=True)
        )
    if position_id is not None:
        query = query.where(AllocationSeat.position_id == position_id)
    return [
        SeatLine(seeker, position, title, employer, points / MILLION, pinned)
        for seeker, position, title, employer, points, pinned in session.execute(query)
    ]


def seats_by_seeker(session: Session, allocation_id: int) -> dict[int, int]:
    """Return the position of everybody a plan gives one."""
    rows = session.execute(
        select(AllocationSeat.seeker_id, AllocationSeat.position_id).where(
            AllocationSeat.allocation_id == allocation_id
        )
    )
    return {row.seeker_id: row.position_id for row in rows}


def list_rivals(session: Session, allocation_id: int, *, limit: int) -> list[tuple[int, int]]:
    """Return seeker id and position id of pairs who would both rather have each other."""
    rows = session.execute(
        select(AllocationRival.seeker_id, AllocationRival.position_id)
        .where(AllocationRival.allocation_id == allocation_id)
        .order_by(AllocationRival.position_id, AllocationRival.seeker_id)
        .limit(limit)
    )
    return [(row.seeker_id, row.position_id) for row in rows]


def _edits() -> Select[*tuple[Any, ...]]:
    return (
        select(
            AllocationEdit.id,
            AllocationEdit.fair_id,
            AllocationEdit.seeker_id,
            AllocationEdit.position_id,
            Position.title,
            Employer.name,
            AllocationEdit.kind,
            AllocationEdit.made_at,
            AllocationEdit.made_by,
        )
        .join(Position, Position.id == AllocationEdit.position_id)
        .join(Employer, Employer.id == Position.employer_id)
    )


def list_edits(session: Session, fair_id: int) -> list[EditLine]:
    """Return what was set by hand for a fair and stands, the newest first."""
    rows = session.execute(
        _edits()
        .where(AllocationEdit.fair_id == fair_id, AllocationEdit.withdrawn_at.is_(None))
        .order_by(AllocationEdit.id.desc())
    )
    return [EditLine(*row) for row in rows]


def find_edit(session: Session, edit_id: int) -> EditLine | None:
    """Return something set by hand, taken back or not."""
    if not 0 < edit_id <= _LARGEST:
        return None
    row = session.execute(_edits().where(AllocationEdit.id == edit_id)).one_or_none()
    return EditLine(*row) if row else None


def pins(edits: Iterable[EditLine]) -> dict[int, int]:
    """Return seeker id to position id of what is pinned."""
    return {one.seeker_id: one.position_id for one in edits if one.kind == EditKind.PINNED}


def bars(edits: Iterable[EditLine]) -> set[tuple[int, int]]:
    """Return the barred pairs."""
    return {(one.seeker_id, one.position_id) for one in edits if one.kind == EditKind.BARRED}


def count_invited(session: Session, fair_id: int) -> int:
    """Return how many people are invited to a fair."""
    return session.execute(
        select(func.count(func.distinct(FairInvitation.seeker_id))).where(
            FairInvitation.fair_id == fair_id
        )
    ).scalar_one()


def uninvited(session: Session, allocation_id: int) -> list[tuple[int, int]]:
    """Return seeker id and position id of those a plan has a post for and nobody invited for it."""
    rows = session.execute(
        select(AllocationSeat.seeker_id, AllocationSeat.position_id)
        .join(Allocation, Allocation.id == AllocationSeat.allocation_id)
        .outerjoin(
            FairInvitation,
            (FairInvitation.fair_id == Allocation.fair_id)
            & (FairInvitation.seeker_id == AllocationSeat.seeker_id)
            & (FairInvitation.position_id == AllocationSeat.position_id),
        )
        .where(AllocationSeat.allocation_id == allocation_id, FairInvitation.seeker_id.is_(None))
        .order_by(AllocationSeat.seeker_id)
    )
    return [(row.seeker_id, row.position_id) for row in rows]


def invited_pairs(session: Session, fair_id: int) -> set[tuple[int, int]]:
    """Return seeker id and position id of everybody invited to a fair."""
    rows = session.execute(
        select(FairInvitation.seeker_id, FairInvitation.position_id).where(
            FairInvitation.fair_id == fair_id
        )
    )
    return {(row.seeker_id, row.position_id) for row in rows}
