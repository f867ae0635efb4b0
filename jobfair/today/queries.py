"""What waits for somebody."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jobfair.employers.models import Employer, Position
from jobfair.kit import clock
from jobfair.seekers.models import Seeker
from jobfair.seekers.queries.duplicates import count_duplicates
from jobfair.seekers.queries.people import within

_SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of each kind of work waits."""

    unverified_employers: int
    draft_positions: int
    near_duplicates: int
    expiring: int


def count_work(session: Session, *, division: str | None, organisation_id: int | None) -> Counts:
    """Count what waits within somebody's reach.

    Args:
        session: a reading session.
        division: only people of this home.
        organisation_id: only this employer's positions.
    """
    drafts = select(func.count(Position.id)).where(Position.status == "draft")
    if organisation_id is not None:
        drafts = drafts.join(Employer, Employer.id == Position.employer_id).where(
            Employer.organisation_id == organisation_id
        )
    waiting = select(func.count(Employer.id)).where(Employer.status == "unverified")
    today = clock.today()
    expiring = select(func.count(Seeker.id)).where(
        Seeker.status == "active", Seeker.expires_on.between(today, today + _SOON)
    )
    if division:
        expiring = expiring.where(within(division))
    return Counts(
        unverified_employers=session.execute(waiting).scalar_one(),
        draft_positions=session.execute(drafts).scalar_one(),
        near_duplicates=count_duplicates(session, scope=division),
        expiring=session.execute(expiring).scalar_one(),
    )
