"""What came free and nobody was told of yet, and who was told."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from jobfair.employers.models import Employer, Position
from jobfair.offers.models import Hold
from jobfair.offers.queries import is_overdue
from jobfair.queues.models import FreedPost
from jobfair.seekers import queries as seekers

_UNTOLD = Hold.released_at.is_not(None) & ~(
    select(FreedPost.hold_id).where(FreedPost.hold_id == Hold.id).exists()
)
_OFFERED_SINCE = (
    select(Hold.id)
    .where(
        Hold.position_id == FreedPost.position_id,
        Hold.seeker_id == FreedPost.seeker_id,
        Hold.offered_at >= FreedPost.noticed_at,
    )
    .exists()
)


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody who was told that a post came free, and may still come for it.

    Attributes:
        name: masked; empty where names are not asked for.
        number: of the person in the queue; empty for who is in none.
    """

    employer_id: int
    employer: str
    position_id: int
    title: str
    seeker_id: int
    name: str
    number: str
    noticed_at: datetime
    until: datetime


def list_due(
    session: Session, fair_id: int, now: datetime, *, employer_id: int | None = None
) -> list[int]:
    """Return the positions of which a unit came free or is overdue and nobody was told; by id."""
    query = (
        select(Hold.position_id)
        .distinct()
        .where(Hold.fair_id == fair_id, _UNTOLD | is_overdue(now))
        .order_by(Hold.position_id)
    )
    if employer_id is not None:
        query = query.join(Position, Position.id == Hold.position_id)
        query = query.where(Position.employer_id == employer_id)
    return list(session.execute(query).scalars())


def untold(session: Session, fair_id: int, position_id: int) -> list[int]:
    """Return the holds of a position that came free and nobody was told of, the earliest first."""
    query = (
        select(Hold.id)
        .where(Hold.fair_id == fair_id, Hold.position_id == position_id, _UNTOLD)
        .order_by(Hold.released_at, Hold.id)
    )
    return list(session.execute(query).scalars())


def list_turns(
    session: Session,
    fair_id: int,
    now: datetime,
    *,
    employer_id: int | None = None,
    seeker_id: int | None = None,
) -> list[Turn]:
    """Return who was told of a post and may still come for it, the latest told first; no names.

    Args:
        session: a reading session.
        fair_id: the fair.
        now: whose time is over then is left out.
        employer_id: only at this booth.
        seeker_id: only this person.
    """
    query = (
        select(FreedPost, Employer.id, Employer.name, Position.title)
        .join(Position, Position.id == FreedPost.position_id)
        .join(Employer, Employer.id == Position.employer_id)
        .where(FreedPost.fair_id == fair_id, FreedPost.until > now, ~_OFFERED_SINCE)
        .order_by(FreedPost.noticed_at.desc(), FreedPost.hold_id.desc())
    )
    if employer_id is not None:
        query = query.where(Employer.id == employer_id)
    if seeker_id is not None:
        query = query.where(FreedPost.seeker_id == seeker_id)
    return [
        Turn(
            employer,
            name,
            freed.position_id,
            title,
            freed.seeker_id,
            "",
            freed.number,
            freed.noticed_at,
            freed.until,
        )
        for freed, employer, name, title in session.execute(query)
        if freed.seeker_id is not None and freed.until is not None
    ]


def with_names(session: Session, turns: Iterable[Turn]) -> list[Turn]:
    """Return turns with the people's masked names."""
    found = list(turns)
    names = seekers.names_of(session, {one.seeker_id for one in found})
    return [replace(one, name=names[one.seeker_id].name) for one in found]
