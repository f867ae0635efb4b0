"""The review list of records that may be one person, and what was merged."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from jobfair.seekers.models import NearDuplicate, Seeker, SeekerMerge
from jobfair.seekers.queries.people import MaskedPerson, names_of
from jobfair.seekers.rules.drafts import SeekerStatus

_A = aliased(Seeker)
_B = aliased(Seeker)


@dataclass(frozen=True, slots=True)
class DuplicateRow:
    """Two records side by side, masked."""

    id: int
    score: int
    state: str
    a: MaskedPerson
    b: MaskedPerson


@dataclass(frozen=True, slots=True)
class MergeRow:
    """A merge that can be undone."""

    id: int
    at: datetime
    undone_at: datetime | None
    kept: MaskedPerson
    merged: MaskedPerson


def _inside(column: ColumnElement[str], scope: str) -> ColumnElement[bool]:
    following = str(int(scope) + 1).zfill(len(scope))
    return (column >= scope) & (column < following)


def _open_pairs(scope: str | None) -> list[ColumnElement[bool]]:
    """Both records must be in reach: a pair across two counties is for the office above them."""
    found = [
        NearDuplicate.state == "open",
        _A.status == SeekerStatus.ACTIVE,
        _B.status == SeekerStatus.ACTIVE,
    ]
    if scope:
        found += [
            _inside(_A.home_division.expression, scope),
            _inside(_B.home_division.expression, scope),
        ]
    return found


def list_duplicates(
    session: Session, *, scope: str | None, limit: int = 50, offset: int = 0
) -> list[DuplicateRow]:
    """Return the open pairs in reach, likeliest first."""
    pairs = (
        session.execute(
            select(NearDuplicate)
            .join(_A, _A.id == NearDuplicate.a_id)
            .join(_B, _B.id == NearDuplicate.b_id)
            .where(*_open_pairs(scope))
            .order_by(NearDuplicate.score.desc(), NearDuplicate.id)
            .limit(limit)
            .offset(offset)
        )
        .scalars()
        .all()
    )
    people = names_of(session, [i for pair in pairs for i in (pair.a_id, pair.b_id)])
    return [DuplicateRow(p.id, p.score, p.state, people[p.a_id], people[p.b_id]) for p in pairs]


def count_duplicates(session: Session, *, scope: str | None) -> int:
    """Return how many open pairs are in reach."""
    query = (
        select(func.count(NearDuplicate.id))
        .join(_A, _A.id == NearDuplicate.a_id)
        .join(_B, _B.id == NearDuplicate.b_id)
        .where(*_open_pairs(scope))
    )
    return session.execute(query).scalar_one()


def find_duplicate(session: Session, duplicate_id: int) -> DuplicateRow | None:
    """Return one pair in any state; None when there is none."""
    pair = session.get(NearDuplicate, duplicate_id)
    if pair is None:
        return None
    people = names_of(session, (pair.a_id, pair.b_id))
    return DuplicateRow(pair.id, pair.score, pair.state, people[pair.a_id], people[pair.b_id])


def list_merges(
    session: Session,
    *,
    scope: str | None = None,
    seeker_id: int | None = None,
    merge_id: int | None = None,
    limit: int = 50,
) -> list[MergeRow]:
    """Return merges, newest first: those in reach, of one record, or one by its id."""
    query = select(SeekerMerge).join(Seeker, Seeker.id == SeekerMerge.kept_id)
    if scope:
        query = query.where(_inside(Seeker.home_division.expression, scope))
    if seeker_id is not None:
        query = query.where(
            (SeekerMerge.kept_id == seeker_id) | (SeekerMerge.merged_id == seeker_id)
        )
    if merge_id is not None:
        query = query.where(SeekerMerge.id == merge_id)
    rows = session.execute(query.order_by(SeekerMerge.id.desc()).limit(limit)).scalars().all()
    people = names_of(session, [i for row in rows for i in (row.kept_id, row.merged_id)])
    return [MergeRow(r.id, r.at, r.undone_at, people[r.kept_id], people[r.merged_id]) for r in rows]
